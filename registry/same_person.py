"""Which two people of the register are one, by a decision of the police?

A link is made by an event (identity-merged) that names the decision's paper; a number alone makes none (policy-map
section 4). Both rows stay, with every number that either ever had; whoever asks what a person has is told what hangs on
any of the rows. A link holds from the day of its event on.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, Index, PrimaryKeyConstraint, Table

from registry.residence import HOUSEHOLD_EVENT, registration_at
from registry.store.asking import Question, ask
from registry.store.schema import METADATA
from registry.store.types import LAST_DAY, Whole, Words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.engine import Connection

    from registry.store.asking import Rows
    from registry.store.keys import Vault

# A size that no log reaches: what is asked about is now.
_EVER = 2**62

SAME_PERSON = Table(
    "same_person",
    METADATA,
    Column("event_idx", Whole, nullable=False),
    Column("person_id", Words, nullable=False),
    Column("same_id", Words, nullable=False),
    PrimaryKeyConstraint("event_idx", "person_id", "same_id"),
    CheckConstraint("person_id < same_id", name="same_person_is_named_once"),
    ForeignKeyConstraint(["event_idx"], ["household_event.event_idx"], name="same_person_cites_its_event"),
    ForeignKeyConstraint(["person_id"], ["party.id"], name="same_person_is_a_person"),
    ForeignKeyConstraint(["same_id"], ["party.id"], name="same_person_is_another_row_of_them"),
)
Index("same_person_by_other", SAME_PERSON.c.same_id)


def rows_of(idx: int, pairs: Iterable[tuple[str, str]]) -> list[dict[str, object]]:
    """The rows of an event that links people, each pair in one order."""
    return [
        {"event_idx": idx, "person_id": one, "same_id": other}
        for one, other in sorted({(min(pair), max(pair)) for pair in pairs})
    ]


@dataclass(frozen=True, slots=True)
class Linked:
    """Another row of the same person: since which day the two are one, and the event that made them so."""

    person_id: str
    since: str
    event_idx: int


def _links() -> Question:
    """Every link that stands at a size of the log. Police decisions about double people are few: all of them are read."""
    known, cancelling = sa.bindparam("known", type_=Whole), HOUSEHOLD_EVENT.alias()
    annulled = sa.exists().where(cancelling.c.cancels_idx == SAME_PERSON.c.event_idx, cancelling.c.event_idx < known)
    made_by = HOUSEHOLD_EVENT.c
    return Question(
        sa.select(SAME_PERSON.c.person_id, SAME_PERSON.c.same_id, made_by.event_day, made_by.event_idx)
        .join(HOUSEHOLD_EVENT, made_by.event_idx == SAME_PERSON.c.event_idx)
        .where(SAME_PERSON.c.event_idx < known, ~annulled)
    )


LINKS = _links()


def known(known_at: int | None) -> dict[str, Any]:
    """The value of LINKS: a size of the log (None: now)."""
    return {"known": _EVER if known_at is None else known_at}


def linked_in(rows: Rows, person_id: str, valid_at: str | None = None) -> tuple[Linked, ...]:
    """The other rows of a person, in order, by the answer to LINKS; links of after the day don't count."""
    last = valid_at or LAST_DAY
    links: dict[str, list[tuple[tuple[str, int], str]]] = defaultdict(list)
    for one, other, day, idx in rows:
        if day <= last:
            links[one].append(((day, idx), other))
            links[other].append(((day, idx), one))
    # Two rows are one since the last link on the way between them that was made first.
    found: dict[str, tuple[str, int]] = {}
    left = [(("", -1), person_id)]
    while left:
        made, person = heapq.heappop(left)
        if person not in found:
            found[person] = made
            for link, other in links[person]:
                heapq.heappush(left, (max(made, link), other))
    del found[person_id]
    return tuple(Linked(person, *found[person]) for person in sorted(found))


def linked_to(
    connection: Connection, person_id: str, *, valid_at: str | None = None, known_at: int | None = None
) -> tuple[Linked, ...]:
    """The other rows of a person on a day, as known at a size of the log (default: ever, now)."""
    return linked_in(ask(connection, LINKS, known(known_at)), person_id, valid_at)


def same_as(
    connection: Connection, person_id: str, known_at: int | None = None, valid_at: str | None = None
) -> tuple[str, ...]:
    """Every id of this person, their own included, sorted; links whose event was cancelled don't count."""
    others = linked_to(connection, person_id, valid_at=valid_at, known_at=known_at)
    return tuple(sorted((person_id, *(other.person_id for other in others))))


def registered_as(
    connection: Connection, vault: Vault, person_id: str, valid_at: str, known_at: int | None = None
) -> str:
    """The row of a person whose registration stands on a day: of several the one that began last and was not cancelled."""
    rows = same_as(connection, person_id, known_at, valid_at)
    if rows == (person_id,):
        return person_id
    here = [(row, registration_at(connection, vault, row, valid_at, known_at)) for row in rows]
    begun = [(at.status == "registered", at.valid_from, at.event_idx, row) for row, at in here if at is not None]
    return max(begun)[-1] if begun else person_id


def one_person(connection: Connection, *, valid_at: str, known_at: int) -> dict[str, str]:
    """Each row that is one of several of a person on a day, and the smallest id among them; who has one row is not in it."""
    rows = ask(connection, LINKS, known(known_at))
    return {row: min(row, *(one.person_id for one in linked_in(rows, row, valid_at))) for row in _in_links(rows, valid_at)}


def _in_links(rows: Rows, valid_at: str) -> set[str]:
    return {person for one, other, day, _ in rows if day <= valid_at for person in (one, other)}
