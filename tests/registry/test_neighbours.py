"""四至 follow the land: after a split, a join, another holder, without touching a guarded version; on both engines."""

from __future__ import annotations

from pathlib import Path

import shapely

from registry.catalogue import count_versions
from registry.china import today
from registry.ledger.commit import desk
from registry.ledger.read import size
from registry.neighbours import FourSides, four_sides
from registry.parcels import acts as parcels
from registry.parcels import read
from registry.parcels.acts import ParcelFacts
from registry.reshaping import plan_split
from registry.store.engines import Store
from tests.registry.made_up import CLERK, SIGNED, VILLAGE_CODE, register_village
from tests.registry.reshaping.test_reshaping import DAY, SIDE, SOUTH, WEST, across, do


def asked(store: Store, parcel_id: str, day: str = DAY, known: int | None = None) -> FourSides | None:
    """The 四至 of a parcel."""
    with store.reading() as connection:
        return four_sides(store, connection, parcel_id, valid_at=day, known_at=known or size(connection))


def written(found: FourSides | None) -> dict[str, str]:
    """The derived texts, in clear."""
    assert found is not None
    return {side: "、".join(one.seen_by("paper") for one in there) for side, there in found.derived.items() if there}


def test_parts_name_each_other_and_the_neighbour_names_the_part(store: Store) -> None:
    """户主名[地块名] from geometry; the neighbour's own version stays as it is, its derived text does not."""
    village = register_village(store)
    grass = village.parcels["grass"]
    with desk(store, CLERK) as at:
        act = at.act("first-registration", SIGNED)
        facts = ParcelFacts(f"{VILLAGE_CODE}00090", village.collective, "grass", "22", "043", "100.00", "0.15")
        east = shapely.box(WEST + SIDE, SOUTH, WEST + SIDE + 50, SOUTH + SIDE)
        beside = parcels.begin(act, facts, east, {"local_name": "沙地", "west": "旧邻居"})
        at.commit()
    assert written(asked(store, grass)) == {"east": "沙地"}
    before = asked(store, beside)
    assert written(before) == {"west": "达楞太[西梁]"}
    assert before is not None
    assert before.recorded == {"west": "旧邻居"}
    with store.reading() as connection:
        known = size(connection)
    _, made = do(store, village, lambda at: plan_split(at, grass, across(0.5), day=DAY))
    with store.reading() as connection:
        versions = count_versions(connection)
    left, right = made.values()
    assert written(asked(store, left)) == {"east": "达楞太[西梁]"}
    assert written(asked(store, right)) == {"east": "沙地", "west": "达楞太[西梁]"}
    now = asked(store, beside)
    assert now is not None
    assert now.recorded == {"west": "旧邻居"}
    assert [one.code for one in now.derived["west"]] == [f"{VILLAGE_CODE}00092"]
    for earlier in (asked(store, beside, "2020-05-31"), asked(store, beside, DAY, known)):
        assert earlier is not None
        assert [one.code for one in earlier.derived["west"]] == [f"{VILLAGE_CODE}00002"]
    assert asked(store, grass) is None
    with store.reading() as connection:
        assert count_versions(connection) == versions


def test_the_sample_villages_are_written_as_their_surveyors_wrote_them(store: Store, delivered: Path) -> None:
    """Recorded and derived side by side: of 352 parcels, where both name a household, they name the same in most."""
    agree = differ = 0
    with store.reading() as connection:
        known, day = size(connection), today(store)
        for state in read.page(connection, valid_at=day, known_at=known, limit=1_000):
            found = four_sides(store, connection, state.parcel_id, valid_at=day, known_at=known)
            if found is None or state.land_use == "homestead":
                continue
            for side, text in found.recorded.items():
                names = {one.seen_by("paper") for one in found.derived[side]}
                if "[" in text and names:
                    agree += bool(names & set(text.split("、")))
                    differ += not names & set(text.split("、"))
    assert agree + differ > 300
    assert agree / (agree + differ) > 0.9, (agree, differ)
