"""A delivery from the stick to the register, its notice on the board, what a holder says against it: in a browser throughout."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from registry import parties
from registry.accounts.holders import By
from registry.holding.model import HOLDING, HOLDING_VERSION
from registry.holding.read import members
from registry.ledger.chain import read_chains
from tests.api.chromium import CHROMIUM, browsing, serving
from tests.api.desk.test_intakes import PATH, Desk, desk
from tests.api.desk.working import case_of, drafts, looked_at, opened, press, signed_in, steps
from tests.api.ending import ending
from tests.api.ending import steps as taken
from tests.api.looking import pictures
from tests.api.test_my_browser import sign_in, words
from tests.registry.delivery.conftest import OTHER_GACHA, Copy, copy, sound
from tests.registry.delivery.test_exceptions import overlapping
from tests.registry.evidence import hostile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from registry.store.engines import Store
    from tests.api.chromium import Tab

__all__ = ["copy", "desk", "overlapping", "sound"]
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium")
GROWN_UP = "2000"
"""Born before this year."""


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    """The service of the empty register on loopback."""
    with serving(desk.caller.app) as at:
        yield at


def drags(tab: Tab, selector: str, path: Path) -> None:
    """Drag a folder from another window onto an element, and let it go."""
    script = f"(() => {{ const b = document.querySelector({selector!r}).getBoundingClientRect(); return [b.x, b.y]; }})()"
    left, top = tab.evaluate(script)
    for kind in ("dragEnter", "dragOver", "drop"):
        data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
        tab.call("Input.dispatchDragEvent", type=kind, x=left + 20, y=top + 20, data=data)


def household(store: Store) -> tuple[str, str, list[str]]:
    """A household of the second village with two grown people: its list, a name on it, their ID numbers."""
    of_village = HOLDING_VERSION.c.code.startswith(OTHER_GACHA)
    with store.reading() as connection:
        query = sa.select(HOLDING_VERSION.c.thing_id).where(of_village).order_by(HOLDING_VERSION.c.code)
        for thing in connection.scalars(query):
            listed = [each.person_id for each in members(read_chains(connection, HOLDING, [thing])[thing][-1])]
            people = parties.identities(connection, store.vault, listed)
            grown = [who.id_number for who in people.values() if who.id_number[6:10] < GROWN_UP]
            if len(grown) > 1:
                return thing, people[listed[0]].name, grown
    raise LookupError


def registers(tab: Tab, desk: Desk, address: str, delivery: Copy, folder: Path) -> list[tuple[str, ...]]:
    """The folder is dropped, a fault is picked and zooms, two villages go in whole; what is wrong with the pages."""
    opened(tab, f"{address}{PATH}")
    wrong = looked_at(tab, desk.store, "deliveries", folder)
    with tab.going():
        drags(tab, "#drop", delivery.root)
    tab.wait_for("document.querySelector('form[action$=register]') !== null")
    wrong += looked_at(tab, desk.store, "delivery", folder)
    tab.tap("tr.red a.work")
    before = tab.evaluate("document.getElementById('fault-map').getAttribute('viewBox')")
    assert tab.evaluate("document.querySelectorAll('.fault-list a[data-x]').length") > 0
    tab.evaluate("document.querySelector('.fault-list a[data-x]').click()")
    link = "document.querySelector('.fault-list .lit a')"
    box = [float(each) for each in tab.evaluate("document.getElementById('fault-map').getAttribute('viewBox')").split()]
    at = [float(tab.evaluate(f"{link}.dataset.{axis}")) for axis in "xy"]
    assert before != box
    assert [box[0] + box[2] / 2, box[1] + box[3] / 2] == pytest.approx(at)
    assert tab.evaluate("document.querySelectorAll('.mark.lit').length") == 1
    wrong += looked_at(tab, desk.store, "faults", folder)
    opened(tab, f"{address}{tab.evaluate('location.pathname').partition('/villages')[0]}")
    press(tab, "F9", 120)
    tab.wait_for("document.body.innerText.includes('登记了，账目到第')")
    return wrong


def posts(tab: Tab, address: str, thing: str, name: str, photo: Path) -> str:
    """The search finds the household; somebody was left off its list: handed in, taken in, and on the board with a photograph."""
    opened(tab, f"{address}/desk")
    tab.evaluate("document.getElementById('asked').value = ''")
    press(tab, "F2", 113)
    tab.call("Input.insertText", text=name)
    tab.wait_for(f"document.querySelector('#found a[href$=\"{thing}\"]') !== null")
    tab.tap(f"#found a[href$='{thing}']")
    asked = {"name": "其其格", "relation": "20", "day": "1998-01-01"}
    drafts(tab, tab.evaluate("document.querySelector('a[href$=omission-corrected]').href"), asked)
    steps(tab, "accepted")
    steps(tab, "noticed", photo, where="嘎查公示栏")
    case = case_of(tab)
    tab.call("Network.clearBrowserCookies")
    tab.visit(f"{address}/notices")
    assert case in words(tab)
    return case


def objects(tab: Tab, store: Store, address: str, case: str, number: str, *, scripts: bool) -> str:
    """A holder at home, on a phone: signs in with a card, reads what hangs about their household, says that it is not right."""
    tab.call("Network.clearBrowserCookies")
    tab.call("Emulation.setDeviceMetricsOverride", width=360, height=740, deviceScaleFactor=1, mobile=True)
    tab.call("Emulation.setScriptExecutionDisabled", value=not scripts)
    tab.visit(f"{address}/sign-in")
    sign_in(tab, store, By("console-1", "张三"), number)
    tab.tap(f"main a[href^='/my/case/{case}']")
    assert "公示到" in words(tab)
    tab.tap(f"main a[href^='/my/ask?about={case}']")
    tab.evaluate("document.querySelector('details[open] textarea').value = '她不是我们家的人'")
    tab.tap("details[open] form p > button")
    assert "对案件的异议" in words(tab)
    tab.call("Emulation.setScriptExecutionDisabled", value=False)
    return str(tab.evaluate("location.pathname")).rpartition("/")[2]


def test_a_delivery_is_registered_posted_and_objected_to(desk: Desk, address: str, overlapping: Copy, tmp_path: Path) -> None:
    """users.md 2(a) 1 and 4: from the stick to the register; what hangs on the board waits for every objection, and the upheld
    one ends it. Two holders object on a phone, one of them without script.
    """
    store, photo = desk.store, tmp_path / "wall.jpg"
    photo.write_bytes(hostile.photograph())
    with browsing(tmp_path) as tab:
        signed_in(tab, address, desk.first)
        wrong = registers(tab, desk, address, overlapping, tmp_path)
        thing, name, numbers = household(store)
        case = posts(tab, address, thing, name, photo)
        objections = [
            objects(tab, store, address, case, number, scripts=scripts)
            for number, scripts in zip(numbers[:2], (True, False), strict=True)
        ]
        tab.call("Network.clearBrowserCookies")
        tab.call("Emulation.clearDeviceMetricsOverride")
        signed_in(tab, address, desk.second)
        opened(tab, f"{address}/desk")
        assert tab.evaluate("document.querySelector('tr.red').innerText").count("有异议") == 1 + len(objections)  # and a badge
        for objection, outcome in zip(objections, ("not-upheld", "upheld"), strict=True):
            opened(tab, f"{address}/desk/cases/{case}")
            assert tab.evaluate("document.querySelectorAll('form[action$=reviewed]').length") == 0
            (pictures(tmp_path) / "desk-objected.png").write_bytes(tab.picture())
            tab.tap(f"main a[href='/desk/cases/{objection}']")
            steps(tab, "answered", outcome=outcome, reasons="看过名册")
            assert "办完了" in words(tab)
        opened(tab, f"{address}/desk/cases/{case}")
        assert "异议成立" in words(tab)
        steps(tab, "refused", reasons="异议成立")
        opened(tab, f"{address}/notices")
        assert case not in words(tab)
        assert wrong == []
        # Who signed out while a map was drawn: its last request comes to a closed door.
        assert [each for each in tab.complaints if "401" not in each] == []
        assert [each for each in tab.requested if not each.startswith((address, f"blob:{address}", "data:", "about:"))] == []
    log = ending(store, tmp_path)
    answered = [*["drafted", "submitted"] * 2, "answered", "answered"]
    assert taken(log) == ["drafted", "submitted", "accepted", "noticed", *answered, "refused"]
    assert "R first-registration" in log
    assert "R omission-corrected" not in log
