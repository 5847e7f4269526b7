"""How does a delivered layer or table lie in memory while it is checked and registered?

A *frame* holds whole columns as text: stripped, NFC, "" where blank. A cell that was found at fault is *marked* and is
not judged again (one slip, one fault). Where a row stands is kept, so that each fault names file and row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from registry.delivery.fields import Part

_VILLAGE = 12


@dataclass(slots=True)
class Frame:
    """One part of a delivery. `shapes` (shapely, register's CRS) stands in layers only.

    The check fills `village`, `marked` (cells at fault), `twice` (rows whose key stands already), `at_fault`
    (rows that contradict themselves and are compared with nothing) and `days` (YYYY-MM-DD).
    """

    part: Part
    files: tuple[str, ...]
    file_of: NDArray[np.int32]
    row: NDArray[np.int64]
    columns: dict[str, pa.StringArray]
    present: frozenset[str]
    shapes: NDArray[Any] | None = None
    village: list[str] = field(default_factory=list)
    marked: dict[str, NDArray[np.bool_]] = field(default_factory=dict)
    days: dict[str, list[str]] = field(default_factory=dict)
    twice: set[int] = field(default_factory=set)
    at_fault: set[int] = field(default_factory=set)
    _lists: dict[str, list[str]] = field(default_factory=dict)
    _filled: dict[str, NDArray[np.bool_]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.row)

    def file_at(self, index: int) -> str:
        """The file in which a row stands, relative to the delivery's folder."""
        return self.files[int(self.file_of[index])]

    def places(self) -> dict[tuple[str, int], int]:
        """Where each row lies in the columns, by its file and its number as reports say them."""
        return {(self.file_at(index), int(self.row[index])): index for index in range(len(self))}

    def drawn(self) -> NDArray[Any]:
        """The shapes of a layer."""
        if self.shapes is None:  # a layer always has them
            raise AssertionError
        return self.shapes

    def text(self, name: str) -> pa.StringArray:
        """A column as Arrow text; one that was not delivered is blank throughout."""
        found = self.columns.get(name)
        if found is None:
            found = self.columns[name] = pa.array([""] * len(self), pa.string())
        return found

    def values(self, name: str) -> list[str]:
        """A column as a list of str."""
        if name not in self._lists:
            self._lists[name] = self.text(name).to_pylist()
        return self._lists[name]

    def code_at(self, index: int) -> str:
        """The code by which a row is known in any delivery: its own, or of what it belongs to; "" where its part has none."""
        return self.values(self.part.belongs[-1])[index] if self.part.belongs else ""

    def filled(self, name: str) -> NDArray[np.bool_]:
        """Where a column has a value, right or wrong."""
        if name not in self._filled:
            self._filled[name] = mask(pc.not_equal(self.text(name), ""))
        return self._filled[name]

    def day(self, name: str) -> list[str]:
        """A column of days as YYYY-MM-DD, "" where it is blank or at fault. Only after the values were checked."""
        return self.days.get(name) or [""] * len(self)

    def good(self, name: str) -> NDArray[np.bool_]:
        """Where a column has a value that no fault was found in so far."""
        filled = self.filled(name)
        return filled & ~self.marked[name] if name in self.marked else filled

    def sound(self, name: str) -> NDArray[np.bool_]:
        """Where no fault was found in a column so far; a blank counts as sound."""
        return ~self.marked[name] if name in self.marked else np.ones(len(self), dtype=np.bool_)

    def mark(self, name: str, where: NDArray[np.bool_]) -> None:
        """Remember cells as being at fault."""
        self.marked[name] = self.marked[name] | where if name in self.marked else where.copy()

    def matches(self, name: str, pattern: str) -> NDArray[np.bool_]:
        """Where the whole value of a column matches a pattern (RE2)."""
        return mask(pc.match_substring_regex(self.text(name), f"^(?:{pattern})$"))

    def numbers(self, name: str) -> NDArray[np.float64]:
        """A column as floats, NaN where it is blank or at fault. For comparisons only: records stay text."""
        good = self.good(name)
        numbers = np.full(len(self), np.nan)
        numbers[good] = self.text(name).filter(pa.array(good)).cast(pa.float64()).to_numpy(zero_copy_only=False)
        return numbers

    def cents(self, name: str) -> NDArray[np.int64]:
        """A column in hundredths, 0 where it is blank or at fault."""
        return np.rint(np.nan_to_num(self.numbers(name)) * 100).astype(np.int64)


def mask(answer: Any) -> NDArray[np.bool_]:  # noqa: ANN401  (an Arrow array)
    """An Arrow answer as a numpy mask, null as False."""
    return np.asarray(answer.fill_null(False).to_numpy(zero_copy_only=False), dtype=np.bool_)  # noqa: FBT003


def found_in(asked: pa.StringArray, among: pa.StringArray) -> NDArray[np.int64]:
    """For each value its first position among others, -1 where it is not there."""
    return np.asarray(pc.index_in(asked, value_set=among).fill_null(-1).to_numpy(zero_copy_only=False), dtype=np.int64)


def first_of(column: pa.StringArray) -> NDArray[np.int64]:
    """For each row the position of the first row with the same value."""
    encoded = column.dictionary_encode()
    codes = encoded.indices.to_numpy(zero_copy_only=False)
    first = np.full(len(encoded.dictionary), len(column), dtype=np.int64)
    np.minimum.at(first, codes, np.arange(len(column), dtype=np.int64))
    return np.asarray(first[codes], dtype=np.int64)


def joined(columns: Iterable[pa.StringArray]) -> pa.StringArray:
    """Several columns as one key, parted by a character that no value has."""
    return pc.binary_join_element_wise(*columns, "\x1f")


def mapped(column: pa.StringArray, answer: Callable[[str], str]) -> list[str]:
    """A function of each different value, asked once for each."""
    encoded = column.dictionary_encode()
    answers = [answer(value) for value in encoded.dictionary.to_pylist()]
    return [answers[code] for code in encoded.indices.to_pylist()]


def set_villages(frame: Frame, known: frozenset[str]) -> None:
    """Say of each row to which village it belongs: by a code of a known village, else by any code that names one."""
    if frame.village:
        return
    village = [""] * len(frame)
    for is_wanted in (lambda code: code in known, _is_village_code):
        for name in frame.part.belongs:
            if "" not in village:
                break
            prefixes = pc.utf8_slice_codeunits(frame.text(name), 0, _VILLAGE)
            named = mapped(prefixes, _only(is_wanted))
            village = [old or new for old, new in zip(village, named, strict=True)]
    frame.village = village


def _only(is_wanted: Callable[[str], bool]) -> Callable[[str], str]:
    return lambda code: code if is_wanted(code) else ""


def _is_village_code(code: str) -> bool:
    return re.fullmatch(r"[0-9]{12}", code, re.ASCII) is not None
