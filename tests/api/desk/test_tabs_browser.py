"""Do the tabs 延包 and the ledger of leases work in a browser, at every width, in both languages? And a lease refused?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from registry.ledger.chain import read_chains
from registry.looks import reading
from registry.rights.model import RIGHT
from tests.api.access_people import service
from tests.api.chromium import CHROMIUM, Tab, browsing
from tests.api.desk.test_desk import Office, office, paper
from tests.api.desk.test_extensions import pasted
from tests.api.desk.test_leases import GRASS, block, row
from tests.api.desk.working import address, brings, case_of, drafts, looked_at, opened, press, signed_in, steps
from tests.api.ending import ending
from tests.api.ending import steps as taken
from tests.api.looking import pictures
from tests.registry.cases.extending import LAND, UNTIL, register_homes, written
from tests.registry.made_up import VILLAGE_CODE

__all__ = ["address", "office", "service"]
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium")


def test_the_roster_the_ledger_and_an_exchange_in_a_browser(office: Office, address: str, tmp_path: Path) -> None:
    """A block is pasted, F9 makes it a case whose red rows stand first; two households' contracts come together for an exchange.

    Then the village puts the two back on its roster, and all twenty are extended.
    """
    homes = register_homes(office.store, office.village)
    said: dict[str, Any] = {"collective": VILLAGE_CODE, "land": LAND, "until": UNTIL}
    with browsing(tmp_path) as tab:
        signed_in(tab, address, office.first)
        opened(tab, f"{address}/desk/extensions")
        for name, value in {"#new-collective": said["collective"], "#pasted": pasted(homes[2:])}.items():
            tab.evaluate(f"document.querySelector({name!r}).value = {value!r}")
        press(tab, "F9", 120)
        tab.wait_for("document.querySelectorAll('tr.red').length === 2 && document.readyState === 'complete'")
        reds = tab.evaluate("[...document.querySelectorAll('.works tbody tr')].slice(0, 2).map((row) => row.className)")
        assert reds == ["red", "red"]
        case = case_of(tab)
        wrong = looked_at(tab, office.store, "roster-case", tmp_path)
        wrong += looked_at(tab, office.store, "extensions", tmp_path, f"{address}/desk/extensions")
        opened(tab, f"{address}/desk/leases")
        text = block(row("L-1", parcels=GRASS), row("L-2", parcels="1" * 19))
        tab.evaluate(f"document.querySelector('#pasted').value = {text!r}")
        tab.tap("button[value=check]")
        assert "2行，1行有错" in tab.evaluate("document.body.innerText")
        (pictures(tmp_path) / "desk-leases-judged.png").write_bytes(tab.picture())
        wrong += looked_at(tab, office.store, "leases", tmp_path)
        one = homes[2]
        opened(tab, f"{address}/desk/new?thing={one.right}")
        tab.evaluate(f"document.querySelector('#other').value = {homes[3].contract!r}")
        tab.goes("document.querySelector('#other').form.submit()")
        tab.tap(f"a[href*='thing={one.right}&thing={homes[3].right}']")
        tab.tap("a[href$='kind=exchanged']")
        labels = "[...document.querySelectorAll('.choice[data-paste] label')]"
        codes = tab.evaluate(f"{labels}.map((each) => each.textContent.trim().split(/[ ·]+/)[0])")
        block_of = f"{codes[0]}\t1\n{codes[1]}\n999"
        tab.evaluate(f"document.querySelector('.choice[data-paste] textarea').value = {json.dumps(block_of)}")
        tab.evaluate("document.querySelector('.choice[data-paste] textarea').dispatchEvent(new Event('input'))")
        assert tab.evaluate("document.querySelectorAll('.choice[data-paste] input:checked').length") == 2
        assert "没有对上的行： 3" in tab.evaluate("document.querySelector('.choice[data-paste]').innerText")
        wrong += looked_at(tab, office.store, "exchange", tmp_path)
        assert wrong == []
        opened(tab, f"{address}/desk/cases/{case}")
        mends_and_extends(tab, office, written(tmp_path / "roster.csv", homes), tmp_path)
        assert tab.complaints == []
    log = ending(office.store, tmp_path)
    under_way = ["drafted", "drafted", "submitted", "accepted", "evidence-added", "evidence-added", "noticed"]
    assert [step for step in taken(log) if step != "told"] == [*under_way, "voted", "reviewed", "approved", "registered"]
    assert log.count("R extended") == 20


def mends_and_extends(tab: Tab, office: Office, roster: Path, folder: Path) -> None:
    """The roster with everybody on it, the notice, everybody told, the vote; the second clerk approves and registers."""
    scan = folder / "scan.pdf"
    brings(tab, "#mended", [roster])
    tab.goes("document.getElementById('mended').form.requestSubmit()")
    assert tab.evaluate("document.querySelectorAll('tr.red').length") == 0
    steps(tab, "submitted")
    steps(tab, "accepted")
    for n, word in enumerate(("roster", "resolution")):
        scan.write_bytes(paper(n))
        steps(tab, "evidence-added", scan, paper=word)
    steps(tab, "noticed", where="嘎查公示栏")
    tab.evaluate("document.querySelectorAll('[form=tell][name=row]').forEach((box) => { box.checked = true; })")
    tab.tap("#tell button")
    steps(tab, "told", person=office.village.people[3], guardian=office.village.people[4], how="in-person")
    assert "可以办20户" in tab.evaluate("document.querySelector('main').innerText")
    office.later(20)
    here = tab.evaluate("location.href")
    signed_in(tab, here, office.first)
    opened(tab, here)
    scan.write_bytes(paper(5))
    steps(tab, "voted", scan, day=office.today(), attended="42", agreed="42")
    steps(tab, "reviewed", opinion="齐全")
    signed_in(tab, here, office.second)
    opened(tab, here)
    steps(tab, "approved", opinion="同意")
    steps(tab, "registered")
    assert "已办20户" in tab.evaluate("document.querySelector('main').innerText")


def test_a_wife_refuses_a_lease_and_an_exit_is_withdrawn_in_a_browser(office: Office, address: str, tmp_path: Path) -> None:
    """承包法 36: every holder agrees alone. Hers is missing: no form reviews it, a form sent all the same is refused in words and
    written down. I22: an exit that was begun, posted and withdrawn leaves the right as it was. Anybody replays the log.
    """
    village, store = office.village, office.store
    right, grass = village.rights["contract-grass"], village.parcels["grass"]
    scans = [tmp_path / f"scan-{n}.pdf" for n in range(2)]
    for n, scan in enumerate(scans):
        scan.write_bytes(paper(n))
    with browsing(tmp_path) as tab:
        signed_in(tab, address, office.first)
        asked = {"lessee.name": "其其格", "code": "L-1", "from": "2026-11-26", "until": "2028-10-31", "parcels": "tick"}
        asked |= {f"parcels.{grass}.m2": "2561446.67", f"parcels.{grass}.mu": "3842.17"}
        drafts(tab, f"{address}/desk/new?thing={right}&kind=leased", asked)
        steps(tab, "accepted")
        steps(tab, "evidence-added", scans[-1], paper="contract")
        steps(tab, "noticed", where="嘎查公示栏")
        him, her, *others = village.people
        steps(tab, "consented", scans[0], person=him)
        steps(tab, "told", person=her, how="in-person")
        for n, person in enumerate(others):
            scans[0].write_bytes(paper(2 + n))
            steps(tab, "consented", scans[0], person=person, **({"guardian": others[-1]} if n == 1 else {}))
        assert "还缺 1 人的同意" in tab.evaluate("document.querySelector('.closed').innerText")
        assert tab.evaluate("document.querySelectorAll('form[action$=reviewed], form[action$=registered]').length") == 0
        kept = pictures(tmp_path)
        (kept / "desk-lease-without-her.png").write_bytes(tab.picture())
        stale = "document.querySelector('form[action$=refused]')"
        tab.evaluate(f"window.stale = {stale}; stale.action = stale.action.replace('refused', 'reviewed'); stale.noValidate = true")
        tab.goes("window.stale.requestSubmit()")
        refused = tab.evaluate("document.querySelector('[role=alert]').innerText")
        assert "还缺 1 人的同意" in refused
        assert "什么都没有改动" in refused
        assert {look.whom for look in reading.seen_since(store, "2000-01-01T00:00:00Z", "refused")} == set(village.people)
        steps(tab, "refused", reasons="有一位共有人不同意")
        assert "办完了" in tab.evaluate("document.querySelector('main').innerText")

        asked = {"receiver": village.collective, "payment": "10000.00", "reference": "9000.00", "improvements": "0.00"}
        drafts(tab, f"{address}/desk/new?thing={right}&kind=contract-exited", asked, him)
        steps(tab, "accepted")
        steps(tab, "noticed", where="嘎查公示栏")
        assert tab.evaluate("document.querySelectorAll('form[action$=registered]').length") == 0
        steps(tab, "withdrawn", reasons="不退了")
        assert "办完了" in tab.evaluate("document.querySelector('main').innerText")
        assert [each for each in tab.complaints if "409" not in each] == []
    with store.reading() as connection:
        chain = read_chains(connection, RIGHT, [right])[right]
    assert [(version.ver, version.status) for version in chain] == [(1, "live")]
    log = ending(store, tmp_path)
    lease = ["drafted", "submitted", "accepted", "evidence-added", "noticed", "consented", "told", *["consented"] * 3, "refused"]
    assert taken(log) == [*lease, "drafted", "submitted", "accepted", "noticed", "withdrawn"]
    # Nothing but steps since the family stood there: no act, so no right was touched.
    assert {entry[:1] for entry in log[log.index("C drafted") :]} == {"C"}
