"""Is every paper and photograph that came in as evidence still there, and still the one that was kept?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from registry import sources
from registry.audit.rows import disagreement
from registry.evidence.model import EVIDENCE
from registry.store.keys import SealBrokenError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Connection

    from registry.ledger.check import Disagreement
    from registry.store.engines import Store


def judge_evidence(store: Store, connection: Connection) -> Iterator[Disagreement]:
    """Every piece whose file is gone, does not open, or is another; each file is read once."""
    query = sa.select(EVIDENCE.c.content_hash).distinct().order_by(EVIDENCE.c.content_hash)
    for content_hash in connection.scalars(query):
        name = bytes(content_hash).hex()
        try:
            sources.open_source(store, name)
        except (sources.SourceMissingError, SealBrokenError):
            zh, en = "材料的文件不见了或被改动: 从备份恢复", "its file is gone or was altered: restore it from a backup"
            yield disagreement(EVIDENCE, {"original_hash": content_hash}, None, ("content_hash",), f"{name}: {zh}", f"{name}: {en}")
