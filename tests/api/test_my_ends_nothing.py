"""Can anything that is sent from a phone end, give up or burden a right? Every step, every kind, any form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.routes_of_access import ROUTES
from registry import cases
from registry.case_files import cases as case_files
from registry.cases import Actor
from registry.ledger.read import size
from registry.looks.reading import looks
from tests.api.access_people import service
from tests.api.test_my import PROMISE, Phone, guarded, phone, plain, relative, staff
from tests.registry.cases.test_extension import rows_of
from tests.registry.cases.walking import Walker, role_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from registry.case_files import Case
    from registry.store.engines import Store
    from tests.api.conftest import Caller
    from tests.registry.made_up import Village

__all__ = ["phone", "relative", "service", "staff"]
FROM_A_PHONE = {"drafted", "submitted", "withdrawn"}
"""All that a person or a relative ever wrote into a case from `/my`."""
WAITS_FOR_WILLS = ("contract-exited", "homestead-exited", "mortgaged")
WORDS = ("", "x", "objected", "consented", "registered", "approved", "yes", "1", "pdf", "json", "30", "2016-11-30", "0" * 32)


@pytest.fixture
def walker(service: Caller, store: Store, village: Village, phone: Phone) -> Walker:
    """Two officers who take a case along; the service asks the walker's clock."""
    walker = Walker(store, village)
    service.app.state.store.clock = walker.clock
    return walker


def written_by(store: Store, account_roles: frozenset[str]) -> list[tuple[str, str]]:
    """Every step that was taken in these roles, with its case's kind."""
    with store.reading() as connection:
        found: list[Case] = case_files(connection, store.vault)
    return [(case.kind, step.step) for case in found for step in case.steps if step.desk and step.desk[3] in account_roles]


def brought_to_notice(walker: Walker, kind: str) -> str:
    """A case that asks for wills, with everybody told: the next thing that it waits for are signatures."""
    walker.first, walker.second = _desk(walker.first, kind), _desk(walker.second, kind)
    return walker.walk(kind, walker.example(kind), until="noticed")


def _desk(actor: Actor, kind: str) -> Actor:
    return Actor(actor.id, actor.name, actor.bureau, role_for(kind), actor.person)


@pytest.mark.parametrize("kind", WAITS_FOR_WILLS)
def test_no_step_that_decides_is_taken_with_the_session_of_a_phone(
    walker: Walker, phone: Phone, relative: Phone, kind: str
) -> None:
    """Consent is given at the counter: person and relative are refused each step that would end or burden, also over `/v1`."""
    case_id = brought_to_notice(walker, kind)
    said = walker.will(case_id, walker.village.people[0])
    before = guarded(walker.store)
    for browser, role in ((phone, "person"), (relative, "relative")):
        for word in cases.book().steps:
            if word == "revoked":  # a will taken back keeps the right: it may come from anywhere
                continue
            body: Mapping[str, Any] = {
                "step": {"step": word, "seen": walker.look(case_id)[0].n, "said": said if word == "consented" else {}},
                "actor": {"account": "x", "name": "x", "bureau": "x", "role": role},
            }
            headers = {"Authorization": f"Bearer {browser.token}"}
            got = browser.service.post(f"/v1/cases/{case_id}/steps", json=body, headers=headers)
            assert got.status_code in {403, 404, 409, 422}, (word, role, got.text)
    assert guarded(walker.store) == before
    assert written_by(walker.store, frozenset({"person", "relative"})) == []


@pytest.mark.parametrize("kind", ["contract-exited"])
def test_page_of_a_case_that_asks_for_a_will_has_no_button_for_it(walker: Walker, phone: Phone, kind: str) -> None:
    """It says who must sign, where, and that nobody can do it here; the first page names the case."""
    case_id = brought_to_notice(walker, kind)
    assert case_id in phone.get("/my").text
    page = phone.get(f"/my/case/{case_id}")
    for words in ("这件事要您自己同意", "同意只能本人到窗口", "您没有签字，这件事就办不成", PROMISE):
        assert words in plain(page.text), words
    assert "<form" not in page.text
    assert "case" in {look.what for look in looks(walker.store, [walker.village.people[0]])}


def test_first_page_tells_whether_the_household_is_on_the_roster(walker: Walker, phone: Phone) -> None:
    """延包: as soon as the village's roster is handed in; the person sees their own row, with the terms, before and then."""
    walker.first, walker.second = _desk(walker.first, "extension"), _desk(walker.second, "extension")
    case_id = walker.walk("extension", walker.example("extension"), until="submitted")
    page = phone.get("/my")
    said = plain(page.text)
    assert "延包名册里有您家 ✓" in said or "登记簿上有您家，一户也不能丢" in said
    assert "2027年12月31日" in said
    assert f'href="/my/case/{case_id}"' in page.text
    # An objection from here holds one's own row; another household's is not there.
    row = walker.village.holding
    assert f"row={row}" in phone.get(f"/my/case/{case_id}").text
    assert phone.send("/my/ask", kind="objection", about=case_id, row="0" * 32, words="x").status_code == 404
    assert phone.send("/my/ask", kind="objection", about=case_id, row=row, words="少了一亩").status_code == 303
    (standing,) = rows_of(walker, case_id).values()
    assert any("有异议" in zh for zh, _ in standing.why)


def _routes() -> list[tuple[str, str]]:
    split = [route.split(" ") for route in ROUTES if route.split(" ")[1].startswith("/my")]
    return [(verb, path) for verb, path in split]


@pytest.fixture
def everything(walker: Walker) -> list[str]:
    """A case of each sort that asks for wills waits, and every id that a form could name."""
    ids = [brought_to_notice(walker, kind) for kind in ("contract-exited", "leased")]
    village = walker.village
    return [*ids, *village.rights.values(), village.holding, *village.parcels.values(), *village.people, village.benefit]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_sent_to_any_route_of_it_moves_nothing_that_is_guarded(
    walker: Walker, phone: Phone, relative: Phone, everything: list[str], data: st.DataObject
) -> None:
    """Any route below `/my`, any fields: the root of everything guarded stays, and a case gets no step but a question's own."""
    before = guarded(walker.store)
    browser, of = data.draw(st.sampled_from([(phone, ""), (relative, f"?of={walker.village.people[0]}")]))
    verb, path = data.draw(st.sampled_from(_routes()))
    some = st.sampled_from(everything)
    for name in ("right", "case", "grant"):
        path = path.replace(f"{{{name}}}", data.draw(some, label=name) if f"{{{name}}}" in path else "")
    values = st.one_of(st.sampled_from([*WORDS, *cases.book().kinds, *cases.book().steps]), some, st.text(max_size=20))
    of_steps = ("step", "said", "person", "source", "seen")
    names = ("kind", "about", "words", "form", *of_steps, "tied", "name", "relation", "day", "row", "year")
    fields = data.draw(st.dictionaries(st.sampled_from(names), values, max_size=8))
    got = browser.get(path + of) if verb == "GET" else browser.send(path + of, **fields)
    assert got.status_code in {200, 303, 403, 404, 409, 422, 429}, (path, fields, got.text)
    assert guarded(walker.store) == before
    assert {step for _, step in written_by(walker.store, frozenset({"person", "relative"}))} <= FROM_A_PHONE


def test_what_a_phone_may_begin_writes_no_act(phone: Phone, store: Store, village: Village) -> None:
    """A question is an entry of class C: it stands in the log, and the state of the rights before and after it is one."""
    before = guarded(store)
    with store.reading() as connection:
        entries = size(connection)
    assert phone.send("/my/ask", kind="objected", about=village.rights["homestead"], words="院子量小了").status_code == 303
    with store.reading() as connection:
        assert size(connection) == entries + 2
    assert guarded(store) == before
