"""Where does the log end, and what must the next entry agree with?"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from registry.ledger.tables import LEDGER_ENTRY

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@dataclass(slots=True)
class Position:
    """The end of the log: the next index, the last `at`, the last second, the last state root."""

    size: int
    at: str | None
    recorded_at: str
    st: str | None


def position(connection: Connection) -> Position:
    """Where the log ends."""
    last = connection.execute(sa.select(LEDGER_ENTRY).order_by(LEDGER_ENTRY.c.idx.desc()).limit(1)).first()
    if last is None:
        return Position(0, None, "", None)
    # Entry 0 is a state: there is always one.
    state = connection.scalars(
        sa.select(LEDGER_ENTRY.c.leaf)
        .where(LEDGER_ENTRY.c.cls == sa.literal_column("'S'"))  # the word itself: so the index of states answers
        .order_by(LEDGER_ENTRY.c.idx.desc())
        .limit(1)
    ).one()
    return Position(last.idx + 1, json.loads(last.leaf)["at"], last.recorded_at, json.loads(state)["st"])


def second(previous: str, now: dt.datetime) -> str:
    """The moment of recording, to the second; never before the one recorded last (a clock may be set back)."""
    return max(previous, now.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))


def seal_place(subject: bytes, path: str) -> bytes:
    """Where a sealed value belongs: it opens under no other digest and no other path."""
    return subject + path.encode()
