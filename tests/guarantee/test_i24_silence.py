"""I24: does not exiting, refusing an offer, or letting one lapse change nothing, and is it counted nowhere?

Counted nowhere: but for figure 10 of the statistics, which is of cases by state and has no target (policy-map 11, III.3).
The market repeats this for its own offers when it is there.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from registry.settlement.filing import decide
from registry.statement import statement
from tests.guarantee.leaving import counted, guarded
from tests.registry import made_up
from tests.registry.cases.leaving import LAND, brought_to
from tests.registry.cases.walking import Walker
from tests.registry.settlement.filings import banner, filing

if TYPE_CHECKING:
    from collections.abc import Callable

ENDS = ("left as a draft", "withdrawn", "refused", "revoked", "lapsed", "voided", "left open")


@pytest.fixture
def walker(walker: Walker) -> Walker:
    """Somebody who walks cases of the family; the witness is a member already."""
    made_up.register_hukou(walker.store, walker.village)
    assert walker.witness
    return walker


@pytest.mark.parametrize("end", ENDS)
def test_history_with_an_offer_that_came_to_nothing_is_the_history_without_it(walker: Walker, end: str) -> None:
    """I24: π, every guarded row, every figure, each statement and each decision to settle are what they were before it."""
    before = seen(walker)
    come_to_nothing(walker, end)
    assert seen(walker) == before


def come_to_nothing(walker: Walker, end: str) -> None:
    """An offer for the family's land that ends in this way, or not at all."""
    if end == "left as a draft":
        walker.open(LAND, walker.example(LAND))
        return
    case_id = brought_to(walker, "cooling", LAND)
    said: dict[str, Callable[[], dict[str, Any]]] = {
        "withdrawn": lambda: {"reasons": "不退了"},
        "refused": lambda: {"reasons": "材料不齐"},
        "revoked": lambda: {"person": walker.village.people[1]},
        "voided": lambda: {"ground": "pressed", "source": walker.paper("认定书"), "reasons": "有人施压"},
        "lapsed": dict,
    }
    if end == "lapsed":
        walker.clock.ahead += dt.timedelta(days=400)
    if end in said:
        walker.step(case_id, end, **said[end]())


def seen(walker: Walker) -> tuple[Any, ...]:
    """What anybody can be told of the family, and what they can be given: none of it knows of an offer."""
    store, person = walker.store, walker.village.people[0]
    with store.reading() as connection:
        told = statement(store, connection, person, valid_at="2030-01-01")
        settles = [answer.decision for answer in decide(store, connection, filing(banner(person)))]
    return guarded(walker), counted(store), told["rights"], told["verdict"], settles
