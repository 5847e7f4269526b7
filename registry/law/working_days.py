"""Which days are working days in China, and how far does anybody know? The yearly notices of the State Council, as data.

The days off and the make-up days of each year come from `chinesecalendar`, which carries the notices of 2004 and later. A
year whose notice it does not have is counted by Saturdays and Sundays alone, and the answer says that it is not sure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

import chinese_calendar

if TYPE_CHECKING:
    from datetime import date

_DAY = timedelta(days=1)
_SATURDAY = 5
_TEN_YEARS = 4_000


@dataclass(frozen=True, slots=True)
class Reached:
    """A day that was counted to; `sure` is false where the notice of a year on the way is not known."""

    day: date
    sure: bool


def working_days_after(start: date, count: int) -> Reached:
    """The last of so many working days; the first day is not counted.

    >>> from datetime import date
    >>> working_days_after(date(2024, 9, 27), 3)  # Sunday the 29th is worked, 1 to 7 October are not
    Reached(day=datetime.date(2024, 10, 8), sure=True)
    """
    day, sure, left = start, True, count
    while left > 0:
        day += _DAY
        worked, known = _worked(day)
        sure = sure and known
        left -= worked
    return Reached(day, sure)


def not_on_a_day_off(day: date) -> Reached:
    """The day itself, or the first working day after it where it is none.

    >>> from datetime import date
    >>> not_on_a_day_off(date(2024, 10, 5)), not_on_a_day_off(date(2024, 10, 8))
    (Reached(day=datetime.date(2024, 10, 8), sure=True), Reached(day=datetime.date(2024, 10, 8), sure=True))
    """
    sure = True
    while True:
        worked, known = _worked(day)
        sure = sure and known
        if worked:
            return Reached(day, sure)
        day += _DAY


@lru_cache(maxsize=_TEN_YEARS)
def _worked(day: date) -> tuple[bool, bool]:
    """Whether a day is worked, and whether a notice says so."""
    try:
        return bool(chinese_calendar.is_workday(day)), True
    except NotImplementedError:  # what it raises for a year without a notice
        return day.weekday() < _SATURDAY, False
