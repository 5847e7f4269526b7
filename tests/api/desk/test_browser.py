"""Does the desk work in a browser: by keyboard alone, at every width, in both languages, with nothing asked from outside?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.api.access_people import service
from tests.api.chromium import CHROMIUM, browsing
from tests.api.desk.test_desk import Office, office
from tests.api.desk.working import address, case_of, drafts, opened, press, signed_in
from tests.api.ending import ending, steps

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["address", "office", "service"]
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium")


def test_a_clerk_works_by_keyboard_and_approves_no_case_of_their_own(office: Office, address: str, tmp_path: Path) -> None:
    """A slip of the pen: found while typing, drafted, J and Enter to the case, F9 hands it in, F9 of another officer approves;
    never that of who drafted it.
    """
    parcel = office.village.parcels["arable"]
    with browsing(tmp_path) as tab:
        signed_in(tab, address, office.first)
        opened(tab, f"{address}/desk")
        press(tab, "F2", 113)
        for letter in "dlt":
            press(tab, letter, ord(letter.upper()))
        tab.wait_for(f"document.querySelector('#found a[href$=\\'{office.village.holding}\\']') !== null")
        tab.evaluate("document.getElementById('asked').value = ''")
        press(tab, "F2", 113)
        for digit in "00001":
            press(tab, digit, ord(digit))
        tab.wait_for(f"document.querySelector('#found a[href$=\\'{parcel}\\']') !== null")
        tab.tap(f"#found a[href$='{parcel}']")
        drafts(tab, tab.evaluate("document.querySelector('a[href$=clerical-slip]').href"), {"field": "local_name", "to": "东梁"})
        case = case_of(tab)
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
