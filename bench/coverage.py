"""Which made-up coverages is the search for overlaps and gaps measured and tested on, and what is the truth about them?

A mesh of parcels with crooked boundaries, twelve vertices each, shared bit for bit; coordinates in metres, EPSG:4545,
villages of `VILLAGE_SIDE` × `VILLAGE_SIDE` parcels. Faults are drawn into it at places that do not touch each other, so
that the truth is known from the drawing itself: one vertex of one parcel is pushed over or back from its boundary, a
parcel's ring is crossed, a parcel is delivered twice. Further shapes of the same land: boundaries whose vertices one side
lacks (T-junctions), a whole layer laid over another, every parcel shifted by up to a centimetre.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

WEST, SOUTH, CELL_M, STEPS = 540_000.0, 4_200_000.0, 90.0, 3
VILLAGE_SIDE = 40
_CROOKED_M = 6.0


@dataclass(slots=True)
class Coverage:
    """Parcels (array of polygons), the village of each, and the truth.

    `overlaps`: area in m² by pair (i < j); `gaps`: area in m² and a place inside, each; `crossed`: rows that are no
    valid polygon; `twins`: pairs of the same shape (also among the overlaps).
    """

    geoms: NDArray[Any]
    villages: NDArray[np.int64]
    overlaps: dict[tuple[int, int], float] = field(default_factory=dict)
    gaps: list[tuple[float, tuple[float, float]]] = field(default_factory=list)
    crossed: list[int] = field(default_factory=list)
    twins: list[tuple[int, int]] = field(default_factory=list)


def mesh(side: int, seed: int = 2016, *, straight: bool = False) -> Coverage:
    """A mesh of side × side parcels without a fault. `straight`: all boundaries are straight between the corners of parcels."""
    rings = _rings(side, seed, straight=straight)
    return Coverage(np.asarray(shapely.polygons(rings), dtype=object), _villages(side))


def faulty(side: int, each: int, seed: int = 2016) -> Coverage:
    """A mesh with `each` overlaps, gaps, thin overlaps, thin gaps, crossed rings and twins."""
    rng = np.random.default_rng(seed)
    rings = _rings(side, seed, straight=False)
    made = Coverage(np.empty(0, dtype=object), _villages(side))
    # Faults stand three cells apart and off the rim, so that no two touch.
    free = np.arange(1, side - 2, 3)
    rows = (free[:, None] * side + free[None, :]).ravel()
    rng.shuffle(rows)
    if len(rows) < 6 * each:
        message = f"{side} × {side} parcels have room for {len(rows) // 6} faults of each kind, not {each}"
        raise ValueError(message)
    over, back, thin_over, thin_back, crossed, twice = rows[: 6 * each].reshape(6, each)
    for row in over:
        _push(made, rings, int(row), side, float(rng.uniform(0.5, 3.0)))
    for row in back:
        _push(made, rings, int(row), side, -float(rng.uniform(0.5, 3.0)))
    for row in thin_over:
        _push(made, rings, int(row), side, float(rng.uniform(0.005, 0.05)))
    for row in thin_back:
        _push(made, rings, int(row), side, -float(rng.uniform(0.005, 0.05)))
    for row in crossed:
        rings[row, [1, 2 * STEPS + 1]] = rings[row, [2 * STEPS + 1, 1]]  # from the south side to the north and back
        made.crossed.append(int(row))
    geoms = np.asarray(shapely.polygons(rings), dtype=object)
    for number, row in enumerate(twice):
        pair = (int(row), len(geoms) + number)
        made.twins.append(pair)
        made.overlaps[pair] = float(shapely.area(geoms[row]))
    made.geoms = np.concatenate([geoms, geoms[twice]])
    made.villages = np.concatenate([made.villages, made.villages[twice]])
    return made


def with_t_junctions(side: int, seed: int = 2016) -> Coverage:
    """A straight mesh in which every second parcel (as on a chess-board) lacks the vertices between its corners."""
    rings = _rings(side, seed, straight=True)
    geoms = np.asarray(shapely.polygons(rings), dtype=object)
    row, column = np.divmod(np.arange(side * side), side)
    bare = (row + column) % 2 == 1
    geoms[bare] = shapely.polygons(rings[bare][:, [0, STEPS, 2 * STEPS, 3 * STEPS, 0]])
    return Coverage(geoms, _villages(side))


def overlaid(side: int, offset: tuple[float, float] = (25.0, 10.0), seed: int = 2016) -> Coverage:
    """A mesh, and over its first quarter a second layer of the same parcels, moved by `offset` metres."""
    below = mesh(side, seed)
    row, column = np.divmod(np.arange(side * side), side)
    again = (row < side // 2) & (column < side // 2)
    above = shapely.transform(below.geoms[again], lambda xy: xy + np.array(offset))
    return Coverage(
        np.concatenate([below.geoms, above]), np.concatenate([below.villages, below.villages[again]])
    )


def shifted(side: int, seed: int = 2016, share: float = 1.0) -> Coverage:
    """A mesh of which a share of the parcels (all: no edge has a twin) was moved, each as a whole, by up to a centimetre."""
    rng = np.random.default_rng(seed)
    rings = _rings(side, seed, straight=False)
    moved = rng.uniform(-0.01, 0.01, (len(rings), 1, 2))
    moved[rng.permutation(len(rings))[round(share * len(rings)) :]] = 0.0
    return Coverage(np.asarray(shapely.polygons(rings + moved), dtype=object), _villages(side))


def _villages(side: int) -> NDArray[np.int64]:
    row, column = np.divmod(np.arange(side * side), side)
    return np.asarray((row // VILLAGE_SIDE) * (side // VILLAGE_SIDE + 1) + column // VILLAGE_SIDE, dtype=np.int64)


def _rings(side: int, seed: int, *, straight: bool) -> NDArray[np.float64]:
    """The closed rings (side² × 13 × 2), counter-clockwise from the south-west corner."""
    rng = np.random.default_rng(seed)
    count = side * STEPS + 1
    at = np.arange(count) * CELL_M / STEPS
    x, y = (WEST + at[:, None]).repeat(count, 1), (SOUTH + at[None, :]).repeat(count, 0)
    crooked_x, crooked_y = rng.uniform(-_CROOKED_M, _CROOKED_M, (2, count, count))
    x, y = x + crooked_x, y + crooked_y
    if straight:
        _straighten(x)
        _straighten(y)
    else:
        x, y = np.round(x, 3), np.round(y, 3)  # a survey's coordinates have three decimals
    around = [(i, 0) for i in range(STEPS)] + [(STEPS, i) for i in range(STEPS)]
    around += [(STEPS - i, STEPS) for i in range(STEPS)] + [(0, STEPS - i) for i in range(STEPS)]
    east, north = np.divmod(np.arange(side * side), side)
    rings = np.empty((side * side, len(around) + 1, 2))
    for place, (a, b) in enumerate([*around, around[0]]):
        rings[:, place, 0] = x[east * STEPS + a, north * STEPS + b]
        rings[:, place, 1] = y[east * STEPS + a, north * STEPS + b]
    return rings


def _straighten(values: NDArray[np.float64]) -> None:
    """Put the nodes between two corners of parcels on the line between these."""
    for between in range(1, STEPS):
        part = between / STEPS
        low, high = values[:-1:STEPS], values[STEPS::STEPS]
        values[between::STEPS] = low * (1 - part) + high * part
    for between in range(1, STEPS):
        part = between / STEPS
        low, high = values[:, :-1:STEPS], values[:, STEPS::STEPS]
        values[:, between::STEPS] = low * (1 - part) + high * part


def _push(made: Coverage, rings: NDArray[np.float64], row: int, side: int, by: float) -> None:
    """Push the middle vertex of a parcel's eastern boundary outwards by `by` metres; inwards where it is negative."""
    place = STEPS + 1  # the first vertex after the south-east corner
    before, old, after = rings[row, place - 1], rings[row, place].copy(), rings[row, place + 1]
    new = np.round(old + np.array([by, 0.0]), 3)
    rings[row, place] = new
    moved = shapely.Polygon([before, old, after, new])
    if not moved.is_valid:
        message = "a fault was drawn across itself"
        raise AssertionError(message)
    if by > 0:
        made.overlaps[(row, row + side)] = moved.area
    else:
        inside = moved.representative_point()
        made.gaps.append((moved.area, (inside.x, inside.y)))
