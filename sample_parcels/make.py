"""How is the sample made again? `python -m sample_parcels.make [FOLDER]` writes delivery/ and faults/.

Without a folder they go beside this file. The same code gives the same bytes
(tests/sample_parcels/test_make.py). People are made up; the family of the story is that of the demo,
to the figure.
"""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random
from typing import Any

from sample_parcels import damage, rosters
from sample_parcels.land import HERE, Village, lay_out, settings
from sample_parcels.people import DAUGHTER, FEMALE, HEAD, MALE, MOTHER, SON, WIFE, People, Person
from sample_parcels.tables import GRASS_SERIAL, Delivery, Family, Layer, add_village
from sample_parcels.write import write_delivery

HOUSEHOLDS = 20
TABLES = ("FBF", "CBF", "CBF_JTCY", "CBDKXX", "CBHT")
ROSTERS = ("成员名册", "股权台账", "惠农牧补贴", "户籍", "限制与义务")
DIVORCED_HOUSEHOLD = 5  # 斯琴 of 巴图湾村 stands in the contract of the household that she married into


def make_delivery() -> Delivery:
    """The sample delivery, in memory."""
    spec = settings()
    rng = Random(spec["seed"])
    people = People(rng)
    delivery = Delivery({name: Layer() for name in ("DK", "CJQY", "ZD")}, {name: [] for name in TABLES + ROSTERS})
    done: dict[str, tuple[Village, list[Family]]] = {}
    for village_spec in spec["village"]:
        village = lay_out(village_spec, rng, HOUSEHOLDS)
        families = [_family(village, place, people) for place in range(HOUSEHOLDS)]
        issuer = people.family(han=village_spec["han"])[0]
        add_village(delivery, village, families, issuer)
        rosters.add_village(delivery, village, families)
        done[village_spec["name"]] = village, families
    rosters.add_restrictions(delivery, done)
    return delivery


def write_sample(folder: Path) -> None:
    """Write delivery/ and faults/ (with FAULTS.csv) into `folder`."""
    spec = settings()
    county, year = spec["county"], spec["year"]
    root = county + spec["county_name"]
    delivery = make_delivery()
    write_delivery(delivery, folder / "delivery" / root, county=county, year=year)
    damaged, slips = damage.damage(delivery)
    write_delivery(damaged, folder / "faults" / root, county=county, year=year)
    damage.write_list(damaged, slips, folder / "faults" / "FAULTS.csv", county=county, year=year)


def _family(village: Village, place: int, people: People) -> Family:
    """The household with its codes: a grassland code only where it holds grassland."""
    grass = place < village.settings["grass_households"]
    return Family(
        place,
        _members(people, village.settings, place),
        f"{village.issuer}{place + 1:04d}",
        f"{village.issuer}{GRASS_SERIAL + place + 1:04d}" if grass else "",
    )


def _members(people: People, spec: dict[str, Any], place: int) -> list[Person]:
    if "demo" in spec and place == 0:
        return [
            people.named("达楞太", MALE, "19740318", HEAD),
            people.named("敖登", FEMALE, "19760705", WIFE),
            people.named("朝鲁", MALE, "20030521", SON),
            people.named("诺敏", FEMALE, "20110911", DAUGHTER),
            people.named("莲花", FEMALE, "19490207", MOTHER),
        ]
    if spec["han"] and place == DIVORCED_HOUSEHOLD:
        return [
            people.named("郝志强", MALE, "19830412", HEAD),
            people.named("斯琴", FEMALE, "19850926", WIFE),
            people.named("郝子涵", FEMALE, "20100303", DAUGHTER),
        ]
    return people.family(han=spec["han"])


if __name__ == "__main__":
    write_sample(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
    print("sample_parcels: delivery/ and faults/ written")
