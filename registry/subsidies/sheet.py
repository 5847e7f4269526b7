"""How does a subsidy check leave as a table: 补贴核对表, as xlsx or csv, without any column about the household registration?

Those to look at stand first. A cell that a spreadsheet could take for a formula is disarmed; nothing else is written but text
and the three quantities.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import xlsxwriter

from registry.delivery.report import disarmed
from registry.subsidies.model import SETTLED, STATES

if TYPE_CHECKING:
    from pathlib import Path

    from registry.subsidies.model import Line, SubsidyCheck

HEADER = (
    "发包方编码", "承包方编码或人", "政策", "计发依据", "单位", "上次年度", "上次数量", "登记簿今年", "名单今年",
    "结论", "原因", "名单行号",
)  # fmt: skip
_QUANTITIES = range(6, 9)
_WIDTHS = (16, 22, 22, 10, 8, 10, 12, 12, 12, 30, 40, 12)


def sheet(check: SubsidyCheck, form: str) -> bytes:
    """The table as "xlsx" or as "csv" (UTF-8 with BOM)."""
    lines = sorted(check.lines, key=lambda line: line.state in SETTLED)
    rows = [_cells(line) for line in lines]
    return _xlsx(check.year, rows) if form == "xlsx" else _csv(rows)


def write_sheet(check: SubsidyCheck, path: Path) -> None:
    """Write the table; the file's suffix says which form, csv for any other than .xlsx."""
    path.write_bytes(sheet(check, "xlsx" if path.suffix.lower() == ".xlsx" else "csv"))


def _cells(line: Line) -> list[str]:
    reasons = "；".join(f"{reason.zh} {reason.day}" for reason in line.reasons)
    quantities = [quantity or "" for quantity in (line.last, line.registered, line.listed)]
    words = [line.issuer, line.who, line.policy, line.basis, line.unit, line.last_year or "", *quantities]
    return [disarmed(cell) for cell in (*words, STATES[line.state][0], reasons, " ".join(map(str, line.rows)))]


def _csv(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(HEADER)
    lines.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def _xlsx(year: str, rows: list[list[str]]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet(f"补贴核对表{year}")
    head = book.add_format({"bold": True})
    for column, (name, width) in enumerate(zip(HEADER, _WIDTHS, strict=True)):
        page.set_column(column, column, width)
        page.write_string(0, column, name, head)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if column in _QUANTITIES and cell:
                page.write_number(number, column, float(cell))
            else:
                page.write_string(number, column, cell)
    page.freeze_panes(1, 0)
    book.close()
    return out.getvalue()
