"""Does the code of a lease make one case of a contract, and is a ledger read as villages write it, its faults in its own words?"""

from __future__ import annotations

import csv
import datetime as dt
from typing import TYPE_CHECKING

import pytest

from registry import cases
from registry.cases import lease_table
from registry.cases.lease_list import LedgerRefusedError, Row, good_of, open_leases, read_leases, sheet
from registry.cases.lease_table import HEADER
from registry.delivery.containers import TableFile
from registry.delivery.read_tables import cells_of
from registry.ledger.act import ActFields
from registry.ledger.commit import desk
from registry.rights import acts as rights
from registry.rights.acts import Contracted, Holder, Terms
from registry.subsidies import ListRefusedError
from tests.registry.made_up import CLERK, VILLAGE_CODE, wills

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.registry.cases.walking import Walker

CONTRACT, ARABLE, GRASS = f"{VILLAGE_CODE}0001J", f"{VILLAGE_CODE}00001", f"{VILLAGE_CODE}00002"
WHO = "其其格"


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a reader apart adds, and costs, is asked of the doors."""
    monkeypatch.setattr(lease_table, "cells_apart", lambda paths: [(path, cells_of(TableFile(path, path.name))) for path in paths])


def line(walker: Walker, code: str, **other: str) -> tuple[str, ...]:
    """One row of a ledger, of the pasture for a year from today."""
    until = (dt.date.fromisoformat(walker.today()) + dt.timedelta(days=300)).isoformat()
    said = {"contract": CONTRACT, "parcels": GRASS, "who": WHO, "number": "", "code": code}
    return tuple((said | {"from": walker.today(), "until": until, "rent": ""} | other).values())


def read(walker: Walker, path: Path, *lines: Sequence[str], header: Sequence[str] = HEADER) -> list[Row]:
    """The rows of a ledger as it was written."""
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([header, *lines])
    return read_leases(walker.store, path)


def _let(walker: Walker, code: str) -> None:
    """A lease of the pasture as the register has it from today."""
    village, day = walker.village, walker.today()
    with desk(walker.store, CLERK) as at:
        act = at.act("leased", day, ActFields(basis="合同", wills=wills(*village.people, guardian=village.people[0])))
        unit = rights.unit(act, kind="contract", code=code, issuer_id=village.collective, method="", signed_on=day)
        lines = [Contracted(village.parcels["grass"], "2561446.67", "3842.17")]
        terms = Terms(unit, code, day, "2040-12-31")
        rights.let(act, village.rights["contract-grass"], Holder(party_id=village.collective), terms, lines)
        at.commit()


def why(row: Row) -> list[str]:
    """Each fault of a row: its column, and what is wrong."""
    return [f"{each.field}: {each.zh}" for each in row.faults]


def test_a_code_makes_one_case_until_that_ends_and_none_once_it_is_registered(walker: Walker, tmp_path: Path) -> None:
    """By name: which row, the case of which day, registered when. A case that was withdrawn is in nobody's way."""
    path, today = tmp_path / "l.csv", walker.today()
    lines = (line(walker, "L-1"), line(walker, "l- １", parcels=ARABLE), line(walker, "L-2", parcels=ARABLE))
    first, twice, other = read(walker, path, *lines)
    assert (why(first), why(twice), why(other)) == ([], ["租赁合同编号: 第 2 行已经有这个编号"], [])
    with pytest.raises(LedgerRefusedError, match=r"1 行有错.*没有错的 2 行"):
        open_leases(walker.store, walker.first, [first, twice, other])
    (case,) = open_leases(walker.store, walker.first, [first, twice], only_good=True)
    (again,) = read(walker, path, line(walker, "L-1"))
    assert (again.case, why(again)) == (case, [f"租赁合同编号: {today} 建的案件已经在办这一份, 还是草稿, 只有建的人看得到"])
    assert case in again.faults[0].hint_zh
    walker.step(case, "submitted")
    (again,) = read(walker, path, line(walker, "L-1"))
    assert why(again) == [f"租赁合同编号: {today} 建的案件已经在办这一份"]
    walker.step(case, "withdrawn", reasons="写错了")
    (again,) = read(walker, path, line(walker, "L-1"))
    assert why(again) == []
    _let(walker, "L-1")
    (again,) = read(walker, path, line(walker, "L-1", parcels=ARABLE))
    assert why(again) == [f"租赁合同编号: {walker.today()} 已经登记过这个编号"]


def test_of_two_who_bring_the_same_list_at_once_the_second_opens_nothing(walker: Walker, tmp_path: Path) -> None:
    """Both were told that all is well; what the first opened is found under the lock by the second."""
    one, two = (read(walker, tmp_path / "l.csv", line(walker, "L-1"), line(walker, "L-2", parcels=ARABLE)) for _ in range(2))
    (case,) = open_leases(walker.store, walker.first, one[:1])
    with pytest.raises(LedgerRefusedError) as refused:
        open_leases(walker.store, walker.second, two)
    assert ([bool(row.faults) for row in two], two[0].case, len(refused.value.faults)) == ([True, False], case, 1)
    with walker.store.reading() as connection:
        seen = cases.visible(walker.store, connection, walker.second) + cases.visible(walker.store, connection, walker.first)
    assert {each.id for each in seen if each.kind == "leased"} == {case}


def test_days_as_excel_copies_them_and_the_usual_headings_are_taken(walker: Walker, tmp_path: Path) -> None:
    """A day that is none is told as it was written; a name in its place is not."""
    year = int(walker.today()[:4])
    forms = ("{}/1/1", "{}-01-01", "{}年1月1日", "{}.1.1", "{}0101", "{}/1/1 0:00:00")
    header = ("承包合同编号", "地块代码", "承租人", "身份证号", "流转合同编号", "起始日期", "终止日期", "租金（元）")
    days = [{"from": form.format(year - 5 + n), "until": form.format(year - 4 + n)} for n, form in enumerate(forms)]
    rows = read(walker, tmp_path / "l.csv", *(line(walker, f"L-{n}", **each) for n, each in enumerate(days)), header=header)
    assert [(row.start, row.end) for row in rows] == [(f"{year - 5 + n}-01-01", f"{year - 4 + n}-01-01") for n in range(6)]
    assert [why(row) for row in rows[:4]] == [[f"到: {row.end} 已经到期"] for row in rows[:4]]
    wrong = [{"until": "2029年13月1日"}, {"until": WHO}, {"rent": "1200元"}, {"rent": WHO}, {"until": "150699197403186954号"}]
    spaced = ("150699 19740318 6954", "150699-19740318-6954", "150699 19740318 695X", "1506991974031 86954")
    wrong += [{field: number} for field in ("until", "rent") for number in spaced]
    told = read(walker, tmp_path / "l.csv", *(line(walker, f"L-{n}", **each) for n, each in enumerate(wrong)))
    shown = ["到: “2029年13月1日”不是日期", "到: “**格”不是日期", "租金: “1200元”不是数", "租金: “**格”不是数"]
    assert [why(row) for row in told[:4]] == [[each] for each in shown]
    assert not [each for row in told[4:] for each in ("150699", "19740318") if each in str(row.faults)]
    assert "2021/1/1" in told[0].faults[0].hint_zh


def test_what_is_wrong_is_said_in_words_of_the_columns_and_leaves_as_a_table(walker: Walker, tmp_path: Path) -> None:
    """No field's name of ours, no “这一步没有记”; the table has a line for each fault and names nobody."""
    wrong = [
        {"until": f"{int(walker.today()[:4]) + 90}-01-01"}, {"from": "2099-01-01"}, {"rent": "1200.5"},
        {"parcels": "1" * 19}, {"parcels": f"{ARABLE} {GRASS}"}, {"contract": CONTRACT[:-1]}, {"until": "", "who": ""},
    ]  # fmt: skip
    rows = read(walker, tmp_path / "l.csv", *(line(walker, f"L-{n}", **each) for n, each in enumerate(wrong)))
    columns = [[each.field for each in row.faults] for row in rows]
    assert columns == [["合同编码"], ["到"], ["租金"], ["地块编码"], ["地块编码"], ["合同编码"], ["承租方", "到"]]
    assert not [word for row in rows for word in ("until", "subject", "这一步") if word in str(why(row))]
    assert "1" * 19 in rows[3].faults[0].zh
    table = list(csv.reader(sheet(rows).decode("utf-8-sig").splitlines()))[1:]
    assert [(int(each[0]), each[3]) for each in table] == [(row.number, each.field) for row in rows for each in row.faults]
    assert WHO not in str(table)
    with pytest.raises(LedgerRefusedError):
        good_of(rows, only_good=True)


@pytest.mark.parametrize(
    ("header", "lines", "told"),
    [
        (("姓名", "亩"), 1, "第一行不是表头"),
        (HEADER, 0, "只有表头"),
        (HEADER, 1_001, "1001 行"),
        (HEADER[:-2], 1, "缺少必填列 到"),
        ((*HEADER[:-3], "起始日期", "开始日期", "到"), 1, "从 列出现两次"),
    ],
)
def test_what_is_no_ledger_is_told_with_what_to_do(
    walker: Walker, tmp_path: Path, header: Sequence[str], lines: int, told: str
) -> None:
    """Never the words for a broken shapefile."""
    with pytest.raises(ListRefusedError) as refused:
        read(walker, tmp_path / "l.csv", *[line(walker, "L-1")[: len(header)]] * lines, header=header)
    (fault,) = refused.value.faults
    assert told in fault.zh
    assert fault.hint_zh
    assert ".shp" not in fault.hint_zh
