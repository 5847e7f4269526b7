"""What is on somebody's desk: whose turn is each case, what does it wait for, how many days are left, what was done today?

What an actor may see and do is decided by the rules of the engine, nowhere else. What the register says of a case costs some
ten questions, so a process remembers it as long as neither the case, nor one that contests it, nor a thing that it touches
has moved, and five minutes at most: the page of a case always asks anew, and so does every step.
"""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from registry import case_files, china
from registry.cases.beforehand import looking
from registry.cases.choosing import subjects_of
from registry.cases.engine import facts_now, visible
from registry.cases.kinds import book, kind_of
from registry.cases.rules import DRAFTED, answer_until, ended, not_you, phase, to_come
from registry.cases.seeing import seen_by
from registry.catalogue import newest_versions
from registry.whose import together

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.engine import Connection

    from registry.case_files import Case, Step
    from registry.cases.actors import Actor
    from registry.cases.choosing import Subject
    from registry.cases.kinds import Kind
    from registry.cases.rules import Facts, Why
    from registry.store.engines import Store
    from registry.whose import Together

Sort = Literal["returned", "todo", "draft", "waits"]
REMEMBERED_S = 5 * 60
_AT_ONCE = ("told", "consented", "evidence-added", "supplemented")
"""What somebody can do now so that the next step of the route opens."""


@dataclass(frozen=True, slots=True)
class Work:
    """A case that has not ended: its phase, whether it is the actor's turn, why the next step waits, and its last day.

    `about`: the first thing that it is about, None where there is none; `named`: where all of them lie, and whose they are.
    """

    case: Case
    kind: Kind
    about: Subject | None
    named: Together
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


@dataclass(frozen=True, slots=True)
class _Known:
    """What was found of a case that goes on, and when by the clock of this process. `coming`: as `rules.to_come` says; `seen`: the
    version of each thing that it touches, and is about: a draft of which nothing can come touches none.
    """

    case: Case
    kind: Kind
    facts: Facts
    coming: Mapping[str, tuple[Why, ...]]
    about: Subject | None
    named: Together
    seen: Mapping[str, int]
    asked_at: float


class Worklists:
    """The work lists of one register, with what this process remembers of the cases that go on."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, _Known] = {}
        self._until = 0
        self._lock = threading.Lock()

    def of(self, connection: Connection, actor: Actor) -> tuple[Work, ...]:
        """Every case of this actor's desk that has not ended: those with the fewest days left first, then the oldest."""
        with self._lock:
            self._ask(connection)
            known = dict(self._known)
        every = [one.case for one in known.values()]
        seen = sorted(seen_by(looking(self._store, connection), every, actor), key=lambda case: case.steps[0].entry_idx)
        found = [_work(known[case.id], actor) for case in seen]
        return tuple(sorted(found, key=lambda work: (work.days_left is None, work.days_left or 0)))

    def _ask(self, connection: Connection) -> None:
        """Look at every case that moved, that a thing under it moved, or that was looked at too long ago."""
        at = looking(self._store, connection)
        if self._until:
            moved = case_files.moved_from(connection, self._until)
        else:
            ends = [word for word, step in book().steps.items() if step.ends]
            last_of: dict[str, list[str]] = defaultdict(list)
            for kind in book().kinds.values():
                last_of[kind.route[-1]].append(kind.kind)
            moved = set(case_files.going_on(connection, ends, last_of))
        self._until = at.position.size
        now, today = time.monotonic(), china.today(self._store)
        long_ago = now - REMEMBERED_S
        stale = {case_id for case_id, one in self._known.items() if one.facts.today != today or one.asked_at < long_ago}
        stale |= _touched_since(connection, self._known)
        fresh = case_files.cases(connection, self._store.vault, moved | stale)
        for case in fresh:
            self._known.pop(case.id, None)
        go_on = [case for case in fresh if not ended(case, kind_of(case.kind))]
        about = subjects_of(connection, go_on)
        named = together(self._store, connection, {case.id: case.subject for case in go_on})
        facts_of = {case.id: facts_now(at, case, kind_of(case.kind)) for case in go_on}
        newest = {thing: version for facts in facts_of.values() for thing, version in facts.touched.seen.items()}
        if untouched := {thing for case in go_on for thing in case.subject} - newest.keys():
            newest |= newest_versions(connection, untouched)
        for case in go_on:
            kind, facts = kind_of(case.kind), facts_of[case.id]
            seen = {thing: newest[thing] for thing in {*case.subject, *facts.touched.seen} if thing in newest}
            coming = to_come(case, kind, facts)
            self._known[case.id] = _Known(case, kind, facts, coming, about.get(case.id), named[case.id], seen, now)


def _touched_since(connection: Connection, known: Mapping[str, _Known]) -> set[str]:
    """The cases under which a thing has a newer version than they saw."""
    newest = newest_versions(connection, {thing for one in known.values() for thing in one.seen})
    return {
        case_id
        for case_id, one in known.items()
        if any(newest.get(thing) != version for thing, version in one.seen.items())
    }


def taken_today(store: Store, connection: Connection, actor: Actor) -> list[tuple[Case, Step]]:
    """The steps that this account took today in China, the newest first."""
    today = china.today(store)
    mine = [
        (case, step)
        for case in visible(store, connection, actor, since=today)
        for step in case.steps
        if step.desk[:1] == (actor.id,) and step.day == today
    ]
    return sorted(mine, key=lambda each: -each[1].entry_idx)


def _work(known: _Known, actor: Actor) -> Work:
    case, kind, facts = known.case, known.kind, known.facts
    now = phase(case, kind)
    first, missing = next(iter(known.coming.items()))
    others = not_you(first, case, actor, facts)
    sort: Sort = "waits"
    if now == DRAFTED:
        sort = "returned" if case.last("returned") is not None else "draft"
    elif not others and (not missing or _can_help(known, missing, actor)):
        sort = "todo"
    running = facts.notice_until if facts.notice_until is not None and facts.today <= facts.notice_until else None
    dispute = facts.dispute.until or None if facts.dispute is not None else None
    same_day = facts.today if kind.same_day and now != DRAFTED else None
    objected = any(each.answer is None for each in facts.objections)
    until = running or dispute or same_day or answer_until(case, kind)
    return Work(case, kind, known.about, known.named, now, sort, (*others, *missing), until, objected, facts.today)


def _can_help(known: _Known, missing: tuple[Why, ...], actor: Actor) -> bool:
    """Whether something else than time is missing that the actor can bring, tell or ask for."""
    facts = known.facts
    only_time = len(missing) == 1 and facts.notice_until is not None and facts.today <= facts.notice_until
    at_once = [word for word in _AT_ONCE if word in known.coming and not known.coming[word]]
    return not only_time and any(not not_you(word, known.case, actor, facts) for word in at_once)
