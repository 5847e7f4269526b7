"""How is a file of law read so that a slip in it is refused, naming file and row, instead of being believed?

Each row is taken apart key by key; a key that is missing, of the wrong type, empty or left over is a refusal.
A *cite* says where a row comes from: its row on our own pages, the instrument and the article.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, NoReturn

from registry.errors import SanquanError
from registry.law.lines import Lines, Span

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OPEN_START = date(1, 1, 1)
OPEN_END = date(9999, 12, 31)
_AT = re.compile(r"at line (\d+)")


class LawFileError(SanquanError):
    """Raised when a file of law is malformed. `file`, `line` and `row` say where; nothing of it is used."""

    def __init__(self, file: str, line: int, row: str, zh: str, en: str) -> None:
        """Name the file, the line (from 1) and the row before the reason."""
        super().__init__(
            f"法规文件 {file} 第 {line} 行（{row}）有错：{zh}。整份文件都没有采用，请改正这一行",
            f"law file {file}, line {line} ({row}): {en}. Nothing of the file is used; mend this line",
        )
        self.file = file
        self.line = line
        self.row = row


@dataclass(frozen=True, slots=True)
class Cite:
    """Where a row comes from: `row` on our own pages (law C14, P II.3.1-g), the instrument, its article."""

    row: str
    instrument: str
    article: str

    @property
    def zh(self) -> str:
        """As a reader of Chinese law expects it: 《农村土地承包法》第33条. What is no instrument gets no such marks."""
        return self.instrument if "没有查到" in self.instrument else f"《{self.instrument}》{self.article}"


@dataclass(frozen=True, slots=True)
class _File:
    """What every row of one file shares: how it is called, where its tables stand, how it is refused."""

    name: str
    lines: Lines
    error: type[LawFileError]


class Row:
    """One table of a TOML file, taken apart key by key; `done()` refuses whatever was not asked for."""

    def __init__(self, file: _File, name: str, path: tuple[str, ...], span: Span, data: object) -> None:
        """Take the table that stands on the lines of `span`; anything else in its place is refused."""
        self._file, self._name, self._path, self._span = file, name, path, span
        if not isinstance(data, dict):
            self.refuse("这里应当是一张表", f"a table is expected, found {data!r}")
        self._left = dict(data)

    def refuse(self, zh: str, en: str, key: str | None = None) -> NoReturn:
        """Raise the file's own error for this row, with the line of the key where it has one."""
        span = None if key is None else self._file.lines.key(self._span, key)
        raise self._file.error(self._file.name, (span or self._span).first, self._name, zh, en)

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
            self.refuse(f"{key} 应当是一段文字", f"{key} must be a text, found {value!r}", key)
        return value

    def flag(self, key: str) -> bool:
        """True or false."""
        value = self._take(key)
        if not isinstance(value, bool):
            self.refuse(f"{key} 应当是 true 或 false", f"{key} must be true or false, found {value!r}", key)
        return value

    def whole(self, key: str) -> int:
        """A whole number above 0."""
        value = self._take(key)
        if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
            self.refuse(f"{key} 应当是大于 0 的整数", f"{key} must be a whole number above 0: {value!r}", key)
        return value

    def window(self) -> tuple[date, date]:
        """The days `from` (first on which the row holds) and `until` (first on which it no longer does)."""
        start, end = self.day("from"), self.day("until")
        if start >= end:
            self.refuse(f"from {start} 不早于 until {end}", f"from {start} is not before until {end}", "from")
        return start, end

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, none empty and none twice."""
        value = self._take(key)
        if not isinstance(value, list) or not value or not all(isinstance(text, str) and text for text in value):
            self.refuse(f"{key} 应当是一列文字", f"{key} must be a list of texts, found {value!r}", key)
        if len(set(value)) != len(value):
            self.refuse(f"{key} 里有重复", f"{key} names a text twice", key)
        return tuple(value)

    def words(self, key: str, known: tuple[str, ...], *, empty: bool = False) -> tuple[str, ...]:
        """A list of words, each known and none twice."""
        value = self._take(key)
        if not isinstance(value, list) or not (empty or value):
            self.refuse(f"{key} 应当是一列词", f"{key} must be a list of words, found {value!r}", key)
        for word in value:
            if word not in known:
                self.refuse(f"{key} 里的“{word}”不认识", f"{key}: unknown word {word!r}", key)
        if len(set(value)) != len(value):
            self.refuse(f"{key} 里有重复", f"{key} names a word twice", key)
        return tuple(value)

    def word(self, key: str, known: tuple[str, ...]) -> str:
        """One known word."""
        value = self.text(key)
        if value not in known:
            self.refuse(f"{key} 的“{value}”不认识", f"{key}: unknown word {value!r}", key)
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
            self.refuse(f"{key} 应当是一列表", f"{key} must be a list of tables, found {value!r}", key)
        for number, data in enumerate(value, 1):
            yield self._below(key, f"[[{key}]] {number}", number, data)

    def table(self, key: str) -> Row:
        """A table inside this one."""
        return self._below(key, f"[{key}]", 1, self._take(key))

    def done(self) -> None:
        """Refuse what is left over."""
        if self._left:
            names = ", ".join(sorted(self._left))
            self.refuse(f"有不认识的键 {names}", f"unknown key {names}", next(iter(self._left)))

    def _below(self, key: str, name: str, number: int, data: object) -> Row:
        path = (*self._path, key)
        lines = self._file.lines
        span = lines.table(path, number) or lines.key(self._span, key) or self._span
        return Row(self._file, f"{self._name} {name}".strip(), path, span, data)

    def _take(self, key: str) -> object:
        if key not in self._left:
            self.refuse(f"缺 {key}", f"{key} is missing")
        return self._left.pop(key)

    def day(self, key: str) -> date:
        """A day."""
        value = self._take(key)
        if not isinstance(value, date) or isinstance(value, datetime):
            self.refuse(f"{key} 应当是日期", f"{key} must be a date, found {value!r}", key)
        return value


def read_law_file(path: Path, error: type[LawFileError], called: str = "") -> Row:
    """The whole file as one row. TOML itself refuses duplicate keys and impossible dates.

    `called`: what refusals call the file where its name alone does not say which one it is.
    """
    called = called or path.name
    try:
        text = path.read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as reason:
        place = _AT.search(str(reason))
        line = int(place[1]) if place else 1
        raise error(called, line, "TOML", f"读不出来（{reason}）", f"cannot be read ({reason})") from reason
    lines = Lines(text)
    return Row(_File(called, lines, error), "", (), lines.whole, data)
