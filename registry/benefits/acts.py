"""Who can write an entitlement to a benefit policy (惠农牧政策)? Its own dated basis, never a registration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.benefits.model import BENEFIT
from registry.ledger import allowed
from registry.ledger.allowed import ANYTHING, May, only

if TYPE_CHECKING:
    from registry.ledger.act import Act

MAY = {
    "first-registration": May(begins=True),
    "record-corrected": ANYTHING,
    "clerical-slip": only("policy"),
    "benefit-granted": May(begins=True),
    "benefit-adjusted": only("quantity", "unit", "policy_year"),
    "benefit-ended": May(ends=True),
    "court-ordered": ANYTHING,
    "arbitrated": ANYTHING,
    "restored": May(restores=True),
}


def begin(act: Act, *, policy: str, basis: str, beneficiary_id: str, quantity: str, unit: str, policy_year: str) -> str:
    """Register an entitlement; `basis` is parcel, herd, household or person. Returns its id."""
    allowed.may_begin(MAY, act.kind)
    columns = {
        "policy": policy,
        "basis": basis,
        "beneficiary_id": beneficiary_id,
        "quantity": quantity,
        "unit": unit,
        "policy_year": policy_year,
    }
    return act.begin(BENEFIT, "benefit", columns)


def change(act: Act, benefit_id: str, **columns: str) -> None:
    """Change what the act's kind may change of the columns of `begin`."""
    allowed.change(act, BENEFIT, MAY, benefit_id, columns)


def end(act: Act, benefit_id: str) -> None:
    """End an entitlement on the policy's own dated basis."""
    allowed.end(act, BENEFIT, MAY, benefit_id)


def restore(act: Act, benefit_id: str) -> None:
    """Bring back an entitlement that was ended in error."""
    allowed.restore(act, BENEFIT, MAY, benefit_id)
