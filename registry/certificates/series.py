"""Which number does a new certificate get? 内（YYYY）乌审旗农村土地承包经营权证第NNNNNN号, one series a county and year.

Numbers are never used twice: the next one follows the highest that any version of any right ever had, cancelled ones
included. Form: NY/T 2539-2016, B.8 note c.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from registry.certificates.refusals import SeriesUnknown
from registry.rights.model import RIGHT_VERSION

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from registry.store.settings import Settings

BOOK = "农村土地承包经营权证"
_FILE = Path(__file__).with_name("words.toml")
_REGION_DIGITS, _DIGITS = 2, 6


@dataclass(frozen=True, slots=True)
class Series:
    """The series of a banner and a year.

    >>> Series("内", "乌审旗", "2016").number(1)
    '内（2016）乌审旗农村土地承包经营权证第000001号'
    """

    region: str
    banner: str
    year: str

    def number(self, serial: int) -> str:
        """The number of a serial."""
        return f"{self._before}{serial:0{_DIGITS}d}号"

    def serial(self, number: str) -> int | None:
        """The serial of a number of this very series; None for any other.

        >>> Series("内", "乌审旗", "2016").serial("内（2016）乌审旗农村土地承包经营权证第000012号")
        12
        >>> Series("内", "乌审旗", "2016").serial("150626100210000001J")
        """
        found = re.fullmatch(rf"{re.escape(self._before)}([0-9]{{{_DIGITS},}})号", number)
        return None if found is None else int(found[1])

    def next_serial(self, connection: Connection) -> int:
        """The serial after the highest that was ever given; asked under the append lock, so that no two desks get it."""
        column = RIGHT_VERSION.c.certificate_number
        query = sa.select(column).where(column.startswith(self._before, autoescape=True)).distinct()
        return max((self.serial(number) or 0 for number in connection.scalars(query)), default=0) + 1

    @property
    def _before(self) -> str:
        return f"{self.region}（{self.year}）{self.banner}{BOOK}第"


def series_of(settings: Settings, day: str) -> Series:
    """The series of the year of a day. Raises `SeriesUnknown`."""
    region = words()["region"].get(settings.banner_code[:_REGION_DIGITS])
    if region is None:
        raise SeriesUnknown(settings.banner_code)
    return Series(region["word"], settings.banner_name, day[:4])


def is_of_a_series(settings: Settings, number: str) -> bool:
    """Whether a number is of the banner's series of any year."""
    year = re.search(r"（([0-9]{4})）", number)
    return year is not None and series_of(settings, year[1]).serial(number) is not None


@cache
def words() -> dict[str, Any]:
    """The words of words.toml."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def relation(code: str) -> str:
    """The name of a relation (GB/T 4761), or of its group; the code itself where neither is listed.

    >>> relation("12"), relation("26"), relation("X")
    ('妻', '子', 'X')
    """
    names: dict[str, str] = words()["relation"]
    return names.get(code) or names.get(f"{code[:1]}0") or code
