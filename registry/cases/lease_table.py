"""How is a village's ledger of leases read as a table: under the names that ledgers use, with days as Excel copies them?

It is read as a roster is: strictly, in a process that can do no harm. What is wrong with a cell is said in words of the columns.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa

from registry.china import today
from registry.delivery.containers import Unreadable
from registry.delivery.faults import MOST_OF_A_TABLE, Fault, Faults, TooManyFaults, like_id_number, shown
from registry.delivery.fields import Column, Part, sealed
from registry.delivery.frames import mapped, set_villages
from registry.delivery.read_tables import frame_of
from registry.delivery.tables_apart import cells_apart
from registry.delivery.values import check_values
from registry.subsidies.read import ListRefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from registry.delivery.frames import Frame
    from registry.store.engines import Store

MOST = 1_000
"""Rows of one list: a village's ledger has some hundreds."""
CONTRACT, PARCELS, LESSEE, NUMBER, CODE, START, END, RENT = HEADER = (
    "合同编码", "地块编码", "承租方", "证件号码", "租赁合同编号", "从", "到", "租金",
)  # fmt: skip
LEASES = Part(
    "流转台账", shape="", required=False, belongs=(),
    columns=(
        Column(CONTRACT, "text", "必", 40),
        Column(PARCELS, "text", "可", 400),
        sealed(LESSEE, "必", 50),
        sealed(NUMBER, "可", 30),
        Column(CODE, "text", "必", 40),
        Column(START, "day", "必"),
        Column(END, "day", "必"),
        Column(RENT, "number"),
    ),
)  # fmt: skip
ALSO = {
    CONTRACT: ("承包合同编码", "承包合同编号", "承包合同代码", "CBHTBM"),
    PARCELS: ("地块代码", "地块编号", "DKBM"),
    LESSEE: ("承租人", "承租方名称", "承租方姓名", "承租人姓名", "受让方", "流入方"),
    NUMBER: ("证件号", "身份证号", "身份证号码", "承租方证件号码", "承租人证件号码", "承租人身份证号"),
    CODE: ("租赁合同编码", "流转合同编号", "流转合同编码", "LZHTBM"),
    START: ("起始日期", "开始日期", "起租日期", "流转起始日期", "自", "LZQXKSRQ"),
    END: ("终止日期", "结束日期", "截止日期", "到期日期", "流转终止日期", "至", "LZQXJSRQ"),
    RENT: ("租金总额", "总租金", "租金(元)", "租金（元）"),
}
"""What ledgers call a column beside its own name. A rent by the year or by the mu is none of the whole term, so it is not here."""
_OWN = {also: name for name, names in ALSO.items() for also in names}
_COPIED = re.compile(
    r"(\d{4}) ?(?:([-/.]) ?(\d{1,2}) ?\2 ?(\d{1,2})|年 ?(\d{1,2}) ?月 ?(\d{1,2}) ?日?)(?: 0?0:00(?::00)?)?", re.ASCII
)
# Days, amounts and numbers short enough to be nobody's: a wrong one is told as it stands.
_NOBODY = re.compile(r"(?!.*[0-9]{9})(?=.*[0-9])[0-9年月日号元万亩整,，./:：~—至 -]{1,20}", re.ASCII)
_DAYS = ("写成如 2021-01-01、2021/1/1、2021年1月1日 或 20210101", "write it like 2021-01-01, 2021/1/1 or 20210101")


def read_table(store: Store, path: Path) -> tuple[Frame, Mapping[int, list[Fault]]]:
    """The rows, and what is wrong with the cells of each by its number. ListRefusedError where it cannot be read at all."""
    ((_, cells),) = cells_apart([path])
    if not isinstance(cells, Unreadable):
        cells.header = own_names(cells.header)
        if not set(cells.header) & set(HEADER):
            raise _no_table(path, "第一行不是表头", "the first row is no header", _header())
    faults = Faults(most=MOST_OF_A_TABLE)
    try:
        frame = frame_of(LEASES, path.name, cells, faults)
        if frame is not None:
            for name in (START, END):
                frame.columns[name] = pa.array(mapped(frame.text(name), as_day), pa.string())
            set_villages(frame, frozenset())
            check_values(frame, store.settings.banner_code, today(store), faults)
    except TooManyFaults:
        raise ListRefusedError(faults.found) from None
    if frame is None or any(fault.row is None for fault in faults.found):
        raise ListRefusedError([_missing(fault) for fault in faults.found])
    if not len(frame):
        raise _no_table(path, "只有表头", "there is nothing but the header", ("下面贴上台账的行", "paste the rows below it"))
    if len(frame) > MOST:
        hint = (f"一次最多 {MOST} 行: 分几次", f"at most {MOST} at once: bring it in parts")
        raise _no_table(path, f"有 {len(frame)} 行", f"it has {len(frame)} rows", hint)
    of_row: dict[int, list[Fault]] = defaultdict(list)
    place = {number: index for index, number in enumerate(frame.row.tolist())}
    for fault in faults.found:
        of_row[fault.row or 0].append(_told(frame, place, fault))
    return frame, of_row


def own_names(header: list[str]) -> list[str]:
    """A header with the names that this list has; what has its own name already is not named twice.

    >>> own_names(["承租人", "起始日期", "从", "备注"])
    ['承租方', '起始日期', '从', '备注']
    """
    return [_OWN[name] if name in _OWN and _OWN[name] not in header else name for name in header]


def as_day(text: str) -> str:
    """A day as Excel copies it as YYYY-MM-DD; whatever else as it stands.

    >>> as_day("2021/1/1"), as_day("2021年1月1日"), as_day("2021.1.1"), as_day("2021-1-1 0:00"), as_day("2021/13/1")
    ('2021-01-01', '2021-01-01', '2021-01-01', '2021-01-01', '2021/13/1')
    """
    found = _COPIED.fullmatch(text)
    if found is None:
        return text
    year, month, day = found[1], found[3] or found[5], found[4] or found[6]
    try:
        return dt.date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return text


def fault_of(file: str, row: int | None, column: str, said: tuple[str, str], hint: tuple[str, str] = ("", "")) -> Fault:
    """As a table's own faults are told."""
    return Fault("row-refused", "refuse", "village", "", file, LEASES.name, row, column, *said, *hint)


def _no_table(path: Path, zh: str, en: str, hint: tuple[str, str]) -> ListRefusedError:
    return ListRefusedError([fault_of(path.name, None, "", (zh, en), hint)])


def _header() -> tuple[str, str]:
    names = " ".join(HEADER)
    return f"连表头一起复制: {names}", f"copy it with its header: {names}"


def _missing(fault: Fault) -> Fault:
    """A column that is missing, with the other names by which it would be found."""
    if fault.id != "column-missing":
        return fault
    names = "、".join(ALSO[fault.field])
    return replace(fault, hint_zh=f"补上这一列; 也认: {names}", hint_en=f"add it; it is also known as {names}")


def _told(frame: Frame, place: Mapping[int, int], fault: Fault) -> Fault:
    """A day or a number that is none, as it was written where that can be nobody's, and what is taken."""
    if fault.id not in {"value-not-date", "value-not-number"}:
        return fault
    value = frame.values(fault.field)[place[fault.row or 0]]
    value = value if _NOBODY.fullmatch(value) and not like_id_number(value) else shown(value, sealed=False)
    if fault.id == "value-not-number":
        return replace(fault, zh=f"“{value}”不是数", en=f"“{value}” is not a number")
    return replace(fault, zh=f"“{value}”不是日期", en=f"“{value}” is not a date", hint_zh=_DAYS[0], hint_en=_DAYS[1])
