"""On which side of a parcel does each neighbour lie: east, south, west or north?

A stretch of boundary looks to the side to which its outward normal points, by quarters of the compass. A *neighbour* runs
along the boundary within `REACH_M` without lying on the parcel: a ridge or a fence apart, no road apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

SIDES = ("east", "south", "west", "north")
REACH_M = 1.0
"""How far apart neighbours may lie; no standard's figure was found: ours."""
_ON_IT_M2 = 1.0
# Round a corner a neighbour reaches so far without lying on that side.
_CORNER_M = 3 * REACH_M
_SHARE = 0.1


def sides(parcel: shapely.Polygon, others: Sequence[shapely.Geometry]) -> dict[str, list[int]]:
    """For each side the positions of the neighbours there, the one with the longest common line first.

    A neighbour stands on a side where more than 3 m and a tenth of all that it has in common lie. Coordinates in metres.
    """
    if not len(others):
        return {side: [] for side in SIDES}
    shapes = np.asarray(others, dtype=object)
    beside = shapely.area(shapely.intersection(shapes, parcel)) <= _ON_IT_M2
    near = shapely.buffer(shapes, REACH_M)
    lines = _by_side(parcel)
    common = np.array([shapely.length(shapely.intersection(near, line)) for line in lines]) * beside
    lies = (common > _CORNER_M) & (common > _SHARE * common.sum(axis=0))
    return {
        side: [int(at) for at in np.argsort(-row, kind="stable") if stands[at]]
        for side, row, stands in zip(SIDES, common, lies, strict=True)
    }


def _by_side(parcel: shapely.Polygon) -> list[shapely.MultiLineString]:
    """The outer boundary in four parts, in the order of SIDES."""
    ring = shapely.get_coordinates(shapely.orient_polygons(parcel, exterior_cw=True).exterior)
    along = np.diff(ring, axis=0)
    # Clockwise the land lies to the right: outwards is to the left.
    quarter = _quarters(-along[:, 1], along[:, 0])
    segments = shapely.linestrings(np.stack([ring[:-1], ring[1:]], axis=1))
    return [shapely.multilinestrings(segments[quarter == number]) for number in range(len(SIDES))]


def _quarters(east: NDArray[np.float64], north: NDArray[np.float64]) -> NDArray[np.int64]:
    sideways = np.abs(east) > np.abs(north)
    return np.where(sideways, np.where(east > 0, 0, 2), np.where(north > 0, 3, 1))
