"""Does a clerk do a whole case in a browser without script, and may nobody do there what they may not do elsewhere?"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from api.desk import work_page
from registry import cases, china, sources
from registry.accounts import proofs
from registry.audit import audit
from registry.ledger.chain import read_chains
from registry.ledger.tables import LEDGER_ENTRY
from registry.looks import reading
from registry.rights.model import RIGHT
from tests.api.access_people import holder_of_role, service, session_of
from tests.registry.accounts.people import founders, granted, member
from tests.registry.cases.walking import Clock, Example, Walker
from tests.registry.evidence.hostile import pdf

if TYPE_CHECKING:
    import httpx

    from registry.store.engines import Store
    from tests.api.conftest import Caller
    from tests.registry.made_up import Village

__all__ = ["service"]
_OPENED = re.compile(r'<option value="([^"]+)"[^>]*>([^<]+)')


@dataclass
class Clerk:
    """A browser without script: a cookie, and the forms of the page that was read last."""

    caller: Caller
    account: str
    token: str
    page: str = field(default="", repr=False)

    def read(self, path: str, status: int = 200) -> str:
        """A page."""
        got = self.caller.get(path, headers=self._headers())
        assert got.status_code == status, got.text
        self.page = got.text
        return self.page

    def send(
        self, path: str, status: int = 303, *, word: str | None = None, files: dict[str, bytes] | None = None, **sent: Any  # noqa: ANN401  (what a form has)
    ) -> str:  # fmt: skip
        """A form; on success the page of the case is read, and its id is what comes back."""
        data = {name.replace("__", "."): text for name, text in sent.items()}
        data["csrf"] = proofs.csrf(self.token) if word is None else word
        brought = {f"file.{name}": ("scan.pdf", content, "application/pdf") for name, content in (files or {}).items()}
        got = self._post(path, data, brought)
        assert got.status_code == status, got.text
        self.page = got.text
        if status != 303:
            return ""
        self.read(got.headers["location"])
        return got.headers["location"].rpartition("/")[2]

    def step(
        self, case: str, step: str, status: int = 303, files: dict[str, bytes] | None = None, **said: Any  # noqa: ANN401  (what a form has)
    ) -> str:  # fmt: skip
        """The form of a step, with the number that the page has."""
        self.read(f"/desk/cases/{case}")
        seen = re.search(r'name="seen" value="(\d+)"', self.page)
        assert seen is not None, self.page
        fields = {f"f.{name.replace('__', '.')}": text for name, text in said.items()}
        return self.send(f"/desk/cases/{case}/steps/{step}", status, files=files, seen=seen[1], **fields)

    def _post(self, path: str, data: dict[str, Any], files: dict[str, Any]) -> httpx.Response:
        return self.caller.post(path, data=data, files=files or None, headers=self._headers())

    def _headers(self) -> dict[str, str]:
        return {"Cookie": f"sanquan_session={self.token}", "Accept": "text/html"}


@dataclass
class Office:
    """Two clerks of 农牧业局 and one of 国土局 over one register, whose clock a test sets forward."""

    first: Clerk
    second: Clerk
    realty: Clerk
    store: Store
    village: Village
    clock: Clock

    def today(self) -> str:
        """The day in China, which the clock of a test machine need not have."""
        return china.today(self.store)

    def later(self, days: int) -> None:
        """Days pass; a session doesn't last that long, so everybody signs in again."""
        self.clock.ahead += dt.timedelta(days=days)
        for clerk in (self.first, self.second, self.realty):
            clerk.token = session_of(self.store, clerk.account)


@pytest.fixture
def office(service: Caller, store: Store, village: Village) -> Office:
    """Accounts of their own: four eyes are two accounts."""
    both = founders(store)
    clock = service.app.state.store.clock = store.clock = Clock()
    second = member(store, "second").id
    granted(store, both, second, "agriculture")
    accounts = (holder_of_role(store, both, "agriculture", village), second, holder_of_role(store, both, "land", village))
    service.app.state.access.look_now()
    first, other, realty = (Clerk(service, account, session_of(store, account)) for account in accounts)
    return Office(first, other, realty, store, village, clock)


def paper(n: int = 0) -> bytes:
    """A scan; another number, another scan."""
    return pdf(content=b"0 0 m %d 9 l S" % n)


def text_of(page: str) -> str:
    """What stands on a page, tags left out."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_a_case_goes_from_draft_to_entry_by_forms_alone(office: Office) -> None:
    """docs/cases.md: draft, submission, acceptance, paper, notice, wills, review, a second officer's approval, registration."""
    first, second, village = office.first, office.second, office.village
    page = first.read(f"/desk/new?thing={village.holding}")
    assert "变更承包方代表" in text_of(page)
    form = text_of(first.read(f"/desk/new?thing={village.holding}&kind=representative-changed"))
    assert "会改什么 承包方家庭成员名单" in form
    for stays in ("草地承包经营权", "宅基地使用权", "地块", "集体经济组织成员身份"):
        assert stays in form.partition("不会改什么")[2].partition("这些写不进去")[0]
    case = first.send("/desk/cases", kind="representative-changed", thing=village.holding, f__representative=village.people[1])
    assert "填写草稿" in text_of(first.page)
    first.step(case, "submitted")
    first.step(case, "accepted")
    assert "还差1张" in text_of(first.page)
    first.step(case, "evidence-added", files={"source": paper(9)}, paper="application")
    assert "齐了" in text_of(first.page)
    first.step(case, "noticed", where="嘎查公示栏")
    for n, person in enumerate(village.people):
        minor: dict[str, Any] = {"guardian": village.people[4]} if n == 3 else {}
        first.step(case, "consented", files={"source": paper(n)}, person=person, **minor)
    first.step(case, "reviewed", opinion="材料齐全")
    # Whoever drafted it decides nothing: the page has no form for it, and a form that is sent all the same is refused.
    assert f"/desk/cases/{case}/steps/approved" not in first.read(f"/desk/cases/{case}")
    first.step(case, "approved", 403, opinion="同意")
    assert "要换一个人" in text_of(first.page)
    assert "什么都没有改动" in text_of(first.page)
    second.step(case, "approved", opinion="同意")
    second.step(case, "registered")
    assert "登记簿账目" in text_of(second.page)
    second.step(case, "delivered")
    assert "办完了" in text_of(second.page)
    with office.store.reading() as connection:
        found = cases.look(office.store, connection, case, cases.Actor("x", "x", "x", "agriculture"))[0]
        kinds = {row.idx: row.kind for row in connection.execute(sa.select(LEDGER_ENTRY.c.idx, LEDGER_ENTRY.c.kind))}
    registered = found.last("registered")
    assert registered is not None
    assert registered.act_idx is not None
    assert kinds[registered.act_idx] == "representative-changed"
    assert audit(office.store).findings == ()
    done = text_of(first.read("/desk/today"))
    assert all(word in done for word in ("受理", "收材料", "告知、公示", "审核"))
    assert "审批" not in done


def test_a_draft_is_saved_changed_undone_and_never_seen_by_another(office: Office) -> None:
    """A draft is its author's until it is submitted; what was saved last can be taken back before that."""
    first, village = office.first, office.village
    case = first.send("/desk/cases", kind="clerical-slip", thing=village.parcels["arable"], f__field="local_name", f__to="东梁")
    assert 'value="东梁"' in first.page
    assert "退回上一次存的" not in first.page
    first.step(case, "drafted", field="local_name", to="西梁")
    assert 'value="西梁"' in first.page
    first.send(f"/desk/cases/{case}/undo")
    assert 'value="东梁"' in first.page
    office.second.read(f"/desk/cases/{case}", 404)
    assert case not in office.second.read("/desk")
    assert case in first.read("/desk")


def test_a_refused_form_keeps_what_was_typed(office: Office) -> None:
    """Refusals in words with what to do; nothing has to be typed twice."""
    first, village = office.first, office.village
    first.send("/desk/cases", 422, kind="clerical-slip", thing="f" * 32, f__field="local_name", f__to="东梁")
    assert "要写明登记簿里的" in text_of(first.page)
    slip: dict[str, Any] = {"kind": "clerical-slip", "thing": village.parcels["arable"]}
    case = first.send("/desk/cases", **slip, f__field="certificate_number", f__to="1")
    first.step(case, "submitted", 422)
    assert "只能是" in text_of(first.page)
    first.step(case, "evidence-added", 409, paper="application", source="f" * 64)
    assert "现在不能办" in text_of(first.page)


def test_a_form_without_the_word_of_its_page_is_refused(office: Office) -> None:
    """A browser sends its cookie by itself: what writes carries the word that only our own page knows."""
    sent: dict[str, Any] = {"kind": "clerical-slip", "f__field": "local_name", "f__to": "东梁"}
    sent["thing"] = office.village.parcels["arable"]
    office.first.send("/desk/cases", 403, word="", **sent)
    office.first.send("/desk/cases", 403, word=proofs.csrf(office.second.token), **sent)
    assert "桌上没有案件" in text_of(office.first.read("/desk"))


def test_work_list_goes_by_the_days_that_are_left(office: Office) -> None:
    """A notice's days stand beside the case; when they are over it is somebody's turn again."""
    first, village = office.first, office.village
    asked: dict[str, Any] = {"f__name": "其其格", "f__relation": "20", "f__day": "1998-01-01"}
    case = first.send("/desk/cases", kind="omission-corrected", thing=village.holding, then="submitted", **asked)
    first.step(case, "accepted")
    kept = sources.keep(office.store, b"a paper", kind="材料", dated="2026-01-01")
    for word in ("application", "list"):
        first.step(case, "evidence-added", paper=word, source=kept)
    first.step(case, "noticed", where="嘎查公示栏")
    for n, person in enumerate(village.people):
        minor: dict[str, Any] = {"guardian": village.people[4]} if n == 3 else {}
        first.step(case, "told", person=person, how="in-person", **minor)
    waiting = text_of(first.read("/desk"))
    assert "在等的 1" in waiting
    assert re.search(r"\d+天 漏登补登", waiting)
    assert re.search("公示到[0-9]{4}年[0-9]+月[0-9]+日", waiting)
    office.later(60)
    assert "轮到我的 1" in text_of(first.read("/desk"))
    first.step(case, "returned", reasons="再核对一次")
    assert "被退回的 1" in text_of(first.read("/desk"))


def test_a_desk_sees_its_own_cases_and_a_stranger_no_desk(office: Office, service: Caller) -> None:
    """The homestead is 国土局's: what 农牧业局 drafted about land in contract is no case of theirs."""
    asked: dict[str, Any] = {"kind": "objected", "f__objector": "斯琴", "f__document": "异议1号"}
    case = office.first.send("/desk/cases", thing=office.village.rights["contract-grass"], then="submitted", **asked)
    office.realty.read(f"/desk/cases/{case}", 404)
    assert case not in office.realty.read("/desk")
    assert case in office.second.read("/desk")
    stranger = service.get("/desk", headers={"Accept": "text/html"})
    assert stranger.status_code == 401


def test_every_page_of_the_desk_says_whose_book_decides(office: Office) -> None:
    """users.md 7: no page of 国土局 without the line about the authoritative book."""
    for path in ("/desk", "/desk/today", f"/desk/new?thing={office.village.rights['homestead']}"):
        assert "权威登记簿: 不动产登记平台 · 未核对过" in text_of(office.realty.read(path))


@pytest.mark.parametrize("asked", ["达楞", "DLT", "00002", "1506261002100000002", "150626100210000001J"])
def test_a_search_leads_to_a_case(office: Office, asked: str) -> None:
    """Names, pinyin initials, the end of a parcel's code, any code: each hit begins a case, and nobody is named on the page."""
    office.first.send("/desk/search", 200, asked=asked)
    hits = re.findall(r'href="/desk/new\?thing=([0-9a-f]{32})"', office.first.page)
    village = office.village
    assert set(hits) & {village.holding, village.parcels["grass"], *village.rights.values()}
    assert "达楞太" not in office.first.page
    office.first.read(f"/desk/new?thing={hits[0]}")
    assert "办什么" in text_of(office.first.page)


def test_a_lease_that_a_wife_refuses_is_never_registered(office: Office) -> None:
    """承包法 36 with the closed list: every holder agrees alone; without hers the review has no form, and nothing is written."""
    first, village = office.first, office.village
    grass, right = village.parcels["grass"], village.rights["contract-grass"]
    asked: dict[str, Any] = {"f__lessee__name": "其其格", "f__code": "L-1", "f__from": "2026-11-26", "f__until": "2028-10-31"}
    area: dict[str, Any] = {f"f__parcels__{grass}__m2": "2561446.67", f"f__parcels__{grass}__mu": "3842.17", "f__parcels": grass}
    case = first.send("/desk/cases", kind="leased", thing=right, then="submitted", **asked, **area)
    first.step(case, "accepted")
    first.step(case, "evidence-added", files={"source": paper(8)}, paper="contract")
    first.step(case, "noticed", where="嘎查公示栏")
    for n, person in enumerate(village.people):
        minor: dict[str, Any] = {"guardian": village.people[4]} if n == 3 else {}
        if n == 1:  # she was told, and refuses
            first.step(case, "told", person=person, how="in-person")
        else:
            first.step(case, "consented", files={"source": paper(n)}, person=person, **minor)
    assert "还缺 1 人的同意" in text_of(first.read(f"/desk/cases/{case}"))
    assert f"/desk/cases/{case}/steps/reviewed" not in first.page
    first.step(case, "reviewed", 409, opinion="材料齐全")
    first.step(case, "refused", reasons="有一位共有人不同意")
    assert "办完了" in text_of(first.page)
    with office.store.reading() as connection:
        words = set(connection.scalars(sa.select(LEDGER_ENTRY.c.kind)))
    assert "leased" not in words
    assert audit(office.store).findings == ()


def test_an_exit_that_is_begun_and_withdrawn_leaves_no_trace(office: Office) -> None:
    """I22: until its registration the right stands untouched, whatever was applied for, told and posted."""
    first, village = office.first, office.village
    right = village.rights["contract-grass"]
    asked: dict[str, Any] = {"f__receiver": village.collective, "f__payment": "10000.00", "f__reference": "9000.00"}
    asked |= {"f__improvements": "0.00"}
    case = first.send("/desk/cases", kind="contract-exited", thing=right, applicant=village.people[0], then="submitted", **asked)
    first.step(case, "accepted")
    first.step(case, "noticed", where="嘎查公示栏")
    assert f"/desk/cases/{case}/steps/registered" not in first.page
    first.step(case, "withdrawn", reasons="不退了")
    assert "办完了" in text_of(first.page)
    with office.store.reading() as connection:
        words = list(connection.scalars(sa.select(LEDGER_ENTRY.c.kind)))
        chain = read_chains(connection, RIGHT, [right])[right]
    assert not [word for word in words if word and "exited" in word]
    assert chain[-1].status == "live"
    assert audit(office.store).findings == ()


def test_who_approves_a_slip_reads_what_is_written_and_what_it_should_be(office: Office) -> None:
    """users.md 2(a): two people, and the second one knows what they approve; whoever can't decide sees neither in clear."""
    parcel = office.village.parcels["arable"]
    asked: dict[str, Any] = {"kind": "clerical-slip", "f__field": "local_name", "then": "submitted"}
    case = office.first.send("/desk/cases", thing=parcel, f__to="东梁", **asked)
    assert "东梁" not in office.first.page
    assert "现在写的" not in office.first.page
    opinion: dict[str, Any] = {"opinion": "同意"}
    for step, says in (("approved", opinion), ("registered", {})):
        said = text_of(office.second.read(f"/desk/cases/{case}"))
        assert "应当是： 东梁" in said
        assert "由您决定，所以写全；看过已经记下。" in said
        office.second.step(case, step, **says)
    assert "东梁" not in office.second.page
    right = office.village.rights["contract-arable"]
    code = office.first.send("/desk/cases", thing=right, f__to="1", **(asked | {"f__field": "book_number"}))
    assert "现在写的： 没有写 → 应当是： 1" in text_of(office.second.read(f"/desk/cases/{code}"))


def test_of_a_boundary_two_invitations_are_said_beforehand_and_neighbours_are_told_apart(office: Office) -> None:
    """users.md (b) 7: the rule before a refusal, side and codes beside each mask, a neighbour's child, a proxy, papers by name."""
    walker = Walker(office.store, office.village)
    mine = walker.example("exchanged").request["gives"][0]["parcels"][0]
    head, wife, son, child, _ = office.village.people
    case = walker.walk("boundary-signed", Example([mine]), "noticed")
    first = office.first
    office.clock = first.caller.app.state.store.clock = walker.clock
    office.later(0)
    assert "有人不来指界的，要请两次" in text_of(first.read(f"/desk/new?thing={mine}&kind=boundary-signed"))
    first.step(case, "told", 422, person=son, how="by-letter", day="2016-01-01")
    assert "请他来的日子已经过了" in text_of(first.page)
    assert "有人不来指界的，要请两次" in text_of(first.page)
    first.step(case, "told", files={"source": paper(1)}, person=son, how="by-letter", day=office.today())
    said = text_of(first.page)
    assert "请过1次：" in said
    assert "送达回证、签收名单 *鲁" in said
    options = dict(_OPENED.findall(first.page))
    assert re.search(r"^\*鲁 2003 [东南西北、]+ [0-9]{5}", options[son])
    assert "本宗" in options[head]
    sent = {"source": paper(2), "letter": paper(3)}
    first.step(case, "consented", files=sent, person=child, guardian=wife, proxy=head)
    assert "委托代理人 **太" in text_of(first.page)
    assert "指界委托书(代理人来的) *敏" in text_of(first.page)


def test_a_clerk_reads_village_and_holder_and_they_read_who_looked(office: Office) -> None:
    """A nineteen-digit code tells nobody whose it is: village and masked holder stand beside it; a look is written once a day."""
    village, store = office.village, office.store
    asked: dict[str, Any] = {"kind": "clerical-slip", "f__field": "local_name", "f__to": "东梁", "then": "submitted"}
    case = office.first.send("/desk/cases", thing=village.parcels["arable"], **asked)
    for path in ("/desk", "/desk/today", f"/desk/cases/{case}", f"/desk/new?thing={village.parcels['arable']}"):
        assert "呼和陶勒盖嘎查 · **太 地块" in text_of(office.first.read(path)), path
    for shown in ("1506261002100000001", "150626100210000001J"):
        office.second.send("/desk/search", 200, asked=shown)
        page = text_of(office.second.page)
        assert "呼和陶勒盖嘎查 · " in page, shown
        assert "**太" in page, shown

    def looks() -> list[str]:
        return [each.what for each in reading.looks(store, village.people[:1]) if each.what == "case"]

    before = looks()
    for _ in range(2):
        office.second.read("/desk")
        office.second.read(f"/desk/cases/{case}")
    assert len(looks()) == len(before) + 2


def test_of_a_long_list_the_most_urgent_stand_there_and_all_can_be_asked_for(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is counted is the whole list; who is shown is written down, and nobody else."""
    monkeypatch.setattr(work_page, "AT_FIRST", 1)
    first, village = office.first, office.village
    for name in ("local_name", "east"):
        asked: dict[str, Any] = {"f__field": name, "f__to": "东梁"}
        first.send("/desk/cases", kind="clerical-slip", thing=village.parcels["arable"], **asked)
    page = first.read("/desk")
    assert "我的草稿 2" in text_of(page)
    assert (page.count('class="work"'), "全部列出（还有1件）" in page) == (1, True)
    whole = first.read("/desk?every=draft")
    assert (whole.count('class="work"'), "全部列出" in whole) == (2, False)
