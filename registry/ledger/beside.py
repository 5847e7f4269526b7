"""How is a row committed that an act or event brings beside its versions: a party, an identity, a unit, a share?

By one digest over its table and every column, ciphertext included. The digests stand in the entry's own fields
(`act.rows`, `rows` of `event.facts`), so that whoever edits such a row, or takes one out, is named by the audit.
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import TYPE_CHECKING, Any

import orjson

from registry.ledger.entry import b64u

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Table


def row_digest(table: Table, row: Mapping[str, Any]) -> str:
    """SHA-256 (b64u) over the table's name and the values of its columns, in their order; bytes as hexadecimal."""
    name, columns = _shape(table)
    values: list[Any] = [name]
    for column in columns:
        value = row.get(column)
        values.append(bytes(value).hex() if isinstance(value, (bytes, memoryview)) else value)
    return b64u(hashlib.sha256(orjson.dumps(values)).digest())


@cache
def _shape(table: Table) -> tuple[str, tuple[str, ...]]:
    return str(table.name), tuple(str(column.name) for column in table.columns)


def row_digests(rows: Iterable[tuple[Table, Mapping[str, Any]]]) -> list[str]:
    """The digests of several rows, sorted: their order says nothing."""
    return sorted(row_digest(table, row) for table, row in rows)
