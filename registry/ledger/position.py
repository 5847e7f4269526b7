"""Where does the log end, and what must the next entry agree with?"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from registry.ledger.tables import LEDGER_ENTRY
from registry.store.asking import Question, ask

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


# The word 'S' stands in it, so that the index of states answers. Entry 0 is a state: there is always one.
_STATE = LEDGER_ENTRY.alias()
_NEWEST_STATE = sa.select(_STATE.c.leaf).where(_STATE.c.cls == sa.literal_column("'S'")).order_by(_STATE.c.idx.desc()).limit(1)
END = Question(
    sa.select(LEDGER_ENTRY.c.idx, LEDGER_ENTRY.c.leaf, LEDGER_ENTRY.c.recorded_at, _NEWEST_STATE.scalar_subquery())
    .order_by(LEDGER_ENTRY.c.idx.desc())
    .limit(1)
)


@dataclass(slots=True)
class Position:
    """The end of the log: the next index, the last `at`, the last second, the last state root."""

    size: int
    at: str | None
    recorded_at: str
    st: str | None


def position(connection: Connection) -> Position:
    """Where the log ends."""
    last = ask(connection, END, {})
    if not last:
        return Position(0, None, "", None)
    idx, leaf, recorded_at, state = last[0]
    return Position(idx + 1, json.loads(leaf)["at"], recorded_at, json.loads(state)["st"])


def second(previous: str, now: dt.datetime) -> str:
    """The moment of recording, to the second; never before the one recorded last (a clock may be set back)."""
    return max(previous, now.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))


def seal_place(subject: bytes, path: str) -> bytes:
    """Where a sealed value belongs: it opens under no other digest and no other path."""
    return subject + path.encode()
