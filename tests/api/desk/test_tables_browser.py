"""Does 报表与核对 work in a browser: an export of the book compared and read, a payment list by hukou refused, files fetched?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from registry.audit import audit
from registry.delivery.register import import_delivery
from sample_parcels.books import CONTRACT_BOOK, write_books
from tests.api.chromium import CHROMIUM, browsing
from tests.api.desk.test_delivery_browser import address
from tests.api.desk.test_intakes import Desk, desk
from tests.api.desk.test_tables import PATH
from tests.api.desk.working import brings, looked_at, opened, signed_in
from tests.api.test_subsidies import LIST
from tests.registry.delivery.conftest import CLERK, GACHA, copy, sound
from tests.registry.made_up import VILLAGE_CODE

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["address", "copy", "desk", "sound"]
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium")
TEXT = "document.querySelector('main').innerText"


def test_the_book_is_compared_and_read_and_a_list_by_hukou_is_refused(
    desk: Desk, address: str, sound: Path, tmp_path: Path
) -> None:
    """users.md 1.7, 2(a) 8 and 10: the difference stands beside ours, the foot has the new day and count; no list by hukou; an
    export and a hand-in say how far they are and are fetched; what a withdrawal would end is seen. Nothing guarded is touched.
    """
    import_delivery(desk.store, sound, CLERK)
    write_books(tmp_path / "books")
    with browsing(tmp_path) as tab:
        signed_in(tab, address, desk.first)
        opened(tab, f"{address}{PATH}")
        assert "承包合同簿 · 未核对过" in tab.evaluate("document.body.innerText")
        brings(tab, "#dump", sorted((tmp_path / "books" / CONTRACT_BOOK).iterdir()))
        tab.goes("document.querySelector('#dump').form.requestSubmit()")
        told = tab.evaluate("document.body.innerText")
        assert "承包期止" in told
        assert "2029-12-31" in told
        assert "承包合同簿 · 本系统核对于" in told
        assert "处不一致" in told.rpartition("承包合同簿 · 本系统核对于")[2]
        wrong = looked_at(tab, desk.store, "comparison", tmp_path)
        for sent, ends in ((LIST.replace("年度,起始", "户口类别,起始"), "alert"), (LIST.replace("3842.17", "3000.00"), "")):
            opened(tab, f"{address}{PATH}")
            pasted = sent.replace(",", "\t")
            tab.evaluate(f"document.querySelector('#pasted').value = {pasted!r}")
            tab.goes("document.querySelector('#pasted').form.requestSubmit()")
            if ends:
                assert "各项惠农牧政策不变" in tab.evaluate("document.querySelector('[role=alert]').innerText")
        assert "要看的1行" in tab.evaluate(TEXT)
        wrong += looked_at(tab, desk.store, "subsidies", tmp_path)
        opened(tab, f"{address}{PATH}")
        tab.evaluate(f"document.querySelector('#export-village').value = {VILLAGE_CODE!r}")
        tab.evaluate("document.querySelector('#format').value = 'geojson'")
        tab.goes("document.querySelector('#format').form.requestSubmit()")
        tab.wait_for("document.querySelector('#made .good a') !== null")
        wrong += looked_at(tab, desk.store, "export-made", tmp_path)
        opened(tab, f"{address}{PATH}")
        tab.evaluate("document.querySelector('#purpose').value = '向自治区汇交'")
        tab.goes("document.querySelector('#purpose').form.requestSubmit()")
        tab.wait_for("document.querySelector('#made .good a') !== null")
        assert "只交给该收的人" in tab.evaluate(TEXT)
        wrong += looked_at(tab, desk.store, "hand-in-made", tmp_path)
        wrong += looked_at(tab, desk.store, "tables", tmp_path, f"{address}{PATH}")
        opened(tab, f"{address}/desk/deliveries")
        tab.goes(f"document.querySelector('a[href$=\"village={GACHA}\"]').click()")
        assert "可以撤" in tab.evaluate(TEXT)
        wrong += looked_at(tab, desk.store, "withdrawal", tmp_path)
        assert wrong == []
        assert [each for each in tab.complaints if "422" not in each] == []
        assert [each for each in tab.requested if not each.startswith((address, "data:", "about:"))] == []
    assert audit(desk.store).findings == ()
