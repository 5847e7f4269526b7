"""Which papers and files that carry names were made here, by whom, and what for?

A *making* is one file or folder that left the register with personal data in it: a hand-in, a sheet. Each is written down
before the file is handed over, with its purpose; who made it and why is sealed, when and how much is not.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, Table

from registry.errors import SanquanError
from registry.store.bulk import insert_rows
from registry.store.keys import SealBrokenError
from registry.store.schema import METADATA
from registry.store.types import Bytes, Whole, Words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy.engine import Connection

    from registry.store.engines import Store
    from registry.store.keys import Vault

MAKING = Table(
    "making",
    METADATA,
    Column("id", Whole, primary_key=True, autoincrement=False),
    Column("made_at", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("log_size", Whole, nullable=False),
    Column("records", Whole, nullable=False),
    Column("digest", Bytes, nullable=False),
    Column("sealed", Bytes, nullable=False),
    CheckConstraint("length(digest) = 32", name="making_is_named_by_its_content"),
    CheckConstraint("records >= 0", name="making_counts_its_records"),
)
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Making:
    """One making. `made_at` is UTC to the second, `digest` SHA-256 of what was made, hexadecimal."""

    made_at: str
    kind: str
    log_size: int
    records: int
    digest: str
    officer: str
    bureau: str
    purpose: str


class PurposeMissingError(SanquanError):
    """Raised when something with names in it is to be made without saying what for."""

    def __init__(self) -> None:
        """An example."""
        super().__init__(
            f"带姓名的材料要写明用途(--purpose, 1 到 {_LONGEST} 个字), 如“向自治区汇交 2026 年度成果”",
            f"what carries names needs a purpose (--purpose, 1 to {_LONGEST} characters), such as “yearly hand-in to the region”",
        )


def require_purpose(purpose: str) -> str:
    """The purpose without spaces around it; PurposeMissingError when there is none, or it is a letter of its own."""
    said = purpose.strip()
    if not 1 <= len(said) <= _LONGEST:
        raise PurposeMissingError
    return said


def log_making(
    store: Store, *, kind: str, purpose: str, officer: tuple[str, str], digest: bytes, records: int, log_size: int
) -> None:
    """Write a making down, durable when it returns. `officer`: name and bureau. PurposeMissingError."""
    said = orjson.dumps([*officer, require_purpose(purpose)])
    made_at = store.clock().astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    with store.writing("desk") as connection:
        last = connection.execute(sa.select(MAKING).order_by(MAKING.c.id.desc()).limit(1)).first()
        row = {
            "id": 1 if last is None else last.id + 1, "made_at": made_at, "kind": kind, "log_size": log_size,
            "records": records, "digest": digest,
        }  # fmt: skip
        before = b"" if last is None else bytes(last.sealed)
        sealed = store.vault.seal(said, _place(row, before), store.randomness.nonce())
        insert_rows(connection, MAKING, (*row, "sealed"), [(*row.values(), sealed)])
        connection.commit()


def makings(store: Store, connection: Connection) -> list[Making]:
    """Every making, the oldest first. SealBrokenError where one was altered."""
    found, before = [], b""
    for row in connection.execute(sa.select(MAKING).order_by(MAKING.c.id)).mappings():
        officer, bureau, purpose = orjson.loads(store.vault.open(bytes(row["sealed"]), _place(row, before)))
        before = bytes(row["sealed"])
        digest = bytes(row["digest"]).hex()
        found.append(
            Making(row["made_at"], row["kind"], row["log_size"], row["records"], digest, officer, bureau, purpose)
        )
    return found


def broken(connection: Connection, vault: Vault) -> Iterator[int]:
    """Numbers that are missing, and of makings that were altered or do not follow the one before."""
    before, expected = b"", 1
    for row in connection.execute(sa.select(MAKING).order_by(MAKING.c.id)).mappings():
        yield from range(expected, row["id"])
        try:
            vault.open(bytes(row["sealed"]), _place(row, before))
        except SealBrokenError:
            yield row["id"]
        before, expected = bytes(row["sealed"]), row["id"] + 1


def _place(row: Mapping[str, Any] | sa.RowMapping, before: bytes) -> bytes:
    """Where the sealed part belongs: it opens beside no other figure, and after no other making."""
    clear = "/".join(str(row[name]) for name in ("id", "made_at", "kind", "log_size", "records"))
    return f"making/{clear}/".encode() + bytes(row["digest"]) + hashlib.sha256(before).digest()
