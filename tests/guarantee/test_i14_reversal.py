"""I14: what happens to rights when an event is cancelled, and when a right was ended because of a cancelled death?"""

from __future__ import annotations

import pytest

from registry import residence
from registry.holding import acts as holdings
from registry.ledger.act import ActFields
from registry.ledger.allowed import AlreadyEndedError
from registry.ledger.chain import read_chains
from registry.ledger.commit import desk
from registry.membership import acts as memberships
from registry.membership.model import MEMBERSHIP
from registry.rights import acts as rights
from registry.rights.model import RIGHT
from registry.settlement import Event, record
from registry.store.engines import Store
from tests.guarantee.village import everything, family_wills, projections, registered, verdict
from tests.registry import made_up
from tests.registry.made_up import CLERK, MOVED


def test_cancelling_a_settlement_restores_the_registration_and_touches_no_right(store: Store) -> None:
    """I14: cancelling an event restores household facts; rights, which it never touched, need no repair."""
    village = registered(store)
    head = village.people[0]
    rows = everything(store)
    moved = made_up.settle(store, village)
    cancelled = record(store, Event("event-cancelled", MOVED, (head,), cancels=moved.idx), "王警官", "公安局")
    with store.reading() as connection:
        here = residence.registration_at(connection, store.vault, head, "2018-01-01")
        then = residence.registration_at(connection, store.vault, head, "2018-01-01", cancelled.idx)
        events = residence.events_of(connection, head)
    assert here is not None
    assert then is not None
    assert (here.division_name, then.division_name) == ("嘎鲁图镇呼和陶勒盖嘎查", "嘎鲁图镇文苑社区")
    assert {e.idx: e.cancelled_by for e in events}[moved.idx] == cancelled.idx
    assert everything(store) == rows
    assert verdict(store, head, moved.idx).verdict == "unchanged"


@pytest.mark.parametrize("kind", ["marriage-recorded", "hukou-cancelled", "moved-out", "identity-merged"])
def test_cancelling_any_kind_leaves_the_tables_of_rights_alone(store: Store, kind: str) -> None:
    """I14: annulled marriage, cancelled declaration, return: cancel each kind; no row of a right is written."""
    village = registered(store)
    rows = everything(store)
    done = record(store, Event(kind, MOVED, (village.people[1],)), "王警官", "公安局")
    record(store, Event("event-cancelled", MOVED, (village.people[1],), cancels=done.idx), "王警官", "公安局")
    assert everything(store) == rows


def test_a_right_ended_because_of_a_cancelled_death_comes_back_under_its_old_id(store: Store) -> None:
    """I14: a right wrongly ended because of a cancelled death is restored with its old id and unbroken history."""
    village = registered(store)
    head = village.people[0]
    dead = record(store, Event("hukou-cancelled", MOVED, tuple(village.people)), "王警官", "公安局")
    arable = village.rights["contract-arable"]
    with desk(store, CLERK) as at:
        act = at.act("extinct", "2018-01-01", ActFields(basis="户消亡"))
        rights.end(act, arable)
        holdings.end(act, village.holding)
        act = at.act("member-deceased", "2018-01-01", ActFields(basis="死亡证明"))
        memberships.end(act, village.memberships[0])
        at.commit()
    assert verdict(store, head, dead.idx).verdict == "changed lawfully"
    with desk(store, CLERK) as at:
        act = at.act("restored", "2018-01-01", ActFields(basis="撤销死亡宣告"))
        rights.restore(act, arable)
        holdings.restore(act, village.holding)
        memberships.restore(act, village.memberships[0])
        at.commit()
    found = projections(store, head)
    for thing_id in (arable, village.holding, village.memberships[0]):
        state = found[thing_id]
        assert state is not None
        assert state["status"] == "live"
    with store.reading() as connection:
        for noun, thing_id in ((RIGHT, arable), (MEMBERSHIP, village.memberships[0])):
            chain = read_chains(connection, noun, [thing_id])[thing_id]
            assert [v.ver for v in chain] == list(range(1, len(chain) + 1))
            assert [v.prev_ver for v in chain[1:]] == [v.ver for v in chain[:-1]]
    told = next(t for t in verdict(store, head, dead.idx).things if t.thing_id == arable)
    assert told.then == told.now
    assert told.verdict == "unchanged"


def test_a_settlement_then_an_exit_then_its_restoring_is_told_act_by_act(store: Store) -> None:
    """Policy-map 9.2, VOID: a void exit is restored on the same chain, and the verdict names both acts in order."""
    village = registered(store)
    moved = made_up.settle(store, village)
    homestead = village.rights["homestead"]
    with desk(store, CLERK) as at:
        signed = ActFields(basis="退出协议", wills=family_wills(village), payment="80000.00")
        rights.end(at.act("exited", "2024-01-01", signed), homestead)
        at.commit()
    ended = next(t for t in verdict(store, village.people[0], moved.idx).things if t.thing_id == homestead)
    assert (ended.verdict, ended.changes[0].fields, ended.changes[0].payment) == (
        "changed lawfully",
        ("status",),
        "80000.00",
    )
    with desk(store, CLERK) as at:
        rights.restore(at.act("restored", "2025-01-01", ActFields(basis="合同无效判决")), homestead)
        at.commit()
    again = next(t for t in verdict(store, village.people[0], moved.idx).things if t.thing_id == homestead)
    assert [c.kind for c in again.changes] == ["exited", "restored"]
    assert again.now == again.then
    with desk(store, CLERK) as at, pytest.raises(AlreadyEndedError):
        rights.restore(at.act("restored", "2025-02-01", ActFields(basis="判决")), homestead)
