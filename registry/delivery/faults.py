"""What can be wrong with a delivery, and how is it said without saying a name?

The closed catalogue is `faults.toml`. A *fault* is one entry of it at one place: file, layer, row, field. `refuse` turns
its village back (or all of the delivery, where the scope says so), `hold` registers under review, `note` is only said.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from registry import masks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from registry.delivery.frames import Frame

Severity = Literal["refuse", "hold", "note"]
Weight = Literal["refuse", "hold", "note", "excepted"]
Scope = Literal["village", "delivery"]
Place: TypeAlias = tuple[float, float]
FILE = Path(__file__).with_name("faults.toml")
MOST_OF_A_TABLE = 10_000
"""So many faults of a table that comes by itself (an export, a list, events) are looked for: a million fill the memory."""
_LONGEST_SHOWN = 60
_OLD_LENGTH = 15
_NO_ROW = (None, "")
_COUNTED = re.compile(r"[0-9.,/年月日亩元头只户人羊单位 ]{2,20}")
_MOST_DIGITS = 8
_BETWEEN = re.compile(r"[^0-9Xx]")
# An ID number typed into the wrong column stays an ID number: 6 digits of a place, a birth date, 3 digits, a check.


@dataclass(frozen=True, slots=True)
class Tolerance:
    """From which value on a fault is one. `confirmed`: whether a text that we read gives the value."""

    value: float
    unit: str
    confirmed: bool

    def __str__(self) -> str:
        """As a report shows it."""
        return f"{self.value:g} {self.unit}" + ("" if self.confirmed else " (待确认 unconfirmed)")


@dataclass(frozen=True, slots=True)
class Kind:
    """One entry of the catalogue; `at` says where it is reported, `needs` are the names in braces of its sentences.

    `of_register`: only who holds the register can find it, so no verdict of the rules names it.
    `may_be_excepted`: whether it can be true on the ground, so that an exception with photo and signature explains it.
    """

    id: str
    severity: Severity
    scope: Scope
    at: str
    clause: str
    needs: tuple[str, ...]
    zh: str
    en: str
    hint_zh: str
    hint_en: str
    tolerance: Tolerance | None = None
    of_register: bool = False
    may_be_excepted: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a delivery. `row` is as Excel shows it for tables, counted from 1 for layers, None for a whole file.

    `village` is the 12-digit code that comes back with it, "" where it cannot be said. `place` and `nearest` are (easting,
    northing) in the register's CRS: where to look, and the second place that the sentence speaks of. `severity` is the
    kind's own, or excepted (已说明) where an approved exception explains the fault. `code` is that of its row (DKBM, CBFBM …), by
    which the same fault is known again in another delivery; "" where its part has none.
    """

    id: str
    severity: Weight
    scope: Scope
    village: str
    file: str
    layer: str
    row: int | None
    field: str
    zh: str
    en: str
    hint_zh: str
    hint_en: str
    clause: str = ""
    tolerance: str = ""
    place: Place | None = None
    nearest: Place | None = None
    code: str = ""


class TooManyFaults(Exception):
    """Raised when more is wrong with a table than anybody would mend row by row: what was found so far stands."""


@dataclass(slots=True)
class Faults:
    """The faults of one delivery, in the order in which they were found.

    `below`: of a rule and a village, how many pieces of land lie below the tolerance, and their area in m². `most`: of a
    table that comes by itself only what refuses it is kept, and so many; one more raises `TooManyFaults`.
    """

    found: list[Fault] = field(default_factory=list)
    below: dict[tuple[str, str], tuple[int, float]] = field(default_factory=dict)
    most: int | None = None

    def whole(self, fault: str, file: str = "", layer: str = "", column: str = "", /, **values: object) -> None:
        """A fault of the delivery or of a file as a whole."""
        self._add(fault, "", file, layer, _NO_ROW, column, values)

    def of_village(self, fault: str, village: str, layer: str, /, **values: object) -> None:
        """A fault of a village that stands in no row."""
        self._add(fault, village, "", layer, _NO_ROW, "", values)

    def at(
        self,
        fault: str,
        frame: Frame,
        index: int,
        column: str,
        values: Mapping[str, object] | None = None,
        /,
        places: tuple[Place | None, Place | None] = (None, None),
    ) -> None:
        """A fault of one row; `places` are where to look and the second place."""
        self._add(
            fault,
            frame.village[index],
            frame.file_at(index),
            frame.part.name,
            (int(frame.row[index]), shown(frame.code_at(index), sealed=False)),
            column,
            values or {},
            places,
        )

    def rows(
        self,
        fault: str,
        frame: Frame,
        wrong: NDArray[np.bool_],
        column: str,
        /,
        **values: Sequence[object] | str,
    ) -> None:
        """One fault for each row that is wrong. A value is one text, or a sequence with one for every row."""
        for index in np.flatnonzero(wrong).tolist():
            own = {name: one if isinstance(one, str) else one[index] for name, one in values.items()}
            self.at(fault, frame, index, column, own)

    def expect_below(self, rules: Iterable[str], villages: Iterable[str]) -> None:
        """Say that land of these villages is looked at by these rules, so that nothing below the tolerance is said, too."""
        for village in set(villages):
            for rule in rules:
                self.below.setdefault((rule, village), (0, 0.0))

    def count_below(self, rule: str, village: str, area_m2: float) -> None:
        """Land that is no fault: less than the tolerance of the rule that would name it."""
        count, whole = self.below.get((rule, village), (0, 0.0))
        self.below[rule, village] = (count + 1, whole + area_m2)

    def refusing(self) -> bool:
        """Whether anything found turns back the whole delivery."""
        return refuse_all(self.found)

    def returned(self) -> set[str]:
        """The villages that come back; "" among them where it cannot be said whose rows are at fault."""
        return {fault.village for fault in self.found if fault.severity == "refuse"}

    def _add(
        self,
        fault: str,
        village: str,
        file: str,
        layer: str,
        row: tuple[int | None, str],
        field_name: str,
        values: Mapping[str, object],
        places: tuple[Place | None, Place | None] = (None, None),
    ) -> None:
        kind = catalogue()[fault]
        if self.most is not None:
            if kind.severity != "refuse":
                return
            if len(self.found) >= self.most:
                raise TooManyFaults
        if kind.needs:
            zh = kind.zh.format_map({name: _worded(value, 0) for name, value in values.items()})
            en = kind.en.format_map({name: _worded(value, 1) for name, value in values.items()})
            hint_zh = kind.hint_zh.format_map({name: _worded(value, 0) for name, value in values.items()})
            hint_en = kind.hint_en.format_map({name: _worded(value, 1) for name, value in values.items()})
        else:
            zh, en, hint_zh, hint_en = kind.zh, kind.en, kind.hint_zh, kind.hint_en
        limit = "" if kind.tolerance is None else str(kind.tolerance)
        found = (fault, kind.severity, kind.scope, village, printable(file), layer, row[0], field_name, zh, en, hint_zh, hint_en)
        self.found.append(Fault(*found, kind.clause, limit, *places, row[1]))


def refuse_all(faults: Iterable[Fault]) -> bool:
    """Whether one of these turns back the whole delivery: by its scope, or because it can't be said whose row it is."""
    return any(f.severity == "refuse" and (f.scope == "delivery" or not f.village) for f in faults)


@lru_cache(maxsize=1)
def catalogue() -> dict[str, Kind]:
    """Every fault that there is, by its id."""
    rows: Iterable[dict[str, Any]] = tomllib.loads(FILE.read_text("utf-8"))["fault"]
    return {row["id"]: _kind(row) for row in rows}


def _kind(row: dict[str, Any]) -> Kind:
    tolerance = None if "tolerance" not in row else Tolerance(**row["tolerance"])
    return Kind(**(row | {"needs": tuple(row["needs"]), "tolerance": tolerance}))


def tolerance(fault: str) -> float:
    """The value from which on something is this fault. KeyError for an entry without one is a slip of ours."""
    found = catalogue()[fault].tolerance
    if found is None:
        raise KeyError(fault)
    return found.value


@lru_cache(maxsize=1)
def rule_pack() -> tuple[str, str]:
    """The version of the rules that a delivery is checked by, and the SHA-256 of their file: a verdict names both."""
    text = FILE.read_bytes()
    return str(tomllib.loads(text.decode("utf-8"))["version"]), sha256(text).hexdigest()


def shown(value: str, *, sealed: bool) -> str:
    """A delivered value as a report may show it: masked where it is personal, or could be.

    What is not ASCII in a code, number or date column may be a name that slipped a column: masked too, but for a figure
    with its unit and a day in words.

    >>> shown("15062610021000", sealed=False), shown("达楞太", sealed=False), shown("150699197403186954", sealed=False)
    ('15062610021000', '**太', '****************54')
    >>> shown("2017年", sealed=False), shown("46.5亩", sealed=False), shown("单人", sealed=False)
    ('2017年', '46.5亩', '*人')
    """
    if not sealed and _COUNTED.fullmatch(value) and 0 < sum(map(str.isdigit, value)) <= _MOST_DIGITS:
        return value
    if value.isascii() and (sealed or like_id_number(value)):
        return masks.shown("id_number", value)[-_LONGEST_SHOWN:]
    if not value.isascii():
        return masks.shown("name", value)[-_LONGEST_SHOWN:]
    return value[:_LONGEST_SHOWN]


def like_id_number(value: str) -> bool:
    """Whether a value may be somebody's number, however it is spaced.

    >>> like_id_number("150699 19740318 695X"), like_id_number("2021-01-01 2030-12-31"), like_id_number("1506261002100000012")
    (True, False, False)
    """
    bare = _BETWEEN.sub("", unicodedata.normalize("NFKC", value)).upper()
    return masks.ID_NUMBER.search(bare) is not None or masks.OLD_ID_NUMBER.fullmatch(bare) is not None


def printable(text: str) -> str:
    r"""A text without what steers a terminal, turns the direction of writing, or is of no encoding.

    >>> printable("嘎查\u202e\x1b[2J\udcff\n")
    '嘎查��[2J� '
    """
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else " " if one.isspace() else "\ufffd" for one in text)


def _worded(value: object, language: int) -> str:
    """A value that differs between the languages is a pair (zh, en). An ID number never passes, wherever it came from."""
    text = printable(str(value[language]) if isinstance(value, tuple) else str(value))
    if len(text) < _OLD_LENGTH or not (masks.ID_NUMBER.search(text) or masks.OLD_ID_NUMBER.fullmatch(text)):
        return text
    return masks.without_numbers(text)
