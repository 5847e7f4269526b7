"""What is a duty: which limit, ban or due lies on which holding, parcel or right?

Duties stay after a move like rights do (plan II.3.1-g, 权利、义务不变; invariant I12).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, Column

from registry.ledger.nouns import Noun, Row, index, version_table
from registry.store.schema import reference
from registry.store.types import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

THINGS = ("duty",)
KINDS = ("stocking-limit", "grazing-ban", "due")

DUTY_VERSION = version_table(
    "duty_version",
    THINGS,
    Column("duty_kind", Words, nullable=False),
    Column("subject_id", Words, nullable=False),
    Column("quantity", Words, nullable=False),
    Column("unit", Words, nullable=False),
    Column("document", Words, nullable=False),
    Column("until", Words, nullable=False),
    CheckConstraint(f"duty_kind IN ({', '.join(repr(k) for k in KINDS)})", name="duty_kind_is_known"),
    reference(["subject_id"], ["thing.id"], name="duty_lies_on_a_thing"),
    rules=("WS-2016/II.3.1-g",),
)
index(DUTY_VERSION, "subject_id")


def _facts(columns: Row, children: Mapping[str, list[Row]]) -> Row:  # noqa: ARG001
    return {
        "duty_kind": columns["duty_kind"],
        "subject": columns["subject_id"],
        "quantity": columns["quantity"],
        "unit": columns["unit"],
        "document": columns["document"],
        "until": columns["until"],
    }


DUTY = Noun("duty", DUTY_VERSION, THINGS, _facts)
