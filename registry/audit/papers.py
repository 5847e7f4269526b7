"""Is each row that no entry commits as it was written: the log of papers, breaches, who waits at the police desk, what
collectives wrote back, whom bureaus serve, who has an account and what was granted to it, evidence, public notices, the outbox?

What is sealed in such a row opens under its own values only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry import breaches, waiting
from registry.accounts import tables as accounts
from registry.audit.rows import disagreement, stored
from registry.evidence.model import EVIDENCE
from registry.membership_queries import MEMBERSHIP_ANSWER
from registry.notices import model as notices
from registry.papers import PAPER, opened
from registry.service_reports import tables as service_reports
from registry.store.keys import SealBrokenError
from registry.store.sealing import opened_row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Connection

    from registry.ledger.check import Disagreement
    from registry.store.keys import Vault


def judge_papers(connection: Connection, vault: Vault) -> Iterator[Disagreement]:
    """Every row of which a column was edited. One that was taken out is not missed: no entry commits it."""
    of_people = (*waiting.TABLES, MEMBERSHIP_ANSWER, *service_reports.TABLES)
    beside = (*of_people, *breaches.TABLES, *accounts.TABLES, EVIDENCE, *notices.TABLES)
    for table in (PAPER, *beside):
        for row in stored(connection, table):
            try:
                opened(vault, row) if table is PAPER else opened_row(vault, table, row)
            except (SealBrokenError, ValueError, TypeError):
                zh, en = "这一行被改动: 封存的部分打不开", "this row was edited: what is sealed in it does not open"
                yield disagreement(table, row, row.get("event_idx"), ("sealed",), zh, en)
