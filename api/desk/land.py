"""What does the map beside a form begin with: which parcels, where they lie, what is drawn for the kind of case?

Nothing of it names anybody. Longitude and latitude (EPSG:4490) are for display; what is asked for stays in metres of EPSG:4545.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from api.pages.legend import legend
from gis.cartography import maplibre_layers, pattern_tiles
from gis.cartography.style import HIGHLIGHT
from gis.crs import to_lonlat
from registry.ledger.chain import read_chains
from registry.ledger.position import position
from registry.parcels import read
from registry.parcels.model import PARCEL
from registry.store.settings import REGISTER_CRS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.engine import Connection

    from api.pages.legend import Swatch
    from registry.cases import Choices
    from registry.parcels.read import ParcelState

DRAWN: Mapping[str, str] = {
    "parcel-split": "split", "parcel-merged": "join", "boundary-adjusted": "adjust", "survey-corrected": "correct",
}  # fmt: skip
"""What a kind of case asks the preview for."""
_MOST = 50
_PADDING = 0.35
_DECIMALS = 8


@dataclass(frozen=True, slots=True)
class Land:
    """The parcels that a form is about, and what the map's script is told. `first`: the day on which they began."""

    parcels: tuple[ParcelState, ...]
    legend: tuple[Swatch, ...]
    first: str
    today: str
    script: Mapping[str, Any]


def land_of(connection: Connection, found: Choices, kind: str, today: str, line: str = "") -> Land | None:
    """The land of a case's things; None where there is none. `line`: what is asked for already, a corner a line."""
    about = [each.id for each in found.subjects if each.word.word == "parcel"] or [each.parcel for each in found.lines]
    return of_parcels(connection, list(dict.fromkeys(about))[:_MOST], kind, today, line)


def of_parcels(connection: Connection, ids: Sequence[str], kind: str, today: str, line: str = "") -> Land | None:
    """The same for parcels by their ids, whether they still stand or not."""
    known = position(connection).size
    states = read.by_ids(connection, ids, valid_at=today, known_at=known)
    if not states:
        return None
    chains = read_chains(connection, PARCEL, ids)
    first = min(version.valid_from for chain in chains.values() for version in chain)
    script = {
        "bounds": _bounds(states),
        "layers": maplibre_layers(),
        "tiles": pattern_tiles(),
        "highlight": HIGHLIGHT,
        "mine": [state.parcel_id for state in states],
        "today": today,
        "first": first,
        "draw": DRAWN.get(kind, ""),
        "line": line,
    }
    return Land(tuple(states), legend(), first, today, script)


def _bounds(states: Sequence[ParcelState]) -> list[float]:
    shapes = to_lonlat(np.array([state.shape for state in states], dtype=object), REGISTER_CRS)
    west, south, east, north = shapely.total_bounds(shapes)
    across, up = (east - west) * _PADDING, (north - south) * _PADDING
    return [round(float(edge), _DECIMALS) for edge in (west - across, south - up, east + across, north + up)]
