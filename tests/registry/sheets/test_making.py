"""Is each making of a paper with names logged with its purpose, all or nothing, and does a signed scan file itself?"""

from __future__ import annotations

import hashlib
import io
import json
from typing import TYPE_CHECKING, Any

import PIL.ImageFilter
import pypdf
import pytest

from gis.sheets import ShiftTooLarge, sheets_pdf
from registry import papers, sources
from registry.audit import audit
from registry.papers import PurposeMissingError
from registry.sheets import AsOf, Order, make, make_village, of_notice, of_parcel
from registry.sheets.filing import NotOurSheet, ScanUnreadable, file_scan, read_codes, sheets_of
from registry.sheets.refusals import NoSuchParcel
from tests.gis.sheets.pictures import needs_poppler, picture
from tests.registry import made_up
from tests.registry.sheets.conftest import ARABLE, HOMESTEAD, HOUSEHOLD, NEIGHBOUR, SEALED, VILLAGE, words

if TYPE_CHECKING:
    from pathlib import Path

    from registry.papers import Paper
    from registry.store.engines import Store
    from tests.registry.made_up import Village

ORDER = Order(made_up.CLERK, "第一轮公示", "2020-06-01")


def logged(store: Store) -> list[Paper]:
    """The log of papers."""
    with store.reading() as connection:
        return papers.papers(store, connection)


def nothing(_done: int, _total: int) -> None:
    """Progress that nobody watches."""


def test_making_a_sheet_is_logged_with_purpose_officer_and_digest(
    store: Store, village: Village, tmp_path: Path
) -> None:
    """Who, for what, about what, at which state of the register, and the digest of the very file."""
    out = make(store, ORDER, "sheet-parcel", ARABLE, tmp_path / "sheet.pdf", lambda at: of_parcel(at, ARABLE))
    (row,) = logged(store)
    assert (row.what, row.about) == ("sheet-parcel", ARABLE)
    assert row.digest == hashlib.sha256(out.read_bytes()).digest()
    assert row.detail == {"purpose": "第一轮公示", "officer": "张晓梅", "bureau": "农牧业局", "codes": []}
    assert "张晓梅" not in repr(row)
    assert audit(store).findings == ()


@pytest.mark.parametrize("purpose", ["", "  ", "长" * 201])
def test_sheet_without_a_purpose_is_not_made(store: Store, village: Village, tmp_path: Path, purpose: str) -> None:
    """No purpose, no paper: neither file nor row."""
    order = Order(made_up.CLERK, purpose)
    with pytest.raises(PurposeMissingError):
        make(store, order, "sheet-parcel", ARABLE, tmp_path / "sheet.pdf", lambda at: of_parcel(at, ARABLE))
    with pytest.raises(PurposeMissingError):
        make_village(store, order, VILLAGE, tmp_path / "all", nothing)
    assert logged(store) == []
    assert list(tmp_path.glob("*.pdf")) == []


@pytest.mark.parametrize("slip", ["code", "shift"])
def test_sheet_that_is_refused_leaves_neither_file_nor_row(
    store: Store, village: Village, tmp_path: Path, slip: str
) -> None:
    """Bad input is refused whole."""
    code = "x" if slip == "code" else ARABLE
    order = Order(made_up.CLERK, "补证", shift_mm=(0.0, 99.0) if slip == "shift" else (0.0, 0.0))
    with pytest.raises((NoSuchParcel, ShiftTooLarge)):
        make(store, order, "sheet-parcel", code, tmp_path / "sheet.pdf", lambda at: of_parcel(at, code))
    assert logged(store) == []
    assert list(tmp_path.glob("*.pdf")) == []


def test_sheet_that_cannot_be_written_is_not_logged(store: Store, village: Village, tmp_path: Path) -> None:
    """A folder that is not there is found out before the row, not after."""
    with pytest.raises(FileNotFoundError):
        make(store, ORDER, "sheet-parcel", ARABLE, tmp_path / "no" / "x.pdf", lambda at: of_parcel(at, ARABLE))
    assert logged(store) == []


def test_whole_village_is_made_in_one_run(store: Store, village: Village, tmp_path: Path) -> None:
    """One file for each contract (its 分布图 and every parcel) and each homestead, under the names of NY/T 2539 (B.8)."""
    steps: list[tuple[int, int]] = []
    files = make_village(store, ORDER, VILLAGE, tmp_path / "图件", lambda *step: steps.append(step))
    folder = tmp_path / "图件" / made_up.VILLAGE_CODE
    assert {path.name for path in folder.iterdir()} == {
        f"DKSYT{HOUSEHOLD}J.pdf",
        f"DKSYT{made_up.VILLAGE_CODE}0002J.pdf",
        f"ZDT{HOMESTEAD}.pdf",
    }
    assert (files, steps[-1]) == (3, (3, 3))
    family = words((folder / f"DKSYT{HOUSEHOLD}J.pdf").read_bytes())
    assert family.count("地块示意图") == 4
    assert "承包地块分布图" in family
    assert f"{NEIGHBOUR}[柳树湾]" in family
    (row,) = logged(store)
    assert (row.what, row.about, row.detail["files"]) == ("sheet-village", VILLAGE, 3)


def test_second_contract_of_a_household_has_a_file_of_its_own_land(
    store: Store, with_more_land: Village, tmp_path: Path
) -> None:
    """Each contract's 分布图 shows and adds up what that contract names, no more."""
    make_village(store, ORDER, VILLAGE, tmp_path, nothing)
    folder = tmp_path / made_up.VILLAGE_CODE
    second = words((folder / f"DKSYT{HOUSEHOLD}Q.pdf").read_bytes())
    assert "10000.00" in second
    assert "2598446.67" not in second
    assert "2598446.67" in words((folder / f"DKSYT{HOUSEHOLD}J.pdf").read_bytes())


def test_run_that_is_interrupted_leaves_no_file(store: Store, village: Village, tmp_path: Path) -> None:
    """All or nothing: a run that stops midway has made no paper and logged none."""

    def stop(done: int, _total: int) -> None:
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_village(store, ORDER, VILLAGE, tmp_path / "all", stop)
    assert list((tmp_path / "all").iterdir()) == []
    assert logged(store) == []


def notice(store: Store, folder: Path) -> list[Any]:
    """A notice that was made, and its sheets as they were printed."""

    def build(at: AsOf) -> list[Any]:
        return of_notice(at, VILLAGE, 1, "2020-06-02")

    make(store, ORDER, "sheet-notice", VILLAGE, folder / "notice.pdf", build)
    with store.reading() as connection:
        return build(AsOf.of(store, connection, "2020-06-01", None, reader="paper"))


def scanned(sheet: Any, form: str) -> bytes:  # noqa: ANN401  (gis.sheets.Sheet)
    """A sheet as an office scanner gives it back: askew, grey, unsharp, compressed; in a PDF where the scanner makes one."""
    seen = picture(sheets_pdf([sheet]), ppi=200).convert("L")
    seen = seen.rotate(1.7, fillcolor=245, expand=True).filter(PIL.ImageFilter.GaussianBlur(0.8))
    out = io.BytesIO()
    seen.save(out, form, quality=60)
    return out.getvalue()


@needs_poppler
@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF", "PDF"])
def test_scan_of_a_signed_sheet_files_itself(store: Store, village: Village, tmp_path: Path, form: str) -> None:
    """The code says which sheet it is: the scan is kept as evidence and the sheet is back; the same scan files once."""
    sheets = notice(store, tmp_path)
    scan = scanned(sheets[-1], form)
    (filed,) = file_scan(store, made_up.CLERK, scan)
    assert (filed.code, filed.again) == (sheets[-1].code.text, False)
    assert read_codes(sources.open_source(store, filed.source)) == [filed.code]  # cleaned, and the code is still on it
    with store.reading() as connection:
        paper = sources.describe(store, connection, filed.source)
        back = sheets_of(store, connection, VILLAGE)
    assert (paper.dated, paper.about) == ("2020-06-02", filed.code)
    assert [code for code, scans in back if scans] == [filed.code]
    assert len(back) == len(sheets)
    assert [each.again for each in file_scan(store, made_up.CLERK, scan)] == [True]
    assert len(logged(store)) == 2
    assert audit(store).findings == ()


@needs_poppler
def test_scan_of_several_sheets_files_each(store: Store, village: Village, tmp_path: Path) -> None:
    """A feeder scans the whole pack into one PDF."""
    sheets = notice(store, tmp_path)
    writer = pypdf.PdfWriter()
    for sheet in sheets:
        writer.append(io.BytesIO(scanned(sheet, "PDF")))
    pack = io.BytesIO()
    writer.write(pack)
    assert [filed.code for filed in file_scan(store, made_up.CLERK, pack.getvalue())] == [s.code.text for s in sheets]


@needs_poppler
def test_scan_of_a_sheet_that_was_not_made_here_files_nothing(store: Store, village: Village, tmp_path: Path) -> None:
    """The masked sheet of the service, or another register's, is no sheet that was put up."""
    with store.reading() as connection:
        masked = of_notice(AsOf.of(store, connection, "2020-06-01", None, reader="desk"), VILLAGE, 1, "2020-06-02")
    with pytest.raises(NotOurSheet):
        file_scan(store, made_up.CLERK, scanned(masked[0], "PNG"))
    assert logged(store) == []
    assert list(store.settings.sources.iterdir()) == []


@pytest.mark.parametrize("scan", [b"", b"no picture", b"%PDF-1.4 cut", b"\x89PNG\r\n\x1a\n\x00"])
def test_file_that_is_no_scan_is_refused(store: Store, village: Village, scan: bytes) -> None:
    """Whatever is read is a picture with a code or nothing."""
    with pytest.raises(ScanUnreadable):
        file_scan(store, made_up.CLERK, scan)


def test_log_of_papers_holds_no_personal_value_in_clear(store: Store, village: Village, tmp_path: Path) -> None:
    """Purposes and officers can name people: sealed, as everything else that can."""
    order = Order(made_up.CLERK, f"给{NEIGHBOUR}补证", "2020-06-01")
    make(store, order, "sheet-parcel", ARABLE, tmp_path / "sheet.pdf", lambda at: of_parcel(at, ARABLE))
    with store.reading() as connection:
        rows = [dict(row) for row in connection.execute(papers.PAPER.select()).mappings()]
    clear = json.dumps([{**row, "sealed": bytes(row["sealed"]).decode("latin-1"), "digest": ""} for row in rows])
    assert not [value for value in (*SEALED, "张晓梅") if value in clear]
