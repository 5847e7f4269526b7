"""How is a look written down, and where? In a table of its own, on the embedded engine in a file of its own.

A file of its own because each look is written while others read: a writer of the live file would wait for an import, make
readers wait, and throw away what they keep of its pages. No other session writes it, and its session writes nothing else.

Each row carries the SHA-256 of the row before it (`before`), over every column, `sealed` included: whoever edits, takes
out or puts in a row breaks the chain from there on. The newest rows are held by the *head*, a file beside the key file.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import closing
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, Column, Index, MetaData, Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from registry.store import guards_sqlite
from registry.store.sqlite import sqlite3
from registry.store.types import Bytes, Whole, Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from registry.store.settings import Settings

FIRST = bytes(32)
"""What the first row carries for a row before it."""

LOOK = Table(
    "look",
    MetaData(),
    Column("seq", Whole, primary_key=True, autoincrement=False),
    Column("at", Words, nullable=False),
    Column("whom", Words, nullable=False),
    Column("what", Words, nullable=False),
    Column("before", Bytes, nullable=False),
    Column("sealed", Bytes, nullable=False),
    CheckConstraint("seq > 0", name="looks_are_numbered_from_one"),
    CheckConstraint("length(before) = 32", name="look_carries_the_one_before"),
)
Index("look_by_whom", LOOK.c.whom, LOOK.c.seq)
PLACE = "place:"
"""Before the code of a place, where everybody in it was looked at together: one row, whoever they are."""
COLUMNS = tuple(LOOK.columns.keys())
_BUSY_S = 30


def digest(row: Mapping[str, Any]) -> bytes:
    """SHA-256 over all columns of a row in their order, bytes as hexadecimal: what the next row carries."""
    values = [bytes(v).hex() if isinstance(v := row[name], (bytes, memoryview)) else v for name in COLUMNS]
    return hashlib.sha256(b"sanquan.look.v1\n" + json.dumps(values, ensure_ascii=False).encode()).digest()


def prepare_file(settings: Settings) -> None:
    """Make the embedded engine's file, if it is not whole: empty, with its guards. Whoever deletes it is found by the head."""
    dialect = sqlite.dialect()
    statements = [
        str(CreateTable(LOOK, if_not_exists=True).compile(dialect=dialect)),
        *(str(CreateIndex(index, if_not_exists=True).compile(dialect=dialect)) for index in LOOK.indexes),
        *(
            each.replace("CREATE TRIGGER", "CREATE TRIGGER IF NOT EXISTS", 1)
            for each in guards_sqlite.append_only("look", session="looks", exists="seq = NEW.seq")
        ),
    ]
    with closing(sqlite3.connect(settings.looks, timeout=_BUSY_S, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        for statement in statements:
            connection.execute(statement)
        connection.execute("COMMIT")
