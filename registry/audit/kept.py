"""Are the delivered rows that are kept beside the rights still as they were written?

A batch carries a keyed mark over its row and records, and a record opens in its own place only: whoever edits or removes
one without the key is found. Batches that came with an act are committed in the log (`beside`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.audit.rows import disagreement
from registry.records import altered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Connection

    from registry.ledger.check import Disagreement
    from registry.store.keys import Vault


def judge_kept(connection: Connection, vault: Vault) -> Iterator[Disagreement]:
    """Every record and batch that was altered, removed or put in."""
    for table, key in altered(connection, vault):
        zh, en = "原交付记录被改动或缺少", "a delivered record was altered or is missing"
        yield disagreement(table, key, None, ("sealed",), zh, en)
