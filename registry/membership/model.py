"""What is a membership: which person belongs to which collective, and on what basis?

Membership ends only by the causes of the closed list; settling in town is none of them (plan II.3.1-g).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Column

from registry.ledger.nouns import Noun, Row, index, version_table
from registry.store.schema import reference
from registry.store.types import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

THINGS = ("membership",)

MEMBERSHIP_VERSION = version_table(
    "membership_version",
    THINGS,
    Column("person_id", Words, nullable=False),
    Column("collective_id", Words, nullable=False),
    Column("basis", Words, nullable=False),
    reference(["person_id"], ["party.id"], name="member_is_a_person_of_the_register"),
    reference(["collective_id"], ["party.id"], name="member_belongs_to_a_collective"),
    rules=("WS-2016/II.3.1-g", "COL/18", "COL/8"),
)
index(MEMBERSHIP_VERSION, "person_id")
index(MEMBERSHIP_VERSION, "collective_id")


def _facts(columns: Row, children: Mapping[str, list[Row]]) -> Row:  # noqa: ARG001
    return {"person": columns["person_id"], "collective": columns["collective_id"], "basis": columns["basis"]}


MEMBERSHIP = Noun("membership", MEMBERSHIP_VERSION, THINGS, _facts)
