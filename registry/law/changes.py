"""What is different between the law of two days: which rules began, ended, or say something else?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from registry.law.book import Book, Rule


@dataclass(frozen=True, slots=True)
class Change:
    """One rule on two days; `before` or `after` is None where it was not in force. `parameters`: names whose value differs."""

    rule: str
    before: Rule | None
    after: Rule | None
    parameters: tuple[str, ...]


def changes(book: Book, before: date, after: date, place: str | None = None) -> tuple[Change, ...]:
    """Every rule whose version on `after` is another than on `before`, in the order of the book. UnknownPlaceError."""
    old = {version.id: version for version in book.in_force(before, place)}
    new = {version.id: version for version in book.in_force(after, place)}
    return tuple(
        Change(rule, old.get(rule), new.get(rule), _values(old.get(rule), new.get(rule)))
        for rule in book.ids()
        if old.get(rule) != new.get(rule)
    )


def _values(old: Rule | None, new: Rule | None) -> tuple[str, ...]:
    if old is None or new is None:
        return ()
    before = {p.name: p.value for p in old.parameters}
    after = {p.name: p.value for p in new.parameters}
    return tuple(sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name)))
