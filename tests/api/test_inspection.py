"""`sanquan inspect` says what is wrong without a register, and writes a page on which every row zooms."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest

from api.cli.command import run
from api.v1.models import InspectionAnswer, InspectionRules
from registry.delivery.faults import catalogue
from registry.exports.job import make_job
from tests.api.chromium import CHROMIUM, browsing
from tests.api.conftest import TOKEN, Caller
from tests.registry.delivery.conftest import SAMPLES
from tests.registry.made_up import VILLAGE_CODE, Village

FAULTY = SAMPLES / "faults" / "150626乌审旗"
SOUND = SAMPLES / "delivery" / "150626乌审旗"
AS_OF = ("--as-of", "2026-01-15")


@pytest.fixture
def say(capfd: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Run a command: its exit code and what it printed on both streams."""

    def told(*arguments: str) -> tuple[int, str]:
        code = run(arguments)
        printed = capfd.readouterr()
        return code, printed.out + printed.err

    return told


def test_inspect_ends_as_an_import_would(say: Callable[..., tuple[int, str]]) -> None:
    """0 when all pass, 1 when some come back, 2 when nothing can be read; no register is there."""
    assert say("inspect", str(SOUND), *AS_OF)[0] == 0
    code, told = say("inspect", str(FAULTY), *AS_OF)
    assert code == 1
    assert "重叠" in told
    assert say("inspect", str(SAMPLES), *AS_OF)[0] == 2


def test_inspect_as_json_is_the_report(say: Callable[..., tuple[int, str]], tmp_path: Path) -> None:
    """And the verdict beside it holds the same faults."""
    code, told = say("inspect", str(FAULTY), *AS_OF, "--json", "--report", str(tmp_path / "v.json"))
    assert code == 1
    assert json.loads(told)["faults"] == json.loads((tmp_path / "v.json").read_bytes())["faults"]


def test_every_rule_is_listed_with_its_tolerance(say: Callable[..., tuple[int, str]]) -> None:
    """The rules that a surveyor is held to are no secret."""
    code, told = say("inspect", "--rules", "--json")
    assert code == 0
    listed = json.loads(told)
    assert [rule["id"] for rule in listed["rules"]] == list(catalogue())
    assert next(rule["tolerance"] for rule in listed["rules"] if rule["id"] == "vertex-repeated") == "0.001 m"
    code, told = say("inspect", "--rules")
    assert code == 0
    assert "规则包" in told


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "--rules"),
        ((str(SOUND), "--report", "x.docx"), ".xlsx"),
        ((str(SOUND), "--as-of", "2026-02-30"), "malformed"),
    ],
)
def test_what_cannot_be_done_is_refused(say: Callable[..., tuple[int, str]], arguments: tuple[str, ...], told: str) -> None:
    """Before anything is read or written."""
    code, said = say("inspect", *arguments)
    assert code == 2
    assert told in said


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
def test_every_row_of_the_page_zooms(say: Callable[..., tuple[int, str]], tmp_path: Path) -> None:
    """In a browser, from a file, without any outside request: a click on a row brings its place into the middle."""
    page = tmp_path / "report.html"
    say("inspect", str(FAULTY), *AS_OF, "--report", str(page))
    with browsing(tmp_path) as tab:
        tab.visit(page.as_uri())
        tab.wait_for("document.querySelector('svg').getAttribute('viewBox')")
        rows = tab.evaluate("document.querySelectorAll('tr[data-x]').length")
        marks = tab.evaluate("document.querySelectorAll('.mark').length")
        assert rows == marks > 3
        for number in range(rows):
            tab.evaluate(f"document.querySelectorAll('tr[data-x]')[{number}].click()")
            view = tab.evaluate("document.querySelector('svg').getAttribute('viewBox')")
            x, y, wide, high = map(float, view.split())
            at = tab.evaluate(f"(r => [r.dataset.x, r.dataset.y])(document.querySelectorAll('tr[data-x]')[{number}])")
            assert [float(each) for each in at] == pytest.approx([x + wide / 2, y + high / 2], abs=1e-6)
        assert tab.complaints == []
        assert tab.requested == [page.as_uri()]


def test_page_without_a_fault_says_so(say: Callable[..., tuple[int, str]], tmp_path: Path) -> None:
    """And one of a folder that is no delivery names that."""
    page = tmp_path / "report.html"
    say("inspect", str(SOUND), *AS_OF, "--report", str(page))
    assert "没有错误" in page.read_text("utf-8")
    say("inspect", str(SAMPLES), *AS_OF, "--report", str(page))
    assert "folder-name" in page.read_text("utf-8")


def _zip(folder: Path) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, path.relative_to(folder.parent))
    return packed.getvalue()


def test_a_delivery_is_inspected_over_http(caller: Caller) -> None:
    """The same faults and the same verdict as at a terminal, in the documented form; nothing is written."""
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    before = caller.get("/v1/ledger").json()["size"]
    answer = caller.post("/v1/inspections", headers=bearer, files=[("files", ("成果.zip", _zip(FAULTY)))])
    assert answer.status_code == 200
    said = answer.json()
    InspectionAnswer.model_validate(said)
    assert len(said["faults"]) == 20
    assert {fault["id"] for fault in said["faults"]} >= {"parcels-overlap", "outside-village"}
    assert caller.get("/v1/ledger").json()["size"] == before
    nothing = caller.post("/v1/inspections", headers=bearer, files=[("files", ("x.zip", b"PK"))])
    assert nothing.status_code == 200
    assert [fault["severity"] for fault in nothing.json()["faults"]] == ["refuse"]
    assert caller.post("/v1/inspections", files=[("files", ("x.zip", b"PK"))]).status_code == 401
    assert caller.post("/v1/inspections", headers=bearer, files=[("files", ("x.exe", b"PK"))]).status_code == 422


def test_inspection_by_a_job_package_says_how_it_stands_to_the_job(caller: Caller, village: Village, tmp_path: Path) -> None:
    """Only the job's own rules: a package with others is refused, and what was asked for is told beside the faults."""
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    job = make_job(caller.app.state.store, [VILLAGE_CODE[:12]], "2099-12-31", tmp_path / "job.zip")
    sent = [("files", ("成果.zip", _zip(FAULTY))), ("job", ("job.zip", job.path.read_bytes()))]
    said = caller.post("/v1/inspections", headers=bearer, files=sent).json()
    InspectionAnswer.model_validate(said)
    assert (said["job"]["digest"], said["job"]["deadline"], said["job"]["late"]) == (job.digest, "2099-12-31", False)
    assert said["job"]["villages_outside"]
    broken = caller.post("/v1/inspections", headers=bearer, files=[sent[0], ("job", ("job.zip", b"PK"))])
    assert (broken.status_code, broken.json()["type"]) == (422, "urn:sanquan:problem:job-unreadable")


def test_reports_and_rules_come_over_http(caller: Caller, say: Callable[..., tuple[int, str]], tmp_path: Path) -> None:
    """Each file that `--report` writes, with the same faults, and the verdict to the byte; the rules as `--rules` lists them."""
    rules = json.loads(say("inspect", "--rules", "--json")[1])
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    files = [("files", ("成果.zip", _zip(FAULTY)))]

    def sent(form: str) -> bytes:
        got = caller.post("/v1/inspections", headers=bearer, files=files, params={"form": form})
        assert got.status_code == 200, got.text
        return got.content

    (tmp_path / "report.gpkg").write_bytes(sent("gpkg"))
    assert len(gpd.read_file(tmp_path / "report.gpkg", layer="faults")) == 20
    with zipfile.ZipFile(io.BytesIO(sent("shp"))) as archive:
        assert {Path(name).suffix for name in archive.namelist()} == {".shp", ".shx", ".dbf", ".prj", ".cpg"}
    assert len(list(openpyxl.load_workbook(io.BytesIO(sent("xlsx")))["错误 faults"].iter_rows(min_row=2))) == 20
    assert len(sent("csv").decode("utf-8-sig").splitlines()) >= 21
    assert b"<html" in sent("html")
    digest = caller.post("/v1/inspections", headers=bearer, files=files).json()["verdict_digest"]
    assert sha256(sent("verdict")).hexdigest() == digest
    assert caller.post("/v1/inspections", headers=bearer, files=files, params={"form": "docx"}).status_code == 422
    InspectionRules.model_validate(rules)
    assert caller.get("/v1/inspections/rules").json() == rules
