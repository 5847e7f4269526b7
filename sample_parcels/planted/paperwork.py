"""Which faults are of what comes beside layers and tables: summary tables (汇总表) and metadata (元数据)?"""

from __future__ import annotations

import csv
import io
from collections import Counter

from sample_parcels.planted.case import Plant, plants, put_file
from sample_parcels.planted.ground import COUNTY, VILLAGES, YEAR

_PARCELS, _HOLDERS = "按地块汇总表", "按承包方汇总表"
_METADATA = f"元数据/SL{COUNTY}{YEAR}.xml"
_LEVELS = (6, 9, 12, 14)


def _table(lines: list[list[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(lines)
    return out.getvalue().encode("gbk")


def _xml(layers: dict[str, int], **elements: str) -> bytes:
    told = {"title": "乌审旗成果", "rpOrgName": "某测绘公司", "date": "20160601", "geoID": COUNTY} | elements
    texts = "".join(f"<{name}>{text}</{name}>" for name, text in told.items() if text)
    counts = "".join(f"<layer><layerName>{name}</layerName><capacity>{n}</capacity></layer>" for name, n in layers.items())
    return f"<Metadata><dataIdInfo>{texts}</dataIdInfo><contInfo>{counts}</contInfo></Metadata>".encode()


@plants("summary-unreadable")
def _no_workbook(plant: Plant) -> None:
    file = f"汇总表格/{_PARCELS}.xlsx"
    plant.whole("summary-unreadable", file, _PARCELS)
    plant.after.append(put_file(file, b"no workbook"))


@plants("summary-form")
def _other_columns(plant: Plant) -> None:
    file = f"汇总表格/{_PARCELS}.csv"
    plant.whole("summary-form", file, _PARCELS)
    plant.after.append(put_file(file, _table([["单位", "总数"], ["甲", "1"]])))


@plants("summary-differs")
def _one_household_more(plant: Plant) -> None:
    """Every line is there, and that of one village counts a household too many."""
    families = Counter(row["CBFBM"][:level] for row in plant.rows("CBF") if row["CBFLX"] == "1" for level in _LEVELS)
    codes = sorted({row["CBFBM"][:level] for part in ("CBF", "CBF_JTCY") for row in plant.rows(part) for level in _LEVELS})
    wrong = next(code for code in codes if code in VILLAGES)
    families[wrong] += 1
    lines = [["代码", "农户数"], *([code, str(families[code])] for code in codes)]
    plant.whole("summary-differs", "", _HOLDERS, village=wrong)
    plant.after.append(put_file(f"汇总表格/{_HOLDERS}.csv", _table(lines)))


@plants("metadata-unreadable")
def _document_type(plant: Plant) -> None:
    plant.whole("metadata-unreadable", _METADATA, "元数据")
    plant.after.append(put_file(_METADATA, b'<!DOCTYPE x [<!ENTITY a "b">]>' + _xml({})))


@plants("metadata-missing")
def _nobody_reports(plant: Plant) -> None:
    plant.whole("metadata-missing", _METADATA, "元数据", "rpOrgName")
    plant.after.append(put_file(_METADATA, _xml({}, rpOrgName="")))


@plants("metadata-differs")
def _another_county_and_count(plant: Plant) -> None:
    plant.whole("metadata-differs", _METADATA, "元数据", "geoID")
    plant.whole("metadata-differs", _METADATA, "元数据", "DK capacity")
    plant.after.append(put_file(_METADATA, _xml({"DK": len(plant.rows("DK")) + 1}, geoID="150627")))
