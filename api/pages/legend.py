"""What stands in the legend of a map: each kind of land with the pattern that it has there?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import quote

from gis.cartography import LAND_USE_STYLES, pattern_id, pattern_tiles
from gis.cartography.style import PIXELS_A_MM

if TYPE_CHECKING:
    from gis.cartography import LandUseStyle


@dataclass(frozen=True, slots=True)
class Swatch:
    """One kind of land: its pattern as a picture, repeated every `side` pixels."""

    use: str
    style: LandUseStyle
    tile: str
    side: int


@cache
def legend() -> tuple[Swatch, ...]:
    """Every kind of land, in the order of the styles."""
    tiles = {use: f"data:image/svg+xml,{quote(pattern_tiles()[pattern_id(use)])}" for use in LAND_USE_STYLES}
    return tuple(
        Swatch(use, style, tiles[use], round(style.hatch.tile_mm * PIXELS_A_MM)) for use, style in LAND_USE_STYLES.items()
    )
