"""How is a household-status event appended, and what can't it do?

It stands alone in this file, away from `commit`: a session that calls it holds privileges on the log's class H, on
openings and on the status tables, and on nothing that is guarded. The event repeats the last state root; that is how
anyone can see on the public log that it moved nothing.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from registry.ledger.entry import H_COMMITMENTS, canonical, commitment, h_leaf, hour
from registry.ledger.merkle import leaf_hash
from registry.ledger.position import position, seal_place, second
from registry.ledger.tables import LEDGER_ENTRY, OPENING
from registry.store.bulk import insert_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy.engine import Connection

    from registry.store.engines import Store

EVENT_PATHS = (
    "event.basis",
    "event.day",
    "event.desk",
    "event.evidence",
    "event.facts",
    "event.kind",
    "event.people",
    "event.unchanged",
)


@dataclass(slots=True)
class StatusSession:
    """One transaction that may record household events and nothing else."""

    store: Store
    connection: Connection


@contextmanager
def status_session(store: Store) -> Iterator[StatusSession]:
    """A session under the status role. Never opened inside a desk's transaction: both wait for one append lock."""
    with store.writing("status") as connection:
        yield StatusSession(store, connection)


def append_status_event(session: StatusSession, kind: str, values: Mapping[str, Any]) -> int:
    """Append one H entry with its openings; returns its index. `values` gives each of `EVENT_PATHS`.

    The caller writes the status rows that cite it and commits. Every H entry carries the same number of commitments,
    filled up with null, or their count would tell the kind.
    """
    connection, store = session.connection, session.store
    end = position(connection)
    # Read once: across a full hour two readings would put entry and row into different hours.
    now = store.clock()
    recorded_at = second(end.recorded_at, now)
    values = {**values, "event.desk": [*values["event.desk"], recorded_at]}
    paths = [*EVENT_PATHS, *(f"event.zz.{n}" for n in range(H_COMMITMENTS - len(EVENT_PATHS)))]
    made = [(path, store.randomness.salt(), values.get(path)) for path in paths]
    leaf = h_leaf(hour(end.at, now), end.st or "", [commitment(salt, path, value) for path, salt, value in made])
    subject = leaf_hash(leaf)
    columns = ("idx", "cls", "kind", "leaf", "leaf_hash", "recorded_at", "closed_by", "closes")
    insert_rows(
        connection, LEDGER_ENTRY, columns, [(end.size, "H", kind, leaf.decode(), subject, recorded_at, None, None)]
    )
    sealed = [
        (subject, path, salt, store.vault.seal(canonical(value), seal_place(subject, path), store.randomness.nonce()))
        for path, salt, value in made
    ]
    insert_rows(connection, OPENING, ("subject", "path", "salt", "sealed"), sealed)
    return end.size
