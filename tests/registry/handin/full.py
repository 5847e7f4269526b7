"""A delivery in which every field of NY/T 2539-2016 tables 2 and 3 is filled, obligatory, optional and conditional.

Two villages and a group, households in both books, a person, a unit, forest and grassland, homesteads with houses. Every
person is made up: numbers are of the region 150699, which is not allocated. `write` lays it out as a folder.
"""

from __future__ import annotations

import csv
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Literal

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import shapely

from gis.areas import mu_from_m2
from gis.formats import write_shapefile
from gis.formats.dbf import DbfField
from gis.formats.dbf_writing import dbf_bytes
from registry.delivery.parts import PART_OF_NAME
from registry.handin.layout import dbf_fields, encoding_of
from registry.parties import check_digit

if TYPE_CHECKING:
    from pathlib import Path

Row = dict[str, str]
Form = Literal["csv", "xlsx", "dbf", "gpkg"]
COUNTY, NAME, YEAR = "150626", "乌审旗", "2016"
ISSUERS = ("15062610021000", "15062610021001", "15062610120600")
_SIDE = 100.0
_M2 = "10000.00"
_EAST, _NORTH = 575_000.0, 4_262_000.0


@dataclass
class Full:
    """Rows of each part and the shapes of each layer, in EPSG:4545."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    shapes: dict[str, list[shapely.Geometry]] = field(default_factory=dict)
    _numbers: count[int] = field(default_factory=lambda: count(1))

    def add(self, part: str, row: Row, shape: shapely.Geometry | None = None) -> None:
        """One row; a layer's row gets its BSM."""
        columns = {column.name for column in PART_OF_NAME[part].columns}
        if "BSM" in columns:
            row = {"BSM": str(next(self._numbers)), **row}
        assert set(row) <= columns, (part, set(row) - columns)
        self.rows.setdefault(part, []).append(row)
        if shape is not None:
            self.shapes.setdefault(part, []).append(shape)


def id_number(serial: int, *, male: bool = True) -> str:
    """A well-formed number that nobody has."""
    body = f"150699{1950 + serial % 50}0{1 + serial % 9}{10 + serial % 18}{2 * (serial % 400) + (1 if male else 2):03d}"
    return body + check_digit(body)


def full_delivery() -> Full:
    """The delivery; the same each time."""
    made = Full()
    people = count(1)
    for place, issuer in enumerate(ISSUERS):
        _add_issuer(made, issuer, place, people)
    _add_county(made)
    for part, rows in made.rows.items():
        filled = {name for row in rows for name, text in row.items() if text}
        missing = {column.name for column in PART_OF_NAME[part].columns} - filled
        assert not missing, (part, missing)
    return made


def write(made: Full, out: Path, form: Form, *, split: bool = True) -> Path:
    """The folder of the standard below `out`; tables in one of the forms that are taken, DK in two files."""
    root = out / f"{COUNTY}{NAME}"
    layers, tables = root / "矢量数据", root / "权属数据"
    layers.mkdir(parents=True)
    tables.mkdir()
    for part, shapes in made.shapes.items():
        rows = made.rows[part]
        cut = len(rows) // 2 if split and part in {"DK", "JZD", "JZX"} else len(rows)
        for number, piece in enumerate((slice(0, cut), slice(cut, None)), start=1):
            if rows[piece]:
                suffix = f"-{number}" if cut < len(rows) else ""
                _write_layer(part, rows[piece], shapes[piece], layers / f"{part}{COUNTY}{YEAR}{suffix}.shp")
    for part, rows in made.rows.items():
        if part not in made.shapes:
            names = [column.name for column in PART_OF_NAME[part].columns]
            _write_table(part, names, [[row.get(name, "") for name in names] for row in rows], tables, form)
    return root


def write_csv(path: Path, names: list[str], lines: list[list[str]], encoding: str = "gbk") -> None:
    """A table as the tools of a county write it."""
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([names, *lines])


def _write_layer(part: str, rows: list[Row], shapes: list[shapely.Geometry], path: Path) -> None:
    encoding = encoding_of(rows)
    fields = dbf_fields(PART_OF_NAME[part], rows, encoding)
    columns = {
        one.name: [
            (float(text) if one.decimals else int(text)) if text and one.kind == "N" else text or None
            for text in (row.get(one.name, "") for row in rows)
        ]
        for one in fields
    }
    frame = pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()})
    geometry = np.array([None, *shapes], dtype=object)[1:]
    write_shapefile(gpd.GeoDataFrame(frame, geometry=geometry), path, epsg=4545, encoding=encoding, fields=fields)


def _write_table(part: str, names: list[str], lines: list[list[str]], tables: Path, form: Form) -> None:
    if form == "csv":
        write_csv(tables / f"{part}.csv", names, lines)
    elif form == "xlsx":
        book = openpyxl.Workbook()
        for line in [names, *lines]:
            book.active.append(line)
        book.save(tables / f"{part}.xlsx")
    elif form == "dbf":
        frame = pd.DataFrame({name: [line[at] or None for line in lines] for at, name in enumerate(names)}, dtype=object)
        fields = [DbfField(name, "C", 254) for name in names]
        (tables / f"{part}.dbf").write_bytes(dbf_bytes(frame, "gbk", fields))
    else:
        with closing(sqlite3.connect(tables / f"{COUNTY}{YEAR}.gpkg")) as database:
            columns = ", ".join(f'"{name}" TEXT' for name in names)
            database.execute(f'CREATE TABLE "{part}" ({columns})')
            marks = ", ".join("?" * len(names))
            cells = [[text or None for text in line] for line in lines]
            database.executemany(f'INSERT INTO "{part}" VALUES ({marks})', cells)
            database.commit()


def _square(place: int, row: int) -> tuple[float, float, shapely.Polygon]:
    east, north = _EAST + 3_000 * place + _SIDE * (row % 10) + 0.125, _NORTH + _SIDE * (row // 10)
    return east, north, shapely.box(east, north, east + _SIDE, north + _SIDE, ccw=False)


def _add_issuer(made: Full, issuer: str, place: int, people: count[int]) -> None:
    head = next(people)
    made.add("FBF", {
        "FBFBM": issuer, "FBFMC": f"第{place + 1}嘎查", "FBFFZRXM": f"负责人{place}", "FZRZJLX": "1",
        "FZRZJHM": id_number(head), "LXDH": f"1000000000{place}", "FBFDZ": f"乌审旗{place}号", "YZBM": "017300",
        "FBFDCY": "测绘员甲", "FBFDCRQ": "20160601", "FBFDCJS": "四至清楚",
    })  # fmt: skip
    rows = count()
    for household in range(1, 4):
        family = [(next(people), male) for male in (True, False, True)]
        arable, grass = f"{issuer}{household:04d}", f"{issuer}{4000 + household:04d}"
        _add_household(made, arable, grass, family, place)
        _add_household(made, grass, arable, family, place)
        _add_contract(made, issuer, arable, "110", [("012", "1", next(rows)), ("031", "2", next(rows))], place)
        _add_contract(made, issuer, grass, "110", [("041", "3", next(rows))], place)
        _add_homestead(made, issuer, arable, place, household)
    joint = f"{issuer}4003J"
    for household, share in ((1, "1"), (2, "1"), (3, "2")):
        made.add("LH", {"CBHTBM": joint, "CBFBM": f"{issuer}{4000 + household:04d}", "FE": share, "ZFE": "4"})
    for serial, kind in ((8001, "2"), (9001, "3")):
        code = f"{issuer}{serial}"
        _add_row_of_household(made, code, kind, f"承包人{place}{serial}", id_number(next(people)), "1", "")
        _add_contract(made, issuer, code, "121", [("032", "2", next(rows))], place)
    for kind in ("21", "22", "23", "99"):
        _add_parcel(made, issuer, place, next(rows), kind, "043", "5", f"村集体{place}")


def _add_household(made: Full, code: str, other: str, family: list[tuple[int, bool]], place: int) -> None:
    first = family[0][0]
    _add_row_of_household(made, code, "1", f"户主{first}", id_number(first), str(len(family)), other)
    for at, (person, male) in enumerate(family):
        made.add("CBF_JTCY", {
            "CBFBM": code, "CYXM": f"户主{person}" if at == 0 else "同名人", "CYXB": "1" if male else "2", "CYZJLX": "1",
            "CYZJHM": id_number(person, male=male), "YHZGX": ("02", "12", "20")[at], "CYBZ": ("9", "1", "3")[at],
            "SFGYR": ("1", "2", "1")[at], "CYBZSM": ("进城落户", "2012年外嫁", f"在校{place}")[at],
        })  # fmt: skip


def _add_row_of_household(made: Full, code: str, kind: str, name: str, number: str, size: str, other: str) -> None:
    made.add("CBF", {
        "CBFBM": code, "CBFLX": kind, "CBFMC": name, "CBFZJLX": "1", "CBFZJHM": number, "CBFDZ": "乌审旗某处",
        "YZBM": "017300", "LXDH": "10011112222", "CBFCYSL": size, "CBFDCRQ": "20160615", "CBFDCY": "测绘员甲",
        "CBFDCJS": "全家在场", "GSJS": "无异议", "GSJSR": "测绘员甲", "GSSHRQ": "20160820", "GSSHR": "审核员乙", "GLCBFBM": other,
    })  # fmt: skip


def _add_contract(
    made: Full, issuer: str, household: str, way: str, parcels: list[tuple[str, str, int]], place: int
) -> None:
    code = household + ("J" if way == "110" else "Q")
    for land, purpose, row in parcels:
        parcel = _add_parcel(made, issuer, place, row, "10", land, purpose, f"指界人{row}")
        made.add("CBDKXX", {
            "DKBM": parcel, "FBFBM": issuer, "CBFBM": household, "CBJYQQDFS": way, "HTMJ": "9990.01", "CBHTBM": code,
            "LZHTBM": f"{issuer}{row:04d}", "CBJYQZBM": code, "YHTMJ": "9980.02", "HTMJM": str(mu_from_m2("9990.01")),
            "YHTMJM": str(mu_from_m2("9980.02")), "SFQQQG": "2",
        })  # fmt: skip
    total = f"{9990.01 * len(parcels):.2f}"
    made.add("CBHT", {
        "CBHTBM": code, "YCBHTBM": code[:-1] + "J", "FBFBM": issuer, "CBFBM": household, "CBFS": way, "CBQXQ": "19980101",
        "CBQXZ": "20271231" if len(parcels) > 1 else "20471231", "HTZMJ": total, "CBDKZS": str(len(parcels)),
        "QDSJ": "20161130", "HTZMJM": str(mu_from_m2(total)), "YHTZMJ": "9000.00", "YHTZMJM": "13.50",
    })  # fmt: skip
    made.add("LZHT", {
        "CBHTBM": code, "LZHTBM": f"{issuer}{len(made.rows['CBHT']):04d}", "CBFBM": household, "SRFBM": household[:-1] + "9",
        "LZFS": "200", "LZQX": "10年", "LZQXKSRQ": "20170101", "LZQXJSRQ": "20261231", "LZMJ": "500.00", "LZDKS": "1",
        "LZQTDYT": "1", "LZHTDYT": "3", "LZJGSM": "每亩百元", "HTQDRQ": "20161201", "LZMJM": "0.75",
    })  # fmt: skip
    _add_certificate(made, issuer, household, code, way)


def _add_certificate(made: Full, issuer: str, household: str, code: str, way: str) -> None:
    number = len(made.rows.get("CBJYQZ", ())) + 1
    made.add("QSLYZLFJ", {
        "CBJYQZBM": code, "ZLFJBH": f"FJ{number:06d}", "ZLFJMC": "承包合同扫描件", "ZLFJRQ": "20161130",
        "FJ": f"其他资料\\权属来源附件\\FJ{number:06d}.pdf",
    })  # fmt: skip
    made.add("CBJYQZDJB", {
        "CBJYQZBM": code, "FBFBM": issuer, "CBFBM": household, "CBFS": way, "CBQX": "30年", "CBQXQ": "19980101",
        "CBQXZ": "99990101" if number % 2 else "20271231", "DKSYT": f"图件\\{issuer}\\DKSYT{code}.pdf",
        "CBJYQZLSH": f"内（2016）乌审旗农村土地承包经营权证第{number:06d}号", "DJBFJ": "附记一句", "YCBJYQZBH": f"原{number:04d}",
        "DBR": "登簿人丙", "DJSJ": "20161201",
    })  # fmt: skip
    made.add("CBJYQZ", {
        "CBJYQZBM": code, "FZJG": "乌审旗人民政府", "FZRQ": "20161205", "QZSFLQ": "1", "QZLQRQ": "20161210",
        "QZLQRXM": "领取人丁", "QZLQRZJLX": "1", "QZLQRZJHM": id_number(number),
    })  # fmt: skip
    taken = {"LQRQ": "20180102", "LQRXM": "领取人戊", "ZJHM": id_number(number)}
    made.add("CBJYQZ_QZBF", {
        "CBJYQZBM": code, "QZBFYY": "遗失", "BFRQ": "20180101", "QZBFLQRQ": taken["LQRQ"], "QZBFLQRXM": taken["LQRXM"],
        "BFLQRZJLX": "1", "BFLQRZJHM": taken["ZJHM"],
    })  # fmt: skip
    made.add("CBJYQZ_QZHF", {
        "CBJYQZBM": code, "QZHFYY": "污损", "HFRQ": "20190101", "QZHFLQRQ": "20190102", "QZHFLQRXM": taken["LQRXM"],
        "HFLQRZJLX": "1", "HFLQRZJHM": taken["ZJHM"],
    })  # fmt: skip
    if number % 5 == 0:
        made.add("CBJYQZ_QZZX", {"CBJYQZBM": code, "ZXYY": "合户", "ZXRQ": "20200101"})


def _add_parcel(made: Full, issuer: str, place: int, row: int, kind: str, land: str, purpose: str, who: str) -> str:
    east, north, square = _square(place, row)
    code = f"{issuer}{row + 1:05d}"
    made.add("DK", {
        "YSDM": "211011", "DKBM": code, "DKMC": f"地块·{row}", "SYQXZ": "30", "DKLB": kind, "TDLYLX": land, "DLDJ": "05",
        "TDYT": purpose, "SFJBNT": "1" if purpose == "1" else "2", "SCMJ": _M2, "DKDZ": "东邻", "DKXZ": "西渠", "DKNZ": "南路",
        "DKBZ": "北沙", "DKBZXX": "备注", "ZJRXM": who,
        "KJZB": f"J{row}1/J{row}2/J{row}3/J{row}4", "SCMJM": str(mu_from_m2(_M2)),
    }, square)  # fmt: skip
    corners = shapely.get_coordinates(square)[:4].tolist()
    before = shapely.get_coordinates(_square(place, row - 1)[2]).tolist() if row else []
    for at, (x, y) in enumerate(corners):
        made.add("JZD", {
            "YSDM": "211021", "JZDH": f"J{row}{at + 1}", "JZDLX": "1", "JBLX": "2",
            "DKBM": f"{code}/{issuer}{row:05d}" if [x, y] in before else code, "XZBZ": f"{y:.3f}", "YZBZ": f"{x:.3f}",
        }, shapely.Point(x, y))  # fmt: skip
    made.add("JZX", {
        "YSDM": "211031", "JXXZ": "600001", "JZXLB": "08", "JZXWZ": "2", "JZXSM": "沿田埂向北", "PLDWQLR": "毗邻人",
        "PLDWZJR": "毗邻指界人", "JZXH": f"X{row}", "QJZDH": f"J{row}1", "ZJZDH": f"J{row}2", "DKBM": code,
    }, shapely.LineString(corners[:2]))  # fmt: skip
    made.add("ZJ", {
        "YSDM": "211012", "ZJNR": f"地块·{row}", "ZT": "宋体", "YS": "#000000", "BS": "2", "XZ": "0",
        "XHX": "0", "KD": "12.5", "GD": "10.5", "JG": "1.25", "ZJDZXJXZB": f"{north:.3f}",
        "ZJDZXJYZB": f"{east:.3f}", "ZJFX": "1.570796",
    }, shapely.Point(east, north))  # fmt: skip
    return code


def _add_homestead(made: Full, issuer: str, household: str, place: int, number: int) -> None:
    code = f"{issuer[:12]}JC{int(issuer[12:]) * 100 + number:05d}F00010001"
    east, north, _ = _square(place, 60 + number)
    made.add("ZD", {
        "YSDM": "060100", "BDCDYH": code, "ZDDM": code[:19], "FBFBM": issuer, "QLRCBFBM": household,
        "ZL": f"乌审旗{number}号院",
        "DKMC": "老院子", "ZDMJ": "600.00", "PZMJ": "500.00", "CQMJ": "100.00", "DJRQ": "20161130",
        "QZH": f"蒙（2016）乌审旗不动产权第{place}{number:05d}号",
        "ZDSZD": "东邻", "ZDSZN": "南路", "ZDSZX": "西渠", "ZDSZB": "北沙",
        "FJ": "权利人系进城落户的本集体成员",
    }, shapely.box(east, north, east + 30, north + 20, ccw=False))  # fmt: skip
    for building in range(1, 3):
        made.add("FW", {
            "BDCDYH": code, "ZH": f"{building:04d}", "ZCS": str(building), "JZMJ": f"{80 + building}.50", "JGNF": "1998",
            "FWJG": "砖木", "DCRQ": "20160610",
        })  # fmt: skip


def _add_county(made: Full) -> None:
    """What belongs to the county, its towns and villages as a whole."""
    limits = shapely.box(_EAST - 500, _NORTH - 500, _EAST + 9_500, _NORTH + 2_500, ccw=False)
    made.add("XJXZQ", {"YSDM": "162010", "XZQDM": COUNTY, "XZQMC": NAME}, limits)
    for town in ("150626100", "150626101"):
        made.add("XJQY", {"YSDM": "162020", "XJQYDM": town, "XJQYMC": f"镇{town}"}, limits)
    for place, village in ((0, ISSUERS[0][:12]), (2, ISSUERS[2][:12])):
        east = _EAST + 3_000 * place - 400
        shape = shapely.box(east, _NORTH - 400, east + (5_000 if place == 0 else 3_000), _NORTH + 2_000, ccw=False)
        made.add("CJQY", {"YSDM": "162030", "CJQYDM": village, "CJQYMC": f"嘎查{place}"}, shape)
    for issuer in ISSUERS:
        made.add("ZJQY", {"YSDM": "162040", "ZJQYDM": issuer, "ZJQYMC": f"组{issuer}"}, limits)
    made.add("QYJX", {"YSDM": "161051", "JXLX": "670500", "JXXZ": "600001"}, shapely.LineString(limits.exterior))
    here = shapely.Point(_EAST, _NORTH)
    made.add("KZD", {
        "YSDM": "111000", "KZDMC": "嘎鲁图一", "KZDDH": "GPS01", "KZDLX": "110302", "KZDDJ": "E级", "BSLX": "2", "BZLX": "1",
        "KZDZT": "完好", "DZJ": "其他资料\\点之记\\GPS01.jpg", "X2000": f"{_NORTH:.3f}", "Y2000": f"{_EAST:.3f}",
        "X80": "4261998.123", "Y80": "574998.456",
    }, here)  # fmt: skip
    made.add("DZDW", {"YSDM": "196011", "DWMC": "井", "BZ": "机井"}, here)
    ditch = shapely.LineString([(_EAST, _NORTH), (_EAST + 100, _NORTH + 66.66)])
    made.add("XZDW", {"YSDM": "196021", "DWMC": "渠", "CD": "120.55", "KD": "2.50", "BZ": "水泥"}, ditch)
    pond = shapely.box(_EAST, _NORTH, _EAST + 20, _NORTH + 20, ccw=False)
    made.add("MZDW", {"YSDM": "196031", "DWMC": "水面", "MJ": "400.00", "BZ": "水库", "MJM": "0.60"}, pond)
    protected = {"YSDM": "251100", "BHQBH": "1506261000001", "JBNTMJ": "250000.00", "JBNTMJM": "375.00"}
    made.add("JBNTBHQ", protected, limits)
