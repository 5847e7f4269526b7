"""Who looked at one person's data, as that person is told it, one sentence each; and at whom was looked since an instant?"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from registry.looks.model import LOOK
from registry.looks.words import SAID
from registry.store.sealing import opened_row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.looks.words import What
    from registry.store.engines import Store

MOST = 1000
_CHINA = dt.timezone(dt.timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Look:
    """One row, open. `at` is UTC to the second; `purpose` is "" where nobody said one."""

    seq: int
    at: str
    what: What
    officer: str
    bureau: str
    purpose: str

    @property
    def day(self) -> str:
        """The day in China."""
        at = dt.datetime.strptime(self.at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=dt.UTC)
        return at.astimezone(_CHINA).date().isoformat()

    @property
    def zh(self) -> str:
        """As it is read to the person."""
        who = " ".join(word for word in (self.bureau, self.officer) if word)
        return f"{self.day} {who} {SAID[self.what][0]}, {f'理由: {self.purpose}' if self.purpose else '没有写理由'}"

    @property
    def en(self) -> str:
        """The same in English."""
        who = ", ".join(word for word in (self.officer, self.bureau) if word)
        return f"{self.day}: {who} {SAID[self.what][1]}; {f'reason: {self.purpose}' if self.purpose else 'no reason was given'}"


class Seen(NamedTuple):
    """One row as the supervision bureau is told it: `whom` is the id of a person, the hash of a paper, or ""."""

    seq: int
    at: str
    whom: str
    what: What
    officer: str
    bureau: str
    purpose: str


def is_begun(store: Store) -> bool:
    """Whether anything can have been written: the embedded engine's file comes with the first look."""
    return store.on_postgresql or store.settings.looks.exists()


def looks(store: Store, whom: Sequence[str]) -> list[Look]:
    """Who looked at one person (by every id of theirs), newest first, at most `MOST`. SealBrokenError."""
    query = sa.select(LOOK).where(LOOK.c.whom.in_(list(whom))).order_by(LOOK.c.seq.desc()).limit(MOST)
    if not is_begun(store):
        return []
    with store.reading_looks() as connection:
        return [_opened(store, dict(row)) for row in connection.execute(query).mappings()]


def seen_since(store: Store, at: str, what: What | None = None) -> list[Seen]:
    """Every row since an instant (UTC, to the second), or those of one word, oldest first. SealBrokenError."""
    query = sa.select(LOOK).where(LOOK.c.at >= at).order_by(LOOK.c.seq)
    if not is_begun(store):
        return []
    with store.reading_looks() as connection:
        rows = connection.execute(query if what is None else query.where(LOOK.c.what == what)).mappings().all()
    opened = ((row["whom"], _opened(store, dict(row))) for row in rows)
    return [Seen(one.seq, one.at, whom, one.what, one.officer, one.bureau, one.purpose) for whom, one in opened]


def _opened(store: Store, row: dict[str, Any]) -> Look:
    told = opened_row(store.vault, LOOK, row)
    return Look(row["seq"], row["at"], row["what"], told["officer"], told["bureau"], told["purpose"])
