"""How do the answers of an import leave as a table, row by row, names and numbers masked?"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import xlsxwriter

from registry.delivery.report import disarmed

if TYPE_CHECKING:
    from registry.police.importing import Imported

HEADER = ("行号 row", "事件编号", "事项", "谁 who", "结果 result", "说明", "in words", "账本 entry")
_WIDTHS = (8, 24, 20, 26, 18, 60, 60, 10)
_STATES = {
    "recorded": "记下了",
    "would be recorded": "可以记",
    "repeated": "以前记过",
    "unmatched": "找不到人",
    "refused": "有错",
    "waits for its event": "等同一事件的别的行",
}


def sheet(found: Imported) -> bytes:
    """The answers as xlsx, those to look at first."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet("试导入" if found.dry_run else "导入结果")
    head = book.add_format({"bold": True})
    for column, (name, width) in enumerate(zip(HEADER, _WIDTHS, strict=True)):
        page.set_column(column, column, width)
        page.write_string(0, column, name, head)
    passed = {"recorded", "would be recorded", "repeated"}
    for number, answer in enumerate(sorted(found.answers, key=lambda each: each.state in passed), start=1):
        page.write_number(number, 0, answer.row)
        words = (answer.event, answer.kind, answer.who, _STATES[answer.state], answer.zh, answer.en)
        for column, word in enumerate(words, start=1):
            page.write_string(number, column, disarmed(word))
        if answer.idx is not None:
            page.write_number(number, len(HEADER) - 1, answer.idx)
    page.freeze_panes(1, 0)
    book.close()
    return out.getvalue()
