"""How does a parcel become others, or share another boundary, while every right on it goes on? Planned, shown, done."""

from __future__ import annotations

from registry.reshaping.burdens import Carried
from registry.reshaping.plans import (
    NewParcel,
    Plan,
    Remainder,
    plan_adjustment,
    plan_correction,
    plan_first,
    plan_join,
    plan_split,
    reshape,
)
from registry.reshaping.recoding import Recoding, plan_recoding, recode_steps
from registry.reshaping.refusals import CountDiffers, ReshapingError

__all__ = [
    "Carried",
    "CountDiffers",
    "NewParcel",
    "Plan",
    "Recoding",
    "Remainder",
    "ReshapingError",
    "plan_adjustment",
    "plan_correction",
    "plan_first",
    "plan_join",
    "plan_recoding",
    "plan_split",
    "recode_steps",
    "reshape",
]
