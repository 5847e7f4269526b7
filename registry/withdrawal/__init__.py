"""How is a delivery that was registered by mistake taken back as a whole, village by village, without deleting anything?"""

from __future__ import annotations

from registry.withdrawal.history import Registered, Village, deliveries, delivery
from registry.withdrawal.plan import CORRECTED, Moved, Plan, Stop, VillagePlan, plan_withdrawal
from registry.withdrawal.refusals import (
    DeliveryNotRegistered,
    HashMalformed,
    NothingToWithdraw,
    VillageNotInDelivery,
    WithdrawalError,
    WithdrawalMovedOn,
)
from registry.withdrawal.undo import withdraw

__all__ = [
    "CORRECTED",
    "DeliveryNotRegistered",
    "HashMalformed",
    "Moved",
    "NothingToWithdraw",
    "Plan",
    "Registered",
    "Stop",
    "Village",
    "VillageNotInDelivery",
    "VillagePlan",
    "WithdrawalError",
    "WithdrawalMovedOn",
    "deliveries",
    "delivery",
    "plan_withdrawal",
    "withdraw",
]
