"""Who can write a duty: a stocking limit, a grazing ban, a due of the collective? Duties stay after a move (I12)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.duties.model import DUTY
from registry.ledger import allowed
from registry.ledger.allowed import ANYTHING, May, only

if TYPE_CHECKING:
    from registry.ledger.act import Act

MAY = {
    "first-registration": May(begins=True),
    "record-corrected": ANYTHING,
    "clerical-slip": only("document"),
    "duty-set": May(begins=True),
    "duty-changed": May(ends=True, fields=frozenset({"quantity", "unit", "document", "until"})),
    "court-ordered": ANYTHING,
    "arbitrated": ANYTHING,
    "restored": May(restores=True),
}


def begin(
    act: Act, *, duty_kind: str, subject_id: str, quantity: str, unit: str, document: str, until: str = ""
) -> str:
    """Register a duty on a parcel, holding or right; `duty_kind` is stocking-limit, grazing-ban or due."""
    allowed.may_begin(MAY, act.kind)
    columns = {
        "duty_kind": duty_kind,
        "subject_id": subject_id,
        "quantity": quantity,
        "unit": unit,
        "document": document,
        "until": until,
    }
    return act.begin(DUTY, "duty", columns)


def change(act: Act, duty_id: str, **columns: str) -> None:
    """Change what the act's kind may change of the columns of `begin`."""
    allowed.change(act, DUTY, MAY, duty_id, columns)


def end(act: Act, duty_id: str) -> None:
    """End a duty."""
    allowed.end(act, DUTY, MAY, duty_id)


def restore(act: Act, duty_id: str) -> None:
    """Bring back a duty that was ended in error."""
    allowed.restore(act, DUTY, MAY, duty_id)
