"""Which vertices of a boundary does the neighbour lack, and which boundaries turn back on themselves?

A vertex that lies on a neighbour's line without being one of its vertices is a *T-junction*; one that lies near a
neighbour's vertex without being the same is an *unshared vertex*. Both lie on loose edges: an edge with a twin shares
both its ends. A *spike* is a vertex at which a boundary goes out and comes back at nearly the same angle. Places are
(easting, northing) in metres.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import pandas as pd
import shapely

from gis.topology.edges import edges_of, loose
from gis.topology.shapes import XY_TOLERANCE_M, usable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gis.topology.edges import Edges

Kind = Literal["t-junction", "unshared"]


class Unshared(NamedTuple):
    """A vertex of parcel `row` at `point` that neighbour `other` should have too.

    `t-junction`: it lies on the neighbour's line at `nearest`; `unshared`: the neighbour's vertex `nearest` should be the
    same. `distance_m` is from point to nearest: 0 where it lies on the line.
    """

    kind: Kind
    row: int
    other: int
    point: tuple[float, float]
    nearest: tuple[float, float]
    distance_m: float


class Spike(NamedTuple):
    """A vertex of parcel `row` at `point`, where the boundary encloses only `degrees`."""

    row: int
    point: tuple[float, float]
    degrees: float


class Boundaries(NamedTuple):
    """The rows of valid parcels in the array given, and the edges of these; owners count through `rows`."""

    rows: NDArray[np.int64]
    edges: Edges


def boundaries_of(geoms: NDArray[Any]) -> Boundaries:
    """What is looked at for vertices. Null, empty and invalid geometries are left out."""
    geoms = np.asarray(geoms, dtype=object)
    rows = usable(geoms)
    return Boundaries(rows, edges_of(geoms[rows]))


def unshared_vertices(boundaries: Boundaries, reach_m: float) -> list[Unshared]:
    """Vertices within `reach_m` of a neighbour's boundary that are none of its vertices, one for each vertex and neighbour.

    Vertices farther than the XY tolerance from the line and from each of its ends are left to the search for overlaps and
    gaps where they are T-junctions: the land between says more.
    """
    rows, edges = boundaries
    open_edges = loose(edges)
    corners = np.flatnonzero(open_edges | _before_loose(edges, open_edges))
    lines = edges.where(open_edges)
    tree = shapely.STRtree(shapely.linestrings(np.stack([lines.start, lines.end], axis=1)))
    vertex, line = tree.query(shapely.points(edges.start[corners]), predicate="dwithin", distance=reach_m)
    vertex = corners[vertex]
    strange = edges.owner[vertex] != lines.owner[line]
    vertex, line = vertex[strange], line[strange]
    lacks = ~_has_vertex(edges, lines.owner[line], edges.start[vertex])
    return _judged(edges, lines, vertex[lacks], line[lacks], rows, reach_m)


def spikes(boundaries: Boundaries, narrower_than_degrees: float) -> list[Spike]:
    """Vertices at which a ring turns back, in order of rows. `narrower_than_degrees` is less than 90."""
    rows, edges = boundaries
    before = _edge_before(edges)
    back, on = edges.start[before] - edges.end[before], edges.end - edges.start
    cross = np.abs(back[:, 0] * on[:, 1] - back[:, 1] * on[:, 0])
    along = back[:, 0] * on[:, 0] + back[:, 1] * on[:, 1]
    at = np.flatnonzero((along > 0) & (cross < np.tan(np.radians(narrower_than_degrees)) * along))
    angle = np.degrees(np.arctan2(cross[at], along[at]))
    return [
        Spike(row, (x, y), degrees)
        for row, (x, y), degrees in zip(
            rows[edges.owner[at]].tolist(), edges.start[at].tolist(), angle.tolist(), strict=True
        )
    ]


def _has_vertex(edges: Edges, owner: NDArray[np.int64], place: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether each owner has a vertex at the place beside it, bit for bit."""
    theirs = edges.where(np.isin(edges.owner, owner))
    both = np.concatenate([theirs.start, place])
    named = pd.factorize(both[:, 0] + 1j * both[:, 1])[0].astype(np.int64)
    owners = np.concatenate([theirs.owner, owner])
    keys = owners * (int(named.max(initial=0)) + 1) + named
    return np.isin(keys[len(theirs.start) :], keys[: len(theirs.start)])


def _edge_before(edges: Edges) -> NDArray[np.int64]:
    """The edge that ends where each begins, within its ring."""
    closes = np.ones(len(edges.start), dtype=np.bool_)
    closes[:-1] = edges.ring[:-1] != edges.ring[1:]
    last = np.flatnonzero(closes)
    first = np.concatenate([[0], last[:-1] + 1]) if len(last) else last
    before = np.arange(len(edges.start)) - 1
    before[first] = last
    return before


def _before_loose(edges: Edges, open_edges: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Edges that begin where a loose one ends: that end is a vertex of a loose edge as well."""
    return np.asarray(open_edges[_edge_before(edges)], dtype=np.bool_)


def _judged(
    edges: Edges, lines: Edges, vertex: NDArray[np.int64], line: NDArray[np.int64], rows: NDArray[np.int64], reach_m: float
) -> list[Unshared]:
    """Of each vertex and neighbour the nearest: a vertex of the neighbour within reach, else its line within tolerance."""
    point, start, end = edges.start[vertex], lines.start[line], lines.end[line]
    along = end - start
    share = np.clip(((point - start) * along).sum(axis=1) / (along * along).sum(axis=1), 0, 1)
    foot = start + share[:, None] * along
    to_line = np.hypot(*(point - foot).T)
    ends = np.stack([np.hypot(*(point - start).T), np.hypot(*(point - end).T)])
    nearer = np.where((ends[0] <= ends[1])[:, None], start, end)
    to_end = ends.min(axis=0)
    is_vertex = to_end <= reach_m
    wanted = is_vertex | (to_line <= XY_TOLERANCE_M)
    found = pd.DataFrame(
        {
            "owner": edges.owner[vertex], "other": lines.owner[line], "x": point[:, 0], "y": point[:, 1],
            "unshared": is_vertex, "distance": np.where(is_vertex, to_end, to_line),
            "near_x": np.where(is_vertex, nearer[:, 0], foot[:, 0]), "near_y": np.where(is_vertex, nearer[:, 1], foot[:, 1]),
        }
    )[wanted]  # fmt: skip
    found = found.sort_values(["owner", "x", "y", "other", "unshared", "distance"], ascending=[True] * 4 + [False, True])
    found = found.drop_duplicates(["owner", "x", "y", "other"])
    return [
        Unshared(
            "unshared" if each.unshared else "t-junction",
            int(rows[each.owner]),
            int(rows[each.other]),
            (each.x, each.y),
            (each.near_x, each.near_y),
            each.distance,
        )
        for each in found.itertuples(index=False)
    ]
