"""What can a delivery hold that was made to harm, or was damaged on its way? Written by script, nothing is downloaded.

The list is that of hazards.md section 4, as far as a delivery can hold it, and what was found beside it. An *item* spoils a
copy of the sound sample; `place` is the file (or the part) that the report must name.
"""

from __future__ import annotations

import gzip
import os
import re
import sqlite3
import stat
import struct
import zipfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import openpyxl

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

LAYERS, TABLES = "矢量数据", "权属数据"
SECRET = "绝密SECRET"
"""Stands in a file beside the delivery that no document may make a reader open."""

_DK = "DK1506262016"
_JET = Path(__file__).parents[1] / "gis" / "formats" / "jet" / "1506262016.mdb.gz"


@dataclass(frozen=True, slots=True)
class Item:
    """`make` spoils the delivery at a path and may answer with a zip to deliver instead; `place` must be named.

    `is_noted`: the file is left unopened or the fault is a note, and the villages go in.
    """

    make: Callable[[Path], Path | None]
    place: str
    is_noted: bool = False


CORPUS: dict[str, Item] = {}


def _item(name: str, place: str, *, is_noted: bool = False) -> Callable[[Callable[[Path], Path | None]], None]:
    def keep(make: Callable[[Path], Path | None]) -> None:
        CORPUS[name] = Item(make, place, is_noted)

    return keep


def _put(name: str, place: str, make: Callable[[Path], Path | None], *, is_noted: bool = False) -> None:
    CORPUS[name] = Item(make, place, is_noted)


# --- archives


def _zipped(root: Path, more: Callable[[zipfile.ZipFile], object], *, whole: bool = True) -> Path:
    path = root.parent / "成果.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for each in sorted(root.rglob("*")) if whole else ():
            if each.is_file():
                out.write(each, each.relative_to(root.parent).as_posix())
        more(out)
    return path


def _nested(out: zipfile.ZipFile) -> None:
    raw = b"x"
    for depth in range(5):
        inside = Path(out.filename or "").with_name("inside.zip")
        with zipfile.ZipFile(inside, "w") as packed:
            packed.writestr(f"{depth}.zip", raw)
        raw = inside.read_bytes()
        inside.unlink()
    out.writestr("150626乌审旗/权属数据/inside.zip", raw)


def _many(out: zipfile.ZipFile) -> None:
    for n in range(100_000):
        out.writestr(zipfile.ZipInfo(f"150626乌审旗/其他资料/{n}"), b"")


def _attributed(mode: int) -> Callable[[zipfile.ZipFile], None]:
    def write(out: zipfile.ZipFile) -> None:
        info = zipfile.ZipInfo("150626乌审旗/权属数据/FW.csv")
        info.external_attr = mode << 16
        out.writestr(info, "/etc/passwd")

    return write


def _edited(change: Callable[[bytearray], object]) -> Callable[[Path], Path]:
    def make(root: Path) -> Path:
        path = _zipped(root, lambda out: out.writestr("150626乌审旗/权属数据/FW.csv", "content of it" * 9, zipfile.ZIP_STORED))
        raw = bytearray(path.read_bytes())
        change(raw)
        path.write_bytes(bytes(raw))
        return path

    return make


def _last_header(raw: bytearray) -> int:
    return raw.rfind(b"PK\1\2")


_ZIP = "成果.zip"
for _name, _write in {
    "zip: bomb 1000:1": lambda out: out.writestr("150626乌审旗/权属数据/FW.csv", bytes(64 << 20)),
    "zip: 100,000 entries": _many,
    "zip: ../": lambda out: out.writestr("150626乌审旗/../../out", "x"),
    "zip: absolute name": lambda out: out.writestr("/etc/out", "x"),
    "zip: C:\\ name": lambda out: out.writestr("C:\\out", "x"),
    "zip: backslashes that lead out": lambda out: out.writestr("150626乌审旗\\..\\..\\out", "x"),
    "zip: symbolic link": _attributed(stat.S_IFLNK | 0o777),
    "zip: two files of one name": lambda out: out.writestr("150626乌审旗/权属数据/fbf.CSV", "x"),
    "zip: bzip2": lambda out: out.writestr("150626乌审旗/权属数据/FW.csv", "x" * 99, zipfile.ZIP_BZIP2),
    "zip: name of 300 bytes": lambda out: out.writestr(f"150626乌审旗/{'长' * 100}.csv", "x"),
    "zip: path of 5,000 bytes": lambda out: out.writestr("150626乌审旗/" + "a" * 90 + "/a" * 2500, "x"),
    "zip: a file that is a folder": lambda out: [out.writestr(f"150626乌审旗/a{end}", "x") for end in ("", "/b")],
    "zip: a folder that is a file": lambda out: [out.writestr(f"150626乌审旗/a{end}", "x") for end in ("/b", "")],
}.items():  # fmt: skip
    _put(_name, _ZIP, lambda root, write=_write: _zipped(root, write))  # type: ignore[misc]
for _name, _change in {
    "zip: NUL in a name": lambda raw: raw.__setitem__(slice(_last_header(raw) + 46, _last_header(raw) + 47), b"\0"),
    "zip: name of no encoding": lambda raw: (
        raw.__setitem__(_last_header(raw) + 9, 0),
        raw.__setitem__(slice(_last_header(raw) + 46, _last_header(raw) + 48), b"\xff\xff"),
    ),
    "zip: encrypted": lambda raw: raw.__setitem__(_last_header(raw) + 8, raw[_last_header(raw) + 8] | 1),
    "zip: entries that overlap": lambda raw: struct.pack_into("<I", raw, _last_header(raw) + 42, 0),
    "zip: wrong CRC": lambda raw: struct.pack_into("<I", raw, _last_header(raw) + 16, 7),
    "zip: larger than announced": lambda raw: struct.pack_into("<II", raw, _last_header(raw) + 20, 3, 3),
    "zip: an offset past the end": lambda raw: struct.pack_into("<I", raw, _last_header(raw) + 42, 0x7FFFFFFF),
    "zip: cut in half": lambda raw: raw.__delitem__(slice(len(raw) // 2, None)),
    "zip: no zip at all": lambda raw: raw.__setitem__(slice(None), b"PK\3\4 nothing"),
    "zip: empty": lambda raw: raw.clear(),
}.items():
    _put(_name, _ZIP, _edited(_change))
_put("zip: nested five deep", "inside.zip", lambda root: _zipped(root, _nested), is_noted=True)
_put("zip: a pipe among its entries", "FW.csv", lambda root: _zipped(root, _attributed(stat.S_IFIFO | 0o600)))


# --- folders


def _replaced(where: str, name: str, put: Callable[[Path], object]) -> Callable[[Path], None]:
    """Put something else in the place of a file (or beside it, where the name is new)."""

    def make(root: Path) -> None:
        path = root / where / name
        path.unlink(missing_ok=True)
        put(path)

    return make


def _secret(path: Path) -> Path:
    """A file of the machine that stands outside the delivery."""
    secret = path.parents[2] / "secret.csv"
    secret.write_text(f"FBFBM,FBFMC,id,geometry\n15062610021000,{SECRET},1,POINT (1 2)\n", "utf-8")
    return secret


_put("folder: a table is a link to another file", "FBF.csv", _replaced(TABLES, "FBF.csv", lambda p: p.symlink_to(_secret(p))))
_put("folder: a layer is a link to a device", f"{_DK}.dbf", _replaced(LAYERS, f"{_DK}.dbf", lambda p: p.symlink_to("/dev/zero")))
_put("folder: a table is a pipe", "FBF.csv", _replaced(TABLES, "FBF.csv", os.mkfifo))
_put("folder: a .cpg is a pipe", f"{_DK}.cpg", _replaced(LAYERS, f"{_DK}.cpg", os.mkfifo))
_put("folder: a table is a folder", "FBF.csv", _replaced(TABLES, "FBF.csv", lambda p: p.mkdir()))
_put("folder: a .shp is a folder", f"{_DK}.shp", _replaced(LAYERS, f"{_DK}.shp", lambda p: p.mkdir()))


@_item("folder: a name of no encoding", "权属数据", is_noted=True)
def _no_name(root: Path) -> None:
    (Path(os.fsdecode(os.fsencode(root / TABLES) + b"/\xff\xfe.csv"))).write_bytes(b"x")


@_item("folder: a name that draws on the terminal", "权属数据", is_noted=True)
def _escapes(root: Path) -> None:
    (root / TABLES / "\x1b[2J\u202ecsv.x\n[red]y").write_bytes(b"x")


# --- documents that are none of a delivery

_UTM = (
    b'PROJCS["WGS_1984_UTM_Zone_49N",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],'
    b'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",'
    b'500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",111.0],PARAMETER["Scale_Factor",0.9996],'
    b'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)
_OTHER = "../../../secret.csv"
_VRT = (
    f'<OGRVRTDataSource><OGRVRTLayer name="secret"><SrcDataSource relativeToVRT="1">{_OTHER}</SrcDataSource>'
    "</OGRVRTLayer></OGRVRTDataSource>"
).encode()
_GDALG = f'{{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline ! read {_OTHER}"}}'.encode()
_LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "haha">'
    + b"".join(b'<!ENTITY %c "%s">' % (ord("b") + n, b"&%c;" % (ord("a") + n) * 10) for n in range(9))
    + b"]><kml><Document><name>&j;</name></Document></kml>"
)
_XXE = b'<!DOCTYPE x [<!ENTITY s SYSTEM "file:///etc/passwd">]><gml:FeatureCollection><name>&s;</name></gml:FeatureCollection>'
_NETWORK = b"<kml><Document><NetworkLink><Link><href>http://127.0.0.1:9/x.kml</href></Link></NetworkLink></Document></kml>"
_FLOOD = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\x7f\xff\xff\xff\x7f\xff\xff\xff\x08\6\0\0\0" + b"\0" * 64


# --- Shapefiles


def _edit(name: str, change: Callable[[bytearray], object]) -> Callable[[Path], None]:
    def make(root: Path) -> None:
        path = root / LAYERS / name
        raw = bytearray(path.read_bytes())
        change(raw)
        path.write_bytes(bytes(raw))

    return make


def _halved(raw: bytearray) -> None:
    del raw[len(raw) // 2 :]


def _rewritten(change: Callable[[list[bytes]], object]) -> Callable[[Path], None]:
    """The records of the parcels' layer changed, index and lengths true to them."""

    def make(root: Path) -> None:
        shp, shx = root / LAYERS / f"{_DK}.shp", root / LAYERS / f"{_DK}.shx"
        raw, at, records = shp.read_bytes(), 100, []
        while at < len(raw):
            size = 2 * struct.unpack_from(">i", raw, at + 4)[0]
            records.append(raw[at + 8 : at + 8 + size])
            at += 8 + size
        change(records)
        body, index = bytearray(), bytearray()
        for n, record in enumerate(records, start=1):
            index += struct.pack(">ii", (100 + len(body)) // 2, len(record) // 2)
            body += struct.pack(">ii", n, len(record) // 2) + record
        shp.write_bytes(raw[:24] + struct.pack(">i", (100 + len(body)) // 2) + raw[28:100] + body)
        shx.write_bytes(raw[:24] + struct.pack(">i", (100 + len(index)) // 2) + raw[28:100] + index)

    return make


def _polygon(*rings: NDArray[np.float64], starts: list[int] | None = None) -> bytes:
    points = np.concatenate(rings)
    first = starts or np.cumsum([0, *(len(ring) for ring in rings[:-1])]).tolist()
    finite = np.nan_to_num(points, posinf=0, neginf=0)
    box = struct.pack("<4d", *finite.min(axis=0), *finite.max(axis=0))
    head = struct.pack("<i", 5) + box + struct.pack(f"<ii{len(first)}i", len(first), len(points), *first)
    return head + points.astype("<f8").tobytes()


def _at(record: bytes) -> NDArray[np.float64]:
    """The lower left corner of a record's box."""
    return np.array(struct.unpack_from("<2d", record, 4))


def _ring(*steps: tuple[float, float]) -> Callable[[list[bytes]], None]:
    """The first parcel drawn anew, in metres from its corner."""

    def change(records: list[bytes]) -> None:
        records[0] = _polygon(_at(records[0]) + np.array(steps, dtype=np.float64))

    return change


def _hole_outside(records: list[bytes]) -> None:
    square = np.array([(0, 0), (0, 50), (50, 50), (50, 0), (0, 0)], dtype=np.float64)
    records[0] = _polygon(_at(records[0]) + square, _at(records[0]) + 200 + square[::-1])


def _million(records: list[bytes]) -> None:
    turn = np.linspace(0, -2 * np.pi, 1_000_001)
    ring = _at(records[0]) + 400 * np.column_stack([np.cos(turn), np.sin(turn)])
    ring[-1] = ring[0]
    records[0] = _polygon(ring)


def _combs(records: list[bytes]) -> None:
    """Two sound shapes that cross each other nine million times."""
    teeth = 3000
    at = np.arange(teeth, dtype=np.float64)
    pairs = np.stack([np.column_stack([at, at + 0.5, at + 0.5, at + 1]).ravel(), np.tile([1.0, 1.0, teeth, teeth], teeth)])
    comb = np.column_stack([np.r_[0, pairs[0], teeth, 0], np.r_[0, pairs[1], 0, 0]]) / 3
    corner = _at(records[0])
    records[0], records[1] = _polygon(corner + comb), _polygon(corner + comb[::-1, ::-1])


def _points_of(change: Callable[[NDArray[np.float64]], object]) -> Callable[[list[bytes]], None]:
    """Every vertex of every parcel, changed in place."""

    def apply(records: list[bytes]) -> None:
        for n, record in enumerate(records):
            parts, count = struct.unpack_from("<ii", record, 36)
            head = 44 + 4 * parts
            points = np.frombuffer(record[head:], dtype="<f8").reshape(count, 2).copy()
            change(points)
            box = struct.pack("<4d", *points.min(axis=0), *points.max(axis=0))
            records[n] = record[:4] + box + record[36:head] + points.tobytes()

    return apply


def _first(at: int, form: str, *values: float) -> Callable[[list[bytes]], None]:
    """Bytes of the first record overwritten."""

    def change(records: list[bytes]) -> None:
        raw = bytearray(records[0])
        struct.pack_into(form, raw, at, *values)
        records[0] = bytes(raw)

    return change


def _swap(points: NDArray[np.float64]) -> None:
    points[:] = points[:, ::-1].copy()


def _zone_37(points: NDArray[np.float64]) -> None:
    points[:, 0] += 1_000_000


def _twice(records: list[bytes]) -> None:
    parts, count = struct.unpack_from("<ii", records[0], 36)
    head = 44 + 4 * parts
    raw = records[0]
    records[0] = raw[:36] + struct.pack("<ii", parts, count + 1) + raw[44:head] + raw[head : head + 16] + raw[head:]


def _of_another_year(root: Path) -> None:
    for each in (root / LAYERS).glob("ZD1506262016*"):
        each.with_name(each.name.replace("2016.", "2017.")).write_bytes(each.read_bytes())


_SHP, _SHX, _DBF, _PRJ = (f"{_DK}{suffix}" for suffix in (".shp", ".shx", ".dbf", ".prj"))
for _name, (_file, _edit_of) in {
    "shp: cut in half": (_SHP, _halved),
    "shp: its header alone": (_SHP, lambda raw: raw.__delitem__(slice(100, None))),
    "shp: empty": (_SHP, lambda raw: raw.clear()),
    "shp: a shape type of its own": (_SHP, lambda raw: struct.pack_into("<i", raw, 32, 31)),
    "shp: a length that is larger": (_SHP, lambda raw: struct.pack_into(">I", raw, 24, 0x7FFFFFFF)),
    "shx: cut in half": (_SHX, _halved),
    "shx: an entry past the end": (_SHX, lambda raw: struct.pack_into(">i", raw, 100, 0x7FFFFFFF)),
    "shx: a negative length": (_SHX, lambda raw: struct.pack_into(">i", raw, 104, -4)),
    "dbf: cut in half": (_DBF, _halved),
    "dbf: another number of records": (_DBF, lambda raw: struct.pack_into("<I", raw, 4, 7)),
    "dbf: two thousand million records": (_DBF, lambda raw: struct.pack_into("<I", raw, 4, 0x7FFFFFFF)),
    "dbf: records of no length": (_DBF, lambda raw: struct.pack_into("<H", raw, 10, 0)),
    "dbf: a header of no length": (_DBF, lambda raw: struct.pack_into("<H", raw, 8, 0)),
    "dbf: a memo field": (_DBF, lambda raw: raw.__setitem__(43, ord("M"))),
    "dbf: a field name of no encoding": (_DBF, lambda raw: raw.__setitem__(slice(32, 34), b"\xff\xff")),
    "dbf: text of no encoding": (_DBF, lambda raw: raw.__setitem__(slice(None), raw.replace("井边".encode("gbk"), b"\xff" * 4, 1))),
    "prj: empty": (_PRJ, lambda raw: raw.clear()),
    "prj: no WKT": (_PRJ, lambda raw: raw.__setitem__(slice(None), b"+proj=utm +init=/etc/passwd +nadgrids=http://127.0.0.1/x")),
    "prj: megabytes of brackets": (_PRJ, lambda raw: raw.__setitem__(slice(None), b'PROJCS["x",' * 1_000_000)),
    "prj: Xian 80": (_PRJ, lambda raw: raw.__setitem__(slice(None), raw.replace(b"China_2000", b"Xian_1980"))),
    "prj: Beijing 54": (_PRJ, lambda raw: raw.__setitem__(slice(None), raw.replace(b"China_2000", b"Beijing_1954"))),
    "prj: WGS 84 UTM": (_PRJ, lambda raw: raw.__setitem__(slice(None), _UTM)),
    "prj: another meridian": (_PRJ, lambda raw: raw.__setitem__(slice(None), raw.replace(b"108.0", b"111.0"))),
    "shp: an OGR VRT": (_SHP, lambda raw: raw.__setitem__(slice(None), _VRT)),
    "shp: a GDALG pipeline": (_SHP, lambda raw: raw.__setitem__(slice(None), _GDALG)),
    "shp: KML with a thousand million laughs": (_SHP, lambda raw: raw.__setitem__(slice(None), _LAUGHS)),
    "shp: GML with an entity of the disk": (_SHP, lambda raw: raw.__setitem__(slice(None), _XXE)),
    "shp: GeoJSON 200,000 deep": (_SHP, lambda raw: raw.__setitem__(slice(None), b'{"type":' + b"[" * 200_000)),
    "shp: a picture of 2^31 by 2^31 points": (_SHP, lambda raw: raw.__setitem__(slice(None), _FLOOD)),
}.items():  # fmt: skip
    _put(_name, f"{_DK}.shp", _edit(_file, _edit_of))
for _name, _of_records in {
    "shape: 2^31 points": _first(40, "<i", 0x7FFFFFFF),
    "shape: a negative number of parts": _first(36, "<i", -1),
    "shape: no parts": _first(36, "<i", 0),
    "shape: a part that begins past the end": _first(44, "<i", 1000),
    "shape: a part that begins before the start": _first(44, "<i", -5),
    "shape: NaN": _first(48, "<d", float("nan")),
    "shape: infinity": _first(48, "<d", float("inf")),
    "shape: 1e300": _first(48, "<d", 1e300),
    "shape: nothing": lambda records: records.__setitem__(0, struct.pack("<i", 0)),
    "shape: another type": _first(0, "<i", 3),
    "shape: an open ring": _ring((0, 0), (0, 99), (99, 99), (99, 0)),
    "shape: two points": _ring((0, 0), (0, 99)),
    "shape: no area": _ring((0, 0), (0, 99), (0, 0), (0, 0)),
    "shape: a bow tie": _ring((0, 0), (99, 99), (99, 0), (0, 99), (0, 0)),
    "shape: a spike": _ring((0, 0), (0, 99), (99, 99), (99, 500), (99, 99), (99, 0), (0, 0)),
    "shape: a hole outside": _hole_outside,
    "shape: a million vertices": _million,
    "shape: axes swapped": _points_of(_swap),
    "shape: another zone's prefix": _points_of(_zone_37),
}.items():
    _put(_name, _SHP, _rewritten(_of_records))
_put("shape: two combs over each other", LAYERS, _rewritten(_combs))
_put("shape: a vertex twice", _SHP, _rewritten(_twice), is_noted=True)
_put("shx: missing", _SHP, lambda root: (root / LAYERS / _SHX).unlink())
_put("dbf: missing", _SHP, lambda root: (root / LAYERS / _DBF).unlink())
_put("prj: missing", _SHP, lambda root: (root / LAYERS / _PRJ).unlink())
_put("shp: two of one layer and year", "ZD1506262017.shp", _of_another_year)
_put("cpg: a lie", "ZD1506262016.shp", _replaced(LAYERS, "ZD1506262016.cpg", lambda p: p.write_text("UTF-8")))
_put("cpg: an unknown code page", "ZD1506262016.shp", _replaced(LAYERS, "ZD1506262016.cpg", lambda p: p.write_bytes(b"\xff\0BIG5")))

for _name, _raw in {
    "VRT.geojson": _VRT,
    "GDALG.geojson": _GDALG,
    "NETWORK.kml": _NETWORK,
    "FOLDERS.kml": b"<kml>" + b"<Folder>" * 10_000 + b"</Folder>" * 10_000 + b"</kml>",
    "XLINK.gml": b'<gml:x xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="file:///etc/passwd"/>',
    "DEEP.geojson": b'{"type":' + b"[" * 200_000,
    "NAN.geojson": b'{"type":"FeatureCollection","features":[{"id":9223372036854775808,"geometry":[NaN,1e400]}]}',
    "FLOOD.png": _FLOOD,
}.items():
    _put(f"document: {_name}", _name, _replaced(LAYERS, _name, lambda p, raw=_raw: p.write_bytes(raw)), is_noted=True)  # type: ignore[misc]


# --- tables


def _lines(root: Path, table: str) -> list[list[str]]:
    raw = (root / TABLES / f"{table}.csv").read_bytes()
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("gbk")
    return [line.split(",") for line in text.splitlines()]


def _csv(table: str, change: Callable[[list[list[str]]], object], encoding: str = "gbk") -> Callable[[Path], None]:
    def make(root: Path) -> None:
        lines = _lines(root, table)
        change(lines)
        text = "".join(",".join(line) + "\r\n" for line in lines)
        (root / TABLES / f"{table}.csv").write_bytes(text.encode(encoding))

    return make


def _cell(table: str, column: str, value: str) -> Callable[[Path], None]:
    def change(lines: list[list[str]]) -> None:
        lines[1][lines[0].index(column)] = value

    return _csv(table, change)


def _bytes(name: str, change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def make(root: Path) -> None:
        path = root / TABLES / name
        path.write_bytes(change(path.read_bytes()))

    return make


for _start, _value in {
    "=": "=1+1",
    "@": "@SUM(1)",
    "+": "+SUM(1)",
    "-": "-2+3+cmd|' /C calc'!A0",
    "tab": "\t=1+1",
    "＝": "＝1+1",
    "＋": "＋SUM(1)",
    "－": "－SUM(1)",
    "＠": "＠SUM(1)",
    "DDE": '=DDE("cmd";"/C calc";"x")',
}.items():
    _put(f"csv: a cell that begins with {_start}", "FBF.csv", _cell("FBF", "FBFMC", f'"{_value.replace(chr(34), chr(34) * 2)}"'))
_put("csv: an ID number in powers of ten", "CBF_JTCY.csv", _cell("CBF_JTCY", "CYZJHM", "1.50699E+17"))
_put("csv: NUL", "FBF.csv", _cell("FBF", "FBFMC", "\0=1"))
_put("csv: GBK and UTF-8 mixed", "FBF.csv", _bytes("FBF.csv", lambda raw: raw + "15062610021000,村民委员会€,,\r\n".encode()))
_put("csv: UTF-16", "FBF.csv", _csv("FBF", len, "utf-16"))
_put("csv: an open quote", "FBF.csv", _cell("FBF", "FBFMC", '"x'))
_put("csv: a header of 50 MB on one line", "FBF.csv", _bytes("FBF.csv", lambda _raw: b"x" * 50_000_000))
_put("csv: a cell of 50 MB", "FBF.csv", _cell("FBF", "FBFMC", "x" * 50_000_000))
_put("csv: a line end inside the header", "FBF.csv", _bytes("FBF.csv", lambda raw: raw.replace(b",FBFMC", b",FBFMC\rx", 1)))
_put("csv: 100,000 columns", "FBF.csv", _bytes("FBF.csv", lambda raw: raw.replace(b"\r\n", b"," + b"x," * 100_000 + b"\r\n", 1)))
_put("csv: 1,048,577 rows", "CBHT.csv", _bytes("CBHT.csv", lambda raw: raw + b"x,,,,,,,,,,,\r\n" * 1_048_577))
_put("csv: empty", "FBF.csv", _bytes("FBF.csv", lambda _raw: b""))


def _book(change: Callable[[openpyxl.Workbook], object]) -> Callable[[Path], None]:
    """FBF as a workbook."""

    def make(root: Path) -> None:
        book = openpyxl.Workbook()
        for line in _lines(root, "FBF"):
            book.active.append(line)
        change(book)
        (root / TABLES / "FBF.csv").unlink()
        book.save(root / TABLES / "FBF.xlsx")

    return make


def _members(change: Callable[[dict[str, bytes]], object]) -> Callable[[Path], None]:
    """FBF as a workbook whose files are changed inside the archive."""

    def make(root: Path) -> None:
        _book(lambda _book: None)(root)
        path = root / TABLES / "FBF.xlsx"
        with zipfile.ZipFile(path) as old:
            files = {name: old.read(name) for name in old.namelist()}
        change(files)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
            for name, raw in files.items():
                new.writestr(name, raw)

    return make


_SHEET = "xl/worksheets/sheet1.xml"


def _in_sheet(old: bytes, new: bytes) -> Callable[[Path], None]:
    def change(files: dict[str, bytes]) -> None:
        assert old in files[_SHEET]
        files[_SHEET] = files[_SHEET].replace(old, new, 1)

    return _members(change)


def _in_cell(xml: str) -> Callable[[Path], None]:
    """What B3 is."""

    def change(files: dict[str, bytes]) -> None:
        files[_SHEET], count = re.subn(rb'(<c r="B3") t="inlineStr">.*?(?=</c>)', rb"\1 " + xml.encode(), files[_SHEET])
        assert count == 1

    return _members(change)


def _laughing(files: dict[str, bytes]) -> None:
    doctype = _LAUGHS[_LAUGHS.index(b"<!DOCTYPE") : _LAUGHS.index(b"]>") + 2].replace(b"kml", b"worksheet")
    files[_SHEET] = doctype + files[_SHEET].replace(b"</sheetData>", b"<row><c><v>&j;</v></c></row></sheetData>")


def _entity(files: dict[str, bytes]) -> None:
    doctype = b'<!DOCTYPE worksheet [<!ENTITY s SYSTEM "file:///etc/passwd">]>'
    files[_SHEET] = doctype + files[_SHEET].replace(b"<is><t>", b"<is><t>&s;", 1)


def _swollen(files: dict[str, bytes]) -> None:
    row = b'<row r="9"><c r="A9" t="inlineStr"><is><t>x</t></is></c></row>'
    files[_SHEET] = files[_SHEET].replace(b"</sheetData>", row * 8_000_000)


def _rows(files: dict[str, bytes]) -> None:
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(5, 1_048_578))
    files[_SHEET] = files[_SHEET].replace(b"</sheetData>", rows + b"</sheetData>")


_put("xlsx: a formula", "FBF.xlsx", _book(lambda book: book.active.__setitem__("B2", "=1+1")))
_put("xlsx: DDE", "FBF.xlsx", _book(lambda book: book.active.__setitem__("B2", "=cmd|' /C calc'!A0")))
_put("xlsx: a text that is a formula elsewhere", "FBF.xlsx", _in_cell('t="inlineStr"><is><t>＝1+1</t></is>'))
_put("xlsx: a formula of another file", "FBF.xlsx", _book(lambda book: book.active.__setitem__("B2", "='file:///etc/[passwd]x'!A1")))
_put("xlsx: an ID number as a number", "FBF.xlsx", _book(lambda book: book.active.__setitem__("E2", 150699195406023238)))
_put("xlsx: a thousand million laughs", "FBF.xlsx", _members(_laughing))
_put("xlsx: an entity of the disk", "FBF.xlsx", _members(_entity))
_put("xlsx: a bomb", "FBF.xlsx", _members(_swollen))
_put("xlsx: 1,048,577 rows", "FBF.xlsx", _members(_rows))
_put("xlsx: a row number of 2,000,000,000", "FBF.xlsx", _in_sheet(b'<row r="4"', b'<row r="2000000000"'))
_put("xlsx: a column past the last", "FBF.xlsx", _in_sheet(b'<c r="B3"', b'<c r="ZZZ3"'))
_put("xlsx: a cell of no place", "FBF.xlsx", _in_sheet(b'<c r="B3"', b'<c r="!!"'))
_put("xlsx: a text past the list of texts", "FBF.xlsx", _in_cell('t="s"><v>9999</v>'))
_put("xlsx: a number that is none", "FBF.xlsx", _in_cell('t="n"><v>x</v>'))
_put("xlsx: a number past all", "FBF.xlsx", _in_cell('t="n"><v>1e400</v>'))
_put("xlsx: a day past all", "FBF.xlsx", _in_cell('t="d"><v>99999-99-99</v>'))
_put("xlsx: no sheet", "FBF.xlsx", _members(lambda files: files.pop(_SHEET)))
_put("xlsx: cut in half", "惠农牧补贴.xlsx", _bytes("惠农牧补贴.xlsx", lambda raw: raw[: len(raw) // 2]))
_put("xlsx: a picture", "惠农牧补贴.xlsx", _bytes("惠农牧补贴.xlsx", lambda _raw: _FLOOD))
_put("xlsx: a PDF that is a zip too", "惠农牧补贴.xlsx", _bytes("惠农牧补贴.xlsx", lambda raw: b"%PDF-1.7\n" + raw[:-40]))


# --- databases


def _database(*statements: str, name: str = "表.gpkg") -> Callable[[Path], None]:
    """FBF in a database: a sound table `rows`, then what the item makes of it."""

    def make(root: Path) -> None:
        header, *rows = _lines(root, "FBF")
        (root / TABLES / "FBF.csv").unlink()
        with closing(sqlite3.connect(root / TABLES / name)) as connection:
            connection.execute(f"CREATE TABLE \"rows\" ({', '.join(f'{column} TEXT' for column in header)})")
            connection.executemany(f"INSERT INTO \"rows\" VALUES ({', '.join('?' * len(header))})", rows)
            for statement in statements:
                connection.execute(statement)
            connection.commit()

    return make


def _spoilt(change: Callable[[bytearray], object]) -> Callable[[Path], None]:
    def make(root: Path) -> None:
        _database('ALTER TABLE "rows" RENAME TO FBF')(root)
        path = root / TABLES / "表.gpkg"
        raw = bytearray(path.read_bytes())
        change(raw)
        path.write_bytes(bytes(raw))

    return make


_RENAMED = 'ALTER TABLE "rows" RENAME TO FBF'
_GENERATED = "ALTER TABLE FBF ADD COLUMN more TEXT GENERATED ALWAYS AS ({}) VIRTUAL"
_FOREVER = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS FBFBM FROM n"
for _name, _statements in {
    "gpkg: a view that loads a library": ("CREATE VIEW FBF AS SELECT load_extension('/tmp/x.so') AS FBFBM",),
    "gpkg: a view without end": (f"CREATE VIEW FBF AS {_FOREVER}",),
    "gpkg: a virtual table": ("CREATE VIRTUAL TABLE FBF USING fts5(FBFBM)",),
    "gpkg: a virtual table by another spelling": (
        "CREATE VIRTUAL TABLE FBF USING fts5(FBFBM)",
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = 'CREATE/**/VIRTUAL  TABLE FBF USING fts5(FBFBM)' WHERE name = 'FBF'",
    ),
    "gpkg: a column that is reckoned": (_RENAMED, _GENERATED.format("hex(zeroblob(400000000))")),
    "gpkg: an ID number as a float": (_RENAMED, "UPDATE FBF SET FZRZJHM = 4.2e17"),
    "gpkg: text of no encoding": (_RENAMED, "UPDATE FBF SET FBFMC = CAST(X'FFFE' AS TEXT)"),
    "gpkg: bytes for a text": (_RENAMED, "UPDATE FBF SET FBFMC = zeroblob(9)"),
}.items():
    _put(_name, "FBF" if "rows" not in _statements[0] else "表.gpkg", _database(*_statements))
_put("gpkg: names like another's", "表.gpkg", _database(
    _RENAMED, 'CREATE TABLE "fbf " AS SELECT * FROM FBF', 'CREATE TABLE "发包方" (x)'), is_noted=True)  # fmt: skip
_put("gpkg: a trigger that deletes", "表.gpkg", _database(
    _RENAMED, "CREATE TRIGGER t BEFORE INSERT ON FBF BEGIN DELETE FROM FBF; END",
    "CREATE TABLE other (x)"), is_noted=True)  # fmt: skip
_put("gpkg: a corrupt page", "表.gpkg", _spoilt(lambda raw: raw.__setitem__(slice(4096, 8192), b"\xff" * 4096)))
_put("gpkg: a schema that is damaged", "表.gpkg", _spoilt(lambda raw: raw.__setitem__(slice(100, 140), b"\xff" * 40)))
_put("gpkg: cut in half", "表.gpkg", _spoilt(_halved))
_put("gpkg: a VRT", "表.gpkg", _spoilt(lambda raw: raw.__setitem__(slice(None), _VRT)))


def _access(change: Callable[[bytearray], object]) -> Callable[[Path], None]:
    """The five tables in an Access database that is then spoilt."""

    def make(root: Path) -> None:
        for name in ("FBF", "CBF", "CBF_JTCY", "CBDKXX", "CBHT"):
            (root / TABLES / f"{name}.csv").unlink()
        raw = bytearray(gzip.decompress(_JET.read_bytes()))
        change(raw)
        (root / TABLES / "1506262016.mdb").write_bytes(bytes(raw))

    return make


def _loop(raw: bytearray) -> None:
    """The catalogue's definition goes on in itself."""
    struct.pack_into("<I", raw, 2 * 4096 + 4, 2)


_put("mdb: cut in half", "1506262016.mdb", _access(lambda raw: raw.__delitem__(slice(len(raw) // 2 - 7, None))))
_put("mdb: cut at a page", "1506262016.mdb", _access(lambda raw: raw.__delitem__(slice(len(raw) // 8192 * 4096, None))))
_put("mdb: a definition that goes on in itself", "1506262016.mdb", _access(_loop))
_put("mdb: a catalogue of ones", "1506262016.mdb", _access(lambda raw: raw.__setitem__(slice(8200, 12288), b"\xff" * 4088)))
_put("mdb: no database", "1506262016.mdb", _access(lambda raw: raw.__setitem__(slice(0, 4096), b"MZ" * 2048)))
