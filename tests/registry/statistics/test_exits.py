"""Figure 10: acts that registered an exit, with their median price; cases by kind and state, with their days; both engines."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from registry import cases
from registry.case_files import Case, outlines
from registry.case_files import cases as case_files_of
from registry.china import day_of
from registry.ledger.act import ActFields
from registry.ledger.commit import desk
from registry.ledger.read import size
from registry.membership import acts as memberships
from registry.rights import acts as rights
from registry.statistics import figures, of_exits
from registry.statistics.count import Count
from registry.statistics.rules import rules_on
from tests.guarantee.village import family_wills
from tests.registry import made_up
from tests.registry.cases.walking import Example, Walker
from tests.registry.made_up import CLERK, Village

if TYPE_CHECKING:
    from registry.statistics.table import Table
    from registry.store.engines import Store


@pytest.fixture
def village(store: Store) -> Village:
    """The family with all its rights."""
    return made_up.register_village(store)


def tables(store: Store, day: str, known: int | None = None) -> dict[str, Table]:
    """The tables of the figure before anything is hidden."""
    with store.reading() as connection:
        told = of_exits.exits(Count(store, connection, day, known or size(connection), rules_on(day)))
    return {table.id: table for table in told.tables}


def told(table: Table) -> list[tuple[int, str, Any, str]]:
    """Level, words, number and what stands beside it, line by line."""
    return [(row.level, row.zh, row.values[0], str(row.values[1])) for row in table.rows]


def left(store: Store, village: Village, things: list[list[str]], prices: list[str], day: str = "2019-06-01") -> None:
    """Each list of rights is left by an act of its own, for a price."""
    with desk(store, CLERK) as at:
        for names, price in zip(things, prices, strict=True):
            act = at.act("exited", day, ActFields(basis="退出协议", wills=family_wills(village), payment=price))
            for name in names:
                rights.end(act, village.rights[name])
        at.commit()


@pytest.mark.rule("STAT/prices")
def test_exits_are_told_by_what_was_left_with_the_median_of_what_was_paid(store: Store, village: Village) -> None:
    """Policy-map 11, figure 10: an act once, whatever it ends; a median of five prices or more, rounded to a hundred yuan."""
    shares = [[name] for name in village.rights if name.startswith("income")][:5]
    left(store, village, shares, ["1000.00", "5049.99", "3000.00", "99.00", "3151.00"])
    left(store, village, [["contract-grass", "contract-arable"]], ["700000.00"])
    assert told(tables(store, "2019-06-01")["exits"]) == [
        (0, "合计", 6, "3100"),
        (1, "自愿有偿退出", 6, "3100"),
        (2, "集体收益分配权（份）", 5, "3000"),
        (2, "几样一起", 1, "None"),
        (1, "自愿退出成员", 0, "None"),
        (1, "2019 年前交回", 0, "None"),
        (1, "2019 年前收回", 0, "None"),
    ]
    assert told(tables(store, "2019-05-31")["exits"])[0] == (0, "合计", 0, "None")


def test_leaving_the_collective_has_no_price_and_a_lone_one_is_hidden(store: Store, village: Village) -> None:
    """A membership is left against no payment; one among six is not told, nor what would give it away, nor their prices."""
    left(store, village, [[name] for name in village.rights if name.startswith("income")][:5], ["1000.00"] * 5)
    with desk(store, CLERK) as at:
        act = at.act("membership-exited", "2025-07-01", ActFields(basis="申请", wills=made_up.wills(village.people[0])))
        memberships.end(act, village.memberships[0])
        at.commit()
    assert told(tables(store, "2026-01-01")["exits"])[3] == (1, "自愿退出成员", 1, "None")
    with store.reading() as connection:
        (figure,) = figures(store, connection, valid_at="2026-01-01", known_at=size(connection), only=["exits"])
    rows = next(table for table in figure.as_json()["tables"] if table["id"] == "exits")["rows"]
    assert rows[0]["values"] == [6, "1000.00"]
    assert [row["values"] for row in rows[1:5]] == [[None, None]] * 4


def by_hand(store: Store, day: str, known: int) -> dict[tuple[str, str], list[int]]:
    """Each case as its own file tells it: kind and state on the day, and the days since it was submitted."""
    with store.reading() as connection:
        every = case_files_of(connection, store.vault)
    found: dict[tuple[str, str], list[int]] = {}
    for case in every:
        steps = tuple(s for s in case.steps if s.entry_idx < known and day_of(s.at).isoformat() <= day)
        first = next((day_of(step.at).isoformat() for step in steps if step.step == "submitted"), None)
        if first is None:
            continue
        kind = cases.kind_of(case.kind)
        now = cases.phase(Case(case.id, case.kind, (), case.challenges, steps), kind)
        over = cases.book().steps[now].ends or now == kind.route[-1]
        last = day_of(steps[-1].at).isoformat() if over else day
        state = cases.book().steps["returned" if now == "drafted" else now].zh
        days = (dt.date.fromisoformat(last) - dt.date.fromisoformat(first)).days
        found.setdefault((kind.zh, state), []).append(days)
    return found


def test_cases_are_told_by_kind_and_state_as_they_stood(store: Store, village: Village) -> None:
    """Figure 10: since it was submitted a case counts, in the state that it had on the day; drafts are their author's."""
    walker = Walker(store, village)
    change = walker.example("representative-changed")
    starts = walker.today()
    walker.open("clerical-slip", walker.example("clerical-slip"))
    walker.walk("clerical-slip", walker.example("clerical-slip"))
    noticed, sent_back, stopped = (walker.walk("representative-changed", change, "noticed") for _ in range(3))
    walker.clock.ahead += dt.timedelta(days=10)
    walker.step(sent_back, "returned", reasons="材料不清")
    walker.step(stopped, "withdrawn", reasons="不办了")
    walker.step(noticed, "supplement-asked", reasons="缺一页")
    with store.reading() as connection:
        before = size(connection)
    walker.clock.ahead += dt.timedelta(days=5)
    walker.step(noticed, "supplemented", request=change.request)
    later = (dt.date.fromisoformat(walker.today()) + dt.timedelta(days=5)).isoformat()
    assert told(tables(store, later)["cases"]) == [
        (0, "合计", 4, "15"),
        (1, "变更承包方代表", 3, "20"),
        (2, "受理", 1, "20"),
        (2, "退件", 1, "20"),
        (2, "撤回", 1, "10"),
        (1, "笔误更正", 1, "0"),
        (2, "登簿", 1, "0"),
    ]
    ten = (dt.date.fromisoformat(starts) + dt.timedelta(days=9)).isoformat()
    assert told(tables(store, ten)["cases"])[1:3] == [(1, "变更承包方代表", 3, "9"), (2, "告知、公示", 3, "9")]
    assert told(tables(store, later, before)["cases"])[1:3] == [(1, "变更承包方代表", 3, "20"), (2, "告知、公示", 1, "20")]
    assert told(tables(store, "2020-01-01")["cases"]) == [(0, "合计", 0, "None")]
    for day, known in ((later, before), (ten, 2**62), (later, 2**62)):
        lines = told(tables(store, day, known)["cases"])
        assert {(words, n) for level, words, n, _ in lines if level == 2} == {
            (state, len(days)) for (_, state), days in by_hand(store, day, known).items()
        }


def test_outline_of_a_case_has_its_steps_and_nobody_in_them(store: Store, village: Village) -> None:
    """What is read for counting opens no name: the same steps as the file, no desk, no word but a supplement's."""
    walker = Walker(store, village)
    one = walker.walk("representative-changed", walker.example("representative-changed"), "noticed")
    walker.step(one, "supplement-asked", reasons="缺一页")
    walker.step(one, "supplemented", note="补来了")
    walker.open("objected", Example([village.rights["contract-grass"]], {"objector": "斯琴", "document": "1"}))
    with store.reading() as connection:
        whole = case_files_of(connection, store.vault)
        drawn = outlines(connection, store.vault, 2**62)
    assert [(case.id, case.kind, [step.step for step in case.steps]) for case in drawn] == [
        (case.id, case.kind, [step.step for step in case.steps]) for case in whole
    ]
    assert {step.desk for case in drawn for step in case.steps} == {()}
    assert [dict(step.said) for case in drawn for step in case.steps if step.said] == [{"note": "补来了"}]
