"""A bureau reports whom it serves, at both doors, and nothing about land; school districts of a day; the parcels of a notice."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from api.v1 import evidence_models, models_of_figures
from registry.ledger.read import size
from registry.service_reports import reading
from registry.service_reports.standing import reported
from tests.api.conftest import TOKEN
from tests.registry import made_up
from tests.registry.service_reports.reports import row, written

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import httpx

    from registry.store.engines import Store
    from tests.api.conftest import Caller, Ended
    from tests.registry.made_up import Village

URL = "/v1/bureaus/human-resources/service-reports"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


def line(n: int, number: str, **changed: Any) -> dict[str, Any]:  # noqa: ANN401  (JSON)
    """One of the family is insured."""
    name, born, sequence = made_up.PEOPLE[n]
    who = {"name": name, "id_number": made_up.id_number(born, sequence)}
    return {"number": number, "service": "insurance", "since": "2018-03-01", **who, **changed}


def send(caller: Caller, *rows: dict[str, Any], dry_run: bool = False, url: str = URL) -> httpx.Response:
    """A report as JSON."""
    params = {"dry_run": str(dry_run).lower()}
    return caller.post(url, json={"officer": "经办人甲", "rows": rows}, params=params, headers=BEARER)


def served(store: Store) -> set[tuple[str, str]]:
    """Who is reported to have what."""
    with store.reading() as connection:
        found = reported(connection, valid_at="2020-01-01", known_at=size(connection))
    return {(each.service, each.person_id) for each in found}


def test_report_is_taken_once_and_a_stranger_waits_masked(caller: Caller, store: Store, village: Village) -> None:
    """Both ways in answer in one form; who fits nobody is listed masked, for their own bureau alone."""
    stranger = line(1, "A-2", name="别人")
    got = send(caller, line(0, "A-1"), stranger)
    told = models_of_figures.ServiceReport.model_validate(got.json())
    assert (got.status_code, told.counts) == (200, {"recorded": 1, "unmatched": 1})
    assert send(caller, line(0, "A-1")).json()["counts"] == {"repeated": 1}
    assert served(store) == {("insurance", village.people[0])}
    waits = models_of_figures.UnmatchedServiceRows.model_validate(caller.answer(f"{URL}/unmatched", headers=BEARER))
    assert [each.number for each in waits.rows] == ["A-2"]
    assert caller.answer("/v1/bureaus/education/service-reports/unmatched", headers=BEARER)["rows"] == []
    assert "别人" not in got.text + waits.model_dump_json()
    assert stranger["id_number"] not in got.text + waits.model_dump_json()


def test_report_is_a_dry_run_unless_it_says_otherwise(caller: Caller, store: Store) -> None:
    """Nothing is kept of a report that did not say dry_run=false."""
    got = caller.post(URL, json={"officer": "经办人甲", "rows": [line(0, "A-1")]}, headers=BEARER)
    assert got.json()["counts"] == {"would be recorded": 1}
    assert served(store) == set()


def test_table_comes_in_as_it_does_at_the_terminal(caller: Caller, store: Store, village: Village, tmp_path: Path) -> None:
    """A workbook over HTTP; a column about land refuses it whole."""
    good = written(tmp_path / "a.xlsx", [row(0, "A-1"), row(1, "A-2")])
    bad = written(tmp_path / "b.xlsx", [row(2, "A-3", 地块面积="300")], (*reading.COLUMN_NAMES, "地块面积"))
    for path, status, word in ((good, 200, "recorded"), (bad, 422, "urn:sanquan:problem:report-refused")):
        got = caller.post(
            f"{URL}/tables",
            params={"officer": "经办人甲", "dry_run": "false"},
            files={"files": (path.name, path.read_bytes())},
            headers=BEARER,
        )
        assert got.status_code == status
        assert word in got.text
    assert served(store) == {("insurance", person) for person in village.people[:2]}


@pytest.mark.parametrize("field", ["parcel", "area_mu", "address", "note", "right"])
def test_field_about_anything_else_is_refused(caller: Caller, store: Store, field: str) -> None:
    """I19: a row has no place for land, an address or a remark."""
    assert send(caller, line(0, "A-1", **{field: "300"})).status_code == 422
    assert served(store) == set()


def test_faults_are_told_one_by_one_without_a_name(caller: Caller, store: Store) -> None:
    """One problem, a line a fault, the row counted from 1; the good row beside is not taken."""
    got = send(caller, line(0, "A-1"), line(1, "A-2", service="schooling"), line(2, "A-3", until="2018-02-01"))
    assert (got.status_code, got.json()["type"]) == (422, "urn:sanquan:problem:report-refused")
    assert [error["field"] for error in got.json()["errors"]] == ["2 服务", "3 结束日期"]
    assert made_up.PEOPLE[1][0] not in got.text
    assert served(store) == set()


def test_who_may_not_report_is_refused(caller: Caller) -> None:
    """Without the token; a bureau that serves nobody; one that there is not."""
    assert caller.post(URL, json={"officer": "x", "rows": [line(0, "A-1")]}).status_code == 401
    for bureau in ("finance", "nobody"):
        got = send(caller, line(0, "A-1"), url=f"/v1/bureaus/{bureau}/service-reports")
        assert (got.status_code, got.json()["type"]) == (404, "urn:sanquan:problem:not-reporting")


def test_command_reports_a_table_and_a_document(
    command: Callable[..., Ended], store: Store, village: Village, tmp_path: Path
) -> None:
    """0 all in, 1 somebody fits nobody, 2 refused; a dry run keeps nothing."""
    table = written(tmp_path / "报表.xlsx", [row(0, "A-1")])
    assert command("served", "report", "human-resources", str(table), "--dry-run").code == 0
    assert served(store) == set()
    assert command("served", "report", "human-resources", str(table)).code == 0
    document = tmp_path / "报表.json"
    document.write_text(json.dumps({"officer": "经办人甲", "rows": [line(1, "A-2"), line(2, "A-3", name="别人")]}), "utf-8")
    done = command("served", "report", "human-resources", str(document))
    assert (done.code, "找不到" in done.out or "没有这个号码" in done.out) == (1, True)
    assert served(store) == {("insurance", person) for person in village.people[:2]}
    assert [each["number"] for each in command("served", "unmatched", "human-resources", "--json").json["rows"]] == ["A-3"]
    assert "A-3" in command("served", "unmatched", "human-resources").out
    bad = command("served", "report", "human-resources", str(written(tmp_path / "坏.xlsx", [row(0, "A-9", "上学")])))
    assert (bad.code, "别的部门" in bad.out) == (2, True)
    assert command("served", "report", "finance", str(table)).code == 2


def test_school_districts_are_taken_and_told(command: Callable[..., Ended], caller: Caller, tmp_path: Path) -> None:
    """Not known at first; a file is checked, then in use at both doors; a broken one changes nothing."""
    told = models_of_figures.SchoolDistricts.model_validate(caller.answer("/v1/school-districts"))
    assert (told.districts, told.said.zh[:6]) == ([], "学区: 不知")
    path = tmp_path / "学区.toml"
    path.write_text(
        'made_up = true\nsource = "演示"\n[[district]]\nname = "一小学区"\ndivisions = ["150626100010"]\n'
        "from = 2016-09-01\nuntil = 9999-12-31\n",
        "utf-8",
    )
    assert command("districts", "use", str(path)).code == 0
    answer = caller.answer("/v1/school-districts", params={"valid_at": "2020-01-01"})
    told = models_of_figures.SchoolDistricts.model_validate(answer)
    assert ([each.name for each in told.districts], told.made_up) == (["一小学区"], True)
    assert caller.answer("/v1/school-districts", params={"valid_at": "2016-08-31"})["districts"] == []
    assert "一小学区" in command("districts", "list").out
    assert command("districts", "list", "--valid-at", "2016-08-31", "--json").json["districts"] == []
    path.write_text("made_up = 1\n", "utf-8")
    assert command("districts", "use", str(path)).code == 2
    assert "一小学区" in command("districts", "list").out


def test_notice_says_its_parcels_at_both_doors(command: Callable[..., Ended], caller: Caller, tmp_path: Path) -> None:
    """Figure 7: whoever puts a notice up names its parcels; a code of another village is refused with the notice."""
    codes = ["1506261002100000001", "1506261002100000002"]
    sent = {
        "kind": "first-notice", "village": "150626100210", "title": "公示", "body": "见表", "begins": "2026-11-02",
        "officer": {"name": "经办人甲", "bureau": "农牧业局"}, "parcels": codes,
    }  # fmt: skip
    got = caller.post("/v1/notices", json=sent, headers=BEARER)
    told = evidence_models.PublicNotice.model_validate(got.json())
    assert (got.status_code, told.parcels) == (201, codes)
    assert caller.answer(f"/v1/notices/{told.id}")["parcels"] == codes
    got = caller.post("/v1/notices", json={**sent, "parcels": ["1506261012060000001"]}, headers=BEARER)
    assert (got.status_code, got.json()["type"]) == (422, "urn:sanquan:problem:no-parcel-of-the-village")
    body, listed = tmp_path / "正文.txt", tmp_path / "地块.txt"
    body.write_text("见表", "utf-8")
    listed.write_text("\n".join(codes) + "\n", "utf-8")
    words = ("--kind", "first-notice", "--village", "150626100210", "--title", "公示", "--begins", "2026-11-02")
    assert command("notice", "post", *words, "--body", str(body), "--parcels", str(listed), "--json").json["parcels"] == codes
