"""What stands in a selection of a person, a village, a box, on a day and as known at a size of the log?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from registry.exports import VillageNotFoundError, of_box, of_person, of_village
from registry.exports.gather import count_in_box, with_code
from registry.ledger import log
from registry.ledger.act import ActFields
from registry.ledger.commit import desk
from registry.parcels import acts as parcels
from registry.parcels.box import Box, box
from registry.rights import acts as rights
from registry.rights.acts import Contracted, Holder, Terms
from registry.statement import PersonNotFoundError
from tests.registry import made_up
from tests.registry.exports.conftest import NEIGHBOUR

if TYPE_CHECKING:
    from registry.store.engines import Store

USES = ["arable", "grass", "forest", "other", "homestead"]


def test_person_selection_after_the_move_has_every_parcel_and_right(store: Store, village: made_up.Village) -> None:
    """Plan II.3.1: a family settled in town holds what it held; each member's selection shows all of it (I15)."""
    for person in village.people:
        with store.reading() as connection:
            mine = of_person(store, connection, person)
        assert sorted(mine.parcels["land_use"]) == sorted(USES)
        assert sorted(mine.rights["right"]) == sorted([f"contract-{use}" for use in USES[:4]] + ["homestead"])
        assert mine.landless_rights == 1
        assert NEIGHBOUR not in set(mine.parcels["parcel_code"])


def test_person_selection_title_shows_the_masked_name_only(store: Store, village: made_up.Village) -> None:
    """Until sign-in exists every personal field is masked."""
    with store.reading() as connection:
        mine = of_person(store, connection, village.people[0])
    assert mine.title_zh == "**太 家的地"
    assert "达楞" not in mine.title_zh + mine.title_en


def test_person_selection_before_registration_is_empty(store: Store, village: made_up.Village) -> None:
    """On a day before the first registration nothing stood; the day decides, not the time of asking."""
    with store.reading() as connection:
        assert of_person(store, connection, village.people[0], "2016-11-29").parcels.empty


def test_unknown_person_and_village_are_refused(store: Store, village: made_up.Village) -> None:
    """A selection of nobody and of nowhere is a refusal, not an empty map."""
    with store.reading() as connection:
        with pytest.raises(PersonNotFoundError):
            of_person(store, connection, "0" * 32)
        for code in ("150626999999", "", " "):
            with pytest.raises(VillageNotFoundError):
                of_village(store, connection, code)


@pytest.mark.parametrize("code", ["150626100210", made_up.VILLAGE_CODE])
def test_village_selection_has_parcels_without_a_right_too(store: Store, village: made_up.Village, code: str) -> None:
    """Land that nobody holds is land of the village; its row has no right."""
    with store.reading() as connection:
        whole = of_village(store, connection, code)
    assert len(whole.parcels) == 6
    unheld = whole.rights[whole.rights["right"].isna()]
    assert unheld["parcel_code"].tolist() == [NEIGHBOUR]
    assert unheld["restricted"].isna().all()


def test_box_in_metres_and_in_degrees_select_the_same(store: Store, village: made_up.Village) -> None:
    """A box may be given in the register's CRS or in longitude and latitude."""
    with store.reading() as connection:
        metres = of_box(store, connection, Box(573_900, 4_261_900, 574_600, 4_263_300))
        degrees = of_box(store, connection, box("108.847,38.486,108.855,38.499"))
        assert count_in_box(store, connection, Box(573_900, 4_261_900, 574_600, 4_263_300)) == 2
    assert sorted(metres.parcels["land_use"]) == ["arable", "homestead"]
    assert metres.parcels["parcel_code"].tolist() == degrees.parcels["parcel_code"].tolist()


def test_box_that_meets_only_the_envelope_of_a_parcel_selects_nothing(store: Store, village: made_up.Village) -> None:
    """The index compares envelopes; the corner that a triangle does not fill is not its land."""
    empty_corner = Box(570_900, 4_263_900, 570_990, 4_263_990)
    with store.reading() as connection:
        assert count_in_box(store, connection, empty_corner) == 1
        assert of_box(store, connection, empty_corner).parcels.empty


def test_search_by_the_last_five_digits_finds_the_parcel(store: Store, village: made_up.Village) -> None:
    """Clerks know a parcel by the tail of its code; a wildcard in it means itself."""
    with store.reading() as connection:
        assert with_code(store, connection, "00099").parcels["parcel_code"].tolist() == [NEIGHBOUR]
        assert with_code(store, connection, "%").parcels.empty


def test_selection_shows_what_was_valid_then_and_known_then(store: Store, village: made_up.Village) -> None:
    """Every query takes valid_at and known_at: a corrected survey changes neither the day before nor what was known."""
    with store.reading() as connection:
        known_before = log.head_of(store, connection).size
    with desk(store, made_up.CLERK) as at:
        act = at.act("survey-corrected", "2018-06-01", ActFields(basis="复测"))
        change = {"surveyed_area_m2": "2560000.00", "surveyed_area_mu": "3840.00"}
        parcels.change(act, village.parcels["grass"], change)
        at.commit()

    def grass(valid_at: str, known_at: int | None = None) -> str:
        with store.reading() as connection:
            found = of_person(store, connection, village.people[0], valid_at, known_at).parcels
        return str(found[found["land_use"] == "grass"]["surveyed_area_mu"].item())

    assert grass("2018-05-31") == "3842.17"
    assert grass("2018-06-01") == "3840.00"
    assert grass("2018-06-01", known_before) == "3842.17"


def test_restricted_and_let_rights_say_so_and_the_lease_stands_beside(store: Store, village: made_up.Village) -> None:
    """A seizure or a lease lies on one right; the holder's other rights are as free as they were."""
    with desk(store, made_up.CLERK) as at:
        act = at.act("seized", "2019-03-01", ActFields(basis="裁定书"))
        rights.burden(act, village.rights["contract-arable"], restriction_kind="seizure", parties={}, document="裁1号")
        people = made_up.wills(*village.people, guardian=village.people[0])
        fields = ActFields(basis="合同", wills=people, payment="10000.00")
        act = at.act("leased", "2019-04-01", fields)
        unit = rights.unit(
            act, kind="contract", code="L1", issuer_id=village.collective, method="", signed_on="2019-04-01"
        )
        stated = Terms(unit, "L1", "2019-04-01", "2024-03-31")
        line = [Contracted(village.parcels["grass"], "2561446.67", "3842.17")]
        rights.let(act, village.rights["contract-grass"], Holder(party_id=village.collective), stated, line)
        at.commit()
    with store.reading() as connection:
        rows = of_person(store, connection, village.people[0]).rights.set_index("right")
    assert rows["restricted"].to_dict() == {name: name == "contract-arable" for name in rows.index}
    assert rows["let"].to_dict() == {name: name == "contract-grass" for name in rows.index}
    assert rows.loc["operating", "parcel_code"] == rows.loc["contract-grass", "parcel_code"]


def test_arable_contract_after_its_term_stands_and_is_due_for_extension(store: Store, village: made_up.Village) -> None:
    """Law C9, EXT-1: a term that ran out ends nothing; as of 2028-01-01 the right stands, marked 延包 due."""
    with store.reading() as connection:
        rows = of_person(store, connection, village.people[0], "2028-01-01").rights.set_index("right")
    assert rows.loc["contract-arable", "extension_due"]
    assert rows.loc["contract-arable", "right_status"] == "live"
    assert not rows.loc["contract-grass", "extension_due"]
