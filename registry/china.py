"""Which day is it in China? Days of the register are Beijing's, its instants are UTC to the second: near midnight they differ."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from registry.store.engines import Store

CHINA = dt.timezone(dt.timedelta(hours=8))
"""Beijing's time, without a summer time since 1991."""


def day_of(at: dt.datetime | str) -> dt.date:
    """The day in China of an instant: one with its zone, or text like `2026-11-27T16:30:00Z`."""
    instant = dt.datetime.fromisoformat(at) if isinstance(at, str) else at
    return instant.astimezone(CHINA).date()


def today(store: Store) -> str:
    """The day in China by the register's clock, ISO."""
    return day_of(store.clock()).isoformat()
