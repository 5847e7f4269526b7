"""How is a row committed that an act or event brings beside its versions: a party, an identity, a unit, a share?

By one digest over its table and every column, ciphertext included. The digests stand in the entry's own fields
(`act.rows`, `rows` of `event.facts`), so that whoever edits such a row, or takes one out, is named by the audit.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import orjson

from registry.ledger.entry import b64u

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Table


def row_digest(table: Table, row: Mapping[str, Any]) -> str:
    """SHA-256 (b64u) over the table's name and the values of its columns, in their order; bytes as hexadecimal."""
    values = [_plain(row.get(column.name)) for column in table.columns]
    return b64u(hashlib.sha256(orjson.dumps([table.name, *values])).digest())


def row_digests(rows: Iterable[tuple[Table, Mapping[str, Any]]]) -> list[str]:
    """The digests of several rows, sorted: their order says nothing."""
    return sorted(row_digest(table, row) for table, row in rows)


def _plain(value: Any) -> Any:  # noqa: ANN401  (a value of any column)
    return bytes(value).hex() if isinstance(value, (bytes, memoryview)) else value
