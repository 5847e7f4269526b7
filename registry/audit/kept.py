"""Are the delivered rows that are kept beside the rights still those that were delivered?

They are not in the log; each batch carries a keyed mark over its records, so whoever edits or removes one without the key
is found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.audit.rows import disagreement
from registry.records import DELIVERED_BATCH, altered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Connection

    from registry.ledger.check import Disagreement
    from registry.store.keys import Vault


def judge_kept(connection: Connection, vault: Vault) -> Iterator[Disagreement]:
    """Every batch whose records were altered, removed or added to."""
    for batch_id, part in altered(connection, vault):
        zh, en = f"{part} 的原交付记录被改动或缺少", f"delivered records of {part} were altered or are missing"
        yield disagreement(DELIVERED_BATCH, {"id": batch_id}, None, ("mark",), zh, en)
