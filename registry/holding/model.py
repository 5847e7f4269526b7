"""What is a holding: which people hold land together as one contracting household, as a contract names them?

A *holding* is the member list of a contracting household (承包方农户); it has nothing to do with the hukou book. Each
*co-holder* line has a person, the relation to the representative (GB/T 4761), whether they co-hold (SFGYR) and a
remark (CYBZ) that never affects a right. The list changes only by its own lawful causes (causes.md: holding).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, Column

from registry.ledger.nouns import Noun, Row, child_table, index, version_table
from registry.store.schema import reference
from registry.store.types import Whole, Words

if TYPE_CHECKING:
    from collections.abc import Mapping

THINGS = ("holding",)

HOLDING_VERSION = version_table(
    "holding_version",
    THINGS,
    Column("household_id", Words, nullable=False),
    Column("code", Words, nullable=False),
    Column("issuer_id", Words, nullable=False),
    Column("representative_id", Words, nullable=False),
    reference(["household_id"], ["party.id"], name="holding_is_of_a_household"),
    reference(["issuer_id"], ["party.id"], name="holding_has_its_issuer"),
    reference(["representative_id"], ["party.id"], name="holding_has_a_representative"),
)
index(HOLDING_VERSION, "code")
index(HOLDING_VERSION, "household_id")

HOLDING_MEMBER = child_table(
    "holding_member",
    "holding_version",
    Column("person_id", Words, nullable=False),
    Column("relation", Words, nullable=False),
    Column("co_holder", Whole, nullable=False),
    Column("remark", Words, nullable=False),
    Column("alive", Whole, nullable=False),
    reference(["person_id"], ["party.id"], name="co_holder_is_a_person_of_the_register"),
    CheckConstraint("co_holder IN (0,1) AND alive IN (0,1)", name="co_holder_flags_are_yes_or_no"),
)
index(HOLDING_MEMBER, "person_id")


@dataclass(frozen=True, slots=True)
class CoHolder:
    """One line of a member list. `relation` is GB/T 4761; `remark` is CYBZ and never affects a right."""

    person_id: str
    relation: str
    co_holder: bool = True
    remark: str = ""
    alive: bool = True


def _facts(columns: Row, children: Mapping[str, list[Row]]) -> Row:
    return {
        "household": columns["household_id"],
        "code": columns["code"],
        "issuer": columns["issuer_id"],
        "representative": columns["representative_id"],
        "members": [
            [m["person_id"], m["relation"], m["co_holder"], m["remark"], m["alive"]] for m in children["holding_member"]
        ],
    }


# 调查记事 and 公示记事 are free text and may name anybody: sealed.
HOLDING = Noun("holding", HOLDING_VERSION, THINGS, _facts, (HOLDING_MEMBER,), ("notes",))
