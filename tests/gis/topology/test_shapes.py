"""Is every faulty shape and stray parcel found, and none invented?"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gis.topology import geometry_faults, outside
from tests.gis.polygons import parcel_arrays

WEST, SOUTH = 574_000.0, 4_263_000.0


def _box(x: float, y: float, wide: float = 10.0, high: float = 10.0) -> shapely.Polygon:
    return shapely.box(WEST + x, SOUTH + y, WEST + x + wide, SOUTH + y + high)


def _reaching(north: float) -> shapely.Polygon:
    with np.errstate(invalid="ignore"):
        return shapely.Polygon([(0, 0), (1, 0), (1, north), (0, 0)])


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


def test_parcel_that_leaves_its_village_is_found() -> None:
    """Beyond the boundary by more than the tolerance is outside, on it or within the tolerance is not."""
    village = _box(0, 0, 100, 100)
    geoms = np.array(
        [_box(0, 0), _box(90, 90), _box(90.0005, 0), _box(95, 50), _box(200, 0), None, shapely.Polygon()], dtype=object
    )
    found = outside(geoms, village, 0.001)
    assert [(row, round(area, 3)) for row, area, _ in found] == [(3, 50.0), (4, 100.0)]
    assert all(not village.covers(shapely.Point(point)) for _, _, point in found)
