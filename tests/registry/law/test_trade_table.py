"""Policy-map 9.4, the table of trades: row by row, which trade is an act at all on which thing, by the rule of its day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from registry.law.causes import Effect, NoLawfulCauseError, find, kinds
from registry.law.parameters import trades

TODAY, DAY = date(2026, 11, 26), timedelta(days=1)
LAW_OF_2003, LAW_OF_2019, LAW_OF_2025 = date(2003, 3, 1), date(2019, 1, 1), date(2025, 5, 1)
FIELDS, FOREST = ("contract-arable", "contract-grass"), ("contract-forest",)
LAND = (*FIELDS, *FOREST)
THINGS = (*LAND, "homestead", "income")
"""The columns: arable and grass, forest, homestead, share."""


def review(thing: str, kind: str, effect: Effect, day: date = TODAY) -> bool | None:
    """Whether a person decides of such an act; None: there is no such act."""
    try:
        return find(thing, kind, day, effect).review
    except NoLawfulCauseError:
        return None


@pytest.mark.parametrize(
    ("kind", "effect", "on", "since"),
    [
        pytest.param("leased", "follows", LAND, LAW_OF_2003, id="9.4 lease (出租)"),
        pytest.param("subleased", "follows", LAND, LAW_OF_2003, id="9.4 sublease (转包)"),
        pytest.param("contributed", "follows", LAND, LAW_OF_2003, id="9.4 put in as a share (入股)"),
        pytest.param("exchanged", "own", LAND, LAW_OF_2003, id="9.4 exchange (互换)"),
        pytest.param("assigned", "own", (*LAND, "homestead"), LAW_OF_2003, id="9.4 assignment (转让)"),
        pytest.param("mortgaged", "follows", LAND, None, id="9.4 mortgage of the operating right"),
        pytest.param("pledged", "follows", ("income",), LAW_OF_2025, id="9.4 pledge of the share"),
        pytest.param("exited", "own", THINGS, date(2016, 9, 14), id="9.4 paid exit to the collective"),
    ],
)
def test_9_4_trade_is_an_act_on_the_things_of_its_row(kind: str, effect: Effect, on: tuple[str, ...], since: date | None) -> None:
    """9.4, Y and N of each row; and on the day before its first day on nothing, on that day and the next as today."""
    assert {thing for thing in THINGS if review(thing, kind, effect) is not None} == set(on)
    if since is not None:
        days = [[review(thing, kind, effect, since + DAY * n) for thing in on] for n in (-1, 0, 1)]
        assert days == [[None] * len(on), [False] * len(on), [False] * len(on)]


@pytest.mark.parametrize("thing", LAND)
def test_9_4_mortgage_before_2019_goes_to_a_person(thing: str) -> None:
    """9.4, law C24 (Q12): before 2019 only in pilot areas, else REVIEW; from 2019-01-01 on allowed."""
    assert [review(thing, "mortgaged", "follows", LAW_OF_2019 + DAY * n) for n in (-1, 0, 1)] == [True, False, False]


def test_9_4_share_is_transferred_by_its_charter_and_never_assigned() -> None:
    """9.4, assignment of a share "by charter": an act of its own."""
    assert review("income", "share-transferred", "own") is False
    assert review("income", "assigned", "own") is None


def test_9_4_there_is_no_sale() -> None:
    """9.4, sale to an urban buyer: N in every column; the list knows no act that sells, and of a buyer's town no trade asks."""
    assert not [kind for kind in kinds() if "sold" in kind or "sale" in kind or "purchase" in kind]
    assert {trade.kind for trade in trades()} == {"leased", "subleased", "contributed"}


@pytest.mark.parametrize("kind", ["leased", "subleased", "contributed"])
def test_9_4_homestead_and_share_are_not_let(kind: str) -> None:
    """9.4, lease, sublease, put in as a share: homestead and share N; the table of trades says so, whatever the day."""
    found = [trade for trade in trades() if trade.kind == kind and trade.thing in {"homestead", "income"}]
    assert {(trade.thing, trade.answer) for trade in found} == {("homestead", "refused"), ("income", "refused")}
