"""Who looked at one person's data, as that person is told it, one sentence each; and at whom was looked since an instant?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from registry import masks
from registry.china import day_of
from registry.looks.model import LOOK, PLACE
from registry.looks.words import SAID
from registry.store.sealing import opened_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from registry.looks.words import What
    from registry.store.engines import Store

MOST = 1000
_DIGITS = (6, 9, 12, 14, 18)
"""Of a banner's code, a town's, a village's, an issuer's, a household's: each begins with the one before it."""


@dataclass(frozen=True, slots=True)
class Look:
    """One row, open. `at` is UTC to the second; `purpose` is "" where nobody said one.

    `place`: the code of the place of which everybody was looked at together; "" where it was this person alone.
    """

    seq: int
    at: str
    what: What
    officer: str
    bureau: str
    purpose: str
    place: str = ""

    @property
    def day(self) -> str:
        """The day in China."""
        return day_of(self.at).isoformat()

    @property
    def zh(self) -> str:
        """As it is read to the person."""
        who = " ".join(word for word in (self.bureau, self.officer) if word)
        where = f"({self.place})" if self.place else ""
        return f"{self.day} {who} {SAID[self.what][0]}{where}, {f'理由: {self.purpose}' if self.purpose else '没有写理由'}"

    @property
    def en(self) -> str:
        """The same in English."""
        who = ", ".join(word for word in (self.officer, self.bureau) if word)
        where = f" ({self.place})" if self.place else ""
        why = f"reason: {self.purpose}" if self.purpose else "no reason was given"
        return f"{self.day}: {who} {SAID[self.what][1]}{where}; {why}"


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


def looks(store: Store, whom: Sequence[str], codes: Iterable[str] = ()) -> list[Look]:
    """Who looked at one person (by every id of theirs), newest first, at most `MOST`; SealBrokenError.

    `codes`: of the collectives and households to which they belong or belonged. Then also who looked at everybody there, or in
    the village, town or banner around it; at most `MOST` of these besides, so that lists never push out what was one's own.
    """
    if not is_begun(store):
        return []
    places = {PLACE + code[:digits] for code in codes for digits in _DIGITS if len(code) >= digits}
    with store.reading_looks() as connection:
        found = [
            _opened(store, dict(row))
            for keys in (list(whom), sorted(places))
            for row in connection.execute(
                sa.select(LOOK).where(LOOK.c.whom.in_(keys)).order_by(LOOK.c.seq.desc()).limit(MOST)
            ).mappings()
        ]
    return sorted(found, key=lambda look: look.seq, reverse=True)


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
    purpose = masks.without_numbers(told["purpose"])
    return Look(row["seq"], row["at"], row["what"], told["officer"], told["bureau"], purpose, _place(row))


def _place(row: dict[str, Any]) -> str:
    whom = str(row["whom"])
    return whom.removeprefix(PLACE) if whom.startswith(PLACE) else ""
