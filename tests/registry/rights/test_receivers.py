"""Does a homestead stay in its collective, does what was forced end nothing for good, and can nobody reset a price?"""

from __future__ import annotations

import pytest

from registry import parties
from registry.holding import acts as holdings
from registry.holding.model import CoHolder
from registry.ledger.act import ActFields, ConsentMissingError
from registry.ledger.commit import desk
from registry.ledger.evidence import behind
from registry.ledger.tables import OPENING
from registry.membership import acts as memberships
from registry.parties import Identity
from registry.rights import acts as rights
from registry.rights.acts import Contracted, Holder, Terms
from registry.rights.receivers import ReceiverHasHomesteadError, ReceiverNotOfCollectiveError
from registry.store.engines import Store
from registry.store.privileges import SessionName
from tests.attacks.refusals import fingerprint, refusal, says
from tests.guarantee.village import family_wills, projections, registered, size
from tests.registry.made_up import CLERK, VILLAGE_CODE, Village, id_number

DAY = "2025-06-01"


def neighbour(store: Store, village: Village, *, member: bool) -> Holder:
    """A second household of one person: on the roll of the collective, or not."""
    with desk(store, CLERK) as at:
        act = at.act("first-registration", "2025-05-01", ActFields(basis="承包合同"))
        who = Identity("巴图", id_number("19800101", 707), sex="1")
        person, rows = parties.person_rows(store.vault, store.randomness, act.idx, who)
        household, more = parties.household_rows(store.randomness)
        for table, row in (*rows, *more):
            at.row(table, row)
        act.fields = ActFields(basis="承包合同", people=((person, who.name, who.id_number),))
        holding = holdings.begin(
            act,
            household_id=household,
            code=f"{VILLAGE_CODE}0002",
            issuer_id=village.collective,
            representative_id=person,
            members=[CoHolder(person, "02")],
        )
        if member:
            confirmed = at.act("membership-confirmed", "2025-05-01", ActFields(basis="决议"))
            memberships.begin(confirmed, person_id=person, collective_id=village.collective, basis="决议")
        at.commit()
    return Holder(holding_id=holding)


def pass_on(store: Store, village: Village, receiver: Holder, *, land: bool = True) -> str:
    """The family gives its homestead up to the receiver, signed by all and paid; returns the receiver's right."""
    with desk(store, CLERK) as at:
        act = at.act("assigned", DAY, ActFields(basis="转让合同", wills=family_wills(village), payment="60000.00"))
        rights.end(act, village.rights["homestead"])
        unit = rights.unit(
            act, kind="certificate", code="Z2", issuer_id=village.collective, method="", signed_on=DAY
        )
        lines = [Contracted(village.parcels["homestead"], "413.33", "0.62")] if land else []
        made = rights.begin(act, "homestead", receiver, Terms(unit, "Z2"), lines)
        at.commit()
    return made


@pytest.mark.rule("HOME/no-city-buyers")
def test_a_homestead_passes_to_a_member_of_its_collective(store: Store) -> None:
    """Law H11: the transferee is a member of the same collective without a homestead."""
    village = registered(store)
    assert pass_on(store, village, neighbour(store, village, member=True))


@pytest.mark.rule("HOME/no-city-buyers")
@pytest.mark.parametrize("receiver", ["household", "person", "no land named"])
def test_a_city_buyer_gets_no_homestead_and_nothing_is_written(store: Store, receiver: str) -> None:
    """Law H11: whoever is not on the roll is refused, as a household or alone; the family keeps what it has."""
    village = registered(store)
    buyer = neighbour(store, village, member=receiver == "no land named")
    if receiver == "person":
        buyer = Holder(party_id=village.collective)
    before, held = size(store), projections(store, village.people[0])
    with pytest.raises(ReceiverNotOfCollectiveError, match="HOME/no-city-buyers"):
        pass_on(store, village, buyer, land=receiver != "no land named")
    assert (size(store), projections(store, village.people[0])) == (before, held)


@pytest.mark.rule("HOME/one-household-one")
def test_a_household_that_has_a_homestead_gets_no_second(store: Store) -> None:
    """土地管理法 art. 62 ¶1: one household, one homestead."""
    village = registered(store)
    before = size(store)
    with pytest.raises(ReceiverHasHomesteadError):
        pass_on(store, village, Holder(holding_id=village.holding))
    assert size(store) == before


@pytest.mark.rule("RLCL/coercion-is-void")
def test_what_nobody_signed_freely_is_not_written_and_what_was_forced_comes_back(store: Store) -> None:
    """农村土地承包法 art. 60: one will missing and nothing passes; an exit found to be forced is void, also when registered."""
    village = registered(store)
    held = projections(store, village.people[0])
    with desk(store, CLERK) as at:
        act = at.act("assigned", DAY, ActFields(wills=family_wills(village)[:-1], payment="1.00"))
        with pytest.raises(ConsentMissingError):
            rights.end(act, village.rights["contract-arable"])
    homestead = village.rights["homestead"]
    with desk(store, CLERK) as at:
        fields = ActFields(basis="退出协议", wills=family_wills(village), payment="1.00")
        rights.end(at.act("exited", DAY, fields), homestead)
        at.commit()
    assert projections(store, village.people[0]).keys() == held.keys()
    assert projections(store, village.people[0])[homestead] != held[homestead]
    with desk(store, CLERK) as at:
        rights.restore(at.act("restored", "2025-07-01", ActFields(basis="认定受胁迫, 退出无效")), homestead)
        at.commit()
    assert projections(store, village.people[0])[homestead] == held[homestead]


@pytest.mark.rule("RLCL/price", keeps=True)
def test_a_rent_that_was_agreed_is_changed_by_no_session(store: Store) -> None:
    """农村土地承包法 art. 39: the parties agree the price. What was recorded of it can be overwritten by nobody afterwards."""
    village = registered(store)
    with desk(store, CLERK) as at:
        act = at.act("leased", DAY, ActFields(basis="出租合同", wills=family_wills(village), payment="3000.00"))
        unit = rights.unit(act, kind="contract", code="L2", issuer_id=village.collective, method="", signed_on=DAY)
        rights.let(
            act,
            village.rights["contract-other"],
            Holder(party_id=village.collective),
            Terms(unit, "L2", DAY, "2026-05-31"),
            [Contracted(village.parcels["other"], "2000.00", "3.00")],
        )
        entry = act.idx
        at.commit()
    rows = fingerprint(store)
    where = f"{OPENING.name} WHERE path = 'act.payment'"
    sessions: tuple[SessionName, ...] = ("desk", "status")
    for session in sessions:
        refusal(store, session, says(f"UPDATE {where.replace(' WHERE', ' SET sealed = salt WHERE')}"))
        refusal(store, session, says(f"DELETE FROM {where}"))
    assert fingerprint(store) == rows
    with store.reading() as connection:
        assert behind(store, connection, entry).payment == "3000.00"
