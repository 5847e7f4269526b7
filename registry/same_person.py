"""Which two people of the register are one, by a decision of the police?

A link is made by an event (identity-merged) that names the decision's paper; a number alone makes none (policy-map
section 4). Both rows stay, with every number that either ever had; whoever counts people counts linked ones once.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, Index, PrimaryKeyConstraint, Table

from registry.residence import HOUSEHOLD_EVENT
from registry.store.schema import METADATA
from registry.store.types import Whole, Words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.engine import Connection

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


def same_as(connection: Connection, person_id: str, known_at: int | None = None) -> tuple[str, ...]:
    """Every id of this person, their own included, sorted; links whose event was cancelled don't count."""
    links = _links(connection, known_at)
    found, left = {person_id}, [person_id]
    while left:
        for other in links[left.pop()] - found:
            found.add(other)
            left.append(other)
    return tuple(sorted(found))


def _links(connection: Connection, known_at: int | None) -> dict[str, set[str]]:
    """Every link that stands. Police decisions about double people are few: all of them are read."""
    cancelling = HOUSEHOLD_EVENT.alias()
    annulled = sa.exists().where(cancelling.c.cancels_idx == SAME_PERSON.c.event_idx)
    query = sa.select(SAME_PERSON.c.person_id, SAME_PERSON.c.same_id)
    if known_at is not None:
        annulled = annulled.where(cancelling.c.event_idx < known_at)
        query = query.where(SAME_PERSON.c.event_idx < known_at)
    links: dict[str, set[str]] = defaultdict(set)
    for row in connection.execute(query.where(~annulled)):
        links[row.person_id].add(row.same_id)
        links[row.same_id].add(row.person_id)
    return links
