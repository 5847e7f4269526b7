"""How is a file of law read so that a slip in it is refused, naming file and row, instead of being believed?

Each row is taken apart key by key; a key that is missing, of the wrong type, empty or left over is a refusal.
A *cite* says where a row comes from: its row on our own pages, the instrument and the article.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, NoReturn

from registry.errors import SanquanError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OPEN_START = date(1, 1, 1)
OPEN_END = date(9999, 12, 31)


class LawFileError(SanquanError):
    """Raised when a file of law is malformed. `file` and `row` say where; nothing of it is used."""

    def __init__(self, file: str, row: str, zh: str, en: str) -> None:
        """Name the file and the row before the reason."""
        super().__init__(
            f"法规文件 {file} 的 {row} 有错：{zh}。整份文件都没有采用，请改正这一行",
            f"law file {file}, {row}: {en}. Nothing of the file is used; mend this row",
        )
        self.file = file
        self.row = row


@dataclass(frozen=True, slots=True)
class Cite:
    """Where a row comes from: `row` on our own pages (law C14, P II.3.1-g), the instrument, its article."""

    row: str
    instrument: str
    article: str

    @property
    def zh(self) -> str:
        """As a reader of Chinese law expects it: 《农村土地承包法》第33条."""
        return f"《{self.instrument}》{self.article}"


class Row:
    """One table of a TOML file, taken apart key by key; `done()` refuses whatever was not asked for."""

    def __init__(self, file: str, name: str, data: object, error: type[LawFileError]) -> None:
        """Take the table; anything else in its place is refused."""
        self._file, self._name, self._error = file, name, error
        if not isinstance(data, dict):
            self.refuse("这里应当是一张表", f"a table is expected, found {data!r}")
        self._left = dict(data)

    def refuse(self, zh: str, en: str) -> NoReturn:
        """Raise the file's own error for this row."""
        raise self._error(self._file, self._name, zh, en)

    def named(self, name: str) -> None:
        """From here on refusals call the row by this name as well."""
        self._name = f"{self._name} {name}"

    def has(self, key: str) -> bool:
        """Is the key still there to be taken?"""
        return key in self._left

    def keys(self) -> tuple[str, ...]:
        """The keys still there to be taken, in the order of the file."""
        return tuple(self._left)

    def text(self, key: str, *, empty: bool = False) -> str:
        """A text; empty only where the caller says so."""
        value = self._take(key)
        if not isinstance(value, str) or not (empty or value.strip()):
            self.refuse(f"{key} 应当是一段文字", f"{key} must be a text, found {value!r}")
        return value

    def flag(self, key: str) -> bool:
        """True or false."""
        value = self._take(key)
        if not isinstance(value, bool):
            self.refuse(f"{key} 应当是 true 或 false", f"{key} must be true or false, found {value!r}")
        return value

    def whole(self, key: str) -> int:
        """A whole number above 0."""
        value = self._take(key)
        if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
            self.refuse(f"{key} 应当是大于 0 的整数", f"{key} must be a whole number above 0: {value!r}")
        return value

    def window(self) -> tuple[date, date]:
        """The days `from` (first on which the row holds) and `until` (first on which it no longer does)."""
        start, end = self._day("from"), self._day("until")
        if start >= end:
            self.refuse(f"from {start} 不早于 until {end}", f"from {start} is not before until {end}")
        return start, end

    def words(self, key: str, known: tuple[str, ...], *, empty: bool = False) -> tuple[str, ...]:
        """A list of words, each known and none twice."""
        value = self._take(key)
        if not isinstance(value, list) or not (empty or value):
            self.refuse(f"{key} 应当是一列词", f"{key} must be a list of words, found {value!r}")
        for word in value:
            if word not in known:
                self.refuse(f"{key} 里的“{word}”不认识", f"{key}: unknown word {word!r}")
        if len(set(value)) != len(value):
            self.refuse(f"{key} 里有重复", f"{key} names a word twice")
        return tuple(value)

    def word(self, key: str, known: tuple[str, ...]) -> str:
        """One known word."""
        value = self.text(key)
        if value not in known:
            self.refuse(f"{key} 的“{value}”不认识", f"{key}: unknown word {value!r}")
        return value

    def cites(self) -> tuple[Cite, ...]:
        """The sources; a row without one is refused."""
        if not self._left.get("cite"):
            self.refuse("没有写出处", "missing citation")
        found = []
        for cite in self.rows("cite"):
            found.append(Cite(cite.text("row"), cite.text("instrument"), cite.text("article")))
            cite.done()
        return tuple(found)

    def rows(self, key: str) -> Iterator[Row]:
        """A list of tables."""
        value = self._take(key)
        if not isinstance(value, list):
            self.refuse(f"{key} 应当是一列表", f"{key} must be a list of tables, found {value!r}")
        for number, data in enumerate(value, 1):
            yield Row(self._file, f"{self._name} [[{key}]] {number}".strip(), data, self._error)

    def table(self, key: str) -> Row:
        """A table inside this one."""
        return Row(self._file, f"{self._name} [{key}]".strip(), self._take(key), self._error)

    def done(self) -> None:
        """Refuse what is left over."""
        if self._left:
            names = ", ".join(sorted(self._left))
            self.refuse(f"有不认识的键 {names}", f"unknown key {names}")

    def _take(self, key: str) -> object:
        if key not in self._left:
            self.refuse(f"缺 {key}", f"{key} is missing")
        return self._left.pop(key)

    def _day(self, key: str) -> date:
        value = self._take(key)
        if not isinstance(value, date) or isinstance(value, datetime):
            self.refuse(f"{key} 应当是日期", f"{key} must be a date, found {value!r}")
        return value


def read_law_file(path: Path, error: type[LawFileError]) -> Row:
    """The whole file as one row. TOML itself refuses duplicate keys and impossible dates."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as reason:
        raise error(path.name, "TOML", f"读不出来（{reason}）", f"cannot be read ({reason})") from reason
    return Row(path.name, "", data, error)
