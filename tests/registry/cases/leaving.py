"""How does a test bring a paid exit to each of its states (policy-map 9.2), and move the clock to a day?"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from registry.decisions.deadlines import Sort, deadline
from tests.registry.cases.walking import FIRST, SECOND, Example, role_for

if TYPE_CHECKING:
    from tests.registry.cases.walking import Walker

STATES = ("draft", "signed", "notice", "cooling", "ready", "paid")
LAND, YARD, SHARE = "contract-exited", "homestead-exited", "share-exited"


def desks(walker: Walker, kind: str) -> None:
    """The two officers belong to the bureau that keeps the book of what is given up."""
    walker.first, walker.second = (replace(actor, role=role_for(kind)) for actor in (FIRST, SECOND))


def brought_to(walker: Walker, state: str, kind: str = LAND, example: Example | None = None) -> str:
    """A case that stands in this state, everything before it done."""
    desks(walker, kind)
    case_id = walker.walk(kind, example or walker.example(kind), "noticed")
    reached = STATES.index(state)
    if reached >= STATES.index("signed"):
        walker.clock.ahead += dt.timedelta(days=40)
        walker.ask(case_id)
    if reached >= STATES.index("notice"):
        walker.step(case_id, "posted", where="嘎查公示栏")
    if reached >= STATES.index("cooling"):
        walker.clock.ahead += dt.timedelta(days=27)
    if reached >= STATES.index("ready"):
        walker.clock.ahead += dt.timedelta(days=180)
    if reached >= STATES.index("paid"):
        walker.pay(case_id)
    assert walker.state(case_id) == state
    return case_id


def missing(walker: Walker, case_id: str, word: str) -> str:
    """What is missing for a step, in Chinese; where the step does not stand there at all, that."""
    found = [each for each in walker.look(case_id, walker.second)[1] if each.step == word]
    return "; ".join(zh for each in found for zh, _ in (*each.missing, *each.not_you)) if found else "没有这一步"


def on_last_day_of(walker: Walker, sort: Sort, since: str, *, after: int = 0) -> None:
    """Set the clock to the last day of a deadline, or to so many days after it."""
    day = deadline(sort, dt.date.fromisoformat(since)).last_day + dt.timedelta(days=after)
    walker.clock.ahead += day - dt.date.fromisoformat(walker.today())
