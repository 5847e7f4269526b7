"""How does a parcel become others, or share another boundary, while every right on it goes on? Planned, shown, done."""

from __future__ import annotations

from registry.reshaping.plans import (
    NewParcel,
    Plan,
    Remainder,
    plan_adjustment,
    plan_correction,
    plan_join,
    plan_split,
    reshape,
)
from registry.reshaping.refusals import ReshapingError

__all__ = [
    "NewParcel",
    "Plan",
    "Remainder",
    "ReshapingError",
    "plan_adjustment",
    "plan_correction",
    "plan_join",
    "plan_split",
    "reshape",
]
