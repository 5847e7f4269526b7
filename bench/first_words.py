"""When do the first words of `/my` stand on an old phone with a slow line? In chromium, which slows line and processor itself.

A cold load: no cache, a fresh line of 400 kbit/s each way with 400 ms to and fro, a processor four times slower than ours: what
users.md section 7 calls a slow line, as browsers' own tools set "slow 3G" and a cheap phone. Assumed, no measurement of the
banner's. What is told is the browser's own `first-contentful-paint`; no script is waited for before it.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from structlog.testing import capture_logs

from api.main import create_app
from api.settings import ApiSettings
from bench.registers import fresh_registry
from migrations.upgrade import open_registry
from registry.accounts import cards, sessions
from registry.accounts.holders import By
from tests.api.chromium import CHROMIUM, browsing, serving
from tests.api.conftest import Caller
from tests.registry import made_up

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.api.chromium import Tab

LINE = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
"""Milliseconds to and fro, bytes a second (400 kbit/s)."""
SLOWER = 4
_PIN = "482916"
_PAINTED = "performance.getEntriesByName('first-contentful-paint').map(e => e.startTime)[0]"


@dataclass(frozen=True, slots=True)
class FirstWords:
    """Seconds from the tap to the first words of each cold load, and the bytes that came for the whole page."""

    seconds: list[float]
    bytes: int

    @property
    def median(self) -> float:
        """Of the loads."""
        return median(self.seconds)


def measure(runs: int, tell: Callable[[str], None]) -> FirstWords | None:
    """A family of the embedded register that settled opens its page so often; None where there is no chromium."""
    if CHROMIUM is None:
        tell("没有 chromium: 首字没有测 / no chromium: first words are not measured")
        return None
    with tempfile.TemporaryDirectory(prefix="sanquan-bench-") as folder, ExitStack() as keep:
        settings = keep.enter_context(fresh_registry("file", Path(folder)))
        keep.enter_context(capture_logs())  # a line a request would stand among the figures
        store = open_registry(settings.folder)
        village = made_up.register_village(store)
        made_up.register_hukou(store, village)
        made_up.settle(store, village)
        card = cards.issue(store, By("console-1", "张三"), made_up.id_number(*made_up.PEOPLE[0][1:]), _PIN)
        with store.writing("desk") as connection:
            token = sessions.begin(store, connection, card.account_id, "card").token
            connection.commit()
        store.close()
        caller = Caller(create_app(ApiSettings(settings.folder, token="bench")))  # noqa: S106  (of a register of made-up people)
        keep.callback(caller.close)
        tab = keep.enter_context(browsing(Path(folder)))
        address = keep.enter_context(serving(caller.app))
        tab.call("Network.setCookie", name="sanquan_session", value=token, url=address)
        tab.call("Emulation.setDeviceMetricsOverride", width=360, height=740, deviceScaleFactor=2, mobile=True)
        tab.visit(f"{address}/my")  # the service answers its first question while nobody waits
        tab.call("Network.emulateNetworkConditions", **LINE)
        tab.call("Emulation.setCPUThrottlingRate", rate=SLOWER)
        tell(f"first words of /my: {runs} cold loads")
        return FirstWords([_cold(tab, f"{address}/my") for _ in range(runs)], _weight(tab))


def _cold(tab: Tab, address: str) -> float:
    """One load without cache and on a new line; seconds to the first words."""
    tab.call("Network.clearBrowserCache")
    tab.visit("about:blank")
    tab.visit(address)
    painted: float = tab.wait_for(_PAINTED)
    if "没变" not in str(tab.evaluate("document.body.innerText")):
        raise ValueError(address)
    return painted / 1000


def _weight(tab: Tab) -> int:
    """Bytes of the page and all that it loads, as they came."""
    found: int = tab.evaluate(
        "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
        ".reduce((sum, e) => sum + e.transferSize, 0)"
    )
    return found
