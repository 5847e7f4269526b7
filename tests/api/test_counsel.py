"""Counsel's view: one person, until the order's day, dated and logged; without anybody's leave who represents the household."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from pypdf import PdfReader

from api.routes_of_access import OPEN, ROUTES
from registry.accounts import grants, holders, proofs
from registry.accounts.grants import Proposal
from registry.accounts.holders import By
from registry.accounts.roles import COUNSEL
from registry.case_files import cases as case_files
from registry.cases import Actor
from registry.looks.reading import looks
from registry.parties import Identity
from tests.api.access_people import service, session_of
from tests.api.chromium import CHROMIUM, browsing, serving
from tests.api.ending import ending
from tests.api.looking import faults_of, pictures
from tests.api.test_my import FORM, guarded, plain, staff
from tests.registry import made_up
from tests.registry.accounts.people import PASSWORD
from tests.registry.cases.extending import first_home, line, request
from tests.registry.cases.test_extension import rows_of
from tests.registry.cases.walking import Example, Walker

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

    from registry.store.engines import Store
    from tests.api.conftest import Caller
    from tests.registry.made_up import Village

__all__ = ["service", "staff"]
ORDER, UNTIL = "(2026)内0626民初1号 调查令", "2027-06-30"
WIFE = 1


@pytest.fixture
def walker(service: Caller, store: Store, village: Village) -> Walker:
    """Two officers who take a case along; the service asks the walker's clock."""
    walker = Walker(store, village)
    service.app.state.store.clock = walker.clock
    return walker


@pytest.fixture
def lawyer(service: Caller, store: Store, village: Village, staff: Any, walker: Walker) -> str:  # noqa: ANN401  (two members)
    """A lawyer's account, for the wife, who represents nobody; granted by two, to the order's day."""
    made = holders.open_staff(store, By("console-1", "张三"), "su-ya", PASSWORD, name="苏雅", bureau="某律师事务所")
    wanted = Proposal(COUNSEL, walker.today(), UNTIL, about=village.people[WIFE], reason=ORDER)
    grants.confirm(store, staff[1].by, grants.propose(store, staff[0].by, made.account_id, wanted))
    service.app.state.access.look_now()
    return made.account_id


@pytest.fixture
def roster(walker: Walker) -> str:
    """The village's 延包, under notice; its roster leaves the wife out of her own household."""
    home = first_home(walker.village)
    without = [pair for number, pair in enumerate(home.identities) if number != WIFE]
    marks = line(walker.store, home)["people"]
    handed_in = line(walker.store, home, people=[mark for number, mark in enumerate(marks) if number != WIFE])
    assert len(handed_in["people"]) == len(without) == len(marks) - 1
    return walker.walk("extension", Example([home.right], request([handed_in])), "noticed")


class Desk:
    """A browser with counsel's cookie."""

    def __init__(self, service: Caller, token: str) -> None:
        self.service, self.token = service, token
        self.headers = {"Cookie": f"sanquan_session={token}", "Accept": "text/html"}

    def get(self, path: str = "") -> httpx.Response:
        """One page."""
        return self.service.get(f"/counsel{path}", headers=self.headers)

    def send(self, path: str, **fields: str) -> httpx.Response:
        """One form, with the word of our page."""
        sent = urlencode({"csrf": proofs.csrf(self.token), **fields})
        return self.service.post(f"/counsel{path}", content=sent, headers=FORM | self.headers)


@pytest.fixture
def desk(service: Caller, store: Store, lawyer: str) -> Desk:
    """Counsel, signed in."""
    return Desk(service, session_of(store, lawyer))


def test_page_tells_when_she_was_listed_on_what_and_whether_she_signed(desk: Desk, walker: Walker, roster: str) -> None:
    """users.md 2 (h) 1, 2, 4, 7, 8: lists with both times, her household's row, the child, the years, what is not known."""
    page = desk.get()
    assert page.status_code == 200, plain(page.text)
    said = plain(page.text)
    for words in (
        *("*登在登记簿上的经过", ORDER, "2027年6月30日", "2016年11月30日", "写上了", "首次登记", "这一种不要签字", "承包合同"),
        *("延包：这一户的这一行", "停着", "*敏", "要人工审核", "3,842.17 亩", "12股（全村6,000股）", "分红登记簿不记", "漏登"),
    ):
        assert words in said, words
    for name in (*(each[0] for each in made_up.PEOPLE), "文苑社区", "呼和陶勒盖嘎查1号"):
        assert name not in page.text  # nobody's name whole, and nowhere where anybody lives (地址保密)
    assert roster in page.text
    (look,) = [each for each in looks(walker.store, [walker.village.people[WIFE]]) if each.what == "listings"]
    assert (look.officer, look.bureau, look.purpose) == ("苏雅", "某律师事务所", ORDER)


def test_objection_holds_her_households_row_and_nothing_guarded_moves(desk: Desk, walker: Walker, roster: str) -> None:
    """(h) 4: from counsel's page, in her name; the row waits, and says so on the page."""
    before, row = guarded(walker.store), walker.village.holding
    assert desk.get(f"/ask?about={roster}&row={row}").status_code == 200
    sent = desk.send("/ask", kind="objection", about=roster, row=row, words="她一直在名单上")
    assert sent.status_code == 303, plain(sent.text)
    assert "有异议" in plain(desk.get().text)
    (objection,) = _of_kind(walker.store, "objection")
    assert [step.step for step in objection.steps] == ["drafted", "submitted"]
    assert objection.steps[0].desk[3] == "counsel"
    assert objection.steps[0].said["applicant"] == walker.village.people[WIFE]
    (standing,) = rows_of(walker, roster).values()
    assert any("有异议" in zh for zh, _ in standing.why)
    assert guarded(walker.store) == before
    elsewhere = desk.send("/ask", kind="objection", about=roster, row="0" * 32, words="别家的")
    assert elsewhere.status_code == 404
    assert desk.get(f"/case/{objection.id}").status_code == 200


def _of_kind(store: Store, kind: str) -> list[Any]:
    with store.reading() as connection:
        return [case for case in case_files(connection, store.vault) if case.kind == kind]


def test_somebody_who_was_never_listed_is_entered_by_a_case(
    service: Caller, store: Store, walker: Walker, staff: Any, lawyer: str  # noqa: ANN401  (two members)
) -> None:  # fmt: skip
    """(h) 3: 漏登补登 for the person herself, by the household's code; a code that nobody has is refused, nothing stays behind."""
    left_out = walker.villager(Identity("斯琴", made_up.id_number("19850412", 922), sex="2"))
    wanted = Proposal(COUNSEL, walker.today(), UNTIL, about=left_out, reason="委托书")
    grants.confirm(store, staff[1].by, grants.propose(store, staff[0].by, lawyer, wanted))
    desk, of = Desk(service, session_of(store, lawyer)), f"?of={left_out}"
    assert f"/counsel{of}" in desk.get().text  # two clients, one page each
    asked = {"kind": "omission-corrected", "relation": "12", "day": made_up.SIGNED}
    refused = desk.send(f"/ask{of}", code="1" * 18, **asked)
    assert (refused.status_code, "什么都没有改动" in refused.text) == (422, True)
    assert _of_kind(store, "omission-corrected") == []
    assert desk.send(f"/ask{of}", code=f"{made_up.VILLAGE_CODE}0001", **asked).status_code == 303
    (case,) = _of_kind(store, "omission-corrected")
    assert case.subject == (walker.village.holding,)
    assert case.steps[0].said["request"]["person"] == left_out
    for path in (f"?of={walker.village.people[0]}", f"/ask?of={walker.village.people[0]}"):
        assert desk.get(path).status_code == 404, path


def test_page_is_gone_after_the_day(desk: Desk, service: Caller, store: Store, walker: Walker, lawyer: str) -> None:
    """The order's day is the grant's: from then on page, link and case are as if they were not there."""
    assert 'href="/counsel"' in desk.get().text
    last_day = dt.datetime.fromisoformat(f"{UNTIL}T01:00:00+08:00")
    walker.clock.ahead += last_day - walker.clock()
    token = session_of(store, lawyer)
    for path in ("", "/ask", f"/case/{'0' * 32}"):
        assert Desk(service, token).get(path).status_code in {403, 404}, path
    assert Desk(service, token).send("/dossier").status_code in {403, 404}
    signed_in = service.get("/sign-in", headers={"Cookie": f"sanquan_session={token}", "Accept": "text/html"})
    assert 'href="/counsel"' not in signed_in.text


def test_nothing_of_it_asks_for_the_head_of_household(desk: Desk, walker: Walker, roster: str) -> None:
    """users.md 2 (h), 7: every route is about her alone, and stays so whoever represents the household."""
    hers = {route: rule for route, rule in ROUTES.items() if route.split(" ")[1].startswith("/counsel")}
    assert {rule.scope for rule in hers.values()} == {"client"}
    addresses = set(re.findall(r'(?:href|action)="(/[^"?#]*)', desk.get().text + desk.get("/ask").text))
    linked = {path for path in addresses if not path.startswith(("/counsel", "/language"))}
    # What else is linked is anybody's: the law, notices, figures, the map that shows villages.
    rules = {path: ROUTES[f"GET {path}"] for path in linked}
    of_everybody = {path for path, rule in rules.items() if rule is OPEN or rule.else_public or rule.asked[0][0] == "aggregate"}
    assert linked == of_everybody
    before = _hers(desk)
    walker.walk("representative-changed", walker.example("representative-changed"))
    after = _hers(desk)
    assert [each for each in before if each not in after] == []


def _hers(desk: Desk) -> list[str]:
    """Every line of the lists, as the page says it."""
    return [plain(each) for each in re.findall(r"<tr[^>]*>.*?</tr>", desk.get().text, re.DOTALL)]


def test_dossier_is_a_pdf_with_a_box_for_the_seal(desk: Desk, walker: Walker) -> None:
    """(h) 5: a wet seal's box, every act with its entry; she reads that it was made."""
    got = desk.send("/dossier")
    assert (got.status_code, got.headers["content-type"]) == (200, "application/pdf")
    said = "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(got.content)).pages)
    assert "盖章处" in said
    assert "敖登" not in said
    assert "person-dossier" in {look.what for look in looks(walker.store, [walker.village.people[WIFE]])}


def test_both_doors_say_the_same(service: Caller, store: Store, village: Village, lawyer: str, command: Any) -> None:  # noqa: ANN401  (a fixture)
    """`GET …/listings`, `POST …/dossier` and `sanquan listings`: counsel states a purpose; another's is not there."""
    person, other = village.people[WIFE], village.people[0]
    headers = {"Authorization": f"Bearer {session_of(store, lawyer)}", "sanquan-purpose": "court"}
    got = service.get(f"/v1/persons/{person}/listings", headers=headers)
    assert got.status_code == 200, got.text
    told = command("listings", "--person", person, "--json").json
    assert told["lines"] == got.json()["lines"]
    assert "首次登记" in command("listings", "--person", person).out
    assert service.get(f"/v1/persons/{other}/listings", headers=headers).status_code == 404
    order = {"officer": "别人", "purpose": "开庭"}
    made = service.post(f"/v1/persons/{person}/dossier", json=order, headers=headers)
    assert (made.status_code, made.content[:4]) == (200, b"%PDF")
    assert {(look.officer, look.what) for look in looks(store, [person])} >= {("苏雅", "listings"), ("苏雅", "person-dossier")}
    assert service.post(f"/v1/persons/{other}/dossier", json=order, headers=headers).status_code == 404


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: apt-get install chromium")
def test_counsel_holds_the_row_in_a_browser(
    service: Caller, store: Store, lawyer: str, walker: Walker, roster: str, tmp_path: Path
) -> None:
    """The story of 斯琴's lawyer: reads, objects to the row of her household; the log has it and replays. Pictures, axe, widths."""
    with browsing(tmp_path) as tab, serving(service.app) as address:
        tab.call("Network.setCookie", name="sanquan_session", value=session_of(store, lawyer), url=address)
        tab.visit(f"{address}/sign-in")
        tab.tap('main a[href="/counsel"]')
        assert tab.evaluate("location.pathname") == "/counsel"
        row = f"/counsel/ask?of={walker.village.people[WIFE]}&about={roster}&row={walker.village.holding}"
        pages = (("counsel", "/counsel"), ("counsel-row", row), ("counsel-case", f"/counsel/case/{roster}"))
        found = faults_of(tab, address, pages if not store.on_postgresql else pages[:1], pictures(tmp_path))
        tab.call("Network.setCookie", name="sanquan_language", value="zh-CN", url=address)
        assert found == []
        tab.visit(f"{address}/counsel")
        tab.tap('a[href*="row="]')
        tab.evaluate("document.querySelector('details[open] textarea').value = '她一直在名单上'")
        tab.tap("details[open] form button")
        assert "对案件的异议" in tab.evaluate("document.body.innerText")
        tab.tap('main a[href^="/counsel?"]')
        assert "有异议" in tab.evaluate("document.body.innerText")
        assert [each for each in tab.requested if not each.startswith((address, "data:"))] == []
        asked = {each.removeprefix(address).partition("?")[0] for each in tab.requested}
        assert not [each for each in asked if each.startswith(("/v1", "/my", "/desk", "/map"))]
    (objection,) = _of_kind(store, "objection")
    log = ending(store, tmp_path)
    assert log[-2:] == ["C drafted", "C submitted"]
    assert objection.steps[-1].entry_idx == len(log) - 1
    counsel = Actor(lawyer, "苏雅", "某律师事务所", "counsel", "", walker.village.people[WIFE])
    assert not [each.step for each in walker.look(roster, counsel)[1] if each.open]  # reads the case, and takes no step of it
