"""Is every faulty shape, overlap and stray parcel found, and none invented?"""

from __future__ import annotations

import math
import time
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gis.topology import XY_TOLERANCE_M, geometry_faults, outside, overlaps
from tests.gis.polygons import parcel_arrays, parcels

WEST, SOUTH = 574_000.0, 4_263_000.0


def _box(x: float, y: float, wide: float = 10.0, high: float = 10.0) -> shapely.Polygon:
    return shapely.box(WEST + x, SOUTH + y, WEST + x + wide, SOUTH + y + high)


def _reaching(north: float) -> shapely.Polygon:
    with np.errstate(invalid="ignore"):
        return shapely.Polygon([(0, 0), (1, 0), (1, north), (0, 0)])


def _coverage(side: int, cell_m: float = 24.0, steps: int = 3) -> NDArray[Any]:
    """Make side x side parcels of 4 * steps vertices whose crooked boundaries are shared bit for bit."""
    random = np.random.default_rng(2016)
    at = np.arange(side * steps + 1) * cell_m / steps
    x, y = np.meshgrid(at, at, indexing="ij")
    x = WEST + x + random.uniform(-2, 2, x.shape)
    y = SOUTH + y + random.uniform(-2, 2, y.shape)
    up = [(0, 0)] + [(0, i) for i in range(1, steps)] + [(i, steps) for i in range(steps)]
    down = [(steps, steps - i) for i in range(steps)] + [(steps - i, 0) for i in range(steps)]
    ring = [*up, *down, (0, 0)]
    i, j = np.divmod(np.arange(side * side), side)
    corners = np.empty((side * side, len(ring), 2))
    for vertex, (a, b) in enumerate(ring):
        corners[:, vertex, 0] = x[i * steps + a, j * steps + b]
        corners[:, vertex, 1] = y[i * steps + a, j * steps + b]
    return np.asarray(shapely.polygons(corners), dtype=object)


@given(parcel_arrays())
def test_sound_parcels_have_no_fault(geoms: NDArray[Any]) -> None:
    """A valid polygon, with a hole or in parts, is never reported."""
    assert geometry_faults(geoms) == []


@pytest.mark.parametrize(
    ("geom", "code", "place"),
    [
        (None, "null", None),
        (shapely.Polygon(), "empty", None),
        (shapely.Point(1, 2), "not_polygon", None),
        (shapely.LineString([(0, 0), (1, 1)]), "not_polygon", None),
        (_reaching(math.nan), "not_finite", None),
        (_reaching(math.inf), "not_finite", None),
        (shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2), (0, 0)]), "invalid", (1.0, 1.0)),
        (shapely.Polygon([(0, 0), (9, 0), (9, 9)], [[(20, 20), (21, 20), (21, 21)]]), "invalid", (20.0, 20.0)),
        (shapely.Polygon([(0, 0), (5, 0), (9, 0)]), "zero_area", (0.0, 0.0)),
        (shapely.Polygon([(0, 0), (9, 0), (9, 0.0004), (9, 9), (0, 0)]), "duplicate_vertex", (9.0, 0.0004)),
    ],
)
def test_faulty_shape_is_named_with_its_place(
    geom: BaseGeometry | None, code: str, place: tuple[float, float] | None
) -> None:
    """Each kind of fault has its code, its coordinates where it has any, and both languages."""
    (fault,) = geometry_faults(np.array([_box(0, 0), geom], dtype=object))
    assert (fault.row, fault.code, fault.place) == (1, code, place)
    assert fault.zh
    assert fault.en


def test_spike_and_hole_on_the_edge_are_told_in_words() -> None:
    """The reason is GEOS's own, in Chinese and English, with coordinates to the millimetre."""
    bow_tie = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2), (0, 0)])
    (fault,) = geometry_faults(np.array([bow_tie], dtype=object))
    assert fault.zh == "边界自相交，位于 (1.000, 1.000)；请改正边界"
    assert fault.en == "self-intersection at (1.000, 1.000): correct the boundary"


def test_duplicate_vertices_are_looked_for_in_holes_and_parts_and_not_across_rings() -> None:
    """Only neighbours in one ring count: a hole may start where the shell ends."""
    hole = [(2, 2), (4, 2), (4, 2), (4, 4), (2, 2)]
    holed = shapely.Polygon([(0, 0), (9, 0), (9, 9), (0, 9)], [hole])
    parts = shapely.MultiPolygon([_box(0, 0), shapely.Polygon([(0, 0), (0, 0), (5, 0), (5, 5)])])
    touching = shapely.Polygon([(0, 0), (9, 0), (9, 9), (0, 9)], [[(0, 0), (3, 1), (1, 3), (0, 0)]])
    found = geometry_faults(np.array([holed, parts, touching], dtype=object))
    assert [(fault.row, fault.code) for fault in found] == [(0, "duplicate_vertex"), (1, "duplicate_vertex")]


def test_neighbours_that_share_a_boundary_do_not_overlap() -> None:
    """Edges and corners in common are no overlap, nor is a vertex on a neighbour's straight edge (T-junction)."""
    line = [_box(0, 0), _box(10, 0), _box(10, 10), _box(0, 10, 5), _box(5, 10, 5)]
    assert overlaps(np.array(line, dtype=object)) == []
    assert overlaps(_coverage(12)) == []


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


def test_parcel_that_leaves_its_village_is_found() -> None:
    """Beyond the boundary by more than the tolerance is outside, on it or within the tolerance is not."""
    village = _box(0, 0, 100, 100)
    geoms = np.array(
        [_box(0, 0), _box(90, 90), _box(90.0005, 0), _box(95, 50), _box(200, 0), None, shapely.Polygon()], dtype=object
    )
    found = outside(geoms, village, 0.001)
    assert [(row, round(area, 3)) for row, area, _ in found] == [(3, 50.0), (4, 100.0)]
    assert all(not village.covers(shapely.Point(point)) for _, _, point in found)


def test_checks_of_10_000_parcels_stay_far_from_quadratic() -> None:
    """100,000 parcels of 12 vertices are owed under 4 s on an idle 2-core machine; a tenth here with room for noise."""
    geoms = _coverage(100)
    start = time.perf_counter()
    assert geometry_faults(geoms) == []
    assert overlaps(geoms) == []
    assert outside(geoms, shapely.box(*shapely.total_bounds(geoms)), XY_TOLERANCE_M) == []
    assert time.perf_counter() - start < 4
