"""How is a village of a delivery taken back: which acts, in which order, and what survives a crash?

Act for act, from the last to the first, each on the day of the one that it takes back; one transaction for all villages that
go. A crash before its COMMIT leaves nothing of it, after it everything. The last act of a village brings the row by which
the same content may come in again, the last of all commits to what is kept of the standard's other tables from now on.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from registry import records, sources
from registry.benefits import acts as benefits
from registry.benefits.model import BENEFIT
from registry.delivery.keeping import COUNTY
from registry.delivery.withdrawn import WITHDRAWN, Withdrawn, withdrawal_mark, withdrawn_of
from registry.duties import acts as duties
from registry.duties.model import DUTY
from registry.holding import acts as holdings
from registry.holding.model import HOLDING
from registry.ledger.act import ActFields
from registry.ledger.beside import row_digest
from registry.ledger.commit import desk
from registry.ledger.tables import SOURCE
from registry.membership import acts as memberships
from registry.membership.model import MEMBERSHIP
from registry.parcels import acts as parcels
from registry.parcels.model import PARCEL
from registry.refused import touching
from registry.restrictions.model import RESTRICTION
from registry.rights import acts as rights
from registry.rights.model import RIGHT
from registry.withdrawal.plan import CORRECTED, plan_withdrawal
from registry.withdrawal.refusals import NothingToWithdraw, ProofMissing, ReasonMissing, WithdrawalMovedOn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from registry.ledger.act import Act, Will
    from registry.ledger.commit import Committed, Desk, Officer, Step
    from registry.store.engines import Store
    from registry.withdrawal.plan import Plan, VillagePlan

LONGEST_REASON = 200
_CHINA = dt.timezone(dt.timedelta(hours=8))
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


@dataclass(frozen=True, slots=True)
class Order:
    """A withdrawal as it was shown. `evidence`: content hashes of kept papers that prove the error; `expect`: `Plan.expect`."""

    content_hash: str
    reason: str
    evidence: tuple[str, ...]
    expect: int
    village: str = ""
    wills: tuple[Will, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """What was withdrawn, what was not, and where the log stands."""

    plan: Plan
    committed: Committed


def withdraw(store: Store, officer: Officer, order: Order) -> Done:
    """Take back the villages that nothing stops. Raises `WithdrawalError`, `SourceMissingError`; then nothing is written."""
    if not 1 <= len(order.reason.strip()) <= LONGEST_REASON:
        raise ReasonMissing(LONGEST_REASON)
    if not order.evidence:
        raise ProofMissing
    with touching(store, officer), desk(store, officer) as at:
        for paper in (*order.evidence, *(will.source for will in order.wills)):
            sources.describe(store, at.connection, paper)
        plan = plan_withdrawal(at, order.content_hash, order.village, order.wills)
        if not plan.going:
            raise NothingToWithdraw([each.village.code for each in plan.villages])
        if plan.expect != order.expect:
            raise WithdrawalMovedOn(order.expect, plan.expect)
        at.remember(plan.chains)
        steps = [step for each in plan.going for step in _steps(at, plan, each, order)]
        kept = _take_back_kept(at, plan)
        steps[-1] = partial(_committing, steps[-1], at, [row_digest(records.DELIVERED_BATCH, row) for row in kept])
        committed = at.commit_steps(steps)
    return Done(plan, committed)


def _steps(at: Desk, plan: Plan, each: VillagePlan, order: Order) -> list[Step]:
    basis = f"撤回成果 {order.content_hash} {each.village.code}: {order.reason.strip()}"
    steps = []
    for entry in sorted(each.begun, reverse=True):
        things = {thing_id for _, thing_id in each.begun[entry]}
        # An act that takes back nothing of a person's carries no will of theirs.
        wills = tuple(will for will in order.wills if not things.isdisjoint(each.stated.get(will.person_id, ())))
        fields = ActFields(basis=basis, sources=order.evidence, wills=wills)
        steps.append(partial(_undo, at, plan, each, entry, fields))
    return [*steps[:-1], partial(_last, steps[-1], at, each, order.content_hash, len(steps))]


def _undo(at: Desk, plan: Plan, each: VillagePlan, entry: int, fields: ActFields) -> None:
    """One act that takes back what one act began, from that act's day on."""
    things = each.begun[entry]
    act = at.act(CORRECTED, plan.chains[things[0][1]][0].act_day, fields)
    for name, end in _ENDS.items():
        for noun, thing_id in things:
            if noun.name == name:
                end(act, thing_id)


def _last(step: Step, at: Desk, each: VillagePlan, content_hash: str, acts: int) -> None:
    step()
    last, village = at.acts[-1].idx, each.village
    today = at.store.clock().astimezone(_CHINA).date().isoformat()
    by = range(last - acts + 1, last + 1)
    about = Withdrawn(village.code, content_hash, village.mark, today, village.entries, by).about
    mark = withdrawal_mark(village.mark)
    sealed = at.store.vault.seal(about, b"source-about/" + mark, at.randomness.nonce())
    at.row(SOURCE, {"content_hash": mark, "kind": WITHDRAWN, "dated": today, "size_bytes": 0, "about": sealed})


def _committing(step: Step, at: Desk, digests: Sequence[str]) -> None:
    step()
    at.acts[-1].rows += digests


def _take_back_kept(at: Desk, plan: Plan) -> list[records.Row]:
    """What is kept of the other layers and tables becomes what it was before; the county's with the last village."""
    gone = {(one.delivery, one.village) for one in withdrawn_of(at.store, at.connection)}
    gone |= {(plan.delivery.content_hash, each.village.code) for each in plan.going}
    if all((plan.delivery.content_hash, each.code) in gone for each in plan.delivery.villages):
        gone.add((plan.delivery.content_hash, COUNTY))
    return records.take_back(at.connection, at.store.vault, at.randomness, gone)
