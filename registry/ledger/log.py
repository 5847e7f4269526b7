"""How long is the log, what is its root, and how long was it at an instant?

No entry names a tree root: the root is computed from the stored leaf hashes, after COMMIT, and kept in memory as far as
it was computed.
"""

from __future__ import annotations

import datetime as dt
from base64 import b64encode
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

import orjson
import sqlalchemy as sa

from registry.errors import SanquanError
from registry.ledger import read
from registry.ledger.merkle import Tree
from registry.ledger.tables import LEDGER_ENTRY
from registry.store.asking import Question, ask

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from registry.store.asking import Rows
    from registry.store.engines import Store

_STATE = sa.alias(LEDGER_ENTRY)
# A service reads from several threads; two that extend one tree at once would leave every root after it wrong.
_EXTENDING = Lock()
# When the last of so many entries was recorded, and the last state among them.
LAST = Question(sa.select(
    LEDGER_ENTRY.c.recorded_at,
    sa.select(_STATE.c.leaf)
    .where(_STATE.c.cls == sa.literal_column("'S'"), _STATE.c.idx <= sa.bindparam("last"))
    .order_by(_STATE.c.idx.desc())
    .limit(1)
    .scalar_subquery(),
).where(LEDGER_ENTRY.c.idx == sa.bindparam("last")))


class InstantMalformedError(SanquanError):
    """Raised when an instant is not ISO 8601 with a time zone, or a size lies beyond the log."""

    def __init__(self, given: str) -> None:
        """What was given."""
        super().__init__(
            f"“{given}”不是时刻或账本条数: 写成 2026-11-25T08:00:00Z 或一个不超过账本条数的数",
            f"“{given}” is no instant and no size of the log: write 2026-11-25T08:00:00Z, or a number within the log",
        )


@dataclass(frozen=True, slots=True)
class LogHead:
    """The log at a size: its Merkle root (base64), the last state root (b64u), when its last entry was recorded."""

    size: int
    root: str
    st: str
    recorded_at: str


def head_of(store: Store, connection: Connection, size: int | None = None) -> LogHead:
    """The log at a size (None: now). InstantMalformedError when it is not that long."""
    wanted = tree_of(store, connection).size if size is None else size
    return head_in(store, connection, wanted, ask(connection, LAST, {"last": wanted - 1}))


def head_in(store: Store, connection: Connection, size: int, last: Rows) -> LogHead:
    """`head_of` where LAST was asked together with other questions: with "last", the index before the size."""
    tree = tree_of(store, connection, size)
    if not 0 < size <= tree.size:
        raise InstantMalformedError(str(size))
    ((recorded_at, state),) = last
    return LogHead(size, b64encode(tree.root(size)).decode(), orjson.loads(state)["st"], recorded_at)


def size_at(connection: Connection, instant: str) -> int:
    """How many entries had been recorded at an instant; both ends count (an entry of that very second is known)."""
    try:
        when = dt.datetime.fromisoformat(instant)
    except ValueError as malformed:
        raise InstantMalformedError(instant) from malformed
    if when.tzinfo is None:
        raise InstantMalformedError(instant)
    found = read.size_at(connection, when)
    if found == 0:
        raise InstantMalformedError(instant)
    return found


def tree_of(store: Store, connection: Connection, size: int | None = None) -> Tree:
    """The tree in memory, with the entries that it lacks for a size (None: all there are)."""
    with _EXTENDING:
        tree: Tree = store.trees.setdefault("log", Tree())
        return tree if size is not None and size <= tree.size else read.catch_up(connection, tree)
