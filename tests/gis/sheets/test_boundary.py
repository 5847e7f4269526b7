"""Is a printed boundary numbered as the standard asks, and can each printed length be recomputed from the print?"""

from __future__ import annotations

import doctest
from decimal import ROUND_HALF_UP, Decimal, localcontext

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis.sheets import BoundaryTooSmall, Side, boundary, numbered

WEST, SOUTH = 574_000.0, 4_263_000.0


@st.composite
def polygons(draw: st.DrawFn) -> shapely.Polygon:
    """Polygons round a middle, 3 to 40 points at odd fractions of a millimetre, at random with a hole."""
    many = draw(st.integers(3, 40))
    size = draw(st.sampled_from([3.0, 40.0, 900.0, 8_000.0]))
    radii = draw(st.lists(st.floats(0.5, 1.0), min_size=many, max_size=many))
    angles = np.sort(np.arange(many) + np.array(draw(st.lists(st.floats(0.1, 0.9), min_size=many, max_size=many))))
    turns = angles * 2 * np.pi / many
    ring = np.stack([np.cos(turns), np.sin(turns)], axis=1) * (np.array(radii) * size)[:, None] + (WEST, SOUTH)
    hole = [ring.mean(axis=0) + size * 0.05 * np.array(corner) for corner in ((0, 0), (1, 0), (0, 1))]
    shape = shapely.Polygon(ring, [hole] if draw(st.booleans()) else [])
    return shape if shape.is_valid else shapely.Polygon(ring).buffer(0)


def recomputed(side: Side, after: Side) -> str:
    """What a surveyor with a calculator finds from two printed points: the root in 60 digits, rounded half up."""
    with localcontext() as context:
        context.prec = 60
        north, east = Decimal(after.x) - Decimal(side.x), Decimal(after.y) - Decimal(side.y)
        return str((north * north + east * east).sqrt().quantize(Decimal("0.01"), ROUND_HALF_UP))


@given(polygons())
def test_each_printed_length_is_that_between_the_printed_points(shape: shapely.Polygon) -> None:
    """The clerk's first check: side lengths agree with the coordinate table to the centimetre, every one."""
    for ring in numbered(shape):
        following = {side.number: side for side in ring}
        assert [side.length for side in ring] == [recomputed(side, following[side.to]) for side in ring]


@given(polygons())
def test_points_run_clockwise_from_the_north_west_and_are_the_surveyed_ones(shape: shapely.Polygon) -> None:
    """J1 is the point furthest to the north-west; the land lies to the right; printed points are the survey's to 1 mm."""
    rings = numbered(shape)
    assert [side.number for ring in rings for side in ring] == list(range(1, sum(map(len, rings)) + 1))
    outer = [(side.east_mm / 1000, side.north_mm / 1000) for side in rings[0]]
    # A polygon as small as this may touch itself once rounded: only its turn is looked at.
    assert not shapely.LinearRing(outer).is_ccw
    assert max(north - east for east, north in outer) == pytest.approx(outer[0][1] - outer[0][0], abs=1e-6)
    surveyed = shapely.MultiPoint(shapely.get_coordinates(shape))
    for ring in rings:
        for side in ring:
            assert surveyed.distance(shapely.Point(side.east_mm / 1000, side.north_mm / 1000)) < 0.00071
    for hole in rings[1:]:
        assert shapely.LinearRing([(s.east_mm, s.north_mm) for s in hole]).is_ccw


def test_pieces_are_numbered_on_from_the_north_western_one() -> None:
    """A parcel in two pieces has one run of numbers: no point of it can be taken for another."""
    pieces = (shapely.box(WEST + 50, SOUTH, WEST + 60, SOUTH + 10), shapely.box(WEST, SOUTH, WEST + 9, SOUTH + 9))
    shape = shapely.MultiPolygon(pieces)
    first, second = numbered(shape)
    assert (first[0].y, first[0].x) == ("574000.000", "4263009.000")
    assert [side.number for side in second] == [5, 6, 7, 8]
    assert second[-1].to == 5


def test_points_that_print_alike_are_one_point() -> None:
    """Two vertices half a millimetre apart would print as one point with a side of 0.00 m."""
    ring = [(WEST, SOUTH), (WEST, SOUTH + 10), (WEST + 0.0002, SOUTH + 10.0002), (WEST + 10, SOUTH)]
    (sides,) = numbered(shapely.Polygon(ring))
    assert len(sides) == 3
    assert "0.00" not in {side.length for side in sides}


def test_boundary_within_a_millimetre_is_refused() -> None:
    """Nothing is printed that could not be measured."""
    with pytest.raises(BoundaryTooSmall):
        numbered(shapely.box(WEST, SOUTH, WEST + 0.0001, SOUTH + 0.0001))


def test_doctests() -> None:
    """The examples in the docstrings hold."""
    assert doctest.testmod(boundary).failed == 0
