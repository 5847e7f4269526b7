"""How does a report leave for the people who mend a delivery: workbook, GeoPackage, Shapefile, lines of text?

The workbook has one line a fault, with both places, tolerance and clause, and a sheet of what lies below a tolerance.
GeoPackage and Shapefile open in what surveyors draw with: each fault is a point where it can be seen, and the GeoPackage
also has the parcels and, for each overlap, the shape that would mend it, to look at and to copy. No name and no ID number
stands in any of them. Places are (easting, northing) in the register's CRS, metres.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import geopandas as gpd
import numpy as np
import shapely
import xlsxwriter

from gis.areas import mu_from_m2
from gis.formats import write_geopackage, write_shapefile
from registry.delivery.geometry import compared
from registry.delivery.parts import KEY_OF
from registry.delivery.report import SEVERITIES, disarmed
from registry.errors import SanquanError
from registry.store.settings import REGISTER_CRS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from registry.delivery.faults import Fault, Place
    from registry.delivery.frames import Frame
    from registry.delivery.inspection import Inspection
    from registry.delivery.report import ImportReport

    _Sheet: TypeAlias = xlsxwriter.worksheet.Worksheet
    _Format: TypeAlias = xlsxwriter.format.Format

_HEADER = (
    "严重程度 severity", "村 village", "文件 file", "图层 layer", "行 row", "字段 field", "错误 fault", "什么", "怎么办",
    "what", "what to do", "东坐标 easting", "北坐标 northing", "另一点东 easting", "另一点北 northing", "容差 tolerance",
    "依据 clause",
)  # fmt: skip
_WIDTHS = (12, 14, 26, 10, 7, 10, 20, 50, 36, 50, 36, 14, 14, 14, 14, 20, 24)
_LONGEST_IN_DBF = 254  # bytes


class ReportKindUnknownError(SanquanError):
    """Raised when a report is to be written to a kind of file that there is none for."""

    def __init__(self, suffix: str) -> None:
        """Name what there is."""
        kinds = ", ".join((*WRITERS, ".html"))
        super().__init__(
            f"报告不能写成“{suffix[:20]}”: 可以是 {kinds}", f"no report is written as “{suffix[:20]}”: there are {kinds}"
        )


def write_report(inspection: Inspection, path: Path) -> None:
    """Write what was found, by the suffix of the file. Raises `ReportKindUnknownError`, `TargetUnwritable`."""
    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        raise ReportKindUnknownError(path.suffix)
    writer(inspection, path)


def located(inspection: Inspection) -> Iterator[tuple[Fault, Place]]:
    """Each fault that can be shown on a map: at its own place, or inside the parcel whose row is at fault."""
    at: dict[tuple[str, int], tuple[Frame, int]] = {}
    for name in ("DK", "ZD", "CJQY"):
        frame = inspection.delivery.part(name)
        if frame is not None:
            at |= {place: (frame, index) for place, index in frame.places().items()}
    for fault in inspection.report.listed()[0]:
        place = fault.place
        if place is None and fault.row is not None and (fault.file, fault.row) in at:
            frame, index = at[(fault.file, fault.row)]
            place = _inside(frame, index)
        if place is not None:
            yield fault, place


def _inside(frame: Frame, index: int) -> Place | None:
    shape = None if frame.shapes is None else frame.shapes[index]
    if shape is None or not shapely.is_valid(shape) or shapely.is_empty(shape):
        return None
    point = shape.representative_point()
    return (point.x, point.y)


def _write_xlsx(inspection: Inspection, path: Path) -> None:
    report = inspection.report
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        _write_faults(book.add_worksheet("错误 faults"), report, bold, wrapped)
        _write_villages(book.add_worksheet("村 villages"), report, bold)
        _write_below(book.add_worksheet("容差以下 below"), report, bold)


def _write_faults(faults: _Sheet, report: ImportReport, bold: _Format, wrapped: _Format) -> None:
    for column, (title, width) in enumerate(zip(_HEADER, _WIDTHS, strict=True)):
        faults.set_column(column, column, width)
        faults.write_string(0, column, title, bold)
    listed, more = report.listed()
    for row, fault in enumerate(listed, start=1):
        for column, cell in enumerate(_cells(fault)):
            if isinstance(cell, str):
                faults.write_string(row, column, disarmed(cell), wrapped)
            else:
                faults.write_number(row, column, cell, wrapped)
    faults.freeze_panes(1, 0)
    for row, rest in enumerate(more, start=len(listed) + 1):
        for column, text in ((1, rest.village), (6, rest.id), (7, rest.in_words()[0]), (9, rest.in_words()[1])):
            faults.write_string(row, column, text, wrapped)
    faults.autofilter(0, 0, max(1, len(listed) + len(more)), len(_HEADER) - 1)


def _write_villages(villages: _Sheet, report: ImportReport, bold: _Format) -> None:
    villages.set_column(0, 2, 18)
    titles = ("村码 code", "村名 name", "结果 outcome", "退回 refuse", "待核 hold", "提示 note", "已说明 excepted")
    for column, title in enumerate(titles):
        villages.write_string(0, column, title, bold)
    for row, one in enumerate(report.villages, start=1):
        for column, text in enumerate((one.code, disarmed(one.name), " ".join(one.outcome))):
            villages.write_string(row, column, text)
        for column, count in enumerate((one.refuse, one.hold, one.note, one.excepted), start=3):
            villages.write_number(row, column, count)


def _write_below(sheet: _Sheet, report: ImportReport, bold: _Format) -> None:
    """What is smaller than a rule's tolerance: no fault, counted village by village."""
    sheet.set_column(0, 4, 22)
    for column, title in enumerate(("村码 code", "规则 rule", "处 count", "面积 area m²", "容差 tolerance")):
        sheet.write_string(0, column, title, bold)
    lines = [(village.code, one) for village in report.villages for one in village.below]
    for row, (code, one) in enumerate(lines, start=1):
        sheet.write_string(row, 0, code)
        sheet.write_string(row, 1, one.rule)
        sheet.write_number(row, 2, one.count)
        sheet.write_number(row, 3, float(one.area_m2))
        sheet.write_string(row, 4, one.tolerance)


def _cells(fault: Fault) -> list[str | float]:
    row: str | float = "" if fault.row is None else fault.row
    places: list[str | float] = []
    for place in (fault.place, fault.nearest):
        places += ["", ""] if place is None else [round(place[0], 3), round(place[1], 3)]
    return [
        SEVERITIES[fault.severity], fault.village, fault.file, fault.layer, row, fault.field, fault.id, fault.zh,
        fault.hint_zh, fault.en, fault.hint_en, *places, fault.tolerance, fault.clause,
    ]  # fmt: skip


def _write_gpkg(inspection: Inspection, path: Path) -> None:
    path.unlink(missing_ok=True)
    write_geopackage(_points(inspection), path, epsg=REGISTER_CRS, layer="faults")
    write_geopackage(_parcels(inspection), path, epsg=REGISTER_CRS, layer="parcels")
    write_geopackage(_repairs(inspection), path, epsg=REGISTER_CRS, layer="repairs")


def _points(inspection: Inspection) -> gpd.GeoDataFrame:
    found = list(located(inspection))
    columns: dict[str, list[Any]] = {
        "severity": [fault.severity for fault, _ in found],
        "fault": [fault.id for fault, _ in found],
        "village": [fault.village for fault, _ in found],
        "layer": [fault.layer for fault, _ in found],
        "row": [fault.row for fault, _ in found],
        "field": [fault.field for fault, _ in found],
        "what_zh": [fault.zh for fault, _ in found],
        "what_en": [fault.en for fault, _ in found],
        "hint_zh": [fault.hint_zh for fault, _ in found],
        "hint_en": [fault.hint_en for fault, _ in found],
        "tolerance": [fault.tolerance for fault, _ in found],
        "clause": [fault.clause for fault, _ in found],
    }
    return gpd.GeoDataFrame(columns, geometry=_as_points(found))


def _as_points(found: list[tuple[Fault, Place]]) -> NDArray[Any]:
    places = np.array([place for _, place in found]).reshape(-1, 2)
    return np.asarray(shapely.points(places), dtype=object)


def _parcels(inspection: Inspection) -> gpd.GeoDataFrame:
    frames = compared(inspection.delivery) if inspection.overlaps is not None else []
    codes = [code for frame in frames for code in frame.values(KEY_OF[frame.part.name])]
    villages = [village for frame in frames for village in frame.village]
    shapes = [shape for frame in frames for shape in frame.drawn()]
    return gpd.GeoDataFrame({"code": codes, "village": villages}, geometry=shapes)


def _repairs(inspection: Inspection) -> gpd.GeoDataFrame:
    """What each overlap's repair would leave of the parcel that it changes. A parcel that would go is not among them."""
    rows = [one for one in inspection.overlaps or () if one.repaired is not None]
    parcels = _parcels(inspection)
    codes = parcels["code"].tolist() if len(parcels) else []
    areas = [(float(parcels.geometry.iloc[one.row].area), float(shapely.area(one.repaired))) for one in rows]
    return gpd.GeoDataFrame(
        {
            "code": [codes[one.row] for one in rows],
            "other": [codes[one.overlap.i if one.row == one.overlap.j else one.overlap.j] for one in rows],
            "cause": [one.cause for one in rows],
            "shared_mu": [str(mu_from_m2(f"{one.overlap.area_m2:.2f}")) for one in rows],
            "area_before_m2": [f"{before:.2f}" for before, _ in areas],
            "area_after_m2": [f"{after:.2f}" for _, after in areas],
            "still_shared_m2": [f"{one.left_m2:.2f}" for one in rows],
        },
        geometry=[one.repaired for one in rows],
    )


def _write_shp(inspection: Inspection, path: Path) -> None:
    found = list(located(inspection))
    columns = {
        "严重": [SEVERITIES[fault.severity].split()[0] for fault, _ in found],
        "村码": [fault.village for fault, _ in found],
        "图层": [fault.layer for fault, _ in found],
        "行": [0 if fault.row is None else fault.row for fault, _ in found],
        "字段": [fault.field for fault, _ in found],
        "错误": [fault.id for fault, _ in found],
        "什么": [_in_gbk(fault.zh) for fault, _ in found],
        "怎么办": [_in_gbk(fault.hint_zh) for fault, _ in found],
        "容差": [_in_gbk(fault.tolerance) for fault, _ in found],
        "依据": [_in_gbk(fault.clause) for fault, _ in found],
    }
    write_shapefile(gpd.GeoDataFrame(columns, geometry=_as_points(found)), path, epsg=REGISTER_CRS, encoding="GBK")


def _in_gbk(text: str) -> str:
    """What of a sentence GBK and a field of 254 bytes can hold: ² has no place in GBK."""
    written = text.replace("²", "2").encode("gbk", "replace")
    return written[:_LONGEST_IN_DBF].decode("gbk", "ignore")


def _write_csv(inspection: Inspection, path: Path) -> None:
    inspection.report.write_csv(path)


def _write_verdict(inspection: Inspection, path: Path) -> None:
    path.write_bytes(inspection.report.verdict())


WRITERS: dict[str, Callable[[Inspection, Path], None]] = {
    ".xlsx": _write_xlsx,
    ".gpkg": _write_gpkg,
    ".shp": _write_shp,
    ".csv": _write_csv,
    ".json": _write_verdict,
}
