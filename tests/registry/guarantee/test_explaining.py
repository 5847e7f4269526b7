"""Does each difference across an event find the acts that explain it, and does nothing explain what was not changed?"""

from __future__ import annotations

from registry.guarantee.compare import ThingVerdict
from registry.holding import acts as holdings
from registry.holding.model import CoHolder
from registry.ledger.act import ActFields
from registry.ledger.commit import desk
from registry.membership import acts as memberships
from registry.parcels import acts as parcels
from registry.rights import acts as rights
from registry.rights.acts import Contracted, Holder
from registry.store.engines import Store
from tests.guarantee.village import family_wills, registered, size, verdict
from tests.registry import made_up
from tests.registry.made_up import CLERK, Village


def told(store: Store, village: Village, idx: int, thing_id: str) -> ThingVerdict:
    """The verdict on one thing for the head of the family."""
    return next(t for t in verdict(store, village.people[0], idx).things if t.thing_id == thing_id)


def test_a_division_after_the_move_explains_holder_and_co_holders(store: Store) -> None:
    """P section 5, household split with a family agreement: the land passes to a new holding, by its own act."""
    village = registered(store)
    moved = made_up.settle(store, village)
    other = village.rights["contract-other"]
    with desk(store, CLERK) as at:
        act = at.act("contract-divided", "2020-01-01", ActFields(basis="分户协议", wills=family_wills(village)))
        new = holdings.begin(
            act,
            household_id=village.household,
            code="分户",
            issuer_id=village.collective,
            representative_id=village.people[2],
            members=[CoHolder(village.people[2], "02")],
        )
        rights.change(act, other, holder=Holder(holding_id=new))
        at.commit()
    found = told(store, village, moved.idx, other)
    assert (found.verdict, found.changes[0].fields) == ("changed lawfully", ("co_holders", "holder"))
    assert found.now is not None
    assert [line[0] for line in found.now["co_holders"]] == [village.people[2]]


def test_another_parcel_and_a_new_survey_explain_what_follows_from_them(store: Store) -> None:
    """I4, I5: a list of parcels brings its areas and shapes; a survey brings its own shape, and no contract area."""
    village = registered(store)
    moved = made_up.settle(store, village)
    other, forest = village.rights["contract-other"], village.rights["contract-forest"]
    with desk(store, CLERK) as at:
        act = at.act("exchanged", "2020-01-01", ActFields(basis="互换", wills=family_wills(village)))
        rights.change(act, other, parcels=[Contracted(village.parcels["arable"], "1.00", "0.01")])
        act = at.act("survey-corrected", "2020-01-02", ActFields(basis="复测"))
        parcels.change(act, village.parcels["forest"], {}, shape=made_up.square(600_000, 4_263_000, 63.0))
        at.commit()
    swapped = told(store, village, moved.idx, other)
    assert swapped.changes[0].fields == ("contract_area", "geometry", "land_use", "parcels", "surveyed_area")
    surveyed = told(store, village, moved.idx, forest)
    assert (surveyed.verdict, surveyed.changes[0].fields) == ("changed lawfully", ("geometry",))


def test_what_had_ended_before_the_move_is_no_part_of_the_answer(store: Store) -> None:
    """What the event could not have touched gets no verdict."""
    village = registered(store)
    with desk(store, CLERK) as at:
        memberships.end(at.act("membership-lost", "2017-01-01", ActFields(basis="章程")), village.memberships[0])
        at.commit()
    moved = made_up.settle(store, village)
    answer = verdict(store, village.people[0], moved.idx)
    assert village.memberships[0] not in {t.thing_id for t in (*answer.things, *answer.begun_since)}


def test_what_was_not_yet_known_is_no_part_of_an_earlier_answer(store: Store) -> None:
    """I25: as known before it was recorded, a thing is not there, not even as begun since."""
    village = registered(store)
    moved = made_up.settle(store, village)
    known = size(store)
    with desk(store, CLERK) as at:
        act = at.act("membership-gained", "2020-01-01", ActFields(basis="决议"))
        new = memberships.begin(act, person_id=village.people[0], collective_id=village.collective, basis="新")
        at.commit()
    then = verdict(store, village.people[0], moved.idx, known_at=known)
    now = verdict(store, village.people[0], moved.idx)
    assert new not in {t.thing_id for t in (*then.things, *then.begun_since)}
    assert new in {t.thing_id for t in now.begun_since}
    assert now.verdict == "unchanged"


def test_an_act_that_touches_a_right_and_what_lies_on_it_is_told_once(store: Store) -> None:
    """Issue 3 item 6: each act with its cause, date, evidence and consent: one act, one line."""
    village = registered(store)
    moved = made_up.settle(store, village)
    with desk(store, CLERK) as at:
        act = at.act("mortgaged", "2020-01-01", ActFields(basis="抵押合同", wills=family_wills(village)))
        rights.burden(act, village.rights["contract-other"], restriction_kind="mortgage", parties={}, document="抵1")
        at.commit()
    found = told(store, village, moved.idx, village.rights["contract-other"])
    assert [(c.kind, c.fields, c.effect) for c in found.changes] == [("mortgaged", ("burdens",), "follows")]
    assert found.changes[0].by_family
