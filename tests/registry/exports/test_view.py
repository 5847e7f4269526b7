"""What does the browser get to see of parcels, villages and towns?"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import sample_parcels
from registry import places
from registry.exports import of_person
from registry.exports.view import features, short_name, town_of, villages_on_map
from tests.registry import made_up
from tests.registry.exports.conftest import leaked

if TYPE_CHECKING:
    from registry.store.engines import Store

BANNER_LONLAT = (108.29, 37.64, 109.68, 39.40)


def test_town_of_a_settled_person_is_where_the_registration_is(store: Store, village: made_up.Village) -> None:
    """The line on the map goes from the land to the town of registration, once there is one."""
    with store.reading() as connection:
        mine = of_person(store, connection, village.people[0])
        town = town_of(store, connection, mine)
        before = of_person(store, connection, village.people[0], "2017-05-07")
        assert town_of(store, connection, before) is None
    assert town is not None
    assert town.name == "嘎鲁图镇文苑社区"


def test_every_town_of_the_banner_has_a_place_inside_it() -> None:
    """Places are approximate and within the banner; the codes are those of the divisions."""
    with (Path(sample_parcels.__file__).parent / "divisions.csv").open(encoding="utf-8") as rows:
        towns = {row["town_code"]: row["town"] for row in csv.DictReader(rows) if row["town"].endswith(("镇", "苏木"))}
    placed = places.towns()
    assert {code: town.name for code, town in placed.items()} == towns
    west, south, east, north = BANNER_LONLAT
    assert all(west < t.lonlat[0] < east and south < t.lonlat[1] < north for t in placed.values())


def test_features_show_kind_area_term_and_no_person(store: Store, village: made_up.Village) -> None:
    """Users 4: kind, 亩, term and restrictions are shown; holders and neighbours only to who may see them."""
    with store.reading() as connection:
        mine = of_person(store, connection, village.people[0])
    shown = features(store, mine, highlighted=True)
    grass = next(each["properties"] for each in shown if each["properties"]["land_use"] == "grass")
    assert grass["area_mu"] == "3842.17"
    assert grass["rights"][0]["term"] == ["1998-01-01", "2047-12-31"]
    assert grass["restricted"] is False
    assert all(each["properties"]["highlighted"] for each in shown)
    raw = json.dumps(shown, ensure_ascii=False).encode()
    assert leaked(raw) == []
    assert [party for party in (*village.people, village.holding) if party.encode() in raw] == []


def test_village_on_the_map_has_its_extent_and_sum(store: Store, village: made_up.Village) -> None:
    """The register knows no village boundary: what is shown is the extent of the parcels and their recorded areas."""
    with store.reading() as connection:
        (found,) = villages_on_map(store, connection)
    assert (found.name, found.parcels, found.area_mu) == ("呼和陶勒盖嘎查", 6, "4648.29")
    west, south, east, north = found.bounds
    assert 108.7 < west < east < 109.0
    assert 38.4 < south < north < 38.6


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("乌审旗嘎鲁图镇呼和陶勒盖嘎查股份经济合作社", "呼和陶勒盖嘎查"),
        ("无定河镇巴图湾村村民委员会", "巴图湾村"),
        ("布日都嘎查", "布日都嘎查"),
        ("乌审旗", "乌审旗"),
    ],
)
def test_short_name_leaves_what_people_say(store: Store, name: str, short: str) -> None:
    """On a map a village is called as its people call it."""
    assert short_name(store, name) == short
