"""What does a table of household events hold, and which of its rows can't be read?

The columns are those of docs/settlement.md. A row with a fault is answered by it and takes its event with it; a table that
has not the columns is refused whole. Values of persons are masked in whatever is said.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from registry.delivery.faults import MOST_OF_A_TABLE, Faults, TooManyFaults
from registry.delivery.fields import RELATIONS, Column, Part, listed, sealed
from registry.delivery.frames import set_villages
from registry.delivery.read_tables import frame_of
from registry.delivery.tables_apart import cells_apart
from registry.delivery.values import check_values
from registry.errors import SanquanError
from registry.law import causes
from registry.particulars import educations, nationalities

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from registry.delivery.faults import Fault
    from registry.delivery.frames import Frame

SUFFIXES = (".xlsx", ".csv")
# Numbers, doubles, annulments and the unification of types have doors of their own: they name no new registration.
_ELSEWHERE = {"identity-corrected", "identity-merged", "event-cancelled", "type-unified"}
KINDS = {kind.zh: word for word, kind in causes.status_kinds().items() if word not in _ELSEWHERE}
COLUMNS = (
    Column("事件编号", "text", "必", 60),
    listed("事项", "必", tuple(KINDS)),
    Column("日期", "past-day", "必"),
    sealed("姓名", "必", 50),
    sealed("证件号码", "必", 30, "id"),
    listed("性别", "可", ("1", "2")),
    listed("新登记", "可", ("是",)),
    Column("户号", "text", "可", 60),
    listed("与户主关系", "可", RELATIONS),
    Column("区划代码", "division"),
    Column("区划名称", "text", "可", 100),
    sealed("住址", "可", 200),
    sealed("申请书", "可", 64),
    sealed("签字人证件号码", "可", 30, "id"),
    sealed("监护判决书", "可", 64),
    sealed("判决书生效日期", "可", kind="past-day"),
    sealed("恢复行为能力日期", "可", kind="past-day"),
    Column("依据", "text", "可", 200),
    Column("民族", "list", sealed=True, allowed=tuple(nationalities()), standard="GB/T 3304"),
    Column("文化程度", "list", sealed=True, allowed=tuple(educations()), standard="GB/T 4658"),
)
EVENTS = Part("户籍事件", shape="", required=True, columns=COLUMNS, belongs=("区划代码",))
OF_COURT = ("监护判决书", "判决书生效日期", "恢复行为能力日期")
_HASH = re.compile("[0-9a-f]{64}")


class EventTableRefusedError(SanquanError):
    """Raised when a table can't be read at all; `faults` are what was found. Nothing was recorded."""

    def __init__(self, faults: list[Fault]) -> None:
        """Every fault."""
        super().__init__(
            f"户籍事件表读不了({len(faults)} 处错误), 什么都没有记: 对照 docs/settlement.md 的列改正",
            f"the table of events can't be read ({len(faults)} faults), nothing was recorded: see the columns in "
            "docs/settlement.md",
        )
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as Excel shows it, its cells, and what is wrong with it (zh, en)."""

    number: int
    cells: dict[str, str] = field(repr=False)
    wrong: tuple[tuple[str, str], ...] = ()

    def __getitem__(self, name: str) -> str:
        return self.cells[name]


def read_events(path: Path, county: str, today: str) -> dict[str, list[Row]]:
    """The rows by their event's number, in the order of the file. EventTableRefusedError."""
    faults = Faults(most=MOST_OF_A_TABLE)
    try:
        frame = _checked(path, county, today, faults)
    except TooManyFaults:
        raise EventTableRefusedError(faults.found) from None
    if frame is None or any(fault.row is None for fault in faults.found):
        raise EventTableRefusedError(faults.found)
    wrong: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for fault in faults.found:
        if fault.row is not None:
            wrong[fault.row].append((f"{fault.field}: {fault.zh} {fault.hint_zh}", f"{fault.field}: {fault.en} {fault.hint_en}"))
    found: dict[str, list[Row]] = defaultdict(list)
    columns = {column.name: frame.values(column.name) for column in COLUMNS}
    columns |= {name: frame.day(name) for name in ("日期", *OF_COURT[1:])}
    for index, number in enumerate(frame.row.tolist()):
        cells = {name: values[index] for name, values in columns.items()}
        # A row without a number is an event of its own: it is answered, and nothing is recorded of it.
        key = cells["事件编号"] or f"\0{number}"
        found[key].append(Row(number, cells, (*wrong[number], *_of_row(cells))))
    return {key: [_once(_of_event(row, rows[0]), rows) for row in rows] for key, rows in found.items()}


def _checked(path: Path, county: str, today: str, faults: Faults) -> Frame | None:
    """The table with its values checked, None where it can't be read."""
    ((_, cells),) = cells_apart([path])
    frame = frame_of(EVENTS, path.name, cells, faults)
    if frame is not None:
        set_villages(frame, frozenset())
        check_values(frame, county, today, faults)
        if not len(frame):
            faults.whole("file-unreadable", path.name, "", reason=("没有一行", "it has no row"))
    return frame


def _of_row(cells: dict[str, str]) -> Iterator[tuple[str, str]]:
    if cells["申请书"] and not _HASH.fullmatch(cells["申请书"]):
        yield "申请书: 应是申请书扫描件的摘要(SHA-256, 64 位十六进制)", "申请书: the SHA-256 of the signed application's scan"
    if cells["监护判决书"] and not _HASH.fullmatch(cells["监护判决书"]):
        yield "监护判决书: 应是判决书扫描件的摘要(SHA-256, 64 位十六进制)", "监护判决书: the SHA-256 of the court decision's scan"
    if any(cells[name] for name in OF_COURT) and not (cells["申请书"] and cells["签字人证件号码"]):
        yield (
            "写了监护判决书或它的日期, 没有写监护人签的申请书和签字人证件号码",
            "监护判决书 or a day of it is given without the 申请书 that the guardian signed and 签字人证件号码",
        )
    given = {name for name in ("户号", "区划名称", "住址") if cells[name]}
    if given and not cells["区划代码"]:
        yield "写了户号或住址, 没有写区划代码", "户号 or 住址 is given without 区划代码"
    kind = KINDS.get(cells["事项"], "")
    if kind == "particulars-recorded" and not (cells["民族"] or cells["文化程度"]):
        yield "民族和文化程度都没有写", "neither 民族 nor 文化程度 is given"
    if kind == "particulars-recorded" and cells["区划代码"]:
        yield "这件事不改户口: 不写区划代码", "this event moves nobody: no 区划代码 goes with it"
    moves = bool(cells["区划代码"]) and not kind.startswith("permit-") and kind != "residence-recorded"
    if moves and given != {"户号", "区划名称", "住址"}:
        yield "登记到哪里没有写全: 户号、区划名称、住址", "where they are registered is not whole: 户号, 区划名称, 住址"


def _once(row: Row, rows: list[Row]) -> Row:
    """An event says of each person once what becomes of them."""
    who = row["姓名"], row["证件号码"].upper()
    before = next(each.number for each in rows if (each["姓名"], each["证件号码"].upper()) == who)
    if before == row.number:
        return row
    twice = f"第 {before} 行已经写过这个人", f"row {before} of the same event says this person already"
    return Row(row.number, row.cells, (*row.wrong, twice))


def _of_event(row: Row, first: Row) -> Row:
    """Every row of one event says the same kind, day and basis as its first."""
    differs = tuple(
        (f"{name}和第 {first.number} 行不一样, 事件编号却相同", f"{name} differs from row {first.number} under one 事件编号")
        for name in ("事项", "日期", "依据")
        if row[name] != first[name]
    )
    return row if not differs else Row(row.number, row.cells, (*row.wrong, *differs))
