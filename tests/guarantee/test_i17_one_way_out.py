"""I17: by which causes alone does a right end, and who refuses any other?"""

from __future__ import annotations

import psycopg
import pytest

from registry.law import causes
from registry.ledger import allowed
from registry.ledger.act import Act, ActFields
from registry.ledger.allowed import NotByThisCauseError
from registry.ledger.commit import desk
from registry.ledger.tables import RIGHT_THINGS
from registry.rights import acts as rights
from registry.rights.model import RIGHT
from registry.store.sqlite import sqlite3
from tests.guarantee.conftest import Settled
from tests.guarantee.village import family_wills, size
from tests.registry.made_up import CLERK

# I17 in causes.md's words: exit or transfer completed, expropriation, readjustment, extinction or no heir, loss by
# nature, a proved act under the law before 2019, a court's or arbitrator's document, correction of a proved error;
# division and joining of households by new contracts, and what an operating right was agreed to end by.
WAYS_OUT = {
    "exited", "assigned", "inherited", "share-transferred", "shares-requantified", "expropriated", "readjusted",
    "extinct", "left-without-heir", "land-lost", "handed-back-before-2019", "taken-back-before-2019", "court-ordered",
    "arbitrated", "record-corrected", "contract-divided", "contracts-merged", "operating-ended",
}  # fmt: skip
NO_CAUSE = ("taken-back-because-moved", "hukou-cancelled", "no-reply", "unpaid-fee", "settled-in-banner")


def test_the_kinds_that_end_a_right_are_the_closed_list() -> None:
    """I17: a right ends only through a kind of causes.md that ends it; "person settled" is none."""
    assert {kind for kind, may in rights.MAY.items() if may.ends} == WAYS_OUT
    assert not WAYS_OUT & set(causes.status_kinds())
    listed = {c.kind for c in causes.lawful_causes() if c.thing in RIGHT_THINGS}
    assert listed >= WAYS_OUT


@pytest.mark.parametrize("kind", sorted(set(rights.MAY) - WAYS_OUT - {"restored"}))
def test_a_kind_that_does_not_end_is_refused_as_an_end(settled: Settled, kind: str) -> None:
    """I17: a lawful cause that ends nothing is refused by name, and the log is as long as before."""
    store, village = settled.store, settled.village
    before = size(store)
    with desk(store, CLERK) as at:
        act = Act(at, at.position.size, kind, "2025-06-01", ActFields())
        with pytest.raises(NotByThisCauseError):
            allowed.end(act, RIGHT, rights.MAY, village.rights["contract-arable"])
    assert size(store) == before


@pytest.mark.parametrize("kind", NO_CAUSE)
def test_the_store_itself_refuses_an_end_for_no_lawful_cause(settled: Settled, kind: str) -> None:
    """I17: any other write is refused by the store itself: the key into the list of causes, no code of ours between."""
    store, village = settled.store, settled.village
    before = size(store)
    with desk(store, CLERK) as at:
        act = at.act("exited", "2025-06-01", ActFields(wills=family_wills(village), payment="1"))
        rights.end(act, village.rights["homestead"])
        version = at.head(RIGHT, village.rights["homestead"])
        assert version is not None
        act.kind = version.cause_kind = kind
        with pytest.raises((sqlite3.Error, psycopg.Error)):
            at.commit()
    assert size(store) == before
