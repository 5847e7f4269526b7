"""What is a benefit (惠农牧政策): which policy, for whom, on which basis?

The basis is the policy's own (parcel, herd, household or person); no basis reads a household registration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, Column

from registry.ledger.nouns import Noun, Row, index, version_table
from registry.store.types import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

THINGS = ("benefit",)
BASES = ("parcel", "herd", "household", "person")

BENEFIT_VERSION = version_table(
    "benefit_version",
    THINGS,
    Column("policy", Words, nullable=False),
    Column("basis", Words, nullable=False),
    Column("beneficiary_id", Words, nullable=False),
    Column("quantity", Words, nullable=False),
    Column("unit", Words, nullable=False),
    Column("policy_year", Words, nullable=False),
    CheckConstraint(f"basis IN ({', '.join(repr(b) for b in BASES)})", name="benefit_basis_is_known"),
    rules=("WS-2016/II.3.1-g",),
)
index(BENEFIT_VERSION, "beneficiary_id")


def _facts(columns: Row, children: Mapping[str, list[Row]]) -> Row:  # noqa: ARG001
    return {
        "policy": columns["policy"],
        "basis": columns["basis"],
        "beneficiary": columns["beneficiary_id"],
        "quantity": columns["quantity"],
        "unit": columns["unit"],
        "policy_year": columns["policy_year"],
    }


BENEFIT = Noun("benefit", BENEFIT_VERSION, THINGS, _facts)
