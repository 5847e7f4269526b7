"""An act under the law before 2019 ends a right only where that law did, on shown facts; both engines, both sides of each day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from registry.audit import audit
from registry.law import causes
from registry.ledger.act import ActFields
from registry.ledger.chain import state_at
from registry.ledger.commit import desk
from registry.rights import acts as rights
from registry.rights.acts import Holder, Terms
from registry.rights.model import RIGHT
from registry.rights.old_law import ACTS, LANDS, OldHouseholdMove, OldLawError, OldMoveNotShownError
from registry.store.engines import Store
from tests.registry import made_up
from tests.registry.made_up import CLERK

TO_CITY = OldHouseholdMove(date(2005, 6, 1), whole_household=True, to="city with districts", became_non_agricultural=True)
TO_TOWN = replace(TO_CITY, to="small town", became_non_agricultural=False)
PART = replace(TO_CITY, whole_household=False)
PAPERS = ActFields(basis="收回通知书", sources=("c" * 64,))
HANDED, TAKEN = "handed-back-before-2019", "taken-back-before-2019"


@pytest.fixture(params=sorted(LANDS))
def contract(request: pytest.FixtureRequest, store: Store) -> str:
    """A contract of 2004 of the made-up household."""
    village = made_up.register_village(store)
    with desk(store, CLERK) as at:
        act = at.act("first-registration", "2004-01-01", ActFields(basis="承包合同"))
        unit = rights.unit(act, kind="contract", code="C1", issuer_id=village.collective, method="", signed_on="2004-01-01")
        stated = Terms(unit, "C1", "2004-01-01", "2033-12-31")
        right_id = rights.begin(act, request.param, Holder(holding_id=village.holding), stated)
        at.commit()
    return right_id


def ended(store: Store, right_id: str, kind: str, day: str, moved: OldHouseholdMove | None, fields: ActFields = PAPERS) -> bool:
    """End it by an act of the old law; whether it is ended on the day after, as the register knows it."""
    with desk(store, CLERK) as at:
        rights.end(at.act(kind, day, fields), right_id, moved=moved)
        at.commit()
        state = state_at(at.chain(RIGHT, right_id), day)
    assert state is not None
    return state.status == "ended"


def test_the_two_kinds_reach_what_the_closed_list_lets_them_end() -> None:
    """policy-map 9.6: arable land and pasture, nothing else."""
    assert {c.thing for c in causes.lawful_causes() if c.kind in ACTS} == set(LANDS)
    assert {kind for kind in causes.kinds() if kind.endswith("-before-2019")} == set(ACTS)


@pytest.mark.rule("RLCL/moved-to-a-city", "RLCL/proved-acts-before-2019")
@pytest.mark.parametrize(
    ("kind", "day", "moved"),
    [
        (TAKEN, "2005-06-01", TO_CITY),
        (TAKEN, "2014-07-23", TO_CITY),
        (HANDED, "2014-07-24", TO_CITY),
        (HANDED, "2018-12-31", TO_TOWN),
    ],
)
def test_what_the_law_of_the_day_ended_is_ended(store: Store, contract: str, kind: str, day: str, moved: OldHouseholdMove) -> None:
    """2002 art. 26: taken back after the whole household became citizens of a city; handed back of its own will from anywhere."""
    assert ended(store, contract, kind, day, moved)
    assert audit(store).findings == ()


@pytest.mark.rule("RLCL/moved-to-a-city", "RLCL/settled-in-town", "GUARANTEE/SC-2014-25")
@pytest.mark.parametrize(
    ("kind", "day", "moved", "fate"),
    [
        (TAKEN, "2005-05-31", TO_CITY, "lives on"),
        (TAKEN, "2010-01-01", TO_TOWN, "lives on"),
        (TAKEN, "2010-01-01", replace(TO_CITY, became_non_agricultural=False), "lives on"),
        (TAKEN, "2010-01-01", PART, "lives on"),
        (HANDED, "2018-12-31", PART, "lives on"),
        (TAKEN, "2014-07-24", TO_CITY, "review"),
        (TAKEN, "2016-09-13", TO_CITY, "review"),
        (TAKEN, "2016-09-14", TO_CITY, "review"),
        (TAKEN, "2018-12-31", TO_CITY, "review"),
    ],
)
def test_what_it_did_not_end_lives_on(
    store: Store, contract: str, kind: str, day: str, moved: OldHouseholdMove, fate: str
) -> None:
    """policy-map 9.6: another move, a part of the household, the years of the block: refused with the rule, nothing written."""
    with pytest.raises(OldLawError) as refusal:
        ended(store, contract, kind, day, moved)
    assert refusal.value.fate.fate == fate
    assert all(rule in refusal.value.zh and rule in refusal.value.en for rule in refusal.value.fate.rules)
    with desk(store, CLERK) as at:
        assert [v.status for v in at.chain(RIGHT, contract)] == ["live"]


@pytest.mark.rule("RLCL/proved-acts-before-2019")
@pytest.mark.parametrize(("moved", "fields"), [(None, PAPERS), (TO_CITY, replace(PAPERS, sources=()))])
def test_without_facts_or_papers_nothing_ends(
    store: Store, contract: str, moved: OldHouseholdMove | None, fields: ActFields
) -> None:
    """policy-map 9.6: ended only if a dated act is proved; what is not shown ends nothing."""
    with pytest.raises(OldMoveNotShownError):
        ended(store, contract, TAKEN, "2010-01-01", moved, fields)
    with desk(store, CLERK) as at:
        assert [v.status for v in at.chain(RIGHT, contract)] == ["live"]


@pytest.mark.rule("RLCL/settled-in-town")
@pytest.mark.parametrize("kind", sorted(ACTS))
def test_from_2019_on_there_is_no_such_act(store: Store, contract: str, kind: str) -> None:
    """2018 art. 27: on 2019-01-01 no move lets anybody take land back any more, whatever is shown; the list says the same."""
    with pytest.raises(OldLawError) as refusal:
        ended(store, contract, kind, "2019-01-01", TO_CITY)
    assert refusal.value.fate.fate == "lives on"
    assert max(cause.in_force_until for cause in causes.lawful_causes() if cause.kind == kind) == date(2019, 1, 1)
