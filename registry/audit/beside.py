"""Are the rows that acts and events bring beside their versions still the ones that the log committed?

Parties, identities, organisations, units, shares, prices of exits, event rows, cases and their steps: each has its digest in
its entry. A row that was edited fails, and so does one that was taken out. Papers kept outside an act (`sources.keep`) are
named by their content instead, and delivered batches that came without one by their keyed mark (`kept`).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from registry.audit.rows import disagreement, stored
from registry.case_files import CASE_FILE, CASE_STEP, CASE_SUBJECT
from registry.ledger.beside import row_digest
from registry.ledger.tables import LEDGER_ENTRY, SOURCE
from registry.membership_queries import MEMBERSHIP_QUERY
from registry.paid_exits import PAID_EXIT
from registry.particulars import PARTICULARS
from registry.parties import ORGANISATION, PARTY, PERSON_IDENTITY
from registry.records import DELIVERED_BATCH
from registry.residence import ACTUAL_RESIDENCE, HOUSEHOLD_EVENT
from registry.rights.model import ALLOTMENT_LINE, ALLOTMENT_SEALED, BA_UNIT
from registry.same_person import SAME_PERSON

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Connection

    from registry.audit.log import Log
    from registry.audit.openings import Opened
    from registry.ledger.check import Disagreement

# The column by which a row cites its entry; a party cites none.
_CITES = {
    PERSON_IDENTITY: "entry_idx",
    ORGANISATION: "entry_idx",
    BA_UNIT: "cause_idx",
    ALLOTMENT_LINE: "cause_idx",
    ALLOTMENT_SEALED: "cause_idx",
    PAID_EXIT: "cause_idx",
    HOUSEHOLD_EVENT: "event_idx",
    ACTUAL_RESIDENCE: "event_idx",
    MEMBERSHIP_QUERY: "event_idx",
    SAME_PERSON: "event_idx",
    PARTICULARS: "event_idx",
    CASE_FILE: "entry_idx",
    CASE_STEP: "entry_idx",
    CASE_SUBJECT: "entry_idx",
    PARTY: None,
    SOURCE: None,
    DELIVERED_BATCH: None,
}
_ALSO_OUTSIDE_ACTS = (SOURCE, DELIVERED_BATCH)


def judge_beside(connection: Connection, log: Log, opened: Opened) -> Iterator[Disagreement]:
    """Every such row that no entry committed as it stands, then every entry that misses one."""
    committed = {idx: found for idx, fields in opened.fields.items() if (found := _committed(log, idx, fields))}
    missing = {idx: Counter(digests) for idx, digests in committed.items()}
    anywhere = {digest: idx for idx, digests in committed.items() for digest in digests}
    # What was erased can't be asked: a row that cites such an entry is passed over.
    silent = {idx for idx in log.entries if idx not in committed and log.entries[idx].cls in {"R", "H", "C"}}
    for table, cites in _CITES.items():
        for row in stored(connection, table):
            digest = row_digest(table, row)
            idx = anywhere.get(digest)
            if idx is not None and missing[idx][digest] > 0 and (cites is None or row[cites] == idx):
                missing[idx][digest] -= 1
            elif table not in _ALSO_OUTSIDE_ACTS and not (row[cites] in silent if cites is not None else silent):
                zh, en = "这一行不是账目所载的那一行", "this row is not the one that its entry committed"
                yield disagreement(table, row, None if cites is None else row[cites], ("row",), zh, en)
    for idx, left in missing.items():
        if left.total():
            zh = f"这一条带来的 {left.total()} 行不见了或被改动"
            en = f"{left.total()} rows that this entry brought are gone or altered"
            yield disagreement(LEDGER_ENTRY, {"idx": idx}, idx, ("act.rows",), zh, en)


def _committed(log: Log, idx: int, fields: dict[str, object]) -> list[str]:
    cls = log.entries[idx].cls
    if cls in {"R", "C"}:
        rows = fields.get("act.rows" if cls == "R" else "step.rows")
    else:
        facts = fields.get("event.facts")
        rows = facts.get("rows") if isinstance(facts, dict) else None
    return [str(digest) for digest in rows] if isinstance(rows, list) else []
