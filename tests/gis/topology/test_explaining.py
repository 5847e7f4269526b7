"""Is the likely cause of an overlap named, and would the repair mend it?"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from bench import coverage as drawn
from gis.topology import coverage_faults
from gis.topology.explaining import Cause, Explained, explained

SIDE, EACH = 62, 50


def _planted(cause: Cause, seed: int) -> tuple[NDArray[Any], set[tuple[int, int]]]:
    """A sound mesh in which one cause made overlaps at 50 places, and the pairs at these places."""
    rng = np.random.default_rng(seed)
    mesh = drawn.mesh(SIDE, seed)
    geoms = mesh.geoms.copy()
    places = (np.arange(1, SIDE - 2, 4)[:, None] * SIDE + np.arange(1, SIDE - 2, 4)[None, :]).ravel()
    rows = rng.choice(places, EACH, replace=False)
    if cause == "duplicate":
        rings = [np.array(shape.exterior.coords)[:-1] for shape in geoms[rows]]
        again = np.array([shapely.Polygon(ring + rng.uniform(-0.01, 0.01, ring.shape)) for ring in rings])
        pairs = {(int(row), len(geoms) + number) for number, row in enumerate(rows)}
        return np.concatenate([geoms, again]), pairs
    for row in rows:
        ring = np.array(geoms[row].exterior.coords)[:-1]
        if cause == "shifted":
            angle, far = rng.uniform(0, 2 * np.pi), rng.uniform(0.2, 4.0)
            ring += far * np.array([np.cos(angle), np.sin(angle)])
        elif cause == "sliver":  # the eastern boundary was drawn by eye, up to 20 cm too far
            ring[3:7, 0] += rng.uniform(0.02, 0.2, 4)
            ring[3:7, 1] += rng.uniform(-0.1, 0.1, 4)
        else:  # it was drawn across the neighbour's land
            ring[4:6, 0] += rng.uniform(15, 30)
        geoms[row] = shapely.Polygon(ring)
    return geoms, {(int(row), int(row) + SIDE) for row in rows}


def _explanations(cause: Cause, seed: int) -> list[Explained]:
    geoms, pairs = _planted(cause, seed)
    found = coverage_faults(geoms, np.zeros(len(geoms))).overlaps
    if cause == "shifted":  # which neighbours a moved parcel comes to lie on, the direction says
        moved = {i for i, _ in pairs}
        wanted = [one for one in found if one.i in moved or one.j in moved]
    else:
        wanted = [one for one in found if (one.i, one.j) in pairs]
    return explained(geoms, wanted)


@pytest.mark.parametrize("cause", ["duplicate", "shifted", "sliver", "drawn-over"])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_likely_cause_is_named_in_95_of_100(cause: Cause, seed: int) -> None:
    """Fifty of each, twice; a moved parcel comes to lie on two or three neighbours, on some with a corner only."""
    named = Counter(one.cause for one in _explanations(cause, seed))
    assert named.total() >= EACH
    assert named[cause] >= 0.95 * named.total(), named


@pytest.mark.parametrize("cause", ["duplicate", "shifted", "sliver", "drawn-over"])
def test_the_repair_would_leave_nothing_shared(cause: Cause) -> None:
    """Taken out, moved back or cut along the neighbour's line: the two share no land any more."""
    for one in _explanations(cause, 3):
        if one.cause == "shifted":
            assert one.left_m2 < 0.02 * max(one.overlap.area_m2, 1.0)
        else:
            assert one.left_m2 == pytest.approx(0, abs=1e-6)


def test_the_vector_of_a_shift_is_found() -> None:
    """A parcel moved by 1.20 m east and 0.40 m north is said to lie off by that."""
    geoms = drawn.mesh(4).geoms.copy()
    geoms[9] = shapely.transform(geoms[9], lambda xy: xy + np.array([1.2, 0.4]))
    told = explained(geoms, coverage_faults(geoms, np.zeros(16)).overlaps)
    assert [one.row for one in told] == [9] * len(told)
    assert [one.moved for one in told] == [pytest.approx((1.2, 0.4), abs=0.001)] * len(told)


def test_equal_yards_in_a_row_are_not_taken_for_shifted() -> None:
    """Each matches the next when moved by a whole yard; the overlap is still a line drawn a little too far."""
    yards = np.array([shapely.box(x, 0, x + 20.3, 20) for x in (0, 20, 40)], dtype=object)
    told = explained(yards, coverage_faults(yards, [0, 0, 0]).overlaps)
    assert {one.cause for one in told} == {"sliver"}
