"""Does the map beside a form say in words, without script, what it shows, to whom it may, and is nothing kept of a line?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from api.answers import parcel_changes
from api.desk import land_page
from api.desk.acting import at_desk
from registry.accounts import proofs
from registry.ledger.read import size
from registry.looks import reading
from tests.api.access_people import register_elsewhere, service
from tests.api.desk.test_desk import Clerk, Office, office, text_of

if TYPE_CHECKING:
    from tests.api.conftest import Caller

__all__ = ["office", "service"]
EVERYWHERE = "108.29,37.64,109.68,39.40"
WEST_HALF = "574080.00 4262990.50\n574080.00 4263190.50"


def ask(clerk: Clerk, path: str, status: int = 200, **sent: Any) -> Any:  # noqa: ANN401  (JSON)
    """What the script of a page asks: the word against forgery in a header, as the page has it."""
    headers = {"Cookie": f"sanquan_session={clerk.token}", "sanquan-csrf": proofs.csrf(clerk.token)}
    got = clerk.caller.post(path, json=sent, headers=headers) if sent else clerk.caller.get(path, headers=headers)
    assert got.status_code == status, got.text
    return got.json()


def test_pages_say_without_script_what_the_map_shows(office: Office) -> None:
    """users.md 4: kind, 亩, 四至 in words (masked), what may begin there; a page of no land has no map and no script of one."""
    arable = office.village.parcels["arable"]
    page = office.first.read(f"/desk/parcels?thing={arable}")
    said = text_of(page)
    for words in ("耕地 46.50 亩", "到2027年12月31日", "东至", "*图", "对选中的可以办"):
        assert words in said
    assert "巴图" not in page
    assert f"/desk/new?thing={arable}&amp;kind=parcel-split" in page
    assert f'href="/desk/parcels?thing={arable}"' in office.first.read(f"/desk/new?thing={arable}&kind=parcel-split")
    assert "desk-map.js" in office.first.page
    assert "desk-map.js" not in office.first.read(f"/desk/new?thing={office.village.memberships[0]}")


def test_what_may_begin_is_what_the_book_of_kinds_gives_the_role(office: Office) -> None:
    """Forest registrations are 林业局's: no desk is offered what its role does not apply for."""
    arable = office.village.parcels["arable"]
    land = {"parcel-split", "parcel-merged", "boundary-adjusted", "survey-corrected", "clerical-slip"}
    for clerk in (office.first, office.realty):
        page = clerk.read(f"/desk/parcels?thing={arable}")
        assert all(f"kind={kind}" in page for kind in land)
        assert "kind=forest-registered" not in page
        assert "kind=leased" not in page


def test_who_reads_four_sides_is_written_down_once_a_day(office: Office) -> None:
    """A line is drawn click by click: one look a day for an account and a village; another account has its own."""
    arable = office.village.parcels["arable"]

    def looks() -> list[str]:
        return [each.whom for each in reading.seen_since(office.store, "2000-01-01T00:00:00Z", "neighbours")]

    for _ in range(3):
        office.first.read(f"/desk/parcels?thing={arable}")
        ask(office.first, "/desk/map/preview", what="split", parcels=[arable], typed=WEST_HALF)
    assert looks() == ["place:150626100210"]
    office.second.read(f"/desk/parcels?thing={arable}")
    assert len(looks()) == 2
    office.later(1)
    office.first.read(f"/desk/parcels?thing={arable}")
    assert len(looks()) == 3


def test_a_line_is_previewed_and_nothing_is_written(office: Office) -> None:
    """亩 of the parts make the whole; the corners come back as the form takes them; the log is as long as before."""
    with office.store.reading() as connection:
        before = size(connection)
    sent: dict[str, Any] = {"what": "split", "parcels": [office.village.parcels["arable"]]}
    found = ask(office.first, "/desk/map/preview", **sent, typed=WEST_HALF)
    assert (found["good"], found["line"], found["place"]) == (True, WEST_HALF, None)
    assert [part["properties"]["mu"] for part in found["parts"]] == ["21.13", "25.37"]
    clicked = ask(office.first, "/desk/map/preview", **sent, clicked=found["lonlat"])
    assert clicked["line"] == WEST_HALF
    adjoining: dict[str, Any] = {"what": "adjust", "parcels": [*sent["parcels"], office.village.parcels["grass"]]}
    assert "没有共同的界线" in ask(office.first, "/desk/map/preview", **adjoining, typed=WEST_HALF)["html"]
    corners = "574000 4263000\n574000 4263100\n574100 4263100"
    corrected = ask(office.first, "/desk/map/preview", **(sent | {"what": "correct"}), typed=corners)
    assert [part["properties"]["mu"] for part in corrected["parts"]] == ["7.50"]
    with office.store.reading() as connection:
        assert size(connection) == before


@pytest.mark.parametrize(
    ("typed", "says", "has_place"),
    [
        ("574080 4263050\n574080 4263060", "没有把地块分开", True),
        ("574080 4263050", "点出这条线", False),
        ("574080", "第 1 行不是一个点", False),
        ("574080 4262990\nx y", "第 2 行不是一个点", False),
        ("574000.001 4262990\n574000.001 4263190", "碎屑", True),
        ("580000 4262990\n580000 4263190", "没有把地块分开", True),
    ],
)
def test_a_line_that_does_not_do_is_told_in_words_with_its_place(office: Office, typed: str, says: str, has_place: bool) -> None:
    """Nobody is sent away with a number: what is wrong, what to do, and where on the map."""
    found = ask(office.first, "/desk/map/preview", what="split", parcels=[office.village.parcels["arable"]], typed=typed)
    assert says in text_of(found["html"])
    assert (found["place"] is not None) == has_place
    assert not found["good"]


def test_measuring_gives_metres_and_mu(office: Office) -> None:
    """A square of 100 m: 15 亩; a line alone has no area; a slip in what was typed is named by its line."""
    square = "574000 4263000\n574000 4263100\n574100 4263100\n574100 4263000"
    assert "长 300.00 m · 围住 15.00 亩" in text_of(ask(office.first, "/desk/map/measure", typed=square)["html"])
    assert "围住" not in ask(office.first, "/desk/map/measure", typed="574000 4263000\n574000 4263100")["html"]
    assert "第 1 行" in ask(office.first, "/desk/map/measure", typed="x")["html"]


def test_two_days_are_compared_in_words(office: Office) -> None:
    """The register as of either day, as known now: what is new stands there with its act; equal days say so."""
    thing = f"thing={office.village.parcels['arable']}"
    said = text_of(office.first.read(f"/desk/history?{thing}&a=2026-01-01&b=2015-01-01"))
    assert "地块 1506261002100000001 甲日没有，乙日有 首次登记 · 2016年11月30日" in said
    assert "没有不同" in text_of(office.first.read(f"/desk/history?{thing}&a=2020-01-01"))
    around = text_of(office.first.read(f"/desk/history?{thing}&a=2015-01-01&bbox={EVERYWHERE}"))
    assert around.count("甲日没有，乙日有") > 8
    office.first.read(f"/desk/history?{thing}&a=2015-13-01", 422)
    office.first.read(f"/desk/history?thing={'0' * 32}", 404)


def test_land_of_elsewhere_is_not_there_for_a_role_held_to_its_place(
    office: Office, service: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What lies outside of the places of a role is answered as if it were not there, on every address."""
    elsewhere = register_elsewhere(office.store)

    def held(request: Any) -> Any:  # noqa: ANN401  (as there)
        return replace(at_desk(request), within=frozenset({"150626100"}))

    everything = ask(office.first, f"/desk/map/parcels?bbox={EVERYWHERE}")
    monkeypatch.setattr(land_page, "at_desk", held)
    shown = ask(office.first, f"/desk/map/parcels?bbox={EVERYWHERE}")
    assert {each["id"] for each in everything["features"]} - {each["id"] for each in shown["features"]} == {elsewhere.parcel}
    office.first.read(f"/desk/parcels?thing={elsewhere.parcel}", 404)
    office.first.read(f"/desk/history?thing={elsewhere.parcel}", 404)
    ask(office.first, "/desk/map/preview", 404, what="split", parcels=[elsewhere.parcel], typed=WEST_HALF)
    around = office.first.read(f"/desk/history?thing={office.village.parcels['arable']}&a=2015-01-01&bbox={EVERYWHERE}")
    assert elsewhere.code not in around


def test_a_view_with_too_many_parcels_says_so(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A view of the whole banner must not load it; nor must a comparison."""
    monkeypatch.setattr(land_page, "MOST_SHOWN", 3)
    assert ask(office.first, f"/desk/map/parcels?bbox={EVERYWHERE}") == {
        "type": "FeatureCollection", "too_many": True, "features": [],
    }  # fmt: skip
    monkeypatch.setattr(parcel_changes, "MOST", 3)
    page = office.first.read(f"/desk/history?thing={office.village.parcels['arable']}&bbox={EVERYWHERE}")
    assert "放大后显示" in text_of(page)


def test_the_map_writes_nothing_without_the_word_of_its_page(office: Office, service: Caller) -> None:
    """A preview is asked by POST: a page of another site can't ask it with the clerk's cookie."""
    sent = {"what": "split", "parcels": [office.village.parcels["arable"]], "typed": WEST_HALF}
    got = service.post("/desk/map/preview", json=sent, headers={"Cookie": f"sanquan_session={office.first.token}"})
    assert (got.status_code, got.json()["type"]) == (403, "urn:sanquan:problem:csrf")
