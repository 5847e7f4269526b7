"""Who can write a membership, and by which causes does one end?

Settlement, study, work, army, prison, marriage and divorce are none of them (plan II.3.1-g; 农村集体经济组织法).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.ledger import allowed
from registry.ledger.act import require
from registry.ledger.allowed import ANYTHING, May, only
from registry.membership.model import MEMBERSHIP

if TYPE_CHECKING:
    from registry.ledger.act import Act

MAY = {
    "first-registration": May(begins=True),
    "omission-corrected": May(begins=True),
    "record-corrected": ANYTHING,
    "clerical-slip": only("basis"),
    "recoded": only("basis"),
    "member-deceased": May(ends=True),
    "membership-confirmed": May(begins=True, fields=frozenset({"basis"})),
    "membership-gained": May(begins=True),
    "membership-lost": May(ends=True),
    "membership-exited": May(ends=True),
    "court-ordered": ANYTHING,
    "arbitrated": ANYTHING,
    "restored": May(restores=True),
}


def begin(act: Act, *, person_id: str, collective_id: str, basis: str) -> str:
    """Register a membership on the collective's resolution (`basis`). Returns its id."""
    allowed.may_begin(MAY, act.kind)
    columns = {"person_id": person_id, "collective_id": collective_id, "basis": basis}
    return act.begin(MEMBERSHIP, "membership", columns)


def change(act: Act, membership_id: str, *, basis: str) -> None:
    """Change the basis that the membership rests on."""
    allowed.change(act, MEMBERSHIP, MAY, membership_id, {"basis": basis})


def end(act: Act, membership_id: str) -> None:
    """End a membership. Leaving by one's own will needs that person's own signature, nobody else's."""
    head = act.desk.head(MEMBERSHIP, membership_id)
    if head is not None:
        require(act.kind, act.fields, {head.columns["person_id"]: False})
    allowed.end(act, MEMBERSHIP, MAY, membership_id)


def restore(act: Act, membership_id: str) -> None:
    """Bring back a membership, as when a declaration of death is cancelled."""
    allowed.restore(act, MEMBERSHIP, MAY, membership_id)
