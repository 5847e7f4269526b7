"""Can a clerk compare with the authoritative book through both doors, and does each answer say when that was last done?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from api import doors
from api.v1 import models
from tests.api.conftest import TOKEN
from tests.registry.made_up import SIGNED, VILLAGE_CODE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.api.conftest import Caller, Ended
    from tests.registry.made_up import Village

BEARER = {"Authorization": f"Bearer {TOKEN}"}
CONTRACT = f"{VILLAGE_CODE}0001J"
CBHT = (
    "CBHTBM,FBFBM,CBFBM,CBFS,CBQXQ,CBQXZ,HTZMJ,CBDKZS,QDSJ\n"
    f"{CONTRACT},{VILLAGE_CODE},{VILLAGE_CODE}0001,110,19980101,20271231,2598446.67,4,{SIGNED}\n"
)
CBDKXX = "DKBM,FBFBM,CBFBM,CBJYQQDFS,HTMJ,CBHTBM,CBJYQZBM\n" + "".join(
    f"{VILLAGE_CODE}{n:05d},{VILLAGE_CODE},{VILLAGE_CODE}0001,110,{m2},{CONTRACT},{CONTRACT}\n"
    for n, m2 in enumerate(("31000.00", "2561446.67", "4000.00", "2000.00"), start=1)
)


def tables(cbht: str = CBHT) -> list[tuple[str, tuple[str, bytes, str]]]:
    """The two tables as a form."""
    return [("files", (f"{name}.csv", text.encode(), "text/csv")) for name, text in (("CBHT", cbht), ("CBDKXX", CBDKXX))]


def books(caller: Caller, village: Village) -> dict[str, models.Book]:
    """What a page of rights says of each right's book."""
    rows = models.RightPage.model_validate(caller.answer("/v1/rights?kind=contract")).rights
    names = {right: name for name, right in village.rights.items()}
    return {names[row.id]: row.authoritative_book for row in rows}


def test_a_comparison_is_shown_beside_each_right(caller: Caller, village: Village) -> None:
    """权威登记簿 · 本系统核对于 … · 一致 / n 处不一致, also to a caller who has the answer before it (ETag)."""
    assert books(caller, village)["contract-grass"].text.zh == "权威登记簿: 农牧局承包合同簿 · 未核对过"
    paths = [f"/v1/persons/{village.people[0]}/{which}" for which in ("statement", "rights")] + ["/v1/rights"]
    tags = [caller.get(path).headers["etag"] for path in paths]
    sent = caller.post("/v1/comparisons", files=tables(), headers=BEARER)
    assert sent.status_code == 201, sent.text
    answer = models.ComparisonAnswer.model_validate(sent.json())
    # The made-up grassland runs to 2047 and the forest to 2067, the contract's row says 2027 of all.
    assert [(d.field, d.register_, d.book) for d in answer.differences] == [
        ("CBQXZ", "2047-12-31", "2027-12-31"),
        ("CBQXZ", "2067-12-31", "2027-12-31"),
    ]
    said = books(caller, village)
    assert said["contract-grass"].text.zh.endswith("· 1 处不一致")
    assert said["contract-arable"].text.zh.endswith("· 一致")
    assert said["contract-arable"].last_compared is not None
    for path, tag in zip(paths, tags, strict=True):
        got = caller.get(path, headers={"If-None-Match": tag})
        assert got.status_code == 200
        assert "处不一致" in got.text
    assert caller.answer(f"/v1/comparisons/{answer.id}") == sent.json()
    (made,) = models.Comparisons.model_validate(caller.answer("/v1/comparisons")).comparisons
    assert (made.id, made.book) == (answer.id, answer.book)
    sheet = caller.get(f"/v1/comparisons/{answer.id}?form=csv").content.decode("utf-8-sig")
    assert [line.split(",")[-2:] for line in sheet.splitlines()[1:]] == [["2047-12-31", "2027-12-31"], ["2067-12-31", "2027-12-31"]]


def test_what_is_not_an_export_is_a_problem(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """Token first; a form with files; every fault as an error of its own; bounded; unknown ids are not found."""
    assert caller.post("/v1/comparisons", files=tables()).status_code == 401
    other = [("other", ("CBHT.csv", b"x", "text/csv"))]
    wrong: list[dict[str, Any]] = [{"json": {}}, {"files": other}, {"files": [tables()[0], tables()[0]]}]
    for sent in wrong:
        got = caller.post("/v1/comparisons", headers=BEARER, **sent)
        assert (got.status_code, got.json()["type"]) == (422, "urn:sanquan:problem:invalid-input")
    got = caller.post("/v1/comparisons", headers=BEARER, files=tables(CBHT.replace("20271231", "2027").replace(",4,", ",many,")))
    assert (got.status_code, got.json()["type"]) == (422, "urn:sanquan:problem:dump-refused")
    assert [error["field"] for error in got.json()["errors"]] == ["CBHT.csv 2 CBQXZ", "CBHT.csv 2 CBDKZS"]
    got = caller.get(f"/v1/comparisons/{'0' * 32}")
    assert (got.status_code, got.json()["type"]) == (404, "urn:sanquan:problem:comparison-not-found")
    assert caller.get("/v1/comparisons/x").status_code == 422
    monkeypatch.setattr(doors, "LARGEST_UPLOAD", 100)
    assert caller.post("/v1/comparisons", headers=BEARER, files=tables()).status_code == 413


def test_the_command_lists_what_differs_and_says_how_it_ended(command: Callable[..., Ended], tmp_path: Path) -> None:
    """0 equal, 1 differs, 2 refused with every fault; the report is a csv that no spreadsheet runs."""
    folder = tmp_path / "dump"
    folder.mkdir()
    (folder / "CBHT.csv").write_text(CBHT, "utf-8")
    (folder / "CBDKXX.csv").write_text(CBDKXX, "gbk")
    report = tmp_path / "out.csv"
    ended = command("compare", str(folder), "--report", str(report))
    assert ended.code == 1
    assert "2067-12-31" in ended.out
    assert "一项也没有改" in ended.out
    assert len(report.read_text("utf-8-sig").splitlines()) == 3
    assert command("compare", str(folder), "--json").json["rights"]["differ"] == 2
    assert [one["book"]["name"] for one in command("compare", "--json").json["comparisons"]] == ["contract-book"] * 2
    assert "承包合同簿" in command("compare").out
    assert "处不一致" in command("rights", "--name", "达楞太").out
    (folder / "CBHT.csv").write_text(CBHT.replace("110", "一一零"), "utf-8")
    ended = command("compare", str(folder))
    assert ended.code == 2
    assert "CBHT.csv 2 CBFS" in ended.out
