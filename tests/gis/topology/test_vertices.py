"""Is every vertex that a neighbour lacks found, and every spike?"""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from bench import coverage as drawn
from gis.topology import boundaries_of, spikes, unshared_vertices

REACH_M = 0.05


def test_a_sound_mesh_shares_all_its_vertices() -> None:
    """Bit for bit the same: nothing to say."""
    assert unshared_vertices(boundaries_of(drawn.mesh(20).geoms), REACH_M) == []


def test_every_t_junction_is_found_once() -> None:
    """On a chess-board whose black parcels lack the two vertices between their corners: two for each common side."""
    made = drawn.with_t_junctions(12)
    found = unshared_vertices(boundaries_of(made.geoms), REACH_M)
    row, column = np.divmod(np.arange(12 * 12), 12)
    black = (row + column) % 2 == 1
    assert len(found) == 2 * 2 * 12 * 11
    assert {one.kind for one in found} == {"t-junction"}
    assert all(black[one.other] and not black[one.row] for one in found)
    assert all(one.distance_m < 1e-6 for one in found)


@given(st.integers(1, 49), st.integers(0, 359))
def test_a_vertex_that_should_be_the_neighbours_is_found_from_both_sides(millimetres: int, degrees: int) -> None:
    """Moved by 1 to 49 mm: both parcels, both places and the distance are named; the other neighbours share theirs."""
    geoms = drawn.mesh(3).geoms.copy()
    ring = np.array(geoms[4].exterior.coords)
    old = ring[4].copy()  # on the side towards row 7
    far = millimetres / 1000
    ring[4] = old + far * np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])
    geoms[4] = shapely.Polygon(ring)
    found = unshared_vertices(boundaries_of(geoms), REACH_M)
    assert [(one.kind, one.row, one.other) for one in found] == [("unshared", 4, 7), ("unshared", 7, 4)]
    for one in found:
        assert one.distance_m == pytest.approx(far, abs=1e-8)
        assert {one.point, one.nearest} == {tuple(ring[4].tolist()), tuple(old.tolist())}


def test_a_vertex_beyond_reach_is_left_to_overlaps_and_gaps() -> None:
    """Moved by 30 cm, the land between says more."""
    geoms = drawn.mesh(3).geoms.copy()
    ring = np.array(geoms[4].exterior.coords)
    ring[4, 0] += 0.3
    geoms[4] = shapely.Polygon(ring)
    assert unshared_vertices(boundaries_of(geoms), REACH_M) == []


def test_a_vertex_on_the_line_of_a_hole_is_a_t_junction() -> None:
    """An island parcel has a vertex more than the hole that it fills; a bow-tie and an empty row disturb nobody."""
    hole = [(2, 2), (2, 4), (4, 4), (4, 2), (2, 2)]
    around = shapely.Polygon([(2, 2), (9, 0), (9, 9), (0, 9)], [[(2.5, 2.5), (2.5, 4), (4, 4), (4, 2.5)]])
    island = shapely.Polygon([(2.5, 2.5), (3, 2.5), (4, 2.5), (4, 4), (2.5, 4)])
    bow_tie = shapely.Polygon([*hole[:2], (4, 2), (4, 4)])
    found = unshared_vertices(boundaries_of(np.array([None, around, bow_tie, island], dtype=object)), REACH_M)
    assert [(one.kind, one.row, one.other, one.point) for one in found] == [("t-junction", 3, 1, (3.0, 2.5))]


@pytest.mark.parametrize(("width", "expected"), [(0.02, 1), (2.0, 0)])
def test_a_boundary_that_turns_back_is_a_spike(width: float, expected: int) -> None:
    """Ten metres out and back within 2 cm is a spike; within 2 m it is a corner. In a hole as in the outline."""
    spike = [(0, 0), (5 - width, 0), (5, -10), (5 + width, 0), (10, 0), (10, 10), (0, 10)]
    holed = shapely.Polygon([(-20, -20), (30, -20), (30, 30), (-20, 30)], [spike])
    parcels = np.array([shapely.box(50, 0, 60, 10), shapely.Polygon(spike), holed, None], dtype=object)
    found = spikes(boundaries_of(parcels), 2.0)
    assert [(one.row, one.point) for one in found] == [(1, (5.0, -10.0)), (2, (5.0, -10.0))][: 2 * expected]
    for one in found:
        assert one.degrees == pytest.approx(2 * np.degrees(np.arctan(width / 10)), rel=1e-6)
