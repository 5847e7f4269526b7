"""Is the log of looks whole: every row as it was written, none put in, none gone, the newest neither?

A row whose seal does not open was edited, and is named. One that does open and carries another digest than that of the row
before it was written by somebody who has the key; its number is named. The head names how many there were.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from registry.ledger.check import Disagreement
from registry.looks import head
from registry.looks.model import FIRST, LOOK, digest
from registry.looks.reading import is_begun
from registry.store.keys import SealBrokenError
from registry.store.sealing import opened_row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.store.engines import Store

_BATCH = 10_000


def judge_looks(store: Store) -> Iterator[Disagreement]:
    """Every row that was altered or is missing, in the order of the chain."""
    try:
        stated = head.stated(store)  # before the rows: those that come meanwhile are more, never fewer
    except ValueError:
        yield _says(0, "“谁看过”的表头文件被改动", "the head of the log of looks was altered")
        stated = None
    before, seq, sound, of_head = FIRST, 0, True, None
    for row in _rows(store):
        opens = _opens(store, row)
        if row["seq"] != seq + 1:
            yield _says(seq + 1, f"第 {seq + 1} 到 {row['seq'] - 1} 条不见了", f"rows {seq + 1} to {row['seq'] - 1} are gone")
        elif sound and opens and bytes(row["before"]) != before:
            yield _says(row["seq"], "与前一条接不上", "it does not follow the row before it")
        if not opens:
            yield _says(row["seq"], "这一条被改动", "this row was altered")
        before, seq, sound = digest(row), row["seq"], opens
        if stated is not None and seq == stated.size:
            of_head = before
    if stated is None and seq:
        yield _says(seq, "缺少表头文件, 不知道后面还有没有", "the head is missing: whether more followed is not known")
    elif stated is not None and seq < stated.size:
        yield _says(seq + 1, f"第 {seq + 1} 到 {stated.size} 条不见了", f"rows {seq + 1} to {stated.size} are gone")
    elif stated is not None and of_head != stated.digest:
        yield _says(stated.size, "与表头所载的不同", "it is not the row that the head states")


def _rows(store: Store) -> Iterator[dict[str, Any]]:
    if not is_begun(store):
        return
    last = 0
    with store.reading_looks() as connection:
        while True:
            query = sa.select(LOOK).where(LOOK.c.seq > last).order_by(LOOK.c.seq).limit(_BATCH)
            rows = [dict(row) for row in connection.execute(query).mappings()]
            if not rows:
                return
            yield from rows
            last = rows[-1]["seq"]


def _opens(store: Store, row: dict[str, Any]) -> bool:
    try:
        opened_row(store.vault, LOOK, row)
    except SealBrokenError:
        return False
    return True


def _says(seq: int, zh: str, en: str) -> Disagreement:
    return Disagreement("look", (("seq", seq),), None, ("before",), zh, en)
