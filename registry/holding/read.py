"""Which holding has this code, which holdings name this person, who is on the list on a day?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from registry.holding.model import HOLDING_MEMBER, HOLDING_VERSION, CoHolder

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from registry.ledger.nouns import Version


def by_code(connection: Connection, code: str) -> str | None:
    """The holding that has, or had, this 承包方编码."""
    return connection.scalar(sa.select(HOLDING_VERSION.c.thing_id).where(HOLDING_VERSION.c.code == code).limit(1))


def of_person(connection: Connection, person_id: str) -> list[str]:
    """Every holding whose list names, or ever named, this person."""
    rows = connection.execute(
        sa.select(HOLDING_MEMBER.c.thing_id).where(HOLDING_MEMBER.c.person_id == person_id).distinct()
    )
    return sorted(row.thing_id for row in rows)


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
