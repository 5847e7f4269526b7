"""A nightly audit looks at what came after the last clean one, finds what is wrong there, and says what it does not look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from registry.audit import audit
from registry.audit.since import audit_since, last_audited, remember
from registry.catalogue import NOUNS
from registry.duties import acts as duties
from registry.ledger.commit import desk
from registry.ledger.tables import HEAD, LEDGER_ENTRY
from tests.attacks.history import register_history
from tests.attacks.locks_off import damage
from tests.registry import made_up
from tests.registry.made_up import CLERK

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.engine import Connection

    from registry.audit.since import SinceReport
    from registry.store.engines import Store

DUTY = next(noun for noun in NOUNS if noun.name == "duty").table


@pytest.fixture
def grown(store: Store) -> Store:
    """A village, a clean audit, then one act more."""
    village = made_up.register_village(store)
    report = audit(store)
    assert report.ok
    remember(store, report.size, report.root)
    with desk(store, CLERK) as at:
        act = at.act("duty-set", "2020-01-01")
        duties.begin(act, duty_kind="due", subject_id=village.holding, quantity="3", unit="次", document="义")
        at.commit()
    return store


def since(store: Store) -> SinceReport:
    """The audit of what came after the note."""
    last = last_audited(store)
    assert last is not None
    return audit_since(store, last)


def test_what_came_after_a_clean_audit_agrees(grown: Store) -> None:
    """Two entries and one version were looked at; size and root are those of a whole audit."""
    report, whole = since(grown), audit(grown)
    assert report.findings == ()
    assert report.ok
    assert report.checked == {"entries": 2, "versions": 1}
    assert (report.size, report.root, report.st) == (whole.size, whole.root, whole.st)


def test_whole_history_after_the_first_entry_agrees(store: Store) -> None:
    """Acts, events, burdens, an erasure: no alarm where nothing is wrong."""
    report = audit(store)
    remember(store, report.size, report.root)
    register_history(store)
    assert since(store).findings == ()


def newest(connection: Connection) -> str:
    """The duty that came last."""
    return str(connection.scalar(sa.select(DUTY.c.thing_id).order_by(DUTY.c.cause_idx.desc()).limit(1)))


EDITS: dict[str, tuple[Callable[[Connection], object], str]] = {
    "a fact of the new version": (
        lambda c: c.execute(sa.update(DUTY).where(DUTY.c.thing_id == newest(c)).values(quantity="4")), "duty_version",
    ),
    "the new version is taken out": (
        lambda c: c.execute(sa.delete(DUTY).where(DUTY.c.thing_id == newest(c))), "ledger_entry",
    ),
    "its head": (
        lambda c: c.execute(sa.update(HEAD).where(HEAD.c.thing_id == newest(c)).values(digest=bytes(32))), "head",
    ),
    "an older hash": (
        lambda c: c.execute(sa.update(LEDGER_ENTRY).where(LEDGER_ENTRY.c.idx == 1).values(leaf_hash=bytes(32))),
        "ledger_entry",
    ),
    "a new leaf": (
        lambda c: c.execute(
            sa.update(LEDGER_ENTRY)
            .where(LEDGER_ENTRY.c.idx == sa.select(sa.func.max(DUTY.c.cause_idx)).scalar_subquery())
            .values(leaf="{}")
        ),
        "ledger_entry",
    ),
    "a guard": (lambda c: c.execute(sa.text("CREATE TABLE other (x INTEGER)")), "table"),
}  # fmt: skip


@pytest.mark.parametrize("kind", EDITS)
def test_edit_of_what_is_new_is_named(grown: Store, kind: str) -> None:
    """And what holds the beginning: the hashes up to the note."""
    edit, table = EDITS[kind]
    damage(grown, edit, "ledger_entry", "head", "duty_version")
    assert table in {finding.table for finding in since(grown).findings}


def test_edit_of_an_old_row_is_found_by_a_whole_audit_only(grown: Store) -> None:
    """What such a run does not look at, it says."""
    first = sa.select(sa.func.min(DUTY.c.cause_idx)).scalar_subquery()
    damage(grown, lambda c: c.execute(sa.update(DUTY).where(DUTY.c.cause_idx == first).values(quantity="9")), "duty_version")
    assert since(grown).ok
    assert not audit(grown).ok


def test_note_that_was_altered_or_is_none_asks_for_a_whole_audit(grown: Store) -> None:
    """It is sealed: nobody writes "all was well" without the key file."""
    path = grown.settings.signing / "audited"
    note = path.read_bytes()
    path.write_bytes(note[:-1] + bytes([note[-1] ^ 1]))
    assert last_audited(grown) is None
    path.unlink()
    assert last_audited(grown) is None
