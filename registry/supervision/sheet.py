"""How does a list of the supervision bureau leave as a table: a csv or a workbook, with how it was counted?"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import xlsxwriter

from registry.delivery.report import disarmed

if TYPE_CHECKING:
    from registry.supervision.lists import Cell, Listing

_WIDTH = 22


def sheet(of: Listing, form: str) -> bytes:
    """The list as "xlsx", or as "csv" (UTF-8 with BOM). The first line says how it was counted."""
    return _xlsx(of) if form == "xlsx" else _csv(of)


def _csv(of: Listing) -> bytes:
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow([of.zh, *of.counted])
    lines.writerow([f"{column.zh} {column.en}" for column in of.columns])
    lines.writerows([disarmed(_text(cell)) for cell in row] for row in of.rows)
    return out.getvalue().encode("utf-8-sig")


def _xlsx(of: Listing) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    page = book.add_worksheet(of.zh)
    page.set_column(0, len(of.columns) - 1, _WIDTH)
    page.write_string(0, 0, f"{of.zh} {of.en}", head)
    page.merge_range(1, 0, 1, len(of.columns) - 1, "\n".join(of.counted), wrapped)
    page.set_row(1, 100)
    for place, column in enumerate(of.columns):
        page.write_string(3, place, f"{column.zh} {column.en}", head)
    for line, row in enumerate(of.rows, 4):
        for place, cell in enumerate(row):
            if isinstance(cell, int):
                page.write_number(line, place, cell)
            else:
                page.write_string(line, place, _text(cell))
    book.close()
    return out.getvalue()


def _text(cell: Cell) -> str:
    return " ".join(cell) if isinstance(cell, tuple) else str(cell)
