"""Which dated parameters of the rule book do figures read on a day?"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from registry.law.book import RuleNotInForceError, book

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

T = TypeVar("T")

PLAN = "WS-2016/II.1.1"
SMALL_CELLS, VILLAGES, COINCIDENCES, PRICES = "STAT/small-cells", "STAT/village-codes", "STAT/coincidences", "STAT/prices"
ENDORSEMENT, RATIO, UNREGISTERED = "RP-663/10", "WS-2016/II.3.7", "SC-2015-96/categories"


@dataclass(frozen=True, slots=True)
class Ratio:
    """折算比例 on a day; `zh`, `en` say whether a document was found that sets it."""

    value: Fraction
    zh: str
    en: str

    @property
    def text(self) -> str:
        """As it stands in the rule book: a whole number or a fraction."""
        return str(self.value)


@dataclass(frozen=True, slots=True)
class Rules:
    """What figures of a day go by.

    `limit`: a cell with fewer people is hidden. `villages`: first and last number of villages in a division's code.
    `permit_months`: how long a permit holds without endorsement; None before Order 663. `since`: the plan's first day.
    `ratio`: None before the plan. `coincidence_days`: None before the plan. `rent_bands`: where bands of rents begin, yuan per 亩
    and year. `median_rounded_to`: yuan. `unregistered_classes`: those of 国办发〔2015〕96号, none before it.
    """

    limit: int
    villages: tuple[str, ...]
    permit_months: int | None
    since: str
    ratio: Ratio | None
    coincidence_days: int | None
    rent_bands: tuple[Decimal, ...]
    median_rounded_to: int
    unregistered_classes: tuple[str, ...]


def rules_on(valid_at: str) -> Rules:
    """The parameters in force on a day."""
    day, read = dt.date.fromisoformat(valid_at), book()
    return Rules(
        limit=read.whole(SMALL_CELLS, "least_people_shown", day),
        villages=read.words(VILLAGES, "village_numbers", day),
        permit_months=_known(lambda: read.whole(ENDORSEMENT, "endorsement_months", day)),
        since=read.versions(PLAN)[0].in_force_from.isoformat(),
        ratio=_known(lambda: _ratio(day)),
        coincidence_days=_known(lambda: read.whole(COINCIDENCES, "coincidence_days", day)),
        rent_bands=tuple(Decimal(text) for text in read.words(PRICES, "rent_bands", day)),
        median_rounded_to=read.whole(PRICES, "median_rounded_to", day),
        unregistered_classes=_known(lambda: read.words(UNREGISTERED, "unregistered_classes", day)) or (),
    )


def _known(read: Callable[[], T]) -> T | None:
    """What a rule says on the day; None where it is not in force."""
    try:
        return read()
    except RuleNotInForceError:
        return None


def _ratio(day: dt.date) -> Ratio:
    confirmed = book().rule(RATIO, day).parameter("conversion_ratio").confirmed
    known = ("有文件", "set by a document") if confirmed else ("没有查到文件, 未确认", "no document was found, unconfirmed")
    return Ratio(book().fraction(RATIO, "conversion_ratio", day), *known)
