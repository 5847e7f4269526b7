"""The stories of a settled family in a real browser: settle, look, keep a proof, verify it; a relative; scripts off; a slow line.

One browser a module. Pictures of every page at three widths, in two languages, stay in the folder of the run (`pages/`).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from registry import china
from registry.accounts import cards, grants
from registry.accounts.grants import Proposal
from registry.accounts.roles import RELATIVE
from registry.case_files import cases as case_files
from registry.ledger.publishing import create, policy_text, publish
from registry.ledger.read import leaves
from registry.ledger.verify.replay import replay
from tests.api.access_people import NUMBER, PIN, service
from tests.api.chromium import CHROMIUM, browsing, serving
from tests.api.test_my import guarded, staff
from tests.registry import made_up

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from registry.accounts.holders import By
    from registry.store.engines import Store
    from tests.api.chromium import Tab
    from tests.api.conftest import Caller, Ended
    from tests.registry.made_up import Village

__all__ = ["service", "staff"]
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: apt-get install chromium")
SON = made_up.id_number(*made_up.PEOPLE[2][1:])
SLOW_BYTES_S, ROUND_TRIP_S, FIRST_WORDS_S = 25_000, 0.6, 3.0
"""A slow line (GPRS to EDGE): what users.md section 7 has first words within three seconds on. Assumed, no measurement of here."""


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    """One browser for all stories."""
    with browsing(tmp_path_factory.mktemp("browser")) as tab:
        yield tab


@pytest.fixture
def address(service: Caller) -> Iterator[str]:
    """The service on loopback, as `sanquan serve` does."""
    with serving(service.app) as at:
        yield at


@pytest.fixture
def browser(tab: Tab, address: str, service: Caller, staff: Any) -> Iterator[Tab]:  # noqa: ANN401  (two members)
    """The browser before anybody signed in; afterwards it asked nothing of anybody else and complained of nothing."""
    service.app.state.access.look_now()
    tab.requested.clear()
    tab.complaints.clear()
    tab.call("Network.clearBrowserCookies")
    tab.call("Emulation.setDeviceMetricsOverride", width=360, height=740, deviceScaleFactor=1, mobile=True)
    tab.visit(f"{address}/sign-in")
    yield tab
    tab.call("Emulation.setScriptExecutionDisabled", value=False)
    assert [each for each in tab.requested if not each.startswith((address, "data:", f"blob:{address}"))] == []
    assert [each for each in tab.complaints if "401" not in each and "409" not in each and "422" not in each] == []


def sign_in(tab: Tab, store: Store, by: By, number: str) -> str:
    """With the first code of a card from the counter; the account's id."""
    card = cards.issue(store, by, number, PIN)
    fields = {"id_number": number, "code": card.codes[0], "pin": PIN}
    for name, value in fields.items():
        tab.evaluate(f"document.querySelector('form[action=\"/sign-in/card\"] [name={name}]').value = {json.dumps(value)}")
    tab.tap('form[action="/sign-in/card"] button')
    return card.account_id


def words(tab: Tab) -> str:
    """What the page says."""
    return " ".join(str(tab.evaluate("document.body.innerText")).split())


def replayed(store: Store) -> int:
    """How many entries a stranger replays without a breach."""
    with store.reading() as connection:
        report = replay(leaves(connection))
    assert report.ok, report
    return report.size


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_family_settles_looks_keeps_a_proof_and_a_stranger_verifies_it(
    browser: Tab,
    store: Store,
    village: Village,
    staff: Any,  # noqa: ANN401  (two members)
    command: Callable[..., Ended],
    tmp_path: Path,
    scripts: bool,
) -> None:
    """The family settled (the fixture); 没变, a right tapped, a question asked, a proof kept that `sanquan verify` believes."""
    create(store, "log.example/sanquan")
    publish(store)
    before = guarded(store)
    browser.call("Emulation.setScriptExecutionDisabled", value=not scripts)
    sign_in(browser, store, staff[0].by, NUMBER)
    assert browser.evaluate("location.pathname") == "/my"
    said = words(browser)
    assert said.index("没变 ✓") < said.index("草场 3,842.17 亩")
    assert "在手机上点任何按钮，都不会让您失去土地。" in said
    # What needs a script is not there without one.
    assert browser.evaluate("document.getElementById('tools').hidden") is not scripts
    browser.tap(f'a[href="/my/right/{village.rights["contract-grass"]}"]')
    assert "谁和您一起有" in words(browser)
    browser.tap('a[href^="/my/ask"]')
    browser.evaluate("document.querySelector('form textarea').value = '东边少量了一块'")
    browser.tap('form[action="/my/ask"] p > button')
    asked = words(browser)
    assert "核实申请" in asked
    case_id = browser.evaluate("location.pathname").rpartition("/")[2]
    browser.tap('a[href="/my"]')
    browser.tap('a[href="/my/proof"]')
    browser.evaluate("document.querySelector('button[value=json]').click()")
    kept = browser.kept(tmp_path)
    assert kept.name == "sanquan-proof.json"
    with store.reading() as connection:
        (tmp_path / "policy").write_text(policy_text(connection), "utf-8")
        (case,) = case_files(connection, store.vault, [case_id])
    verified = command("verify", str(kept), "--policy", str(tmp_path / "policy"), "--json")
    assert (verified.code, verified.json["word"]) == (0, "unchanged")
    # The story's end: the question is an entry of the log, what is guarded stands as it stood, and anybody replays it.
    assert (case.kind, [step.step for step in case.steps]) == ("question", ["drafted", "submitted"])
    assert case.steps[-1].entry_idx == replayed(store) - 1
    assert guarded(store) == before


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_relative_sees_applies_and_is_ended_by_one_tap(
    browser: Tab, address: str, store: Store, village: Village, staff: Any, scripts: bool  # noqa: ANN401
) -> None:  # fmt: skip
    """Named by two officers at the counter; sees, asks, finds no button that agrees; the father sees it, and ends it."""
    browser.call("Emulation.setScriptExecutionDisabled", value=not scripts)
    account = sign_in(browser, store, staff[0].by, SON)
    wanted = Proposal(RELATIVE, china.today(store), None, about=village.people[0], reason="当面委托")
    grants.confirm(store, staff[1].by, grants.propose(store, staff[0].by, account, wanted))
    browser.visit(f"{address}/my?of={village.people[0]}")
    said = words(browser)
    assert "您在替家里人看" in said
    browser.tap('a[href^="/my/ask"]')
    browser.evaluate("document.querySelector('form [name=about]').checked = true")
    browser.evaluate("document.querySelector('form textarea').value = '替爸爸问一问'")
    browser.tap('form[action^="/my/ask"] p > button')
    assert "案件号" in words(browser)
    assert browser.evaluate("[...document.querySelectorAll('main button')].length") == 0
    browser.call("Network.clearBrowserCookies")
    browser.visit(f"{address}/sign-in")
    sign_in(browser, store, staff[0].by, NUMBER)
    browser.tap('a[href="/my/looks"]')
    assert "亲情代办" in words(browser)
    browser.visit(f"{address}/my/family")
    browser.tap('form[action^="/my/family/"] button')
    assert "现在没有委托谁" in words(browser)
    with store.reading() as connection:
        assert grants.relatives_of(store, connection, village.people[0]) == []
        assert [case.steps[0].desk[3] for case in case_files(connection, store.vault) if case.steps[0].desk] == ["relative"]
    replayed(store)


def test_first_words_are_there_soon_on_a_slow_line(
    browser: Tab, address: str, store: Store, village: Village, staff: Any  # noqa: ANN401
) -> None:  # fmt: skip
    """users.md section 7: what stands before the first words is the page and its style sheet: their bytes and round trips fit 3 s.

    No clock is asked: the bytes that came over the wire and the round trips that they need are counted against the line.
    """
    if store.on_postgresql:
        pytest.skip("the bytes are the same whichever engine answers")
    sign_in(browser, store, staff[0].by, NUMBER)
    browser.call("Network.setCacheDisabled", cacheDisabled=True)
    browser.visit(f"{address}/my")
    sizes = browser.evaluate(
        "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
        ".map(e => [new URL(e.name).pathname, e.transferSize])"
    )
    browser.call("Network.setCacheDisabled", cacheDisabled=False)
    weight = {path: count for path, count in sizes if path.startswith("/")}
    assert set(weight) == {"/my", "/plain.css", "/scripts/my.js"}
    assert sum(weight.values()) < 100_000
    before_words = weight["/my"] + weight["/plain.css"]
    round_trips = 2  # the page, then its style sheet on the same connection
    assert before_words / SLOW_BYTES_S + round_trips * ROUND_TRIP_S < FIRST_WORDS_S
