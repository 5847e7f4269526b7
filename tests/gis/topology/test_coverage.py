"""Is every overlap and gap of a coverage found, whichever way was taken, and none invented?"""

from __future__ import annotations

import math
import random
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

import numpy as np
import psycopg
import pytest
import shapely
from numpy.typing import NDArray

from bench import coverage as drawn
from gis.topology import TOLERANCE_M2, XY_TOLERANCE_M, Faults, coverage_faults
from gis.topology.coverage import Route
from gis.topology.edges import about_loose, edges_of, loose
from tests.gis.topology.exact import Ring, cover

ROUTES: tuple[Route, ...] = ("edges", "pairs")
_COVERAGES = 2_000


def _pairs(faults: Faults) -> dict[tuple[int, int], float]:
    return {(each.i, each.j): each.area_m2 for each in faults.overlaps}


def _by_asking_every_pair(geoms: NDArray[Any]) -> dict[tuple[int, int], float]:
    """GEOS alone, without any of our shortcuts."""
    left, right = shapely.STRtree(geoms).query(geoms)
    once = left < right
    left, right = left[once], right[once]
    areas = shapely.area(shapely.intersection(geoms[left], geoms[right]))
    return {
        (i, j): area
        for i, j, area in zip(left.tolist(), right.tolist(), areas.tolist(), strict=True)
        if area > TOLERANCE_M2
    }


@pytest.mark.parametrize("route", [None, *ROUTES])
def test_every_planted_fault_is_found_and_none_invented(route: Route | None) -> None:
    """Overlaps with their area, gaps with theirs, parcels delivered twice; beside crossed rings nothing is said of gaps."""
    truth = drawn.faulty(62, 40)
    found = coverage_faults(truth.geoms, truth.villages, route=route)
    assert _pairs(found) == pytest.approx(truth.overlaps, abs=1e-6)
    assert set(truth.twins) <= set(_pairs(found))
    assert found.unjudged == len(truth.crossed)
    assert len(found.gaps) == len(truth.gaps)
    for area, place in truth.gaps:
        (gap,) = (gap for gap in found.gaps if gap.outline.covers(shapely.Point(place)))
        assert gap.area_m2 == pytest.approx(area, abs=1e-6)
        assert gap.outline.covers(shapely.Point(gap.point))
        assert all(truth.geoms[row].intersects(gap.outline) for row in gap.beside)
        assert len(gap.beside) >= 2


@pytest.mark.parametrize("route", [None, *ROUTES])
def test_a_sound_coverage_has_no_fault(route: Route | None) -> None:
    """Neighbours that share their vertices, and neighbours of which one lacks some of them on a straight line."""
    for sound in (drawn.mesh(45), drawn.with_t_junctions(45)):
        found = coverage_faults(sound.geoms, sound.villages, route=route)
        assert (found.overlaps, found.gaps) == ([], [])


@pytest.mark.parametrize("route", [None, *ROUTES])
@pytest.mark.parametrize(
    "made",
    [drawn.overlaid(45), drawn.overlaid(45, (0.0, 0.0)), drawn.shifted(45)],
    ids=["one layer over another", "one layer twice", "each parcel shifted"],
)
def test_layers_over_each_other_are_compared_pair_by_pair(route: Route | None, made: drawn.Coverage) -> None:
    """Where each layer is sound in itself, no edge betrays the other; where each parcel moved, every edge does."""
    found = coverage_faults(made.geoms, made.villages, route=route)
    expected = _by_asking_every_pair(made.geoms)
    thin = {pair for pair in expected if pair not in _pairs(found)}
    for i, j in thin:  # nowhere wider than a millimetre
        assert shapely.intersection(made.geoms[i], made.geoms[j]).buffer(-0.0005).is_empty
    assert _pairs(found) == pytest.approx({k: v for k, v in expected.items() if k not in thin}, abs=1e-6)


@pytest.mark.parametrize("made", [drawn.overlaid(45), drawn.shifted(45), drawn.faulty(45, 20)])
def test_both_ways_give_one_answer(made: drawn.Coverage) -> None:
    """The choice between them is one of speed."""
    one, other = (coverage_faults(made.geoms, made.villages, route=route) for route in ROUTES)
    assert one.went == {"edges": 4, "pairs": 0}
    assert other.went == {"edges": 0, "pairs": 4}
    assert _pairs(one) == pytest.approx(_pairs(other), abs=1e-6)
    assert [gap.area_m2 for gap in one.gaps] == pytest.approx([gap.area_m2 for gap in other.gaps], abs=1e-6)


def test_villages_are_units_of_work_and_nothing_else() -> None:
    """However parcels are divided into villages, the same overlaps and gaps are found, also between villages."""
    made = drawn.faulty(45, 20)
    whole = coverage_faults(made.geoms, np.zeros(len(made.geoms)))
    scattered = coverage_faults(made.geoms, np.arange(len(made.geoms)) % 7)
    for other in (scattered, coverage_faults(made.geoms, made.villages)):
        assert _pairs(other) == pytest.approx(_pairs(whole), abs=1e-6)
        assert [gap.beside for gap in other.gaps] == [gap.beside for gap in whole.gaps]


def test_rows_without_a_village_are_looked_at_too() -> None:
    """Nobody knows where they belong; that they lie on a neighbour can be said."""
    boxes = np.array([shapely.box(0, 0, 10, 10), shapely.box(5, 0, 15, 10)], dtype=object)
    assert _pairs(coverage_faults(boxes, [None, "v"])) == {(0, 1): 50.0}


def test_the_share_of_loose_edges_chooses_the_way() -> None:
    """A mesh with shared vertices goes by edges, one that moved apart by pairs."""
    assert coverage_faults(*_asked(drawn.mesh(20))).went == {"edges": 1, "pairs": 0}
    assert coverage_faults(*_asked(drawn.shifted(20))).went == {"edges": 0, "pairs": 1}


def test_small_pieces_are_counted_apart() -> None:
    """An overlap of 0.9 mm by 10 m, and a gap of the same, are boundaries within the tolerance: counted, not named."""
    boxes = [shapely.box(x, 0, x + 10, 10) for x in (0, 9.9991)]
    around = [shapely.box(-5, -5, 0, 15), shapely.box(0, 10, 19.9991, 15), shapely.box(0, -5, 19.9991, 0)]
    east = shapely.box(20.0, -5, 25, 15)
    found = coverage_faults(np.array([*boxes, *around, east], dtype=object), ["v"] * 6)
    assert (found.overlaps, found.gaps) == ([], [])
    assert _small(found) == [("overlap", (0, 1), 0.009)]
    closing = [shapely.box(19, 15, 25, 16), shapely.box(19, -6, 25, -5)]
    found = coverage_faults(np.array([*boxes, *around, east, *closing], dtype=object), ["v"] * 8)
    assert (found.overlaps, found.gaps) == ([], [])
    assert _small(found) == [("gap", (1,), 0.018), ("overlap", (0, 1), 0.009)]


def _small(found: Faults) -> list[tuple[str, tuple[int, ...], float]]:
    return sorted((one.what, one.rows, round(one.area_m2, 6)) for one in found.below)


def test_nothing_to_look_at_is_no_fault() -> None:
    """No parcels at all, or none that is a shape."""
    for geoms in ([], [None, shapely.Polygon(), shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])]):
        found = coverage_faults(np.array(geoms, dtype=object), [""] * len(geoms))
        assert (found.overlaps, found.gaps, found.loose) == ([], [], 0.0)


def test_two_places_whose_hashes_meet_are_no_twins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were all hashes the same, no edge would pass for the twin of another: all count as loose."""
    made = drawn.mesh(4)
    edges = edges_of(made.geoms)
    assert 0 < loose(edges).sum() < len(edges.start)
    monkeypatch.setattr("gis.topology.edges._hashed", lambda places: np.zeros(len(places), dtype=np.uint64))
    assert loose(edges).all()


def test_multipolygons_and_holes_have_edges_too() -> None:
    """A parcel in two parts, one in the hole of another, whichever way their rings turn."""
    hole = shapely.box(2, 2, 4, 4)
    holed = shapely.Polygon(shapely.box(0, 0, 10, 10).exterior, [hole.exterior])
    apart = shapely.MultiPolygon([shapely.box(10, 0, 12, 10), shapely.box(20, 0, 22, 10)])
    geoms = np.array([holed, hole.reverse(), apart], dtype=object)
    found = coverage_faults(geoms, [0, 0, 0], route="edges")
    assert (found.overlaps, found.gaps) == ([], [])
    found = coverage_faults(np.array([holed, shapely.box(2, 2, 3, 4), apart], dtype=object), [0, 0, 0], route="edges")
    assert [(gap.area_m2, gap.beside) for gap in found.gaps] == [(2.0, (0, 1))]


@pytest.mark.parametrize("half", [0, 1])
def test_exact_arithmetic_agrees(half: int) -> None:
    """2,000 random small coverages, vertices pushed, left out, parcels moved and doubled: fractions say the same."""
    for seed in range(half, _COVERAGES, 2):
        rings = _random_rings(random.Random(seed))
        truth = cover(rings)
        geoms = np.array([shapely.Polygon([(float(x), float(y)) for x, y in ring]) for ring in rings], dtype=object)
        if not shapely.is_valid(geoms).all():
            continue
        found = coverage_faults(geoms, [0] * len(geoms), route=ROUTES[seed // 2 % 2])
        shared = {pair: float(area) for pair, area in truth.shared.items() if area > TOLERANCE_M2}
        empty = sorted(float(area) for area in truth.empty if area > TOLERANCE_M2)
        thin = 0
        for pair in sorted(set(shared) - set(_pairs(found))):
            thin += _nowhere_wider_than_a_millimetre(shared.pop(pair))
        named = sorted(gap.area_m2 for gap in found.gaps)
        for area in [area for area in empty if not any(math.isclose(area, one, abs_tol=1e-6) for one in named)]:
            thin += _nowhere_wider_than_a_millimetre(area)
            empty.remove(area)
        assert _pairs(found) == pytest.approx(shared, abs=1e-6), seed
        assert named == pytest.approx(empty, abs=1e-6), seed
        assert thin <= len(found.below), seed


def _nowhere_wider_than_a_millimetre(area_m2: float) -> bool:
    """Along a boundary of 20 m, what is left unnamed cannot be larger than this."""
    assert area_m2 < 20 * XY_TOLERANCE_M
    return True


def _asked(made: drawn.Coverage) -> tuple[NDArray[Any], NDArray[np.int64]]:
    return made.geoms, made.villages


def _random_rings(rng: random.Random) -> list[Ring]:
    """2 × 2 or 2 × 3 crooked parcels on a grid of a sixteenth of a metre, with something done to some of them."""
    wide, high = 2, rng.choice((2, 3))
    nodes = {
        (i, j): (Fraction(i * 160 + rng.randint(-30, 30), 16), Fraction(j * 160 + rng.randint(-30, 30), 16))
        for i in range(2 * wide + 1)
        for j in range(2 * high + 1)
    }
    around = [(0, 0), (1, 0), (2, 0), (2, 1), (2, 2), (1, 2), (0, 2), (0, 1)]
    rings = [
        [nodes[2 * i + a, 2 * j + b] for a, b in around] for i in range(wide) for j in range(high)
    ]
    for ring in list(rings):
        what = rng.choice(("nothing", "nothing", "push", "leave out", "move", "double"))
        k = rng.randrange(len(ring))
        if what == "push":
            ring[k] = (ring[k][0] + Fraction(rng.randint(-40, 40), 16), ring[k][1] + Fraction(rng.randint(-40, 40), 16))
        elif what == "leave out":
            del ring[k]
        elif what == "move":
            by = Fraction(rng.randint(-3, 3), 16), Fraction(rng.randint(-3, 3), 16)
            ring[:] = [(x + by[0], y + by[1]) for x, y in ring]
        elif what == "double":
            rings.append(list(ring))
    return rings


def test_postgis_agrees(postgis_admin_url: str) -> None:
    """ST_Relate with interiors that meet names the same pairs among 10,000 parcels with planted faults."""
    made = drawn.faulty(100, 60)
    found = set(_pairs(coverage_faults(made.geoms, made.villages)))
    with _database(postgis_admin_url) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION postgis")
        cursor.execute("CREATE TABLE parcel (row int, shape geometry)")
        with cursor.copy("COPY parcel FROM STDIN") as copy:
            for row, shape in enumerate(made.geoms):
                if shape.is_valid:
                    copy.write_row((row, shape.wkb_hex))
        cursor.execute("CREATE INDEX ON parcel USING gist (shape)")
        cursor.execute(
            "SELECT a.row, b.row FROM parcel a JOIN parcel b ON a.shape && b.shape AND a.row < b.row"
            " WHERE ST_Relate(a.shape, b.shape, '2********')"
        )
        assert set(cursor.fetchall()) == found


@contextmanager
def _database(admin_url: str) -> Iterator[psycopg.Connection[Any]]:
    name = f"coverage_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
        try:
            with psycopg.connect(admin_url, dbname=name) as connection:
                yield connection
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.parametrize("share", [0.0, 0.1, 0.3, 0.7, 1.0])
def test_about_how_many_edges_are_loose_is_known_before_they_are_made(share: float) -> None:
    """Near enough to the count of edges without a twin to choose by; a layer that came twice is not taken for loose."""
    made = drawn.shifted(30, share=share)
    edges, found = about_loose(made.geoms)
    exact = loose(edges_of(made.geoms))
    assert edges == len(exact)
    assert found == pytest.approx(exact.sum(), abs=0.02 * len(exact))
    doubled = drawn.overlaid(20, (0.0, 0.0))
    assert about_loose(doubled.geoms)[1] < 0.5 * about_loose(doubled.geoms)[0]
    assert about_loose(doubled.geoms[:0]) == (0, 0)
