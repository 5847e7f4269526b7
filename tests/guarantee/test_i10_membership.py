"""I10: does membership of the collective stay, and by which causes alone can it end?"""

from __future__ import annotations

import datetime as dt

import pytest

from registry.law import causes
from registry.law.causes import NoLawfulCauseError
from registry.ledger.act import ActFields, cause_window
from registry.ledger.allowed import NotByThisCauseError
from registry.ledger.commit import desk
from registry.membership import acts as memberships
from registry.store.engines import Store
from tests.guarantee.village import event_of_every_kind, projections, registered
from tests.registry.made_up import CLERK

# causes.md, row by row: what may end a membership. Settlement, study, work, army, prison, marriage, divorce: none.
ENDS = {
    "member-deceased", "membership-lost", "membership-exited", "record-corrected", "court-ordered", "arbitrated",
}  # fmt: skip


@pytest.mark.rule("WS-2016/II.3.1-g", "COL/18")
def test_no_event_of_any_kind_touches_a_membership(store: Store) -> None:
    """I10: member(p, collective) is unchanged by H, for everybody of the family."""
    village = registered(store)
    before = [projections(store, p)[m] for p, m in zip(village.people, village.memberships, strict=True)]
    event_of_every_kind(store, village)
    assert [projections(store, p)[m] for p, m in zip(village.people, village.memberships, strict=True)] == before


def test_the_causes_that_end_a_membership_are_the_closed_list_and_each_has_its_basis() -> None:
    """I10: it ends only by a cause in the table, each with its legal basis and date."""
    assert {kind for kind, may in memberships.MAY.items() if may.ends} == ENDS
    for cause in causes.lawful_causes():
        if cause.thing == "membership" and cause.kind in ENDS:
            assert cause.basis
            assert cause.in_force_from < cause.in_force_until


@pytest.mark.rule("COL/8", "COL/18")
@pytest.mark.parametrize(
    "kind", ["settled-in-banner", "study-move", "marriage-recorded", "divorce-recorded", "married-out"]
)
def test_an_unknown_cause_or_a_household_event_ends_no_membership(kind: str) -> None:
    """I10: the list of causes is closed; an unknown cause is rejected, and so is every word of class H."""
    with pytest.raises(NoLawfulCauseError):
        causes.find("membership", kind, dt.date(2026, 1, 1))


def test_losing_a_membership_before_the_law_of_2025_is_for_review() -> None:
    """M rows: membership-lost holds from 2025-05-01; before, the collective's charter decides, marked `review`."""
    rows = [c for c in causes.lawful_causes() if (c.thing, c.kind) == ("membership", "membership-lost")]
    assert {(c.in_force_until == dt.date(2025, 5, 1), c.review) for c in rows} == {(True, True), (False, False)}
    assert cause_window("membership", "membership-lost", "2025-04-30", "own")[1] == "2025-05-01"


def test_a_cause_that_only_begins_memberships_ends_none(store: Store) -> None:
    """I10: even a listed cause does only what its row says."""
    village = registered(store)
    with desk(store, CLERK) as at:
        act = at.act("membership-gained", "2026-01-01", ActFields(basis="决议"))
        with pytest.raises(NotByThisCauseError):
            memberships.end(act, village.memberships[0])
