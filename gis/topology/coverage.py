"""Which parcels lie on each other, and which land between them lies in none?

Three steps. (1) Each village alone gives its *rim*: where neighbours share their vertices nearly all edges have a twin,
and the few loose ones are the rim. Where many edges are loose, each pair of meeting boxes is compared at once, and the
rim is the outline of all parcels together. The share of loose edges chooses; both ways give the same answer. (2) The rims
of all villages are noded into faces. (3) How many parcels lie on each face? One that several cover leads to the parcels
that share land, one that none covers is a gap. Two whole layers over each other are found so, too: each may be sound in
itself, but inside its rim two parcels lie everywhere. `overlaps` is nowhere used as a predicate: it does not see a parcel
that was delivered twice.

Land of no more than `tolerance_m2`, or nowhere wider than the XY tolerance, is listed apart: it changes no record, but
nobody can say that it was not seen.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

import numpy as np
import pandas as pd
import shapely

from gis.topology.edges import Edges, about_loose, chains, edges_of, joined, loose
from gis.topology.pairs import TOLERANCE_M2, Overlap, Small, box_pairs, interiors_meet, is_thin, measured
from gis.topology.shapes import XY_TOLERANCE_M, usable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

LOOSE_SHARE = 0.5
"""Above this share of loose edges pairs are compared.

Both ways take equal time at 0.77 on two processors (`./run bench topology`). Less is chosen because the loose edges of all
villages are noded in one place, on one processor, while pairs stay with their village.
"""

_SURE_M2 = 1e-6  # whether a point lies inside a face smaller than this, nobody can say in doubles
_TWICE = 2

Route = Literal["edges", "pairs"]


class Gap(NamedTuple):
    """Land of `area_m2` around `point` that parcels enclose and none covers; `beside`: the rows of the parcels around it."""

    area_m2: float
    point: tuple[float, float]
    outline: shapely.Polygon
    beside: tuple[int, ...]


class Faults(NamedTuple):
    """What is wrong between the parcels of a coverage.

    `overlaps` in order of (i, j), `gaps` from west to east; `below`: the pieces of shared or empty land under the tolerance,
    in no order that matters; `unjudged`: how many gaps touch a parcel that is no valid shape; `loose`: the share of loose
    edges, where pairs were compared only about; `went`: how many villages went which way.
    """

    overlaps: list[Overlap]
    gaps: list[Gap]
    below: list[Small]
    unjudged: int
    loose: float
    went: dict[Route, int]


class Part(NamedTuple):
    """The parcels of one village: those that are valid shapes, their rows in the whole, and the boxes (k × 4) of the others."""

    shapes: NDArray[Any]
    rows: NDArray[np.int64]
    tree: shapely.STRtree
    broken: NDArray[np.float64]


class Rim(NamedTuple):
    """What one village contributes: its rim and its box (4), the pairs of rows (n × 2) that were found to share land on the
    way with what was measured of them (`below`: under the tolerance), the boxes of what is no valid shape, how many edges it
    has, how many are loose (by pairs: about how many), and the way taken.
    """

    edges: Edges
    bounds: NDArray[np.float64]
    pairs: NDArray[np.int64]
    overlaps: list[Overlap]
    below: list[Small]
    broken: NDArray[np.float64]
    all_edges: int
    loose_edges: int
    route: Route


class Each(Protocol):
    """Runs a function once for each village, here or elsewhere: the first column holds the parts, any further one what goes
    with each. It must give the results in the order of the parts, and raise what the function raised.
    """

    def __call__(self, function: Callable[..., Any], *columns: Sequence[Any]) -> list[Any]:
        """Give one result for each row of the columns."""


def coverage_faults(
    geoms: NDArray[Any],
    villages: NDArray[Any] | Sequence[Any],
    tolerance_m2: float = TOLERANCE_M2,
    route: Route | None = None,
) -> Faults:
    """Find all overlaps and gaps, inside villages and between them.

    `geoms`: polygons or multipolygons in projected metres; `villages`: one value each, the unit of work. Null, empty and
    invalid ones are left out: `geometry_faults` names them. `route` forces one way (tests and benchmarks compare them).
    """
    geoms = np.asarray(geoms, dtype=object)
    rows = by_village(villages)
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as threads:  # GEOS works without Python's lock

        def each(function: Callable[..., Any], *columns: Sequence[Any]) -> list[Any]:
            return list(threads.map(function, *columns))

        return faults_of(each(part_of, [geoms[of] for of in rows], rows), each, tolerance_m2, route)


def by_village(villages: NDArray[Any] | Sequence[Any]) -> list[NDArray[np.int64]]:
    """The rows of each village, in order; rows without a village are one of their own."""
    codes = pd.factorize(np.asarray(villages), use_na_sentinel=False)[0]
    order = np.argsort(codes, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(codes[order])) + 1) if len(order) else []


def part_of(geoms: NDArray[Any], rows: NDArray[np.int64]) -> Part:
    """One village of the whole, in which its parcels have these rows (ascending)."""
    sound = usable(geoms)
    shapes = geoms[sound]
    bounds = shapely.bounds(np.delete(geoms, sound))
    return Part(shapes, rows[sound], shapely.STRtree(shapes), bounds[np.isfinite(bounds).all(axis=1)])


def faults_of(
    parts: Sequence[Any], each: Each, tolerance_m2: float = TOLERANCE_M2, route: Route | None = None
) -> Faults:
    """The answer from the parts of all villages, wherever `each` keeps them and runs what is asked of them.

    Three rounds: rims come back; the faces near each village go out and counts come back; doubtful faces and gaps go out
    and the parcels near them come back.
    """
    if len(parts) == 0:
        return Faults([], [], [], 0, 0.0, {"edges": 0, "pairs": 0})
    rims = each(partial(rim, tolerance_m2=tolerance_m2, route=route), parts)
    faces = faces_of(one.edges for one in rims)
    bounds = shapely.bounds(faces)
    near = [_meeting(bounds, one.bounds) for one in rims]
    points = shapely.point_on_surface(faces)
    covered = np.zeros(len(faces), dtype=np.int64)
    for of, counts in zip(near, each(covering, parts, [points[of] for of in near]), strict=True):
        covered[of] += counts
    gaps, small, unjudged = _gaps(faces, covered, np.concatenate([one.broken for one in rims]), tolerance_m2)
    doubt = doubtful(faces, covered)
    doubts, empty, thin = ([of[chosen[of]] for of in near] for chosen in (doubt, gaps, small))
    beside = each(besides, parts, *([faces[of] for of in asked] for asked in (doubts, empty, thin)))
    overlaps, below = _between(beside, rims, tolerance_m2)
    return Faults(
        sorted([*overlaps, *(overlap for one in rims for overlap in one.overlaps)]),
        _named(faces, np.flatnonzero(gaps), empty, beside),
        [*below, *(piece for one in rims for piece in one.below), *_small(faces, thin, beside)],
        unjudged,
        sum(one.loose_edges for one in rims) / max(1, sum(one.all_edges for one in rims)),
        {way: sum(one.route == way and one.all_edges > 0 for one in rims) for way in ("edges", "pairs")},
    )


def rim(part: Part, tolerance_m2: float = TOLERANCE_M2, route: Route | None = None) -> Rim:
    """The rim of one village, by the way that its loose edges suggest."""
    all_edges, count = about_loose(part.shapes)
    bounds = shapely.total_bounds(part.shapes) if len(part.shapes) else np.full(4, np.nan)
    way: Route = route or ("pairs" if count > LOOSE_SHARE * all_edges else "edges")
    if way == "edges":
        edges = edges_of(part.shapes)
        open_edges = loose(edges)
        none = np.empty((0, 2), dtype=np.int64)
        return Rim(edges.where(open_edges), bounds, none, [], [], part.broken, len(open_edges), int(open_edges.sum()), way)
    left, right = sharing(part.shapes)
    overlaps, below = measured(part.shapes, left, right, tolerance_m2)
    together = np.asarray(shapely.get_parts(shapely.union_all(part.shapes)), dtype=object)
    return Rim(
        edges_of(together),
        bounds,
        np.stack([part.rows[left], part.rows[right]], axis=1),
        _in_whole(overlaps, part.rows),
        _rows_in_whole(below, part.rows),
        part.broken,
        all_edges,
        count,
        way,
    )


def sharing(shapes: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Each pair i < j that shares some land, by comparing all whose boxes meet."""
    left, right = box_pairs(shapes)
    meet = interiors_meet(shapes, left, right)
    return left[meet], right[meet]


def faces_of(rims: Iterable[Edges]) -> NDArray[Any]:
    """The faces into which the rims, noded with one another, cut the land."""
    edges = joined(rims)
    edges = edges.where(loose(edges))  # villages that share their boundary cancel each other out there
    return np.asarray(shapely.get_parts(shapely.polygonize([shapely.union_all(chains(edges))])), dtype=object)


def covering(part: Part, points: NDArray[Any]) -> NDArray[np.int64]:
    """How many of a village's parcels lie on each point."""
    return np.bincount(part.tree.query(points, predicate="intersects")[0], minlength=len(points))


def doubtful(faces: NDArray[Any], covered: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which faces several parcels may lie on."""
    return np.asarray((covered >= _TWICE) | (shapely.area(faces) < _SURE_M2), dtype=np.bool_)


class Beside(NamedTuple):
    """The parcels of one village (rows, shapes) that meet a doubtful face; by number of a gap the rows around it; by number
    of an empty face under the tolerance the rows beside it.
    """

    rows: NDArray[np.int64]
    shapes: NDArray[Any]
    gap: NDArray[np.int64]
    around: NDArray[np.int64]
    thin: NDArray[np.int64]
    at: NDArray[np.int64]


def besides(part: Part, doubts: NDArray[Any], gaps: NDArray[Any], thin: NDArray[Any]) -> Beside:
    """Which parcels of a village meet these faces?"""
    near = np.unique(part.tree.query(doubts, predicate="intersects")[1])
    gap, around = part.tree.query(gaps, predicate="intersects")
    # Where lines were noded, so small a face may miss both parcels by its rounding.
    face, at = part.tree.query(thin, predicate="dwithin", distance=XY_TOLERANCE_M)
    return Beside(part.rows[near], part.shapes[near], gap, part.rows[around], face, part.rows[at])


def _meeting(bounds: NDArray[np.float64], box: NDArray[np.float64]) -> NDArray[np.int64]:
    """Which boxes meet one box? None where it is of nothing (NaN)."""
    west, south, east, north = bounds.T
    return np.flatnonzero((west <= box[2]) & (east >= box[0]) & (south <= box[3]) & (north >= box[1]))


def _between(
    beside: Sequence[Beside], rims: Sequence[Rim], tolerance_m2: float
) -> tuple[list[Overlap], list[Small]]:
    """What the parcels near doubtful faces share, but for pairs that their village has measured; what of it is below."""
    rows = np.concatenate([one.rows for one in beside])
    order = np.argsort(rows)
    rows, shapes = rows[order], np.concatenate([one.shapes for one in beside])[order]
    left, right = sharing(shapes)
    pairs = np.stack([rows[left], rows[right]], axis=1)
    known = pd.MultiIndex.from_arrays(np.concatenate([one.pairs for one in rims]).T)
    new = ~pd.MultiIndex.from_arrays(pairs.T).isin(known)
    overlaps, below = measured(shapes, left[new], right[new], tolerance_m2)
    return _in_whole(overlaps, rows), _rows_in_whole(below, rows)


def _in_whole(overlaps: Sequence[Overlap], rows: NDArray[np.int64]) -> list[Overlap]:
    return [one._replace(i=int(rows[one.i]), j=int(rows[one.j])) for one in overlaps]


def _rows_in_whole(below: Sequence[Small], rows: NDArray[np.int64]) -> list[Small]:
    return [one._replace(rows=tuple(int(rows[row]) for row in one.rows)) for one in below]


def _gaps(
    faces: NDArray[Any], covered: NDArray[np.int64], broken: NDArray[np.float64], tolerance_m2: float
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], int]:
    """Which faces are empty, large enough and touch no broken shape (its box: what it covers nobody can say); which empty
    ones are not large enough, and how many touch one.
    """
    empty = covered == 0
    large = empty & (shapely.area(faces) > tolerance_m2)
    large[large] = ~is_thin(faces[large])
    touching = shapely.STRtree(shapely.box(*broken.T)).query(faces[large], predicate="intersects")[0]
    touched = np.flatnonzero(large)[np.unique(touching)]
    gaps = large.copy()
    gaps[touched] = False
    return gaps, empty & ~large, len(touched)


def _named(
    faces: NDArray[Any], gaps: NDArray[np.int64], asked: Sequence[NDArray[np.int64]], beside: Sequence[Beside]
) -> list[Gap]:
    """The gaps with all parcels around them, from west to east. `asked`: which faces each village was asked about."""
    around: dict[int, list[int]] = {face: [] for face in gaps.tolist()}
    for of, one in zip(asked, beside, strict=True):
        for face, row in zip(of[one.gap].tolist(), one.around.tolist(), strict=True):
            around[face].append(row)
    points = shapely.get_coordinates(shapely.point_on_surface(faces[gaps])).tolist()
    found = [
        Gap(area, (x, y), outline, tuple(sorted(around[face])))
        for face, area, (x, y), outline in zip(
            gaps.tolist(), shapely.area(faces[gaps]).tolist(), points, faces[gaps].tolist(), strict=True
        )
    ]
    return sorted(found, key=lambda one: one.point)


def _small(faces: NDArray[Any], asked: Sequence[NDArray[np.int64]], beside: Sequence[Beside]) -> list[Small]:
    """The empty faces under the tolerance, each at the first parcel beside it. `asked`: as for `_named`."""
    face = np.concatenate([of[one.thin] for of, one in zip(asked, beside, strict=True)])
    row = np.concatenate([one.at for one in beside])
    order = np.lexsort((row, face))
    face, first = np.unique(face[order], return_index=True)
    areas = shapely.area(faces[face]).tolist()
    return [Small("gap", (at,), area) for at, area in zip(row[order][first].tolist(), areas, strict=True)]
