"""How often may one account ask? A moving window each; more is answered 429 with the seconds to wait."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Literal

from limits import RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from registry.accounts.parameters import parameter
from registry.accounts.refusals import in_words
from registry.errors import SanquanError

if TYPE_CHECKING:
    from limits import RateLimitItem

    from registry.store.engines import Store

Kind = Literal["search", "paper", "export", "sign-in"]


class TooOftenError(SanquanError):
    """Raised when an account, or a source that signs in, asks more often than is allowed."""

    def __init__(self, wait_s: int) -> None:
        """Say how long to wait."""
        zh, en = in_words(wait_s)
        super().__init__(f"问得太频繁, {zh}后再来", f"too often: come back in {en}")
        self.wait_s = wait_s


class Limits:
    """Counts in the memory of this process: a restart forgets them, the lock after failed sign-ins does not."""

    def __init__(self) -> None:
        self._window = MovingWindowRateLimiter(MemoryStorage())

    def count(self, store: Store, kind: Kind, who: str) -> None:
        """Count one question of an account (or source). TooOftenError."""
        item = _item(store, kind)
        if self._window.hit(item, kind, who):
            return
        until = self._window.get_window_stats(item, kind, who).reset_time
        raise TooOftenError(max(1, math.ceil(until - time.time())))


def _item(store: Store, kind: Kind) -> RateLimitItem:
    day = store.clock().date()
    if kind == "search":
        return RateLimitItemPerMinute(parameter("searches-a-minute", day))
    if kind in ("paper", "export"):
        return RateLimitItemPerHour(parameter(f"{kind}s-an-hour", day))
    return RateLimitItemPerMinute(parameter("attempts-of-a-source", day), parameter("failures-minutes", day))
