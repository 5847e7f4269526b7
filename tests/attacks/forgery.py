"""How does somebody at the desk write past the acts: an entry and rows of their own, in one transaction?

`next_version` is what a lawful act would write; an attack changes one thing of it. Nothing here is ever committed with
success: whoever forges an honest version must roll back.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from registry.audit.rows import stored
from registry.ledger.act import cause_window
from registry.ledger.entry import r_leaf, s_leaf
from registry.ledger.merkle import leaf_hash
from registry.ledger.position import Position, position
from registry.ledger.tables import LEDGER_ENTRY
from registry.store.bulk import insert_rows
from registry.store.schema import METADATA

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from registry.audit.rows import Stored

DAY = "2020-06-01"


def put(connection: Connection, table_name: str, row: Stored) -> None:
    """Insert a row as it stands."""
    names = [name for name in row if name != "fid"]
    values = [
        value.hex() if name == "geom" and value[:2] != b"GP" else value for name, value in row.items() if name in names
    ]
    insert_rows(connection, METADATA.tables[table_name], names, [values])


def last_version(connection: Connection, table_name: str, thing_id: str) -> Stored:
    """The newest version of a thing as it is stored."""
    return [row for row in stored(connection, METADATA.tables[table_name]) if row["thing_id"] == thing_id][-1]


def entry_row(end: Position, leaf: bytes, **changes: Any) -> Stored:  # noqa: ANN401  (columns of the log)
    """The next row of the log for a leaf, an R closed by the entry after it."""
    row: Stored = {
        "idx": end.size,
        "cls": "R",
        "kind": "record-corrected",
        "leaf": leaf.decode(),
        "leaf_hash": leaf_hash(leaf),
        "recorded_at": end.recorded_at,
        "closed_by": end.size + 1,
        "closes": "S",
    }
    return row | changes


def forged_leaf(end: Position, digest: bytes, kind: str = "record-corrected") -> bytes:
    """The leaf of an act that makes one version; its commitments open to nothing."""
    return r_leaf(end.at or "", kind, [digest], [os.urandom(32)] * 6, [os.urandom(32)] * 4)


def put_act(connection: Connection, digest: bytes, kind: str = "record-corrected") -> int:
    """Append an R entry that makes one version. Returns its index."""
    end = position(connection)
    put(connection, "ledger_entry", entry_row(end, forged_leaf(end, digest, kind), kind=kind))
    return end.size


def put_state(connection: Connection) -> None:
    """Append the S entry that closes the transaction, as if nothing had changed."""
    end = position(connection)
    st = connection.scalars(
        sa.select(LEDGER_ENTRY.c.leaf).where(LEDGER_ENTRY.c.cls == "S").order_by(LEDGER_ENTRY.c.idx.desc()).limit(1)
    ).one()
    leaf = s_leaf(end.at or "", st.split('"st":"')[1][:43])
    put(connection, "ledger_entry", entry_row(end, leaf, cls="S", kind=None, closed_by=None, closes=None))


def next_version(row: Stored, idx: int, digest: bytes, kind: str = "record-corrected") -> Stored:
    """The version that a lawful act of this kind would write after `row`."""
    cause_from, cause_until = cause_window(row["thing"], kind, DAY, "own")
    version: Stored = row | {
        "ver": row["ver"] + 1,
        "next_ver": row["ver"] + 2,
        "prev_ver": row["ver"],
        "prev_cause_idx": row["cause_idx"],
        "cause_idx": idx,
        "cause_kind": kind,
        "cause_from": cause_from,
        "cause_until": cause_until,
        "effect": "own",
        "act_day": DAY,
        "valid_from": DAY,
        "valid_to": None,
        "digest": digest,
    }
    return version | ({"base_ver": None, "same_terms": None} if "base_ver" in row else {})
