"""Whose book decides about a right, when was the register last compared with it, and how is that said?

Read from the lines of `book_comparison`. A comparison is no entry of the log: an answer as known at a size of the log shows
the latest one made when the log was not longer, which is for ever the same once the log has gone on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from registry.china import day_of
from registry.rights.model import BOOK_COMPARISON, COMPARISON
from registry.store.among import among
from registry.store.asking import Question, ask

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from registry.store.asking import Rows

_BOOKS = {
    "realty-platform": ("不动产登记平台", "realty platform"),
    "contract-book": ("农牧局承包合同簿", "contract book"),
    "collective": ("集体台账", "the collective's book"),
}
_L, _C = BOOK_COMPARISON, COMPARISON
_OF_DESKS = ("realty-platform", "contract-book")
OF_RIGHTS = Question(
    sa.select(_L.c.right_id, _L.c.compared_at, _L.c.outcome)
    .join(_C, _C.c.compared_at == _L.c.compared_at)
    .where(among(_L.c.right_id, "rights"), _C.c.log_size <= sa.bindparam("known"))
    .order_by(_L.c.compared_at)
)
OF_BOOKS = Question(sa.select(_C.c.book, sa.func.max(_C.c.compared_at)).group_by(_C.c.book))
_NEWEST = Question(sa.select(sa.func.max(_C.c.compared_at)))


@dataclass(frozen=True, slots=True)
class Compared:
    """A day in China, and what it came to: equal, differs (in how many places), or absent from the book."""

    day: str
    outcome: str
    differences: int

    @property
    def words(self) -> tuple[str, str]:
        """一致, or how it differs."""
        if self.outcome == "equal":
            return "一致", "equal"
        if self.outcome == "absent":
            return "对方簿册里没有", "not in that book"
        places = "place" if self.differences == 1 else "places"
        return f"{self.differences} 处不一致", f"differs in {self.differences} {places}"


def last_compared(connection: Connection, right_ids: list[str], known_at: int) -> dict[str, Compared]:
    """The latest comparison of each right that had one."""
    return last_compared_in(ask(connection, OF_RIGHTS, {"rights": right_ids, "known": known_at}))


def last_compared_in(rows: Rows) -> dict[str, Compared]:
    """The answer to OF_RIGHTS: the latest comparison of each right that had one."""
    return {right_id: _compared(at, outcome) for right_id, at, outcome in rows}


def newest_comparison(connection: Connection) -> str:
    """When the register was last compared with any book; "" when it never was."""
    ((at,),) = ask(connection, _NEWEST, {})
    return at or ""


def foot_lines(connection: Connection) -> tuple[tuple[str, str], ...]:
    """Of each book that decides at a desk: when the register was last compared with it, and what that came to."""
    newest = dict[str, str](ask(connection, OF_BOOKS, {}))
    counted = sa.select(sa.func.count()).where(_L.c.compared_at == sa.bindparam("at"), _L.c.outcome != "equal")
    found = []
    for book in _OF_DESKS:
        at = newest.get(book)
        differing = 0 if at is None else connection.scalar(counted, {"at": at}) or 0
        found.append(head_line(book, None if at is None else _compared(at, f"differs {differing}" if differing else "equal")))
    return tuple(found)


def head_line(book: str, compared: Compared | None) -> tuple[str, str]:
    """What stands over a right, Chinese and English, so that no page looks as if it were the book itself.

    >>> head_line("realty-platform", Compared("2026-11-20", "differs", 2))[0]
    '权威登记簿: 不动产登记平台 · 本系统核对于 2026-11-20 · 2 处不一致'
    """
    zh, en = _BOOKS[book]
    if compared is None:
        return f"权威登记簿: {zh} · 未核对过", f"authoritative book: {en} · never compared"
    zh_said, en_said = compared.words
    return (
        f"权威登记簿: {zh} · 本系统核对于 {compared.day} · {zh_said}",
        f"authoritative book: {en} · compared on {compared.day} · {en_said}",
    )


def _compared(at: str, outcome: str) -> Compared:
    day = day_of(at).isoformat()
    word, _, count = outcome.partition(" ")
    return Compared(day, word, int(count or 0))
