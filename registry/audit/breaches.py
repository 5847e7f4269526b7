"""Is each recorded breach as it was written? What is sealed in it opens under its own values only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry import breaches
from registry.audit.rows import disagreement, stored
from registry.store.keys import SealBrokenError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Connection

    from registry.ledger.check import Disagreement
    from registry.store.keys import Vault


def judge_breaches(connection: Connection, vault: Vault) -> Iterator[Disagreement]:
    """Every row of which a column was edited. One that was taken out is not missed: no entry commits it."""
    for table in breaches.TABLES:
        for row in stored(connection, table):
            try:
                breaches.opened(vault, table, row)
            except (SealBrokenError, ValueError, TypeError):
                zh, en = "这一行被改动: 封存的部分打不开", "this row was edited: what is sealed in it does not open"
                yield disagreement(table, row, None, ("sealed",), zh, en)
