"""Which deliveries were registered, what would taking one back change, and which case asks for it?

The same for `/v1/deliveries`, `/v1/withdrawals` and `sanquan delivery`. Nothing here names a person but by id, or writes.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from api.answers.cases import MOST_THINGS
from api.answers.events import Hash, Strict
from registry import withdrawal
from registry.catalogue import NOUNS
from registry.holding.model import HOLDING
from registry.ledger.commit import Officer, desk

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from registry.store.engines import Store
    from registry.withdrawal import Plan, Village, VillagePlan

Answer = dict[str, Any]
VillageCode = Annotated[str, Field(pattern=r"^[0-9]{12}$", examples=["150626100210"])]

_ABOUT = (HOLDING, *(noun for noun in NOUNS if noun is not HOLDING))


class WithdrawalIn(Strict):
    """Which delivery, by its content hash, and which village of it; none: every village that nothing stops."""

    delivery: Hash
    village: VillageCode | None = None


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
        plan = withdrawal.plan_withdrawal(at, sent.delivery, sent.village or "")
    return {
        "delivery": plan.delivery.content_hash,
        "kind": withdrawal.CORRECTED,
        "expect": plan.expect,
        "villages": [_planned(each) for each in plan.villages],
        "case": _case(plan, sent.village) if plan.going else None,
    }


def _village(village: Village) -> Answer:
    gone = village.withdrawn
    return {
        "code": village.code,
        "entries": [village.entries.start, village.entries.stop - 1],
        "withdrawn": None if gone is None else {"day": gone.day, "entries": [gone.by.start, gone.by.stop - 1]},
    }


def _case(plan: Plan, village: str | None) -> Answer:
    """About the households that would end, or what else where it brought none. The reason is left to whoever applies."""
    begun = [one for each in plan.going for things in each.begun.values() for one in things]
    first = min((noun for noun, _ in begun), key=_ABOUT.index)
    request = {"delivery": plan.delivery.content_hash, "expect": plan.expect, "reason": ""}
    request |= {} if village is None else {"village": village}
    subject = [thing_id for noun, thing_id in begun if noun is first][:MOST_THINGS]
    return {"kind": "delivery-withdrawn", "subject": subject, "request": request}


def _planned(each: VillagePlan) -> Answer:
    return {
        "code": each.village.code,
        "goes": not each.stops,
        "ends": each.ends,
        "freed": each.freed,
        "stops": [asdict(stop) for stop in each.stops],
        "moved": [
            {"person": moved.person, "kind": moved.kind, "day": moved.day, "minor": moved.minor} for moved in each.moved
        ],
    }
