"""Is a split drawn on the map from the first click to its entry, and is all of the map there by keyboard, in print, at every width?"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from registry.audit import audit
from registry.ledger.tables import LEDGER_ENTRY
from registry.looks import reading
from tests.api.access_people import service
from tests.api.chromium import CHROMIUM, Tab, browsing
from tests.api.desk.test_browser import WIDTHS, _serious, _TOO_WIDE, address, opened, press, signed_in
from tests.api.desk.test_desk import Office, cheap_hashes, office, paper

__all__ = ["address", "cheap_hashes", "office", "service"]
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium")
READY = "document.getElementById('land')?.dataset.ready === 'yes' && document.getElementById('land-now').dataset.drawn"


def test_look(office: Office, address: str, tmp_path: Path) -> None:
    kept = Path(os.environ.get("SANQUAN_TEST_PICTURES", tmp_path))
    parcel = office.village.parcels["arable"]
    with browsing(tmp_path) as tab:
        signed_in(tab, address, office.first)
        tab.call("Emulation.setDeviceMetricsOverride", width=1366, height=768, deviceScaleFactor=1, mobile=False)
        opened(tab, f"{address}/desk/new?thing={parcel}&kind=parcel-split")
        try:
            tab.wait_for(READY, 20)
        except TimeoutError:
            pass
        print(tab.complaints, tab.evaluate("document.getElementById('land')?.outerHTML.length"))
        (kept / "a.png").write_bytes(tab.picture())
        for x, y in ((0.5, 0.02), (0.5, 0.98)):
            click(tab, x, y)
            tab.wait_for("true")
        import time
        time.sleep(2)
        (kept / "b.png").write_bytes(tab.picture())
        print(tab.evaluate("document.getElementById('land-drawn').innerText"), tab.complaints)


def click(tab: Tab, across: float, down: float) -> None:
    """The left button on a place of the map, in parts of its width and height."""
    box = tab.evaluate("(() => { const b = document.getElementById('land-now').getBoundingClientRect(); return [b.x, b.y, b.width, b.height]; })()")
    x, y = box[0] + across * box[2], box[1] + down * box[3]
    for kind in ("mousePressed", "mouseReleased"):
        tab.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)
