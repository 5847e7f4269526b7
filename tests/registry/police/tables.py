"""Tables of household events as the police network would send them, of made-up people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import xlsxwriter

from registry.police.reading import COLUMNS
from tests.registry import made_up

if TYPE_CHECKING:
    from pathlib import Path

HEADER = [column.name for column in COLUMNS]
TOWN = {"户号": "H-1", "区划代码": "150626100010", "区划名称": "嘎鲁图镇文苑社区", "住址": "文苑社区1栋101"}
SIGNED = "5" * 64


def person(n: int) -> dict[str, str]:
    """One of the family."""
    name, born, sequence = made_up.PEOPLE[n]
    return {"姓名": name, "证件号码": made_up.id_number(born, sequence)}


def settles(n: int, event: str = "PN-1", **changed: str) -> dict[str, str]:
    """One of the family settles in town with the others, on their own application (the father's for the children)."""
    signer = {"签字人证件号码": person(0)["证件号码"]} if n in {2, 3} else {}
    row = {"事件编号": event, "事项": "本旗城镇落户", "日期": "20170508", "申请书": SIGNED, "与户主关系": "02"}
    return {**row, **person(n), **TOWN, **signer, **changed}


def states_of(n: int, event: str = "PN-7", **changed: str) -> dict[str, str]:
    """What the desk states of one of the family later on."""
    row = {"事件编号": event, "事项": "民族、文化程度登记", "日期": "20200901", "民族": "02", "文化程度": "21"}
    return {**row, **person(n), **changed}


def birth(event: str = "PN-2", **changed: str) -> list[dict[str, str]]:
    """A child is born to the family."""
    row = {"事件编号": event, "事项": "出生登记", "日期": "20180301", "依据": "出生医学证明"}
    child = {
        "姓名": "萨日娜",
        "证件号码": made_up.id_number("20180201", 224),
        "新登记": "是",
        "性别": "2",
        "与户主关系": "30",
    }
    return [{**row, **child, **TOWN, **changed}, {**row, **person(0)}, {**row, **person(1)}]


def written(path: Path, rows: list[dict[str, str]], header: list[str] | None = None) -> Path:
    """The rows as a workbook."""
    names = HEADER if header is None else header
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, names)
        for number, row in enumerate(rows, start=1):
            for column, name in enumerate(names):
                page.write_string(number, column, row.get(name, ""))
    return path
