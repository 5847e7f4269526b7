"""What should the register answer after a history of acts? Plain dicts, and none of the register's own reasoning.

A thing is the list of its edits in the order of the log. An *edit* holds from its day on, for good, whatever was said
before about later days: that is all there is to two times, and no version, stretch or walk back is needed to say it.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

State = dict[str, Any]
Edit = Callable[[State], State]


class Refused(Exception):
    """Raised when the register must refuse."""


@dataclass
class Edited:
    """One edit: its entry, its first day, what it does, and the state that it started from if it reaches back."""

    idx: int
    day: str
    edit: Edit
    first: State | None


@dataclass
class Chain:
    """One thing: its noun, its thing word, its edits."""

    noun: str
    thing: str
    edits: list[Edited] = field(default_factory=list)

    def begin(self, idx: int, day: str, facts: State) -> None:
        """The thing begins."""
        self.edits.append(Edited(idx, day, lambda _: copy.deepcopy(facts), {}))

    def change(self, idx: int, day: str, edit: Edit, *, reaches_back: bool = False) -> None:
        """An act from a day on; Refused when the thing had not begun, or the edit refuses one of its days."""
        first = self._first() if reaches_back and day < self.first_day() else None
        if first is None and self.on(day) is None:
            raise Refused
        self.edits.append(Edited(idx, day, edit, first))
        try:
            for later in self.days():
                self.on(later)
        except Refused:
            self.edits.pop()
            raise

    def days(self) -> list[str]:
        """Every day on which something of the thing may change."""
        return sorted({e.day for e in self.edits})

    def first_day(self) -> str:
        """The day on which the thing begins, as known now."""
        return self.days()[0]

    def on(self, day: str, known_at: int | None = None) -> State | None:
        """The state of a day, as known at a size of the log."""
        return self._fold(lambda e: e.day <= day and (known_at is None or e.idx < known_at))

    def before(self, day: str, event: int, known_at: int | None = None) -> State | None:
        """The state just before an event: earlier days, and acts of its own day that stand earlier in the log."""
        return self._fold(
            lambda e: (e.day < day or (e.day == day and e.idx < event)) and (known_at is None or e.idx < known_at)
        )

    def undecided(self, day: str, event: int) -> bool:
        """Acts of an event's own day on both sides of it, then one dated back over both: no version holds it."""
        same = [e.idx for e in self.edits if e.day == day]
        over = [e.idx for e in self.edits if e.day < day]
        return any(i < event for i in same) and any(event < i < j for i in same for j in over)

    def _fold(self, counts: Callable[[Edited], bool]) -> State | None:
        state: State | None = None
        for edited in self.edits:
            if not counts(edited):
                continue
            base = edited.first if state is None else state
            if base is None:
                raise AssertionError
            state = edited.edit(copy.deepcopy(base))
        return state

    def _first(self) -> State | None:
        return self.on(self.first_day())


@dataclass
class Model:
    """Everything guarded, by id, and who is registered where."""

    chains: dict[str, Chain] = field(default_factory=dict)
    registrations: dict[str, list[tuple[str, int, str]]] = field(default_factory=dict)
    cancelled: dict[int, int] = field(default_factory=dict)

    def registered_in(self, person: str, day: str, known_at: int) -> str | None:
        """The division in which a person is registered on a day, as known at a size of the log."""
        gone = {idx for idx, by in self.cancelled.items() if by < known_at}
        rows = [r for r in self.registrations.get(person, []) if r[0] <= day and r[1] < known_at and r[1] not in gone]
        return max(rows)[2] if rows else None
