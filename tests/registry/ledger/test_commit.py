"""What does a desk leave behind: nothing where nothing was done, and the same root however much was done at once?"""

from __future__ import annotations

import sqlalchemy as sa

from registry.audit.report import audit
from registry.duties import acts as duties
from registry.ledger.commit import desk
from registry.ledger.position import position
from registry.ledger.tables import LEDGER_ENTRY
from registry.store.engines import Store
from tests.attacks.locks_off import damaged
from tests.guarantee.village import registered, size
from tests.registry.made_up import CLERK


def test_a_desk_without_acts_leaves_the_log_as_it_was(store: Store) -> None:
    """Ledger section 7: only a transaction that appended an R ends with an S."""
    registered(store)
    before = size(store)
    with desk(store, CLERK) as at:
        done = at.commit()
    assert (done.first, done.size, size(store)) == (before, before, before)


def test_many_things_at_once_give_the_root_that_audit_finds_again(store: Store) -> None:
    """Ledger section 7, state root: past a number of buckets all heads are walked; the root is the same one."""
    village = registered(store)
    with desk(store, CLERK) as at:
        act = at.act("duty-set", "2020-01-01")
        for number in range(200):
            given = {"quantity": str(number), "unit": "次", "document": "义"}
            duties.begin(act, duty_kind="due", subject_id=village.holding, **given)
        done = at.commit()
    report = audit(store)
    assert report.findings == ()
    assert report.st == done.st


def test_an_empty_log_ends_at_nought(store: Store) -> None:
    """Ledger section 7: before the first entry there is no state and no time; the next index is 0."""
    with damaged(store, lambda c: c.execute(sa.delete(LEDGER_ENTRY)), "ledger_entry") as connection:
        end = position(connection)
    assert (end.size, end.at, end.recorded_at, end.st) == (0, None, "", None)
