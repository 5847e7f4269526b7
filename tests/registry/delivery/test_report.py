"""A report names every fault and nobody's name or number, and no spreadsheet runs a cell of it."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import openpyxl
import pytest

from registry.delivery.inspection import inspect_delivery
from registry.delivery.register import import_delivery
from registry.delivery.report import disarmed
from registry.delivery.report_files import write_report
from registry.store.engines import Store
from tests.registry.delivery.checking import NOW
from tests.registry.delivery.conftest import CLERK, Copy


def test_report_of_a_checked_delivery_names_villages_and_faults(store: Store, faulty: Path, tmp_path: Path) -> None:
    """--check writes nothing; two villages come back, one passes; CSV and JSON say the same faults."""
    report = import_delivery(store, faulty, CLERK, check_only=True)
    assert report.committed is None
    assert [(v.outcome[0], v.state) for v in report.villages] == [
        ("合格", "checked"), ("退回", "returned"), ("退回", "returned"),
    ]  # fmt: skip
    said = report.as_json()
    assert json.loads(json.dumps(said, ensure_ascii=False)) == said
    report.write_csv(tmp_path / "report.csv")
    raw = (tmp_path / "report.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(raw.decode("utf-8-sig").splitlines()))
    assert len(lines) == 1 + len(report.faults) == 21


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠", " =", "\u3000="])
def test_cell_that_could_be_a_formula_is_disarmed(start: str) -> None:
    """ASVS 1.2.10 and the full-width forms."""
    assert disarmed(f"{start}1+1").startswith("'")


def test_names_and_numbers_never_stand_in_a_report(store: Store, copy: Copy, tmp_path: Path) -> None:
    """Canaries in every sealed field, and slipped into code columns, do not come out again."""
    name, number = "甲乙丙丁戊", "150699199001011239"
    for table, columns in (
        ("FBF", ("FBFFZRXM", "FBFDZ", "FBFDCY", "FBFDCJS", "LXDH", "YZBM", "FBFDCRQ")),
        ("CBF", ("CBFMC", "CBFDZ", "CBFDCY", "CBFDCJS", "GSJS", "GSJSR", "GSSHR", "GSSHRQ", "CBFZJLX", "GLCBFBM")),
        ("CBF_JTCY", ("CYXM", "CYBZSM", "CYZJLX", "YHZGX", "CYXB", "SFGYR")),
        ("CBDKXX", ("LZHTBM", "CBHTBM", "HTMJ")),
        ("CBHT", ("YCBHTBM", "QDSJ", "CBFS")),
        ("成员名册", ("姓名", "备注", "承包方编码", "确认日期")),
        ("股权台账", ("股东姓名", "备注", "份数")),
        ("户籍", ("户主姓名", "姓名", "住址", "户口类别", "登记日期")),
        ("限制与义务", ("权利人或机关", "备注", "类别", "标的代码")),
    ):
        for n, column in enumerate(columns):
            rows = 3 if table == "FBF" else 20
            copy.put(table, n % rows, **{column: name * 60})
            copy.put(table, (n + 11) % rows, **{column: number})
    for table, column in (("CBF", "CBFZJHM"), ("CBF_JTCY", "CYZJHM"), ("成员名册", "证件号码"), ("户籍", "证件号码")):
        copy.put(table, 20, **{column: number})
        copy.put(table, 21, **{column: name})
    report = import_delivery(store, copy.root, CLERK, check_only=True)
    report.write_csv(tmp_path / "report.csv")
    text = json.dumps(report.as_json(), ensure_ascii=False) + (tmp_path / "report.csv").read_text("utf-8-sig")
    assert len(report.faults) > 50
    for canary in (name, number, name[:4], number[:17], "19900101"):
        assert canary not in text


def test_report_lists_so_many_of_a_rule_and_counts_the_rest(copy: Copy, tmp_path: Path) -> None:
    """Each village's counts stay exact, in the JSON, the verdict, the workbook and the CSV, which say how many more there are."""
    copy.edit("CBF_JTCY", lambda rows: [row.update(CYBZSM="=1+1") for row in rows])
    found = inspect_delivery(copy.root, NOW)
    exact = Counter(fault.village for fault in found.report.faults if fault.id == "value-is-formula")
    assert exact
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("registry.delivery.report.MOST_OF_A_RULE", 7)
        for said in (found.report.as_json(), json.loads(found.report.verdict())):
            assert Counter(fault["village"] for fault in said["faults"]) == dict.fromkeys(exact, 7)
            assert {(one["id"], one["village"]): one["count"] for one in said["faults_more"]} == {
                ("value-is-formula", village): count - 7 for village, count in exact.items()
            }
            assert {village["code"]: village["refuse"] for village in said["villages"]} == exact
        for name in ("r.csv", "r.xlsx"):
            write_report(found, tmp_path / name)
    lines = (tmp_path / "r.csv").read_text("utf-8-sig").splitlines()
    assert len(lines) == 1 + 8 * len(exact)
    assert any(f"另有 {min(exact.values()) - 7} 处" in line for line in lines)
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    assert len(list(book["错误 faults"].iter_rows(min_row=2))) == 8 * len(exact)
