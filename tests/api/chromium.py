"""How does a test look at a page as a browser shows it? Debian's chromium, driven by playwright, without a network.

Playwright runs in a thread of its own, behind a portal: a thread on whose event loop it waits can run no other, and tests ask
our service on theirs.
"""

from __future__ import annotations

import base64
import json
import os
import queue
import shutil
import threading
import time
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from importlib import resources
from typing import TYPE_CHECKING, Any

import anyio
import uvicorn
from anyio.from_thread import start_blocking_portal
from playwright.async_api import Error, async_playwright

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
    from pathlib import Path

    from anyio.from_thread import BlockingPortal
    from fastapi import FastAPI
    from playwright.async_api import CDPSession, ConsoleMessage, Download, Page, Playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# No graphics card: the processor draws pages twice as fast as a graphics card that it plays, which maps (WebGL) still need.
_FLAGS = ("--window-size=1366,900", "--disable-gpu", "--enable-unsafe-swiftshader")
_PATIENCE = 240
"""How many seconds a browser may take for one answer: a slow machine, shared by others, took more than sixty."""
_WINDOW, _TALLEST = 800, 6_000
"""How high the window of a picture is, in pixels; how much of a long page is taken."""
_MAPS = "document.querySelectorAll('#map, .land-maps, .fault-map')"
_PINNED = f"{_MAPS}.forEach((map) => {{ map.style.height = `${{map.offsetHeight}}px`; }})"
_UNPINNED = f"{_MAPS}.forEach((map) => {{ map.style.height = ''; }})"
"""What is as high as the window stays as it is while the window is made as high as the page."""


_FONTS = """<?xml version="1.0"?><fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>{}</dir></fontconfig>"""
"""The Chinese font of the map pages, too: on a machine that has none a picture would be of empty boxes."""


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """The address of an app on loopback, as `sanquan serve` serves it; whoever asks opens the app itself."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", ws="none", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:  # a story that fails would else leave a thread for which the process waits for ever
        server.should_exit = True
        thread.join()


@dataclass
class Tab:
    """One page. `requested` are the addresses it asked for, `complaints` what it wrote to the console as an error."""

    _portal: BlockingPortal
    _page: Page
    _devtools: CDPSession
    requested: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    _given: queue.Queue[Download] = field(default_factory=queue.Queue)

    async def listen(self) -> None:
        """To what the page says from now on; asked where playwright runs."""
        self._page.on("request", lambda request: self.requested.append(request.url))
        self._page.on("pageerror", lambda error: self.complaints.append(f"{error.message} {error.stack}"))
        self._page.on("console", self._notice)
        self._page.on("download", self._given.put)

    def _notice(self, said: ConsoleMessage) -> None:
        if said.type == "error":
            self.complaints.append(f"{said.text} {said.location['url']}")

    def _do(self, does: Callable[..., Awaitable[Any]], *what: Any, **how: Any) -> Any:  # noqa: ANN401  (what playwright answers)
        async def timed() -> Any:  # noqa: ANN401  (as above)
            with anyio.fail_after(_PATIENCE):
                return await does(*what, **how)

        return self._portal.call(timed)

    def evaluate(self, script: str) -> Any:  # noqa: ANN401  (what the script gives)
        """The value of an expression; a promise is waited for."""
        return self._do(self._page.evaluate, script)

    def wait_for(self, script: str) -> Any:  # noqa: ANN401  (what the script gives)
        """Ask until the expression is true; TimeoutError where it never is. Of what is not there yet, or goes meanwhile, it is not.

        From here, not in the page: a page without scripts has no timers.
        """
        until, lacking = time.monotonic() + _PATIENCE, ""
        while time.monotonic() < until:
            try:
                if value := self.evaluate(script):
                    return value
            except Error as not_yet:
                lacking = not_yet.message
            time.sleep(0.05)
        raise TimeoutError(script, lacking, self.complaints)

    @contextmanager
    def going(self) -> Iterator[None]:
        """What is done meanwhile leads to another page; afterwards it is there."""

        @asynccontextmanager
        async def awaited() -> AsyncIterator[None]:  # made where it is waited for: it asks for the loop at once
            async with self._page.expect_navigation(timeout=_PATIENCE * 1000):
                yield

        with self._portal.wrap_async_context_manager(awaited()):
            yield

    def goes(self, script: str) -> None:
        """Do what leads to another page, and wait until it is there."""
        with self.going():
            self.evaluate(script)

    def tap(self, selector: str) -> None:
        """Tap what leads to another page."""
        self.goes(f"document.querySelector({json.dumps(selector)}).click()")

    def visit(self, address: str) -> None:
        """Go to an address, as if it were typed (a strict cookie goes with it), and wait until it is there."""
        self._do(self._page.goto, address, timeout=_PATIENCE * 1000)

    def brings(self, selector: str, files: list[Path]) -> None:
        """Choose files in a field, or a folder, as the window of the browser does."""
        self._do(self._page.set_input_files, selector, files, timeout=_PATIENCE * 1000)

    def kept(self, folder: Path) -> Path:
        """The next file that the page gives, in a folder under the name that it has there; queue.Empty where none comes."""
        given = self._given.get(timeout=_PATIENCE)
        to = folder / given.suggested_filename
        self._do(given.save_as, to)
        return to

    def whole_picture(self, width: int, ready: str = "true") -> bytes:
        """The whole page as JPEG, as a window of this width shows it; `ready` is true in the page once it is all there."""
        self._sized(width, _WINDOW)
        self.wait_for(ready)
        height = min(int(self.call("Page.getLayoutMetrics")["cssContentSize"]["height"]), _TALLEST)
        # To take what lies beyond the window Chromium changes its size for a moment, and a map that is drawn anew comes too late.
        if height > _WINDOW:
            self.evaluate(_PINNED)
            self._sized(width, height)
            self.wait_for(ready)
        clip = {"x": 0, "y": 0, "width": width, "height": max(height, _WINDOW), "scale": 1}
        shot = self.call("Page.captureScreenshot", format="jpeg", quality=60, clip=clip)
        if height > _WINDOW:
            self.evaluate(_UNPINNED)
            self._sized(width, _WINDOW)
        return base64.b64decode(shot["data"])

    def _sized(self, width: int, height: int) -> None:
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)

    def picture(self) -> bytes:
        """The page as PNG."""
        return base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"])

    def call(self, method: str, **params: Any) -> Any:  # noqa: ANN401  (DevTools' own values)
        """One call of the DevTools protocol and its answer."""
        return self._do(self._devtools.send, method, params)


@contextmanager
def browsing(folder: Path, *flags: str) -> Iterator[Tab]:
    """A fresh browser with one empty tab, and with these flags of its own; it is ended, with its children, on leaving."""
    fonts = folder / "fonts.conf"
    fonts.write_text(_FONTS.format(resources.files("cvttf_NotoSansCJK_Regular")), "utf-8")
    environment: dict[str, str | float | bool] = {**os.environ, "FONTCONFIG_FILE": str(fonts)}
    with start_blocking_portal() as portal:
        playwright = portal.call(async_playwright().start)
        try:
            tab = Tab(portal, *portal.call(_opened, playwright, [*_FLAGS, *flags], environment))
            portal.call(tab.listen)
            yield tab
        finally:
            portal.call(playwright.stop)


async def _opened(playwright: Playwright, flags: list[str], environment: dict[str, str | float | bool]) -> tuple[Page, CDPSession]:
    # Its window is as large as a test makes it, so playwright makes none (`no_viewport`).
    launch = partial(playwright.chromium.launch, executable_path=CHROMIUM, timeout=_PATIENCE * 1000)
    browser = await launch(args=flags, env=environment)
    page = await browser.new_page(no_viewport=True)
    devtools = await page.context.new_cdp_session(page)
    for domain in ("Page", "Network"):
        await devtools.send(f"{domain}.enable")
    return page, devtools
