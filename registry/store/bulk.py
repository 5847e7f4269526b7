"""How are many rows written fast: COPY on PostgreSQL, one prepared statement on the embedded file?

Never the ORM: a delivery of 100,000 parcels is one transaction of some 500,000 rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry.store.types import Bytes, Whole, Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Table
    from sqlalchemy.engine import Connection

# COPY is refused on a table with row security, so the log itself is filled by INSERT.
_ROW_SECURITY = {"ledger_entry"}
_FEW = 50
"""COPY is two travels to the database; as many rows as this are sooner there by one INSERT."""
_ARRAY = {type(Whole): "bigint", type(Words): "text", Bytes: "bytea"}


def insert_rows(connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Append rows of plain values (text, whole numbers, bytes, None; days as text; geometry as blob or EWKB)."""
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        marks = ",".join("?" * len(columns))
        cursor = connection.connection.cursor()
        cursor.executemany(f"INSERT INTO {table.name} ({','.join(columns)}) VALUES ({marks})", rows)  # noqa: S608
        return
    cursor = connection.connection.cursor()
    names = ",".join(f'"{column}"' for column in columns)
    types = [_ARRAY.get(type(table.c[column].type)) for column in columns]
    if table.name in _ROW_SECURITY or (len(rows) <= _FEW and all(types)):
        # One statement: rows come one after the other, each guard sees those before it, and nothing is said 500 times.
        marks = ",".join(f"%s::{each}[]" for each in types)
        lists = [_array(column) for column in zip(*rows, strict=True)]
        cursor.execute(f"INSERT INTO {table.name} ({names}) SELECT * FROM unnest({marks})", lists)  # noqa: S608
        return
    with cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


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
