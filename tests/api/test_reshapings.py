"""Both doors show what splitting, joining, adjusting, correcting or recoding would change, with the case that asks for it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from api.v1 import models
from registry.ledger import read
from tests.api.conftest import TOKEN
from tests.api.test_cases_walked import ServiceWalker
from tests.registry.cases.walking import Example
from tests.registry.made_up import VILLAGE_CODE

if TYPE_CHECKING:
    from collections.abc import Callable

    from registry.store.engines import Store
    from tests.api.conftest import Caller, Ended
    from tests.registry.made_up import Village

HEADERS = {"Authorization": f"Bearer {TOKEN}"}
EAST, SOUTH, NORTH = 577_800.0, 4_262_950.0, 4_264_650.0
RECODING = {"old": VILLAGE_CODE, "new": "15062610029900", "day": "2024-03-01", "name": "新村"}


@pytest.fixture
def walker(store: Store, village: Village, caller: Caller, canaries: tuple[str, ...]) -> ServiceWalker:
    """Somebody who walks cases of the family through the service."""
    return ServiceWalker(store, village, caller, canaries)


def split(village: Village) -> dict[str, Any]:
    """Half of the pasture, from south to north."""
    parcel = village.parcels["grass"]
    return {"what": "split", "parcels": [parcel], "day": "2026-06-01", "line": [[EAST, SOUTH], [EAST, NORTH]]}


def done(walker: ServiceWalker, case: dict[str, Any]) -> None:
    """The case that a preview gave, walked to its end."""
    walker.walk(case["kind"], Example(case["subject"], case["request"]))


def test_what_is_shown_is_done_by_the_case_over_http(caller: Caller, store: Store, walker: ServiceWalker) -> None:
    """A preview writes nothing; its case, approved by a second officer, makes the parcels and codes that were shown."""
    with store.reading() as connection:
        before = read.size(connection)
    shown = caller.post("/v1/reshapings/preview", json=split(walker.village), headers=HEADERS)
    assert shown.status_code == 200, shown.text
    plan = models.ReshapingPreview.model_validate(shown.json())
    assert [new.code for new in plan.begins] == [f"{VILLAGE_CODE}00005", f"{VILLAGE_CODE}00006"]
    assert [(each.id, each.kind) for each in plan.carried] == [(walker.village.duty, "stocking-limit")]
    with store.reading() as connection:
        assert read.size(connection) == before
    assert caller.post("/v1/reshapings", json=shown.json(), headers=HEADERS).status_code == 404
    done(walker, shown.json()["case"])
    history = caller.answer(f"/v1/parcels/{walker.village.parcels['grass']}")["history"]
    assert [stretch["act"]["kind"] for stretch in history] == ["first-registration", "parcel-split"]
    assert caller.answer(f"/v1/persons/{walker.village.people[0]}/guarantee")["verdict"] == "changed lawfully"
    for new in plan.begins:
        (feature,) = caller.answer("/v1/parcels", params={"code": new.code})["features"]
        assert feature["properties"]["surveyed_area_mu"] == new.surveyed_area_mu


def test_nobody_is_shown_it_without_the_token_or_for_what_cannot_be(caller: Caller, village: Village) -> None:
    """401 without the token; 404 where nothing stood; 422 where the document is none, the line cuts nothing or too little."""
    west, south = 583_000.0, 4_263_000.0
    strip = {"parcels": [village.parcels["other"]], "line": [[west + 0.05, south - 9], [west + 0.05, south + 99]]}
    refusals = [
        (caller.post("/v1/reshapings/preview", json=split(village)), 401),
        (caller.post("/v1/reshapings/preview", json=split(village) | {"line": None}, headers=HEADERS), 422),
        (caller.post("/v1/reshapings/preview", json=split(village) | {"day": "2010-01-01"}, headers=HEADERS), 404),
        (caller.post("/v1/reshapings/preview", json=split(village) | {"line": [[0, 0], [1, 1]]}, headers=HEADERS), 422),
        (caller.post("/v1/reshapings/preview", json=split(village) | strip, headers=HEADERS), 422),
    ]
    for got, status in refusals:
        assert got.status_code == status, got.text
        assert got.json()["status"] == status
        assert got.json()["zh"]


@pytest.mark.parametrize("what", ["join", "adjust"])
def test_neighbours_at_the_terminal(
    command: Callable[..., Ended], caller: Caller, walker: ServiceWalker, what: str
) -> None:
    """Split, then joined or adjusted: tables name parcels, rights and who signs; `--case` is what `case open` takes."""
    case = command("parcel", "preview", "-", "--case", typed=json.dumps(split(walker.village))).json
    assert case["request"] == {"line": [["577800.0", "4262950.0"], ["577800.0", "4264650.0"]]}
    opened = command("case", "--role", "agriculture", "--officer", "张晓梅", "open", "-", typed=json.dumps(case))
    assert opened.code == 0, opened.err
    done(walker, case)
    parts = [caller.answer("/v1/parcels", params={"code": f"{VILLAGE_CODE}0000{n}"})["features"][0]["id"] for n in (5, 6)]
    again: dict[str, Any] = {"what": what, "parcels": parts, "day": walker.today()}
    if what == "adjust":
        again["line"] = [[EAST + 30.25, SOUTH], [EAST - 30, NORTH]]
    table = command("parcel", "preview", "-", typed=json.dumps(again))
    assert table.code == 0, table.err
    assert "签字" in table.out
    done(walker, command("parcel", "preview", "-", "--json", typed=json.dumps(again)).json["case"])
    history = caller.answer(f"/v1/parcels/{parts[0]}")["history"]
    assert history[-1]["act"]["kind"] == {"join": "parcel-merged", "adjust": "boundary-adjusted"}[what]


def test_a_correction_carries_shape_and_figures_into_its_case(caller: Caller, walker: ServiceWalker) -> None:
    """Coordinates become texts without losing a digit."""
    corners = [[577_000, 4_263_000], [577_000, 4_264_600.125], [578_600, 4_264_600], [578_600, 4_263_000]]
    sent = {"what": "correct", "parcels": split(walker.village)["parcels"], "day": walker.today(), "shape": corners}
    shown = caller.post("/v1/reshapings/preview", json=sent | {"surveyed_area_mu": "3842.00"}, headers=HEADERS).json()
    assert shown["case"]["request"]["mu"] == "3842.00"
    assert shown["case"]["request"]["shape"][1] == ["577000.0", "4264600.125"]
    done(walker, shown["case"])
    parcel = caller.answer(f"/v1/parcels/{sent['parcels'][0]}")
    assert parcel["properties"]["surveyed_area_mu"] == "3842.00"


def test_a_file_that_is_no_reshaping_is_named_by_its_fields(command: Callable[..., Ended], village: Village) -> None:
    """Never by its values, which could be anything."""
    bad = split(village) | {"day": "昨天", "隐私": "达楞太"}
    ended = command("parcel", "preview", "-", typed=json.dumps(bad))
    assert ended.code == 2
    assert "达楞太" not in ended.err
    assert "/v1/reshapings/preview" in ended.err
    assert "day" in ended.err


def test_a_village_is_renumbered_by_the_case_of_either_preview(
    caller: Caller, command: Callable[..., Ended], walker: ServiceWalker
) -> None:
    """Counts and samples first; the case says how many were shown; once done, the same case is refused."""
    shown = caller.post("/v1/reshapings/recodings/preview", json=RECODING, headers=HEADERS)
    plan = models.RecodingPreview.model_validate(shown.json())
    assert (plan.counts["parcel"], plan.counts["holding"], len(plan.samples["right"])) == (4, 1, 3)
    assert plan.issuers[0].new == RECODING["new"]
    assert plan.case.subject == [walker.village.holding]
    done(walker, shown.json()["case"])
    case_id = walker.open("recoded", Example(plan.case.subject, plan.case.request))
    again = {"step": "submitted", "seen": 1, "said": {}}
    by = {"account": "zhang", "name": "张晓梅", "bureau": "农牧业局", "role": "agriculture"}
    assert walker.post(f"/v1/cases/{case_id}/steps", {"step": again, "actor": by}, 409)["type"].endswith("act-refused")
    back = {**RECODING, "old": RECODING["new"], "new": RECODING["old"], "day": "2024-04-01"}
    table = command("parcel", "recode", "-", typed=json.dumps(back))
    assert (table.code, VILLAGE_CODE in table.out) == (0, True)
    done(walker, command("parcel", "recode", "-", "--case", typed=json.dumps(back)).json)
    assert command("parcel", "recode", "-", typed=json.dumps(back)).code == 2


def test_parts_have_their_neighbours_behind_both_doors(
    caller: Caller, command: Callable[..., Ended], walker: ServiceWalker, canaries: tuple[str, ...]
) -> None:
    """四至 are written from the shapes as soon as a parcel is split, names masked; an ended parcel has none."""
    done(walker, caller.post("/v1/reshapings/preview", json=split(walker.village), headers=HEADERS).json()["case"])
    west, east = (
        caller.answer("/v1/parcels", params={"code": f"{VILLAGE_CODE}0000{n}"})["features"][0]["id"] for n in (5, 6)
    )
    found = models.FourSides.model_validate(caller.answer(f"/v1/parcels/{west}/neighbours"))
    assert [(one.id, one.text) for one in found.derived["east"]] == [(east, "**太[*梁]")]
    assert found.recorded == {}
    assert caller.get(f"/v1/parcels/{walker.village.parcels['grass']}/neighbours").status_code == 404
    assert command("parcel", "neighbours", east, "--json").json["derived"]["west"][0]["id"] == west
    ended = command("parcel", "neighbours", walker.village.parcels["arable"])
    assert "四至" in ended.out
    assert not [canary for canary in canaries if canary in ended.out]


def test_both_doors_say_what_differs_between_two_days(
    caller: Caller, command: Callable[..., Ended], walker: ServiceWalker
) -> None:
    """After a split the old parcel ended, two began, and the right on them had the act; the same over HTTP and at a terminal."""
    shown = caller.post("/v1/reshapings/preview", json=split(walker.village), headers=HEADERS).json()
    assert shown["begins"][0]["sides"]["east"] == [{"id": "", "code": f"{VILLAGE_CODE}00006", "text": "**太[*梁]"}]
    done(walker, shown["case"])
    day = walker.today()
    asked = {"since": "2020-01-01", "bbox": "108.29,37.64,109.68,39.40", "valid_at": day}
    answer = caller.answer("/v1/parcels/changes", params=asked)
    found = models.ParcelChanges.model_validate(answer)
    assert [(each.code[-5:], each.what, each.acts[0].kind) for each in found.parcels] == [
        ("00002", "ended", "parcel-split"), ("00005", "began", "parcel-split"), ("00006", "began", "parcel-split"),
    ]  # fmt: skip
    assert [(each.id, each.what) for each in found.rights] == [(walker.village.rights["contract-grass"], "changed")]
    said = command("parcel", "changes", "--since", "2020-01-01", "--valid-at", day, "--bbox", asked["bbox"], "--json")
    assert said.json == answer
    told = command("parcel", "changes", "--since", "2020-01-01", "--valid-at", day, "--bbox", asked["bbox"])
    assert "分割" in told.out
    assert caller.get("/v1/parcels/changes", params=asked | {"since": "2099-01-01"}).status_code == 422
