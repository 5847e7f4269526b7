"""Who can write a holding: the member list of a contracting household and its representative?

A household event is not among them: a move, a marriage or a split of the hukou book touches no member list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.holding.model import HOLDING, CoHolder
from registry.ledger import allowed
from registry.ledger.allowed import ANYTHING, May, only

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.ledger.act import Act
    from registry.ledger.nouns import Row

MAY = {
    "first-registration": May(begins=True),
    "omission-corrected": only("holding_member"),
    "record-corrected": ANYTHING,
    "clerical-slip": only("code", "notes"),
    "recoded": only("code"),
    "contract-divided": May(begins=True, fields=frozenset({"holding_member", "representative_id"})),
    "contracts-merged": May(begins=True, ends=True, fields=frozenset({"holding_member", "representative_id"})),
    "member-added": only("holding_member"),
    "member-deceased": only("holding_member"),
    "representative-changed": only("representative_id"),
    "extinct": May(ends=True),
    "court-ordered": ANYTHING,
    "arbitrated": ANYTHING,
    "restored": May(restores=True, fields=frozenset({"holding_member"})),
}


def begin(
    act: Act,
    *,
    household_id: str,
    code: str,
    issuer_id: str,
    representative_id: str,
    members: Sequence[CoHolder],
    notes: str = "",
    status: str = "live",
) -> str:
    """Register a holding; `code` is CBFBM. Returns its id."""
    allowed.may_begin(MAY, act.kind)
    columns = {
        "household_id": household_id,
        "code": code,
        "issuer_id": issuer_id,
        "representative_id": representative_id,
    }
    return act.begin(
        HOLDING,
        "holding",
        columns,
        children={"holding_member": _lines(members)},
        named={"notes": notes},
        status=status,
    )


def change(
    act: Act,
    holding_id: str,
    *,
    code: str | None = None,
    representative_id: str | None = None,
    members: Sequence[CoHolder] | None = None,
) -> None:
    """Change what the act's kind may change: the code, the representative, or the whole member list."""
    columns = {
        name: value for name, value in (("code", code), ("representative_id", representative_id)) if value is not None
    }
    children = None if members is None else {"holding_member": _lines(members)}
    allowed.change(act, HOLDING, MAY, holding_id, columns, children=children)


def end(act: Act, holding_id: str) -> None:
    """End a holding: its last member died, or it was joined to another."""
    allowed.end(act, HOLDING, MAY, holding_id)


def restore(act: Act, holding_id: str) -> None:
    """Bring back a holding that was ended in error."""
    allowed.restore(act, HOLDING, MAY, holding_id)


def _lines(members: Sequence[CoHolder]) -> list[Row]:
    return [
        {
            "person_id": m.person_id,
            "relation": m.relation,
            "co_holder": int(m.co_holder),
            "remark": m.remark,
            "alive": int(m.alive),
        }
        for m in members
    ]
