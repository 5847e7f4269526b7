"""I21: does an exit end exactly what it lists, each of the three rights and membership being decisions of their own?"""

from __future__ import annotations

import pytest

from registry.ledger.act import ActFields, ConsentMissingError, PaymentMissingError
from registry.ledger.commit import desk
from registry.membership import acts as memberships
from registry.rights import acts as rights
from registry.store.engines import Store
from tests.guarantee.village import family_wills, projections, registered, size
from tests.registry import made_up
from tests.registry.made_up import CLERK


@pytest.mark.parametrize("name", ["homestead", "contract-arable", "income-0"])
def test_an_exit_from_one_right_leaves_the_others_and_membership(store: Store, name: str) -> None:
    """I21: exit homestead only: contract, share, membership equal; and so for each of the three."""
    village = registered(store)
    made_up.settle(store, village)
    before = projections(store, village.people[0])
    with desk(store, CLERK) as at:
        act = at.act("exited", "2025-06-01", ActFields(basis="退出", wills=family_wills(village), payment="80000.00"))
        rights.end(act, village.rights[name])
        at.commit()
    after = projections(store, village.people[0])
    assert {i for i in before if before[i] != after[i]} == {village.rights[name]}


def test_leaving_the_collective_leaves_the_three_rights(store: Store) -> None:
    """I21, M6: membership-exited ends the membership; the three rights stay unless each is exited apart."""
    village = registered(store)
    before = projections(store, village.people[0])
    with desk(store, CLERK) as at:
        fields = ActFields(basis="申请", wills=made_up.wills(village.people[0]))
        memberships.end(at.act("membership-exited", "2025-06-01", fields), village.memberships[0])
        at.commit()
    after = projections(store, village.people[0])
    assert {i for i in before if before[i] != after[i]} == {village.memberships[0]}


@pytest.mark.rule("WS-2016/II.3.1-h", "EXIT/E8")
def test_an_exit_without_one_signature_or_without_payment_ends_nothing(store: Store) -> None:
    """I21 with I18, I20 in part: one co-holder's will missing, or no payment, and the exit is refused whole."""
    village = registered(store)
    before, log = projections(store, village.people[0]), size(store)
    for missing in range(len(village.people)):
        given = tuple(w for n, w in enumerate(family_wills(village)) if n != missing)
        with desk(store, CLERK) as at:
            act = at.act("exited", "2025-06-01", ActFields(wills=given, payment="80000.00"))
            with pytest.raises(ConsentMissingError):
                rights.end(act, village.rights["homestead"])
    for payment in ("", "0", "0.00", "-1", "free"):
        with desk(store, CLERK) as at, pytest.raises(PaymentMissingError):
            at.act("exited", "2025-06-01", ActFields(wills=family_wills(village), payment=payment))
    assert projections(store, village.people[0]) == before
    assert size(store) == log
