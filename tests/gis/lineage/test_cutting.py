"""Parts of a parcel are its land and nothing else, and share their boundary bit for bit."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from gis.lineage import CutError, DoesNotCut, LeavesSliver, MovesOutside, NotAdjoining, adjust, cut, join, noded
from gis.topology import overlaps

EAST, NORTH = 590_000.0, 4_270_000.0


def box(east: float, north: float, width: float, height: float) -> shapely.Polygon:
    """A field; the numbers are metres from the middle of the banner."""
    return shapely.box(EAST + east, NORTH + north, EAST + east + width, NORTH + north + height)


def line(*points: tuple[float, float]) -> shapely.LineString:
    """A line through points given in metres from the middle of the banner."""
    return shapely.LineString([(EAST + east, NORTH + north) for east, north in points])


@st.composite
def fields(draw: st.DrawFn) -> shapely.Polygon:
    """A star-shaped field of 5 to 14 vertices, 60 to 400 m wide."""
    count = draw(st.integers(5, 14))
    radii = draw(st.lists(st.floats(30, 200), min_size=count, max_size=count))
    turns = [2 * math.pi * number / count for number in range(count)]
    return shapely.Polygon([(EAST + r * math.cos(t), NORTH + r * math.sin(t)) for r, t in zip(radii, turns, strict=True)])


@given(fields(), st.floats(0, math.pi), st.floats(-20, 20))
def test_a_cut_keeps_all_land_and_shares_the_line(field: shapely.Polygon, turn: float, aside: float) -> None:
    """I27: no overlap, no gap; the parts' common boundary has the same vertices from both sides; joined they are the field."""
    way = np.array([math.cos(turn), math.sin(turn)])
    middle = np.array([EAST, NORTH]) + aside * np.array([-way[1], way[0]])
    try:
        parts = cut(field, shapely.LineString([middle - 500 * way, middle + 500 * way]))
    except CutError:
        assume(False)
        raise
    assert overlaps(np.array(parts, dtype=object)) == []
    assert math.isclose(sum(part.area for part in parts), field.area, rel_tol=1e-9)
    assert all(part.is_valid for part in parts)
    old = set(map(tuple, shapely.get_coordinates(field).tolist()))
    new = [set(map(tuple, shapely.get_coordinates(part).tolist())) - old for part in parts]
    assert set().union(*new) == {at for some in new for at in some}
    for at in set().union(*new):
        assert sum(at in some for some in new) >= 2
    assert old <= set().union(*(set(map(tuple, shapely.get_coordinates(part).tolist())) for part in parts))
    assert join(parts).symmetric_difference(field).area < 1e-6


def test_a_line_that_stops_inside_or_misses_does_not_cut() -> None:
    """A surveyor's line must reach both boundaries; nothing is guessed."""
    field = box(0, 0, 100, 100)
    for stroke in (line((-10, 50), (60, 50)), line((-10, 200), (110, 200))):
        with pytest.raises(DoesNotCut, match="past the boundary"):
            cut(field, stroke)


def test_a_line_along_the_boundary_leaves_a_sliver_and_is_refused() -> None:
    """Half a millimetre beside the fence is no parcel."""
    with pytest.raises(LeavesSliver):
        cut(box(0, 0, 100, 100), line((-10, 0.0004), (110, 0.0004)))


def test_parts_come_from_west_to_east_and_a_zigzag_makes_several() -> None:
    """The order of the parts is that in which codes and shares are given."""
    parts = cut(box(0, 0, 90, 30), line((30, -5), (30, 35), (60, 35), (60, -5)))
    assert [round(part.bounds[0] - EAST) for part in parts] == [0, 30, 60]


def test_only_adjoining_parcels_join_and_their_outer_vertices_stay() -> None:
    """Neighbours attach to those vertices. A corner alone is no common boundary; an enclosed yard stays somebody's."""
    one, other = box(0, 0, 50, 40), box(50, 0, 50, 60)
    joined = join([one, other])
    corners = set(map(tuple, shapely.get_coordinates(joined).tolist()))
    assert {(EAST + 50, NORTH), (EAST + 50, NORTH + 40)} <= corners
    for apart in ([one, box(60, 0, 10, 10)], [one, box(50, 40, 10, 10)]):
        with pytest.raises(NotAdjoining):
            join(apart)
    ring = [box(0, 0, 30, 10), box(20, 10, 10, 10), box(0, 20, 30, 10), box(0, 10, 10, 10)]
    with pytest.raises(NotAdjoining):
        join(ring)


def test_an_adjusted_boundary_leaves_two_parcels_of_the_same_land() -> None:
    """Each keeps the piece that holds most of it, whichever is named first."""
    one, other = box(0, 0, 50, 40), box(50, 0, 50, 40)
    stroke = line((55, -5), (45, 45))
    west, east = adjust(one, other, stroke)
    assert (west.bounds[0], east.bounds[2]) == (one.bounds[0], other.bounds[2])
    assert adjust(other, one, stroke) == (east, west)
    assert math.isclose(west.area + east.area, one.area + other.area)
    with pytest.raises(MovesOutside, match="1 pieces"):
        adjust(one, other, line((200, 0), (200, 40)))
    with pytest.raises(MovesOutside, match="3 pieces"):
        adjust(one, other, line((30, -5), (30, 45), (60, 45), (60, -5)))


def test_neighbours_get_the_new_vertex_and_others_are_left_alone() -> None:
    """A vertex on a neighbour's edge becomes one of its own; no other coordinate moves."""
    neighbour, far = box(0, 40, 100, 40), box(0, 90, 10, 10)
    yard = shapely.Polygon(neighbour.exterior, [box(20, 50, 10, 10).exterior.coords])
    point = np.array([[EAST + 33.0, NORTH + 40.0]])
    assert noded(far, point) is far
    for parcel in (neighbour, yard):
        with_it = noded(parcel, point)
        before, after = (set(map(tuple, shapely.get_coordinates(each).tolist())) for each in (parcel, with_it))
        assert after - before == {tuple(point[0].tolist())}
        assert before <= after
        assert with_it.equals(parcel)
    twice = noded(neighbour, np.array([[EAST + 0.0, NORTH + 40.0], [EAST + 100.0, NORTH + 40.0]]))
    assert twice is neighbour
