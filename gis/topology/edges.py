"""Which edges of a coverage have no twin?

Where two parcels are neighbours and share their vertices, each edge of the one runs back along the other. Such a pair
changes nothing about how many parcels lie on the land to its left and right. What is left over when all pairs are taken
out are the *loose* edges: the rim of a village, and every place where something is wrong. Coordinates are compared bit
for bit: nothing is snapped here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

# Odd constants of splitmix64 (public domain), which spread the bits of neighbouring coordinates.
_SPREAD = np.array([0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB], dtype=np.uint64)
_HALF = np.uint64(32)


class Edges(NamedTuple):
    """Every edge of every ring, one a row: `start` and `end` (n × 2, metres), the row of its `owner` in the array given,
    `side`: 1 where the parcel lies to the left of the way from start to end, -1 where it lies to the right, and `ring`:
    edges of one ring follow each other and have one number.
    """

    start: NDArray[np.float64]
    end: NDArray[np.float64]
    owner: NDArray[np.int64]
    side: NDArray[np.int64]
    ring: NDArray[np.int64]

    def where(self, chosen: NDArray[Any]) -> Edges:
        """The edges that a mask or an index chooses."""
        return Edges(*(column[chosen] for column in self))


def edges_of(geoms: NDArray[Any]) -> Edges:
    """The edges of valid polygons and multipolygons (none of them null or empty); those without length are left out."""
    if len(geoms) == 0:
        nothing, none = np.empty((0, 2)), np.empty(0, dtype=np.int64)
        return Edges(nothing, nothing, none, none, none)
    _, coordinates, offsets = shapely.to_ragged_array(geoms)
    ring_ends, polygon_ends = offsets[0], offsets[1]
    coordinates = coordinates[:, :2] + 0.0  # -0.0 and 0.0 are one place, not one pattern of bits
    start, end = coordinates[:-1], coordinates[1:]
    ring = np.repeat(np.arange(len(ring_ends) - 1), np.diff(ring_ends))
    side = _sides(coordinates, ring_ends, polygon_ends)
    owner = np.repeat(np.arange(len(polygon_ends) - 1), np.diff(polygon_ends))
    if len(offsets) > 2:  # noqa: PLR2004  (multipolygons: the polygons have owners in their turn)
        owner = np.repeat(np.arange(len(offsets[2]) - 1), np.diff(offsets[2]))[owner]
    within = (ring[:-1] == ring[1:]) & (start != end).any(axis=1)
    ring = ring[:-1][within]
    return Edges(start[within], end[within], owner[ring], side[ring], ring)


def joined(several: Iterable[Edges]) -> Edges:
    """The edges of all, one after the other; owners and rings are then of no meaning."""
    columns = zip(*several, strict=True)
    return Edges(*(np.concatenate(column) for column in columns))


def chains(edges: Edges) -> NDArray[Any]:
    """The edges as lines: those that follow each other in a ring are one, which GEOS nodes five times faster than each alone."""
    if len(edges.start) == 0:
        return np.empty(0, dtype=object)
    follows = (edges.start[1:] == edges.end[:-1]).all(axis=1)
    chain = np.concatenate([[0], np.cumsum(~follows)])
    at = np.arange(len(chain)) + chain  # where each edge begins, every chain before it having one vertex more than edges
    places = np.empty((at[-1] + 2, 2))
    of = np.empty(len(places), dtype=np.int64)
    places[at + 1], of[at + 1] = edges.end, chain
    places[at], of[at] = edges.start, chain
    return np.asarray(shapely.linestrings(places, indices=of), dtype=object)


def about_loose(geoms: NDArray[Any]) -> tuple[int, int]:
    """How many edges polygons have, and about how many of them are loose: enough to choose a way by, for a fifth of the time.

    Counted is how often the same two places follow each other, whichever way round; the step from one ring to the next is no
    edge. Holes, parts and what lies there more than twice make the answer rough.
    """
    if len(geoms) == 0:
        return 0, 0
    places = _hashed(shapely.get_coordinates(geoms) + 0.0)
    steps = len(places) - 1
    edges = len(places) - len(geoms)
    twins = steps - len(pd.unique(places[:-1] + places[1:]))
    return edges, max(0, edges - 2 * twins)


def loose(edges: Edges) -> NDArray[np.bool_]:
    """True for each edge whose side is not made up for by others between the same two places."""
    forward = (edges.start[:, 0] < edges.end[:, 0]) | (
        (edges.start[:, 0] == edges.end[:, 0]) & (edges.start[:, 1] < edges.end[:, 1])
    )
    group, groups = pd.factorize(_hashed(edges.start) + _hashed(edges.end))
    net = np.bincount(group, weights=np.where(forward, edges.side, -edges.side), minlength=len(groups))
    return np.asarray((net[group] != 0) | _strangers(edges, forward, group, len(groups)), dtype=np.bool_)


def _sides(
    coordinates: NDArray[np.float64], ring_ends: NDArray[np.int64], polygon_ends: NDArray[np.int64]
) -> NDArray[np.int64]:
    """For each ring: 1 where walking it keeps the parcel on the left."""
    near = coordinates - coordinates.mean(axis=0)  # the products of full eastings and northings would round away
    cross = np.zeros(len(near))
    cross[:-1] = near[:-1, 0] * near[1:, 1] - near[1:, 0] * near[:-1, 1]
    cross[ring_ends[1:] - 1] = 0.0  # from the end of one ring to the beginning of the next
    turns = np.sign(np.add.reduceat(cross, ring_ends[:-1])).astype(np.int64)
    outer = np.zeros(len(turns), dtype=np.bool_)
    outer[polygon_ends[:-1]] = True
    return np.where(outer, turns, -turns)


def _hashed(places: NDArray[np.float64]) -> NDArray[np.uint64]:
    bits = np.ascontiguousarray(places).view(np.uint64)
    mixed = bits[:, 0] * _SPREAD[0]
    mixed ^= mixed >> _HALF
    mixed += bits[:, 1] * _SPREAD[1]
    mixed ^= mixed >> _HALF
    mixed *= _SPREAD[2]
    mixed ^= mixed >> _HALF
    return np.asarray(mixed, dtype=np.uint64)


def _strangers(
    edges: Edges, forward: NDArray[np.bool_], group: NDArray[np.int64], groups: int
) -> NDArray[np.bool_]:
    """Edges of a group that holds more than one pair of places: two hashes met. They count as loose, which is safe."""
    low = np.where(forward[:, None], edges.start, edges.end)
    high = np.where(forward[:, None], edges.end, edges.start)
    first = np.empty(groups, dtype=np.int64)
    first[group[::-1]] = np.arange(len(group))[::-1]
    other = ((low != low[first][group]) | (high != high[first][group])).any(axis=1)
    met = np.zeros(groups, dtype=np.bool_)
    met[group[other]] = True
    return met[group]
