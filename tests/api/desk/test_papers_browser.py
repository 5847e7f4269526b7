"""Does a clerk come in a browser from what was searched for to the printed sheet, and can everybody read the pages on the way?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from registry import papers
from tests.api.access_people import service
from tests.api.chromium import CHROMIUM, browsing
from tests.api.desk.test_desk import Office, office
from tests.api.desk.test_papers import ARABLE, HERE, PATH, number_of
from tests.api.desk.working import address, opened, press, signed_in
from tests.api.looking import faults_of, pictures
from tests.api.test_sheets import words

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["address", "office", "service"]
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium")


def test_a_search_leads_to_a_printed_sheet(office: Office, address: str, tmp_path: Path) -> None:
    """F2, the end of a code, the hit, 打印图表, a purpose, F9: a PDF with names, and a row in the log of papers."""
    if office.store.on_postgresql:
        pytest.skip("the pages are the same whichever engine answers them")
    with browsing(tmp_path) as tab:
        signed_in(tab, address, office.first)
        opened(tab, f"{address}/desk")
        press(tab, "F2", 113)
        for digit in ARABLE[-5:]:
            press(tab, digit, ord(digit))
        hit = f"#found a[href$='{office.village.parcels['arable']}']"
        tab.wait_for(f'document.querySelector("{hit}") !== null')
        tab.tap(hit)
        tab.tap("main a.button[href^='/desk/papers?thing=']")
        assert tab.evaluate("document.querySelector('[name=which]:checked').value") == f"parcel {ARABLE}"
        tab.evaluate("document.querySelector('[name=purpose]').value = '柜台查询'")
        press(tab, "F9", 120)
        printed = tab.kept(tmp_path)
        assert printed.name == f"parcel-{ARABLE}.pdf"
        assert "达楞太" in words(printed.read_bytes())
        assert tab.complaints == []
    with office.store.reading() as connection:
        (row,) = papers.papers(office.store, connection)
    assert (row.about, row.detail["purpose"]) == (ARABLE, "柜台查询")


def test_the_papers_pages_can_be_read_by_everybody(office: Office, address: str, tmp_path: Path) -> None:
    """At every width, in both languages, with what stands on them only after something was printed, hung up or issued."""
    if office.store.on_postgresql:
        pytest.skip("the pages are the same whichever engine answers them")
    number, today = number_of(office), office.today()
    office.first.send(f"{HERE}/print", 200, which="notice", round="1", day=today, purpose="第一轮公示")
    office.first.send(f"{HERE}/notices", kind="first-notice", title="首次登记公示", body="图和表贴在公示栏。", begins=today)
    pages = {
        "desk-papers": PATH, "desk-new-household-papers": f"/desk/new?thing={office.village.holding}",
        "desk-papers-thing": f"{PATH}?thing={office.village.rights['contract-grass']}",
        "desk-papers-village": HERE, "desk-papers-certificates": f"{PATH}/certificates?number={number}",
    }  # fmt: skip
    with browsing(tmp_path) as tab:
        signed_in(tab, address, office.first)
        assert faults_of(tab, address, pages.items(), pictures(tmp_path)) == []
        assert tab.complaints == []
