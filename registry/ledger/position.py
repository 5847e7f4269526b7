"""Where does the log end, and what must the next entry agree with?"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


# As text: each act asks this first, and to build it as SQLAlchemy's expression took longer than to write the entry. The word
# 'S' stands in it, so that the index of states answers. Entry 0 is a state: there is always one.
_END = """SELECT idx, leaf, recorded_at, (SELECT leaf FROM ledger_entry WHERE cls = 'S' ORDER BY idx DESC LIMIT 1)
FROM ledger_entry ORDER BY idx DESC LIMIT 1"""


@dataclass(slots=True)
class Position:
    """The end of the log: the next index, the last `at`, the last second, the last state root."""

    size: int
    at: str | None
    recorded_at: str
    st: str | None


def position(connection: Connection) -> Position:
    """Where the log ends."""
    last = connection.exec_driver_sql(_END).first()
    if last is None:
        return Position(0, None, "", None)
    idx, leaf, recorded_at, state = last
    return Position(idx + 1, json.loads(leaf)["at"], recorded_at, json.loads(state)["st"])


def second(previous: str, now: dt.datetime) -> str:
    """The moment of recording, to the second; never before the one recorded last (a clock may be set back)."""
    return max(previous, now.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))


def seal_place(subject: bytes, path: str) -> bytes:
    """Where a sealed value belongs: it opens under no other digest and no other path."""
    return subject + path.encode()
