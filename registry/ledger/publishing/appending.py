"""How do a change of keys and a state that nothing changed get onto the log?

Neither makes a version. Acts go through `registry.ledger.commit`, events through `registry.ledger.status`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from registry.errors import SanquanError
from registry.ledger.entry import hour, k_leaf, s_leaf
from registry.ledger.merkle import leaf_hash
from registry.ledger.position import position, second
from registry.ledger.tables import LEDGER_ENTRY
from registry.store.bulk import insert_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy.engine import Connection

    from registry.ledger.position import Position
    from registry.store.engines import Store

_ENTRY = ("idx", "cls", "kind", "leaf", "leaf_hash", "recorded_at", "closed_by", "closes")
ENDS = frozenset({"S", "H"})
"""What the last entry under a checkpoint may be: it carries the state root."""


class PositionMovedError(SanquanError):
    """Raised when somebody wrote between judging a loss and naming it."""

    def __init__(self, judged: int, now: int) -> None:
        """Where the log ended, and where it ends."""
        super().__init__(
            f"账本刚才有 {judged} 条, 现在有 {now} 条: 有别的程序在写, 停掉它再来",
            f"the log had {judged} entries a moment ago and has {now}: stop what else is writing, then try again",
        )


def append_keys(store: Store, lines: Sequence[str], judge: Callable[[Connection], None] | None = None) -> int:
    """Append one K entry with these lines; its index. The next publication puts the state after it.

    `judge` is asked under the append lock, before anything is written; what it raises leaves the log as it was.
    """
    with store.writing("desk") as connection:
        if judge is not None:
            judge(connection)
        end = position(connection)
        now = store.clock()
        _append(connection, end, "K", k_leaf(hour(end.at, now), lines), second(end.recorded_at, now))
        connection.commit()
    return end.size


def append_loss(store: Store, first: int, lines: Sequence[str]) -> None:
    """Append the K that names a loss as entry `first` and the state once more, both or neither. PositionMovedError."""
    with store.writing("desk") as connection:
        end = position(connection)
        if end.size != first:
            raise PositionMovedError(first, end.size)
        now = store.clock()
        at, recorded_at = hour(end.at, now), second(end.recorded_at, now)
        _append(connection, end, "K", k_leaf(at, lines), recorded_at)
        _append(connection, replace(end, size=end.size + 1), "S", s_leaf(at, end.st or ""), recorded_at)
        connection.commit()


def end_with_a_state(store: Store) -> int:
    """The size of the log, which ends with an S or an H: after a K, E or C the state before is said once more."""
    with store.reading() as connection:
        end = position(connection)
        if _last_class(connection, end) in ENDS:
            return end.size
    with store.writing("desk") as connection:
        end = position(connection)
        # Somebody may have ended it with a state since: two states side by side are no harm.
        now = store.clock()
        _append(connection, end, "S", s_leaf(hour(end.at, now), end.st or ""), second(end.recorded_at, now))
        connection.commit()
    return end.size + 1


def _last_class(connection: Connection, end: Position) -> str:
    return str(connection.scalar(sa.select(LEDGER_ENTRY.c.cls).where(LEDGER_ENTRY.c.idx == end.size - 1)))


def _append(connection: Connection, end: Position, cls: str, leaf: bytes, recorded_at: str) -> None:
    row = (end.size, cls, None, leaf.decode(), leaf_hash(leaf), recorded_at, None, None)
    insert_rows(connection, LEDGER_ENTRY, _ENTRY, [row])
