"""What is a restriction: a seizure, mortgage, pledge, objection or dispute, and on which right does it lie?

Beginning or ending one gives the right that it lies on a new version by the same entry, equal in every term (effect
`follows`). Lenders and courts can be people's names: the named path "parties".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, Column

from registry.ledger.nouns import Noun, Row, index, version_table
from registry.store.schema import reference
from registry.store.types import Whole, Words

if TYPE_CHECKING:
    from collections.abc import Mapping

THINGS = ("restriction",)
KINDS = ("seizure", "mortgage", "pledge", "objection", "dispute")

RESTRICTION_VERSION = version_table(
    "restriction_version",
    THINGS,
    Column("restriction_kind", Words, nullable=False),
    Column("right_id", Words, nullable=False),
    Column("amount", Words, nullable=False),
    Column("rank", Whole, nullable=False),
    Column("document", Words, nullable=False),
    Column("until", Words, nullable=False),
    CheckConstraint(f"restriction_kind IN ({', '.join(repr(k) for k in KINDS)})", name="restriction_kind_is_known"),
    reference(["right_id"], ["thing.id"], name="restriction_lies_on_a_right"),
)
index(RESTRICTION_VERSION, "right_id")


def _facts(columns: Row, children: Mapping[str, list[Row]]) -> Row:  # noqa: ARG001
    return {
        "restriction_kind": columns["restriction_kind"],
        "right": columns["right_id"],
        "amount": columns["amount"],
        "rank": columns["rank"],
        "document": columns["document"],
        "until": columns["until"],
    }


RESTRICTION = Noun("restriction", RESTRICTION_VERSION, THINGS, _facts, (), ("parties",))
