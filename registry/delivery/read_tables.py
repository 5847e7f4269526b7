"""What does a delivered table hold, CSV, xlsx, dBASE or in a database: every cell as text, strictly, in a known encoding?

A number that a spreadsheet has rounded and a formula are faults of their cells; so the cell is marked and blank from
here on. No value is guessed: dates of a spreadsheet become YYYYMMDD, numbers the digits that the file itself has.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import re
import warnings
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as pa_csv

from gis.errors import GisError
from gis.formats.dbf import TextUndecodable, read_dbf
from registry.delivery.containers import CONTAINERS, TableFile, Unreadable, cells_in
from registry.delivery.faults import shown
from registry.delivery.frames import Frame, set_villages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from registry.delivery.faults import Faults
    from registry.delivery.fields import Part

_LARGEST_XLSX = 1 << 29
_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384
"""What a spreadsheet holds. Without a limit by name the memory of the reader, and so chance, would decide."""
_MOST_SWELLING, _SMALL = 200, 32 << 20
_PROLOGUE = 1 << 16
"""So much of an XML file is looked at before it is read; no writer of workbooks puts a DOCTYPE anywhere."""
_CENT = 0.01
_BOM, _THREE_BYTES = b"\xef\xbb\xbf", "\u0800"
# A spreadsheet keeps 15 digits of a number; what is longer was text once and is lost.
_EXACT_IN_A_SPREADSHEET = 10**15
_IRREGULAR_LINE = re.compile(r"^[,\s]*$", re.MULTILINE)


@dataclass(slots=True)
class Cells:
    """A table before its columns are known to be those of a part: header, one Arrow column each, rows' numbers.

    `rounded` (row, column, text) and `formulas` (row, column), counted from 0, are cells that hold no value of their own.
    """

    header: list[str]
    columns: list[Any]
    rows: np.ndarray[Any, np.dtype[np.int64]]
    rounded: list[tuple[int, int, str]] = field(default_factory=list)
    formulas: list[tuple[int, int]] = field(default_factory=list)


def read_table(part: Part, source: TableFile, faults: Faults) -> Frame | None:
    """Read one table; None where it can't be read as a whole, with the reason in `faults`."""
    try:
        cells: Cells | Unreadable = cells_of(source)
    except Unreadable as bad:
        cells = bad
    return frame_of(part, source.file, cells, faults)


def frame_of(part: Part, file: str, cells: Cells | Unreadable, faults: Faults) -> Frame | None:
    """The table of a part from its cells, which were read here or in a process apart; None as `read_table`."""
    if isinstance(cells, Unreadable):
        faults.whole(cells.fault, file, part.name, **cells.values)
        return None
    places = check_header(part, cells.header, file, faults)
    if places is None:
        return None
    columns = {name: plain(cells.columns[place]) for name, place in places.items()}
    frame = Frame(
        part, (file,), np.zeros(len(cells.rows), dtype=np.int32), cells.rows, columns, frozenset(places)
    )
    _say_bad_cells(frame, cells, places, faults)
    return frame


def plain_cells(source: TableFile) -> tuple[list[str], list[list[str]]]:
    """A whole table as text: its header, its rows. For tables of which no part is known. Raises `Unreadable`."""
    cells = cells_of(source)
    columns = [plain(column).to_pylist() for column in cells.columns]
    return cells.header, [list(row) for row in zip(*columns, strict=True)]


def check_header(part: Part, header: list[str], file: str, faults: Faults) -> dict[str, int] | None:
    """The place of each column of the part; None when a column stands twice. Says what is missing and what is unread."""
    places: dict[str, int] = {}
    known = {column.name for column in part.columns}
    twice = False
    for place, name in enumerate(header):
        if name in places and name in known:
            faults.whole("column-twice", file, part.name, name, column=name)
            twice = True
        elif name in known:
            places[name] = place
        elif name:
            # A table without a header line would show its first person here.
            faults.whole("column-unread", file, part.name, column=shown(name, sealed=False))
    for column in part.columns:
        if column.name not in places and column.need != "可":
            fault = "column-missing" if column.need == "必" else "column-absent"
            faults.whole(fault, file, part.name, column.name, column=column.name)
            twice = twice or column.need == "必"
    return None if twice else places


def plain(column: Any) -> pa.StringArray:  # noqa: ANN401  (an Arrow array)
    """A column as text without spaces around it, in NFC, blank for null."""
    text = column.cast(pa.string()).fill_null("")
    if isinstance(text, pa.ChunkedArray):
        text = text.combine_chunks()
    return pc.utf8_normalize(pc.utf8_trim_whitespace(text), form="NFC")


def decoded(raw: bytes) -> str:
    """The whole file as text: UTF-8 with or without BOM, else GBK. Raises `Unreadable`.

    TRAP: 砖木 in GBK is D7 A9 C4 BE, which is good UTF-8 for two letters of Hebrew and Slovak. Chinese in UTF-8 takes three
    bytes a character: a file without any such is GBK, where it can be.

    >>> decoded("砖木".encode("gbk")), decoded("砖木".encode())
    ('砖木', '砖木')
    """
    if b"\0" in raw:
        raise Unreadable("file-unreadable", reason=("含有空字节", "it holds a NUL byte"))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as not_utf8:
        try:
            return raw.decode("gbk")
        except UnicodeDecodeError as not_gbk:
            offset = max(not_utf8.start, not_gbk.start) + 1
            raise Unreadable("encoding-unknown", offset=offset) from None
    if text.isascii() or raw.startswith(_BOM) or max(text) >= _THREE_BYTES:
        return text
    try:
        return raw.decode("gbk")
    except UnicodeDecodeError:
        return text


def cells_of(source: TableFile) -> Cells:
    """A table as it lies in its file, no column of it known. Raises `Unreadable`."""
    suffix = source.path.suffix.lower()
    if suffix in CONTAINERS:
        header, rows = cells_in(source)
        return _from_cells([_name(name) for name in header], rows)
    if suffix == ".dbf":
        return _dbf(source.path)
    return _xlsx(source.path) if suffix == ".xlsx" else _csv(source.path.read_bytes())


def _dbf(path: Path) -> Cells:
    try:
        table = read_dbf(path)
    except TextUndecodable:
        reason = ("文字与声明的编码不符", "its text is not of the encoding that it says")
        raise Unreadable("file-unreadable", reason=reason) from None
    except GisError as bad:
        raise Unreadable("file-unreadable", reason=(bad.zh, bad.en)) from None
    count = table.record_count - table.deleted_count
    columns = [as_text(pd.Series(column)) for column in table.columns.values()]
    return Cells([_name(name) for name in table.columns], columns, np.arange(2, count + 2, dtype=np.int64))


def _from_cells(header: list[str], rows: list[list[str | None]]) -> Cells:
    """A table of a database: rows are counted as a spreadsheet would show them, the header being row 1."""
    columns = [pa.array([row[place] for row in rows], pa.string()) for place in range(len(header))]
    return Cells(header, columns, np.arange(2, len(rows) + 2, dtype=np.int64))


def as_text(series: Any) -> pa.Array:  # noqa: ANN401  (a pandas column)
    """A column of an attribute table as text; numbers with two decimals unless the file has more."""
    if pd.api.types.is_float_dtype(series.dtype):
        numbers = series.to_numpy(dtype=np.float64)
        cents = np.rint(numbers * 100) / 100
        return pa.array(
            [None if n != n else f"{n:.2f}" if abs(n - c) < _CENT / 1e4 else repr(n) for n, c in zip(numbers.tolist(), cents.tolist(), strict=True)],  # noqa: PLR0124, E501
            pa.string(),
        )
    if pd.api.types.is_datetime64_any_dtype(series.dtype):
        return pa.array([None if pd.isna(day) else day.strftime("%Y%m%d") for day in series], pa.string())
    if pd.api.types.is_integer_dtype(series.dtype):
        return pa.array(series, from_pandas=True).cast(pa.string())
    return pa.array(series, type=pa.string(), from_pandas=True)


def _csv(raw: bytes) -> Cells:
    text = decoded(raw)
    first = text[: text.find("\n") + 1 or len(text)]
    try:
        header = [_name(cell) for cell in next(csv.reader([first]), [])] if first.strip() else []
    except csv.Error as broken:
        raise Unreadable("file-unreadable", reason=(f"表头不可读（{broken}）", f"its header: {broken}")) from None
    if not header:
        raise Unreadable("file-unreadable", reason=("没有表头", "it has no header line"))
    if len(header) > _MOST_COLUMNS:
        reason = (f"超过 {_MOST_COLUMNS} 列", f"it has more than {_MOST_COLUMNS} columns")
        raise Unreadable("file-unreadable", reason=reason)
    if text.count("\n") > _MOST_ROWS:
        raise _too_long()
    # Quoted line breaks and blank lines make rows and lines count apart: those files take the slow road.
    if '"' in text or _IRREGULAR_LINE.search(text.rstrip("\r\n")):
        return _csv_slow(text, header)
    names = [f"c{place}" for place in range(len(header))]
    try:
        table = pa_csv.read_csv(
            io.BytesIO(text[len(first) :].encode()),
            read_options=pa_csv.ReadOptions(column_names=names),
            parse_options=pa_csv.ParseOptions(quote_char=False),
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return _csv_slow(text, header)  # it names the row
    rows = np.arange(2, table.num_rows + 2, dtype=np.int64)
    return _with_rounded(Cells(header, [table.column(name) for name in names], rows))


def _csv_slow(text: str, header: list[str]) -> Cells:
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as broken:
        raise Unreadable("file-unreadable", reason=(f"引号不成对（{broken}）", str(broken))) from None
    return _with_rounded(_from_lines(header, enumerate(lines[1:], start=2)))


def _from_lines(header: list[str], lines: Iterable[tuple[int, list[str]]]) -> Cells:
    width = len(header)
    rows, kept = [], []
    for number, line in lines:
        if not any(cell.strip() for cell in line):
            continue
        if any(cell.strip() for cell in line[width:]):
            reason = (f"第 {number} 行的格数多于表头", f"row {number} has more cells than the header")
            raise Unreadable("file-unreadable", reason=reason)
        rows.append(number)
        kept.append([*line[:width], *([""] * (width - len(line)))])
    columns = [pa.array([line[place] for line in kept], pa.string()) for place in range(width)]
    return Cells(header, columns, np.asarray(rows, dtype=np.int64))


def _with_rounded(cells: Cells) -> Cells:
    """Find what a spreadsheet wrote in powers of ten before it was saved as CSV."""
    for place, column in enumerate(cells.columns):
        hit = pc.match_substring_regex(column, r"^\s*[0-9](?:\.[0-9]+)?[eE]\+[0-9]+\s*$")
        if pc.any(hit).as_py():
            for index in np.flatnonzero(hit.to_numpy(zero_copy_only=False)).tolist():
                cells.rounded.append((index, place, column[index].as_py().strip()))
    return cells


def _xlsx(path: Path) -> Cells:
    # Loaded where a table is one: an import of 100,000 parcels as CSV waits for nothing else of it.
    import openpyxl  # noqa: PLC0415  (as above)
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415  (as above)

    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_bombs(archive)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl speaks of styles and extensions that nobody reads
            book = openpyxl.load_workbook(path, read_only=True, keep_links=False)
            try:
                return _sheet(book.worksheets[0])
            finally:
                book.close()
    except (zipfile.BadZipFile, InvalidFileException, KeyError, IndexError, ValueError, OSError, SyntaxError) as broken:
        reason = (f"不是完整的 xlsx（{type(broken).__name__}）", f"not a whole xlsx ({type(broken).__name__})")
        raise Unreadable("file-unreadable", reason=reason) from None


def _refuse_bombs(archive: zipfile.ZipFile) -> None:
    """Raise `Unreadable` for a workbook that swells beyond measure, or whose XML brings entities of its own."""
    members = archive.infolist()
    if sum(info.file_size for info in members) > _LARGEST_XLSX:
        raise Unreadable("file-unreadable", reason=("解压后超过 512 MB", "it is over 512 MB when unpacked"))
    for info in members:
        if info.file_size > max(_SMALL, _MOST_SWELLING * info.compress_size):
            raise Unreadable("file-unreadable", reason=("展开后大得不合理", "it swells beyond measure"))
        if info.filename.endswith((".xml", ".rels")):
            with archive.open(info) as member:
                if b"<!DOCTYPE" in member.read(_PROLOGUE).replace(b"\0", b"").upper():
                    raise Unreadable("file-unreadable", reason=("含有 DOCTYPE", "it holds a DOCTYPE"))


def _sheet(sheet: Any) -> Cells:  # noqa: ANN401  (openpyxl's own)
    sheet.reset_dimensions()
    rows: Iterator[Any] = sheet.iter_rows()
    header = [_name(str(cell.value or "")) for cell in next(rows, [])]
    while header and not header[-1]:
        header.pop()
    if not header:
        raise Unreadable("file-unreadable", reason=("没有表头", "it has no header row"))
    rounded, formulas, lines = {}, set(), []
    for number, row in enumerate(rows, start=2):
        if number > _MOST_ROWS:
            raise _too_long()
        line = []
        for place, cell in enumerate(row):
            text = _cell(cell)
            if cell.data_type in {"f", "e"}:
                formulas.add((number, place))
                text = "="
            elif text.startswith("~"):
                rounded[number, place] = text = text[1:]
            line.append(text)
        lines.append((number, line))
    cells = _from_lines(header, lines)
    place_of = {number: index for index, number in enumerate(cells.rows.tolist())}
    cells.rounded = [(place_of[number], place, text) for (number, place), text in rounded.items()]
    cells.formulas = [(place_of[number], place) for number, place in sorted(formulas) if place < len(header)]
    return cells


def _too_long() -> Unreadable:
    return Unreadable("file-unreadable", reason=(f"超过 {_MOST_ROWS} 行", f"it has more than {_MOST_ROWS} rows"))


def _cell(cell: Any) -> str:  # noqa: ANN401  (openpyxl's own)
    """A cell as text; a number that was rounded has "~" before it."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, dt.datetime | dt.date):
        return value.strftime("%Y%m%d")
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float) and not math.isfinite(value):
        return f"~{value}"
    if isinstance(value, int | float):
        text = str(int(value)) if value == int(value) else repr(value)
        return f"~{value:.5G}" if abs(value) >= _EXACT_IN_A_SPREADSHEET else text
    text = str(value)
    return text.lstrip("~") if text.startswith("~") else text


def _say_bad_cells(frame: Frame, cells: Cells, places: dict[str, int], faults: Faults) -> None:
    name_of = {place: name for name, place in places.items()}
    bad = [(index, name_of.get(place), "value-rounded", {"value": text}) for index, place, text in cells.rounded]
    bad += [(index, name_of.get(place), "value-is-formula", {}) for index, place in cells.formulas]
    if not bad:
        return
    set_villages(frame, frozenset())
    for index, name, fault, values in sorted(bad, key=lambda one: one[0]):
        if name is None:
            continue
        faults.at(fault, frame, index, name, values)
        where = np.zeros(len(frame), dtype=np.bool_)
        where[index] = True
        frame.mark(name, where)


def _name(cell: str) -> str:
    return normalize("NFC", cell.strip().lstrip("\ufeff").strip())
