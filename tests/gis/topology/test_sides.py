"""Does each neighbour stand on the side on which it lies, and nobody on a side on which they do not?"""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis.topology import REACH_M, SIDES, sides

STEPS = (("east", 1, 0), ("south", 0, -1), ("west", -1, 0), ("north", 0, 1))


@given(
    wide=st.lists(st.floats(40, 4000), min_size=3, max_size=3),
    high=st.lists(st.floats(40, 4000), min_size=3, max_size=3),
    crooked=st.integers(0, 2**32 - 1),
    apart=st.one_of(st.just(0.0), st.floats(0.001, 0.4)),
)
def test_in_a_grid_each_side_has_its_cell(wide: list[float], high: list[float], crooked: int, apart: float) -> None:
    """Nine cells with crooked corners, a ridge apart: the middle one has one neighbour a side, the corner cells none."""
    xs, ys = 574_000 + np.cumsum([0.0, *wide]), 4_263_000 + np.cumsum([0.0, *high])
    at = np.stack(np.meshgrid(xs, ys, indexing="ij"), axis=-1)
    # By a tenth of the narrowest cell at most: no fence turns over the diagonal, no corner cell gets 3 m of common line.
    at += np.random.default_rng(crooked).uniform(-0.05, 0.05, at.shape) * min(*wide, *high)
    rings = {(i, j): [at[i, j], at[i, j + 1], at[i + 1, j + 1], at[i + 1, j]] for i in range(3) for j in range(3)}
    cells = {key: shapely.buffer(shapely.Polygon(ring), -apart, join_style="mitre") for key, ring in rings.items()}
    others = [key for key in cells if key != (1, 1)]
    found = sides(cells[1, 1], [cells[key] for key in others])
    assert {side: [others[n] for n in found[side]] for side in SIDES} == {side: [(1 + dx, 1 + dy)] for side, dx, dy in STEPS}


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_several_on_a_side_stand_in_the_order_of_their_common_line(turn: int) -> None:
    """Three to the east, turned round with the whole: they turn with it, the longest first; across a road stands nobody."""
    own = shapely.box(0, 0, 100, 100)
    others = [
        shapely.box(100, 0, 150, 20), shapely.box(100, 20, 150, 70), shapely.box(100, 70, 150, 100),
        shapely.box(-50, 0, -2 * REACH_M, 100), shapely.box(100, 100, 150, 150),
    ]  # fmt: skip
    spun = shapely.transform(np.array([own, *others], dtype=object), _spinner(turn))
    found = sides(spun[0], list(spun[1:]))
    place = ("east", "north", "west", "south")[turn // 90]
    assert found == {side: [1, 2, 0] if side == place else [] for side in SIDES}


def test_who_wraps_round_a_parcel_stands_on_both_sides_and_who_lies_on_it_on_none() -> None:
    """An L to the east and north; a yard inside; nobody at all."""
    own = shapely.box(0, 0, 100, 100)
    around = shapely.Polygon([(100, 0), (200, 0), (200, 200), (0, 200), (0, 100), (100, 100)])
    found = sides(own, [around, shapely.box(80, 40, 100, 60)])
    assert found == {"east": [0], "south": [], "west": [], "north": [0]}
    assert sides(own, []) == {side: [] for side in SIDES}


def _spinner(turn: int) -> object:
    cosine, sine = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    return lambda points: points @ np.array([[cosine, sine], [-sine, cosine]])
