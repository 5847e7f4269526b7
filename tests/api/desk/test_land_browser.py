"""Is a split drawn on the map from the first click to its entry, and is the map there by keyboard, in print, at every width?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import shapely
from shapely.ops import split

from registry.china import today
from registry.ledger.read import size
from registry.looks import reading
from registry.parcels import read
from registry.parcels.box import Box
from tests.api.access_people import service
from tests.api.chromium import CHROMIUM, browsing
from tests.api.desk.test_desk import Office, office, paper
from tests.api.desk.working import address, opened, press, signed_in
from tests.api.ending import ending
from tests.api.looking import faults_of, pictures

if TYPE_CHECKING:
    from tests.api.chromium import Tab

__all__ = ["address", "office", "service"]
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium")
READY = "document.getElementById('land')?.dataset.ready === 'yes' && !!document.getElementById('land-now').dataset.drawn"
HELD = """(() => {
  const real = window.fetch;
  window.fetch = async (...asked) => {
    window.fetch = real;
    const response = await real(...asked);
    const answer = await response.json();
    response.json = () => new Promise((resolve) => {
      document.addEventListener("click", () => resolve(answer), { once: true });
      window.held = true;
    });
    return response;
  };
})()"""
"""The next answer comes with the next click: after the page has taken the click, before it asks about it."""
AROUND = Box(573_000, 4_262_000, 575_000, 4_264_000)


def ready(tab: Tab, url: str) -> None:
    """A page of the desk, its map drawn."""
    opened(tab, url)
    tab.wait_for(READY)


def text(tab: Tab, element: str) -> str:
    """What an element of the page says."""
    found: str = tab.evaluate(f"document.getElementById({element!r}).innerText")
    return found


def click(tab: Tab, across: float, down: float, on: str = "land-now") -> None:
    """The left button on a place of the map, in parts of its width and height."""
    tab.evaluate(f"document.getElementById({on!r}).scrollIntoView({{block: 'nearest'}})")
    left, top, width, height = tab.evaluate(
        f"(() => {{ const b = document.getElementById({on!r}).getBoundingClientRect(); return [b.x, b.y, b.width, b.height]; }})()"
    )
    for kind in ("mousePressed", "mouseReleased"):
        at = {"x": left + across * width, "y": top + down * height}
        tab.call("Input.dispatchMouseEvent", type=kind, button="left", clickCount=1, **at)


def draw(tab: Tab, *places: tuple[float, float]) -> None:
    """Clicks one after the other, each answered: its corner stands below the map."""
    corners = "document.getElementById('land-typed').value.split('\\n').filter(Boolean).length"
    for across, down in places:
        before = tab.evaluate(corners)
        click(tab, across, down)
        tab.wait_for(f"{corners} === {before + 1}")


def drawn(tab: Tab, office: Office, address: str) -> tuple[str, str]:
    """Chosen on the map, a bad line told, a good one drawn by mouse and keyboard, taken into the form, handed in: case and line."""
    ready(tab, f"{address}/desk/new?thing={office.village.parcels['arable']}")
    tab.wait_for("document.querySelector('#land-card .kinds') !== null")
    assert {"四至", "分割", "合并", "界线调整"} <= set(text(tab, "land-card").split())
    tab.tap("#land-card a[href*='kind=parcel-split']")
    tab.wait_for(READY)
    draw(tab, (0.4, 0.4), (0.6, 0.6))
    assert "这条线没有把地块分开" in text(tab, "land-drawn")
    assert tab.evaluate("document.querySelectorAll('.land-label.wrong').length") == 1
    # The point of a click is kept though the answer to what was there before arrives with it.
    tab.evaluate(HELD)
    tab.evaluate("document.getElementById('land-clear').click()")
    tab.wait_for("window.held")
    draw(tab, (0.45, 0.03))
    # The second end by keyboard: the cross is moved down past the boundary, Enter sets the point.
    tab.evaluate("document.querySelector('#land-now canvas').focus()")
    for _ in range(3):
        press(tab, "ArrowDown", 40)
        tab.wait_for(READY)
    press(tab, "Enter", 13)
    tab.wait_for("document.querySelectorAll('#land-drawn h3').length === 2")
    told = text(tab, "land-drawn")
    assert "分出来的另一块" in told
    assert "加起来还是 46.50 亩" in told
    labels = tab.evaluate("[...document.querySelectorAll('.land-label.part')].map((each) => each.textContent)")
    assert f"{sum(float(each.split()[1]) for each in labels):.2f}" == "46.50"
    tab.evaluate("document.getElementById('land-use').click()")
    line: str = tab.evaluate("document.querySelector('textarea[name=\"f.line\"]').value")
    assert line == tab.evaluate("document.getElementById('land-typed').value")
    tab.goes("document.querySelector('button[value=submitted]').click()")
    return tab.evaluate("location.pathname").rpartition("/")[2], line


def registered(office: Office, case: str) -> None:
    """Along its route; whoever drafted it tries to approve it, and is refused in words."""
    first = office.first
    first.step(case, "accepted")
    first.step(case, "evidence-added", files={"source": paper(8)}, paper="application")
    first.step(case, "surveyed", files={"source": paper(9)})
    first.step(case, "noticed", where="嘎查公示栏")
    for n, person in enumerate(office.village.people):
        minor: dict[str, Any] = {"guardian": office.village.people[4]} if n == 3 else {}
        first.step(case, "consented", files={"source": paper(n)}, person=person, **minor)
    office.later(40)
    findings: dict[str, Any] = {f"findings__{office.village.people[3]}": "孩子的份额不变"}
    first.step(case, "reviewed", opinion="材料齐全", **findings)
    first.step(case, "approved", 403, opinion="同意")
    assert "要换一个人" in first.page
    office.second.step(case, "approved", opinion="同意")
    office.second.step(case, "registered")


def arable(office: Office, day: str) -> list[read.ParcelState]:
    """The arable land of the family on a day, from west to east."""
    with office.store.reading() as connection:
        states = read.page(connection, valid_at=day, known_at=size(connection), box=AROUND)
    return sorted((each for each in states if each.land_use == "arable"), key=lambda state: state.shape.bounds[0])


def test_a_split_goes_from_a_click_to_its_entry_and_nobody_approves_their_own(office: Office, address: str, tmp_path: Path) -> None:
    """users.md 4 and 7: drawn on the map with live 亩 and 四至, then a case; whoever drafted it is refused its approval, which is
    written down for everybody touched. The land is what GEOS makes of the same line; then both days side by side, and a join.
    """
    store = office.store
    with browsing(tmp_path) as tab:
        signed_in(tab, address, office.first)
        case, line = drawn(tab, office, address)
        assert [each for each in tab.requested if not each.startswith((address, "data:", "about:", "blob:"))] == []
        registered(office, case)
        assert len(reading.seen_since(store, "2000-01-01T00:00:00Z", "refused")) == len(office.village.people)
        (was,), (west, east) = arable(office, "2020-01-01"), arable(office, today(store))
        corners = [tuple(map(float, each.split())) for each in line.splitlines()]
        wanted = split(was.shape, shapely.LineString(corners)).geoms
        assert sorted(round(part.area, 3) for part in wanted) == sorted(round(each.shape.area, 3) for each in (west, east))
        assert ending(store, tmp_path).count("R parcel-split") == 1

        signed_in(tab, address, office.first)
        ready(tab, f"{address}/desk/new?thing={west.parcel_id}&kind=parcel-merged")
        tab.evaluate("document.getElementById('day-a').value = '2020-01-01'")
        tab.evaluate("document.getElementById('land-history').requestSubmit()")
        tab.wait_for("document.querySelector('#land-differs li') !== null")
        differs = text(tab, "land-differs")
        for words in (f"{was.code} 甲日有，乙日没有 分割", f"{west.code} 甲日没有，乙日有 分割", "耕地承包经营权"):
            assert words in differs, differs
        marks = "document.querySelectorAll('#land-{} .land-label.differs').length"
        assert (tab.evaluate(marks.format("before")), tab.evaluate(marks.format("now"))) == (1, 2)
        (pictures(tmp_path) / "land-two-days.png").write_bytes(tab.picture())
        tab.evaluate("document.getElementById('land-today').click()")
        tab.wait_for(READY)
        click(tab, 0.7, 0.5)
        tab.wait_for("document.getElementById('land').dataset.chosen?.split(' ').length === 2")
        tab.wait_for("document.getElementById('land-drawn').innerText.includes('46.50 亩')")
        tab.tap("#land-join")
        assert east.parcel_id in tab.evaluate("location.search")
        assert tab.complaints == []


def test_the_map_fits_everywhere_measures_and_prints(office: Office, address: str, tmp_path: Path) -> None:
    """Every width, both languages, axe; a distance by typed coordinates; the middle by keyboard; on paper a scale and 示意图."""
    if office.store.on_postgresql:
        pytest.skip("the page is the same whichever engine answers it")
    first, village = office.first, office.village
    sent: dict[str, Any] = {"f__line": "574080 4262990.5\n574080 4263190.5", "thing": village.parcels["arable"]}
    case = first.send("/desk/cases", kind="parcel-split", **sent)
    things = f"thing={village.parcels['arable']}"
    pages = {"draft": f"/desk/cases/{case}", "new": f"/desk/new?thing={village.holding}", "parcel": f"/desk/parcels?{things}"}
    pages |= {"history": f"/desk/history?{things}&a=2010-01-01"}
    kept = pictures(tmp_path)
    with browsing(tmp_path) as tab:
        signed_in(tab, address, first)
        shown = [(f"land-{name}", path) for name, path in pages.items()]
        assert faults_of(tab, address, shown, kept) == []
        tab.call("Network.setCookie", name="sanquan_language", value="zh-CN", url=address)
        tab.call("Emulation.setDeviceMetricsOverride", width=1366, height=768, deviceScaleFactor=1, mobile=False)
        ready(tab, f"{address}{pages['parcel']}")
        wide = tab.evaluate("document.getElementById('land').offsetWidth")
        press(tab, "]", 221)
        assert tab.evaluate("document.getElementById('land').offsetWidth") > wide
        tab.evaluate("document.getElementById('land-measure').click()")
        corners = "574000 4263000\n574000 4263100\n574100 4263100\n574100 4263000"
        tab.evaluate(f"document.getElementById('land-typed').value = {json.dumps(corners)}")
        tab.evaluate("document.getElementById('land-typed').dispatchEvent(new Event('input'))")
        tab.wait_for("document.getElementById('land-drawn').innerText.includes('15.00 亩')")
        assert "长 300.00 m" in text(tab, "land-drawn")
        tab.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        tab.call("Emulation.setEmulatedMedia", media="print")
        assert tab.evaluate("document.querySelector('#land-printed canvas').getBoundingClientRect().width") > 200
        (kept / "land-print.png").write_bytes(tab.picture())
        assert tab.complaints == []
