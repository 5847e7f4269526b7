"""Is a list of cases asked for together, so that more cases ask no more questions, and does an ended case cost a desk nothing?"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from registry import cases
from registry.cases import Actor
from tests.registry.cases.walking import FIRST, Example
from tests.registry.made_up import VILLAGE_CODE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.registry.cases.walking import Walker

OBJECTIONS = 4


def statements(walker: Walker, asked: Callable[[], object]) -> int:
    """How many statements a question sends."""
    found: list[object] = []

    def sent(*said: object) -> None:
        found.append(said[2])

    with walker.store.reading() as connection:
        engine = connection.engine
    event.listen(engine, "before_cursor_execute", sent)
    try:
        asked()
    finally:
        event.remove(engine, "before_cursor_execute", sent)
    return len(found)


@pytest.mark.parametrize("within", [frozenset[str](), frozenset({VILLAGE_CODE[:9]})])
def test_more_cases_ask_a_desk_no_more_statements(walker: Walker, within: frozenset[str]) -> None:
    """`cases.visible`: words, places and what is contested of all together; another town sees none, and so does a stranger."""
    first = walker.walk("representative-changed", walker.example("representative-changed"), "noticed")
    walker.walk("objection", Example(challenges=first), "submitted")
    desk = replace(FIRST, id="other", within=within)

    def listed(actor: Actor = desk) -> list[str]:
        with walker.store.reading() as connection:
            return [case.id for case in cases.visible(walker.store, connection, actor)]

    few = statements(walker, listed)
    more = [walker.walk("objection", Example(challenges=first), "submitted") for _ in range(OBJECTIONS)]
    more.append(walker.walk("land-lost", walker.example("land-lost"), "submitted"))
    draft = walker.open("land-lost", walker.example("land-lost"))
    assert statements(walker, listed) == few
    assert set(more) < set(listed())
    assert draft not in listed()
    assert draft in listed(FIRST)
    assert listed(replace(desk, within=frozenset({"150626999"}))) == []
    assert listed(Actor("x", "某人", "本人", "person", "f" * 32)) == []
    assert listed(Actor("x", "某人", "本人", "person", walker.village.people[1])) == [first, more[-1]]


def test_cases_that_have_ended_cost_the_desk_nothing(walker: Walker) -> None:
    """The work list: as many statements with six withdrawn cases behind it as with none, and none of them on it."""
    going = walker.walk("representative-changed", walker.example("representative-changed"), "noticed")
    supplement = walker.walk("land-lost", walker.example("land-lost"), "accepted")
    walker.step(supplement, "supplement-asked", reasons="缺图")
    walker.step(supplement, "supplemented", request=walker.example("land-lost").request)

    def on_the_desk() -> list[str]:
        with walker.store.reading() as connection:
            return [work.case.id for work in cases.Worklists(walker.store).of(connection, FIRST)]

    few = statements(walker, on_the_desk)
    for _ in range(6):
        ended = walker.walk("land-lost", walker.example("land-lost"), "submitted")
        walker.step(ended, "withdrawn", reasons="不办了")
    assert statements(walker, on_the_desk) == few
    assert set(on_the_desk()) == {going, supplement}
    with walker.store.reading() as connection:
        taken = cases.taken_today(walker.store, connection, FIRST)
        assert {case.id for case, _ in taken} >= {going, supplement}
    walker.clock.ahead += dt.timedelta(days=1)
    with walker.store.reading() as connection:
        assert cases.taken_today(walker.store, connection, FIRST) == []
