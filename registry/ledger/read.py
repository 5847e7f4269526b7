"""What stands in the log: its leaves, its size, its root at a size, one entry, and how far it went at an instant?

Sizes count entries, an index counts from 0. Everything here is read as it is stored and judged nowhere:
`verify.replay` judges leaves, `registry.audit` the rows.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from registry.ledger.merkle import Tree
from registry.ledger.tables import LEDGER_ENTRY
from registry.store.asking import Question, ask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Connection

_CHUNK = 2_000
_SIZE = Question(sa.select(sa.func.max(LEDGER_ENTRY.c.idx)))
HASHES = Question(
    sa.select(LEDGER_ENTRY.c.leaf_hash).where(LEDGER_ENTRY.c.idx >= sa.bindparam("first")).order_by(LEDGER_ENTRY.c.idx)
)
"""Every leaf hash from index `first` on."""


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One row of the log. `leaf` is the bytes that the tree hashes; `recorded_at` is UTC, to the second."""

    idx: int
    cls: str
    kind: str | None
    leaf: bytes
    leaf_hash: bytes
    recorded_at: str
    closed_by: int | None
    closes: str | None


def size(connection: Connection) -> int:
    """How many entries the log has."""
    ((last,),) = ask(connection, _SIZE, {})
    return 0 if last is None else last + 1


def leaves(connection: Connection) -> Iterator[bytes]:
    """Every leaf in order, streamed: what `verify.replay` takes."""
    query = sa.select(LEDGER_ENTRY.c.leaf).order_by(LEDGER_ENTRY.c.idx).execution_options(yield_per=_CHUNK)
    return (row.leaf.encode() for row in connection.execute(query))


def entry(connection: Connection, idx: int) -> EntryRow | None:
    """The entry of this index; None where the log has none."""
    row = connection.execute(sa.select(LEDGER_ENTRY).where(LEDGER_ENTRY.c.idx == idx)).first()
    return None if row is None else _entry_row(row)


def page(connection: Connection, first: int, limit: int) -> list[EntryRow]:
    """At most `limit` entries in order, from index `first` on."""
    query = sa.select(LEDGER_ENTRY).where(LEDGER_ENTRY.c.idx >= first).order_by(LEDGER_ENTRY.c.idx).limit(limit)
    return [_entry_row(row) for row in connection.execute(query)]


def catch_up(connection: Connection, tree: Tree) -> Tree:
    """The same tree with the entries that it lacks. A process keeps one tree: a root is then found without a scan.

    Raises `HashLengthError` where a stored hash is not 32 bytes.
    """
    tree.extend(leaf_hash for (leaf_hash,) in ask(connection, HASHES, {"first": tree.size}))
    return tree


def size_at(connection: Connection, instant: dt.datetime) -> int:
    """How many entries were recorded at this instant: what "as known then" means. The second itself is included.

    `instant` has a time zone. `recorded_at` never decreases, so few rows are looked at however long the log is.
    """
    second = instant.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def recorded_at(idx: int) -> str:
        found = connection.scalar(sa.select(LEDGER_ENTRY.c.recorded_at).where(LEDGER_ENTRY.c.idx == idx))
        return found or ""

    return bisect_right(range(size(connection)), second, key=recorded_at)


def _entry_row(row: Any) -> EntryRow:  # noqa: ANN401  (a row of the driver)
    return EntryRow(
        row.idx, row.cls, row.kind, row.leaf.encode(), bytes(row.leaf_hash), row.recorded_at, row.closed_by, row.closes
    )
