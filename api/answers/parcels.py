"""Which parcels are there, in which shape, and what happened to one: each stretch of time with its act?

Shapes leave in longitude and latitude (EPSG:4490, GeoJSON), derived for display to 8 decimals, about a millimetre; what
is stored is the surveyed shape. Local names, neighbours and 四至 can name people and are answered masked, where asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
import shapely

from gis.crs import lonlat
from gis.topology import TOLERANCE_M2, XY_TOLERANCE_M, coverage_faults
from registry import masks
from registry.errors import SanquanError
from registry.law import causes
from registry.ledger.chain import read_chains, timeline
from registry.ledger.evidence import instants
from registry.neighbours import four_sides
from registry.parcels import read
from registry.parcels.coverage import whole_coverage
from registry.parcels.model import PARCEL
from registry.parcels.read import ParcelState
from registry.rights import read as rights
from registry.store.settings import REGISTER_CRS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from sqlalchemy.engine import Connection

    from api.asked import Moment
    from registry.ledger.chain import Stretch
    from registry.parcels.box import Box
    from registry.parcels.coverage import Empty, Search, Shared
    from registry.store.engines import Store

Answer = dict[str, Any]
_DECIMALS = 8
_PARCEL_DIGITS, _VILLAGE_DIGITS = 19, 12
# What is told of a parcel beside its village: all of a state but its ids and its shape.
_SHOWN = ParcelState._fields[3:-1]
_TOLD = (*_SHOWN, "village")
_FACTS = _SHOWN[:-2]


class ParcelNotFoundError(SanquanError):
    """Raised when no parcel of this id is registered, or none yet as known then."""

    def __init__(self) -> None:
        """Say where an id comes from."""
        super().__init__(
            "登记库里没有这块地(或那时还没有登记): 用 /v1/parcels?code= 按编码查",
            "no such parcel in the register (or not yet known then): find it by its code, /v1/parcels?code=",
        )


def parcels(
    connection: Connection,
    at: Moment,
    *,
    code: str | None = None,
    village: str | None = None,
    box: Box | None = None,
    after: str | None = None,
    limit: int = 100,
) -> Answer:
    """A page of parcels as a GeoJSON FeatureCollection. By `code` ended parcels too; lists leave them out."""
    if code is not None:
        states = read.by_code(connection, code, valid_at=at.valid_at, known_at=at.known_at)
        more = False
    else:
        states = read.page(
            connection,
            valid_at=at.valid_at,
            known_at=at.known_at,
            after=after or "",
            limit=limit + 1,
            village_ids=None if village is None else read.villages(connection, village),
            box=box,
        )
        more = len(states) > limit
        states = states[:limit]
    return {
        "type": "FeatureCollection",
        "as_of": at.facts(),
        "features": _features(states),
        "next": states[-1].parcel_id if more else None,
    }


def parcel(connection: Connection, parcel_id: str, at: Moment) -> Answer:
    """One parcel with its history, as known then, and the rights that lie on it. ParcelNotFoundError.

    Without a state on the day (it began later) geometry and properties are null; the history says so.
    """
    chain = read_chains(connection, PARCEL, [parcel_id]).get(parcel_id, [])
    known = [v for v in chain if v.cause_idx < at.known_at]
    if not known:
        raise ParcelNotFoundError
    states = read.by_id(connection, parcel_id, valid_at=at.valid_at, known_at=at.known_at)
    none = {"type": "Feature", "id": parcel_id, "geometry": None, "properties": None}
    feature = _features(states)[0] if states else none
    recorded = instants(connection, {v.cause_idx for v in known})
    return {
        **feature,
        "as_of": at.facts(),
        "rights": [
            {"id": right_id, "thing": thing, "status": status}
            for right_id, thing, status in rights.on_parcel(
                connection, parcel_id, valid_at=at.valid_at, known_at=at.known_at
            )
        ],
        "history": [_stretch(stretch, recorded) for stretch in timeline(known)],
    }


def village_of(code: str) -> str:
    """The village whose code leads a parcel's own (地块编码, 19 digits: NY/T 2537); "" of a plot, whose code is the cadastre's."""
    return code[:_VILLAGE_DIGITS] if len(code) == _PARCEL_DIGITS else ""


def neighbours(store: Store, connection: Connection, parcel_id: str, at: Moment) -> Answer:
    """The 四至 of a parcel, masked: as the survey wrote them, and by the shapes and holders of the day. ParcelNotFoundError."""
    found = four_sides(store, connection, parcel_id, valid_at=at.valid_at, known_at=at.known_at)
    if found is None:
        raise ParcelNotFoundError
    return {
        "id": parcel_id,
        "code": found.code,
        "as_of": at.facts(),
        "recorded": {side: masks.shown("neighbours", text) for side, text in found.recorded.items()},
        "derived": {
            side: [{"id": one.parcel_id, "code": one.code, "text": one.seen_by("desk")} for one in there]
            for side, there in found.derived.items()
        },
    }


def topology(connection: Connection, at: Moment, search: Search = coverage_faults) -> Answer:
    """Overlaps and gaps among all parcels of the day; areas in m² as text, places easting and northing to the millimetre."""
    found = whole_coverage(connection, valid_at=at.valid_at, known_at=at.known_at, search=search)
    count, area_m2 = found.below
    return {
        "as_of": at.facts(),
        "parcels": found.parcels,
        "overlaps": [_piece(one) for one in found.shared],
        "gaps": [_piece(one) for one in found.empty],
        "below": {"count": count, "area_m2": f"{area_m2:.4f}", "tolerance": f"{TOLERANCE_M2:.4f} m² / {XY_TOLERANCE_M:.3f} m"},
    }


def _piece(one: Shared | Empty) -> Answer:
    return {"parcels": list(one.codes), "area_m2": f"{one.area_m2:.4f}", "place": [f"{metres:.3f}" for metres in one.place]}


def _features(states: Sequence[ParcelState]) -> list[Answer]:
    if not states:
        return []
    return [
        {
            "type": "Feature",
            "id": state.parcel_id,
            "geometry": shape,
            "properties": dict(
                zip(_TOLD, (*state[3:-1], {"code": state.issuer_code, "name": state.issuer_name}), strict=True)
            ),
        }
        for state, shape in zip(states, geojson([state.shape for state in states]), strict=True)
    ]


def geojson(shapes: Sequence[shapely.Geometry]) -> list[Answer]:
    """Shapes of the register's CRS as GeoJSON geometries (RFC 7946: longitude, latitude; outer rings to the left)."""
    # The grid is nowhere mirrored: what turns to the left there turns to the left on the earth.
    turned = shapely.orient_polygons(np.asarray(shapes, dtype=object))
    coordinates = np.round(lonlat(shapely.get_coordinates(turned), REGISTER_CRS), _DECIMALS)
    plain = shapely.get_type_id(turned) == shapely.GeometryType.POLYGON
    if plain.all() and not shapely.get_num_interior_rings(turned).any():
        return _rings(coordinates, np.cumsum(shapely.get_num_coordinates(turned)).tolist())
    degrees = shapely.set_coordinates(turned, coordinates)
    return [orjson.loads(text) for text in shapely.to_geojson(degrees).tolist()]


def _rings(coordinates: NDArray[np.float64], ends: list[int]) -> list[Answer]:
    """Polygons without a hole, nearly all there are: the same numbers in a fraction of the time, as arrays (n, 2)."""
    return [
        {"type": "Polygon", "coordinates": [coordinates[start:end]]}
        for start, end in zip([0, *ends[:-1]], ends, strict=True)
    ]


def _stretch(stretch: Stretch, recorded: dict[int, str]) -> Answer:
    version = stretch.version
    kind = causes.kinds()[version.cause_kind]
    return {
        "from": stretch.start,
        "until": stretch.end,
        **{name: version.columns[name] for name in _FACTS},
        "status": version.status,
        "act": {
            "kind": version.cause_kind,
            "name": {"zh": kind.zh, "en": kind.en},
            "day": version.act_day,
            "entry": version.cause_idx,
            "recorded_at": recorded[version.cause_idx],
        },
    }
