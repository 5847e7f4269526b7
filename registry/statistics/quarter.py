"""What stands on the one page that the leading group sees each quarter (plan III.1): aggregates, and breaches open and closed?"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from registry.errors import SanquanError
from registry.law.book import RuleNotInForceError, book

SHOWN = ("population", "transferred", "fiscal-base", "confirmation", "retained", "transfers", "exits", "breaches")
_FORM = re.compile(r"([0-9]{4})-([1-4])", re.ASCII)
_MONTHS = 3
LEADING_GROUP = "WS-2016/III.1"


class NoSuchQuarterError(SanquanError):
    """Raised when a quarter is malformed."""

    def __init__(self) -> None:
        """Show one."""
        super().__init__("季度这样写: 2026-3(2026 年第三季度)", "a quarter is written so: 2026-3 (the third of 2026)")


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter of a year, 1 to 4."""

    year: int
    number: int

    @property
    def last_day(self) -> str:
        """The day as of which its figures are.

        >>> Quarter(2026, 1).last_day, Quarter(2026, 4).last_day
        ('2026-03-31', '2026-12-31')
        """
        year, month = divmod(self.year * 12 + self.number * _MONTHS, 12)
        return (dt.date(year, month + 1, 1) - dt.timedelta(days=1)).isoformat()

    @property
    def before(self) -> Quarter:
        """The quarter before."""
        return Quarter(self.year, self.number - 1) if self.number > 1 else Quarter(self.year - 1, 4)

    @property
    def zh(self) -> str:
        """In Chinese words."""
        return f"{self.year} 年第 {self.number} 季度"

    @property
    def en(self) -> str:
        """In English words."""
        return f"quarter {self.number} of {self.year}"


def office(day: str) -> tuple[str, ...]:
    """Where the leading group has its office on a day, which hands the page round (III.1); nowhere before the plan."""
    try:
        return book().words(LEADING_GROUP, "bureaus", dt.date.fromisoformat(day))
    except RuleNotInForceError:
        return ()


def quarter(text: str) -> Quarter:
    """A quarter as it is written, "2026-3". Raises NoSuchQuarterError."""
    found = _FORM.fullmatch(text)
    if found is None or int(found[1]) < 1900:  # noqa: PLR2004  (the book's first year)
        raise NoSuchQuarterError
    return Quarter(int(found[1]), int(found[2]))
