"""Do two parcels share land, and how much? By comparing pairs whose boxes meet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import shapely

from gis.topology.shapes import AREA_STEP_M2, XY_TOLERANCE_M, usable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

TOLERANCE_M2 = 1e-4
"""A piece of land up to this is counted, not named."""


class Overlap(NamedTuple):
    """Two parcels `i` < `j` that share `area_m2` of land around `point` (easting, northing)."""

    i: int
    j: int
    area_m2: float
    point: tuple[float, float]


class Small(NamedTuple):
    """A piece of land under the tolerance: `what` it is, the rows of the two parcels `i` < `j` that share it or of the first
    beside an empty one, its area (above 0).
    """

    what: Literal["overlap", "gap"]
    rows: tuple[int, ...]
    area_m2: float


def overlaps(
    geoms: NDArray[Any],
    groups: NDArray[Any] | Sequence[Any] | None = None,
    tolerance_m2: float = AREA_STEP_M2,
) -> list[Overlap]:
    """Every pair of a handful of parcels that shares more than `tolerance_m2` of land.

    `groups`: one value a geometry, only pairs of the same group are compared (land uses may lie on each other: a
    homestead on no field, but a grazing ban on a pasture). Null, empty and invalid geometries are left out: until they
    are drawn again nobody can say what they cover.
    """
    geoms = np.asarray(geoms, dtype=object)
    rows = usable(geoms)
    left, right = (rows[side] for side in box_pairs(geoms[rows]))
    if groups is not None:
        codes = np.unique(np.asarray(groups), return_inverse=True)[1]
        same = codes[left] == codes[right]
        left, right = left[same], right[same]
    meet = interiors_meet(geoms, left, right)
    return measured(geoms, left[meet], right[meet], tolerance_m2)[0]


def measured(
    geoms: NDArray[Any], left: NDArray[np.int64], right: NDArray[np.int64], tolerance_m2: float
) -> tuple[list[Overlap], list[Small]]:
    """The pairs that share more than `tolerance_m2` and are somewhere wider there than the XY tolerance; what others share."""
    shared = shapely.intersection(geoms[left], geoms[right])
    area = shapely.area(shared)
    large = area > tolerance_m2
    large[large] = ~is_thin(shared[large])
    inside = shapely.get_coordinates(shapely.point_on_surface(shared[large]))
    found = zip(left[large].tolist(), right[large].tolist(), area[large].tolist(), inside.tolist(), strict=True)
    small = ~large & (area > 0)
    pairs = zip(left[small].tolist(), right[small].tolist(), area[small].tolist(), strict=True)
    below = [Small("overlap", (i, j), area_m2) for i, j, area_m2 in pairs]
    return [Overlap(i, j, area_m2, (x, y)) for i, j, area_m2, (x, y) in found], below


def box_pairs(geoms: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give each pair i < j whose bounding boxes meet, by position in the array, in order."""
    left, right = shapely.STRtree(geoms).query(geoms)
    once = left < right
    left, right = left[once], right[once]
    order = np.lexsort((right, left))
    return left[order], right[order]


def interiors_meet(geoms: NDArray[Any], left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether the two of each pair share some land. Unlike `overlaps`, also when they are the same."""
    return np.asarray(shapely.relate_pattern(geoms[left], geoms[right], "2********"), dtype=np.bool_)


def is_thin(pieces: NDArray[Any]) -> NDArray[np.bool_]:
    """Whether a piece of land is nowhere wider than the XY tolerance: shrunk by half of it from all sides, nothing is left.

    No piece is larger than its perimeter times its inner radius, so that most need no shrinking.
    """
    half = XY_TOLERANCE_M / 2
    thin = np.asarray(shapely.area(pieces) <= half * shapely.length(pieces), dtype=np.bool_)
    thin[thin] = shapely.is_empty(shapely.buffer(pieces[thin], -half))
    return thin
