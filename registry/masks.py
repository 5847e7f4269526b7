"""Which personal fields does a reader see, and how much of each: `masks.toml`, the one policy that every way out asks?

What it does not name is hidden: a field that somebody adds to a person is shown nowhere until a row says to whom.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

from gis.softening import softened
from registry.china import day_of
from registry.law.book import book
from registry.law.deciding import keeps
from registry.law.strict import LawFileError, read_law_file

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import shapely
    from numpy.typing import NDArray

    from registry.law.strict import Row as LawRow
    from registry.parties import Identity

FILE = Path(__file__).with_name("masks.toml")
Reader = Literal["public", "desk", "own", "relative", "counsel", "paper"]
READERS: tuple[Reader, ...] = get_args(Reader)
Field = Literal["name", "id_number", "birth_year", "address", "local_name", "neighbours", "remarks", "remark"]
FIELDS: tuple[Field, ...] = get_args(Field)
OUTLINES = "SURVEY/public-outlines"
HIDDEN = "***"
_LAND, _SOFTENED = "land", "softened"
_BIRTH_YEAR, _DIGITS = slice(6, 10), 18
ID_NUMBER = re.compile(r"[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]", re.ASCII)
OLD_ID_NUMBER = re.compile(r"[1-9]\d{5}\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}", re.ASCII)
_OURS = re.compile(
    r"[0-9a-f]{32}|[0-9a-f]{64}|\d{4}-\d\d-\d\d|\d{1,9}(?:\.\d\d)?|[a-z]{1,20}(?:[-_][a-z0-9]{1,20}){0,4}", re.ASCII
)
"""Ids, hashes, days, amounts and words of ours: what no person can be told by."""


class MaskFileError(LawFileError):
    """Raised when the policy is malformed, or says two things about one field and one reader of a day."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How fine an outline may be, in metres, and how large without a break, in km², for a reader without a word on parcels."""

    precision_m: int
    unbroken_km2: int


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the policy: how a field is shown to these readers on the days [from, until)."""

    field: str
    to: tuple[str, ...]
    how: str
    in_force_from: dt.date
    in_force_until: dt.date


def shown(field: Field, value: str, reader: Reader = "desk") -> str:
    """A personal value as this reader sees it today.

    >>> shown("name", "达楞太"), shown("id_number", "150699197403186954"), shown("address", "文苑社区1栋101")
    ('**太', '****************54', '***')
    >>> shown("name", "达楞太", "public"), shown("name", "达楞太", "own")
    ('***', '达楞太')
    """
    return _HOWS[_today().get((field, reader), "hidden")](value)


def in_a_line(name: str, id_number: str, reader: Reader = "desk") -> str:
    """Name and number of one person, as a list or a report has them."""
    return f"{shown('name', name, reader)} {shown('id_number', id_number, reader)}"


def without_numbers(text: str, reader: Reader = "desk") -> str:
    """What somebody wrote in words of their own, ID numbers in it shown as a number is.

    >>> without_numbers("核对 150699197403186954 的承包地")
    '核对 ****************54 的承包地'
    """

    def number(found: re.Match[str]) -> str:
        return shown("id_number", found[0], reader)

    return ID_NUMBER.sub(number, OLD_ID_NUMBER.sub(number, text))


def sees(field: Field, reader: Reader) -> bool:
    """Whether this reader sees a field whole: else what holds it is not opened for them at all."""
    return _today().get((field, reader)) == "whole"


def person(who: Identity, reader: Reader = "desk") -> dict[str, str]:
    """What of a person an answer holds: those fields that the policy names, as this reader sees them, and no other."""
    named = {field for field, _ in _today()}
    values = {each.name: str(getattr(who, each.name)) for each in fields(who) if each.name in named}
    return {name: shown(cast("Field", name), value, reader) for name, value in values.items()}


def land(shapes: NDArray[np.object_], reader: Reader, day: dt.date | None = None) -> shapely.MultiPolygon | None:
    """Shapes in the register's CRS (m) as one outline that this reader may be given on a day, today if none; None: no shape at all.

    The limits are those of the day on which somebody is given it, whatever day it shows.
    """
    given = day or day_of(dt.datetime.now(dt.UTC))
    if (_LAND, reader) not in _of_day(given):
        return None
    limits = limits_on(given)
    return softened(shapes, limits.precision_m, limits.unbroken_km2 * 1e6)


def limits_on(day: dt.date) -> Limits:
    """What SURVEY/public-outlines allows on a day."""
    read = book()
    return Limits(read.whole(OUTLINES, "outline_precision", day), read.whole(OUTLINES, "unbroken_area", day))


def anonymous(value: Any) -> Any:  # noqa: ANN401  (JSON)
    """What was written in a form of its own: every key and text that could tell who somebody is becomes a star.

    >>> anonymous({"heirs": [{"person": "达楞太", "numerator": 1}]})
    {'heirs': [{'person': '*', 'numerator': 1}]}
    """
    if isinstance(value, dict):
        return {key if _OURS.fullmatch(key) else "*": anonymous(each) for key, each in value.items()}
    if isinstance(value, list):
        return [anonymous(each) for each in value]
    return "*" if isinstance(value, str) and not _OURS.fullmatch(value) else value


def read_masks(path: Path) -> tuple[Row, ...]:
    """Read a policy strictly. Raises MaskFileError naming file and line."""
    file = read_law_file(path, MaskFileError)
    found: list[Row] = []
    for line in file.rows("shown"):
        _add(found, line, line.word("field", FIELDS), tuple(_HOWS))
    for line in file.rows("land") if file.has("land") else ():
        _add(found, line, _LAND, (_SOFTENED,))
    file.done()
    return tuple(found)


def _add(found: list[Row], line: LawRow, field: str, hows: tuple[str, ...]) -> None:
    to, how = line.words("to", READERS), line.word("how", hows)
    line.named(field)
    start, end = line.window()
    line.text("basis")
    line.done()
    for other in found:
        both = other.field == field and set(other.to) & set(to)
        if both and other.in_force_from < end and start < other.in_force_until:
            line.refuse(f"{field} 对同一个读者写了两次", f"{field} is shown to one reader in two ways")
    found.append(Row(field, to, how, start, end))


def on(rows: tuple[Row, ...], day: dt.date) -> Mapping[tuple[str, str], str]:
    """How each field is shown to each reader on a day; a pair that is absent is hidden."""
    of_day = (row for row in rows if row.in_force_from <= day < row.in_force_until)
    return MappingProxyType({(row.field, reader): row.how for row in of_day for reader in row.to})


@keeps("RP-663/17", "REG/27")
def _last_two(number: str) -> str:
    return "*" * max(0, len(number) - 2) + number[-2:]


def _year(number: str) -> str:
    return number[_BIRTH_YEAR] if len(number) == _DIGITS else ""


def _last_character(name: str) -> str:
    return "*" * max(1, len(name) - 1) + name[-1:] if len(name) > 1 else "*"


def _whole(value: str) -> str:
    return value


def _hidden(_value: str) -> str:
    return HIDDEN


_HOWS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {"whole": _whole, "last-character": _last_character, "last-two": _last_two, "year": _year, "hidden": _hidden}
)
_read = cache(read_masks)


def _today() -> Mapping[tuple[str, str], str]:
    """The policy of the day on which somebody asks, whatever day they ask about."""
    return _of_day(day_of(dt.datetime.now(dt.UTC)))


@lru_cache(maxsize=2)
def _of_day(day: dt.date) -> Mapping[tuple[str, str], str]:
    return on(_read(FILE), day)
