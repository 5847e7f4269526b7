"""Whoever reads one person's data through either door is written down before it leaves, and the person reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from api.v1 import evidence_models as models
from api.v1 import persons as routes
from registry.audit.looks import judge_looks
from registry.bureaus import ask
from registry.ledger.commit import Officer
from registry.ledger.read import size
from registry.looks import keeping
from registry.looks.keeping import NOBODY
from registry.looks.reading import looks
from registry.proofs.retained import Wanted, on_paper
from registry.sheets import Order, make, of_household
from tests.api.access_people import register_elsewhere
from tests.api.conftest import TOKEN
from tests.registry import made_up
from tests.registry.cases.walking import PAPER, Walker

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from registry.store.engines import Store
    from tests.api.conftest import Caller, Ended
    from tests.registry.made_up import Village

BEARER = {"Authorization": f"Bearer {TOKEN}"}
READS = ("statement", "rights", "registrations", "entitlements", "permit", "guarantee", "listings")
WUYUN = Officer("乌云", "农牧业局")


def told(caller: Caller, person: str) -> list[models.Look]:
    """The person's own list."""
    return models.Looks.model_validate(caller.answer(f"/v1/persons/{person}/looks")).looks


@pytest.mark.parametrize("read", READS)
def test_reading_over_http_is_written_down_with_its_purpose(caller: Caller, village: Village, read: str) -> None:
    """Issue 7, item 9: every read of personal data; the purpose travels in a header, never in an address."""
    who = village.people[0]
    caller.answer(f"/v1/persons/{who}/{read}", headers={"Sanquan-Purpose": quote("柜台查询")})
    caller.answer(f"/v1/persons/{who}/{read}")
    second, first = told(caller, who)
    assert (first.what, first.officer, first.purpose) == (read, "本机", "柜台查询")
    assert first.zh.endswith("理由: 柜台查询")
    assert second.purpose is None


def test_every_route_of_one_person_is_written_down(caller: Caller, village: Village) -> None:
    """Generated from the service itself: a new route about a person that writes nothing down fails here."""
    who = village.people[0]
    paths = {route.path for route in routes.router.routes if "GET" in getattr(route, "methods", ())}  # type: ignore[attr-defined]
    assert paths == {f"/v1/persons/{{person}}/{name}" for name in (*READS, "looks")}
    for number, path in enumerate(sorted(paths), start=1):
        caller.answer(path.replace("{person}", who))
        assert len(looks(caller.app.state.store, [who])) == number


def test_answer_that_the_caller_has_already_is_no_new_look(caller: Caller, village: Village) -> None:
    """A 304 shows nothing; neither does a person who is not there."""
    path = f"/v1/persons/{village.people[0]}/statement"
    etag = caller.get(path).headers["etag"]
    assert caller.get(path, headers={"If-None-Match": etag}).status_code == 304
    assert caller.get(f"/v1/persons/{'0' * 32}/statement").status_code == 404
    assert caller.get(f"/v1/persons/{'0' * 32}/looks").status_code == 404
    assert len(told(caller, village.people[0])) == 1


def test_reading_the_list_is_written_down_too(caller: Caller, village: Village) -> None:
    """Who asks who looked looks as well."""
    assert told(caller, village.people[0]) == []
    (one,) = told(caller, village.people[0])
    assert one.what == "looks"


@pytest.mark.parametrize("purpose", ["", "%E6%9F", "x" * 201, "a%0Ab", "a b", "字"])
def test_purpose_that_has_not_its_form_is_refused(caller: Caller, village: Village, purpose: str) -> None:
    """Percent-encoded UTF-8 of 1 to 200 characters, no control character; then nothing is shown."""
    headers: dict[str, Any] = {"Sanquan-Purpose": purpose.encode()}
    got = caller.get(f"/v1/persons/{village.people[0]}/statement", headers=headers)
    assert got.status_code == 422
    assert got.json()["errors"][0]["field"] == "Sanquan-Purpose"
    assert told(caller, village.people[0]) == []


def test_number_that_is_looked_up_is_written_down_known_or_not(caller: Caller, village: Village, store: Store) -> None:
    """Of whom it is, and of nobody where it is nobody's: the time that an answer takes tells nothing (hazards C14)."""
    _, born, sequence = made_up.PEOPLE[0]
    for number in (made_up.id_number(born, sequence), "150699190001011237"):
        assert caller.post("/v1/persons/lookup", json={"id_number": number}).status_code == 200
    assert [look.what for look in looks(store, [village.people[0]])] == ["lookup"]
    assert [look.what for look in looks(store, [NOBODY])] == ["lookup"]


def test_what_cannot_be_written_down_is_not_shown(caller: Caller, village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk: 503 and what to do, and no word about the person."""

    def full(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(keeping, "insert_rows", full)
    got = caller.get(f"/v1/persons/{village.people[0]}/statement")
    assert got.status_code == 503
    assert got.json()["type"] == "urn:sanquan:problem:look-not-kept"
    assert village.people[0] not in got.text


def test_papers_that_name_a_person_are_in_the_persons_list(store: Store, village: Village, caller: Caller, tmp_path: Path) -> None:
    """Certificate, answer to a bureau, the household's sheet: by the ways out of today, for everybody who stands on it."""
    who = village.people[0]
    on_paper(store, Wanted(who, WUYUN, "办理贷款"))
    with store.reading() as connection:
        known_at = size(connection)
    ask(store, "education", who, officer=WUYUN, purpose="入学", valid_at="2018-01-01", known_at=known_at)
    code = f"{made_up.VILLAGE_CODE}0001"
    out = tmp_path / "sheet.pdf"
    make(store, Order(WUYUN, "给本人"), "sheet-household", code, out, lambda at: of_household(at, code))
    assert {(look.what, look.purpose) for look in told(caller, who)} == {
        ("certificate", "办理贷款"), ("answer", "入学"), ("sheet-household", "给本人"),
    }  # fmt: skip
    assert [look.what for look in told(caller, village.people[1])] == ["sheet-household"]


def test_refused_attempt_at_a_right_is_told_to_everybody_who_holds_it(caller: Caller, village: Village, store: Store) -> None:
    """Issue 7, item 9: who tried, when, and that nothing changed; each co-holder reads it, not only the representative."""
    walker = Walker(store, village)
    case_id = walker.walk("parcel-split", walker.example("parcel-split"), "noticed")
    for paper in ("application", "survey"):
        walker.step(case_id, "evidence-added", paper=paper, source=PAPER)
    review = {"step": {"step": "reviewed", "seen": walker.look(case_id)[0].n, "said": {"opinion": "同意"}}}
    by = {"account": "x", "name": "某人", "bureau": "某局", "role": "agriculture"}
    got = caller.post(f"/v1/cases/{case_id}/steps", json=review | {"actor": by}, headers=BEARER)
    assert got.status_code == 409, got.text
    for person in village.people:
        (look,) = [each for each in told(caller, person) if each.what == "refused"]
        assert (look.officer, look.bureau) == ("某人", "某局")
        assert "没有办成, 什么都没有变" in look.zh
    assert list(judge_looks(store)) == []


def test_reading_at_a_terminal_is_written_down_and_read_there(command: Callable[..., Ended], village: Village) -> None:
    """`sanquan looked`: the same list, in sentences."""
    who = ("--person", village.people[0])
    assert "还没有人看过" in command("looked", *who).out
    for read in ("statement", "rights", "entitlements", "guarantee", "permit"):
        assert command(read, *who, "--officer", "乌云", "--bureau", "农牧业局", "--purpose", "核对承包地").code == 0
    said = command("looked", *who)
    assert said.code == 0
    assert "农牧业局 乌云 看了您家的地和别的权利, 理由: 核对承包地" in said.out
    listed = models.Looks.model_validate(command("looked", *who, "--json").json).looks
    assert [look.what for look in listed][1:6] == ["permit", "guarantee", "entitlements", "rights", "statement"]
    assert command("looked", "--person", "0" * 32).code == 2
    assert command("audit").code == 0


PLACES = (
    (f"/v1/rosters?collective={made_up.VILLAGE_CODE}", "roster", made_up.VILLAGE_CODE),
    ("/v1/benefits/payments?year=2016", "payment-list", "150626"),
    ("/v1/rights?village=150626100210", "search", "150626100210"),
    ("/v1/rights", "search", "150626"),
    ("/v1/sheets/notice?village=150626100210", "sheets", "150626100210"),
    (f"/v1/sheets/household?household={made_up.VILLAGE_CODE}0001", "sheets", f"{made_up.VILLAGE_CODE}0001"),
    ("/v1/household-events/unmatched", "waiting-list", "150626"),
    ("/v1/settlement-applications", "waiting-list", "150626"),
)


@pytest.mark.parametrize(("path", "what", "place"), PLACES)
def test_list_is_one_row_and_everybody_who_belongs_there_finds_it(
    caller: Caller, village: Village, store: Store, path: str, what: str, place: str
) -> None:
    """Issue 7, item 9: a list of a village is read once and written down once, with its purpose; each member reads it."""
    caller.answer("/v1/ledger")
    got = caller.get(path, headers=BEARER | {"Sanquan-Purpose": quote("核对")})
    assert got.status_code == 200, got.text
    assert len(list(judge_looks(store))) == 0
    for person in village.people:
        (look,) = [each for each in told(caller, person) if each.place is not None]
        assert (look.what, look.place, look.purpose) == (what, place, "核对")
        assert f"({place})" in look.zh
    elsewhere = register_elsewhere(store).person
    found = [each.place for each in told(caller, elsewhere) if each.place is not None]
    assert found == ([place] if place == "150626" else [])


def test_list_that_the_caller_has_already_is_no_new_look(caller: Caller, village: Village) -> None:
    """A 304 shows nobody."""
    path = f"/v1/rosters?collective={made_up.VILLAGE_CODE}"
    etag = caller.get(path).headers["etag"]
    assert caller.get(path, headers={"If-None-Match": etag}).status_code == 304
    assert [look.what for look in told(caller, village.people[0])] == ["roster"]


def test_search_by_holder_and_the_map_of_a_family_are_looks_at_them(caller: Caller, village: Village) -> None:
    """By a person, or by the list of their household: everybody on it finds the row."""
    caller.answer(f"/v1/rights?holder={village.people[0]}")
    assert caller.get(f"/map?person={village.people[0]}").status_code == 200
    assert [look.what for look in told(caller, village.people[0])] == ["map", "rights"]
    caller.answer(f"/v1/rights?holder={village.holding}")
    assert [look.what for look in told(caller, village.people[1])] == ["rights"]


def test_export_over_http_is_written_down_before_it_begins(caller: Caller, village: Village) -> None:
    """Of a person as a look at them, of a village as one row."""
    for about in ({"person": village.people[0]}, {"village": "150626100210"}):
        assert caller.post("/v1/exports", json={"format": "geojson", **about}, headers=BEARER).status_code == 202
    assert [(look.what, look.place) for look in told(caller, village.people[0])] == [
        ("place-export", "150626100210"), ("export", None),
    ]  # fmt: skip


def test_lists_and_papers_of_a_terminal_are_written_down(command: Callable[..., Ended], village: Village, tmp_path: Path) -> None:
    """Masked or with names, on the screen or as a file: the same row, in sentences of the person."""
    why = ("--purpose", "成员大会", "--officer", "乌云", "--bureau", "农牧业局")
    geojson = (str(tmp_path / "v.geojson"), "--format", "geojson")
    calls: list[tuple[tuple[str, ...], str]] = [
        (("roster", "list", made_up.VILLAGE_CODE, *why), "看了集体的成员名册"),
        (("roster", "list", made_up.VILLAGE_CODE, "--out", str(tmp_path / "roster.csv"), *why), "看了集体的成员名册"),
        (("payments", "list", "2016", *why), "看了补贴发放名单"),
        (("payments", "list", "2016", "--out", str(tmp_path / "list.csv"), *why), "看了补贴发放名单"),
        (("export", *geojson, "--village", "150626100210", *why), "把一片地导出成了文件"),
        (("export", *geojson, "--person", village.people[0], *why), "把您家的地导出成了文件"),
        (("sheet", "notice", "150626100210", "-o", str(tmp_path / "n.pdf"), *why), "制作了一片地的图和表"),
        (("sheet", "village", "150626100210", "-o", str(tmp_path / "all"), *why), "制作了一片地的图和表"),
    ]
    for number, (call, said) in enumerate(calls):
        assert command(*call).code == 0, call
        looks_told = models.Looks.model_validate(command("looked", "--person", village.people[0], "--json").json).looks
        lists = [look for look in looks_told if look.what != "looks"]
        assert len(lists) == number + 1, call
        assert f"农牧业局 乌云 {said}" in lists[0].zh
        assert lists[0].purpose == "成员大会"
    assert command("audit").code == 0
