"""How does a test look at a page as a browser shows it? Debian's chromium, driven through two pipes, without a network.

The DevTools protocol over `--remote-debugging-pipe`: JSON messages that end with a NUL, on the child's file descriptors
3 and 4. Nothing is installed for it.
"""

from __future__ import annotations

import base64
import itertools
import json
import os
import select
import shutil
import subprocess
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uvicorn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
_FLAGS = (
    *("--headless", "--no-sandbox", "--no-first-run", "--hide-scrollbars", "--window-size=1366,900"),
    # No graphics card: the processor draws pages twice as fast as a graphics card that it plays, which maps (WebGL) still need.
    # /dev/shm may be 64 MB in a container.
    *("--disable-gpu", "--enable-unsafe-swiftshader", "--disable-dev-shm-usage"),
    *("--disable-background-networking", "--disable-component-update", "--remote-debugging-pipe"),
)
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


@dataclass(slots=True)
class Tab:
    """One page. `requested` are the addresses it asked for, `complaints` what it wrote to the console as an error."""

    _to: int
    _from: int
    session: str = ""
    requested: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    _ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _rest: bytes = b""

    def open(self, address: str) -> None:
        """Go to an address."""
        self.call("Page.navigate", url=address)

    def evaluate(self, script: str) -> Any:  # noqa: ANN401  (what the script gives)
        """The value of an expression; a promise is waited for."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        return answer["result"].get("value")

    def wait_for(self, script: str) -> Any:  # noqa: ANN401  (what the script gives)
        """Ask until the expression is true; TimeoutError where it never is. A page that goes while it is asked says nothing."""
        until = time.monotonic() + _PATIENCE
        while not (value := self._asked(script)):
            if time.monotonic() > until:
                raise TimeoutError(script, self.complaints)
            time.sleep(0.05)
        return value

    def _asked(self, script: str) -> Any:  # noqa: ANN401  (as above)
        try:
            return self.evaluate(script)
        except RuntimeError as gone:
            if "navigated or closed" not in str(gone):
                raise
            return None

    def goes(self, script: str) -> None:
        """Do what leads to another page, and wait until it is there."""
        self.evaluate("window.left = true")
        self.evaluate(script)
        self.wait_for("window.left === undefined && document.readyState === 'complete'")

    def tap(self, selector: str) -> None:
        """Tap what leads to another page."""
        self.goes(f"document.querySelector({json.dumps(selector)}).click()")

    def visit(self, address: str) -> None:
        """Go to an address, as if it were typed (a strict cookie goes with it), and wait until it is there."""
        self.evaluate("window.left = true")
        self.open(address)
        self.wait_for("window.left === undefined && document.readyState === 'complete'")

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

    def call(self, method: str, **params: Any) -> dict[str, Any]:  # noqa: ANN401  (DevTools' own values)
        """One call of the DevTools protocol and its answer."""
        number = next(self._ids)
        message = {"id": number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            said = self._next()
            if said.get("id") == number:
                if "error" in said:
                    raise RuntimeError(method, said["error"])
                result: dict[str, Any] = said["result"]
                return result
            self._notice(said)

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            if not select.select([self._from], [], [], _PATIENCE)[0]:
                raise TimeoutError
            read = os.read(self._from, 1 << 16)
            if not read:
                raise BrokenPipeError
            self._rest += read
        first, _, self._rest = self._rest.partition(b"\0")
        message: dict[str, Any] = json.loads(first)
        return message

    def _notice(self, said: dict[str, Any]) -> None:
        params = said.get("params", {})
        match said.get("method"):
            case "Network.requestWillBeSent":
                self.requested.append(params["request"]["url"])
            case "Runtime.exceptionThrown":
                details = params["exceptionDetails"]
                self.complaints.append(str(details.get("exception", {}).get("description", details["text"])))
            case "Log.entryAdded" if params["entry"]["level"] == "error":
                self.complaints.append(f"{params['entry']['text']} {params['entry'].get('url', '')}")
            case "Runtime.consoleAPICalled" if params["type"] == "error":
                self.complaints.append(str([each.get("description", each.get("value")) for each in params["args"]]))


@contextmanager
def browsing(folder: Path, *flags: str) -> Iterator[Tab]:
    """A fresh browser with one empty tab, and with these flags of its own; it is ended, with its children, on leaving."""
    assert CHROMIUM is not None
    to_read, to_write = os.pipe()
    from_read, from_write = os.pipe()
    # The browser reads descriptor 3 and writes 4: `exec 3<&n` in a shell is the portable way to number them.
    script = f'exec "$0" "$@" 3<&{to_read} 4>&{from_write}'
    fonts = folder / "fonts.conf"
    fonts.write_text(_FONTS.format(resources.files("cvttf_NotoSansCJK_Regular")), "utf-8")
    with (folder / "chromium.log").open("wb") as log:
        process = subprocess.Popen(
            ["bash", "-c", script, CHROMIUM, *_FLAGS, *flags, f"--user-data-dir={folder / 'profile'}", "about:blank"],
            pass_fds=(to_read, from_write),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            env=os.environ | {"FONTCONFIG_FILE": str(fonts)},
        )
    os.close(to_read)
    os.close(from_write)
    try:
        tab = Tab(to_write, from_read)
        targets = tab.call("Target.getTargets")["targetInfos"]
        page = next(each["targetId"] for each in targets if each["type"] == "page")
        tab.session = tab.call("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            tab.call(f"{domain}.enable")
        yield tab
        tab.session = ""
        tab.call("Browser.close")
    finally:
        os.close(to_write)
        os.close(from_read)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            process.wait()
