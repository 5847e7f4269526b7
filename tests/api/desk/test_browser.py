"""Does the desk work in a browser: by keyboard alone, at every width, in both languages, with nothing asked from outside?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.api.access_people import service
from tests.api.chromium import CHROMIUM, Tab, browsing, serving
from tests.api.desk.test_desk import Clerk, Office, cheap_hashes, office
from tests.api.ending import ending, steps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.api.conftest import Caller

__all__ = ["cheap_hashes", "office", "service"]
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium")


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
    tab.open("about:blank")
    tab.wait_for("location.href === 'about:blank'")
    tab.open(url)
    tab.wait_for(f"document.readyState === 'complete' && location.href.startsWith({url!r})")


def press(tab: Tab, key: str, code: int) -> None:
    """One key."""
    text = {"text": key} if len(key) == 1 else {"text": "\r"} if key == "Enter" else {}
    for sort in ("keyDown", "keyUp"):
        told: dict[str, Any] = {"type": sort, "key": key, "windowsVirtualKeyCode": code, **(text if sort == "keyDown" else {})}
        tab.call("Input.dispatchKeyEvent", **told)


def test_a_clerk_works_by_keyboard_and_approves_no_case_of_their_own(office: Office, address: str, tmp_path: Path) -> None:
    """A slip of the pen: J and Enter to the case, F9 hands it in, F9 of another officer approves; never that of who drafted it."""
    parcel = office.village.parcels["arable"]
    case = office.first.send("/desk/cases", kind="clerical-slip", thing=parcel, f__field="local_name", f__to="东梁")
    with browsing(tmp_path) as tab:
        signed_in(tab, address, office.first)
        opened(tab, f"{address}/desk")
        press(tab, "F2", 113)
        for letter in "dlt":
            press(tab, letter, ord(letter.upper()))
        tab.wait_for(f"document.querySelector('#found a[href$=\\'{office.village.holding}\\']') !== null")
        opened(tab, f"{address}/desk")
        press(tab, "j", 74)
        press(tab, "Enter", 13)
        tab.wait_for(f"location.pathname.endsWith('{case}') && document.readyState === 'complete'")
        press(tab, "F9", 120)
        tab.wait_for("document.body.innerText.includes('要换一个人')")
        assert tab.evaluate("document.querySelectorAll('form[action$=approved]').length") == 0
        signed_in(tab, address, office.second)
        opened(tab, f"{address}/desk/cases/{case}")
        press(tab, "F9", 120)
        tab.wait_for("document.querySelectorAll('form[action$=registered]').length === 1 && document.readyState === 'complete'")
        press(tab, "F9", 120)
        tab.wait_for("document.body.innerText.includes('登记簿账目')")
        assert tab.complaints == []
        assert [each for each in tab.requested if not each.startswith((address, f"blob:{address}", "data:", "about:"))] == []
    log = ending(office.store, tmp_path)
    assert steps(log) == ["drafted", "submitted", "approved", "registered"]
    assert log.count("R clerical-slip") == 1
