"""Which papers and files that carry names were made here, by whom, and what for?

A *making* is one file or folder that left the register with personal data in it: a hand-in, a sheet. Each is written down
before the file is handed over, with its purpose; who made it and why is sealed, when and how much is not.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson
import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, Table

from registry.errors import SanquanError
from registry.store.bulk import insert_rows
from registry.store.schema import METADATA
from registry.store.types import Bytes, Whole, Words

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from registry.store.engines import Store

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
        number = (connection.scalar(sa.select(sa.func.max(MAKING.c.id))) or 0) + 1
        sealed = store.vault.seal(said, _place(number), store.randomness.nonce())
        row = (number, made_at, kind, log_size, records, digest, sealed)
        insert_rows(connection, MAKING, [str(column.name) for column in MAKING.columns], [row])
        connection.commit()


def makings(store: Store, connection: Connection) -> list[Making]:
    """Every making, the oldest first."""
    found = []
    for row in connection.execute(sa.select(MAKING).order_by(MAKING.c.id)):
        officer, bureau, purpose = orjson.loads(store.vault.open(bytes(row.sealed), _place(row.id)))
        digest = bytes(row.digest).hex()
        found.append(Making(row.made_at, row.kind, row.log_size, row.records, digest, officer, bureau, purpose))
    return found


def _place(number: int) -> bytes:
    return f"making/{number}".encode()
