"""A recorded figure is conserved to the last digit, whatever the parts."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gis.areas import NotAnArea
from gis.lineage import TooSmallToShare, share

SIZES = st.lists(st.floats(0.5, 1e7, allow_nan=False), min_size=1, max_size=9)
FIGURES = st.decimals("0.00", "9999999.99", places=2, allow_nan=False)


@given(FIGURES, SIZES, st.booleans())
@example(Decimal("0.23"), [2.44, 153.9], False)
@example(Decimal("0.05"), [1.0] * 9, True)
def test_parts_make_the_whole(figure: Decimal, sizes: list[float], may_be_none: bool) -> None:
    """I27: the sum of recorded areas of parts is that of the whole; the remainder is told, no part is less than nothing."""
    try:
        shared = share(f"{figure:f}", sizes, may_be_none=may_be_none)
    except TooSmallToShare:
        assert 0 < min(sizes) / sum(sizes) * float(figure) < 0.05
        return
    assert min(map(Decimal, shared.parts)) >= 0
    assert figure == 0 or may_be_none or min(map(Decimal, shared.parts)) > 0
    parts = [Decimal(part) for part in shared.parts]
    assert sum(parts) == figure
    assert all(part.as_tuple().exponent == -2 for part in parts)
    assert abs(Decimal(shared.remainder)) <= Decimal("0.005") * len(sizes)
    total = sum(sizes)
    for at, (part, size) in enumerate(zip(parts, sizes, strict=True)):
        room = 0.0051 + (abs(float(shared.remainder)) if at == shared.taken_by else 0.0)
        assert abs(float(part) - float(figure) * size / total) <= room + 1e-6


@pytest.mark.parametrize(("figure", "parts"), [("175.00", "58.34 58.33 58.33"), ("116666.67", "38888.89 38888.89 38888.89")])
def test_figures_of_the_issue(figure: str, parts: str) -> None:
    """175.00 亩 in three makes 175.00, and 116,666.67 m² makes 116,666.67."""
    assert share(figure, [7.0, 7.0, 7.0]).parts == tuple(parts.split())
    assert sum(map(Decimal, parts.split())) == Decimal(figure)


def test_what_was_not_recorded_stays_so_and_three_decimals_stay_three() -> None:
    """No figure is made of nothing; a figure with more decimals keeps them."""
    assert share("", [1.0, 2.0]).parts == ("", "")
    assert share("1.125", [1.0, 2.0]).parts == ("0.375", "0.750")


def test_nothing_in_excess_is_nothing_in_each_part() -> None:
    """A homestead's 超占面积 is often 0.00; a little of it may lie in one part alone."""
    assert share("0.00", [1.0, 2.0]).parts == ("0.00", "0.00")
    assert share("0.01", [1.0, 1.0, 1.0], may_be_none=True).parts == ("0.01", "0.00", "0.00")


def test_an_area_too_small_for_its_parts_is_refused_as_such() -> None:
    """It is an area: what is wrong is the line."""
    with pytest.raises(TooSmallToShare, match=r"0\.01 太小"):
        share("0.01", [1.0, 1.0, 1.0])


@pytest.mark.parametrize("figure", ["-1.00", "1e3", "一亩", "9" * 41])
def test_what_is_no_area_is_refused(figure: str) -> None:
    """Signs, exponents, words, and more digits than any land has."""
    with pytest.raises(NotAnArea):
        share(figure, [1.0, 1.0, 1.0])
