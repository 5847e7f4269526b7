"""A surveyor at home and the county get the same verdict, and reports that others' programs open."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
from hashlib import sha256
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest

from registry.delivery.faults import FILE, rule_pack
from registry.delivery.geometry import compared
from registry.delivery.inspection import Inspection, inspect_delivery
from registry.delivery.register import import_delivery
from registry.delivery.report_files import ReportKindUnknownError, located, write_report
from registry.store.engines import Store
from tests.registry.delivery.checking import NOW
from tests.registry.delivery.conftest import CLERK, Copy


@pytest.fixture
def found(faulty: Path) -> Inspection:
    """The delivery with twenty faults, inspected."""
    return inspect_delivery(faulty, NOW)


def test_inspection_finds_what_the_import_finds(store: Store, faulty: Path) -> None:
    """The same rules at the surveyor's desk and at the county's."""
    at_home = inspect_delivery(faulty, store.clock())
    in_county = import_delivery(store, faulty, CLERK, check_only=True)
    assert at_home.report.faults == in_county.faults
    assert at_home.report.villages == in_county.villages


def test_verdict_is_of_the_rules_whatever_is_registered(store: Store, delivered: Path, copy: Copy) -> None:
    """Registered, unchanged or in contradiction: the county's report has the surveyor's verdict, byte for byte."""
    copy.put("CBHT", 1, CBQXZ="20461231")
    in_county = import_delivery(store, copy.root, CLERK)
    assert "contradicts-registered" in {fault.id for fault in in_county.faults}
    assert {village.state for village in in_county.villages} == {"returned", "unchanged"}
    assert in_county.verdict() == inspect_delivery(copy.root, store.clock()).report.verdict()


def test_verdict_is_the_same_bytes_every_time(faulty: Path, found: Inspection) -> None:
    """It names the rules by version and digest, and holds neither times nor folders."""
    verdict = found.report.verdict()
    assert inspect_delivery(faulty, NOW + dt.timedelta(hours=3)).report.verdict() == verdict
    said = json.loads(verdict)
    assert set(said) == {"content_hash", "rules", "outcome", "villages", "faults", "faults_more", "exceptions"}
    assert said["rules"] == {"version": rule_pack()[0], "digest": sha256(FILE.read_bytes()).hexdigest()}
    assert len(said["faults"]) == 20


def test_workbook_has_a_line_for_each_fault(found: Inspection, tmp_path: Path) -> None:
    """Sentences, both coordinates, tolerance and clause; no cell is a formula."""
    write_report(found, tmp_path / "report.xlsx")
    book = openpyxl.load_workbook(tmp_path / "report.xlsx")
    header, *lines = book["错误 faults"].iter_rows(values_only=True)
    assert len(lines) == 20
    at = {str(title).split()[0]: number for number, title in enumerate(header)}
    overlap = next(line for line in lines if line[at["错误"]] == "parcels-overlap")
    assert overlap[at["东坐标"]] == pytest.approx(594_808.422)
    assert overlap[at["北坐标"]] == pytest.approx(4_327_295.537)
    assert overlap[at["容差"]] == "1 m² (待确认 unconfirmed)"
    assert overlap[at["依据"]] == "质检规则 2016"
    assert [line[0] for line in book["村 villages"].iter_rows(min_row=2, values_only=True)] == [
        village.code for village in found.report.villages
    ]
    assert not any(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_geopackage_shows_faults_parcels_and_repairs(found: Inspection, tmp_path: Path) -> None:
    """Every fault, a point where it has a place, every parcel, and the line as it would be mended."""
    path = tmp_path / "report.gpkg"
    write_report(found, path)
    write_report(found, path)  # a report is written anew, never into an old one
    listed = subprocess.run(["ogrinfo", "-q", str(path)], capture_output=True, text=True, check=True).stdout
    assert [name in listed for name in ("faults", "parcels", "repairs")] == [True] * 3
    faults, parcels, repairs = (gpd.read_file(path, layer=name) for name in ("faults", "parcels", "repairs"))
    assert (len(faults), faults.geometry.notna().sum()) == (20, len(list(located(found))))
    assert faults.crs.to_epsg() == 4545
    assert set(faults.loc[faults.fault == "parcels-overlap", "severity"]) == {"refuse"}
    mended = repairs.iloc[0]
    parcel = parcels[parcels.code == mended.code].geometry.iloc[0]
    other = parcels[parcels.code == mended.other].geometry.iloc[0]
    assert parcel.intersection(other).area > 1
    assert mended.geometry.intersection(other).area < 0.01
    assert float(mended.area_before_m2) == pytest.approx(parcel.area, abs=0.01)
    assert float(mended.area_after_m2) == pytest.approx(mended.geometry.area, abs=0.01)


def test_shapefile_has_short_chinese_names_in_gbk(found: Inspection, tmp_path: Path) -> None:
    """As ArcGIS in a survey company opens it."""
    write_report(found, tmp_path / "report.shp")
    assert (tmp_path / "report.cpg").read_text() == "GBK"
    faults = gpd.read_file(tmp_path / "report.shp")
    columns = ["严重", "村码", "图层", "行", "字段", "代码", "错误", "什么", "怎么办", "容差", "依据", "处数", "面积"]
    assert list(faults.columns) == [*columns, "另一点东", "另一点北", "geometry"]
    assert (len(faults), faults.geometry.notna().sum()) == (20, len(list(located(found))))
    assert faults["什么"].str.contains("重叠 3632.82 m2").any()


def test_csv_and_verdict_are_written_too(found: Inspection, tmp_path: Path) -> None:
    """The lines of an import's report, and the bytes to compare."""
    write_report(found, tmp_path / "report.csv")
    assert len((tmp_path / "report.csv").read_text("utf-8-sig").splitlines()) == 21
    write_report(found, tmp_path / "verdict.json")
    assert (tmp_path / "verdict.json").read_bytes() == found.report.verdict()


def test_a_delivery_without_fault_has_reports_as_well(sound: Path, tmp_path: Path) -> None:
    """Empty layers, an empty table."""
    found = inspect_delivery(sound, NOW)
    for name in ("r.xlsx", "r.gpkg", "r.shp"):
        write_report(found, tmp_path / name)
    assert len(gpd.read_file(tmp_path / "r.gpkg", layer="faults")) == 0
    assert len(gpd.read_file(tmp_path / "r.gpkg", layer="parcels")) == sum(map(len, compared(found.delivery)))


def test_a_folder_that_is_no_delivery_has_reports_as_well(tmp_path: Path) -> None:
    """Nothing could be read: the fault is said, nothing can be drawn."""
    (tmp_path / "x").mkdir()
    found = inspect_delivery(tmp_path / "x", NOW)
    assert [fault.id for fault in found.report.faults] == ["folder-name"]
    for name, layer in (("r.gpkg", "faults"), ("r.shp", "r")):
        write_report(found, tmp_path / name)
        assert len(gpd.read_file(tmp_path / name, layer=layer)) == 1
    assert len(gpd.read_file(tmp_path / "r.gpkg", layer="parcels")) == 0


def test_another_kind_of_file_is_refused(found: Inspection, tmp_path: Path) -> None:
    """With the kinds that there are."""
    with pytest.raises(ReportKindUnknownError, match=r"\.xlsx"):
        write_report(found, tmp_path / "report.docx")
    assert not (tmp_path / "report.docx").exists()


def test_no_report_holds_a_name(copy: Copy, tmp_path: Path) -> None:
    """Canaries in the names of households that overlap come out in no kind of report."""
    copy.edit("CBF", lambda rows: [row.update(CBFMC="甲乙丙丁戊") for row in rows])
    found = inspect_delivery(copy.root, NOW)
    assert found.report.faults
    for suffix in (".csv", ".json", ".gpkg", ".shp"):
        write_report(found, tmp_path / f"report{suffix}")
    for path in tmp_path.glob("report.*"):
        raw = path.read_bytes()
        assert "甲乙丙丁".encode() not in raw
        assert "甲乙丙丁".encode("gbk") not in raw
