"""What stands behind an act: when it was recorded, whose will, which papers, which payment?

Names are masked here already: whoever explains a change must not be able to leak one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from registry.ledger.position import seal_place
from registry.ledger.tables import LEDGER_ENTRY, OPENING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.engine import Connection

    from registry.store.engines import Store


@dataclass(frozen=True, slots=True)
class Behind:
    """What an act carried: basis and papers (kind of evidence by content hash), persons whose will, payment in yuan."""

    papers: tuple[str, ...]
    persons: tuple[str, ...]
    payment: str | None


def instants(connection: Connection, entries: Iterable[int]) -> dict[int, str]:
    """When each entry was recorded, UTC to the second ("…Z")."""
    rows = connection.execute(
        sa.select(LEDGER_ENTRY.c.idx, LEDGER_ENTRY.c.recorded_at).where(LEDGER_ENTRY.c.idx.in_(sorted(entries)))
    )
    return {row.idx: row.recorded_at for row in rows}


def behind(store: Store, connection: Connection, entry: int) -> Behind:
    """The opened fields of an act; what was erased is left out."""
    opened = _opened(store, connection, entry)
    basis = opened.get("act.basis") or ""
    papers = tuple(p for p in (basis,) if p)
    wills = [value for path, value in sorted(opened.items()) if path.startswith("evidence.") and value]
    return Behind(papers, tuple(will[0] for will in wills), opened.get("act.payment") or None)


def stated(store: Store, connection: Connection, entry: int, person_id: str) -> dict[str, str]:
    """What a household event stated to be a person's: id and thing word; nothing where that was erased."""
    told = _opened(store, connection, entry).get("event.unchanged") or []
    return {thing_id: thing for person, things in told if person == person_id for thing_id, thing in things}


def _opened(store: Store, connection: Connection, entry: int) -> dict[str, Any]:
    subject = connection.scalar(sa.select(LEDGER_ENTRY.c.leaf_hash).where(LEDGER_ENTRY.c.idx == entry))
    rows = connection.execute(sa.select(OPENING.c.path, OPENING.c.sealed).where(OPENING.c.subject == subject))
    return {
        row.path: json.loads(store.vault.open(bytes(row.sealed), seal_place(bytes(subject or b""), row.path)))
        for row in rows
    }
