"""Which parcels are found, in which shape, and what their history tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import shapely

from api.v1 import models
from registry.ledger.act import ActFields
from registry.ledger.commit import desk
from registry.parcels import acts
from tests.api.conftest import TOKEN
from tests.registry import made_up

if TYPE_CHECKING:
    from collections.abc import Callable

    from registry.store.engines import Store
    from tests.api.conftest import Caller, Ended
    from tests.registry.made_up import Village

BEARER = {"Authorization": f"Bearer {TOKEN}"}
_ARABLE = f"{made_up.VILLAGE_CODE}00001"
# All five parcels lie in it (EPSG:4545, then longitude and latitude).
_GRID, _DEGREES = "573000,4261000,590000,4266000", "108.80,38.45,109.05,38.55"


def _page(caller: Caller, **asked: object) -> models.ParcelPage:
    got = caller.get("/v1/parcels", params=asked)
    assert got.status_code == 200, got.text
    assert got.headers["content-type"] == "application/geo+json"
    return models.ParcelPage.model_validate(got.json())


def test_parcel_by_code_has_its_recorded_areas(caller: Caller, village: Village) -> None:
    """A code finds its parcel; areas are text as delivered, never computed (invariant I4)."""
    (parcel,) = _page(caller, code=_ARABLE).features
    assert parcel.id == village.parcels["arable"]
    assert parcel.properties is not None
    assert (parcel.properties.surveyed_area_mu, parcel.properties.surveyed_area_m2) == ("46.50", "31000.00")
    assert parcel.properties.village.name == "呼和陶勒盖嘎查"


def test_shape_is_longitude_and_latitude_with_the_outer_ring_to_the_left(caller: Caller) -> None:
    """RFC 7946: longitude first, counter-clockwise, closed."""
    (parcel,) = _page(caller, code=_ARABLE).features
    shape = shapely.from_geojson(str(parcel.geometry).replace("'", '"'))
    assert shape.exterior.is_ccw
    west, south, east, north = shape.bounds
    assert 108.84 < west < east < 108.86
    assert 38.49 < south < north < 38.51


def test_village_is_found_by_twelve_and_by_fourteen_digits(caller: Caller) -> None:
    """The code of a 嘎查 finds the parcels of all its issuers; another village's finds none."""
    assert len(_page(caller, village="150626100210").features) == 5
    assert len(_page(caller, village=made_up.VILLAGE_CODE).features) == 5
    assert _page(caller, village="150626104213").features == []


@pytest.mark.parametrize(("bbox", "crs"), [(_GRID, "EPSG:4545"), (_DEGREES, "EPSG:4490")])
def test_box_finds_the_same_parcels_in_both_reference_systems(caller: Caller, bbox: str, crs: str) -> None:
    """A box may be given on the register's projection or in longitude and latitude."""
    assert len(_page(caller, bbox=bbox, crs=crs).features) == 5


def test_small_box_finds_only_what_meets_it(caller: Caller, village: Village) -> None:
    """A box inside one parcel finds that one."""
    assert [f.id for f in _page(caller, bbox="574050,4263050,574060,4263060", crs="EPSG:4545").features] == [
        village.parcels["arable"]
    ]


def test_pages_give_every_parcel_once(caller: Caller, village: Village) -> None:
    """Keyset pages: each begins after the last of the one before; the last has no next."""
    seen: list[str] = []
    after = None
    for _ in range(3):
        page = _page(caller, village="150626100210", limit=2, **({} if after is None else {"after": after}))
        seen += [f.id for f in page.features]
        after = page.next
    assert after is None
    assert sorted(seen) == seen
    assert set(seen) == set(village.parcels.values())


def test_parcel_did_not_stand_before_it_was_registered(caller: Caller, village: Village) -> None:
    """Valid_at before the first registration: no state in lists; by id the history still tells when it began."""
    assert _page(caller, code=_ARABLE, valid_at="2016-11-29").features == []
    one = caller.answer(f"/v1/parcels/{village.parcels['arable']}", params={"valid_at": "2016-11-29"})
    assert one["properties"] is None
    assert [s["from"] for s in one["history"]] == ["2016-11-30"]


def test_history_tells_each_stretch_with_its_act(store: Store, caller: Caller, village: Village) -> None:
    """A survey correction of 2020 makes a second stretch; what was known before it knows one."""
    with desk(store, made_up.CLERK) as at:
        act = at.act("survey-corrected", "2020-06-01", ActFields(basis="重测"))
        acts.change(act, village.parcels["arable"], {"surveyed_area_m2": "30990.00", "surveyed_area_mu": "46.49"})
        before = at.commit().first
    path = f"/v1/parcels/{village.parcels['arable']}"
    now = models.ParcelAnswer.model_validate(caller.answer(path))
    assert [(s.start, s.until, s.surveyed_area_mu, s.act.kind) for s in now.history] == [
        ("2016-11-30", "2020-06-01", "46.50", "first-registration"),
        ("2020-06-01", None, "46.49", "survey-corrected"),
    ]
    assert now.history[1].act.entry == before
    assert [r.thing for r in now.rights] == ["contract-arable"]
    assert len(caller.answer(path, params={"known_at": before})["history"]) == 1
    assert _mu(caller) == "46.49"
    assert _mu(caller, valid_at="2019-01-01") == "46.50"
    assert _mu(caller, known_at=before) == "46.50"


def _mu(caller: Caller, **asked: object) -> str:
    """The surveyed 亩, by code and by box alike."""
    (by_code,) = _page(caller, code=_ARABLE, **asked).features
    (by_box,) = _page(caller, bbox="574050,4263050,574060,4263060", crs="EPSG:4545", **asked).features
    assert by_code == by_box
    assert by_code.properties is not None
    return by_code.properties.surveyed_area_mu


def test_parcel_that_ended_leaves_the_lists_and_is_found_by_code(
    store: Store, caller: Caller, village: Village
) -> None:
    """A parcel taken by the river is in no list afterwards; who asks by its code is told that it ended."""
    with desk(store, made_up.CLERK) as at:
        acts.end(at.act("land-lost", "2021-01-01", ActFields(basis="河水冲毁")), village.parcels["other"])
        at.commit()
    assert len(_page(caller, village="150626100210").features) == 4
    (ended,) = _page(caller, code=f"{made_up.VILLAGE_CODE}00004").features
    assert ended.properties is not None
    assert ended.properties.status == "ended"


def test_topology_of_the_register_is_the_same_through_both_doors(
    store: Store, caller: Caller, command: Callable[..., Ended], village: Village
) -> None:
    """A field that a correction drew over its neighbour is found from that day on: both codes, m² and a place in both."""
    forest, drawn = made_up.square(580_000, 4_263_000, 4000.0**0.5), made_up.square(580_050, 4_263_000, 2000.0**0.5)
    with desk(store, made_up.CLERK) as at:
        acts.change(at.act("survey-corrected", "2020-06-01", ActFields(basis="重测")), village.parcels["other"], {}, shape=drawn)
        at.commit()
    assert caller.get("/v1/parcels/topology").status_code == 401

    def pieces(day: str) -> list[models.PieceOfLand]:
        got = caller.get("/v1/parcels/topology", params={"valid_at": day}, headers=BEARER)
        assert got.status_code == 200, got.text
        told = models.ParcelTopology.model_validate(got.json())
        assert (told.parcels, told.gaps) == (5, [])
        assert command("parcel", "topology", "--valid-at", day, "--json").json == got.json()
        has_it = BEARER | {"If-None-Match": got.headers["etag"]}
        assert caller.get("/v1/parcels/topology", params={"valid_at": day}, headers=has_it).status_code == 304
        return told.overlaps

    assert pieces("2020-05-31") == []
    (piece,) = pieces("2020-06-01")
    shared = forest.intersection(drawn)
    assert sorted(piece.parcels) == [f"{made_up.VILLAGE_CODE}{n:05d}" for n in (3, 4)]
    assert piece.area_m2 == f"{shared.area:.4f}"
    assert shared.contains(shapely.Point(*map(float, piece.place)))


def test_unknown_parcel_is_not_found(caller: Caller) -> None:
    """An id of no parcel gives 404."""
    got = caller.get(f"/v1/parcels/{'0' * 32}")
    assert (got.status_code, got.json()["type"]) == (404, "urn:sanquan:problem:parcel-not-found")


@pytest.mark.parametrize(
    "bbox",
    ["", "1,2,3", "a,b,c,d", "1,2,3,4,5", "109,38,108,39", "108,39,109,38", "nan,1,2,3", "0,0,1,1", "108,-91,109,0"],
)
def test_box_that_is_none_is_named_with_an_example(caller: Caller, bbox: str) -> None:
    """A malformed box, or one off the projection, is 422 and shows a valid one."""
    got = caller.get("/v1/parcels", params={"bbox": bbox})
    assert got.status_code == 422
    assert got.json()["errors"][0]["field"] == "bbox"
    assert got.json()["errors"][0]["example"] in got.json()["zh"]
