"""How is a village of a delivery taken back: which acts, in which order, and what survives a crash?

Act for act, from the last to the first, each on the day of the one that it takes back; one transaction, the case's, for all
villages that go. A crash before its COMMIT leaves nothing of it, after it everything. The last act of a village brings the row
by which the same content may come in again, the last of all commits to what is kept of the standard's other tables from now on.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from registry import china, records
from registry.benefits import acts as benefits
from registry.benefits.model import BENEFIT
from registry.delivery.keeping import COUNTY
from registry.delivery.withdrawn import WITHDRAWN, Withdrawn, withdrawal_mark, withdrawn_of
from registry.duties import acts as duties
from registry.duties.model import DUTY
from registry.holding import acts as holdings
from registry.holding.model import HOLDING
from registry.ledger.beside import row_digest
from registry.ledger.tables import SOURCE
from registry.membership import acts as memberships
from registry.membership.model import MEMBERSHIP
from registry.parcels import acts as parcels
from registry.parcels.model import PARCEL
from registry.restrictions.model import RESTRICTION
from registry.rights import acts as rights
from registry.rights.model import RIGHT
from registry.withdrawal.plan import CORRECTED
from registry.withdrawal.refusals import NothingToWithdraw

if TYPE_CHECKING:
    from collections.abc import Callable

    from registry.ledger.act import Act, ActFields
    from registry.ledger.commit import Desk
    from registry.withdrawal.plan import Plan, VillagePlan

# Burdens come off before what they lie on ends, and whoever holds goes last.
_ENDS: dict[str, Callable[[Act, str], object]] = {
    RESTRICTION.name: rights.unburden,
    RIGHT.name: rights.end,
    DUTY.name: duties.end,
    BENEFIT.name: benefits.end,
    MEMBERSHIP.name: memberships.end,
    PARCEL.name: parcels.end,
    HOLDING.name: holdings.end,
}


def withdraw(at: Desk, plan: Plan, reason: str, fields: ActFields) -> None:
    """Take back the villages that nothing stops; the caller ends the transaction. `fields`: proof of the error and every will.

    Raises `NothingToWithdraw`.
    """
    if not plan.going:
        raise NothingToWithdraw([each.village.code for each in plan.villages])
    at.remember(plan.chains)
    for each in plan.going:
        _take_back(at, plan, each, replace(fields, basis=f"{fields.basis} {plan.delivery.content_hash}: {reason}"))
    at.acts[-1].rows += [row_digest(records.DELIVERED_BATCH, row) for row in _take_back_kept(at, plan)]


def _take_back(at: Desk, plan: Plan, each: VillagePlan, fields: ActFields) -> None:
    for entry in sorted(each.begun, reverse=True):
        things = {thing_id for _, thing_id in each.begun[entry]}
        # An act that takes back nothing of a person's carries no will of theirs.
        wills = tuple(will for will in fields.wills if not things.isdisjoint(each.stated.get(will.person_id, ())))
        _undo(at, plan, each, entry, replace(fields, wills=wills))
    _mark(at, each, plan.delivery.content_hash)


def _undo(at: Desk, plan: Plan, each: VillagePlan, entry: int, fields: ActFields) -> None:
    """One act that takes back what one act began, from that act's day on."""
    things = each.begun[entry]
    act = at.act(CORRECTED, plan.chains[things[0][1]][0].act_day, fields)
    for name, end in _ENDS.items():
        for noun, thing_id in things:
            if noun.name == name:
                end(act, thing_id)


def _mark(at: Desk, each: VillagePlan, content_hash: str) -> None:
    last, village = at.acts[-1].idx, each.village
    today = china.today(at.store)
    by = range(last - len(each.begun) + 1, last + 1)
    about = Withdrawn(village.code, content_hash, village.mark, today, village.entries, by).about
    mark = withdrawal_mark(village.mark)
    sealed = at.store.vault.seal(about, b"source-about/" + mark, at.randomness.nonce())
    at.row(SOURCE, {"content_hash": mark, "kind": WITHDRAWN, "dated": today, "size_bytes": 0, "about": sealed})


def _take_back_kept(at: Desk, plan: Plan) -> list[records.Row]:
    """What is kept of the other layers and tables becomes what it was before; the county's with the last village."""
    gone = {(one.delivery, one.village) for one in withdrawn_of(at.store, at.connection)}
    gone |= {(plan.delivery.content_hash, each.village.code) for each in plan.going}
    if all((plan.delivery.content_hash, each.code) in gone for each in plan.delivery.villages):
        gone.add((plan.delivery.content_hash, COUNTY))
    return records.take_back(at.connection, at.store.vault, at.randomness, gone)
