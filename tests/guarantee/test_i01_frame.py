"""I1: does any household event change a field of anything that a person holds, shares, owes or enjoys?"""

from __future__ import annotations

import pytest

from registry.law import causes
from registry.settlement import settle_family
from registry.store.engines import Store
from tests.guarantee.conftest import Settled
from tests.guarantee.village import event_of_every_kind, everything, projections, registered, state_root, verdict
from tests.registry import made_up


@pytest.mark.rule("WS-2016/II.3.1-g")
def test_no_event_of_any_kind_changes_a_field_of_any_projection(store: Store) -> None:
    """I1, frame rule: for every e in H and every r, π(r, e-) = π(r, e+), field by field; plan II.3.1-g."""
    village = registered(store)
    before = [projections(store, person) for person in village.people]
    rows, root = everything(store), state_root(store)
    recorded = event_of_every_kind(store, village)
    assert len(recorded) == len(causes.status_kinds())
    assert [projections(store, person) for person in village.people] == before
    assert everything(store) == rows
    assert state_root(store) == root
    for event in recorded:
        if not event.newcomers:
            assert verdict(store, village.people[0], event.idx).verdict == "unchanged"


def test_settling_alone_in_part_or_whole_leaves_all_verdicts_unchanged(store: Store) -> None:
    """Policy-map section 5, "settle, alone / part / whole household": no field of the right may differ."""
    village = registered(store)
    for number, who in enumerate((village.people[:1], village.people[:3], village.people)):
        day = f"2017-05-0{number + 1}"
        done = settle_family(store, who, day=day, town=made_up.town(), officer_name="王警官")
        assert all(verdict(store, person, done.idx).verdict == "unchanged" for person in who)


def test_each_field_of_a_projection_is_compared(settled: Settled) -> None:
    """I1: whole projections are compared, not chosen fields: π of a right has all sixteen of policy-map section 8."""
    answer = verdict(settled.store, settled.village.people[0], settled.moved.idx)
    right = next(t for t in answer.things if t.thing == "contract-arable")
    assert right.then is not None
    assert set(right.then) == {
        "kind", "land_use", "holder", "co_holders", "share", "parcels", "geometry", "contract_area", "surveyed_area",
        "term_start", "term_end", "extension", "powers", "burdens", "certificates", "status",
    }  # fmt: skip
    assert right.then == right.then_known_now == right.now
