"""Reports of bureaus, of made-up people, as rows by column and as a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import xlsxwriter

from registry.service_reports.reading import COLUMN_NAMES
from tests.registry import made_up

if TYPE_CHECKING:
    from pathlib import Path


def row(n: int, number: str, service: str = "社保", since: str = "20180301", **changed: str) -> dict[str, str]:
    """One of the family has a service."""
    name, born, sequence = made_up.PEOPLE[n]
    who = {"姓名": name, "证件号码": made_up.id_number(born, sequence)}
    return {"编号": number, "服务": service, "起始日期": since, **who, **changed}


def written(path: Path, rows: list[dict[str, str]], header: tuple[str, ...] = COLUMN_NAMES) -> Path:
    """The rows as a workbook."""
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, header)
        for number, cells in enumerate(rows, start=1):
            for column, name in enumerate(header):
                page.write_string(number, column, cells.get(name, ""))
    return path
