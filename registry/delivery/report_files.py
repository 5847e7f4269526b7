"""How does a report leave for the people who mend a delivery: workbook, GeoPackage, Shapefile, lines of text?

Each form has the same lines and the same numbers. The workbook has one line a fault, with both places, tolerance and clause,
and a sheet of what lies below a tolerance. GeoPackage and Shapefile open in what surveyors draw with: each fault is a point
where it can be seen, and the GeoPackage also has the parcels and, for each overlap, the shape that would mend it, to look at
and to copy. No name and no ID number stands in any of them. Places are (easting, northing) in the register's CRS, metres.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import xlsxwriter

from gis.areas import mu_from_m2
from gis.formats import write_geopackage, write_geopackage_table, write_shapefile
from registry.delivery.geometry import compared
from registry.delivery.parts import KEY_OF
from registry.delivery.report import HEADER, disarmed
from registry.errors import SanquanError
from registry.store.settings import REGISTER_CRS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from registry.delivery.faults import Fault, Place
    from registry.delivery.frames import Frame
    from registry.delivery.inspection import Inspection
    from registry.delivery.report import ImportReport, Line

    _Sheet: TypeAlias = xlsxwriter.worksheet.Worksheet
    _Format: TypeAlias = xlsxwriter.format.Format

_WIDTHS = (12, 14, 26, 10, 7, 10, 20, 50, 36, 50, 36, 14, 14, 14, 14, 20, 24, 8, 12, 24)
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
    for column, (title, width) in enumerate(zip(HEADER, _WIDTHS, strict=True)):
        faults.set_column(column, column, width)
        faults.write_string(0, column, title, bold)
    row = 0
    for row, line in enumerate(report.lines(), start=1):
        for column, cell in enumerate(line.cells()):
            if isinstance(cell, str):
                faults.write_string(row, column, disarmed(cell), wrapped)
            else:
                faults.write_number(row, column, cell, wrapped)
    faults.freeze_panes(1, 0)
    faults.autofilter(0, 0, max(1, row), len(HEADER) - 1)


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


def _write_gpkg(inspection: Inspection, path: Path) -> None:
    report = inspection.report
    path.unlink(missing_ok=True)
    write_geopackage(_faults(inspection), path, epsg=REGISTER_CRS, layer="faults")
    write_geopackage(_parcels(inspection), path, epsg=REGISTER_CRS, layer="parcels")
    write_geopackage(_repairs(inspection), path, epsg=REGISTER_CRS, layer="repairs")
    villages = [
        (one.code, one.name, " ".join(one.outcome), one.refuse, one.hold, one.note, one.excepted) for one in report.villages
    ]
    titles = ("code", "name", "outcome", "refuse", "hold", "note", "excepted")
    write_geopackage_table(pd.DataFrame(villages, columns=titles), path, table="villages")
    below = [
        (village.code, one.rule, one.count, float(one.area_m2), one.tolerance)
        for village in report.villages
        for one in village.below
    ]
    titles_below = ("village", "rule", "count", "area_m2", "tolerance")
    write_geopackage_table(pd.DataFrame(below, columns=titles_below), path, table="below")


def _faults(inspection: Inspection) -> gpd.GeoDataFrame:
    """Each line of the report; a fault that stands nowhere on a map, and those only counted, have no geometry."""
    lines = list(inspection.report.lines())
    faults = [line.fault for line in lines]
    columns: dict[str, list[Any]] = {
        "severity": ["" if fault is None else fault.severity for fault in faults],
        "fault": [line.rule for line in lines],
        "village": [line.village for line in lines],
        "layer": ["" if fault is None else fault.layer for fault in faults],
        "row": [None if fault is None else fault.row for fault in faults],
        "field": ["" if fault is None else fault.field for fault in faults],
        "code": ["" if fault is None else fault.code for fault in faults],
        "what_zh": [line.zh for line in lines],
        "what_en": [line.en for line in lines],
        "hint_zh": ["" if fault is None else fault.hint_zh for fault in faults],
        "hint_en": ["" if fault is None else fault.hint_en for fault in faults],
        "tolerance": [line.tolerance for line in lines],
        "clause": ["" if fault is None else fault.clause for fault in faults],
        "count": [line.count for line in lines],
        "nearest_e": _nearest(faults, 0),
        "nearest_n": _nearest(faults, 1),
    }
    return gpd.GeoDataFrame(columns, geometry=_points(inspection, lines))


def _nearest(faults: Sequence[Fault | None], axis: int) -> list[float | None]:
    """Easting or northing (0, 1) of the second place of each fault, in metres to the millimetre."""
    return [None if one is None or one.nearest is None else round(one.nearest[axis], 3) for one in faults]


def _points(inspection: Inspection, lines: Sequence[Line]) -> NDArray[Any]:
    """Where each line can be seen, None where nowhere."""
    place_of = {id(fault): place for fault, place in located(inspection)}
    points = np.full(len(lines), None, dtype=object)
    for at, line in enumerate(lines):
        if id(line.fault) in place_of:
            points[at] = shapely.Point(place_of[id(line.fault)])
    return points


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
    """All in one table, for a Shapefile has no second: what has no place, too, and what lies below a tolerance."""
    lines = [*inspection.report.lines(), *inspection.report.lines_below()]
    faults = [line.fault for line in lines]
    columns = {
        "严重": [line.severity.split(" ")[0] for line in lines],
        "村码": [line.village for line in lines],
        "图层": ["" if fault is None else fault.layer for fault in faults],
        "行": [0 if fault is None or fault.row is None else fault.row for fault in faults],
        "字段": ["" if fault is None else fault.field for fault in faults],
        "代码": ["" if fault is None else fault.code for fault in faults],
        "错误": [line.rule for line in lines],
        "什么": [_in_gbk(line.zh) for line in lines],
        "怎么办": ["" if fault is None else _in_gbk(fault.hint_zh) for fault in faults],
        "容差": [_in_gbk(line.tolerance) for line in lines],
        "依据": ["" if fault is None else _in_gbk(fault.clause) for fault in faults],
        "处数": [line.count for line in lines],
        "面积": [line.area_m2 for line in lines],
        "另一点东": ["" if east is None else f"{east:.3f}" for east in _nearest(faults, 0)],
        "另一点北": ["" if north is None else f"{north:.3f}" for north in _nearest(faults, 1)],
    }
    frame = gpd.GeoDataFrame(columns, geometry=_points(inspection, lines))
    write_shapefile(frame, path, epsg=REGISTER_CRS, encoding="GBK")


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
