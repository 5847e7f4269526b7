"""No finding where nothing is wrong: an audit that cries wolf is switched off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.audit import audit
from registry.ledger.merkle import leaf_hash, root
from registry.ledger.read import leaves
from tests.attacks.history import register_history
from tests.registry import made_up

if TYPE_CHECKING:
    from registry.store.engines import Store


def test_audit_of_an_empty_register_finds_nothing(store: Store) -> None:
    """A register that was just made agrees with its log of one entry."""
    report = audit(store)
    assert report.findings == ()
    assert report.size == 1


def test_audit_of_a_whole_history_finds_nothing(store: Store) -> None:
    """After acts, events, burdens, a correction dated back and an erasure every row agrees with the log."""
    register_history(store)
    seen: list[tuple[int, int]] = []
    report = audit(store, lambda done, total: seen.append((done, total)))
    assert [str(finding) for finding in report.findings] == []
    assert report.ok
    with store.reading() as connection:
        entries = list(leaves(connection))
    assert report.size == report.checked["entries"] == len(entries)
    assert report.root == root([leaf_hash(entry) for entry in entries])
    assert seen[-1][0] == seen[-1][1] == report.checked["versions"] + report.checked["openings"]


def test_audit_of_a_register_without_status_events_finds_nothing(store: Store) -> None:
    """Rights alone agree with the log as well."""
    made_up.register_village(store)
    assert audit(store).findings == ()
