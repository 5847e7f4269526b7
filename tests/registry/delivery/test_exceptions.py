"""What is true on the ground is explained once, with photo and signature, and not asked again while nothing changes."""

from __future__ import annotations

import csv
import json
import shutil
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from registry.audit import audit
from registry.delivery.decisions import (
    EXPLAINED,
    AlreadyDecidedError,
    DecisionReasonError,
    ExplanationNotFoundError,
    approved_in,
    decide,
    explanations,
)
from registry.delivery.faults import catalogue
from registry.delivery.inspection import inspect_delivery
from registry.delivery.job import read_job
from registry.delivery.register import import_delivery
from registry.delivery.sheets import village_sheet
from registry.exports.job import make_job
from registry.ledger.tables import SOURCE
from tests.registry.delivery.checking import NOW
from tests.registry.delivery.conftest import CLERK, GACHA, Copy
from tests.registry.delivery.test_beside import Land, _outwards
from tests.registry.delivery.test_sheets import words

if TYPE_CHECKING:
    from registry.delivery.report import ImportReport
    from registry.store.engines import Store

OVERLAP = "parcels-overlap"
PHOTO, PAPER = b"a photo of the fence", b"a signed paper"


@pytest.fixture
def overlapping(copy: Copy) -> Copy:
    """Two households' parcels overlap by some square metres, as they do on the ground; no other refusing fault."""
    land = Land(copy)
    refusing = [fault for fault in land.change(_outwards(land, 3.0)) if fault.severity == "refuse"]
    assert {fault.id for fault in refusing} == {OVERLAP}
    return copy


def explain(copy: Copy, *rows: dict[str, str]) -> None:
    """Put a table of exceptions and its evidence into a delivery."""
    evidence = copy.root / "其他资料"
    evidence.mkdir(exist_ok=True)
    (evidence / "围栏.jpg").write_bytes(PHOTO)
    (evidence / "说明.pdf").write_bytes(PAPER)
    usual = {
        "图层": "DK", "理由": "甲乙丙两家共用井路", "照片": "围栏.jpg", "签字件": "说明.pdf", "签字人": "丁戊己",
        "日期": "20260110",
    }  # fmt: skip
    names = ("错误", "图层", "代码", "理由", "照片", "签字件", "签字人", "日期")
    with (copy.tables / "例外说明.csv").open("w", encoding="gbk", newline="") as out:
        lines = csv.DictWriter(out, names)
        lines.writeheader()
        lines.writerows(usual | row for row in rows)


def unexplained(copy: Copy) -> None:
    """The delivery as it comes the next time: without table and evidence."""
    (copy.tables / "例外说明.csv").unlink()
    shutil.rmtree(copy.root / "其他资料")


def overlaps(store: Store, copy: Copy) -> list[dict[str, str]]:
    """Fault and code of each overlap of a delivery, as a line of the table names it."""
    report = import_delivery(store, copy.root, CLERK, check_only=True)
    codes = Land(copy).frame.DKBM.tolist()
    rows = {fault.row for fault in report.faults if fault.id == OVERLAP}
    return [{"错误": OVERLAP, "代码": codes[row - 1]} for row in sorted(filter(None, rows))]


def severities(report: ImportReport, fault: str = OVERLAP) -> set[str]:
    """How grave a fault is in a report."""
    return {one.severity for one in report.faults if one.id == fault}


def state(report: ImportReport) -> str:
    """What became of the village."""
    return next(village.state for village in report.villages if village.code == GACHA)


def decided(store: Store, *, approved: bool = True, reason: str = "已到现场看过") -> list[str]:
    """The bureau decides whatever waits; the ids."""
    with store.reading() as connection:
        waiting = [one.id for one in explanations(store, connection) if one.state == "waiting"]
    for one in waiting:
        decide(store, CLERK, one, approved=approved, reason=reason)
    return waiting


def approved(store: Store, copy: Copy) -> ImportReport:
    """Brought, approved by the bureau, brought again."""
    import_delivery(store, copy.root, CLERK)
    decided(store)
    return import_delivery(store, copy.root, CLERK)


def test_explanation_is_asked_until_the_bureau_approves_it(store: Store, overlapping: Copy) -> None:
    """It waits and its village comes back; approved it lets the village in; each is decided once, by whom, when and why."""
    explain(overlapping, *overlaps(store, overlapping))
    first = import_delivery(store, overlapping.root, CLERK)
    assert (state(first), severities(first), {one.state for one in first.exceptions}) == ("returned", {"refuse"}, {"waiting"})
    again = import_delivery(store, overlapping.root, CLERK)
    ids = decided(store)
    assert sorted(ids) == sorted({one.id for one in again.exceptions})
    with store.reading() as connection:
        for one in explanations(store, connection):
            assert one.decision is not None
            told = (one.state, one.signer, one.decision.officer, one.decision.bureau, one.decision.reason, len(one.decision.at))
            assert told == ("approved", "丁戊己", CLERK.name, CLERK.bureau, "已到现场看过", 20)
            assert "丁戊己" not in repr(one)
    with pytest.raises(AlreadyDecidedError, match="approved"):
        decide(store, CLERK, ids[0], approved=False, reason="x")
    with pytest.raises(ExplanationNotFoundError):
        decide(store, CLERK, "0" * 64, approved=True, reason="x")
    for reason in ("", " ", "长" * 201):
        with pytest.raises(DecisionReasonError):
            decide(store, CLERK, ids[0], approved=True, reason=reason)
    assert state(import_delivery(store, overlapping.root, CLERK)) == "registered"


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no poppler-utils: an outside reader is missing")
def test_refused_explanation_says_why_on_the_return_sheet(store: Store, overlapping: Copy, tmp_path: Path) -> None:
    """Also where it was not brought again; with another photo it is another explanation and waits anew."""
    explain(overlapping, *overlaps(store, overlapping))
    waits = import_delivery(store, overlapping.root, CLERK)
    village = next(one for one in waits.villages if one.code == GACHA)
    assert "等待审批" in words(village_sheet(waits, village, NOW), tmp_path)
    decided(store, approved=False, reason="照片看不出围栏")
    for told in (True, False):
        if not told:
            unexplained(overlapping)
        report = import_delivery(store, overlapping.root, CLERK)
        assert (state(report), {one.state for one in report.exceptions}) == ("returned", {"refused"})
        village = next(one for one in report.villages if one.code == GACHA)
        said = words(village_sheet(report, village, NOW), tmp_path)
        assert "退件单" in said
        assert "照片看不出围栏" in said
    explain(overlapping, *overlaps(store, overlapping))
    (overlapping.root / "其他资料" / "围栏.jpg").write_bytes(b"a better photo")
    assert {one.state for one in import_delivery(store, overlapping.root, CLERK).exceptions} == {"waiting"}
    decided(store)
    assert state(import_delivery(store, overlapping.root, CLERK)) == "registered"


def test_explained_overlap_lets_its_village_in(store: Store, overlapping: Copy) -> None:
    """Excepted, counted apart, with the hashes of photo and paper; the audit finds nothing."""
    explain(overlapping, *overlaps(store, overlapping))
    report = approved(store, overlapping)
    assert (state(report), severities(report)) == ("registered", {"excepted"})
    village = next(one for one in report.villages if one.code == GACHA)
    assert (village.refuse, village.excepted) == (0, sum(fault.id == OVERLAP for fault in report.faults))
    for one in report.exceptions:
        assert (one.fault, one.photo, one.paper) == (OVERLAP, sha256(PHOTO).hexdigest(), sha256(PAPER).hexdigest())
    assert audit(store).findings == ()


def test_explained_fault_is_not_asked_again(store: Store, overlapping: Copy) -> None:
    """The same village without table and evidence: known by what its row says. A check alone remembers nothing."""
    explain(overlapping, *overlaps(store, overlapping))
    assert severities(import_delivery(store, overlapping.root, CLERK, check_only=True)) == {"refuse"}
    with store.reading() as connection:
        assert explanations(store, connection) == []
    approved(store, overlapping)
    with store.reading() as connection:
        kept = approved_in(store, connection, [GACHA])
        assert kept
        assert approved_in(store, connection, ["150626101206"]) == []
    unexplained(overlapping)
    again = import_delivery(store, overlapping.root, CLERK)
    assert (state(again), severities(again)) == ("unchanged", {"excepted"})
    assert {one.mark for one in again.exceptions} == set(kept)


def test_changed_parcel_is_asked_again(store: Store, overlapping: Copy) -> None:
    """Another name of the land in its row: what was explained is not this row any more."""
    explain(overlapping, *overlaps(store, overlapping))
    approved(store, overlapping)
    unexplained(overlapping)
    path = overlapping.layers / "DK1506262016.dbf"
    raw = bytearray(path.read_bytes())
    for row in overlaps(store, overlapping):
        name = raw.index(row["代码"].encode()) + len(row["代码"])  # DKMC stands behind DKBM
        raw[name : name + 2] = "新".encode("gbk")
    path.write_bytes(bytes(raw))
    again = import_delivery(store, overlapping.root, CLERK, check_only=True)
    assert (state(again), severities(again)) == ("returned", {"refuse"})


def test_exception_of_a_note_is_kept_where_nothing_is_registered_anew(store: Store, sound: Path, copy: Copy) -> None:
    """The village is unchanged, and the note is not asked again all the same."""
    copy.put("CBDKXX", 0, HTMJM="99.00")
    import_delivery(store, copy.root, CLERK)
    code = "15062610021000"
    explain(copy, {"错误": "mu-twin", "图层": "CBDKXX", "代码": _first(copy)})
    report = approved(store, copy)
    assert (state(report), severities(report, "mu-twin")) == ("unchanged", {"excepted"})
    assert report.exceptions[0].code.startswith(code)
    unexplained(copy)
    assert severities(import_delivery(store, copy.root, CLERK), "mu-twin") == {"excepted"}


@pytest.mark.parametrize("fault", ["member-count", "shape-crosses-itself", "contradicts-registered", "no-such-fault"])
def test_fault_of_structure_cannot_be_excepted(store: Store, copy: Copy, fault: str) -> None:
    """Refused, and told what can be: the list is data. The fault itself stands."""
    copy.put("CBF", 0, CBFCYSL="9")
    explain(copy, {"错误": fault, "图层": "CBF", "代码": f"{GACHA}000001"})
    report = import_delivery(store, copy.root, CLERK, check_only=True)
    (said,) = [one for one in report.faults if one.id == "exception-not-allowed"]
    allowed = {kind.id for kind in catalogue().values() if kind.may_be_excepted}
    assert {OVERLAP, "parcels-sliver", "gap-narrow"} <= allowed
    assert all(one in said.hint_en for one in allowed)
    assert severities(report, "member-count") == {"refuse"}
    assert report.exceptions == []


@pytest.mark.parametrize("name", ["没有.jpg", "../矢量数据/DK1506262016.shp", "/etc/passwd", "link.jpg", "folder"])
def test_exception_without_its_photo_explains_nothing(store: Store, overlapping: Copy, name: str) -> None:
    """Only a plain file of 其他资料 itself is evidence."""
    explain(overlapping, *({**row, "照片": name} for row in overlaps(store, overlapping)))
    (overlapping.root / "其他资料" / "folder").mkdir()
    (overlapping.root / "其他资料" / "link.jpg").symlink_to("/etc/passwd")
    report = import_delivery(store, overlapping.root, CLERK)
    assert (state(report), severities(report)) == ("returned", {"refuse"})
    assert {one.field for one in report.faults if one.id == "exception-without-evidence"} == {"照片"}


def test_exception_of_what_is_no_fault_is_said(store: Store, copy: Copy) -> None:
    """A note: it was mended, or the code was mistyped."""
    explain(copy, {"错误": OVERLAP, "代码": _first(copy)})
    report = import_delivery(store, copy.root, CLERK)
    assert [(fault.id, fault.severity) for fault in report.faults] == [("exception-without-fault", "note")]
    assert state(report) == "registered"


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no poppler-utils: an outside reader is missing")
def test_acceptance_sheet_counts_what_is_excepted(store: Store, overlapping: Copy, tmp_path: Path) -> None:
    """None is left, so many are explained; the village is accepted."""
    explain(overlapping, *overlaps(store, overlapping))
    report = approved(store, overlapping)
    village = next(one for one in report.villages if one.code == GACHA)
    said = words(village_sheet(report, village, NOW), tmp_path)
    assert "验收单" in said
    assert f"refuse––––0{village.excepted}" in said
    assert report.to_explain() is None


def test_blank_reason_is_refused(store: Store, overlapping: Copy) -> None:
    """As every required value is; the row explains nothing."""
    explain(overlapping, *({**row, "理由": ""} for row in overlaps(store, overlapping)))
    report = import_delivery(store, overlapping.root, CLERK, check_only=True)
    assert ("value-missing", "理由") in {(fault.id, fault.field) for fault in report.faults}
    assert severities(report) == {"refuse"}


def test_reason_and_signer_leave_in_no_report_and_lie_sealed(store: Store, overlapping: Copy, tmp_path: Path) -> None:
    """They can name people."""
    explain(overlapping, *overlaps(store, overlapping))
    report = import_delivery(store, overlapping.root, CLERK)
    report.write_csv(tmp_path / "r.csv")
    text = json.dumps(report.as_json(), ensure_ascii=False) + (tmp_path / "r.csv").read_text("utf-8-sig")
    assert "甲乙丙" not in text
    assert "丁戊" not in text
    with store.reading() as connection:
        rows = connection.execute(sa.select(SOURCE).where(SOURCE.c.kind == EXPLAINED)).all()
    assert len(rows) == len(report.exceptions)
    for row in rows:
        assert "丁戊己".encode() not in bytes(row.about)
        told = json.loads(store.vault.open(bytes(row.about), b"source-about/" + bytes(row.content_hash)))
        assert (told["signer"], told["photo"]) == ("丁戊己", sha256(PHOTO).hexdigest())


def test_job_brings_the_exceptions_so_that_verdicts_agree(store: Store, overlapping: Copy, tmp_path: Path) -> None:
    """Without table and evidence the surveyor's verdict is the county's only by the job's marks."""
    explain(overlapping, *overlaps(store, overlapping))
    told = import_delivery(store, overlapping.root, CLERK)
    assert inspect_delivery(overlapping.root, store.clock()).report.verdict() == told.verdict()
    unexplained(overlapping)
    waiting = import_delivery(store, overlapping.root, CLERK, check_only=True)
    assert inspect_delivery(overlapping.root, store.clock()).report.verdict() == waiting.verdict()
    decided(store)
    import_delivery(store, overlapping.root, CLERK)
    make_job(store, [GACHA], "2026-12-31", tmp_path / "job.zip")
    job = read_job(tmp_path / "job.zip")
    in_county = import_delivery(store, overlapping.root, CLERK, check_only=True).verdict()
    at_home = inspect_delivery(overlapping.root, store.clock(), excepted=job.exceptions).report
    assert at_home.verdict() == in_county
    assert severities(at_home) == {"excepted"}
    assert inspect_delivery(overlapping.root, store.clock()).report.verdict() != in_county


def _first(copy: Copy) -> str:
    kept: list[dict[str, str]] = []
    copy.edit("CBDKXX", kept.extend)
    return kept[0]["DKBM"]
