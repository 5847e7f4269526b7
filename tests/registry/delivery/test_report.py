"""A report names every fault and nobody's name or number, and no spreadsheet runs a cell of it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from registry.delivery.register import import_delivery
from registry.delivery.report import disarmed
from registry.store.engines import Store
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
