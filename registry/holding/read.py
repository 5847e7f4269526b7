"""Which holding has this code, which holdings name this person, who is on the list on a day?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from registry.holding.model import HOLDING_MEMBER, HOLDING_VERSION, CoHolder
from registry.ledger.in_force import in_force
from registry.store.among import among
from registry.store.asking import Question, ask

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.engine import Connection

    from registry.ledger.nouns import Version


_OF_PEOPLE = Question(
    sa.select(HOLDING_MEMBER.c.thing_id).where(among(HOLDING_MEMBER.c.person_id, "persons")).distinct()
)
_LISTED = Question(
    sa.select(HOLDING_MEMBER.c.person_id, HOLDING_VERSION.c.thing_id, HOLDING_VERSION.c.code)
    .join(
        HOLDING_VERSION,
        sa.and_(HOLDING_VERSION.c.thing_id == HOLDING_MEMBER.c.thing_id, HOLDING_VERSION.c.ver == HOLDING_MEMBER.c.ver),
    )
    .where(
        among(HOLDING_MEMBER.c.person_id, "persons"),
        in_force(HOLDING_VERSION),
        HOLDING_VERSION.c.status != "ended",
        HOLDING_MEMBER.c.co_holder == 1,
        HOLDING_MEMBER.c.alive == 1,
    )
    .order_by(HOLDING_MEMBER.c.person_id, HOLDING_VERSION.c.thing_id)
)


def by_code(connection: Connection, code: str) -> str | None:
    """The holding that has, or had, this 承包方编码."""
    return connection.scalar(sa.select(HOLDING_VERSION.c.thing_id).where(HOLDING_VERSION.c.code == code).limit(1))


def of_person(connection: Connection, person_id: str) -> list[str]:
    """Every holding whose list names, or ever named, this person."""
    rows = connection.execute(
        sa.select(HOLDING_MEMBER.c.thing_id).where(HOLDING_MEMBER.c.person_id == person_id).distinct()
    )
    return sorted(row.thing_id for row in rows)


def of_people(connection: Connection, person_ids: Iterable[str]) -> list[str]:
    """Every holding whose list names, or ever named, one of these people."""
    return sorted(holding for (holding,) in ask(connection, _OF_PEOPLE, {"persons": sorted(set(person_ids))}))


def listed_in(
    connection: Connection, person_ids: Iterable[str], *, valid_at: str, known_at: int
) -> list[tuple[str, str, str]]:
    """(person, holding, its code) for each of these people who stands on a list as a living co-holder on the day."""
    values = {"persons": sorted(set(person_ids)), "valid_at": valid_at, "known_at": known_at}
    return [(person, holding, code) for person, holding, code in ask(connection, _LISTED, values)]


def ever_beside(connection: Connection, person_ids: Iterable[str]) -> frozenset[str]:
    """Everybody whom a list names, or ever named, together with one of these people; they themselves, too."""
    beside = HOLDING_MEMBER.alias()
    query = (
        sa.select(beside.c.person_id)
        .join(HOLDING_MEMBER, HOLDING_MEMBER.c.thing_id == beside.c.thing_id)
        .where(among(HOLDING_MEMBER.c.person_id, "persons"))
        .distinct()
    )
    persons = sorted(set(person_ids))
    return frozenset(persons).union(connection.scalars(query, {"persons": persons}))


def households_of(connection: Connection, issuer_id: str, *, valid_at: str, known_at: int) -> int:
    """How many contracting households have a holding of an issuer on the day, each once for its books."""
    found = connection.scalar(
        sa.select(sa.func.count(HOLDING_VERSION.c.household_id.distinct())).where(
            HOLDING_VERSION.c.issuer_id == issuer_id, in_force(HOLDING_VERSION), HOLDING_VERSION.c.status != "ended"
        ),
        {"valid_at": valid_at, "known_at": known_at},
    )
    return found or 0


def of_household(connection: Connection, household_id: str) -> list[str]:
    """Every holding of a contracting household (one for each book that it stands in)."""
    rows = connection.execute(
        sa.select(HOLDING_VERSION.c.thing_id).where(HOLDING_VERSION.c.household_id == household_id).distinct()
    )
    return sorted(row.thing_id for row in rows)


def members(version: Version) -> list[CoHolder]:
    """The member list of one version, in the order of the book."""
    return [
        CoHolder(m["person_id"], m["relation"], bool(m["co_holder"]), m["remark"], bool(m["alive"]))
        for m in version.children["holding_member"]
    ]
