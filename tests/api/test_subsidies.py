"""Can a clerk check a subsidy list through both doors?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.v1 import models
from tests.api.conftest import TOKEN
from tests.api.test_comparisons import tables
from tests.registry.made_up import VILLAGE_CODE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from tests.api.conftest import Caller, Ended

BEARER = {"Authorization": f"Bearer {TOKEN}"}
LIST = (
    "发包方编码,政策,计发依据,承包方编码,计发数量,计发单位,年度,起始日期\n"
    f"{VILLAGE_CODE},草原生态保护补助奖励,农户,{VILLAGE_CODE}0001,3842.17,亩,2017,20161130\n"
)


def sent(text: str, name: str = "名单.csv") -> list[tuple[str, tuple[str, bytes, str]]]:
    """The list as a form."""
    return [("files", (name, text.encode(), "text/csv"))]


def test_a_list_is_checked_over_http(caller: Caller) -> None:
    """JSON, or the sheet itself; the move of 2017 changes nothing; a registration column and faults are problems."""
    got = caller.post("/v1/subsidy-checks", files=sent(LIST), headers=BEARER)
    assert got.status_code == 200, got.text
    (line,) = models.SubsidyCheck.model_validate(got.json()).lines
    assert (line.last_year, line.last, line.listed, line.state) == ("2016", "3842.17", "3842.17", "same")
    for form, start in (("xlsx", b"PK"), ("csv", "\ufeff发包方编码".encode())):
        sheet = caller.post(f"/v1/subsidy-checks?form={form}", files=sent(LIST), headers=BEARER)
        assert sheet.content.startswith(start)
        assert sheet.headers["content-disposition"].endswith(f'.{form}"')
    assert caller.post("/v1/subsidy-checks", files=sent(LIST)).status_code == 401
    for text, name in (
        (LIST.replace("年度,起始", "户口类别,起始"), "hukou-column"),
        (LIST.replace("农户", "户籍"), "list-refused"),
    ):
        got = caller.post("/v1/subsidy-checks", files=sent(text), headers=BEARER)
        assert (got.status_code, got.json()["type"]) == (422, f"urn:sanquan:problem:{name}")
    assert got.json()["errors"][0]["field"] == "名单.csv 2 计发依据"
    assert caller.post("/v1/subsidy-checks", files=sent(LIST, "x.pdf"), headers=BEARER).status_code == 422


def test_uploads_are_read_in_a_process_apart(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """The service itself opens no table: neither a list, nor an export of a book, nor the police's events."""

    def never(_source: object) -> None:
        raise AssertionError

    monkeypatch.setattr("registry.delivery.read_tables.cells_of", never)
    monkeypatch.setattr("registry.delivery.tables_apart.cells_of", never)
    assert caller.post("/v1/subsidy-checks", files=sent(LIST), headers=BEARER).status_code == 200
    assert caller.post("/v1/comparisons", files=tables(), headers=BEARER).status_code == 201
    names = {"subsidy-checks": "名单.xlsx", "comparisons": "CBHT.xlsx", "household-events/imports": "户籍事件.xlsx"}
    for door, name in names.items():
        got = caller.post(f"/v1/{door}", files=[("files", (name, b"PK\3\4" * 9))], params={"officer": "李警官"}, headers=BEARER)
        assert got.status_code == 422
        assert name in str(got.json()["errors"])


def test_a_list_is_checked_at_a_terminal(command: Callable[..., Ended], tmp_path: Path) -> None:
    """0 nothing open, 1 something to look at, 2 refused; the sheet is written beside."""
    path, out = tmp_path / "名单.csv", tmp_path / "核对表.xlsx"
    path.write_text(LIST, "utf-8")
    ended = command("subsidies", "check", str(path), "--out", str(out))
    assert (ended.code, out.read_bytes()[:2]) == (0, b"PK")
    path.write_text(LIST.replace("3842.17", "3000.00"), "gbk")
    ended = command("subsidies", "check", str(path))
    assert ended.code == 1
    assert "没有登记的原因" in ended.out
    assert command("subsidies", "check", str(path), "--json").json["counts"]["unexplained"] == 1
    path.write_text(LIST.replace("农户", "户籍"), "utf-8")
    ended = command("subsidies", "check", str(path))
    assert ended.code == 2
    assert "计发依据" in ended.out
    path.write_text(LIST.replace("年度,起始", "户口,起始"), "utf-8")
    ended = command("subsidies", "check", str(path))
    assert (ended.code, "第 7 列" in ended.err) == (2, True)
