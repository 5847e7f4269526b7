"""In which language is a page written, and how are days, numbers and areas written in it?

Chinese is the source: a text stands in the template as it is read, `_("没变")`, and `locale/en/pages.po` has its English; a
test fails on a text without. Traditional Mongolian is a seam: a first draft of a few labels, marked so on the page, the
rest in Chinese. Which language it is stands in a cookie of its own, set by the switch alone; nothing else is kept in it.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from babel.dates import format_date
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from registry.china import CHINA

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import Request

COOKIE = "sanquan_language"
_DAY = re.compile(r"(?<![0-9A-Za-z-])([1-9][0-9]{3}-[0-9]{2}-[0-9]{2})(?![0-9A-Za-z-])")
_DAY_AMONG_CHINESE = re.compile(rf" ?{_DAY.pattern} ?")


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its tag (BCP 47), its name in itself, its catalogue and the locale of its numbers and days.

    `draft`: nobody who translates has checked it.
    """

    tag: str
    name: str
    catalogue: str
    locale: str
    draft: bool = False

    @property
    def is_english(self) -> bool:
        """Which half of a text of two languages is read."""
        return self.tag == "en"

    def text(self, chinese: str) -> str:
        """A text of ours; where its language has none, as it is in Chinese."""
        return texts(self.catalogue).get(chinese, chinese) if self.catalogue else chinese

    def said(self, both: Any) -> str:  # noqa: ANN401  (a pair, a mapping or whatever has `zh` and `en`)
        """The half that is read of what is told in both; days in it as people read them.

        >>> both = ("公示到 2027-01-04 止", "the notice hangs until 2027-01-04")
        >>> [language.said(both) for language in LANGUAGES.values()]
        ['公示到2027年1月4日止', 'the notice hangs until 4 January 2027', '公示到2027年1月4日止']
        """
        if isinstance(both, tuple | list):
            zh, en = both
        elif isinstance(both, dict):
            zh, en = both["zh"], both["en"]
        else:
            zh, en = both.zh, both.en
        return _DAY.sub(self._day, str(en)) if self.is_english else _DAY_AMONG_CHINESE.sub(self._day, str(zh))

    def _day(self, found: re.Match[str]) -> str:
        try:
            return self.day(found[1])
        except ValueError:  # no day of any year: somebody's number
            return found[0]

    def day(self, iso: str) -> str:
        """A day as people read it.

        >>> [language.day("2027-12-31") for language in LANGUAGES.values()]
        ['2027年12月31日', '31 December 2027', '2027年12月31日']
        """
        return format_date(dt.date.fromisoformat(iso), format="long", locale=self.locale)

    def moment(self, iso: str) -> str:
        """An instant in UTC as a day and the minute in China."""
        at = dt.datetime.fromisoformat(iso).astimezone(CHINA)
        return f"{self.day(at.date().isoformat())} {at:%H:%M}"

    def number(self, value: str | float | Decimal) -> str:
        """A number with its thousands parted; decimals as they are kept."""
        exact = Decimal(str(value))
        places = max(0, -int(exact.as_tuple().exponent))
        return format_decimal(exact, format="#,##0." + "0" * places if places else "#,##0", locale=self.locale)

    def mu(self, value: str | Decimal) -> str:
        """An area as a herder reads it, in 亩.

        >>> [language.mu("3842.17") for language in LANGUAGES.values()]
        ['3,842.17 亩', '3,842.17 mu', '3,842.17 亩']
        """
        return f"{self.number(value)} {'mu' if self.is_english else '亩'}"

    def m2(self, value: str | Decimal) -> str:
        """The same land in square metres, which stands second."""
        return f"{self.number(value)} m²"


LANGUAGES: Mapping[str, Language] = {
    each.tag: each
    for each in (
        Language("zh-CN", "中", "", "zh_CN"),
        Language("en", "EN", "en", "en_GB"),
        Language("mn-Mong", "蒙", "mn_Mong", "zh_CN", draft=True),
    )
}
CHINESE = LANGUAGES["zh-CN"]


def of_request(request: Request) -> Language:
    """As the switch was set; Chinese before that."""
    return LANGUAGES.get(request.cookies.get(COOKIE, ""), CHINESE)


@cache
def texts(catalogue: str) -> Mapping[str, str]:
    """Every text that a catalogue has."""
    with (resources.files("api") / "pages" / "locale" / catalogue / "pages.po").open("rb") as file:
        return {str(each.id): str(each.string) for each in read_po(file) if each.id and each.string}
