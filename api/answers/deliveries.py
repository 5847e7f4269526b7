"""Which deliveries were registered, and how is one that was registered by mistake taken back: first shown, then done?

The same for `/v1/deliveries`, `/v1/withdrawals` and `sanquan delivery`. Nothing here names a person but by id.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from api.answers.events import Hash, OfficerIn, Strict, Words
from api.answers.reshapings import WillIn
from registry import withdrawal
from registry.ledger.act import Will
from registry.ledger.commit import Officer, desk

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from registry.store.engines import Store
    from registry.withdrawal import Plan, Village, VillagePlan

Answer = dict[str, Any]
VillageCode = Annotated[str, Field(pattern=r"^[0-9]{12}$", examples=["150626100210"])]


class WithdrawalIn(Strict):
    """Which delivery, by its content hash, and which village of it; none: every village that nothing stops.

    `wills`: the signed papers of people who moved on the word of what was registered, a guardian's for a minor.
    """

    delivery: Hash
    village: VillageCode | None = None
    wills: list[WillIn] = Field(default_factory=list, max_length=1_000)

    def given(self) -> tuple[Will, ...]:
        """The wills as acts take them."""
        return tuple(Will(will.person, will.source, will.guardian) for will in self.wills)


class WithdrawalOrder(Strict):
    """A withdrawal as it was shown: `expect` is how many things it was to end; `sources` are papers that prove the error."""

    withdrawal: WithdrawalIn
    expect: int = Field(ge=1)
    reason: Words
    officer: OfficerIn
    sources: list[Hash] = Field(min_length=1, max_length=100)


def deliveries(store: Store, connection: Connection) -> Answer:
    """Every delivery that registered anything, oldest first, with what became of each village since."""
    return {
        "deliveries": [
            {
                "content_hash": each.content_hash,
                "recorded_at": each.recorded_at,
                "villages": [_village(one) for one in each.villages],
            }
            for each in withdrawal.deliveries(store, connection)
        ]
    }


def preview(store: Store, sent: WithdrawalIn) -> Answer:
    """What would end, what stops it, who must sign; nothing is written. Raises `WithdrawalError`."""
    with desk(store, Officer("", "")) as at:
        plan = withdrawal.plan_withdrawal(at, sent.delivery, sent.village or "", sent.given())
    return _told(plan)


def record(store: Store, sent: WithdrawalOrder) -> Answer:
    """Take back what was shown. Raises `WithdrawalError`, `SourceMissingError`; then nothing is written."""
    what = sent.withdrawal
    order = withdrawal.Order(
        what.delivery, sent.reason, tuple(sent.sources), sent.expect, what.village or "", what.given()
    )
    done = withdrawal.withdraw(store, sent.officer.officer(), order)
    return {"idx": done.committed.first, "size": done.committed.size, **_told(done.plan)}


def _village(village: Village) -> Answer:
    gone = village.withdrawn
    return {
        "code": village.code,
        "entries": [village.entries.start, village.entries.stop - 1],
        "withdrawn": None if gone is None else {"day": gone.day, "entries": [gone.by.start, gone.by.stop - 1]},
    }


def _told(plan: Plan) -> Answer:
    return {
        "delivery": plan.delivery.content_hash,
        "kind": withdrawal.CORRECTED,
        "expect": plan.expect,
        "villages": [_planned(each) for each in plan.villages],
    }


def _planned(each: VillagePlan) -> Answer:
    return {
        "code": each.village.code,
        "goes": not each.stops,
        "ends": each.ends,
        "freed": each.freed,
        "stops": [asdict(stop) for stop in each.stops],
        "moved": [asdict(moved) for moved in each.moved],
    }
