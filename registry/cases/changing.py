"""What can a kind of case change, and what stays whatever it asks for? From the closed list of causes.

A case writes by its kind's one cause, and the database takes no version whose thing and cause are not together on the list:
so what is not there can't be changed by the case, by nobody and by no mistake. A slip of the pen names the field that it mends:
what has no such field is refused by the act (`ledger.allowed`) before the database is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry.benefits import acts as benefits
from registry.cases.slips import KIND as SLIP
from registry.cases.writing.corrections import MENDED_COLUMNS
from registry.duties import acts as duties
from registry.law import causes
from registry.ledger.allowed import May
from registry.membership import acts as memberships
from registry.restrictions import acts as restrictions

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from registry.cases.kinds import Kind
    from registry.law.causes import Word

_BESIDE_A_SLIP: Mapping[str, Mapping[str, May]] = {
    "membership": memberships.MAY,
    "restriction": restrictions.MAY,
    "duty": duties.MAY,
    "benefit": benefits.MAY,
}
"""What a slip's case is never about, though the closed list has its cause for it: what the acts let it do there."""

BEGUN: Mapping[str, frozenset[str]] = {
    "household-registered": frozenset({"holding"}),
    "contract-registered": frozenset({"parcel", "contract-arable", "contract-grass", "contract-other"}),
    "forest-registered": frozenset({"parcel", "contract-forest"}),
    "homestead-registered": frozenset({"parcel", "homestead"}),
}
"""What a first registration by a case begins; the cause is a whole delivery's as well, so the database would let it begin more."""


@dataclass(frozen=True, slots=True)
class Changing:
    """`own`: what gets a new version or begins. `perhaps`: what its cause may write beside that. `follows`: what only names the
    new burden and keeps the rest. `stays`: all else; `by_database`: the database itself refuses to write it by this cause.
    """

    own: tuple[Word, ...]
    perhaps: tuple[Word, ...]
    follows: tuple[Word, ...]
    stays: tuple[Word, ...]
    by_database: bool


def changing(kind: Kind, about: Collection[str], seen: Collection[str], day: date) -> Changing:
    """Of the thirteen guarded things. `about`: thing words of the subject, `seen`: of all that the case touches."""
    words = causes.thing_words()

    def named(things: Collection[str]) -> tuple[Word, ...]:
        return tuple(word for thing, word in words.items() if thing in things)

    if kind.kind in BEGUN:
        begun = BEGUN[kind.kind]
        return Changing(named(begun), (), (), named(words.keys() - begun), by_database=False)
    every = [each for each in causes.lawful_causes() if each.kind == kind.cause]
    # An act before 2019 is registered late, by the law of its own day: nothing of it is in force any more.
    of_cause = [each for each in every if each.holds_on(day)] or every
    may = {each.thing for each in of_cause if each.effect == "own"}
    # What a kind is never about begins by it (a lease), or hangs on what it is about: then it is often among what is touched.
    beside, own = may - set(kind.about), may & set(about)
    own = own | (beside & set(seen)) if own else beside or may
    perhaps = {thing for thing in beside - own if kind.kind != SLIP or _mends(_BESIDE_A_SLIP[thing].get(kind.cause, May()))}
    follows = {each.thing for each in of_cause if each.effect == "follows"} & {*about, *seen} - own - perhaps
    stays = named(words.keys() - own - perhaps - follows)
    return Changing(named(own), named(perhaps), named(follows), stays, by_database=kind.kind != SLIP)


def _mends(may: May) -> bool:
    """Whether a slip's case could write there: it begins and ends nothing, and names one of its own columns."""
    return may.begins or may.ends or may.restores or bool(may.fields & MENDED_COLUMNS)
