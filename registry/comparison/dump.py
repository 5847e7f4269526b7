"""What does an export of a book hold: which tables, word for word, and what in it can't be true?

Tables come as csv, xlsx or dbf, in GBK or UTF-8, in a folder, a zip or by themselves, their columns under codes or under the
Chinese names of `differences.WORDS`. Nothing is repaired; an export with
a fault is refused whole, with every fault named. Personal values leave here only through `differences`.
"""

from __future__ import annotations

import hashlib
import re
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from registry.comparison.books import BOOKS, PLOT, REALTY, SQUARE_METRES
from registry.comparison.differences import WORDS
from registry.delivery.archive import Bounds, unpacked
from registry.delivery.containers import Unreadable
from registry.delivery.faults import MOST_OF_A_TABLE, Fault, Faults, TooManyFaults, shown
from registry.delivery.frames import Frame, first_of, found_in, mapped, set_villages
from registry.delivery.read_tables import frame_of
from registry.delivery.tables_apart import cells_apart
from registry.delivery.values import check_values
from registry.errors import SanquanError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from registry.comparison.books import Book
    from registry.delivery.fields import Part
    from registry.delivery.read_tables import Cells

SUFFIXES = (".csv", ".xlsx", ".dbf")
MOST_FILES = 50
_BOUNDS = Bounds(MOST_FILES, 512)
_SIDECARS = (".cpg",)
_UNIT = r"[0-9]{12}[GJZ][A-Z][0-9]{5}[FLQW][0-9]{8}"
_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T].*)?", re.ASCII)
_REFERENCES = (
    ("CBDKXX", "CBHTBM", "CBHT", "CBHTBM", "contract-unknown"),
    ("CBHT", "CBFBM", "CBF", "CBFBM", "household-unknown"),
    ("CBF_JTCY", "CBFBM", "CBF", "CBFBM", "household-unknown"),
)


class DumpRefusedError(SanquanError):
    """Raised when an export can't be compared; `faults` are all that were found, names masked."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Every fault, or as many as are looked for."""
        least = ("至少", "at least ") if len(faults) >= MOST_OF_A_TABLE else ("", "")
        super().__init__(
            f"这份导出有{least[0]} {len(faults)} 处错误, 没有核对: 改正后重新导出",
            f"this export has {least[1]}{len(faults)} faults and was not compared: correct them and export it again",
        )
        self.faults = tuple(faults)


@dataclass(slots=True)
class Dump:
    """An export as read. `digest` is SHA-256 over names and bytes of its files; `unread` are files of no table."""

    book: Book
    frames: dict[str, Frame]
    digest: bytes
    files: tuple[str, ...]
    unread: tuple[str, ...] = ()
    keys: dict[str, dict[str, list[int]]] = field(default_factory=dict)

    def rows(self, table: str, column: str, value: str) -> list[int]:
        """The rows of a table that have this value in a column."""
        place = f"{table}.{column}"
        if place not in self.keys:
            found: dict[str, list[int]] = {}
            for index, each in enumerate(self.frames[table].values(column)):
                found.setdefault(each, []).append(index)
            self.keys[place] = found
        return self.keys[place].get(value, [])


@contextmanager
def exported(paths: Sequence[Path]) -> Iterator[list[Path]]:
    """The files of an export while the block lasts: those of a folder or zip, or tables by themselves.

    DumpRefusedError for a zip that is none, that would lead elsewhere, or unpacks to more than is read.
    """
    faults, files = Faults(), []
    with ExitStack() as scratch:
        for path in paths:
            root = scratch.enter_context(unpacked(path, faults, _BOUNDS))
            inside = sorted(each for each in root.rglob("*") if each.is_file() and not each.name.startswith("."))
            files += inside if root.is_dir() else [root]
        if faults.found:
            raise DumpRefusedError(faults.found)
        yield files


def read_dump(paths: Sequence[Path], county: str, today: str) -> Dump:
    """Read an export's files; `county` has six digits, `today` is YYYY-MM-DD. DumpRefusedError with every fault."""
    faults = Faults(most=MOST_OF_A_TABLE)
    try:
        return _read(paths, county, today, faults)
    except TooManyFaults:
        raise DumpRefusedError(faults.found) from None


def _read(paths: Sequence[Path], county: str, today: str, faults: Faults) -> Dump:
    parts = {part.name: (book, part) for book in BOOKS for part in book.parts}
    tables: dict[str, Path] = {}
    unread = []
    for path in paths:
        name = path.stem.upper()
        if name not in parts or path.suffix.lower() not in (*SUFFIXES, *_SIDECARS):
            unread.append(path.name)
        elif path.suffix.lower() in SUFFIXES:
            if name in tables:
                faults.whole("part-twice", path.name, name, part=name, first=tables[name].name, second=path.name)
            tables.setdefault(name, path)
    book = _book_of(tables, faults)
    frames = {}
    name_of = {path: name for name, path in tables.items()}
    for path, cells in cells_apart(list(name_of)) if name_of else ():
        name = name_of[path]
        frame = frame_of(parts[name][1], path.name, _in_codes(parts[name][1], cells), faults)
        if frame is not None:
            frames[name] = frame
            _check(frame, county, today, faults)
    if book is not None and frames.keys() == tables.keys():
        _check_references(frames, faults)
    if faults.found or book is None:
        raise DumpRefusedError(faults.found)
    digest = hashlib.sha256()
    for path in sorted(tables.values(), key=lambda each: each.name):
        raw = path.read_bytes()
        digest.update(f"{path.name}\n{len(raw)}\n".encode() + raw)
    return Dump(book, frames, digest.digest(), tuple(sorted(each.name for each in tables.values())), tuple(unread))


def _in_codes(part: Part, cells: Cells | Unreadable) -> Cells | Unreadable:
    """The code of each column that stands under its Chinese name; an area stands with its unit there: none is guessed."""
    if isinstance(cells, Unreadable):
        return cells
    names = [column.name for column in part.columns if column.name in WORDS and column.name not in cells.header]
    codes = {WORDS[name][0]: name for name in names}
    return replace(cells, header=[codes.get(heading, heading) for heading in cells.header])


def _book_of(tables: dict[str, Path], faults: Faults) -> Book | None:
    """The one book that the tables belong to, with all that it needs."""
    books = [book for book in BOOKS if any(part.name in tables for part in book.parts)]
    if not books:
        wanted = "、".join(part.name for book in BOOKS for part in book.parts)
        faults.whole("part-missing", "", "", part=wanted)
        return None
    if len(books) > 1:
        names = [next(part.name for part in book.parts if part.name in tables) for book in books]
        reason = ("两本簿册的表混在一起, 一次核对一本", "tables of two books together: compare one at a time")
        faults.whole("file-unreadable", ", ".join(names), "", reason=reason)
        return None
    (book,) = books
    missing = [name for name in book.all_of if name not in tables]
    if book.one_of and not any(name in tables for name in book.one_of):
        missing.append(" / ".join(book.one_of))
    if any(name in tables for name in book.together):
        missing += [name for name in book.together if name not in tables]
    for name in missing:
        faults.whole("part-missing", "", name, part=name)
    return book


def _check(frame: Frame, county: str, today: str, faults: Faults) -> None:
    set_villages(frame, frozenset())
    for column in frame.part.columns:
        if column.kind in {"day", "past-day"} and column.name in frame.present:
            # Exports write a day with its hour, or with slashes: the day itself is not in doubt.
            frame.columns[column.name] = pa.array(mapped(frame.text(column.name), _day), pa.string())
    check_values(frame, county, today, faults)
    if frame.part in REALTY.parts:
        _check_units(frame, faults)
    if frame.part.name == "CBDKXX":
        _refuse_twice(frame, "DKBM", faults)


def _day(text: str) -> str:
    match = _DAY.fullmatch(text)
    return f"{match[1]}{int(match[2]):02}{int(match[3]):02}" if match else text


def _check_units(frame: Frame, faults: Faults) -> None:
    """The 28 characters of GB/T 37346, and square metres: what is something else is matched with nothing."""
    wrong = frame.good("BDCDYH") & ~frame.matches("BDCDYH", _UNIT)
    faults.rows(
        "value-not-in-list", frame, wrong, "BDCDYH",
        value=[shown(code, sealed=False) for code in frame.values("BDCDYH")],
        allowed=[("GB/T 37346 的 28 位不动产单元号", "the 28 characters of GB/T 37346")] * len(frame),
    )  # fmt: skip
    if frame.part.name == PLOT:
        other = found_in(frame.text("MJDW"), pa.array(SQUARE_METRES, pa.string())) < 0
        units = [shown(unit, sealed=False) for unit in frame.values("MJDW")]
        faults.rows("value-not-in-list", frame, other, "MJDW", value=units, allowed="1 平方米")


def _refuse_twice(frame: Frame, column: str, faults: Faults) -> None:
    first = first_of(frame.text(column))
    twice = frame.good(column) & (first != np.arange(len(frame)))
    contracts = frame.values("CBHTBM")
    faults.rows(
        "parcel-contracted-twice", frame, twice, column,
        code=frame.values(column), first=[contracts[index] for index in first.tolist()],
    )  # fmt: skip


def _check_references(frames: dict[str, Frame], faults: Faults) -> None:
    """Each row of a table belongs to a row of another one."""
    for table, column, other, key, fault in _REFERENCES:
        if table in frames and other in frames:
            frame = frames[table]
            lost = frame.good(column) & (found_in(frame.text(column), frames[other].text(key)) < 0)
            faults.rows(fault, frame, lost, column, code=frame.values(column))
