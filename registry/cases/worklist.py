"""What is on somebody's desk: whose turn is each case, what does it wait for, how many days are left, what was done today?

Asked of the engine: what an actor may see and do is decided there, nowhere else. Of a case that has ended nothing is opened.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from registry import case_files, statement
from registry.cases.engine import look_at_all, visible
from registry.cases.kinds import kind_of
from registry.cases.rules import DRAFTED, ended, phase
from registry.ledger.read import size

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from registry.case_files import Case, Step
    from registry.cases.actors import Actor
    from registry.cases.kinds import Kind
    from registry.cases.rules import Facts, Next, Why
    from registry.store.engines import Store

Sort = Literal["returned", "todo", "draft", "waits"]
_AT_ONCE = ("told", "consented", "evidence-added", "supplemented")
"""What somebody can do now so that the next step of the route opens."""


@dataclass(frozen=True, slots=True)
class Work:
    """A case that has not ended: its phase, whether it is the actor's turn, why the next step waits, and its last day."""

    case: Case
    kind: Kind
    now: str
    sort: Sort
    waits: tuple[Why, ...]
    until: str | None
    objected: bool
    today: str

    @property
    def days_left(self) -> int | None:
        """Days until the last day of what runs; None where nothing runs."""
        if self.until is None:
            return None
        return (dt.date.fromisoformat(self.until) - dt.date.fromisoformat(self.today)).days


def worklist(store: Store, connection: Connection, actor: Actor) -> tuple[Work, ...]:
    """Every case of this actor's desk that has not ended: those with the fewest days left first, then the oldest."""
    outlines = case_files.outlines(connection, store.vault, size(connection))
    open_ids = [case.id for case in outlines if not ended(case, kind_of(case.kind))]
    every = look_at_all(store, connection, actor, open_ids)
    found = [_work(case, kind_of(case.kind), following, facts) for case, following, facts in every]
    return tuple(sorted(found, key=lambda work: (work.days_left is None, work.days_left or 0)))


def taken_today(store: Store, connection: Connection, actor: Actor) -> list[tuple[Case, Step]]:
    """The steps that this account took today in China, the newest first."""
    today = statement.today(store)
    mine = [
        (case, step)
        for case in visible(store, connection, actor, since=today)
        for step in case.steps
        if step.desk[:1] == (actor.id,) and step.day == today
    ]
    return sorted(mine, key=lambda each: -each[1].entry_idx)


def _work(case: Case, kind: Kind, following: tuple[Next, ...], facts: Facts) -> Work:
    now = phase(case, kind)
    first, *beside = following
    sort: Sort = "waits"
    if now == DRAFTED:
        sort = "returned" if case.last("returned") is not None else "draft"
    elif first.open or (not first.not_you and _can_help(first, beside, facts)):
        sort = "todo"
    running = facts.notice_until if facts.notice_until is not None and facts.today <= facts.notice_until else None
    dispute = facts.dispute.until or None if facts.dispute is not None else None
    same_day = facts.today if kind.same_day and now != DRAFTED else None
    objected = any(each.answer is None for each in facts.objections)
    return Work(case, kind, now, sort, (*first.not_you, *first.missing), running or dispute or same_day, objected, facts.today)


def _can_help(first: Next, beside: list[Next], facts: Facts) -> bool:
    """Whether something else than time is missing that the actor can bring, tell or ask for."""
    only_time = len(first.missing) == 1 and facts.notice_until is not None and facts.today <= facts.notice_until
    return not only_time and any(each.open and each.step in _AT_ONCE for each in beside)
