"""Who may receive contracted land by an assignment, on both sides of 2019-01-01?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from registry import parties
from registry.holding import acts as holdings
from registry.holding.model import CoHolder
from registry.ledger.act import ActFields
from registry.ledger.commit import desk
from registry.parties import Organisation
from registry.rights import acts as rights
from registry.rights.acts import Contracted, Holder, Terms
from registry.rights.receivers import AssigneeNotAHouseholdError, AssigneeNotOfCollectiveError
from tests.guarantee.village import family_wills, registered, size
from tests.registry import made_up
from tests.registry.made_up import CLERK, Village

if TYPE_CHECKING:
    from registry.store.engines import Store

NEIGHBOURS_CODE = "15062610021101"
BEFORE, DAY, AFTER = "2018-12-31", "2019-01-01", "2019-01-02"
LAND = ("31000.00", "46.50")


def household(store: Store, village: Village, *, same_collective: bool) -> str:
    """The eldest son of the family as a household of his own, in the same collective or in the neighbouring one."""
    with desk(store, CLERK) as at:
        act = at.act("first-registration", made_up.SIGNED, ActFields(basis="承包合同"))
        collective = village.collective
        if not same_collective:
            neighbours = Organisation(NEIGHBOURS_CODE, "邻村")
            collective, rows = parties.organisation_rows(
                store.vault, store.randomness, act.idx, "collective", neighbours
            )
            for table, row in rows:
                at.row(table, row)
        own, rows = parties.household_rows(store.randomness)
        for table, row in rows:
            at.row(table, row)
        son = village.people[2]
        holding = holdings.begin(
            act, household_id=own, code=f"{NEIGHBOURS_CODE}0009", issuer_id=collective, representative_id=son,
            members=[CoHolder(son, "02")],
        )  # fmt: skip
        at.commit()
    return holding


def assign(store: Store, village: Village, to: Holder, day: str) -> None:
    """The family's arable land passes from its right to a new one, in one act."""
    with desk(store, CLERK) as at:
        act = at.act("assigned", day, ActFields(basis="转让合同", wills=family_wills(village), payment="46500.00"))
        rights.end(act, village.rights["contract-arable"])
        unit = rights.unit(
            act, kind="contract", code=f"{NEIGHBOURS_CODE}0009J", issuer_id=village.collective, method="110", signed_on=day
        )
        stated = Terms(unit, f"{NEIGHBOURS_CODE}0009J", day, "2027-12-31")
        rights.begin(act, "contract-arable", to, stated, [Contracted(village.parcels["arable"], *LAND)])
        at.commit()


@pytest.mark.rule("EXCHANGE/no-urban-buyer")
@pytest.mark.parametrize("day", [BEFORE, DAY, AFTER])
def test_contracted_land_is_assigned_to_no_single_buyer(store: Store, day: str) -> None:
    """Policy-map 9.4, sale to an urban buyer: N; 转让 goes to a household, under the old law and the new; nothing is written."""
    village = registered(store)
    before = size(store)
    with pytest.raises(AssigneeNotAHouseholdError, match="城里人"):
        assign(store, village, Holder(party_id=village.people[2]), day)
    assert size(store) == before


@pytest.mark.rule("EXCHANGE/no-urban-buyer")
@pytest.mark.parametrize(("day", "refused"), [(BEFORE, False), (DAY, True), (AFTER, True)])
def test_contracted_land_stays_in_its_collective_since_2019(store: Store, day: str, refused: bool) -> None:
    """农村土地承包法 34, since 2019-01-01: another household of the same collective; before it, any farming household."""
    village = registered(store)
    outside = Holder(holding_id=household(store, village, same_collective=False))
    before = size(store)
    if refused:
        with pytest.raises(AssigneeNotOfCollectiveError, match="2019年1月1日"):
            assign(store, village, outside, day)
        assert size(store) == before
    else:
        assign(store, village, outside, day)
        assert size(store) > before


@pytest.mark.rule("EXCHANGE/no-urban-buyer")
@pytest.mark.parametrize("day", [BEFORE, DAY, AFTER])
def test_contracted_land_may_pass_to_a_household_of_the_same_collective(store: Store, day: str) -> None:
    """The assignment that the law allows goes through, and the family that receives has settled in town: it is not asked."""
    village = registered(store)
    made_up.settle(store, village)
    before = size(store)
    assign(store, village, Holder(holding_id=household(store, village, same_collective=True)), day)
    assert size(store) > before


@pytest.mark.rule("EXCHANGE/no-urban-buyer")
def test_contracted_land_passes_to_no_household_that_is_not_registered(store: Store) -> None:
    """A holding that nobody registered is no household of any collective."""
    village = registered(store)
    with pytest.raises(AssigneeNotOfCollectiveError):
        assign(store, village, Holder(holding_id="0" * 32), DAY)
