"""How is what a case asks for, or what a step says, taken apart so that nothing in it is believed unread?

Each field is asked for by name and form; what is left over is refused. Values are never repeated in a refusal: they can be
names or numbers in the wrong place.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import TYPE_CHECKING, Any, NoReturn

from registry.cases.refusals import SaidMalformedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LONGEST = 1_000
MOST = 200
_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_AMOUNT = re.compile(r"[0-9]{1,12}(?:\.[0-9]{2})?", re.ASCII)
_NUMBER = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,17})?", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Said:
    """One object of fields, each taken once; `done()` refuses what is left."""

    def __init__(self, values: object, where: str = "") -> None:
        self._where = where
        if not isinstance(values, dict) or not all(isinstance(key, str) for key in values):
            self._refuse("", "这里要一组字段", "an object with fields is wanted here")
        self._left: dict[str, Any] = dict(values)

    def has(self, field: str) -> bool:
        """Whether a field was given."""
        return field in self._left

    def text(self, field: str, *, empty: bool = False) -> str:
        """A text of at most 1,000 characters, normalized; empty only where the caller says so."""
        value = self._left.pop(field, "" if empty else None)
        if not isinstance(value, str) or len(value) > LONGEST or _CONTROL.search(value) or not (empty or value.strip()):
            self._refuse(field, f"要一段文字, 最多 {LONGEST} 个字", f"a text of at most {LONGEST} characters is wanted")
        return unicodedata.normalize("NFC", value.strip())

    def word(self, field: str, known: tuple[str, ...]) -> str:
        """One of the words that are known."""
        value = self._left.pop(field, None)
        if not isinstance(value, str) or value not in known:
            self._refuse(field, f"只能是 {'、'.join(known)}", f"one of {', '.join(known)} is wanted")
        return value

    def id(self, field: str, *, empty: bool = False) -> str:
        """The id of a person or thing, 32 hexadecimal digits."""
        value = self._left.pop(field, "" if empty else None)
        if not (empty and value == "") and not (isinstance(value, str) and _ID.fullmatch(value)):
            self._refuse(field, "要 32 位十六进制的编号", "an id of 32 hexadecimal digits is wanted")
        return str(value)

    def ids(self, field: str) -> tuple[str, ...]:
        """Different ids, at least one."""
        values = self._left.pop(field, None)
        if not isinstance(values, list) or not 1 <= len(set(map(str, values))) == len(values) <= MOST:
            self._refuse(field, "要一列不同的编号", "a list of different ids is wanted")
        return tuple(Said({field: value}, self._where).id(field) for value in values)

    def hash(self, field: str, *, empty: bool = False) -> str:
        """The content hash of a paper, 64 hexadecimal digits."""
        value = self._left.pop(field, "" if empty else None)
        if not (empty and value == "") and not (isinstance(value, str) and _HASH.fullmatch(value)):
            self._refuse(field, "要材料的内容摘要, 64 位十六进制", "a paper's content hash of 64 hexadecimal digits is wanted")
        return str(value)

    def day(self, field: str, *, empty: bool = False) -> str:
        """A day that a calendar has, YYYY-MM-DD."""
        value = self._left.pop(field, "" if empty else None)
        if empty and value == "":
            return ""
        if not _is_day(value):
            self._refuse(field, "要日期, 如 2026-11-26", "a day such as 2026-11-26 is wanted")
        return str(value)

    def amount(self, field: str, *, empty: bool = False) -> str:
        """An amount as text with two decimals, or none."""
        value = self._left.pop(field, "" if empty else None)
        if not (empty and value == "") and not (isinstance(value, str) and _AMOUNT.fullmatch(value)):
            self._refuse(field, "要数字文本, 如 1200.00", "a number as text is wanted, such as 1200.00")
        return str(value)

    def whole(self, field: str) -> int:
        """A whole number above 0."""
        value = self._left.pop(field, None)
        if type(value) is not int or not 0 < value < 2**31:
            self._refuse(field, "要大于 0 的整数", "a whole number above 0 is wanted")
        return value

    def vertices(self, field: str) -> list[tuple[float, float]]:
        """Eastings and northings of EPSG:4545 in metres, each as text: the log takes no floating number."""
        values = self._left.pop(field, None)
        fits = isinstance(values, list) and 2 <= len(values) <= 10_000  # noqa: PLR2004  (two ends, and a limit)
        if not fits or not all(_is_vertex(value) for value in values):
            self._refuse(
                field, '要坐标串, 如 [["574000.12", "4263000.5"], …]', 'vertices such as [["574000.12", "4263000.5"], …]'
            )
        return [(float(east), float(north)) for east, north in values]

    def rows(self, field: str) -> Iterator[Said]:
        """A list of objects, at least one."""
        values = self._left.pop(field, None)
        if not isinstance(values, list) or not 1 <= len(values) <= MOST:
            self._refuse(field, f"要一列, 1 到 {MOST} 行", f"a list of 1 to {MOST} lines is wanted")
        return (Said(value, f"{self._where}{field}[{n}].") for n, value in enumerate(values))

    def pairs(self, field: str) -> dict[str, str]:
        """Texts by id; empty where not given."""
        values = self._left.pop(field, {})
        if not isinstance(values, dict) or len(values) > MOST or not all(_ID.fullmatch(str(key)) for key in values):
            self._refuse(field, "要按编号写的文字", "texts by id are wanted")
        inner = Said(values, f"{self._where}{field}.")
        return {key: inner.text(key) for key in sorted(values)}

    def by_word(self, field: str, known: tuple[str, ...]) -> dict[str, str]:
        """Texts by words that are known; empty where not given."""
        values = self._left.pop(field, {})
        if not isinstance(values, dict) or not set(values) <= set(known):
            self._refuse(field, f"按 {'、'.join(known)} 写文字", f"texts by {', '.join(known)} are wanted")
        inner = Said(values, f"{self._where}{field}.")
        return {key: inner.text(key) for key in sorted(values)}

    def any(self, field: str) -> Mapping[str, Any]:
        """An object that somebody else takes apart."""
        value = self._left.pop(field, None)
        if not isinstance(value, dict):
            self._refuse(field, "要一组字段", "an object with fields is wanted")
        return value

    def done(self) -> None:
        """Refuse what was not asked for; a key that somebody made up is not repeated."""
        if self._left:
            self._refuse("…", f"有 {len(self._left)} 项不认识", f"{len(self._left)} fields are not known here")

    def refuse(self, field: str, zh: str, en: str) -> NoReturn:
        """Refuse a field for a reason of the caller's."""
        self._refuse(field, zh, en)

    def _refuse(self, field: str, zh: str, en: str) -> NoReturn:
        raise SaidMalformedError(f"{self._where}{field}" or "said", zh, en)


def _is_day(value: object) -> bool:
    try:
        return isinstance(value, str) and dt.date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_vertex(value: object) -> bool:
    pair = isinstance(value, list) and len(value) == 2  # noqa: PLR2004  (easting and northing)
    return pair and all(isinstance(part, str) and _NUMBER.fullmatch(part) for part in value)  # type: ignore[attr-defined]  # a list, as the line above says
