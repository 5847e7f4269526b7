"""Which parcels lie on each other, and which land between them lies in none?

Three steps. (1) Each village alone gives its *rim*: where neighbours share their vertices nearly all edges have a twin,
and the few loose ones are the rim. Where many edges are loose, each pair of meeting boxes is compared at once, and the
rim is the outline of all parcels together. The share of loose edges chooses; both ways give the same answer. (2) The rims
of all villages are noded into faces. (3) How many parcels lie on each face? One that several cover leads to the parcels
that share land, one that none covers is a gap. Two whole layers over each other are found so, too: each may be sound in
itself, but inside its rim two parcels lie everywhere. `overlaps` is nowhere used as a predicate: it does not see a parcel
that was delivered twice.

Land of no more than `tolerance_m2`, or nowhere wider than the XY tolerance, is counted apart: it changes no record, but
nobody can say that it was not seen.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import pandas as pd
import shapely

from gis.topology.edges import Edges, edges_of, joined, loose
from gis.topology.pairs import TOLERANCE_M2, Overlap, box_pairs, interiors_meet, is_thin, measured
from gis.topology.shapes import usable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

LOOSE_SHARE = 0.25
"""From this share of loose edges on, comparing pairs is the shorter way (`./run bench topology` shows where they cross)."""

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

    `overlaps` in order of (i, j), `gaps` from west to east; `below`: how many pieces of shared or empty land are under the
    tolerance; `unjudged`: how many gaps touch a parcel that is no valid shape; `loose`: the share of loose edges;
    `went`: how many villages went which way.
    """

    overlaps: list[Overlap]
    gaps: list[Gap]
    below: int
    unjudged: int
    loose: float
    went: dict[Route, int]


class Rim(NamedTuple):
    """What one village contributes: its rim, the pairs (left, right; rows of its own array) that were found to share land
    on the way, how many edges it has, how many are loose, and the way taken.
    """

    edges: Edges
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    all_edges: int
    loose_edges: int
    route: Route


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
    rows = usable(geoms)
    codes = pd.factorize(np.asarray(villages))[0][rows]
    if len(rows) == 0:
        return Faults([], [], 0, 0, 0.0, {"edges": 0, "pairs": 0})
    order = np.argsort(codes, kind="stable")
    ends = np.searchsorted(codes[order], np.arange(codes[order[-1]] + 2))
    parts = [rows[order[start:end]] for start, end in pairwise(ends) if start < end]
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as beside:  # GEOS works without Python's lock
        rims = list(beside.map(lambda part: rim(geoms[part], route), parts))
    left = [part[each.left] for part, each in zip(parts, rims, strict=True)]
    right = [part[each.right] for part, each in zip(parts, rims, strict=True)]
    shapes = geoms[rows]
    tree = shapely.STRtree(shapes)
    faces = faces_of(each.edges for each in rims)
    covered = covering(tree, faces)
    near = np.unique(tree.query(faces[doubtful(faces, covered)], predicate="intersects")[1])
    one, other = sharing(shapes[near])
    overlaps, below = measured(
        geoms, *_once([*left, rows[near[one]]], [*right, rows[near[other]]], len(geoms)), tolerance_m2
    )
    gaps, thin, unjudged = _gaps(faces[covered == 0], tree, rows, _broken(geoms, rows), tolerance_m2)
    in_all = sum(each.all_edges for each in rims)
    return Faults(
        overlaps,
        gaps,
        below + thin,
        unjudged,
        sum(each.loose_edges for each in rims) / in_all,
        {way: sum(each.route == way for each in rims) for way in ("edges", "pairs")},
    )


def rim(shapes: NDArray[Any], route: Route | None = None) -> Rim:
    """The rim of one village (valid shapes only), by the way that its loose edges suggest."""
    edges = edges_of(shapes)
    open_edges = loose(edges)
    count = int(open_edges.sum())
    way: Route = route or ("pairs" if count > LOOSE_SHARE * len(open_edges) else "edges")
    if way == "edges":
        nobody = np.empty(0, dtype=np.int64)
        return Rim(edges.where(open_edges), nobody, nobody, len(open_edges), count, way)
    left, right = sharing(shapes)
    together = np.asarray(shapely.get_parts(shapely.union_all(shapes)), dtype=object)
    return Rim(edges_of(together), left, right, len(open_edges), count, way)


def sharing(shapes: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Each pair i < j that shares some land, by comparing all whose boxes meet."""
    left, right = box_pairs(shapes)
    meet = interiors_meet(shapes, left, right)
    return left[meet], right[meet]


def faces_of(rims: Iterable[Edges]) -> NDArray[Any]:
    """The faces into which the rims, noded with one another, cut the land."""
    edges = joined(rims)
    edges = edges.where(loose(edges))  # villages that share their boundary cancel each other out there
    lines = shapely.linestrings(np.stack([edges.start, edges.end], axis=1))
    return np.asarray(shapely.get_parts(shapely.polygonize([shapely.union_all(lines)])), dtype=object)


def covering(tree: shapely.STRtree, faces: NDArray[Any]) -> NDArray[np.int64]:
    """How many of the tree's parcels lie on each face."""
    at = tree.query(shapely.point_on_surface(faces), predicate="intersects")[0]
    return np.bincount(at, minlength=len(faces))


def doubtful(faces: NDArray[Any], covered: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which faces several parcels may lie on."""
    return np.asarray((covered >= _TWICE) | (shapely.area(faces) < _SURE_M2), dtype=np.bool_)


def _once(
    left: Sequence[NDArray[np.int64]], right: Sequence[NDArray[np.int64]], rows: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Each pair once, the smaller row first, in order."""
    one, other = np.concatenate(left), np.concatenate(right)
    keys = np.unique(np.minimum(one, other) * rows + np.maximum(one, other))
    return keys // rows, keys % rows


def _gaps(
    empty: NDArray[Any],
    tree: shapely.STRtree,
    rows: NDArray[np.int64],
    broken: shapely.STRtree | None,
    tolerance_m2: float,
) -> tuple[list[Gap], int, int]:
    """The empty faces that are large enough and touch no broken shape; how many are not, and how many touch one."""
    large = shapely.area(empty) > tolerance_m2
    large[large] = ~is_thin(empty[large])
    below = int((~large).sum())
    empty = empty[large]
    touched = np.empty(0, dtype=np.int64)
    if broken is not None:
        touched = np.unique(broken.query(empty, predicate="intersects")[0])
        empty = np.delete(empty, touched)
    points = shapely.get_coordinates(shapely.point_on_surface(empty)).tolist()
    gap, parcel = tree.query(empty, predicate="intersects")
    beside = np.split(rows[parcel], np.searchsorted(gap, np.arange(1, len(empty)))) if len(empty) else []
    found = [
        Gap(area, (x, y), outline, tuple(sorted(near.tolist())))
        for area, (x, y), outline, near in zip(
            shapely.area(empty).tolist(), points, empty.tolist(), beside, strict=True
        )
    ]
    return sorted(found, key=lambda one: one.point), below, len(touched)


def _broken(geoms: NDArray[Any], rows: NDArray[np.int64]) -> shapely.STRtree | None:
    """The boxes of shapes that are left out: what they cover nobody can say."""
    out = np.ones(len(geoms), dtype=np.bool_)
    out[rows] = False
    bounds = shapely.bounds(geoms[out])
    bounds = bounds[np.isfinite(bounds).all(axis=1)]
    return shapely.STRtree(shapely.box(*bounds.T)) if len(bounds) else None
