"""Does the supervision bureau read everything about one person, once, with a reason that this person reads, and nobody else so?"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from pypdf import PdfReader

from registry import cases
from registry.cases import Actor, NoSuchCaseError, NotByYouError
from registry.guarantee.explain import thing_words
from registry.ledger.commit import Officer
from registry.looks.keeping import looked
from registry.looks.reading import looks
from tests.api.access_people import holder_of_role, service, session_of
from tests.api.chromium import CHROMIUM, browsing, serving
from tests.api.looking import LANGUAGES, faults_shown, pictures
from tests.api.test_my import Phone, plain, staff
from tests.registry.cases.walking import FIRST, Walker
from tests.registry.made_up import PEOPLE, id_number

if TYPE_CHECKING:
    from pathlib import Path

    from registry.store.engines import Store
    from tests.api.conftest import Caller
    from tests.registry.made_up import Village

__all__ = ["service", "staff"]
PAGE, PURPOSE = "/desk/supervision/person", "信访2026-031号"
WATCH = Actor("su", "苏德", "监察局", "supervision")


@pytest.fixture
def inspector(service: Caller, store: Store, village: Village, staff: Any) -> Phone:  # noqa: ANN401  (two members)
    """Who holds the role, signed in."""
    token = session_of(store, holder_of_role(store, staff, "supervision", village))
    service.app.state.access.look_now()
    return Phone(service, token)


def test_one_petition_shows_everything_once_and_the_person_reads_that_it_was_read(
    inspector: Phone, store: Store, village: Village
) -> None:
    """users.md (e) 3: lists, rights and verdict, moves, cases, what they asked, attempts, looks; masked, the purpose first."""
    walker = Walker(store, village)
    inspector.service.app.state.store.clock = walker.clock
    me = village.people[0]
    asker = Actor("daleng", "达楞太", "本人", "person", me)
    wife = Actor("aodeng", "敖登", "本人", "person", village.people[1])
    for kind, actor in (("question", asker), ("representative-changed", wife)):
        case_id = walker.open(kind, walker.example(kind), actor)
        walker.step(case_id, "submitted", actor)
    draft = walker.open("leased", walker.example("leased"), FIRST)
    looked(store, Officer("某人", "农牧业局"), me, "refused", "没有这一条合法原因")
    page = inspector.send(PAGE, id=me, purpose=PURPOSE)
    assert page.status_code == 200, plain(page.text)
    said = plain(page.text)
    shown = ("没变", thing_words("contract-grass").zh, "首次登记", "户籍事件", "落户以后的变动", "没有这一条合法原因", PURPOSE)
    for words in (*shown, "核实申请", "变更承包方代表"):
        assert words in said, words
    assert said.index("变更承包方代表") < said.index("他自己提出来的") < said.index("核实申请")
    assert draft not in page.text
    assert not [name for name, *_ in PEOPLE if name in page.text]
    assert "今年草原补奖少了三百块" not in page.text
    assert "文苑社区1栋101" not in page.text
    (look,) = [each for each in looks(store, [me]) if each.what == "everything"]
    assert (look.bureau, look.purpose) == ("某局", PURPOSE)


@pytest.mark.parametrize("purpose", ["", "   ", "长" * 201])
def test_without_a_purpose_nothing_is_shown_and_nothing_is_looked_up(
    inspector: Phone, store: Store, village: Village, purpose: str
) -> None:
    """1 to 200 characters, each time."""
    me = village.people[0]
    for sent in ({"id": me}, {"asked": PEOPLE[0][0]}):
        page = inspector.send(PAGE, purpose=purpose, **sent)
        assert (page.status_code, "名下的权利" in page.text) == (422, False)
    assert looks(store, [me]) == []


def test_person_is_found_by_number_or_name_in_the_form_and_not_in_an_address(
    inspector: Phone, store: Store, village: Village
) -> None:
    """Either leads to the page, and is written down as what it was; a number that nobody has, too, and shows nobody."""
    name, born, sequence = PEOPLE[0]
    for asked in (name, id_number(born, sequence)):
        page = inspector.send(PAGE, asked=asked, purpose=PURPOSE)
        assert "名下的权利" in page.text
    assert [look.what for look in looks(store, [village.people[0]])] == ["everything", "lookup", "everything", "name-lookup"]
    nobody = inspector.send(PAGE, asked=id_number("19790815", 628), purpose=PURPOSE)
    assert (nobody.status_code, "没有这个人" in nobody.text) == (200, True)
    assert [look.purpose for look in looks(store, [""])] == [PURPOSE]
    assert inspector.send(PAGE, id="0" * 32, purpose=PURPOSE).status_code == 404


def test_id_in_a_list_leads_to_the_form_that_asks_for_a_purpose(inspector: Phone, store: Store, village: Village) -> None:
    """A list says where to ask; opening it shows a form and nothing of the person."""
    looked(store, Officer("敖登", "国土局"), village.people[4], "rights", "柜台查询")
    link = f"{PAGE}?id={village.people[4]}"
    assert f'href="{link}"' in inspector.get("/desk/supervision/odd-looks").text
    form = inspector.get(link)
    assert (form.status_code, "名下的权利" in form.text) == (200, False)
    assert {look.what for look in looks(store, [village.people[4]])} == {"rights"}


def test_bureau_has_a_dossier_of_the_person_and_of_a_case_masked_and_logged(
    inspector: Phone, store: Store, village: Village
) -> None:
    """policy-map 10: one at a time, with a purpose; whole names are for the desk that keeps the book."""
    walker = Walker(store, village)
    inspector.service.app.state.store.clock = walker.clock
    case_id = walker.walk("representative-changed", walker.example("representative-changed"), "noticed")
    for sent in ({"id": village.people[0]}, {"case": case_id}):
        pdf = inspector.send("/desk/supervision/dossier", purpose=PURPOSE, **sent)
        assert pdf.headers["content-type"] == "application/pdf", plain(pdf.text)
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.content)).pages)
        assert not [name for name, *_ in PEOPLE if name in text]
    told = {(look.what, look.purpose) for look in looks(store, [village.people[0]])}
    assert {("person-dossier", PURPOSE), ("dossier", PURPOSE)} <= told
    assert inspector.send("/desk/supervision/dossier", purpose="", case=case_id).status_code == 422
    draft = walker.open("leased", walker.example("leased"), FIRST)
    with pytest.raises(NoSuchCaseError):
        cases.dossier_of(store, draft, WATCH, PURPOSE, reader="desk")
    with pytest.raises(NotByYouError):
        cases.dossier_of(store, case_id, Actor("x", "某人", "某镇", "township"), PURPOSE, reader="desk")


def test_nobody_else_opens_it(service: Caller, store: Store, village: Village, staff: Any, inspector: Phone) -> None:  # noqa: ANN401
    """Not the auditor, a desk, the village, nor an administrator; a form of another site is refused."""
    for role in ("auditor", "agriculture", "collective", "administrator"):
        other = Phone(service, session_of(store, holder_of_role(store, staff, role, village)))
        assert other.get(PAGE).status_code == 403, role
        assert other.send(PAGE, id=village.people[0], purpose=PURPOSE).status_code == 403, role
    forged = Phone(service, inspector.token)
    assert forged.send(PAGE, csrf="0" * 64, id=village.people[0], purpose=PURPOSE).status_code == 403


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: apt-get install chromium")
@pytest.mark.parametrize("engine_name", ["file"], indirect=True)
def test_page_of_a_person_fits_every_screen(inspector: Phone, store: Store, village: Village, tmp_path: Path) -> None:
    """A telephone, the old PC, a wide screen; nothing serious for axe. The form is sent in a real browser, from a list's link."""
    walker = Walker(store, village)
    asker = Actor("daleng", "达楞太", "本人", "person", village.people[0])
    case_id = walker.open("question", walker.example("question"), asker)
    walker.step(case_id, "submitted", asker)
    with serving(inspector.service.app) as at, browsing(tmp_path) as tab:
        tab.call("Network.setCookie", name="sanquan_session", value=inspector.token, url=at)
        for language in LANGUAGES:
            tab.call("Network.setCookie", name="sanquan_language", value=language, url=at)
            tab.visit(f"{at}{PAGE}?id={village.people[0]}")
            tab.evaluate(f"document.querySelector('[name=purpose]').value = '{PURPOSE}'")
            tab.goes("document.querySelector('form[action=\"/desk/supervision/person\"] button').click()")
            assert PURPOSE in tab.evaluate("document.querySelector('main').innerText")
            assert faults_shown(tab, "one-person", language, pictures(tmp_path)) == []
