"""I27: split, joined, adjusted, corrected, a parcel keeps its land, its figures and every right; on both engines."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from decimal import Decimal

import numpy as np
import pytest
import shapely

from gis.lineage import CutError, TooSmallToShare
from gis.topology import overlaps
from registry.audit import audit
from registry.duties import acts as duties
from registry.ledger.act import ActFields, ConsentMissingError, NothingToActOnError, Will
from registry.ledger.chain import read_chains, state_at
from registry.ledger.commit import Desk, desk
from registry.ledger.nouns import Version
from registry.parcels import acts as parcels
from registry.parcels.acts import ParcelFacts
from registry.parcels.model import PARCEL
from registry.reshaping import (
    Plan,
    ReshapingError,
    plan_adjustment,
    plan_correction,
    plan_join,
    plan_split,
    reshape,
)
from registry.rights import acts as rights
from registry.rights.acts import Holder, Terms
from registry.rights.model import RIGHT
from registry.statement import statement
from registry.store.engines import Store
from tests.registry.made_up import CLERK, SIGNED, VILLAGE_CODE, Village, register_village

DAY = "2020-06-01"
PAPER = "c" * 64
WEST, SOUTH, SIDE = 577_000.0, 4_263_000.0, 2561446.67**0.5

MIDDLE = shapely.LineString([(574_088, SOUTH - 9), (574_088, SOUTH + 999)])
"""Through the arable field."""
YARD = shapely.LineString([(574_510, 4_261_900), (574_510, 4_262_100)])
"""Through the homestead."""
BOW_TIE = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])


def across(share: float) -> shapely.LineString:
    """A line from south to north through the pasture; `share` of it lies to the west."""
    east = WEST + share * SIDE
    return shapely.LineString([(east, SOUTH - 50), (east, SOUTH + SIDE + 50)])


def signed(plan: Plan, village: Village) -> ActFields:
    """Every will that a plan asks for; the first of the family signs for minors."""
    wills = tuple(
        Will(person, PAPER, village.people[0] if minor else None) for person, minor in sorted(plan.signs.items())
    )
    return ActFields(basis="分割协议", sources=(PAPER,), wills=wills)


def do(store: Store, village: Village, make: Callable[[Desk], Plan]) -> tuple[Plan, dict[str, str]]:
    """Plan and do it, in one desk."""
    with desk(store, CLERK) as at:
        plan = make(at)
        made = reshape(at, plan, signed(plan, village))
        at.commit()
    return plan, made


def shape_of(store: Store, parcel_id: str, day: str = DAY) -> shapely.Geometry:
    """The shape of a parcel on a day."""
    shape = standing(store, PARCEL, parcel_id, day).geometry
    assert shape is not None
    return shape


def standing(store: Store, noun: object, thing_id: str, day: str = DAY) -> Version:
    """The state of a thing on a day."""
    with store.reading() as connection:
        found = state_at(read_chains(connection, noun, [thing_id], geometry=noun is PARCEL)[thing_id], day)  # type: ignore[arg-type]
    assert found is not None
    return found


def total(figures: Sequence[str]) -> str:
    """The exact sum."""
    return str(sum(map(Decimal, figures)))


def test_a_split_keeps_land_figures_and_the_right(store: Store) -> None:
    """The parts share their line bit for bit; m² and 亩, surveyed and contracted, each make the whole; the right names them."""
    village = register_village(store)
    parent, right = village.parcels["grass"], village.rights["contract-grass"]
    before, held = standing(store, PARCEL, parent), standing(store, RIGHT, right)
    plan, made = do(store, village, lambda at: plan_split(at, parent, across(1 / 3), day=DAY))
    assert list(made) == [f"{VILLAGE_CODE}00005", f"{VILLAGE_CODE}00006"]
    parts = [standing(store, PARCEL, parcel_id) for parcel_id in made.values()]
    for figure in ("surveyed_area_m2", "surveyed_area_mu"):
        assert total([part.columns[figure] for part in parts]) == before.columns[figure]
    shapes = [part.geometry for part in parts]
    assert overlaps(np.array(shapes, dtype=object)) == []
    assert shapely.area(shapely.symmetric_difference(before.geometry, shapely.union_all(shapes))) < 1e-6
    assert standing(store, PARCEL, parent).status == "ended"
    assert {part.columns["parents"] for part in parts} == {f'["{parent}"]'}
    now = standing(store, RIGHT, right)
    lines = now.children["right_parcel"]
    assert [line["parcel_id"] for line in lines] == list(made.values())
    for unit in ("m2", "mu"):
        whole = held.children["right_parcel"][0][f"contract_area_{unit}"]
        assert total([line[f"contract_area_{unit}"] for line in lines]) == whole
    kept = set(held.columns) - {"terms_digest", "base_ver", "same_terms"}
    assert {name: now.columns[name] for name in kept} == {name: held.columns[name] for name in kept}
    assert set(plan.signs) == set(village.people)
    assert audit(store).findings == ()


def test_without_every_will_nothing_is_split(store: Store) -> None:
    """All holders touched sign (causes.md, parcel-split); a minor through a guardian."""
    village = register_village(store)
    with desk(store, CLERK) as at:
        plan = plan_split(at, village.parcels["grass"], across(0.5), day=DAY)
        whole = signed(plan, village)
        assert [plan.signs[person] for person in village.people] == [False, False, True, True, False]
        for wills in ((), whole.wills[:-1], tuple(Will(will.person_id, PAPER) for will in whole.wills)):
            with pytest.raises(ConsentMissingError):
                reshape(at, plan, ActFields(sources=(PAPER,), wills=wills))


def test_parts_joined_again_are_the_parcel(store: Store) -> None:
    """Sums of figures, the same land, one line in the right; the family's verdict tells both acts and no loss."""
    village = register_village(store)
    parent = village.parcels["grass"]
    before = standing(store, PARCEL, parent)
    _, made = do(store, village, lambda at: plan_split(at, parent, across(0.4), day=DAY))
    _, joined = do(store, village, lambda at: plan_join(at, list(made.values()), day="2020-07-01"))
    (whole,) = joined.values()
    after = standing(store, PARCEL, whole, "2020-07-01")
    assert [after.columns[f] for f in ("surveyed_area_m2", "surveyed_area_mu")] == [
        before.columns[f] for f in ("surveyed_area_m2", "surveyed_area_mu")
    ]
    assert shape_of(store, whole, "2020-07-01").symmetric_difference(before.geometry).area < 1e-6
    (line,) = standing(store, RIGHT, village.rights["contract-grass"], "2020-07-01").children["right_parcel"]
    assert (line["parcel_id"], line["contract_area_mu"]) == (whole, "3842.17")
    with store.reading() as connection:
        answer = statement(store, connection, village.people[0])
    assert answer is not None
    assert audit(store).findings == ()


def test_what_would_mix_or_lose_a_right_is_refused(store: Store) -> None:
    """Different uses, a right on one of two only, a duty on the parcel itself, a used code, an ended parcel, a stray line."""
    village = register_village(store)
    grass, arable = village.parcels["grass"], village.parcels["arable"]
    with desk(store, CLERK) as at:
        act = at.act("first-registration", SIGNED)
        facts = ParcelFacts(f"{VILLAGE_CODE}00077", village.collective, "grass", "10", "043", "100.00", "0.15")
        beside = parcels.begin(act, facts, shapely.box(WEST + SIDE, SOUTH, WEST + SIDE + 10, SOUTH + SIDE), {})
        at.commit()
    refused: list[tuple[Callable[[Desk], Plan], str]] = [
        (lambda at: plan_join(at, [grass, arable], day=DAY), "differ in land_use"),
        (lambda at: plan_join(at, [grass, grass], day=DAY), "at least two different"),
        (lambda at: plan_join(at, [grass, beside], day=DAY), "mix rights"),
        (lambda at: plan_split(at, grass, across(0.5), day=DAY, codes=[f"{VILLAGE_CODE}00077", "1" * 19]), "00077"),
        (lambda at: plan_split(at, grass, across(0.5), day=DAY, codes=["1" * 19]), "2 new codes"),
        (lambda at: plan_split(at, village.parcels["homestead"], YARD, day=DAY), "realty office"),
        (lambda at: plan_correction(at, grass, BOW_TIE, day=DAY), "one valid polygon"),
    ]  # fmt: skip
    with desk(store, CLERK) as at:
        for make, why in refused:
            with pytest.raises(ReshapingError, match=why):
                make(at)
        with pytest.raises(CutError):
            plan_split(at, grass, across(1.5), day=DAY)
        with pytest.raises(NothingToActOnError):
            plan_split(at, grass, across(0.5), day="2010-01-01")
        act = at.act("duty-set", SIGNED)
        duties.begin(act, duty_kind="grazing-ban", subject_id=grass, quantity="", unit="", document="禁牧1号")
        at.commit()
    with desk(store, CLERK) as at, pytest.raises(ReshapingError, match="1 duties"):
        plan_split(at, grass, across(0.5), day=DAY)
    do(store, village, lambda at: plan_split(at, arable, MIDDLE, day=DAY))
    with desk(store, CLERK) as at, pytest.raises(ReshapingError, match="ended"):
        plan_split(at, arable, across(0.5), day=DAY)


def test_a_part_never_gets_nothing_of_what_was_recorded(store: Store) -> None:
    """A strip of 2 m² of 3.00 亩 has no hundredth of a 亩: refused as too small, not as no area."""
    village = register_village(store)
    west, south, _, north = shape_of(store, village.parcels["other"]).bounds
    strip = shapely.LineString([(west + 0.05, south - 1), (west + 0.05, north + 1)])
    with desk(store, CLERK) as at, pytest.raises(TooSmallToShare, match=r"3\.00 is too small"):
        plan_split(at, village.parcels["other"], strip, day=DAY)


def test_a_plot_with_nothing_in_excess_is_split(store: Store) -> None:
    """超占面积 0.00 is 0.00 in both parts: it hinders nobody."""
    village = register_village(store)
    with desk(store, CLERK) as at:
        figures = {"approved_area_m2": "413.33", "excess_area_m2": "0.00"}
        facts = ParcelFacts("150626100210JC00001F00020001", village.collective, "homestead", "", "072", "413.33", "0.62", **figures)
        plot = parcels.begin(at.act("first-registration", SIGNED), facts, shapely.box(574_600, 4_262_000, 574_620, 4_262_020), {})
        at.commit()
    codes = ["150626100210JC00001F00030001", "150626100210JC00001F00040001"]
    middle = shapely.LineString([(574_610, 4_261_990), (574_610, 4_262_030)])
    with desk(store, CLERK) as at:
        parts = [new.facts for new in plan_split(at, plot, middle, day=DAY, codes=codes).begins]
    assert [part.excess_area_m2 for part in parts] == ["0.00", "0.00"]
    assert total([part.approved_area_m2 for part in parts]) == "413.33"


def test_a_neighbour_shares_the_new_vertex_and_loses_nothing(store: Store) -> None:
    """The line meets a neighbour's fence: the fence gets that vertex; area, figures and its holders' wills stay out of it."""
    village = register_village(store)
    with desk(store, CLERK) as at:
        act = at.act("first-registration", SIGNED)
        facts = ParcelFacts(f"{VILLAGE_CODE}00088", village.collective, "grass", "10", "043", "100.00", "0.15")
        north = shapely.box(WEST, SOUTH + SIDE, WEST + SIDE, SOUTH + SIDE + 40)
        beside = parcels.begin(act, facts, north, {})
        at.commit()
    plan, _ = do(store, village, lambda at: plan_split(at, village.parcels["grass"], across(0.25), day=DAY))
    assert list(plan.reshaped) == [beside]
    after = standing(store, PARCEL, beside)
    assert len(shapely.get_coordinates(after.geometry)) == len(north.exterior.coords) + 1
    assert shape_of(store, beside).area == pytest.approx(north.area, abs=1e-3)
    assert after.columns["surveyed_area_m2"] == "100.00"
    assert audit(store).findings == ()


def test_an_adjusted_boundary_needs_both_holders_and_moves_no_figure(store: Store) -> None:
    """boundary-adjusted: both neighbours sign; contract and recorded areas stay until a survey says otherwise."""
    village = register_village(store)
    grass = village.parcels["grass"]
    with desk(store, CLERK) as at:
        act = at.act("first-registration", SIGNED)
        facts = ParcelFacts(f"{VILLAGE_CODE}00099", village.collective, "grass", "10", "043", "160000.00", "240.00")
        east = shapely.box(WEST + SIDE, SOUTH, WEST + SIDE + 100, SOUTH + SIDE)
        beside = parcels.begin(act, facts, east, {})
        of = {"issuer_id": village.collective, "method": "110", "signed_on": SIGNED}
        unit = rights.unit(act, kind="contract", code="另户J", **of)
        other = rights.begin(
            act, "contract-grass", Holder(party_id=village.collective), Terms(unit, "另户J", "1998-01-01", "2047-12-31"),
            [rights.Contracted(beside, "160000.00", "240.00")],
        )  # fmt: skip
        at.commit()
    stroke = shapely.LineString([(WEST + SIDE + 20, SOUTH - 9), (WEST + SIDE - 20, SOUTH + SIDE + 9)])
    held = [standing(store, RIGHT, right).digest for right in (village.rights["contract-grass"], other)]
    before = [standing(store, PARCEL, parcel_id) for parcel_id in (grass, beside)]
    plan, made = do(store, village, lambda at: plan_adjustment(at, grass, beside, stroke, day=DAY))
    assert made == {}
    assert {*village.people, village.collective} == set(plan.signs)
    after = [standing(store, PARCEL, parcel_id) for parcel_id in (grass, beside)]
    assert [a.columns["surveyed_area_m2"] for a in after] == [b.columns["surveyed_area_m2"] for b in before]
    assert math.isclose(*(sum(shapely.area(one.geometry) for one in each) for each in (after, before)))
    assert [standing(store, RIGHT, right).digest for right in (village.rights["contract-grass"], other)] == held
    assert audit(store).findings == ()
