"""Does what is softened show nothing finer than a cell and nothing larger than the limit, whatever is laid together?"""

from __future__ import annotations

import doctest

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis import softening
from gis.softening import softened

PRECISION_M, NARROW_M2, WIDE_M2 = 100, 6e6, 25e6
METRES = st.integers(0, 12_000)


def squares(places: list[tuple[int, int, int]]) -> np.ndarray:
    """Squares by south-west corner and side, in metres and millimetres."""
    return np.array([shapely.box(x + 0.123, y + 0.456, x + side, y + side) for x, y, side in places], dtype=object)


LAND = st.lists(st.tuples(METRES, METRES, st.integers(1, 9_000)), min_size=1, max_size=3).map(squares)
ANSWERS = st.lists(st.tuples(LAND, st.sampled_from([NARROW_M2, WIDE_M2])), min_size=1, max_size=4)


def test_doctest() -> None:
    """What the module shows is what it does."""
    assert doctest.testmod(softening).failed == 0


@given(ANSWERS)
def test_answers_laid_together_are_whole_cells_broken_within_the_limit(asked: list[tuple[np.ndarray, float]]) -> None:
    """Law S13: of any land, under the narrow limit and the wide one, the union is cells, and no piece above the wide one."""
    together = shapely.union_all([softened(land, PRECISION_M, limit) for land, limit in asked])
    assert not (shapely.get_coordinates(together) % PRECISION_M).any()
    assert max((part.area for part in shapely.get_parts(together)), default=0) <= WIDE_M2
    whole = shapely.union_all([shape for land, _ in asked for shape in land])
    assert together.difference(whole.buffer(PRECISION_M * 1.5)).is_empty  # nothing is shown where no land is


@given(LAND, st.integers(0, 99), st.integers(0, 99))
def test_shapes_in_the_same_cells_cannot_be_told_apart(land: np.ndarray, east: int, north: int) -> None:
    """Differencing: where a corner lies within its cell is in no answer, so two answers differ by whole cells or not at all."""
    corner = np.floor(shapely.bounds(land[0])[:2] / PRECISION_M) * PRECISION_M
    one = shapely.box(*(corner + 1), *(corner + 2))
    other = shapely.affinity.translate(shapely.box(*(corner + 0.25), *(corner + 0.75)), east, north)
    both = [softened(np.array([*land, each], dtype=object), PRECISION_M, WIDE_M2) for each in (one, other)]
    assert both[0].equals(both[1])


def test_limit_below_one_cell_shows_nothing_and_no_precision_is_refused() -> None:
    """A county may set a limit so narrow that no cell fits: then nothing is shown."""
    land = squares([(50, 50, 5_000)])
    assert softened(land, PRECISION_M, 9_999).is_empty
    assert softened(np.empty(0, dtype=object), PRECISION_M, WIDE_M2).is_empty
    with pytest.raises(ValueError, match="0"):
        softened(land, 0, WIDE_M2)
