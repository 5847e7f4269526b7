"""I12: do the duties that the collective has set stay too (权利、义务不变)?"""

from __future__ import annotations

import pytest

from registry.duties import acts as duties
from registry.ledger.act import ActFields
from registry.ledger.commit import desk
from registry.store.engines import Store
from tests.guarantee.village import event_of_every_kind, projections, registered, verdict
from tests.registry import made_up
from tests.registry.made_up import CLERK


@pytest.mark.rule("WS-2016/II.3.1-g")
def test_no_event_of_any_kind_touches_a_duty(store: Store) -> None:
    """I12: stocking limits, grazing bans and dues are equal before and after H."""
    village = registered(store)
    with desk(store, CLERK) as at:
        act = at.act("duty-set", "2017-01-01", ActFields(basis="禁牧"))
        for kind, subject in (("grazing-ban", village.parcels["grass"]), ("due", village.holding)):
            duties.begin(act, duty_kind=kind, subject_id=subject, quantity="1", unit="次", document="义1")
        at.commit()
    before = projections(store, village.people[0])
    event_of_every_kind(store, village)
    assert projections(store, village.people[0]) == before
    assert sum(p is not None and "duty_kind" in p for p in before.values()) == 3


def test_a_duty_changed_after_the_move_is_told_with_its_cause(store: Store) -> None:
    """I12, G5: a duty changes by its own document, and the verdict names it."""
    village = registered(store)
    done = made_up.settle(store, village)
    with desk(store, CLERK) as at:
        act = at.act("duty-changed", "2020-01-01", ActFields(basis="草畜平衡2号"))
        duties.change(act, village.duty, quantity="100")
        at.commit()
    duty = next(t for t in verdict(store, village.people[0], done.idx).things if t.noun == "duty")
    assert (duty.verdict, duty.changes[0].kind, duty.changes[0].fields) == (
        "changed lawfully",
        "duty-changed",
        ("quantity",),
    )
