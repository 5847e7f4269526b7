"""Are the delivered rows that are kept beside the rights, and the log of what was made, still as they were written?

A batch carries a keyed mark over its row and records, a record opens in its own place only, and a making cites the one
before it: whoever edits or removes one without the key is found. The last making alone can go unseen, until another
follows it; batches that came with an act are committed in the log (`beside`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.audit.rows import disagreement
from registry.makings import MAKING, broken
from registry.records import altered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Connection

    from registry.ledger.check import Disagreement
    from registry.store.keys import Vault


def judge_kept(connection: Connection, vault: Vault) -> Iterator[Disagreement]:
    """Every record, batch and making that was altered, removed or put in."""
    for table, key in altered(connection, vault):
        zh, en = "原交付记录被改动或缺少", "a delivered record was altered or is missing"
        yield disagreement(table, key, None, ("sealed",), zh, en)
    for number in broken(connection, vault):
        zh, en = "出件记录被改动或缺少", "a line of the log of makings was altered or is missing"
        yield disagreement(MAKING, {"id": number}, None, ("sealed",), zh, en)
