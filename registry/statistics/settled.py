"""Who settled in town since a day, what did they hold just before, what do they hold now, and what was done soon after?

People are met here by their random ids only; nothing that leaves this page names one. Several rows that are one person count
once, and hold what hangs on any of them.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from registry.holding.read import listed_in
from registry.residence import EVENT_PERSON, HOUSEHOLD_EVENT
from registry.rights.counted import holders
from registry.same_person import one_person
from registry.statistics.structure import SETTLEMENTS
from registry.store.types import Day, Whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.engine import Connection

_CANCELLING = HOUSEHOLD_EVENT.alias()
_KNOWN = sa.bindparam("known", type_=Whole)
_SETTLED = (
    sa.select(EVENT_PERSON.c.person_id, HOUSEHOLD_EVENT.c.event_day, HOUSEHOLD_EVENT.c.event_idx)
    .join(HOUSEHOLD_EVENT, HOUSEHOLD_EVENT.c.event_idx == EVENT_PERSON.c.event_idx)
    .where(
        HOUSEHOLD_EVENT.c.kind.in_(SETTLEMENTS),
        HOUSEHOLD_EVENT.c.event_day >= sa.bindparam("since", type_=Day),
        HOUSEHOLD_EVENT.c.event_day <= sa.bindparam("day", type_=Day),
        HOUSEHOLD_EVENT.c.event_idx < _KNOWN,
        ~sa.exists().where(
            _CANCELLING.c.cancels_idx == HOUSEHOLD_EVENT.c.event_idx, _CANCELLING.c.event_idx < _KNOWN
        ),
    )
    .order_by(HOUSEHOLD_EVENT.c.event_day, HOUSEHOLD_EVENT.c.event_idx, EVENT_PERSON.c.person_id)
)


class Settlement(NamedTuple):
    """One person's settlement: the day, the event's place in the log, and every row that the person has."""

    person_id: str
    day: str
    event: int
    rows: tuple[str, ...]


def settlements(connection: Connection, *, since: str, valid_at: str, known_at: int) -> list[Settlement]:
    """Each settlement that stands, of each person, in the order of days."""
    rows_of: dict[str, list[str]] = defaultdict(list)
    persons = one_person(connection, valid_at=valid_at, known_at=known_at)
    for row, person in sorted(persons.items()):
        rows_of[person].append(row)
    found = connection.execute(_SETTLED, {"since": since, "day": valid_at, "known": known_at})
    return [
        Settlement(person := persons.get(row, row), day, event, tuple(rows_of.get(person, (row,))))
        for row, day, event in found
    ]


def first_of_each(found: Iterable[Settlement]) -> dict[str, Settlement]:
    """The first settlement of each person."""
    first: dict[str, Settlement] = {}
    for one in found:
        first.setdefault(one.person_id, one)
    return first


def holders_of(
    connection: Connection, people: Mapping[str, Sequence[str]], *, valid_at: str, known_at: int
) -> dict[str, list[str]]:
    """As whom each person (with their rows) may hold a right on the day: as themselves, and in each household that lists them."""
    found = {person: list(rows) for person, rows in people.items()}
    whose = {row: person for person, rows in people.items() for row in rows}
    for row, holding, _code in listed_in(connection, whose, valid_at=valid_at, known_at=known_at):
        found[whose[row]].append(holding)
    return found


def who_holds(
    connection: Connection, people: Mapping[str, Sequence[str]], *, valid_at: str, known_at: int
) -> tuple[set[str], dict[str, list[str]]]:
    """Which of these people hold any right on the day, and as whom each may."""
    as_whom = holders_of(connection, people, valid_at=valid_at, known_at=known_at)
    every = {holder for each in as_whom.values() for holder in each}
    holding = holders(connection, every, valid_at=valid_at, known_at=known_at)
    return {person for person, each in as_whom.items() if holding.intersection(each)}, as_whom


def held_before(
    connection: Connection, first: Mapping[str, Settlement], known_at: int
) -> tuple[set[str], dict[str, list[str]]]:
    """Who held any right on the day before they settled, and as whom."""
    of_day: dict[str, dict[str, Sequence[str]]] = defaultdict(dict)
    for one in first.values():
        of_day[one.day][one.person_id] = one.rows
    held: set[str] = set()
    as_whom: dict[str, list[str]] = {}
    for day, people in of_day.items():
        eve = (dt.date.fromisoformat(day) - dt.timedelta(days=1)).isoformat()
        some, each = who_holds(connection, people, valid_at=eve, known_at=known_at)
        held |= some
        as_whom |= each
    return held, as_whom
