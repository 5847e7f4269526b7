"""Does a settled person see in one look that nothing changed, ask what is wrong, and can nothing be lost from the page?"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from pypdf import PdfReader

from api.answers import accounts as account_answers
from registry import cases
from registry.accounts import grants, proofs
from registry.accounts.roles import RELATIVE
from registry.case_files import cases as case_files
from registry.ledger.log import head_of
from registry.ledger.publishing import create, policy_text, publish
from registry.ledger.read import size
from registry.ledger.verify.certificate import verify
from registry.ledger.verify.note import parse_policy
from registry.looks.reading import looks
from registry.proofs.paper import FILE
from tests.api.access_people import holder_of_role, register_elsewhere, service, session_of
from tests.registry.accounts.people import founders
from tests.registry.made_up import PEOPLE, id_number

if TYPE_CHECKING:
    import httpx

    from registry.store.engines import Store
    from tests.api.conftest import Caller
    from tests.registry.made_up import Village

__all__ = ["service"]
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
PAGES = ("", "/unchanged", "/changed", "/proof", "/ask", "/looks", "/family")
PROMISE = "在手机上点任何按钮，都不会让您失去土地"


class Phone:
    """A browser with one session's cookie, which sends the forms that pages hold."""

    def __init__(self, service: Caller, token: str, language: str = "zh-CN") -> None:
        self.service, self.token = service, token
        self.headers = {"Cookie": f"sanquan_session={token}; sanquan_language={language}", "Accept": "text/html"}

    def get(self, path: str) -> httpx.Response:
        """One page."""
        return self.service.get(path, headers=self.headers)

    def send(self, path: str, **fields: str) -> httpx.Response:
        """One form, with the word of our page."""
        sent = {"csrf": proofs.csrf(self.token), **fields}
        return self.service.post(path, content=urlencode(sent), headers=FORM | self.headers)


@pytest.fixture
def staff(store: Store) -> Any:  # noqa: ANN401  (two members)
    """The two administrators."""
    return founders(store)


@pytest.fixture
def phone(service: Caller, store: Store, village: Village, staff: Any) -> Phone:  # noqa: ANN401  (as above)
    """The head of the family, signed in."""
    token = session_of(store, holder_of_role(store, staff, "the-person", village))
    service.app.state.access.look_now()
    return Phone(service, token)


@pytest.fixture
def relative(service: Caller, store: Store, village: Village, staff: Any, phone: Phone) -> Phone:  # noqa: ANN401  (as above)
    """Somebody whom the head of the family named."""
    return Phone(service, session_of(store, holder_of_role(store, staff, RELATIVE, village)))


def guarded(store: Store) -> str:
    """The root of everything guarded."""
    with store.reading() as connection:
        return str(head_of(store, connection, size(connection)).st)


def plain(text: str) -> str:
    """What a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def test_first_page_says_unchanged_and_each_right_in_a_sentence(phone: Phone) -> None:
    """users.md section 4: 没变 first, 亩, the local name, the term and that it goes on, what changed, and the promise."""
    page = phone.get("/my")
    assert page.status_code == 200, page.text
    said = plain(page.text)
    assert said.index("没变 ✓") < said.index("草场") < said.index("变了的只有户口")
    for words in ("达楞太，您家的地", "3,842.17 亩", "西梁", "到2047年12月31日, 到期接着包", "没有期限", "文苑社区", "漏登"):
        assert words in said, words
    assert PROMISE in said
    assert said.index("3,842.17 亩") < said.index("2,561,446.67 m²")


def test_page_is_small_and_plain(phone: Phone) -> None:
    """users.md section 7: below 100 kB with all that it loads, readable without script; what it loads is ours."""
    page = phone.get("/my")
    loads = re.findall(r'(?:src|href)="(/[^"]+\.(?:css|js))"', page.text)
    weight = len(page.content) + sum(len(phone.get(each).content) for each in loads)
    assert loads == ["/plain.css", "/scripts/my.js"]
    assert weight < 100_000
    assert 'action="/my/show"' in page.text
    assert "unsafe" not in page.headers["content-security-policy"]
    assert not re.search(r"<script(?![^>]*src=)|<style|style=|onclick", page.text)


def test_every_page_of_it_opens_in_both_languages(service: Caller, phone: Phone, village: Village) -> None:
    """Nobody else's name, number or address stands on any, and no Chinese text of ours on an English one."""
    english = Phone(service, phone.token, "en")
    others = [name for name, *_ in PEOPLE[1:]]
    numbers = [id_number(born, sequence) for _, born, sequence in PEOPLE]
    for path in (*PAGES, f"/right/{village.rights['contract-grass']}", f"/right/{village.rights['income-0']}"):
        for browser in (phone, english):
            page = browser.get(f"/my{path}")
            assert page.status_code == 200, (path, plain(page.text))
            assert not [each for each in (*others, *numbers, "文苑社区1栋101") if each in page.text]
        assert "您" not in plain(english.get(f"/my{path}").text), path


def test_right_that_is_tapped_tells_with_whom_beside_whom_and_what_happened(phone: Phone, village: Village) -> None:
    """Co-holders masked, the reader first; neighbours in four words; history as sentences."""
    said = plain(phone.get(f"/my/right/{village.rights['contract-grass']}").text)
    assert said.index("**太 (您自己)") < said.index("*登")
    for words in ("东", "2016年11月30日", "首次登记"):
        assert words in said, words


def test_paper_is_told_where_one_was_issued(phone: Phone, village: Village) -> None:
    """A contract's code is no certificate's number; and who has no paper has the right all the same."""
    without, with_it = (plain(phone.get(f"/my/right/{village.rights[thing]}").text) for thing in ("contract-grass", "homestead"))
    assert "没有证，权利也在" in without
    assert "证号" not in without
    assert "证号 乌集用2016第1号" in with_it


def test_nobody_without_a_session_sees_it(service: Caller, phone: Phone, store: Store, village: Village, staff: Any) -> None:  # noqa: ANN401
    """A reader who is not signed in is told where to sign in; a desk has no page here, and another's is not there."""
    away = register_elsewhere(store)
    unsigned = service.get("/my", headers={"Accept": "text/html"})
    assert (unsigned.status_code, 'href="/sign-in"' in unsigned.text) == (401, True)
    clerk = Phone(service, session_of(store, holder_of_role(store, staff, "agriculture", village)))
    for path in (*PAGES, f"?of={village.people[0]}"):
        assert clerk.get(f"/my{path}").status_code in {403, 404}, path
    for path in (f"?of={away.person}", "/right/" + "0" * 32, "/case/" + "0" * 32):
        assert phone.get(f"/my{path}").status_code == 404, path


def test_looks_are_told_in_plain_words(phone: Phone, relative: Phone, store: Store, village: Village) -> None:
    """谁看过: the relative's looks stand in the list by name, masked; one's own are counted apart."""
    relative.get(f"/my?of={village.people[0]}")
    phone.get("/my")
    assert {look.bureau for look in looks(store, [village.people[0]])} == {"亲情代办", ""}
    said = plain(phone.get("/my/looks").text)
    assert "亲情代办" in said
    assert "您自己看过 1 次" in said


def test_proof_is_kept_and_verified_by_a_stranger(phone: Phone, store: Store, village: Village) -> None:
    """JSON and PDF with the same inside, made under the published log; before that it says what is missing."""
    refused = phone.send("/my/proof", form="json")
    assert (refused.status_code, "什么都没有改动" in refused.text) == (409, True)
    assert "漏登" not in plain(phone.send("/my/show").text)
    create(store, "log.example/sanquan")
    publish(store)
    with store.reading() as connection:
        trusted = parse_policy(policy_text(connection))
    got = phone.send("/my/proof", form="json")
    assert verify(got.content, trusted).word == "unchanged"
    pdf = phone.send("/my/proof", form="pdf")
    assert verify(PdfReader(io.BytesIO(pdf.content)).attachments[FILE][0], trusted).word == "unchanged"
    shown = phone.send("/my/show")
    assert "<svg" in shown.text
    assert 'content="120; url=/my/closed"' in shown.text
    assert "达楞太" not in shown.text
    assert "达楞太" not in phone.get("/my/closed").text


def _asked(store: Store, answer: httpx.Response) -> tuple[str, list[str]]:
    """The kind and the steps of the case to which an answer leads."""
    assert answer.status_code == 303, plain(answer.text)
    case_id = answer.headers["location"].partition("?")[0].rpartition("/")[2]
    with store.reading() as connection:
        (case,) = case_files(connection, store.vault, [case_id])
    return case.kind, [step.step for step in case.steps]


def test_question_becomes_a_case_with_a_number_and_an_office(phone: Phone, store: Store, village: Village) -> None:
    """Wrong, left out, a condition, an objection to what is under way: handed in, with whom to ask; nothing guarded moves."""
    before = guarded(store)
    grass, holding = village.rights["contract-grass"], village.holding
    wrong = phone.send("/my/ask", kind="objected", about=grass, words="少量了一块")
    assert _asked(store, wrong) == ("objected", ["drafted", "submitted"])
    newcomer = {"name": "其其格", "relation": "30", "day": "2016-11-30", "id_number": id_number("19790815", 628)}
    left_out = phone.send("/my/ask", kind="omission-corrected", about=holding, **newcomer)
    assert _asked(store, left_out) == ("omission-corrected", ["drafted", "submitted"])
    condition = phone.send("/my/ask", kind="unlawful-condition", about=grass, tied="school", words="说要先退草场")
    assert _asked(store, condition) == ("unlawful-condition", ["drafted", "submitted"])
    case_id = left_out.headers["location"].rpartition("/")[2]
    objection = phone.send("/my/ask", kind="objection", about=case_id, words="名字写错了")
    assert _asked(store, objection) == ("objection", ["drafted", "submitted"])
    page = plain(phone.get(wrong.headers["location"]).text)
    for words in ("异议登记", "案件号", "农牧局", "电话", PROMISE):
        assert words in page, words
    assert "异议登记" in plain(phone.get("/my").text)
    assert guarded(store) == before


def test_question_about_a_payment_is_answered_on_the_page(
    phone: Phone, store: Store, village: Village, staff: Any  # noqa: ANN401  (as above)
) -> None:  # fmt: skip
    """users.md (c) 8: pick the line and the year, write; a number, an office, a day; then the answer, with who gave it."""
    before = guarded(store)
    assert f"/my/ask?about={village.benefit}" in phone.get("/my").text
    form = phone.get(f"/my/ask?about={village.benefit}").text
    assert f'value="{village.benefit}" required checked' in form
    sent = phone.send("/my/ask", kind="question", about=village.benefit, year="2025", words="比去年少了三百")
    assert _asked(store, sent) == ("question", ["drafted", "submitted"])
    where = sent.headers["location"]
    page = plain(phone.get(where).text)
    for words in ("核实申请", "比去年少了三百", "2025年的", "以前答复", "农牧局", "电话"):
        assert words in page, words
    clerk = Phone(phone.service, session_of(store, holder_of_role(store, staff, "agriculture", village)))
    at_desk, case_id = where.replace("/my/case/", "/desk/cases/"), where.rpartition("/")[2]
    assert "比去年少了三百" in clerk.get(at_desk).text
    assert clerk.send(f"{at_desk}/steps/accepted", seen="2").status_code == 303
    answer = {"f.outcome": "upheld", "f.reasons": "漏了一块草场，补发"}
    got = clerk.send(f"{at_desk}/steps/answered", seen="3", **answer)
    assert got.status_code == 303, plain(got.text)
    assert "比去年少了三百" not in clerk.get(at_desk).text
    told = plain(phone.get(where).text)
    for words in ("您说得对，确实有误", "漏了一块草场，补发"):
        assert words in told, words
    first = phone.get("/my").text
    assert "问过、答复了的" in first
    assert f'href="/my/case/{case_id}"' in first
    assert guarded(store) == before


@pytest.mark.parametrize(
    "sent",
    [
        {"kind": "question", "words": ""},
        {"kind": "objected", "words": ""},
        {"kind": "unlawful-condition", "tied": "gold", "words": "x"},
        {"kind": "omission-corrected", "name": "", "relation": "30", "day": "2016-11-30"},
    ],
)
def test_question_that_is_not_whole_is_refused_in_words_and_leaves_no_draft(
    phone: Phone, store: Store, village: Village, sent: dict[str, str]
) -> None:
    """Refused as a unit: what was wrong is said on the page, nothing waits at a desk."""
    about = village.holding if sent["kind"] == "omission-corrected" else village.rights["contract-grass"]
    refused = phone.send("/my/ask", about=about, **sent)
    assert (refused.status_code, "什么都没有改动" in refused.text) == (422, True)
    with store.reading() as connection:
        assert {case.steps[-1].step for case in case_files(connection, store.vault)} <= {"withdrawn"}


def test_form_of_another_site_is_refused(phone: Phone, village: Village) -> None:
    """A cookie alone writes nothing: the word of our own page goes with it."""
    sent = urlencode({"kind": "objected", "about": village.rights["contract-grass"], "words": "x", "csrf": "0" * 64})
    assert phone.service.post("/my/ask", content=sent, headers=FORM | phone.headers).status_code == 403


def test_relative_sees_and_applies_and_agrees_to_nothing(
    phone: Phone, relative: Phone, store: Store, village: Village
) -> None:
    """亲情代办: the page says so; what is the person's alone is not there for them."""
    of = f"?of={village.people[0]}"
    said = plain(relative.get(f"/my{of}").text)
    assert "您在替家里人看" in said
    assert "达楞太" not in said
    asked = relative.send(f"/my/ask{of}", kind="objected", about=village.rights["contract-grass"], words="替爸爸问")
    assert _asked(store, asked)[0] == "objected"
    assert [relative.get(f"/my/{path}{of}").status_code for path in ("looks", "family")] == [404, 404]


def test_person_ends_what_a_relative_sees_by_one_tap(phone: Phone, relative: Phone, store: Store, village: Village) -> None:
    """Nobody is asked; afterwards the page is not there for the relative. Another's grant is not there."""
    me = village.people[0]
    with store.reading() as connection:
        (grant,) = account_answers.relatives(store, connection, me)["relatives"]
    assert grant["grant"] in phone.get("/my/family").text
    assert phone.send("/my/family/" + "0" * 32 + "/end").status_code == 404
    assert relative.send(f"/my/family/{grant['grant']}/end?of={me}").status_code == 404
    assert phone.send(f"/my/family/{grant['grant']}/end").status_code == 303
    with store.reading() as connection:
        assert grants.relatives_of(store, connection, me) == []
    assert relative.get(f"/my?of={me}").status_code in {403, 404}


def test_only_questions_are_begun_here(service: Caller, phone: Phone, store: Store, village: Village) -> None:
    """A kind that ends, gives up or burdens a right is none of the page's, whatever is sent; how often is asked elsewhere."""
    service.app.state.access.limits.count = lambda *_asked: None
    before = guarded(store)
    with store.reading() as connection:
        entries = size(connection)
    for kind in cases.book().kinds:
        if kind in {"question", "objected", "omission-corrected", "unlawful-condition", "objection"}:
            continue
        refused = phone.send("/my/ask", kind=kind, about=village.rights["contract-grass"], words="x", payment="1")
        assert refused.status_code == 404, kind
    with store.reading() as connection:
        assert (size(connection), guarded(store)) == (entries, before)
