"""Why do two parcels overlap, most likely, and what would mend it?

A guess to save a surveyor time, never a repair: nothing is changed. Each cause has its mark.

- `duplicate`: the two are nearly one shape; the later was delivered again.
- `shifted`: three or more vertices of the one would meet vertices of the other if all were moved by the same vector, and
  none meets one now: a survey with another station or datum.
- `sliver`: the shared land is nowhere wide: a boundary drawn twice instead of snapped.
- `drawn-over`: none of these; the boundary itself is in dispute or wrong.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import shapely

from gis.topology.shapes import XY_TOLERANCE_M

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from gis.topology.pairs import Overlap

Cause = Literal["duplicate", "shifted", "sliver", "drawn-over"]

# How the causes are told apart is ours: no standard has a rule for it (standards.md 5.3 names the checks, not the numbers).
_NEARLY_ALL = 0.95
_SLIVER_M = 0.5
_SAME_VECTOR_M = 0.02
_LEAST_MOVED = 3
_LARGEST_SHIFT = 0.5  # of the smaller parcel's side: equal yards in a row match each other when moved by a whole yard
_LOOKED_AT = 200


class Explained(NamedTuple):
    """One overlap explained: `width_m` is the mean width of the shared land, `moved` the vector that `shifted` found
    (metres east and north by which `row` lies off; None for other causes).

    `row` is the parcel that the repair would change (the later of the two; of a shifted survey the one that more
    neighbours say it of), `repaired` its shape then (None: it would go), `left_m2` the land that both would still share.
    """

    overlap: Overlap
    cause: Cause
    width_m: float
    moved: tuple[float, float] | None
    row: int
    repaired: BaseGeometry | None
    left_m2: float


def explained(geoms: NDArray[Any], overlaps: Sequence[Overlap]) -> list[Explained]:
    """Explain each overlap, in the order given. `geoms` as they were searched."""
    shifts: dict[int, list[NDArray[np.float64]]] = defaultdict(list)
    vectors = []
    for one in overlaps:
        vector = None if _doubled(geoms, one) else _shift(geoms[one.i], geoms[one.j])
        vectors.append(vector)
        if vector is not None:
            shifts[one.j].append(vector)
            shifts[one.i].append(-vector)
    return [_explained(geoms, one, vector, shifts) for one, vector in zip(overlaps, vectors, strict=True)]


def _doubled(geoms: NDArray[Any], one: Overlap) -> bool:
    return bool(one.area_m2 >= _NEARLY_ALL * max(geoms[one.i].area, geoms[one.j].area))


def _explained(
    geoms: NDArray[Any],
    overlap: Overlap,
    vector: NDArray[np.float64] | None,
    shifts: Mapping[int, Sequence[NDArray[np.float64]]],
) -> Explained:
    first, later = geoms[overlap.i], geoms[overlap.j]
    width = 2 * overlap.area_m2 / float(shapely.intersection(first, later).length)
    if _doubled(geoms, overlap):
        return Explained(overlap, "duplicate", width, None, overlap.j, None, 0.0)
    for row, moved in _off(overlap, vector, shifts):
        still, other = geoms[row], geoms[overlap.i if row == overlap.j else overlap.j]
        back = shapely.transform(still, lambda xy, by=moved: xy - by)
        left = _common(other, back)
        if vector is not None or left <= (1 - _NEARLY_ALL) * overlap.area_m2:
            return Explained(overlap, "shifted", width, (float(moved[0]), float(moved[1])), row, back, left)
    cut = shapely.difference(later, first)
    cause: Cause = "sliver" if width < _SLIVER_M else "drawn-over"
    return Explained(overlap, cause, width, None, overlap.j, cut, _common(first, cut))


def _off(
    overlap: Overlap, vector: NDArray[np.float64] | None, shifts: Mapping[int, Sequence[NDArray[np.float64]]]
) -> list[tuple[int, NDArray[np.float64]]]:
    """Which of the two may lie off and by what, the likelier first.

    Where the two say it themselves, the one of which more neighbours say the same; else whatever others say of either: a
    moved parcel may touch one more neighbour with a corner only.
    """
    if vector is None:
        return [(row, moved) for row in (overlap.j, overlap.i) for moved in shifts.get(row, [])]
    later = sum(np.hypot(*(moved - vector)) <= _SAME_VECTOR_M for moved in shifts[overlap.j])
    first = sum(np.hypot(*(moved + vector)) <= _SAME_VECTOR_M for moved in shifts[overlap.i])
    return [(overlap.i, -vector)] if first > later else [(overlap.j, vector)]


def _common(one: BaseGeometry, other: BaseGeometry) -> float:
    return float(shapely.area(shapely.intersection(one, other)))


def _shift(first: BaseGeometry, later: BaseGeometry) -> NDArray[np.float64] | None:
    """By how much `later` lies off, if its vertices say so with one voice."""
    farthest = _LARGEST_SHIFT * min(first.area, later.area) ** 0.5
    here, there = _near_vertices(later, first, farthest), _near_vertices(first, later, farthest)
    off = here[:, None, :] - there[None, :, :]
    far = np.hypot(off[..., 0], off[..., 1])
    if (far <= XY_TOLERANCE_M).any():
        return None
    vertex, _ = np.nonzero(far <= farthest)
    vectors = off[far <= farthest]
    if len(vectors) < _LEAST_MOVED:
        return None
    alike = np.hypot(*(vectors[:, None, :] - vectors[None, :, :]).transpose(2, 0, 1)) <= _SAME_VECTOR_M
    voices = np.array([len(np.unique(vertex[row])) for row in alike])
    best = int(voices.argmax())
    if voices[best] < _LEAST_MOVED:
        return None
    return np.asarray(np.median(vectors[alike[best]], axis=0), dtype=np.float64)


def _near_vertices(one: BaseGeometry, other: BaseGeometry, distance_m: float) -> NDArray[np.float64]:
    """The vertices of a parcel that lie within a distance of the other, at most `_LOOKED_AT` of them, spread evenly."""
    vertices = np.unique(shapely.get_coordinates(one), axis=0)
    near = vertices[shapely.dwithin(shapely.points(vertices), other, distance_m)]
    return np.asarray(near[:: len(near) // _LOOKED_AT + 1], dtype=np.float64)
