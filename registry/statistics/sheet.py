"""How do figures leave as a table: one csv, or a workbook with a sheet for each figure? A hidden cell is a *."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import xlsxwriter

from registry.delivery.report import disarmed
from registry.statistics.table import text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from registry.statistics.figures import Figure
    from registry.statistics.table import Row

HIDDEN = "*"
LEGEND = (
    "* 不显示：不满五个人（按规则库的下限），或会让别的格被减出来",
    "* not shown: fewer people than the rule book's least, or a cell that would give such a one away",
)
HEADER = ("统计", "表", "层", "代码", "行", "列", "数值", "valid_at", "known_at")
_WIDTH = 26


def sheet(found: Sequence[Figure], form: str, valid_at: str, known_at: int) -> bytes:
    """The figures as "xlsx" or as "csv" (UTF-8 with BOM), one line a cell."""
    return _xlsx(found, valid_at, known_at) if form == "xlsx" else _csv(found, valid_at, known_at)


def write_sheet(found: Sequence[Figure], path: Path, valid_at: str, known_at: int) -> None:
    """Write the figures; the file's suffix says which form, csv for any other than .xlsx."""
    path.write_bytes(sheet(found, "xlsx" if path.suffix.lower() == ".xlsx" else "csv", valid_at, known_at))


def shown(row: Row) -> Iterator[str]:
    """The cells of a row as text."""
    for place, value in enumerate(row.values):
        yield HIDDEN if place in row.hidden else text(value)


def _csv(found: Sequence[Figure], valid_at: str, known_at: int) -> bytes:
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(HEADER)
    for figure in found:
        for table in figure.tables:
            for row in table.rows:
                for column, cell in zip(table.columns, shown(row), strict=True):
                    words = (figure.about.zh, table.zh, str(row.level), row.code, row.zh, column.zh)
                    lines.writerow([*map(disarmed, words), cell, valid_at, known_at])
    return out.getvalue().encode("utf-8-sig")


def _xlsx(found: Sequence[Figure], valid_at: str, known_at: int) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    for figure in found:
        about = figure.about
        page = book.add_worksheet(f"{about.number} {about.zh}"[:31])
        page.set_column(0, 0, _WIDTH)
        page.write_string(0, 0, f"{about.zh} {about.en}", head)
        page.write_string(1, 0, f"valid_at {valid_at} · known_at {known_at}")
        page.merge_range(2, 0, 2, 7, f"{about.how_zh}\n{about.how_en}", wrapped)
        page.set_row(2, 90)
        line = 3
        for words in (*LEGEND, *(f"{note.zh} {note.en}" for note in figure.notes)):
            page.write_string(line, 0, words)
            line += 1
        for table in figure.tables:
            line += 1
            page.write_string(line, 0, f"{table.zh} {table.en}", head)
            for place, column in enumerate(table.columns, 1):
                page.write_string(line, place, f"{column.zh} {column.en}", head)
            for row in table.rows:
                line += 1
                page.write_string(line, 0, "　" * row.level + row.zh)
                for place, cell in enumerate(shown(row), 1):
                    if cell in {HIDDEN, ""}:
                        page.write_string(line, place, cell)
                    else:
                        page.write_number(line, place, float(cell))
            line += 1
    book.close()
    return out.getvalue()
