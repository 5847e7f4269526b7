"""What somebody does at a desk in a browser: signs in, opens a page, presses a key, brings a file, fills in, takes a step."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.api.chromium import Tab, serving
from tests.api.looking import faults_of, pictures

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from registry.store.engines import Store
    from tests.api.conftest import Caller
    from tests.api.desk.test_desk import Clerk


@pytest.fixture
def address(service: Caller) -> Iterator[str]:
    """The service on loopback, as `sanquan serve` does; the app itself is opened by the caller."""
    with serving(service.app) as at:
        yield at


def signed_in(tab: Tab, address: str, clerk: Clerk) -> None:
    """The browser has the clerk's cookie."""
    tab.call("Network.setCookie", name="sanquan_session", value=clerk.token, url=address, httpOnly=True, sameSite="Strict")


def opened(tab: Tab, url: str) -> None:
    """A page, whole."""
    tab.visit("about:blank")
    tab.visit(url)


def press(tab: Tab, key: str, code: int) -> None:
    """One key."""
    text = {"text": key} if len(key) == 1 else {"text": "\r"} if key == "Enter" else {}
    for sort in ("keyDown", "keyUp"):
        told: dict[str, Any] = {"type": sort, "key": key, "windowsVirtualKeyCode": code, **(text if sort == "keyDown" else {})}
        tab.call("Input.dispatchKeyEvent", **told)


def looked_at(tab: Tab, store: Store, name: str, folder: Path, url: str = "") -> list[tuple[str, ...]]:
    """What is wrong with this page, or the one that is shown, at each width in both languages; each is kept as a picture.

    On the embedded engine: the pages are the same whichever engine answers them.
    """
    origin = tab.evaluate("location.origin")
    path = (url or tab.evaluate("location.href")).removeprefix(origin).partition("#")[0]
    found = [] if store.on_postgresql else faults_of(tab, origin, [(f"desk-{name}", path)], pictures(folder))
    tab.call("Network.setCookie", name="sanquan_language", value="zh-CN", url=origin)
    tab.visit(f"{origin}{path}")
    return found


def brings(tab: Tab, selector: str, files: list[Path]) -> None:
    """Choose files in a field, as the window of the browser does."""
    tab.brings(selector, files)
    tab.wait_for(f"document.querySelector({selector!r}).files.length > 0")  # a folder is gone through by and by


def fills(tab: Tab, form: str, said: dict[str, str]) -> None:
    """Write into the fields of a form; "tick" checks a box."""
    for name, value in said.items():
        field = f"document.querySelector({json.dumps(form)}).elements[{json.dumps(f'f.{name}')}]"
        tab.evaluate(f"{field}.checked = true" if value == "tick" else f"{field}.value = {json.dumps(value)}")


def steps(tab: Tab, step: str, scan: Path | None = None, /, **said: str) -> None:
    """Take a step by its form, with a scan where it rests on one."""
    form = f"form[action$='/steps/{step}']"
    fills(tab, form, said)
    if scan is not None:
        brings(tab, f"{form} [name='file.source']", [scan])
    tab.goes(f"document.querySelector({json.dumps(form)}).requestSubmit()")


def case_of(tab: Tab) -> str:
    """Whose page is shown."""
    return str(tab.evaluate("location.pathname.split('/')[3]"))


def drafts(tab: Tab, url: str, said: dict[str, str], applicant: str = "") -> None:
    """Fill in a new case, for the desk or for who stands at it, and hand it in with F9."""
    opened(tab, url)
    tab.evaluate(f"document.getElementById('applicant').value = {applicant!r}")
    fills(tab, "form[action='/desk/cases']", said)
    with tab.going():
        press(tab, "F9", 120)
    assert "提交" in tab.evaluate("document.querySelector('h1').innerText"), tab.evaluate("document.body.innerText")
