"""How does a person come to be registered elsewhere: who applied, what was decided, and the event that is recorded?"""

from __future__ import annotations

from registry.settlement.event import (
    Application,
    Event,
    NotCancellableError,
    Recorded,
    UnknownEventError,
    UnknownPersonError,
)
from registry.settlement.recording import event_key, record, record_within, settle_family

__all__ = [
    "Application",
    "Event",
    "NotCancellableError",
    "Recorded",
    "UnknownEventError",
    "UnknownPersonError",
    "event_key",
    "record",
    "record_within",
    "settle_family",
]
