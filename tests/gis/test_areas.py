"""Are areas exact where they are recorded and right where they are measured?"""

from __future__ import annotations

import doctest
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis import areas
from gis.areas import ellipsoid_area_m2, m2_from_mu, mu_from_m2, plane_area_m2
from tests.gis.polygons import parcels

RECORDED = st.decimals(min_value=0, max_value=10**12, places=2)


def _shoelace(ring: shapely.LinearRing) -> Fraction:
    points = [(Fraction(x), Fraction(y)) for x, y in ring.coords]
    twice = sum((a[0] * b[1] - b[0] * a[1] for a, b in pairwise(points)), Fraction(0))
    return abs(twice) / 2


def _exact_area(shape: shapely.Polygon | shapely.MultiPolygon) -> Fraction:
    return sum(
        (
            _shoelace(part.exterior) - sum((_shoelace(hole) for hole in part.interiors), Fraction(0))
            for part in shapely.get_parts(shape)
        ),
        Fraction(0),
    )


def test_docstrings_hold_the_vectors() -> None:
    """The worked values of standards.md section 8 stand in the docstrings and are true."""
    result = doctest.testmod(areas)
    assert (result.attempted > 0, result.failed) == (True, 0)


@pytest.mark.parametrize(
    ("m2", "mu"),
    [
        ("666.67", "1.00"),
        ("1000.00", "1.50"),
        ("3333.33", "5.00"),
        ("10.00", "0.02"),
        ("2000000.00", "3000.00"),
        ("0", "0.00"),
        ("-10.00", "-0.02"),
    ],
)
def test_mu_from_m2_meets_the_vectors(m2: str, mu: str) -> None:
    """亩 = m² * 3 / 2000, half up; dividing by 666.6 would give 3000.30 (standards.md sections 5.2, 8)."""
    assert str(mu_from_m2(m2)) == mu
    assert str(mu_from_m2(Decimal(m2))) == mu


@given(RECORDED)
def test_mu_is_the_exact_fraction_rounded_half_up(m2: Decimal) -> None:
    """The oracle is fractions: floor(x * 100 + 1/2) / 100."""
    exact = Fraction(m2) * 3 / 2000
    assert Fraction(mu_from_m2(m2)) == Fraction((exact * 100 + Fraction(1, 2)).__floor__(), 100)


@given(RECORDED)
def test_m2_from_mu_is_the_exact_fraction_rounded_half_up(mu: Decimal) -> None:
    """m² = 亩 * 2000 / 3, and back again it is the same 亩, for 0.01 m² is finer than 0.01 亩."""
    exact = Fraction(mu) * 2000 / 3
    m2 = m2_from_mu(mu)
    assert Fraction(m2) == Fraction((exact * 100 + Fraction(1, 2)).__floor__(), 100)
    assert mu_from_m2(m2) == mu


@pytest.mark.parametrize("text", ["", "abc", "NaN", "Infinity", "1e400", "1" * 50, "１２.5亩", "0." + "1" * 60])
def test_text_that_is_no_area_is_refused(text: str) -> None:
    """Only our own refusal leaves the parser, whatever the text."""
    for convert in (mu_from_m2, m2_from_mu):
        with pytest.raises(areas.NotAnArea):
            convert(text)


@given(parcels())
def test_plane_area_is_the_exact_shoelace(parcel: shapely.Polygon | shapely.MultiPolygon) -> None:
    """The plane area meets an exact oracle over fractions to a billionth, northings of 4 million metres or not."""
    exact = float(_exact_area(parcel))
    assert plane_area_m2(np.array([parcel]))[0] == pytest.approx(exact, rel=1e-9, abs=1e-9)


def test_areas_of_nothing_are_zero() -> None:
    """Null and empty geometries have area 0 on the grid and on the ellipsoid."""
    geoms = np.array([None, shapely.Polygon(), shapely.box(600_000, 4_200_000, 600_010, 4_200_010)], dtype=object)
    assert plane_area_m2(geoms).tolist() == [0.0, 0.0, 100.0]
    assert ellipsoid_area_m2(geoms, 4545)[:2].tolist() == [0.0, 0.0]


@pytest.mark.parametrize(
    ("longitude", "difference"),
    [(108.35, 2.3e-5), (108.85, 1.35e-4), (109.2, 2.7e-4), (109.5, 4.2e-4), (109.67, 5.2e-4)],
)
def test_plane_exceeds_ellipsoid_as_tabulated(longitude: float, difference: float) -> None:
    """Plane ÷ ellipsoid - 1 at 38.5°N, CM 108, of standards.md section 5.2."""
    east = shapely.get_coordinates(_to_grid(longitude, 38.5))[0]
    square = np.array([shapely.box(east[0] - 50, east[1] - 50, east[0] + 50, east[1] + 50)])
    ratio = plane_area_m2(square)[0] / ellipsoid_area_m2(square, 4545)[0] - 1
    assert ratio == pytest.approx(difference, rel=0.05)


def test_ellipsoid_area_subtracts_holes_and_adds_parts() -> None:
    """A hole counts against its own parcel, parts count together, whichever way a ring turns."""
    outer, inner = (
        shapely.box(600_000, 4_200_000, 600_900, 4_200_900),
        shapely.box(600_300, 4_200_300, 600_600, 4_200_600),
    )
    beside = shapely.box(601_000, 4_200_000, 601_100, 4_200_100)
    whole = np.array([outer, inner, beside, shapely.MultiPolygon([outer - inner, beside])], dtype=object)
    a, b, c, together = ellipsoid_area_m2(whole, 4545)
    assert together == pytest.approx(a - b + c, abs=1e-4)


def _to_grid(longitude: float, latitude: float) -> shapely.Point:
    from pyproj import Transformer  # noqa: PLC0415 - the way to the grid is the test's alone: the room has none

    return shapely.Point(Transformer.from_crs(4490, 4545, always_xy=True).transform(longitude, latitude))
