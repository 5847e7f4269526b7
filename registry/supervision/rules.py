"""By which dated parameters are the lists of the supervision bureau made, on a day?"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from registry.law.book import book

ODD_LOOKS, SAMPLE = "STAT/odd-looks", "STAT/monthly-sample"


@dataclass(frozen=True, slots=True)
class Rules:
    """`listed_days`: how far back the lists go. `persons_a_day`: an officer who reads more people is listed.

    `opens`, `closes`: office hours in China, "HH:MM". `times_one_person` within `listed_days`: looked at again and again.
    `drawn`: families a month.
    """

    listed_days: int
    persons_a_day: int
    opens: str
    closes: str
    times_one_person: int
    drawn: int


def rules_on(day: str) -> Rules:
    """The parameters in force on a day. RuleNotInForceError."""
    on, read = dt.date.fromisoformat(day), book()
    opens, closes = read.words(ODD_LOOKS, "office_hours", on)
    return Rules(
        listed_days=read.whole(ODD_LOOKS, "listed_days", on),
        persons_a_day=read.whole(ODD_LOOKS, "persons_a_day", on),
        opens=opens,
        closes=closes,
        times_one_person=read.whole(ODD_LOOKS, "times_one_person", on),
        drawn=read.whole(SAMPLE, "families_drawn", on),
    )
