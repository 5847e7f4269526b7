"""What was delivered that no guarded noun has a place for, and can each field be had again as it came?

Boundary points, control points, register pages and the other layers and tables of NY/T 2539 are kept whole. A *record* is
one delivered row: its fields as text, sealed, and its shape (register's CRS) in the clear, as parcels have theirs. A
*batch* is one part of one village, or of the county (village ""), as one delivery brought it; the newest batch of both is
what is known, and older ones stay. Nothing here is a right, and nothing here is ever read to decide one.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
import shapely
import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, Index, PrimaryKeyConstraint, Table

from registry.store.bulk import insert_rows
from registry.store.keys import SealBrokenError
from registry.store.schema import METADATA
from registry.store.types import Bytes, Whole, Words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray
    from sqlalchemy.engine import Connection

    from registry.store.keys import Vault
    from registry.store.randomness import Randomness

Fields = dict[str, str]
"""The fields of a delivered row that were filled, by the names of the standard."""

DELIVERED_BATCH = Table(
    "delivered_batch",
    METADATA,
    Column("id", Whole, primary_key=True, autoincrement=False),
    Column("part", Words, nullable=False),
    Column("village", Words, nullable=False),
    Column("source", Words, nullable=False),
    Column("records", Whole, nullable=False),
    Column("mark", Bytes, nullable=False),
    CheckConstraint("length(mark) = 32", name="batch_mark_has_32_bytes"),
)
Index("delivered_batch_by_part_village", DELIVERED_BATCH.c.part, DELIVERED_BATCH.c.village)

DELIVERED_RECORD = Table(
    "delivered_record",
    METADATA,
    Column("batch_id", Whole, nullable=False),
    Column("pos", Whole, nullable=False),
    Column("code", Words, nullable=False),
    Column("sealed", Bytes, nullable=False),
    Column("shape", Bytes),
    PrimaryKeyConstraint("batch_id", "pos"),
    ForeignKeyConstraint(["batch_id"], ["delivered_batch.id"], name="record_is_of_a_batch"),
    sqlite_with_rowid=False,
)
Index("delivered_record_by_code", DELIVERED_RECORD.c.code)

TABLES = (DELIVERED_BATCH, DELIVERED_RECORD)


@dataclass(frozen=True, slots=True)
class Batch:
    """One part of one village as it is to be kept. `codes` find a record again and never name a person."""

    part: str
    village: str
    codes: Sequence[str]
    rows: Sequence[Fields]
    shapes: NDArray[Any] | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One delivered row as it came. `shape`: register's CRS, None for a table."""

    village: str
    fields: Fields
    shape: shapely.Geometry | None


def keep(
    connection: Connection, vault: Vault, randomness: Randomness, batches: Sequence[Batch], source: str
) -> int:
    """Keep each batch that differs from the newest of its part and village; the number of records written.

    `source` is the content hash of the delivery. It writes in the caller's transaction and does not end it.
    """
    newest = {(row.part, row.village): row for row in _newest(connection)}
    batch_id = connection.scalar(sa.select(sa.func.max(DELIVERED_BATCH.c.id))) or 0
    kept: list[tuple[Any, ...]] = []
    records: list[tuple[Any, ...]] = []
    for batch in batches:
        values = [orjson.dumps(fields, option=orjson.OPT_SORT_KEYS) for fields in batch.rows]
        shapes = [None] * len(values) if batch.shapes is None else wkb_of(batch.shapes)
        mark = _mark(vault, batch.part, batch.village, list(zip(batch.codes, values, shapes, strict=True)))
        known = newest.get((batch.part, batch.village))
        if not values or (known is not None and bytes(known.mark) == mark):
            continue
        batch_id += 1
        kept.append((batch_id, batch.part, batch.village, source, len(values), mark))
        records += [
            (batch_id, pos, code, vault.seal(value, place(batch_id, pos), randomness.nonce()), shape)
            for pos, (code, value, shape) in enumerate(zip(batch.codes, values, shapes, strict=True))
        ]
    insert_rows(connection, DELIVERED_BATCH, ("id", "part", "village", "source", "records", "mark"), kept)
    insert_rows(connection, DELIVERED_RECORD, ("batch_id", "pos", "code", "sealed", "shape"), records)
    return len(records)


def records_of(connection: Connection, vault: Vault) -> dict[str, list[Record]]:
    """What is known of each part, in the order of villages and as delivered."""
    found: dict[str, list[Record]] = defaultdict(list)
    for batch in _newest(connection):
        for _, value, raw in _opened(connection, vault, batch.id):
            shape = None if raw is None else shapely.from_wkb(raw)
            found[batch.part].append(Record(batch.village, orjson.loads(value), shape))
    return found


def altered(connection: Connection, vault: Vault) -> Iterator[tuple[int, str]]:
    """Batches whose records are not those that were kept: id and part."""
    for batch in connection.execute(sa.select(DELIVERED_BATCH).order_by(DELIVERED_BATCH.c.id)).all():
        try:
            rows = list(_opened(connection, vault, batch.id))
        except SealBrokenError:
            yield batch.id, batch.part
            continue
        if len(rows) != batch.records or _mark(vault, batch.part, batch.village, rows) != bytes(batch.mark):
            yield batch.id, batch.part


def place(batch_id: int, pos: int) -> bytes:
    """Where a sealed record belongs: it opens nowhere else."""
    return f"delivered/{batch_id}/{pos}".encode()


def wkb_of(shapes: NDArray[Any]) -> list[bytes | None]:
    """Shapes as little-endian WKB, None for none."""
    found: list[bytes | None] = np.asarray(shapely.to_wkb(shapes, byte_order=1), dtype=object).tolist()
    return found


def _newest(connection: Connection) -> list[sa.Row[Any]]:
    """The newest batch of each part and village, in their order."""
    latest = sa.select(sa.func.max(DELIVERED_BATCH.c.id)).group_by(DELIVERED_BATCH.c.part, DELIVERED_BATCH.c.village)
    query = sa.select(DELIVERED_BATCH).where(DELIVERED_BATCH.c.id.in_(latest))
    return list(connection.execute(query.order_by(DELIVERED_BATCH.c.part, DELIVERED_BATCH.c.village)))


def _opened(connection: Connection, vault: Vault, batch_id: int) -> Iterator[tuple[str, bytes, bytes | None]]:
    query = sa.select(DELIVERED_RECORD).where(DELIVERED_RECORD.c.batch_id == batch_id).order_by(DELIVERED_RECORD.c.pos)
    for row in connection.execute(query):
        raw = None if row.shape is None else bytes(row.shape)
        yield row.code, vault.open(bytes(row.sealed), place(batch_id, row.pos)), raw


def _mark(vault: Vault, part: str, village: str, rows: Sequence[tuple[str, bytes, bytes | None]]) -> bytes:
    """32 bytes by which the same content is known again; keyed, for names could be guessed from a plain digest.

    The order of rows is no part of it: a delivery that was sorted anew is the same delivery.
    """
    lines = sorted(b"\x1f".join((code.encode(), value, raw or b"")) for code, value, raw in rows)
    digest = hashlib.sha256(f"sanquan.delivered.v1\n{part}\n{village}\n".encode())
    for line in lines:
        digest.update(len(line).to_bytes(8, "big"))
        digest.update(line)
    return vault.blind("delivered", digest.hexdigest())

