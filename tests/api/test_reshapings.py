"""Both doors split, join, adjust and correct the same way: shown first, done as shown, refused by name."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from api.v1 import models
from registry import sources
from registry.audit import audit
from registry.ledger import read
from registry.store.engines import Store
from tests.api.conftest import TOKEN, Caller, Ended
from tests.registry.made_up import VILLAGE_CODE, Village

HEADERS = {"Authorization": f"Bearer {TOKEN}"}
SIGNED = b"a signed sheet"
PAPER = hashlib.sha256(SIGNED).hexdigest()
EAST, SOUTH, NORTH = 577_800.0, 4_262_950.0, 4_264_650.0


@pytest.fixture(autouse=True)
def kept(store: Store) -> None:
    """What every order cites."""
    keep_paper(store)


def keep_paper(store: Store) -> None:
    """The signed sheet of 2020."""
    sources.keep(store, SIGNED, kind="同意书", dated="2020-05-20")


def split(village: Village) -> dict[str, Any]:
    """Half of the pasture, from south to north."""
    parcel = village.parcels["grass"]
    return {"what": "split", "parcels": [parcel], "day": "2020-06-01", "line": [[EAST, SOUTH], [EAST, NORTH]]}


def order(sent: dict[str, Any], shown: dict[str, Any], village: Village) -> dict[str, Any]:
    """What was shown, with every will."""
    return {
        "reshaping": sent,
        "seen": shown["seen"],
        "officer": {"name": "张晓梅", "bureau": "农牧业局"},
        "sources": [PAPER],
        "wills": [
            {"person": who["person"], "source": PAPER, "guardian": village.people[0] if who["minor"] else None}
            for who in shown["signs"]
        ],
    }


def test_what_is_shown_is_done_over_http(caller: Caller, store: Store, village: Village) -> None:
    """A preview writes nothing; the order makes one act; the audit stays clean and the parcel's history tells it."""
    with store.reading() as connection:
        before = read.size(connection)
    shown = caller.post("/v1/reshapings/preview", json=split(village), headers=HEADERS)
    assert shown.status_code == 200, shown.text
    plan = models.ReshapingPreview.model_validate(shown.json())
    assert [new.code for new in plan.begins] == [f"{VILLAGE_CODE}00005", f"{VILLAGE_CODE}00006"]
    with store.reading() as connection:
        assert read.size(connection) == before
    done = caller.post("/v1/reshapings", json=order(split(village), shown.json(), village), headers=HEADERS)
    assert done.status_code == 201, done.text
    answer = models.ReshapingDone.model_validate(done.json())
    assert (answer.idx, answer.size) == (before, before + 2)
    again = caller.post("/v1/reshapings", json=order(split(village), shown.json(), village), headers=HEADERS)
    assert (again.status_code, "分割" in again.json()["zh"]) == (409, True)
    for code, parcel_id in answer.parcels.items():
        (feature,) = caller.answer("/v1/parcels", params={"code": code})["features"]
        assert feature["id"] == parcel_id
    history = caller.answer(f"/v1/parcels/{village.parcels['grass']}")["history"]
    assert [stretch["act"]["kind"] for stretch in history] == ["first-registration", "parcel-split"]
    verdict = caller.answer(f"/v1/persons/{village.people[0]}/guarantee")
    assert verdict["verdict"] == "changed lawfully"
    assert audit(store).findings == ()


def test_paper_that_is_not_kept_or_not_yet_signed_proves_no_will(caller: Caller, store: Store, village: Village) -> None:
    """Issue 4, item 5: hash, signers, date. The day of a will is its paper's; nothing is written on a hash alone."""
    shown = caller.post("/v1/reshapings/preview", json=split(village), headers=HEADERS).json()
    ready = order(split(village), shown, village)
    later = sources.keep(store, b"signed tomorrow", kind="同意书", dated="2999-01-01")
    for paper, name in (("e" * 64, "paper-missing"), (later, "not-reshapable")):
        wills = [{**will, "source": paper} for will in ready["wills"]]
        refused = caller.post("/v1/reshapings", json=ready | {"wills": wills}, headers=HEADERS)
        assert (refused.status_code, refused.json()["type"]) == (422, f"urn:sanquan:problem:{name}")
    refused = caller.post("/v1/reshapings", json=ready | {"sources": ["e" * 64]}, headers=HEADERS)
    assert refused.status_code == 422
    assert caller.post("/v1/reshapings", json=ready, headers=HEADERS).status_code == 201


def test_a_second_clerk_is_told_and_nobody_writes_without_token_or_wills(caller: Caller, village: Village) -> None:
    """409 names the other act; 401 without the token; 422 where a will is missing or the document is not one."""
    shown = caller.post("/v1/reshapings/preview", json=split(village), headers=HEADERS).json()
    ready = order(split(village), shown, village)
    refusals = [
        (caller.post("/v1/reshapings/preview", json=split(village)), 401),
        (caller.post("/v1/reshapings", json=ready), 401),
        (caller.post("/v1/reshapings", json=ready | {"wills": ready["wills"][1:]}, headers=HEADERS), 422),
        (caller.post("/v1/reshapings", json=ready | {"sources": []}, headers=HEADERS), 422),
        (caller.post("/v1/reshapings/preview", json=split(village) | {"line": None}, headers=HEADERS), 422),
        (caller.post("/v1/reshapings/preview", json=split(village) | {"day": "2010-01-01"}, headers=HEADERS), 404),
        (caller.post("/v1/reshapings/preview", json=split(village) | {"line": [[0, 0], [1, 1]]}, headers=HEADERS), 422),
    ]
    for got, status in refusals:
        assert got.status_code == status, got.text
        models_of = got.json()
        assert models_of["status"] == status
        assert models_of["zh"]
    correction = {"what": "correct", "parcels": split(village)["parcels"], "day": "2020-05-01", "surveyed_area_mu": "3842.00"}
    correction["shape"] = [[577_000, 4_263_000], [577_000, 4_264_600], [578_600, 4_264_600], [578_600, 4_263_000]]
    first = caller.post("/v1/reshapings/preview", json=correction, headers=HEADERS).json()
    assert first["signs"] == []
    done = caller.post("/v1/reshapings", json=order(correction, first, village), headers=HEADERS)
    assert done.status_code == 201, done.text
    late = caller.post("/v1/reshapings", json=ready, headers=HEADERS)
    assert late.status_code == 409
    assert "测量更正" in late.json()["zh"]
    assert "2020-05-01" in late.json()["en"]


@pytest.mark.parametrize("what", ["join", "adjust"])
def test_neighbours_at_the_terminal(command: Callable[..., Ended], store: Store, village: Village, what: str) -> None:
    """Split, then joined or adjusted, from files; the tables name parcels, rights and who signs."""
    shown = command("parcel", "preview", "-", "--json", typed=json.dumps(split(village)))
    made = command("parcel", "do", "-", "--json", typed=json.dumps(order(split(village), shown.json, village)))
    assert made.code == 0, made.err
    again: dict[str, Any] = {"what": what, "parcels": list(made.json["parcels"].values()), "day": "2020-07-01"}
    if what == "adjust":
        again["line"] = [[EAST + 30, SOUTH], [EAST - 30, NORTH]]
    table = command("parcel", "preview", "-", typed=json.dumps(again))
    assert table.code == 0
    assert "签字" in table.out
    plan = command("parcel", "preview", "-", "--json", typed=json.dumps(again)).json
    done = command("parcel", "do", "-", typed=json.dumps(order(again, plan, village)))
    assert done.code == 0, done.err
    assert "登记了" in done.out
    assert audit(store).findings == ()


def test_a_file_that_is_no_reshaping_is_named_by_its_fields(command: Callable[..., Ended], village: Village) -> None:
    """Never by its values, which could be anything."""
    bad = split(village) | {"day": "昨天", "隐私": "达楞太"}
    for name in ("preview", "do"):
        ended = command("parcel", name, "-", typed=json.dumps(bad))
        assert ended.code == 2
        assert "达楞太" not in ended.err
        assert "/v1/reshapings" in ended.err
    assert "day" in command("parcel", "preview", "-", typed=json.dumps(bad)).err


def test_a_village_is_renumbered_by_both_doors(caller: Caller, command: Callable[..., Ended], store: Store) -> None:
    """Counts and samples first; the order says how many were shown; another number is 409 and writes nothing."""
    there = {"old": VILLAGE_CODE, "new": "15062610029900", "day": "2024-03-01", "name": "新村"}
    shown = caller.post("/v1/reshapings/recodings/preview", json=there, headers=HEADERS)
    plan = models.RecodingPreview.model_validate(shown.json())
    assert (plan.counts["parcel"], plan.counts["holding"], len(plan.samples["right"])) == (4, 1, 3)
    assert plan.issuers[0].new == there["new"]
    sent = {"recoding": there, "expect": plan.expect, "officer": {"name": "张晓梅"}, "sources": [PAPER]}
    other = caller.post("/v1/reshapings/recodings", json=sent | {"expect": plan.expect + 1}, headers=HEADERS)
    assert other.status_code == 409, other.text
    done = caller.post("/v1/reshapings/recodings", json=sent, headers=HEADERS)
    assert done.status_code == 201, done.text
    assert models.RecodingDone.model_validate(done.json()).recoded == plan.expect
    back = {**there, "old": there["new"], "new": there["old"], "day": "2024-04-01"}
    table = command("parcel", "recode", "-", typed=json.dumps(back))
    assert (table.code, VILLAGE_CODE in table.out) == (0, True)
    count = command("parcel", "recode", "-", "--json", typed=json.dumps(back)).json["expect"]
    order_back = json.dumps({**sent, "recoding": back, "expect": count})
    assert command("parcel", "recode", "-", "--apply", typed=order_back).code == 0
    assert command("parcel", "recode", "-", "--apply", "--json", typed=order_back).code == 2
    assert audit(store).findings == ()


def test_parts_have_their_neighbours_behind_both_doors(
    caller: Caller, command: Callable[..., Ended], village: Village, canaries: tuple[str, ...]
) -> None:
    """四至 are written from the shapes as soon as a parcel is split, names masked; an ended parcel has none."""
    shown = caller.post("/v1/reshapings/preview", json=split(village), headers=HEADERS).json()
    carried = models.ReshapingPreview.model_validate(shown).carried
    assert [(each.id, each.kind) for each in carried] == [(village.duty, "stocking-limit")]
    made = caller.post("/v1/reshapings", json=order(split(village), shown, village), headers=HEADERS).json()["parcels"]
    west, east = made.values()
    found = models.FourSides.model_validate(caller.answer(f"/v1/parcels/{west}/neighbours"))
    assert [(one.id, one.text) for one in found.derived["east"]] == [(east, "**太[*梁]")]
    assert found.recorded == {}
    assert caller.get(f"/v1/parcels/{village.parcels['grass']}/neighbours").status_code == 404
    assert command("parcel", "neighbours", east, "--json").json["derived"]["west"][0]["id"] == west
    ended = command("parcel", "neighbours", village.parcels["arable"])
    assert "四至" in ended.out
    assert not [canary for canary in canaries if canary in ended.out]
