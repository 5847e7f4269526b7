"""Leases, restrictions and duties on land that is reshaped: carried over by a rule, or the act is refused with the reason."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from decimal import Decimal

import pytest
import shapely

from registry.audit import audit
from registry.duties import acts as duties
from registry.duties.model import DUTY
from registry.ledger.act import ActFields, ConsentMissingError
from registry.ledger.commit import Desk, desk
from registry.ledger.nouns import Version
from registry.parcels import acts as parcels
from registry.parcels.acts import ParcelFacts
from registry.parcels.model import PARCEL
from registry.reshaping import Plan, ReshapingError, plan_adjustment, plan_correction, plan_join, plan_split, reshape
from registry.restrictions.model import RESTRICTION
from registry.rights import acts as rights
from registry.rights.acts import Contracted, Holder, Terms
from registry.rights.model import RIGHT
from registry.store.engines import Store
from tests.registry.made_up import CLERK, SIGNED, VILLAGE_CODE, Village, register_village, wills
from tests.registry.reshaping.test_reshaping import DAY, SIDE, SOUTH, WEST, across, do, signed, standing

LAID = "2019-06-01"
WHOLE = ("2561446.67", "3842.17")
RESTRICTIONS = {"mortgage": "mortgaged", "seizure": "seized", "objection": "objected", "dispute": "disputed"}


def consents(village: Village) -> ActFields:
    """Everybody's will; the first of the family signs for the minors."""
    one, two, three, four, five = village.people
    return ActFields(sources=("a" * 64,), wills=(*wills(one, two, five), *wills(three, four, guardian=one)))


def let(store: Store, village: Village, lines: Sequence[Contracted]) -> str:
    """Lease land of the grassland contract to the collective, until 2024."""
    with desk(store, CLERK) as at:
        act = at.act("leased", LAID, consents(village))
        of = {"issuer_id": village.collective, "method": "200", "signed_on": LAID}
        unit = rights.unit(act, kind="contract", code="L-1", **of)
        terms = Terms(unit, "L-1", LAID, "2024-05-31")
        lease = rights.let(act, village.rights["contract-grass"], Holder(party_id=village.collective), terms, lines)
        at.commit()
    return lease


def lay(store: Store, village: Village, sort: str) -> str:
    """Lay a restriction on the grassland contract."""
    with desk(store, CLERK) as at:
        act = at.act(RESTRICTIONS[sort], LAID, consents(village))
        laid = rights.burden(
            act, village.rights["contract-grass"], restriction_kind=sort, parties={"party": "乌审旗人民法院"},
            document=f"{sort}1号", amount="50000.00" if sort == "mortgage" else "", rank=int(sort == "mortgage"),
        )  # fmt: skip
        at.commit()
    return laid


def neighbour(store: Store, village: Village) -> str:
    """A strip of pasture to the east, without a right on it."""
    with desk(store, CLERK) as at:
        act = at.act("first-registration", SIGNED)
        facts = ParcelFacts(f"{VILLAGE_CODE}00090", village.collective, "grass", "10", "043", "160000.00", "240.00")
        beside = parcels.begin(act, facts, shapely.box(WEST + SIDE, SOUTH, WEST + SIDE + 100, SOUTH + SIDE), {})
        at.commit()
    return beside


def plans(store: Store, village: Village) -> dict[str, Callable[[Desk], Plan]]:
    """Each kind of act on the pasture."""
    grass, beside = village.parcels["grass"], neighbour(store, village)
    stroke = shapely.LineString([(WEST + SIDE + 20, SOUTH - 9), (WEST + SIDE - 20, SOUTH + SIDE + 9)])
    return {
        "split": lambda at: plan_split(at, grass, across(0.4), day=DAY),
        "adjust": lambda at: plan_adjustment(at, grass, beside, stroke, day=DAY),
        "correct": lambda at: plan_correction(at, grass, shapely.box(WEST, SOUTH, WEST + SIDE, SOUTH + SIDE - 1), day=DAY),
    }


def kept(version: Version) -> dict[str, object]:
    """All that a right says but its list of parcels and what is made of it."""
    return {name: value for name, value in version.columns.items() if name not in {"terms_digest", "base_ver", "same_terms"}}


def sums(version: Version) -> tuple[str, str]:
    """The contract areas of a right's list, added up: m², 亩."""
    lines = version.children["right_parcel"]
    m2, mu = (sum(Decimal(line[f"contract_area_{unit}"]) for line in lines) for unit in ("m2", "mu"))
    return str(m2), str(mu)


def test_a_lease_goes_on_over_the_parts_and_the_whole_again(store: Store) -> None:
    """Split, then joined: the lease keeps its holder, term and areas, its list names what stands; the lessee signs, too."""
    village = register_village(store)
    grass, right = village.parcels["grass"], village.rights["contract-grass"]
    lease = let(store, village, [Contracted(grass, *WHOLE)])
    before = standing(store, RIGHT, lease)
    plan, made = do(store, village, lambda at: plan_split(at, grass, across(1 / 3), day=DAY))
    assert set(plan.lists) == {right, lease}
    assert {*village.people, village.collective} == set(plan.signs)
    after = standing(store, RIGHT, lease)
    assert (kept(after), sums(after)) == (kept(before), WHOLE)
    assert [line["parcel_id"] for line in after.children["right_parcel"]] == list(made.values())
    assert json.loads(standing(store, RIGHT, right).columns["burdens"]) == [lease]
    _, joined = do(store, village, lambda at: plan_join(at, list(made.values()), day="2020-07-01"))
    again = standing(store, RIGHT, lease, "2020-07-01")
    assert (kept(again), sums(again)) == (kept(before), WHOLE)
    assert [line["parcel_id"] for line in again.children["right_parcel"]] == list(joined.values())
    assert audit(store).findings == ()


def test_without_the_lessee_nothing_is_split(store: Store) -> None:
    """All holders touched sign (parcel-split), whoever holds the lease among them."""
    village = register_village(store)
    grass = village.parcels["grass"]
    let(store, village, [Contracted(grass, *WHOLE)])
    with desk(store, CLERK) as at:
        plan = plan_split(at, grass, across(0.5), day=DAY)
        fields = signed(plan, village)
        others = tuple(will for will in fields.wills if will.person_id != village.collective)
        with pytest.raises(ConsentMissingError, match=village.collective):
            reshape(at, plan, ActFields(sources=fields.sources, wills=others))


def test_a_lease_of_one_part_only_keeps_the_parts_apart(store: Store) -> None:
    """Joining would let more land than was let: refused, with the lease's number; a split of the let part is carried."""
    village = register_village(store)
    grass = village.parcels["grass"]
    _, made = do(store, village, lambda at: plan_split(at, grass, across(0.5), day="2019-05-01"))
    west, east = made.values()
    lines = standing(store, RIGHT, village.rights["contract-grass"]).children["right_parcel"]
    (own,) = [line for line in lines if line["parcel_id"] == west]
    lease = let(store, village, [Contracted(west, own["contract_area_m2"], own["contract_area_mu"])])
    with desk(store, CLERK) as at, pytest.raises(ReshapingError, match="the right L-1 lies on some"):
        plan_join(at, [west, east], day=DAY)
    _, parts = do(store, village, lambda at: plan_split(at, west, across(0.25), day=DAY))
    after = standing(store, RIGHT, lease)
    assert [line["parcel_id"] for line in after.children["right_parcel"]] == list(parts.values())
    assert sums(after) == (own["contract_area_m2"], own["contract_area_mu"])
    assert sums(standing(store, RIGHT, village.rights["contract-grass"])) == WHOLE
    assert audit(store).findings == ()


@pytest.mark.parametrize("sort", ["mortgage", "objection"])
@pytest.mark.parametrize("what", ["split", "adjust", "correct"])
def test_a_mortgage_and_an_objection_go_on_with_the_right(store: Store, sort: str, what: str) -> None:
    """Shown in the plan, untouched by the act: the restriction has no new version, the right keeps it among its burdens."""
    village = register_village(store)
    laid = lay(store, village, sort)
    before = standing(store, RESTRICTION, laid)
    plan, _ = do(store, village, plans(store, village)[what])
    told = {(burden.id, burden.kind, burden.unit) for burden in plan.carried}
    assert told == {(laid, sort, f"{VILLAGE_CODE}0001J"), (village.duty, "stocking-limit", f"{VILLAGE_CODE}0001J")}
    assert standing(store, RESTRICTION, laid).digest == before.digest
    assert json.loads(standing(store, RIGHT, village.rights["contract-grass"]).columns["burdens"]) == [laid]
    assert audit(store).findings == ()


@pytest.mark.parametrize(("sort", "what", "why"), [
    ("seizure", "split", "is seized"), ("seizure", "adjust", "is seized"), ("seizure", "correct", None),
    ("dispute", "split", "in dispute"), ("dispute", "adjust", "in dispute"), ("dispute", "correct", "in dispute"),
])  # fmt: skip
def test_a_seizure_and_a_dispute_stop_a_new_line(store: Store, sort: str, what: str, why: str | None) -> None:
    """What a court seized is not divided, what is in dispute gets no new line; when it is lifted the same act is done."""
    village = register_village(store)
    laid = lay(store, village, sort)
    make = plans(store, village)[what]
    if why is None:
        plan, _ = do(store, village, make)
        assert laid in {burden.id for burden in plan.carried}
        return
    with desk(store, CLERK) as at, pytest.raises(ReshapingError, match=why):
        make(at)
    with desk(store, CLERK) as at:
        lifted = {"seizure": "seizure-lifted", "dispute": "dispute-closed"}[sort]
        rights.unburden(at.act(lifted, "2019-12-01"), laid)
        at.commit()
    plan, _ = do(store, village, make)
    assert laid not in {burden.id for burden in plan.carried}
    assert audit(store).findings == ()


def test_parts_of_seized_land_are_not_joined(store: Store) -> None:
    """The seizure came after the split: joining is refused as splitting is."""
    village = register_village(store)
    grass = village.parcels["grass"]
    _, made = do(store, village, lambda at: plan_split(at, grass, across(0.5), day="2019-05-01"))
    lay(store, village, "seizure")
    with desk(store, CLERK) as at, pytest.raises(ReshapingError, match="is seized"):
        plan_join(at, list(made.values()), day=DAY)


@pytest.mark.parametrize(("what", "why"), [("split", "1 duties"), ("adjust", "1 duties"), ("correct", None)])
def test_a_grazing_ban_on_the_parcel_stops_what_ends_or_moves_it(store: Store, what: str, why: str | None) -> None:
    """No cause of the closed list carries a duty to another parcel; a corrected survey leaves it on the same one."""
    village = register_village(store)
    make = plans(store, village)[what]
    with desk(store, CLERK) as at:
        grass = village.parcels["grass"]
        of = {"quantity": "", "unit": "", "document": "禁牧1号"}
        ban = duties.begin(at.act("duty-set", LAID), duty_kind="grazing-ban", subject_id=grass, **of)
        at.commit()
    if why is not None:
        with desk(store, CLERK) as at, pytest.raises(ReshapingError, match=why):
            make(at)
        return
    before = standing(store, DUTY, ban)
    do(store, village, make)
    assert standing(store, DUTY, ban).digest == before.digest
    assert standing(store, PARCEL, grass).status == "live"


def test_a_stocking_limit_on_the_right_stays_whole(store: Store) -> None:
    """I12: the limit of the contract is the same number over its parts, split or joined."""
    village = register_village(store)
    before = standing(store, DUTY, village.duty)
    _, made = do(store, village, lambda at: plan_split(at, village.parcels["grass"], across(0.5), day=DAY))
    plan, _ = do(store, village, lambda at: plan_join(at, list(made.values()), day="2020-07-01"))
    assert [burden.id for burden in plan.carried] == [village.duty]
    assert standing(store, DUTY, village.duty, "2020-07-01").digest == before.digest
