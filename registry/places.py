"""Which town does the code of a division belong to, what is it called, and is a division town or country?

Codes are the twelve digits of the statistical divisions: banner (6), town (9), community or village (12).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("places.toml")
TOWN_DIGITS = 9
_LAST_COMMUNITY = 199
"""The last three of the twelve digits of a division: 001 to 199 are communities (居委会), villages begin at 200."""


@dataclass(frozen=True, slots=True)
class Town:
    """A town by its name. `lonlat` is approximate: whoever draws it says 示意."""

    name: str
    lonlat: tuple[float, float]


@cache
def towns() -> dict[str, Town]:
    """The banner's towns by code, in the order of codes."""
    rows = tomllib.loads(_FILE.read_text(encoding="utf-8"))["town"]
    return {row["code"]: Town(row["name"], (row["lonlat"][0], row["lonlat"][1])) for row in rows}


def in_town(division_code: str) -> bool:
    """Whether a division is a community of a town and no village.

    >>> in_town("150626100010"), in_town("150626100210"), in_town("150626")
    (True, False, False)
    """
    number = division_code[TOWN_DIGITS:]
    return number.isdecimal() and 0 < int(number) <= _LAST_COMMUNITY
