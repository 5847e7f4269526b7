"""How does a story end? With its entries in the log, which a stranger replays from a file, and with every row as they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from registry.audit import audit
from registry.case_files import CASE_STEP
from registry.ledger.read import leaves
from registry.ledger.tables import LEDGER_ENTRY
from registry.ledger.verify.replay import replay

if TYPE_CHECKING:
    from pathlib import Path

    from registry.store.engines import Store


def ending(store: Store, folder: Path) -> list[str]:
    """What each entry of the log is, in order: "R leased" of an act, "H hukou-moved" of an event, "C noticed" of a case's step.

    Only once the exported leaves were replayed by their file alone and an audit found nothing.
    """
    exported = folder / "log.txt"
    with store.reading() as connection:
        exported.write_bytes(b"".join(leaf + b"\n" for leaf in leaves(connection)))
        row = LEDGER_ENTRY.c
        entries = connection.execute(sa.select(row.cls, row.kind, row.idx).order_by(row.idx)).all()
        steps = {row.entry_idx: row.step for row in connection.execute(sa.select(CASE_STEP.c.entry_idx, CASE_STEP.c.step))}
    with exported.open("rb") as lines:
        report = replay(line.rstrip(b"\n") for line in lines)
    assert report.ok, report
    assert report.size == len(entries)
    assert audit(store).findings == ()
    return [f"{cls} {kind or steps.get(idx, '')}".strip() for cls, kind, idx in entries]


def steps(entries: list[str]) -> list[str]:
    """The steps of cases among these entries."""
    return [entry.removeprefix("C ") for entry in entries if entry.startswith("C ")]
