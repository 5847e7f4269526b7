"""I8: does every lease, mortgage, seizure, objection and dispute stand after a move as it stood before?"""

from __future__ import annotations

import pytest

from registry.store.engines import Store
from tests.guarantee.conftest import Settled
from tests.guarantee.village import event_of_every_kind, projections, registered, verdict

ON = {
    "operating": "contract-arable",
    "mortgage": "contract-arable",
    "seizure": "contract-grass",
    "objection": "homestead",
    "dispute": "income-0",
}


@pytest.mark.parametrize("sort", ON)
def test_settling_leaves_a_running_burden_as_it_was(settled: Settled, sort: str) -> None:
    """I8: same set, same parties, same terms: settle with each kind of burden running."""
    answer = verdict(settled.store, settled.village.people[0], settled.moved.idx)
    right = next(t for t in answer.things if t.thing_id == settled.village.rights[ON[sort]])
    assert right.verdict == "unchanged"
    assert right.then is not None
    assert right.now is not None
    assert settled.village.rights[sort] in {burden[0] for burden in right.now["burdens"]}
    assert right.then["burdens"] == right.now["burdens"]
    own = next(t for t in answer.things if t.thing_id == settled.village.rights[sort])
    assert own.verdict == "unchanged"


def test_no_event_of_any_kind_touches_a_burden(store: Store) -> None:
    """I8: for every kind of class H the burdens are the same set with the same facts."""
    village = registered(store)
    before = {i: p["burdens"] for i, p in projections(store, village.people[0]).items() if p and "burdens" in p}
    event_of_every_kind(store, village)
    assert {i: p["burdens"] for i, p in projections(store, village.people[0]).items() if p and "burdens" in p} == before
    assert sum(len(burdens) for burdens in before.values()) == len(ON)
