"""Do the figures leave through both doors alike, as tables and as a page, and does nobody's name leave with them?"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

import openpyxl
import pytest

from api.v1 import models as forms
from api.v1 import models_of_figures as models
from registry import breaches
from registry.ledger.check import Disagreement
from registry.statistics.quarter import NoSuchQuarterError, quarter
from tests.api.conftest import TOKEN
from tests.registry.made_up import CLERK

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from registry.store.engines import Store
    from tests.api.conftest import Caller, Ended

BEARER = {"Authorization": f"Bearer {TOKEN}"}


def test_figures_of_a_day_are_the_same_through_both_doors(caller: Caller, command: Callable[..., Ended]) -> None:
    """All fourteen, or those that are named; a family of five is shown, four would not be; a wrong name is a problem."""
    told = caller.answer("/v1/statistics?valid_at=2018-01-01")
    found = models.Statistics.model_validate(told)
    assert [figure.number for figure in found.figures] == list(range(1, 15))
    assert found.figures[0].tables[0].rows[0].values == [5]
    assert command("statistics", "--valid-at", "2018-01-01", "--json").json == told
    some = caller.answer("/v1/statistics?figure=population&figure=retained&valid_at=2018-01-01")
    assert [figure["id"] for figure in some["figures"]] == ["population", "retained"]
    for path in ("?figure=ranking", "?valid_at=2018-13-01", "/quarter?quarter=2018-5"):
        got = caller.get(f"/v1/statistics{path}")
        assert (got.status_code, got.json()["type"]) == (422, "urn:sanquan:problem:invalid-input")
    early = caller.get("/v1/statistics?valid_at=1850-01-01")
    assert (early.status_code, early.json()["type"]) == (404, "urn:sanquan:problem:not-in-force")
    assert command("statistics", "ranking").code == 2
    tag = caller.get("/v1/statistics?valid_at=2018-01-01").headers["etag"]
    assert caller.get("/v1/statistics?valid_at=2018-01-01", headers={"If-None-Match": tag}).status_code == 304


def test_figures_leave_as_csv_and_as_a_workbook(caller: Caller, command: Callable[..., Ended], tmp_path: Path) -> None:
    """One line a cell, or a sheet a figure with how it was counted; what is hidden is a star in both."""
    text = caller.get("/v1/statistics?form=csv&valid_at=2018-01-01").content.decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text)))
    assert {line["valid_at"] for line in lines} == {"2018-01-01"}
    assert {"*"} < {line["数值"] for line in lines}
    out = tmp_path / "统计.xlsx"
    assert command("statistics", "--out", str(out), "--valid-at", "2018-01-01").code == 0
    book = openpyxl.load_workbook(out)
    assert len(book.sheetnames) == 14
    cells = [str(cell.value) for page in book for row in page.iter_rows() for cell in row if cell.value is not None]
    assert sum(cell == "*" for cell in cells) == sum(line["数值"] == "*" for line in lines)
    assert any(cell.startswith("户口登记在本旗的人") or "每人算一次" in cell for cell in cells)
    assert caller.get("/v1/statistics?form=xlsx").content[:2] == b"PK"
    for shown in (["--quarter", "2018-1"], ["--coincidences"]):
        refused = command("statistics", *shown, "--out", str(tmp_path / "没有.xlsx"))
        assert (refused.code, "--out" in refused.err) == (2, True)


def test_the_page_needs_no_script_and_asks_nothing_from_outside(caller: Caller, canaries: tuple[str, ...]) -> None:
    """Tables, bars and circles are there without script, each figure with how it was counted; no name, no address."""
    page = caller.get("/statistics?valid_at=2018-01-01")
    assert page.status_code == 200
    assert "<script" not in page.text
    assert page.text.count("怎么数的") == 14
    assert "<svg" in page.text
    assert "script-src" not in page.headers["content-security-policy"]
    assert all(re.match(r"/(?!/)|data:,|#", link) for link in re.findall(r'(?:src|href|action)="([^"]*)"', page.text))
    assert "怎么数的" not in caller.get("/statistics?valid_at=2018-01-01", headers={"Cookie": "sanquan_language=en"}).text
    assert [canary for canary in canaries if canary in page.text] == []


@pytest.mark.rule("WS-2016/III.1")
def test_the_leading_group_sees_one_quarter_on_one_page(caller: Caller, command: Callable[..., Ended]) -> None:
    """Plan III.1: aggregates of the last day of the quarter, breaches open and closed; through every door."""
    told = caller.answer("/v1/statistics/quarter?quarter=2018-1")
    found = models.QuarterFigures.model_validate(told)
    assert found.as_of.valid_at == "2018-03-31"
    assert {"population", "fiscal-base", "retained", "breaches"} <= {figure.id for figure in found.figures}
    assert command("statistics", "--quarter", "2018-1", "--json").json == told
    assert "2018 年第 1 季度" in caller.get("/statistics?quarter=2018-1").text
    assert (quarter("2016-4").last_day, quarter("2016-1").zh) == ("2016-12-31", "2016 年第 1 季度")
    for wrong in ("2018-0", "2018", "1800-1"):
        with pytest.raises(NoSuchQuarterError):
            quarter(wrong)


def test_acts_soon_after_a_settlement_need_the_token(caller: Caller, command: Callable[..., Ended]) -> None:
    """For the inspectors: one line an act, with no name in it."""
    assert caller.get("/v1/statistics/coincidences").status_code == 401
    told = caller.answer("/v1/statistics/coincidences?valid_at=2018-01-01", headers=BEARER)
    assert models.Coincidences.model_validate(told).rows == []
    assert "90" in told["counted"]["zh"]
    assert command("statistics", "--coincidences", "--valid-at", "2018-01-01", "--json").json == told
    assert "挨得近不说明有问题" in command("statistics", "--coincidences").out


def test_recorded_breaches_are_listed_and_closed_at_the_terminal(command: Callable[..., Ended]) -> None:
    """A clean register records none; closing what is none is refused."""
    assert command("audit", "--record", "--json").json["ok"]
    ended = command("breach", "list", "--json")
    assert (ended.code, ended.json) == (0, [])
    assert command("breach", "list").code == 0
    assert command("breach", "close", "0" * 32, "--outcome", "查清").code == 2


def test_a_breach_is_listed_and_closed_through_both_doors(
    store: Store, caller: Caller, command: Callable[..., Ended]
) -> None:
    """With the token; open until somebody says what came of it, once; their words are told at the terminal alone."""
    size = caller.answer("/v1/ledger")["size"]
    row = (("thing_id", "a" * 32), ("number", 1))
    breaches.record(store, [Disagreement("right_version", row, 3, ("share",), "与账本不符", "it disagrees with the log")], size)
    assert caller.get("/v1/breaches").status_code == 401
    told = forms.Breaches.model_validate(caller.get("/v1/breaches", headers=BEARER).json())
    (one,) = told.breaches
    assert (told.open, one.table, one.found.fields, one.found.entry, one.closed_at) == (1, "right_version", ["share"], 3, None)
    closing = {"breach": one.id, "outcome": "磁盘坏道, 达楞太家的一条", "officer": {"name": CLERK.name, "bureau": CLERK.bureau}}
    assert caller.post("/v1/breaches/closings", json=closing).status_code == 401
    done = caller.post("/v1/breaches/closings", json=closing, headers=BEARER)
    assert (done.status_code, forms.Breach.model_validate(done.json()).closed_at is None) == (201, False)
    again = caller.post("/v1/breaches/closings", json=closing, headers=BEARER)
    assert (again.status_code, again.json()["type"]) == (404, "urn:sanquan:problem:no-such-breach")
    listed = caller.get("/v1/breaches", headers=BEARER)
    assert (listed.json()["open"], "达楞太" in listed.text) == (0, False)
    assert command("breach", "list", "--json").json == [listed.json()["breaches"][0] | {"outcome": closing["outcome"]}]
