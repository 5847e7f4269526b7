"""How do the differences of a comparison leave as a table: each a line, the book's value beside ours, masked?"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from registry.delivery.report import disarmed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HEADER = ("编码 code", "表 table", "行 row", "字段 field", "什么 what", "种类 kind", "本系统 register", "登记簿 book")
KINDS = {
    "differs": ("不一致", "differs"),
    "not-in-register": ("本系统没有", "not in the register"),
    "not-in-book": ("对方没有", "not in the book"),
}


def cells(one: Mapping[str, Any]) -> tuple[str, ...]:
    """One difference of an answer, under `HEADER`."""
    row = "" if one["row"] is None else str(one["row"])
    what = f"{one['what']['zh']} {one['what']['en']}"
    return one["code"], one["table"], row, one["field"], what, " ".join(KINDS[one["kind"]]), one["register"], one["book"]


def sheet(differences: Sequence[Mapping[str, Any]]) -> bytes:
    """All of them as csv (UTF-8 with BOM) that no spreadsheet runs."""
    out = io.StringIO(newline="")
    lines = csv.writer(out)
    lines.writerow(HEADER)
    lines.writerows([disarmed(cell) for cell in cells(one)] for one in differences)
    return out.getvalue().encode("utf-8-sig")
