"""Is every overlap among a handful of parcels found, and none invented?"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from bench.coverage import mesh
from gis.topology import XY_TOLERANCE_M, outside, overlaps
from tests.gis.polygons import parcels

WEST, SOUTH = 574_000.0, 4_263_000.0


def _box(x: float, y: float, wide: float = 10.0, high: float = 10.0) -> shapely.Polygon:
    return shapely.box(WEST + x, SOUTH + y, WEST + x + wide, SOUTH + y + high)


def _reaching(north: float) -> shapely.Polygon:
    with np.errstate(invalid="ignore"):
        return shapely.Polygon([(0, 0), (1, 0), (1, north), (0, 0)])


def test_neighbours_that_share_a_boundary_do_not_overlap() -> None:
    """Edges and corners in common are no overlap, nor is a vertex on a neighbour's straight edge (T-junction)."""
    line = [_box(0, 0), _box(10, 0), _box(10, 10), _box(0, 10, 5), _box(5, 10, 5)]
    assert overlaps(np.array(line, dtype=object)) == []
    assert overlaps(mesh(12).geoms) == []


@given(st.integers(2, 9_000), st.integers(2, 9_000))
def test_overlap_is_measured_and_placed(wide_mm: int, high_mm: int) -> None:
    """Two squares pushed over each other share exactly what arithmetic says, and the point lies in both."""
    left, right = _box(0, 0), _box(10 - wide_mm / 1000, 10 - high_mm / 1000)
    found = overlaps(np.array([left, right], dtype=object))
    area_m2 = wide_mm * high_mm / 1e6
    if area_m2 < 0.0099:
        assert found == []
    elif area_m2 > 0.0101 and min(wide_mm, high_mm) > 2:
        ((i, j, measured, point),) = found
        assert (i, j) == (0, 1)
        assert measured == pytest.approx(area_m2, rel=1e-5)
        assert left.intersection(right).covers(shapely.Point(point))


def test_duplicate_and_contained_parcels_overlap() -> None:
    """What is equal or within overlaps too, which ST_Overlaps misses (performance.md)."""
    geoms = np.array([_box(0, 0), _box(0, 0), _box(2, 2, 3, 3)], dtype=object)
    assert [(i, j, round(area, 6)) for i, j, area, _ in overlaps(geoms)] == [(0, 1, 100.0), (0, 2, 9.0), (1, 2, 9.0)]


def test_boundaries_that_differ_by_less_than_the_tolerance_do_not_overlap() -> None:
    """2 km of fence drawn 0.9 mm over the neighbour is 1.8 m², yet one boundary (XY tolerance 0.001 m)."""
    for over, is_found in ((0.9 * XY_TOLERANCE_M, False), (2 * XY_TOLERANCE_M, True)):
        geoms = np.array([_box(0, 0, 10, 2_000), _box(10 - over, 0, 10, 2_000)], dtype=object)
        assert bool(overlaps(geoms)) is is_found


def test_overlaps_are_looked_for_within_a_group_only() -> None:
    """A grazing ban may lie on a pasture; two pastures may not lie on each other."""
    geoms = np.array([_box(0, 0), _box(5, 0), _box(6, 0)], dtype=object)
    groups = ["grass", "ban", "grass"]
    assert [(i, j) for i, j, _, _ in overlaps(geoms, groups)] == [(0, 2)]


def test_overlaps_leave_out_what_is_no_parcel() -> None:
    """Null, empty, invalid and other geometries neither overlap nor disturb."""
    bow_tie = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2), (0, 0)])
    no_parcels = [None, shapely.Polygon(), bow_tie, shapely.Point(1, 1), _reaching(math.nan), _reaching(math.inf)]
    geoms = np.array([*no_parcels, _box(0, 0), _box(9, 0)], dtype=object)
    assert [(i, j) for i, j, _, _ in overlaps(geoms)] == [(6, 7)]
    assert overlaps(geoms[:6]) == []
    assert outside(geoms[:6], _box(0, 0)) == []


@given(st.lists(parcels(), min_size=2, max_size=6))
def test_overlaps_agree_with_asking_every_pair(geoms: list[Any]) -> None:
    """The index and the shortcuts leave nothing out: every pair intersected one by one says the same."""
    shifted = [shapely.transform(geom, lambda xy: xy - xy[0] + np.array([WEST, SOUTH])) for geom in geoms]
    expected = {
        (i, j)
        for i in range(len(shifted))
        for j in range(i + 1, len(shifted))
        if shifted[i].intersection(shifted[j]).buffer(-XY_TOLERANCE_M / 2).area > 0
        and shifted[i].intersection(shifted[j]).area > 0.01
    }
    assert {(i, j) for i, j, _, _ in overlaps(np.array(shifted, dtype=object))} == expected


