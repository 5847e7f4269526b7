"""What can a kind of case change, and what stays whatever it asks for? From the closed list of causes alone.

A case writes by its kind's one cause, and the database takes no version whose thing and cause are not together on the list:
so what is not there can't be changed by the case, by nobody and by no mistake.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry.law import causes

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from registry.cases.kinds import Kind
    from registry.law.causes import Word


@dataclass(frozen=True, slots=True)
class Changing:
    """`own`: what gets a new version or begins. `perhaps`: what its cause may write beside that. `follows`: what only names the
    new burden and keeps the rest. `stays`: all else.
    """

    own: tuple[Word, ...]
    perhaps: tuple[Word, ...]
    follows: tuple[Word, ...]
    stays: tuple[Word, ...]


def changing(kind: Kind, about: Collection[str], seen: Collection[str], day: date) -> Changing:
    """Of the thirteen guarded things. `about`: thing words of the subject, `seen`: of all that the case touches."""
    words = causes.thing_words()
    every = [each for each in causes.lawful_causes() if each.kind == kind.cause]
    # An act before 2019 is registered late, by the law of its own day: nothing of it is in force any more.
    of_cause = [each for each in every if each.holds_on(day)] or every
    may = {each.thing for each in of_cause if each.effect == "own"}
    # What a kind is never about begins by it (a lease), or hangs on what it is about: then it is often among what is touched.
    beside, own = may - set(kind.about), may & set(about)
    own = own | (beside & set(seen)) if own else beside or may
    perhaps = beside - own
    follows = {each.thing for each in of_cause if each.effect == "follows"} & {*about, *seen} - own - perhaps

    def named(things: Collection[str]) -> tuple[Word, ...]:
        return tuple(word for thing, word in words.items() if thing in things)

    return Changing(named(own), named(perhaps), named(follows), named(words.keys() - own - perhaps - follows))
