"""How is what is personal in a row sealed so that the row can't be edited around it?

The seal is bound to the table's name and to every other column of the row: where one was edited, it does not open.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Table

    from registry.store.keys import Vault


def sealed_row(vault: Vault, table: Table, row: Mapping[str, Any], value: Mapping[str, Any], nonce: bytes) -> bytes:
    """What goes into the column `sealed` of a row that has all its other columns."""
    return vault.seal(json.dumps(value, ensure_ascii=False).encode(), _place(table, row), nonce)


def opened_row(vault: Vault, table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """What was sealed in a row; SealBrokenError where any column of it was edited."""
    found: dict[str, Any] = json.loads(vault.open(bytes(row["sealed"]), _place(table, row)))
    return found


def _place(table: Table, row: Mapping[str, Any]) -> bytes:
    names = [column.name for column in table.columns if column.name != "sealed"]
    values = [bytes(v).hex() if isinstance(v := row[name], (bytes, memoryview)) else v for name in names]
    return f"{table.name}/".encode() + json.dumps(values, ensure_ascii=False).encode()
