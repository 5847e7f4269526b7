"""Which fields does the form of a kind of case, or of a step, have, and how is each called? Read from `forms.toml`.

A field's `name` is the path of its value in what the engine takes: `lessee.name`, `changes.code`, `parcels.0.code`. What a
value must be is for the engine; a form only makes it easy to say. A kind without a form, and a form without a kind, fail a test.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, cast, get_args

from registry.cases.kinds import book
from registry.law.strict import LawFileError, Row, read_law_file

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = Path(__file__).with_name("forms.toml")
Sort = Literal[
    "text", "long", "day", "amount", "whole", "word", "person", "people", "touched", "guardian", "somebody", "parcels", "lines",
    "gives", "shares", "vertices", "codes", "right", "issuer", "subject", "paper", "file", "findings", "signs", "row",
]  # fmt: skip
_SORTS: tuple[Sort, ...] = get_args(Sort)


class FormsError(LawFileError):
    """Raised when the file of forms is malformed."""


@dataclass(frozen=True, slots=True)
class Option:
    """One word to choose, with its names."""

    word: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `usual`: what stands in it at first; "today" for a day is the day in China."""

    name: str
    sort: Sort
    zh: str
    en: str
    optional: bool = False
    usual: str = ""
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Forms:
    """The whole file: fields by kind of case, by step, and by kind and step where a kind asks for others than all do."""

    kinds: Mapping[str, tuple[Field, ...]]
    steps: Mapping[str, tuple[Field, ...]]
    of_kinds: Mapping[tuple[str, str], tuple[Field, ...]]

    def of_step(self, kind: str, step: str) -> tuple[Field, ...]:
        """The fields of a step in a case of a kind."""
        return self.of_kinds.get((kind, step)) or self.steps[step]


def forms() -> Forms:
    """The file that is shipped."""
    return _shipped()


@lru_cache(maxsize=1)
def _shipped() -> Forms:
    return read_forms(FILE)


def read_forms(path: Path) -> Forms:
    """Read a file of forms strictly. Raises FormsError naming file and line."""
    file = read_law_file(path, FormsError)
    choices = dict(map(_options, file.rows("choice")))
    kinds: dict[str, tuple[Field, ...]] = {}
    for row in file.rows("kind"):
        names = row.words("kinds", tuple(book().kinds))
        kinds |= dict.fromkeys(names, _fields(row, choices))
        row.done()
    steps: dict[str, tuple[Field, ...]] = {}
    of_kinds: dict[tuple[str, str], tuple[Field, ...]] = {}
    for row in file.rows("step"):
        names = row.words("steps", tuple(book().steps))
        only = row.words("of", tuple(book().kinds)) if row.has("of") else ()
        if row.has("of_exits") and row.flag("of_exits"):
            only = tuple(book().exits)
        fields = _fields(row, choices)
        of_kinds |= {(kind, name): fields for kind in only for name in names}
        steps |= {} if only else dict.fromkeys(names, fields)
        row.done()
    file.done()
    return Forms(MappingProxyType(kinds), MappingProxyType(steps), MappingProxyType(of_kinds))


def _options(row: Row) -> tuple[str, tuple[Option, ...]]:
    word, options = row.text("word"), []
    for each in row.rows("options"):
        options.append(Option(each.text("word", empty=True), each.text("zh"), each.text("en")))
        each.done()
    row.done()
    return word, tuple(options)


def _fields(row: Row, choices: Mapping[str, tuple[Option, ...]]) -> tuple[Field, ...]:
    found = []
    for each in row.rows("fields"):
        name, sort = each.text("name", empty=True), cast("Sort", each.word("sort", _SORTS))
        zh, en = each.text("zh"), each.text("en")
        optional = each.flag("optional") if each.has("optional") else False
        usual = each.text("usual") if each.has("usual") else ""
        options = choices[each.word("of", tuple(choices))] if each.has("of") else ()
        each.done()
        found.append(Field(name, sort, zh, en, optional, usual, options))
    return tuple(found)
