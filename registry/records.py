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
from sqlalchemy import CheckConstraint, Column, Index, PrimaryKeyConstraint, Table

from registry.store.among import among
from registry.store.bulk import insert_rows
from registry.store.keys import SealBrokenError
from registry.store.schema import METADATA, reference
from registry.store.types import Bytes, Whole, Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray
    from sqlalchemy.engine import Connection

    from registry.store.keys import Vault
    from registry.store.randomness import Randomness

Row = dict[str, Any]
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
    reference(["batch_id"], ["delivered_batch.id"], name="record_is_of_a_batch"),
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
    connection: Connection, vault: Vault, randomness: Randomness, batches: Iterable[Batch], source: str
) -> list[Row]:
    """Keep each batch that differs from the newest of its part and village; the rows of DELIVERED_BATCH written.

    `source` is the content hash of the delivery. It writes in the caller's transaction and does not end it; an act of the
    same transaction that commits to these rows makes them part of the log.
    """
    newest = {(row.part, row.village): row for row in _newest(connection)}
    batch_id = connection.scalar(sa.select(sa.func.max(DELIVERED_BATCH.c.id))) or 0
    kept: list[Row] = []
    records: list[tuple[Any, ...]] = []
    for batch in batches:
        values = [orjson.dumps(fields, option=orjson.OPT_SORT_KEYS) for fields in batch.rows]
        shapes = [None] * len(values) if batch.shapes is None else wkb_of(batch.shapes)
        lines = list(zip(batch.codes, values, shapes, strict=True))
        content = _content(batch.part, batch.village, lines)
        known = newest.get((batch.part, batch.village))
        if known is None and not lines:
            continue
        if known is not None and _mark(vault, known._mapping, content) == bytes(known.mark):  # noqa: SLF001
            continue
        batch_id += 1
        row = {
            "id": batch_id, "part": batch.part, "village": batch.village, "source": source, "records": len(lines),
        }  # fmt: skip
        kept.append({**row, "mark": _mark(vault, row, content)})
        records += [
            (batch_id, pos, code, vault.seal(value, place(batch_id, pos, code, shape), randomness.nonce()), shape)
            for pos, (code, value, shape) in enumerate(lines)
        ]
    columns = [str(column.name) for column in DELIVERED_BATCH.columns]
    insert_rows(connection, DELIVERED_BATCH, columns, [tuple(row.values()) for row in kept])
    insert_rows(connection, DELIVERED_RECORD, ("batch_id", "pos", "code", "sealed", "shape"), records)
    return kept


def take_back(
    connection: Connection, vault: Vault, randomness: Randomness, withdrawn: AbstractSet[tuple[str, str]]
) -> list[Row]:
    """Let be known again, of each part and village, what the newest delivery that is not withdrawn had brought, or nothing.

    `withdrawn`: content hashes of deliveries with the villages of which they were. Batches are added, none goes; returns
    the rows of DELIVERED_BATCH written, in the caller's transaction.
    """
    kept: list[Row] = []
    for newest in _newest(connection):
        if (newest.source, newest.village) not in withdrawn:
            continue
        of_part = sa.and_(DELIVERED_BATCH.c.part == newest.part, DELIVERED_BATCH.c.village == newest.village)
        older = connection.execute(sa.select(DELIVERED_BATCH).where(of_part).order_by(DELIVERED_BATCH.c.id.desc())).all()
        before = next((row for row in older if (row.source, row.village) not in withdrawn), None)
        lines = [] if before is None else [_line(vault, row) for row in _rows(connection, before.id)]
        shapes = [None if raw is None else shapely.from_wkb(raw) for _, _, raw in lines]
        batch = Batch(
            newest.part,
            newest.village,
            [code for code, _, _ in lines],
            [orjson.loads(value) for _, value, _ in lines],
            np.array([None, *shapes], dtype=object)[1:],
        )
        kept += keep(connection, vault, randomness, [batch], newest.source if before is None else before.source)
    return kept


def records_of(connection: Connection, vault: Vault) -> dict[str, list[Record]]:
    """What is known of each part, in the order of villages and as delivered."""
    found: dict[str, list[Record]] = defaultdict(list)
    for batch in _newest(connection):
        for row in _rows(connection, batch.id):
            _, value, raw = _line(vault, row)
            shape = None if raw is None else shapely.from_wkb(raw)
            found[batch.part].append(Record(batch.village, orjson.loads(value), shape))
    return found


def codes_in(connection: Connection, part: str, codes: Sequence[str]) -> set[str]:
    """Those of these codes of which the newest batches of a part have a row; nothing is opened."""
    query = (
        sa.select(DELIVERED_RECORD.c.code)
        .where(DELIVERED_RECORD.c.batch_id.in_([row.id for row in _newest(connection) if row.part == part]))
        .where(among(DELIVERED_RECORD.c.code, "codes"))
    )
    return set(connection.scalars(query, {"codes": list(codes)}))


def fields_since(connection: Connection, vault: Vault, part: str, batch: int) -> tuple[int, list[tuple[str, Fields]]]:
    """The newest batch's id, and code and fields of every record of a part that came after this batch."""
    newest = connection.scalar(sa.select(sa.func.max(DELIVERED_BATCH.c.id))) or 0
    later = sa.select(DELIVERED_BATCH.c.id).where(DELIVERED_BATCH.c.part == part, DELIVERED_BATCH.c.id > batch)
    rows = connection.execute(sa.select(DELIVERED_RECORD).where(DELIVERED_RECORD.c.batch_id.in_(later)))
    return newest, [(row.code, orjson.loads(_line(vault, row)[1])) for row in rows]


def altered(connection: Connection, vault: Vault) -> Iterator[tuple[Table, Row]]:
    """Records that do not open in their place, then batches that are not as they were kept: table and key."""
    for batch in connection.execute(sa.select(DELIVERED_BATCH).order_by(DELIVERED_BATCH.c.id)).mappings().all():
        lines, broken = [], False
        for row in _rows(connection, batch["id"]):
            try:
                lines.append(_line(vault, row))
            except SealBrokenError:
                broken = True
                yield DELIVERED_RECORD, {"batch_id": row.batch_id, "pos": row.pos}
        content = _content(batch["part"], batch["village"], lines)
        if broken or len(lines) != batch["records"] or _mark(vault, batch, content) != bytes(batch["mark"]):
            yield DELIVERED_BATCH, {"id": batch["id"]}


def place(batch_id: int, pos: int, code: str, shape: bytes | None) -> bytes:
    """Where a sealed record belongs: it opens under no other batch, place, code or shape."""
    return f"delivered/{batch_id}/{pos}/{code}/".encode() + hashlib.sha256(shape or b"").digest()


def wkb_of(shapes: NDArray[Any]) -> list[bytes | None]:
    """Shapes as little-endian WKB, None for none."""
    found: list[bytes | None] = np.asarray(shapely.to_wkb(shapes, byte_order=1), dtype=object).tolist()
    return found


def _newest(connection: Connection) -> list[sa.Row[Any]]:
    """The newest batch of each part and village, in their order."""
    latest = sa.select(sa.func.max(DELIVERED_BATCH.c.id)).group_by(DELIVERED_BATCH.c.part, DELIVERED_BATCH.c.village)
    query = sa.select(DELIVERED_BATCH).where(DELIVERED_BATCH.c.id.in_(latest))
    return list(connection.execute(query.order_by(DELIVERED_BATCH.c.part, DELIVERED_BATCH.c.village)))


def _rows(connection: Connection, batch_id: int) -> Iterator[sa.Row[Any]]:
    query = sa.select(DELIVERED_RECORD).where(DELIVERED_RECORD.c.batch_id == batch_id).order_by(DELIVERED_RECORD.c.pos)
    yield from connection.execute(query)


def _line(vault: Vault, row: sa.Row[Any]) -> tuple[str, bytes, bytes | None]:
    """A record's code, its fields as JSON, its shape as WKB."""
    shape = None if row.shape is None else bytes(row.shape)
    return row.code, vault.open(bytes(row.sealed), place(row.batch_id, row.pos, row.code, shape)), shape


def _content(part: str, village: str, lines: Iterable[tuple[str, bytes, bytes | None]]) -> str:
    """What a batch says, as a digest. The order of rows is no part of it: sorted anew it is the same delivery."""
    digest = hashlib.sha256(f"sanquan.delivered.v1\n{part}\n{village}\n".encode())
    for line in sorted(b"\x1f".join((code.encode(), value, raw or b"")) for code, value, raw in lines):
        digest.update(len(line).to_bytes(8, "big"))
        digest.update(line)
    return digest.hexdigest()


def _mark(vault: Vault, row: Mapping[str, Any] | sa.RowMapping, content: str) -> bytes:
    """32 bytes over a batch's row and content; keyed, for names could be guessed from a plain digest."""
    return vault.blind("delivered", f"{row['id']}\n{row['source']}\n{row['records']}\n{content}")
