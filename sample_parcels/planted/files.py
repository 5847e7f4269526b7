"""Which faults are of a folder or a file as a whole: missing, twice, damaged, in another encoding or reference system?"""

from __future__ import annotations

import gzip
import shutil
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

from sample_parcels import shapefile
from sample_parcels.planted.case import Plant, file_of, plants, put_file
from sample_parcels.planted.ground import COUNTY, FOLDER, SOUTH, WEST, YEAR, box_ring, code_of, parcel_row
from sample_parcels.tables import Row
from sample_parcels.write import DAY, FIELDS, PROJECTION, ZONE_PREFIX, xlsx_bytes

_GEODATABASE = Path(__file__).parents[2] / "tests" / "gis" / "formats" / "jet" / "geodatabase.mdb.gz"
_OF_LAYER = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_TIMES = 12_000


def _edit(file: str, change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def make(root: Path) -> None:
        path = root / file
        path.write_bytes(change(path.read_bytes()))

    return make


def _gone(part: str, suffixes: tuple[str, ...] = _OF_LAYER) -> Callable[[Path], None]:
    """Files of a layer, or the file of a table."""

    def make(root: Path) -> None:
        path = root / file_of(part)
        for suffix in suffixes if part in FIELDS else (path.suffix,):
            path.with_suffix(suffix).unlink(missing_ok=True)

    return make


@plants("folder-name")
def _another_name(plant: Plant) -> None:
    plant.whole("folder-name")
    plant.after.append(lambda root: root.rename(root.with_name("乌审旗成果")))


@plants("part-missing")
def _tables_left_out(plant: Plant) -> None:
    for part in ("CBHT", "FBF"):
        plant.whole("part-missing", "", part)
        plant.after.append(_gone(part))


@plants("part-missing")
def _layer_left_out(plant: Plant) -> None:
    plant.whole("part-missing", "", "DK")
    plant.after.append(_gone("DK"))


@plants("part-absent")
def _rosters_left_out(plant: Plant) -> None:
    for part in ("成员名册", "户籍"):
        plant.whole("part-absent", "", part)
        plant.after.append(_gone(part))


@plants("village-limits-absent")
def _no_limits(plant: Plant) -> None:
    plant.whole("village-limits-absent", "", "CJQY")
    plant.after.append(_gone("CJQY"))


@plants("part-twice")
def _in_two_forms(plant: Plant) -> None:
    issuers = xlsx_bytes(plant.rows("FBF"))
    plant.whole("part-twice", "权属数据/FBF.xlsx", "FBF")
    plant.whole("part-twice", f"矢量数据/ZD{COUNTY}2017.shp", "ZD")
    plant.after.append(put_file("权属数据/FBF.xlsx", issuers))
    plant.after.append(_layer_of_another_year)


def _layer_of_another_year(root: Path) -> None:
    for path in (root / "矢量数据").glob(f"ZD{COUNTY}{YEAR}.*"):
        shutil.copy(path, path.with_name(path.name.replace(f"{YEAR}.", "2017.")))


@plants("part-unread")
def _other_files(plant: Plant) -> None:
    for file in ("说明.txt", "权属数据/审核意见.doc", "矢量数据/草图.geojson"):
        plant.whole("part-unread", file)
        plant.after.append(put_file(file, b"x"))


@plants("file-unreadable")
def _damaged(plant: Plant) -> None:
    for part, change in (
        ("ZD", lambda raw: raw[: len(raw) // 2]),
        ("CBHT", lambda raw: raw.replace(b"\r\n", b"\0\r\n", 1)),
        ("惠农牧补贴", lambda raw: raw[:-200]),
    ):
        plant.whole("file-unreadable", file_of(part), part)
        plant.after.append(_edit(file_of(part), change))


@plants("reader-lost")
def _one_parcel_thousands_of_times(plant: Plant) -> None:
    """Each would have to be compared with every other: more memory than a reader may take."""
    layer, ring = plant.delivery.layers["DK"], box_ring(WEST - 300, SOUTH, WEST - 240, SOUTH + 60)
    for number in range(_TIMES):
        layer.rows.append(parcel_row(code_of(10_000 + number), "3600.00", "5.40", number))
        layer.shapes.append([ring])
    plant.whole("reader-lost", "矢量数据", village="")


@plants("record-count")
def _another_number(plant: Plant) -> None:
    for part in ("DK", "CJQY"):
        file = str(Path(file_of(part)).with_suffix(".dbf"))
        plant.whole("record-count", file_of(part), part)
        plant.after.append(_edit(file, lambda raw: raw[:4] + struct.pack("<I", struct.unpack_from("<I", raw, 4)[0] - 1) + raw[8:]))


def _drawn_as(part: str, kind: int, ring: list[tuple[float, float]]) -> Callable[[Path], None]:
    """The layer again, each row with the same shape of another kind."""

    def make(root: Path) -> None:
        rows: list[Row] = [{name: "1" for name, *_ in FIELDS[part]} for _ in range(3)]
        stem = (root / file_of(part)).with_suffix("")
        shapefile.write(
            stem, FIELDS[part], rows, [[ring]] * 3, projection=PROJECTION, day=DAY, code_page=None, kind=kind
        )

    return make


_HERE = (ZONE_PREFIX + WEST, SOUTH)


@plants("layer-not-polygon")
def _points_for_parcels(plant: Plant) -> None:
    for part in ("ZD", "CJQY"):
        plant.whole("layer-not-polygon", file_of(part), part)
        plant.after.append(_drawn_as(part, shapefile.POINT, [_HERE]))


@plants("layer-of-other-shapes")
def _parcels_for_points(plant: Plant) -> None:
    x, y = _HERE
    plant.whole("layer-of-other-shapes", file_of("JZD"), "JZD")
    plant.after.append(_drawn_as("JZD", shapefile.POLYGON, [(x, y), (x, y + 60), (x + 60, y + 60)]))


@plants("personal-geodatabase")
def _of_arcgis(plant: Plant) -> None:
    for file in ("矢量数据/成果.mdb", "权属数据/成果.mdb"):
        plant.whole("personal-geodatabase", file)
        plant.after.append(put_file(file, gzip.decompress(_GEODATABASE.read_bytes())))


def _zipped(name: str, more: Callable[[zipfile.ZipFile], object]) -> Callable[[Path], Path]:
    def make(root: Path) -> Path:
        path = root.parent / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
            for each in sorted(one for one in root.rglob("*") if one.is_file()):
                out.write(each, each.relative_to(root.parent).as_posix())
            more(out)
        return path

    return make


@plants("archive-refused")
def _leads_out_of_the_folder(plant: Plant) -> None:
    plant.whole("archive-refused", "成果.zip")
    plant.after.append(_zipped("成果.zip", lambda out: out.writestr(f"{FOLDER}/../../out", "x")))


@plants("archive-refused")
def _swells_beyond_measure(plant: Plant) -> None:
    plant.whole("archive-refused", "成果.zip")
    plant.after.append(_zipped("成果.zip", lambda out: out.writestr(f"{FOLDER}/权属数据/大.csv", bytes(64 << 20))))


@plants("attachments-missing")
def _papers_not_delivered(plant: Plant) -> None:
    for row in plant.rows("QSLYZLFJ")[:2]:
        row["FJ"] = "其他资料\\没有.pdf"
    plant.whole("attachments-missing", file_of("QSLYZLFJ"), "QSLYZLFJ", "FJ")


def _without(plant: Plant, part: str, column: str) -> None:
    for row in plant.rows(part):
        del row[column]


@plants("column-missing")
def _required_columns_left_out(plant: Plant) -> None:
    for part, column in (("CBHT", "QDSJ"), ("CBDKXX", "HTMJ"), ("户籍", "登记日期")):
        _without(plant, part, column)
        plant.whole("column-missing", file_of(part), part, column)


@plants("column-absent")
def _expected_columns_left_out(plant: Plant) -> None:
    for part, column in (("FBF", "FBFDCY"), ("股权台账", "股权证号")):
        _without(plant, part, column)
        plant.whole("column-absent", file_of(part), part, column)


@plants("column-unread")
def _columns_of_others(plant: Plant) -> None:
    for part in ("CBF", "惠农牧补贴"):
        for row in plant.rows(part):
            row["WJBZ"] = "x"
        plant.whole("column-unread", file_of(part), part)


@plants("column-twice")
def _columns_again(plant: Plant) -> None:
    plant.whole("column-twice", file_of("CBHT"), "CBHT", "QDSJ")
    plant.after.append(_edit(file_of("CBHT"), lambda raw: raw.replace(b"YHTZMJM", b"QDSJ", 1)))
    plant.whole("column-twice", file_of("FBF"), "FBF", "YZBM")
    plant.after.append(_edit(file_of("FBF"), lambda raw: raw.replace(b"LXDH", b"YZBM", 1)))


@plants("encoding-unknown")
def _bytes_of_no_encoding(plant: Plant) -> None:
    plant.whole("encoding-unknown", file_of("CBF"), "CBF")
    plant.after.append(_edit(file_of("CBF"), lambda raw: raw + b"\xff\xff\xff\r\n"))
    plant.whole("encoding-unknown", file_of("DK"), "DK")
    table = str(Path(file_of("DK")).with_suffix(".dbf"))
    plant.after.append(_edit(table, lambda raw: raw.replace("井边".encode("gbk"), b"\xff\xff\xff\xff", 1)))


@plants("encoding-not-as-said")
def _a_cpg_that_is_not_true(plant: Plant) -> None:
    for part in ("ZD", "DK"):
        plant.whole("encoding-not-as-said", file_of(part), part)
        page = Path(file_of(part)).with_suffix(".cpg")
        plant.after.append(put_file(str(page), b"UTF-8"))


def _projection(part: str, *changes: tuple[str, str]) -> Callable[[Path], None]:
    def change(raw: bytes) -> bytes:
        for old, new in changes:
            raw = raw.replace(old.encode(), new.encode())
        return raw

    return _edit(str(Path(file_of(part)).with_suffix(".prj")), change)


@plants("crs-missing")
def _no_prj(plant: Plant) -> None:
    for part in ("DK", "CJQY"):
        plant.whole("crs-missing", file_of(part), part)
        plant.after.append(_gone(part, (".prj",)))


@plants("crs-unknown")
def _another_datum(plant: Plant) -> None:
    for part in ("DK", "ZD"):
        plant.whole("crs-unknown", file_of(part), part)
        plant.after.append(_projection(part, ("D_China_2000", "D_Xian_1980")))


@plants("crs-mixed")
def _without_the_prefix(plant: Plant) -> None:
    """Homesteads in EPSG:4545, all else in 4524."""
    layer = plant.delivery.layers["ZD"]
    layer.shapes = [[[(x - ZONE_PREFIX, y) for x, y in ring] for ring in rings] for rings in layer.shapes]
    plant.whole("crs-mixed", file_of("ZD"), "ZD")
    plant.after.append(_projection("ZD", ("36500000", "500000")))


@plants("crs-not-as-said")
def _another_zone(plant: Plant) -> None:
    plant.whole("crs-not-as-said", file_of("ZD"), "ZD")
    plant.after.append(_projection("ZD", ("36500000", "500000"), ("108.0", "111.0")))
