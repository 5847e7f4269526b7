"""How are rows read for judging: as they are stored, whatever somebody put there, and named by their key?

SQLite keeps any type in any column; a typed reading would stop at the first altered row instead of naming it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from gis.storage import Shape
from registry.ledger.check import Disagreement
from registry.store.types import Day

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Column, Table
    from sqlalchemy.engine import Connection

    from registry.ledger.check import Key

_CHUNK = 2_000

Stored = dict[str, Any]
"""A row by column name: days as text, bytes as bytes, geometry as the blob (SQLite) or EWKB (PostGIS)."""


def stored(connection: Connection, table: Table, order: Sequence[str] = ()) -> Iterator[Stored]:
    """Every row of a table, streamed, in the order of these columns or of its key."""
    names = [column.name for column in table.columns]
    query = _asked(table, tuple(order or key_columns(table)), connection.dialect.name == "postgresql")
    for row in asked(connection, query, yield_per=_CHUNK):
        yield dict(zip(names, row, strict=True))


def asked(connection: Connection, query: str, **options: int) -> sa.CursorResult[Any]:
    """The answer to a question in the database's own words, which nothing is put into: an audit asks hundreds, and to compile
    each took as long as to answer it.
    """
    return connection.exec_driver_sql(query, execution_options={"no_parameters": True, **options})


def count(connection: Connection, table: Table) -> int:
    """How many rows a table has."""
    return connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0


@cache
def key_columns(table: Table) -> tuple[str, ...]:
    """The columns by which a row is named: its key, but thing and version where that is a feature's `fid`."""
    names = tuple(column.name for column in table.primary_key.columns)
    return ("thing_id", "ver") if names == ("fid",) else names


def key_of(table: Table, row: Mapping[str, Any]) -> Key:
    """The key of a row, bytes as hexadecimal."""
    return tuple((name, _plain(row[name])) for name in key_columns(table))


def disagreement(
    table: Table, row: Mapping[str, Any], entry_idx: int | None, fields: Sequence[str], zh: str, en: str
) -> Disagreement:
    """A finding that names a row of a table."""
    return Disagreement(table.name, key_of(table, row), entry_idx, tuple(fields), zh, en)


@cache
def _asked(table: Table, order: tuple[str, ...], on_postgresql: bool) -> str:  # noqa: FBT001
    columns = ", ".join(_as_stored(column, on_postgresql=on_postgresql) for column in table.columns)
    return f"SELECT {columns} FROM {table.name} ORDER BY {', '.join(order)}"  # noqa: S608  (names of the schema)


def _plain(value: Any) -> str | int:  # noqa: ANN401  (whatever is stored)
    if isinstance(value, bytes):
        return value.hex()
    return value if isinstance(value, int) else str(value)


def _as_stored(column: Column[Any], *, on_postgresql: bool) -> str:
    if on_postgresql and isinstance(column.type, Shape):
        return f"ST_AsEWKB({column.name})"
    if on_postgresql and isinstance(column.type, Day):
        return f"to_char({column.name}, 'YYYY-MM-DD')"
    return column.name
