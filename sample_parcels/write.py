"""How does a delivery in memory become the folder of docs/delivery.md, byte for byte the same each time?

GBK as delivered: DK and CJQY without .cpg (only the language byte says so), ZD with one. Tables are CSV, one
roster is xlsx. Nothing here depends on the clock.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import shutil
import zipfile
from pathlib import Path

import xlsxwriter

from sample_parcels import shapefile
from sample_parcels.mesh import Point
from sample_parcels.tables import Delivery, Row

ZONE_PREFIX = 36_000_000.0  # EPSG:4524 is delivered with the zone number before the easting
PROJECTION = (
    'PROJCS["CGCS2000_3_Degree_GK_Zone_36",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",'
    'DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],'
    'UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",36500000.0],'
    'PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",108.0],PARAMETER["Scale_Factor",1.0],'
    'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)
DAY = (2016, 12, 20)
XLSX_TABLES = ("惠农牧补贴",)
CODE_PAGES = {"ZD": "GBK"}
POINT_LAYERS = ("JZD",)

_AREA = ("N", 16, 2)
FIELDS: dict[str, tuple[shapefile.Field, ...]] = {
    "DK": (
        ("BSM", "N", 10, 0),
        ("YSDM", "C", 6, 0),
        ("DKBM", "C", 19, 0),
        ("DKMC", "C", 50, 0),
        ("SYQXZ", "C", 2, 0),
        ("DKLB", "C", 2, 0),
        ("TDLYLX", "C", 3, 0),
        ("DLDJ", "C", 2, 0),
        ("TDYT", "C", 1, 0),
        ("SFJBNT", "C", 1, 0),
        ("SCMJ", *_AREA),
        ("DKDZ", "C", 50, 0),
        ("DKXZ", "C", 50, 0),
        ("DKNZ", "C", 50, 0),
        ("DKBZ", "C", 50, 0),
        ("DKBZXX", "C", 254, 0),
        ("ZJRXM", "C", 100, 0),
        ("KJZB", "C", 254, 0),
        ("SCMJM", *_AREA),
    ),
    "CJQY": (("BSM", "N", 10, 0), ("YSDM", "C", 6, 0), ("CJQYDM", "C", 12, 0), ("CJQYMC", "C", 100, 0)),
    "ZD": (
        ("BSM", "N", 10, 0),
        ("YSDM", "C", 6, 0),
        ("BDCDYH", "C", 28, 0),
        ("ZDDM", "C", 19, 0),
        ("FBFBM", "C", 14, 0),
        ("QLRCBFBM", "C", 18, 0),
        ("ZL", "C", 100, 0),
        ("DKMC", "C", 50, 0),
        ("ZDMJ", *_AREA),
        ("PZMJ", *_AREA),
        ("CQMJ", *_AREA),
        ("DJRQ", "C", 8, 0),
        ("QZH", "C", 60, 0),
        ("ZDSZD", "C", 50, 0),
        ("ZDSZN", "C", 50, 0),
        ("ZDSZX", "C", 50, 0),
        ("ZDSZB", "C", 50, 0),
    ),
    # Layers that the sample has not, and the deliveries with planted faults have.
    "XJXZQ": (("BSM", "N", 10, 0), ("YSDM", "C", 6, 0), ("XZQDM", "C", 6, 0), ("XZQMC", "C", 100, 0)),
    "XJQY": (("BSM", "N", 10, 0), ("YSDM", "C", 6, 0), ("XJQYDM", "C", 9, 0), ("XJQYMC", "C", 100, 0)),
    "ZJQY": (("BSM", "N", 10, 0), ("YSDM", "C", 6, 0), ("ZJQYDM", "C", 14, 0), ("ZJQYMC", "C", 100, 0)),
    "JZD": (
        ("BSM", "N", 10, 0),
        ("YSDM", "C", 6, 0),
        ("JZDH", "C", 10, 0),
        ("JZDLX", "C", 1, 0),
        ("JBLX", "C", 1, 0),
        ("DKBM", "C", 254, 0),
        ("XZBZ", "N", 12, 3),
        ("YZBZ", "N", 12, 3),
    ),
}


def write_delivery(delivery: Delivery, folder: Path, *, county: str, year: str) -> None:
    """Write the delivery into `folder`, whose former contents go."""
    shutil.rmtree(folder, ignore_errors=True)
    maps, tables = folder / "矢量数据", folder / "权属数据"
    maps.mkdir(parents=True)
    tables.mkdir()
    for name, layer in delivery.layers.items():
        shapefile.write(
            maps / f"{name}{county}{year}",
            FIELDS[name],
            layer.rows,
            [[[_prefixed(point) for point in ring] for ring in rings] for rings in layer.shapes],
            projection=PROJECTION,
            day=DAY,
            code_page=CODE_PAGES.get(name),
            kind=shapefile.POINT if name in POINT_LAYERS else shapefile.POLYGON,
        )
    for name, rows in delivery.tables.items():
        if name in XLSX_TABLES:
            (tables / f"{name}.xlsx").write_bytes(xlsx_bytes(rows))
        else:
            (tables / f"{name}.csv").write_bytes(_csv(rows).encode("gbk"))


def _prefixed(point: Point) -> Point:
    return ZONE_PREFIX + point[0], point[1]


def _csv(rows: list[Row]) -> str:
    text = io.StringIO()
    lines = csv.DictWriter(text, list(rows[0]), lineterminator="\r\n")
    lines.writeheader()
    lines.writerows(rows)
    return text.getvalue()


def xlsx_bytes(rows: list[Row]) -> bytes:
    """A workbook of one sheet, every cell text; parts stored, not deflated: zlib differs between machines."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False})
    book.set_properties({"created": dt.datetime(*DAY, tzinfo=dt.UTC)})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, list(rows[0]))
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row.values()):
            if value:
                sheet.write_string(number, column, value)
    book.close()
    stored = io.BytesIO()
    with zipfile.ZipFile(made) as parts, zipfile.ZipFile(stored, "w", zipfile.ZIP_STORED) as out:
        for name in parts.namelist():
            out.writestr(zipfile.ZipInfo(name), parts.read(name))
    return stored.getvalue()
