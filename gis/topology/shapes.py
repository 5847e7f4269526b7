"""Which parcels are no proper shapes, and which leave their village?

Everything is reported and nothing repaired. Coordinates are projected metres; a `place` or `point` is
(easting, northing), so that a surveyor can go there. A row counts from 0 in the array given.

The XY tolerance of the 2016 quality rules (成果质检规则 20160913) is 0.001 m: points nearer than that are one
point, and neighbours whose common boundary differs by less do not overlap. Source: domain/standards.md
section 5.3.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

XY_TOLERANCE_M = 0.001
AREA_STEP_M2 = 0.01
"""The last digit of a recorded area, Float(15,2): an overlap below it changes no record."""

_POLYGONAL = (int(shapely.GeometryType.POLYGON), int(shapely.GeometryType.MULTIPOLYGON))
_REASON = re.compile(r"^(?P<what>[^\[]+)(?:\[(?P<x>\S+) (?P<y>[^\]\s]+)[^\]]*\])?$")
_REASONS_ZH = {
    "Self-intersection": "边界自相交",
    "Ring Self-intersection": "同一环自相接",
    "Hole lies outside shell": "内环在外环之外",
    "Holes are nested": "内环嵌套",
    "Interior is disconnected": "内部不连通",
    "Nested shells": "外环嵌套",
    "Duplicate Rings": "环重复",
    "Too few points in geometry component": "环的点数不足",
    "Ring is not closed": "环未闭合",
}


class GeometryFault(NamedTuple):
    """A shape that is none.

    `code`: `null`, `empty`, `not_polygon`, `not_finite`, `invalid` (self-intersection, hole outside, …),
    `zero_area` or `duplicate_vertex`. `place` is None where there is none. `zh` and `en` are whole sentences
    without the row.
    """

    row: int
    code: str
    place: tuple[float, float] | None
    zh: str
    en: str


class Outside(NamedTuple):
    """A parcel of which `area_m2` lies outside its village around `point`."""

    row: int
    area_m2: float
    point: tuple[float, float]


def geometry_faults(geoms: NDArray[Any]) -> list[GeometryFault]:
    """List what is wrong with each geometry on its own, ordered by row; a row may have several faults.

    `geoms`: array of shapely geometries. A geometry with coordinates that are not finite is not looked at
    further. A ring that is not closed cannot reach this place: shapely builds none.
    """
    geoms = np.asarray(geoms, dtype=object)
    kinds = shapely.get_type_id(geoms)
    empty = shapely.is_empty(geoms)
    coordinates, owner = shapely.get_coordinates(geoms, return_index=True)
    not_finite = np.zeros(len(geoms), dtype=np.bool_)
    not_finite[owner[~np.isfinite(coordinates).all(axis=1)]] = True
    sound = np.isin(kinds, _POLYGONAL) & ~empty & ~not_finite
    faults = [
        *_named(kinds == -1, "null", "没有几何；请补绘", "there is no geometry: draw it"),
        *_named(empty, "empty", "几何为空；请补绘", "the geometry is empty: draw it"),
        *_named(
            ~np.isin(kinds, (-1, *_POLYGONAL)) & ~empty,
            "not_polygon",
            "几何不是面；请改绘为面",
            "the geometry is no polygon: draw it as one",
        ),
        *_named(
            not_finite,
            "not_finite",
            "坐标不是有限数 (NaN 或无穷)；请更正",
            "a coordinate is NaN or infinite: correct it",
        ),
        *_invalid(geoms, sound),
        *_duplicate_vertices(geoms, sound),
    ]
    return sorted(faults, key=lambda fault: fault.row)


def outside(geoms: NDArray[Any], village_polygon: BaseGeometry, tolerance_m: float = XY_TOLERANCE_M) -> list[Outside]:
    """List the parcels that leave the village by more than `tolerance_m` beyond its boundary.

    Null, empty and invalid geometries are left out. Several villages: call once for each.
    """
    geoms = np.asarray(geoms, dtype=object)
    rows = usable(geoms)
    reach = shapely.buffer(village_polygon, tolerance_m, join_style="mitre")
    shapely.prepare(reach)
    leaving = rows[~shapely.covers(reach, geoms[rows])]
    beyond = shapely.difference(geoms[leaving], village_polygon)
    points = shapely.get_coordinates(shapely.point_on_surface(beyond))
    found = zip(leaving.tolist(), shapely.area(beyond).tolist(), points.tolist(), strict=True)
    return [Outside(index, area_m2, (x, y)) for index, area_m2, (x, y) in found]


def _named(wrong: NDArray[np.bool_], code: str, zh: str, en: str) -> list[GeometryFault]:
    return [GeometryFault(index, code, None, zh, en) for index in np.flatnonzero(wrong).tolist()]


def usable(geoms: NDArray[Any]) -> NDArray[np.int64]:
    """The rows of valid polygons and multipolygons; GEOS calls what is not finite invalid."""
    polygonal = np.flatnonzero(np.isin(shapely.get_type_id(geoms), _POLYGONAL) & ~shapely.is_empty(geoms))
    return polygonal[_valid(geoms[polygonal])]


def _valid(geoms: NDArray[Any]) -> NDArray[np.bool_]:
    return np.asarray(shapely.is_valid(geoms), dtype=np.bool_)


def _invalid(geoms: NDArray[Any], sound: NDArray[np.bool_]) -> list[GeometryFault]:
    """Zero area comes first: such a ring is also invalid, but for a reason that tells a surveyor less."""
    flat = sound & (shapely.area(geoms) == 0)
    flat[flat] = shapely.area(shapely.convex_hull(geoms[flat])) == 0  # the halves of a bow-tie cancel out
    faults = []
    for index in np.flatnonzero(flat).tolist():
        x, y = shapely.get_coordinates(geoms[index])[0].tolist()
        faults.append(GeometryFault(index, "zero_area", (x, y), "面积为零；请重绘", "its area is zero: draw it again"))
    wrong = np.flatnonzero(sound & ~flat & ~_valid(geoms))
    for index, reason in zip(
        wrong.tolist(), np.atleast_1d(shapely.is_valid_reason(geoms[wrong])).tolist(), strict=True
    ):
        match = _REASON.match(reason)
        what = match["what"].strip() if match else reason
        place = (float(match["x"]), float(match["y"])) if match and match["x"] else None
        near_zh = f"，位于 ({place[0]:.3f}, {place[1]:.3f})" if place else ""
        near_en = f" at ({place[0]:.3f}, {place[1]:.3f})" if place else ""
        faults.append(
            GeometryFault(
                index,
                "invalid",
                place,
                f"{_REASONS_ZH.get(what, what)}{near_zh}；请改正边界",
                f"{what[0].lower()}{what[1:]}{near_en}: correct the boundary",
            ),
        )
    return faults


def _duplicate_vertices(geoms: NDArray[Any], sound: NDArray[np.bool_]) -> list[GeometryFault]:
    """Name the first vertex of each geometry that lies within the XY tolerance of the vertex before it."""
    rows = np.flatnonzero(sound)
    if len(rows) == 0:
        return []
    _, coordinates, offsets = shapely.to_ragged_array(geoms[rows])
    coordinates = coordinates[:, :2]
    step = np.diff(coordinates, axis=0)
    near = np.hypot(step[:, 0], step[:, 1]) < XY_TOLERANCE_M
    near[offsets[0][1:-1] - 1] = False  # from the end of one ring to the beginning of the next
    at = owner = np.flatnonzero(near)
    for ends in offsets:  # rings, polygons, and multipolygons where there are any
        owner = np.searchsorted(ends, owner, side="right") - 1
    owner = rows[owner]
    owner, first = np.unique(owner, return_index=True)
    return [
        GeometryFault(
            index,
            "duplicate_vertex",
            (x, y),
            f"相邻界址点重复，位于 ({x:.3f}, {y:.3f})；请删去一个",
            f"two vertices in a row are one point at ({x:.3f}, {y:.3f}): delete one",
        )
        for index, (x, y) in zip(owner.tolist(), coordinates[at[first] + 1].tolist(), strict=True)
    ]
