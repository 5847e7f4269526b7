"""Where is a box on the register's projection, given there or in longitude and latitude?

A *box* is (east, north) to (east, north) in metres of the register's CRS. A box in degrees is bent when it is
projected: its envelope is taken, so that nothing inside is missed and a parcel just beside it may be answered.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

from pyproj import Transformer

from gis.crs import GEOGRAPHIC_EPSG
from registry.errors import SanquanError
from registry.store.settings import REGISTER_CRS

_NUMBER = re.compile(r"-?\d{1,9}(?:\.\d{1,12})?", re.ASCII)
_SIDES = 4
# Beyond some degrees from its central meridian (108° E) a Gauss-Krüger projection means nothing.
_WEST, _EAST = 98.0, 118.0


class BoxMalformedError(SanquanError):
    """Raised when a box is not four numbers in the order west, south, east, north, or lies off the projection."""

    def __init__(self, crs: int) -> None:
        """Show a valid one of the same reference system; what was given is not repeated."""
        example = "108.50,38.20,108.60,38.30" if crs == GEOGRAPHIC_EPSG else "574000,4263000,584000,4273000"
        super().__init__(
            f"方框要写成四个数: 西,南,东,北 (EPSG:{crs}), 例如 {example}",
            f"a box is four numbers: west,south,east,north (EPSG:{crs}), for example {example}",
        )


@dataclass(frozen=True, slots=True)
class Box:
    """West, south, east, north in metres of the register's CRS, edges included."""

    minx: float
    miny: float
    maxx: float
    maxy: float


def box(text: str, crs: int = GEOGRAPHIC_EPSG) -> Box:
    """Read "west,south,east,north" given in EPSG:4490 (longitude, latitude) or in the register's CRS.

    BoxMalformedError where it is no box of that system.
    """
    parts = text.split(",", _SIDES)
    if len(parts) != _SIDES or not all(_NUMBER.fullmatch(part) for part in parts):
        raise BoxMalformedError(crs)
    west, south, east, north = (float(part) for part in parts)
    if west > east or south > north:
        raise BoxMalformedError(crs)
    if crs == REGISTER_CRS:
        return Box(west, south, east, north)
    if not (west >= _WEST and east <= _EAST and south >= -90 and north <= 90):  # noqa: PLR2004  (degrees)
        raise BoxMalformedError(crs)
    sides = _to_register().transform_bounds(west, south, east, north, densify_pts=21)
    if not all(map(math.isfinite, sides)):
        raise BoxMalformedError(crs)
    return Box(*sides)


@lru_cache(maxsize=1)
def _to_register() -> Transformer:
    return Transformer.from_crs(GEOGRAPHIC_EPSG, REGISTER_CRS, always_xy=True)
