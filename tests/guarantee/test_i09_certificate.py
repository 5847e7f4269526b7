"""I9: is every certificate that was valid before a move valid after it, and found by its old number?"""

from __future__ import annotations

import sqlalchemy as sa

from registry.rights.model import RIGHT_VERSION
from registry.settlement import Event
from registry.store.engines import Store
from tests.guarantee.conftest import Settled
from tests.guarantee.village import event_of_every_kind, projections, registered, verdict

PAPERS = {"homestead": "乌集用2016第1号", "contract-arable": "150626100210000001J", "income-0": "股0"}


def test_a_certificate_is_found_by_its_old_number_after_the_move(settled: Settled) -> None:
    """I9: certificate look-up by old number after the move leads to the right, whose verdict is `unchanged`."""
    answer = verdict(settled.store, settled.village.people[0], settled.moved.idx)
    with settled.store.reading() as connection:
        for name, number in PAPERS.items():
            found = connection.scalars(
                sa.select(RIGHT_VERSION.c.thing_id).where(RIGHT_VERSION.c.certificate_number.like(f"{number[:12]}%"))
            ).all()
            assert settled.village.rights[name] in found
            right = next(t for t in answer.things if t.thing_id == settled.village.rights[name])
            assert right.verdict == "unchanged"
            assert right.then is not None
            assert right.now is not None
            assert right.now["certificates"] == right.then["certificates"]


def test_no_event_of_any_kind_changes_a_certificate(store: Store) -> None:
    """I9: number, book and date of every paper are the same after all of class H."""
    village = registered(store)
    before = _papers(store, village.people[0])
    event_of_every_kind(store, village)
    assert _papers(store, village.people[0]) == before


def test_an_event_has_no_place_for_a_certificate() -> None:
    """I9: an H demands no re-issue: what an event can carry has no field for a paper of land."""
    assert not {name for name in Event.__slots__ if "certificate" in name or "paper" in name}


def _papers(store: Store, person: str) -> dict[str, object]:
    return {
        i: p["certificates"] for i, p in projections(store, person).items() if p is not None and "certificates" in p
    }
