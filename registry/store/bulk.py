"""How are rows written fast: many by COPY on PostgreSQL, few together in one travel; by one statement on the embedded file?

Never the ORM: a delivery of 100,000 parcels is one transaction of some 500,000 rows. And a step of a case writes ten rows while
everybody else waits for the append lock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, cast

from gis.storage.shape import Shape
from registry.store.asking import writes_nothing
from registry.store.types import Bytes, Day, Whole, Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Table
    from sqlalchemy.engine import Connection

# COPY is refused on a table with row security, so the log itself is filled by INSERT.
_ROW_SECURITY = {"ledger_entry"}
_FEW = 50
"""COPY is two travels to the database; as many rows as this are sooner there by INSERT, with those of other tables."""
# A shape is hexadecimal EWKB, which PostGIS takes as text.
_ARRAY = {type(Whole): "bigint", type(Words): "text", Bytes: "bytea", Day: "date", Shape: "text"}
Insert: TypeAlias = "tuple[Table, Sequence[str], Sequence[Sequence[Any]]]"
"""A table, the names of columns, and rows of plain values (text, whole numbers, bytes, None; days as text; geometry as blob or
EWKB).
"""


def insert_rows(connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Append rows to one table."""
    insert_all(connection, [(table, columns, rows)])


def insert_all(connection: Connection, inserts: Iterable[Insert]) -> None:
    """Append rows to several tables, in this order. AssertionError where the session said that it writes nothing."""
    if writes_nothing(connection):
        raise AssertionError
    if connection.dialect.name == "sqlite":
        cursor = connection.connection.cursor()
        for table, columns, rows in inserts:
            marks = ",".join("?" * len(columns))
            cursor.executemany(f"INSERT INTO {table.name} ({','.join(columns)}) VALUES ({marks})", rows)  # noqa: S608
        return
    together: list[tuple[str, list[str]]] = []
    for table, columns, rows in inserts:
        if not rows:
            continue
        names = ",".join(f'"{column}"' for column in columns)
        if len(rows) <= _FEW or table.name in _ROW_SECURITY:
            # One statement: rows come one after the other, each guard sees those before it, and nothing is said 500 times.
            marks = ",".join(f"${n}::{_ARRAY[type(table.c[column].type)]}[]" for n, column in enumerate(columns, 1))
            lists = [_array(column) for column in zip(*rows, strict=True)]
            together.append((f"INSERT INTO {table.name} ({names}) SELECT * FROM unnest({marks})", lists))  # noqa: S608
            continue
        _carry_out(connection, together)
        together = []
        with connection.connection.cursor().copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    _carry_out(connection, together)


def _carry_out(connection: Connection, statements: list[tuple[str, list[str]]]) -> None:
    if statements:
        from registry.store import travelling  # noqa: PLC0415  (a registry on the embedded file loads no driver of PostgreSQL)

        travelling.carried_out(cast("Any", connection.connection.driver_connection), statements)


def _array(values: Iterable[Any]) -> str:
    """PostgreSQL's own text for an array: the driver's way to it costs a search for what needs an escape in each leaf."""
    return "{" + ",".join([_element(value) for value in values]) + "}"


def _element(value: Any) -> str:  # noqa: ANN401  (text, a whole number, bytes or None)
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        return f'"\\\\x{value.hex()}"'
    if isinstance(value, int):
        return str(value)
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
