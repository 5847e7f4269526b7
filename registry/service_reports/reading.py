"""What does a bureau's report hold, as a table or as rows of JSON, and what is wrong with it?

The columns are those of docs/statistics.md and no others: a table with one more is refused, so that nothing about land, an
address or an income can come in beside. Every value is a code, a day, a number of a person or their name. A report is a
unit: with one fault nothing of it is kept, and every fault is named.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa

from registry.delivery.faults import MOST_OF_A_TABLE, Faults, TooManyFaults
from registry.delivery.fields import Column, Part, listed, sealed
from registry.delivery.frames import set_villages
from registry.delivery.read_tables import Cells, frame_of
from registry.delivery.tables_apart import cells_apart
from registry.delivery.values import check_values
from registry.entitlements import services
from registry.errors import SanquanError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from registry.delivery.containers import Unreadable
    from registry.delivery.faults import Fault
    from registry.delivery.frames import Frame

SUFFIXES = (".xlsx", ".csv")
NUMBER, CORRECTS, NAME, ID_NUMBER, SERVICE, SINCE, UNTIL, WITHDRAWN = COLUMN_NAMES = (
    "编号", "更正编号", "姓名", "证件号码", "服务", "起始日期", "结束日期", "撤回",
)  # fmt: skip
_NUMBER = re.compile(r"[A-Za-z0-9-]{1,40}")
_ROWS = "rows"


class RowFault(NamedTuple):
    """One thing that is wrong: in which row (as Excel shows it, counted from 1 in JSON; None: the whole), in which column."""

    row: int | None
    field: str
    zh: str
    en: str

    @property
    def where(self) -> str:
        """Row and column, for a list of faults."""
        return " ".join(str(part) for part in (self.row, self.field) if part not in (None, ""))


class ReportRefusedError(SanquanError):
    """Raised when a report has faults. Nothing of it was kept, the queue of unmatched rows included."""

    def __init__(self, faults: Sequence[RowFault]) -> None:
        """Every fault, or as many as are looked for."""
        least = ("至少", "at least ") if len(faults) >= MOST_OF_A_TABLE else ("", "")
        super().__init__(
            f"报表有{least[0]} {len(faults)} 处错误, 一行也没有收: 对照 docs/statistics.md 的列改正后再交",
            f"the report has {least[1]}{len(faults)} faults, no row of it was taken: see the columns in docs/statistics.md",
        )
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as Excel shows it, its cells, the service by its id. `until` and `corrects` are "" where none is said."""

    number: int
    key: str
    corrects: str
    service: str
    since: str
    until: str
    withdrawn: bool
    cells: dict[str, str] = field(repr=False)


def columns() -> tuple[Column, ...]:
    """The columns of a report. A service is written by its short Chinese name or by its id."""
    return (
        Column(NUMBER, "text", "必", 40),
        Column(CORRECTS, "text", "可", 40),
        sealed(NAME, "必", 50),
        sealed(ID_NUMBER, "必", 30, "id"),
        listed(SERVICE, "必", tuple(_service_ids())),
        Column(SINCE, "past-day", "必"),
        Column(UNTIL, "past-day"),
        listed(WITHDRAWN, "可", ("是",)),
    )


def read_table(path: Path, bureau: str, county: str, today: str) -> list[Row]:
    """The rows of a table (xlsx, csv), in its order. ReportRefusedError."""
    ((_, cells),) = cells_apart([path])
    return _rows(cells, path.name, bureau, county, today)


def read_rows(sent: Sequence[Mapping[str, str]], bureau: str, county: str, today: str) -> list[Row]:
    """The rows of a list, each cell by its column's name. ReportRefusedError."""
    given = [pa.array([row.get(name, "") for row in sent], pa.string()) for name in COLUMN_NAMES]
    cells = Cells(list(COLUMN_NAMES), given, np.arange(1, len(sent) + 1, dtype=np.int64))
    return _rows(cells, _ROWS, bureau, county, today)


def _rows(cells: Cells | Unreadable, name: str, bureau: str, county: str, today: str) -> list[Row]:
    faults = Faults(most=MOST_OF_A_TABLE)
    try:
        frame = _checked(cells, name, county, today, faults)
    except TooManyFaults:
        raise ReportRefusedError([_of_table(fault) for fault in faults.found]) from None
    found = [_of_table(fault) for fault in faults.found]
    header = cells.header if isinstance(cells, Cells) else []
    found += _unasked(header)
    if frame is None or not len(frame):
        raise ReportRefusedError(found)
    marked = {(fault.row, fault.field) for fault in found}
    rows = _taken_apart(frame)
    found += [fault for row in rows for fault in _of_row(row, bureau) if (row.number, fault.field) not in marked]
    if found:
        raise ReportRefusedError(sorted(found, key=lambda fault: (fault.row or 0, fault.field)))
    return rows


def _checked(cells: Cells | Unreadable, name: str, county: str, today: str, faults: Faults) -> Frame | None:
    """The table with its values checked, None where it can't be read."""
    part = Part("服务报表", shape="", required=True, columns=columns(), belongs=())
    frame = frame_of(part, name, cells, faults)
    if frame is not None:
        set_villages(frame, frozenset())
        check_values(frame, county, today, faults)
        if not len(frame):
            faults.whole("file-unreadable", name, "", reason=("没有一行", "it has no row"))
    return frame


def _taken_apart(frame: Frame) -> list[Row]:
    """Rows with cells as text and days as YYYY-MM-DD; what could not be read is blank and was said already."""
    values = {name: frame.values(name) for name in COLUMN_NAMES} | {name: frame.day(name) for name in (SINCE, UNTIL)}
    ids, found = _service_ids(), []
    for index, number in enumerate(frame.row.tolist()):
        cells = {name: values[name][index] or "" for name in COLUMN_NAMES}
        service = ids.get(cells[SERVICE], "")
        cells[SERVICE] = service
        found.append(
            Row(
                number, cells[NUMBER], cells[CORRECTS], service, cells[SINCE], cells[UNTIL],
                withdrawn=bool(cells[WITHDRAWN]), cells=cells,
            )
        )  # fmt: skip
    return found


def _of_row(row: Row, bureau: str) -> Iterable[RowFault]:
    """What is wrong with a row by itself."""
    for name, said in ((NUMBER, row.key), (CORRECTS, row.corrects)):
        if said and not _NUMBER.fullmatch(said):
            zh, en = "只写字母、数字和 -, 不写汉字", "letters, digits and - only"
            yield RowFault(row.number, name, zh, en)
    if row.corrects and row.corrects == row.key:
        yield RowFault(row.number, CORRECTS, "一行不能更正它自己: 更正另起一行, 用新的编号", "a row can't correct itself")
    if row.withdrawn and not row.corrects:
        zh, en = "撤回哪一行, 写在更正编号里", "which row is withdrawn stands in 更正编号"
        yield RowFault(row.number, WITHDRAWN, zh, en)
    if row.since and row.until and row.until < row.since:
        yield RowFault(row.number, UNTIL, "结束日期早于起始日期", "it ends before it begins")
    whose = {service.id: service.provider for service in services()}.get(row.service, bureau)
    if whose != bureau:
        zh, en = "这项服务由别的部门报", "another bureau reports this service"
        yield RowFault(row.number, SERVICE, zh, en)


def _unasked(header: Iterable[str]) -> Iterable[RowFault]:
    """A column too many is refused, not left unread: what comes in here must not grow into a file about people."""
    for place, name in enumerate(header, start=1):
        if name not in COLUMN_NAMES:
            asked = "、".join(COLUMN_NAMES)
            zh = f"第 {place} 列不收, 删去它: 报表只有 {asked}; 不要地、地址、收入"
            en = f"column {place} is not taken, leave it out: a report has {asked}; no land, address, income"
            yield RowFault(None, "", zh, en)


def _of_table(fault: Fault) -> RowFault:
    return RowFault(fault.row, fault.field, f"{fault.zh} {fault.hint_zh}", f"{fault.en} {fault.hint_en}")


def _service_ids() -> dict[str, str]:
    """The id of each service, by its short name and by itself."""
    return {word: service.id for service in services() if service.provider for word in (service.short, service.id)}
