"""What both sides sign: the receipt names what was handed over, each village's sheet what was found, mended, to be done."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.delivery.faults import Fault, catalogue, rule_pack
from registry.delivery.inspection import Inspection, inspect_delivery
from registry.delivery.register import import_delivery
from registry.delivery.report import ImportReport
from registry.delivery.sheets import (
    LastVerdictUnreadableError,
    Matched,
    NothingToReceiveError,
    is_returned,
    matched,
    read_last,
    receipt,
    village_sheet,
    write_sheets,
)
from registry.store.engines import Store
from tests.registry.delivery.checking import NOW
from tests.registry.delivery.conftest import CLERK, FARMERS, GACHA, OTHER_GACHA, Copy, Rows

pytestmark = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no poppler-utils: an outside reader is missing")


def words(pdf: bytes, tmp_path: Path) -> str:
    """All text of a PDF without white space, as an outside reader finds it."""
    path = tmp_path / "sheet.pdf"
    path.write_bytes(pdf)
    out = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True).stdout
    return "".join(out.split())


@pytest.fixture
def found(faulty: Path) -> Inspection:
    """The delivery with twenty faults, inspected."""
    return inspect_delivery(faulty, NOW)


@pytest.fixture
def last(found: Inspection, tmp_path: Path) -> Path:
    """Its verdict, kept for the next time."""
    path = tmp_path / "last.json"
    path.write_bytes(found.report.verdict())
    return path


def test_receipt_names_what_was_handed_over(found: Inspection, tmp_path: Path) -> None:
    """Content hash, rows of each part, time, who brought it, rules, digest of the verdict, digest of the job."""
    said = words(receipt(found, "某某测绘公司", NOW, "ab" * 32), tmp_path)
    verdict = sha256(found.report.verdict()).hexdigest()
    for fact in (found.report.content_hash, "某某测绘公司", "2026-01-1500:00", *rule_pack(), verdict, "ab" * 32):
        assert fact in said
    for name, frame in found.delivery.frames.items():
        assert f"{name}{len(frame)}" in said


def test_receipt_is_the_same_bytes_for_the_same_delivery(found: Inspection) -> None:
    """Both sides can hold one copy against the other."""
    assert receipt(found, "甲", NOW) == receipt(found, "甲", NOW)


def test_no_receipt_for_what_is_no_delivery(tmp_path: Path) -> None:
    """It could name nothing."""
    (tmp_path / "x").mkdir()
    with pytest.raises(NothingToReceiveError, match="folder name"):
        receipt(inspect_delivery(tmp_path / "x", NOW), "甲", NOW)


def test_return_sheet_lists_each_fault_with_what_to_do(found: Inspection, tmp_path: Path) -> None:
    """Every fault of the village, none of another; and how what is so on the ground is explained, where a rule allows it."""
    village = next(one for one in found.report.villages if one.code == OTHER_GACHA)
    said = words(village_sheet(found.report, village, NOW), tmp_path)
    assert "退件单" in said
    mine = Counter(fault.id for fault in found.report.faults if fault.village == OTHER_GACHA)
    for fault in found.report.faults:
        if fault.village == OTHER_GACHA:
            assert "".join(fault.hint_zh.split()) in said
    assert {one for one in catalogue() if one in said} == set(mine)
    assert "权属数据/例外说明.csv" in said
    assert found.report.to_explain(FARMERS) is None


def test_fault_of_the_whole_delivery_stands_on_each_return_sheet(copy: Copy, tmp_path: Path) -> None:
    """Each village comes back for it, and must be told why."""
    copy.edit("CBHT", lambda rows: rows[0].update(FBFBM="?", CBFBM="?", CBHTBM="?"))
    report = inspect_delivery(copy.root, NOW).report
    assert {village.state for village in report.villages} == {"returned"}
    for village in report.villages:
        assert "退件单" in (said := words(village_sheet(report, village, NOW), tmp_path))
        assert "合同代码" in said


def test_acceptance_sheet_counts_what_was_mended(sound: Path, last: Path, tmp_path: Path) -> None:
    """Last time, mended, now, rule by rule; the delivery of the last time by its content hash."""
    report = inspect_delivery(sound, NOW).report
    village = next(one for one in report.villages if one.code == FARMERS)
    before = read_last(last)
    said = words(village_sheet(report, village, NOW, before), tmp_path)
    assert "验收单" in said
    assert before.content_hash in said
    for (fault, *_), count in before.found[FARMERS].items():
        assert fault in said
        assert count == 1
    assert said.count("refuse110000") + said.count("hold110000") == len(before.found[FARMERS])


def test_mended_still_there_and_new_are_matched_row_by_row(copy: Copy, tmp_path: Path) -> None:
    """One of two rows is mended and another one is wrong now: as many as before, and none of it is hidden by the number."""
    codes: list[str] = []
    copy.edit("CBF", lambda rows: codes.extend(row["CBFBM"] for row in rows if row["CBFBM"].startswith(FARMERS)))

    def miscounted(wrong: set[str]) -> ImportReport:
        def spoil(rows: Rows) -> None:
            for row in rows:
                row["CBFCYSL"] = "99" if row["CBFBM"] in wrong else right[row["CBFBM"]]

        copy.edit("CBF", spoil)
        return inspect_delivery(copy.root, NOW).report

    right: dict[str, str] = {}
    copy.edit("CBF", lambda rows: right.update((row["CBFBM"], row["CBFCYSL"]) for row in rows))
    (tmp_path / "v.json").write_bytes(miscounted({codes[0], codes[1], codes[2]}).verdict())
    before = read_last(tmp_path / "v.json").found[FARMERS]
    report = miscounted({codes[1], codes[2], codes[3]})
    faults = [fault for fault in report.faults if fault.village == FARMERS]
    assert {fault.code for fault in faults} == {codes[1], codes[2], codes[3]}
    assert matched(faults, before) == {"member-count": Matched(before=3, mended=1, still=2, new=1)}
    village = next(one for one in report.villages if one.code == FARMERS)
    assert "refuse312130" in words(village_sheet(report, village, NOW, read_last(tmp_path / "v.json")), tmp_path)


_ROWS = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz")))


@given(_ROWS, _ROWS)
def test_matching_loses_no_row(then: list[tuple[str, str]], now: list[tuple[str, str]]) -> None:
    """Whatever the rows: before = mended + still there, now = still there + new, rule by rule."""
    usual = {"severity": "note", "scope": "village", "village": "", "file": "", "layer": "DK", "row": 1, "field": ""}
    words_ = {"zh": "", "en": "", "hint_zh": "", "hint_en": ""}
    faults = [Fault(id=rule, code=code, **usual, **words_) for rule, code in now]  # type: ignore[arg-type]  # plain values
    found = matched(faults, Counter((rule, "DK", "", code) for rule, code in then))
    for rule in "ab":
        one = found.get(rule, Matched(0, 0, 0, 0))
        before, after = ([each for each, _ in rows].count(rule) for rows in (then, now))
        assert (one.before, one.mended + one.still, one.still + one.new) == (before, before, after)
        assert one.still == sum((Counter(c for r, c in then if r == rule) & Counter(c for r, c in now if r == rule)).values())


def test_verdict_without_codes_is_counted_by_rule(last: Path) -> None:
    """A verdict that an earlier version wrote: its rows can't be told apart."""
    told = json.loads(last.read_bytes())
    for fault in told["faults"]:
        del fault["code"]
    last.write_text(json.dumps(told), "utf-8")
    assert {row[3] for rows in read_last(last).found.values() for row in rows} == {""}


def test_each_village_gets_one_sheet_by_its_outcome(found: Inspection, sound: Path, tmp_path: Path) -> None:
    """A sheet of the last time goes when the village's outcome is another."""
    assert {path.name for path in write_sheets(found.report, tmp_path / "s", NOW)} == {
        f"验收单-{GACHA}.pdf", f"退件单-{OTHER_GACHA}.pdf", f"退件单-{FARMERS}.pdf",
    }  # fmt: skip
    write_sheets(inspect_delivery(sound, NOW).report, tmp_path / "s", NOW)
    assert {path.name for path in (tmp_path / "s").iterdir()} == {
        f"验收单-{village}.pdf" for village in (GACHA, OTHER_GACHA, FARMERS)
    }


def test_contradiction_with_the_register_is_on_the_return_sheet(
    store: Store, delivered: Path, copy: Copy, tmp_path: Path
) -> None:
    """The sheet of an import says more than the rules do."""
    copy.put("CBHT", 1, CBQXZ="20461231")
    report = import_delivery(store, copy.root, CLERK, check_only=True)
    village = next(one for one in report.villages if is_returned(one))
    said = words(village_sheet(report, village, NOW), tmp_path)
    assert "2047-12-31" in said
    assert "2046-12-31" in said


def test_no_sheet_holds_a_name(copy: Copy, tmp_path: Path) -> None:
    """Canaries in the names of households at fault come out masked."""
    copy.edit("CBF", lambda rows: [row.update(CBFMC="甲乙丙丁戊") for row in rows])
    found = inspect_delivery(copy.root, NOW)
    assert found.report.faults
    said = [words(village_sheet(found.report, village, NOW), tmp_path) for village in found.report.villages]
    said.append(words(receipt(found, "测绘公司", NOW), tmp_path))
    assert not any("甲乙丙" in text for text in said)


@pytest.mark.parametrize("raw", [b"", b"[]", b"{}", b'{"villages":[{}]}', b"\xff", b'{"villages":[],"faults":[1]}'])
def test_what_is_no_verdict_is_refused(raw: bytes, tmp_path: Path) -> None:
    """With the way to make one."""
    (tmp_path / "v.json").write_bytes(raw)
    with pytest.raises(LastVerdictUnreadableError, match="sanquan inspect --report"):
        read_last(tmp_path / "v.json")
