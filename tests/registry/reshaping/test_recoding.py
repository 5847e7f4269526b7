"""Villages are renumbered every year: codes change by an act of their own, and nothing else does; on both engines."""

from __future__ import annotations

import pytest

from registry.audit import audit
from registry.holding.model import HOLDING
from registry.ledger.act import ActFields
from registry.ledger.chain import read_chains
from registry.ledger.commit import Committed, desk
from registry.parcels import acts as parcels
from registry.parcels import read
from registry.parcels.acts import ParcelFacts
from registry.parcels.model import PARCEL
from registry.parties import organisation_by_code, organisations
from registry.reshaping import ReshapingError, plan_recoding, recode_steps
from registry.rights.model import RIGHT
from registry.store.engines import Store
from tests.registry.made_up import CLERK, VILLAGE_CODE, Village, register_village, square

DAY = "2024-03-01"
NEW = "15062610029900"


def recode(store: Store, old: str = VILLAGE_CODE, new: str = NEW, name: str = "") -> Committed:
    """Plan and do it."""
    with desk(store, CLERK) as at:
        recoding = plan_recoding(at, old, new, day=DAY, name=name)
        return at.commit_steps(recode_steps(at, recoding, ActFields(basis="区划调整", sources=("a" * 64,))))


def facts(store: Store, village: Village) -> dict[str, dict[str, object]]:
    """What is committed of each thing now, but for its codes."""
    out: dict[str, dict[str, object]] = {}
    with store.reading() as connection:
        for noun, ids in ((PARCEL, village.parcels.values()), (HOLDING, [village.holding]), (RIGHT, village.rights.values())):
            for thing_id, chain in read_chains(connection, noun, ids, geometry=noun is PARCEL).items():
                said = noun.facts(chain[-1].columns, chain[-1].children)
                kept = {key: value for key, value in said.items() if key not in {"code", "unit_code", "book", "unit"}}
                out[thing_id] = {**kept, "status": chain[-1].status, "shape": chain[-1].geometry}
    return out


def test_codes_change_and_nothing_else(store: Store) -> None:
    """Parcels, the holding and every contract right begin with the new code; homesteads keep the realty office's."""
    village = register_village(store)
    before = facts(store, village)
    recode(store, name="呼和陶勒盖新村")
    assert facts(store, village) == before
    with store.reading() as connection:
        chains = read_chains(connection, PARCEL, village.parcels.values())
        codes = {use: chains[parcel_id][-1].columns["code"] for use, parcel_id in village.parcels.items()}
        assert codes.pop("homestead") == "150626100210JC00001F00010001"
        assert {code[:14] for code in codes.values()} == {NEW}
        (holding,) = read_chains(connection, HOLDING, [village.holding]).values()
        assert holding[-1].columns["code"] == f"{NEW}0001"
        rights = read_chains(connection, RIGHT, village.rights.values())
        units = {name: rights[right_id][-1].columns["unit_code"][:14] for name, right_id in village.rights.items()}
        assert {unit for name, unit in units.items() if name != "homestead"} == {NEW}
        # The old code leads to the same collective for ever; the latest says the new name.
        assert organisation_by_code(connection, VILLAGE_CODE) == organisation_by_code(connection, NEW) == village.collective
        assert organisations(connection, [village.collective])[village.collective].name == "呼和陶勒盖新村"
        (old,) = read.by_code(connection, f"{VILLAGE_CODE}00002", valid_at="2024-02-29", known_at=10**6)
        (new,) = read.by_code(connection, f"{NEW}00002", valid_at=DAY, known_at=10**6)
        assert (old.parcel_id, old.issuer_code) == (new.parcel_id, NEW)
    assert audit(store).findings == ()


def test_a_village_code_takes_all_its_issuers_along(store: Store) -> None:
    """12 digits: every group of the village; back again is another act, and codes come home."""
    village = register_village(store)
    before = facts(store, village)
    recode(store, VILLAGE_CODE[:12], NEW[:12])
    done = recode(store, NEW[:12], VILLAGE_CODE[:12])
    assert done.size > done.first
    assert facts(store, village) == before
    assert audit(store).findings == ()


def test_what_would_name_two_things_alike_is_refused(store: Store) -> None:
    """A code in use or ever used, codes of other lengths, a code that nothing has: nothing is written."""
    register_village(store)
    with desk(store, CLERK) as at:
        for old, new, why in (
            (VILLAGE_CODE, VILLAGE_CODE[:12], "12 digits"),
            (VILLAGE_CODE, VILLAGE_CODE, "two different"),
            (VILLAGE_CODE[:13], NEW[:13], "12 digits"),
            ("15062610099900", NEW, "nothing stood"),
        ):
            with pytest.raises(ReshapingError, match=why):
                plan_recoding(at, old, new, day=DAY)
    recode(store)
    with desk(store, CLERK) as at:
        act = at.act("first-registration", "2024-04-01")
        village_id = organisation_by_code(at.connection, NEW) or ""
        facts_ = ParcelFacts("1506261002770000001", village_id, "grass", "10", "043", "100.00", "0.15")
        parcels.begin(act, facts_, square(560_000, 4_200_000, 10), {})
        at.commit()
    with desk(store, CLERK) as at, pytest.raises(ReshapingError, match="used before"):
        plan_recoding(at, "15062610027700", NEW, day="2024-05-01")
