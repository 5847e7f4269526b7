"""What is a collective asked about a newborn of its members, and which questions has it not answered yet?

A birth makes no member and no share: it opens a question (plan II.1.3, policy-map section 3; since 2025-05-01 the
collective shall confirm its members' children). The answer is an act of its own, `membership-confirmed`; a question is
open as long as nobody recorded a membership of that person in that collective. What the collective wrote back is kept
beside it, a "no" with its paper, day and reason: it changes no right, and whoever is told of it is told how to object.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, Index, PrimaryKeyConstraint, Table

from registry.membership.model import MEMBERSHIP_VERSION
from registry.residence import HOUSEHOLD_EVENT
from registry.store.schema import METADATA, day_check
from registry.store.types import Bytes, Day, Whole, Words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.engine import Connection

MEMBERSHIP_QUERY = Table(
    "membership_query",
    METADATA,
    Column("event_idx", Whole, nullable=False),
    Column("person_id", Words, nullable=False),
    Column("collective_id", Words, nullable=False),
    PrimaryKeyConstraint("event_idx", "person_id", "collective_id"),
    ForeignKeyConstraint(["event_idx"], ["household_event.event_idx"], name="query_cites_its_event"),
    ForeignKeyConstraint(["person_id"], ["party.id"], name="query_is_about_a_person"),
    ForeignKeyConstraint(["collective_id"], ["party.id"], name="query_is_put_to_a_collective"),
)
Index("membership_query_by_collective", MEMBERSHIP_QUERY.c.collective_id)

# What a collective wrote back. No event and no act: which paper, why, and who took it in are sealed (`store.sealing`).
MEMBERSHIP_ANSWER = Table(
    "membership_answer",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("event_idx", Whole, nullable=False),
    Column("person_id", Words, nullable=False),
    Column("collective_id", Words, nullable=False),
    Column("said", Words, nullable=False),
    Column("dated", Day, nullable=False),
    Column("log_size", Whole, nullable=False),
    Column("sealed", Bytes, nullable=False),
    CheckConstraint("said IN ('yes','no')", name="collective_says_yes_or_no"),
    ForeignKeyConstraint(
        ["event_idx", "person_id", "collective_id"],
        ["membership_query.event_idx", "membership_query.person_id", "membership_query.collective_id"],
        name="answer_is_to_a_question",
    ),
    *day_check("membership_answer", "dated"),
)
Index("membership_answer_by_question", MEMBERSHIP_ANSWER.c.event_idx)


@dataclass(frozen=True, slots=True)
class MembershipQuery:
    """One question: about whom, to which collective, since when, and whether a membership has answered it."""

    event_idx: int
    person_id: str
    collective_id: str
    asked_on: str
    answered: bool

    @property
    def key(self) -> tuple[int, str, str]:
        """What names it."""
        return self.event_idx, self.person_id, self.collective_id


def collectives_of(connection: Connection, people: Iterable[str]) -> tuple[str, ...]:
    """The collectives of which any of these people is, or was, a member: whom a birth is a question to."""
    members = sa.select(MEMBERSHIP_VERSION.c.collective_id).where(MEMBERSHIP_VERSION.c.person_id.in_(sorted(set(people))))
    return tuple(sorted({row.collective_id for row in connection.execute(members.distinct())}))


def queries(connection: Connection, known_at: int | None = None) -> list[MembershipQuery]:
    """Every question of an event that stands, oldest first."""
    cancelling = HOUSEHOLD_EVENT.alias()
    annulled = sa.exists().where(cancelling.c.cancels_idx == MEMBERSHIP_QUERY.c.event_idx)
    answered = sa.exists().where(
        MEMBERSHIP_VERSION.c.person_id == MEMBERSHIP_QUERY.c.person_id,
        MEMBERSHIP_VERSION.c.collective_id == MEMBERSHIP_QUERY.c.collective_id,
    )
    if known_at is not None:
        annulled = annulled.where(cancelling.c.event_idx < known_at)
        answered = answered.where(MEMBERSHIP_VERSION.c.cause_idx < known_at)
    rows = connection.execute(
        sa.select(MEMBERSHIP_QUERY, HOUSEHOLD_EVENT.c.event_day, answered.label("answered"))
        .join(HOUSEHOLD_EVENT, HOUSEHOLD_EVENT.c.event_idx == MEMBERSHIP_QUERY.c.event_idx)
        .where(~annulled, sa.true() if known_at is None else MEMBERSHIP_QUERY.c.event_idx < known_at)
        .order_by(*MEMBERSHIP_QUERY.primary_key.columns)
    )
    return [MembershipQuery(r.event_idx, r.person_id, r.collective_id, r.event_day, bool(r.answered)) for r in rows]
