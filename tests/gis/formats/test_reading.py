"""Is what a delivery says read as it stands, and is every lie in it found?"""

from __future__ import annotations

import datetime as dt
import math
import shutil
import sqlite3
import subprocess
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from gis.errors import FieldError, GisError, SourceError
from gis.formats import DbfField, read_layer, write_geojson, write_geopackage, write_shapefile
from gis.formats.dbf import DbfUnreadable, EncodingUnknown, FieldKindUnknown, TextUndecodable, ValueMalformed
from gis.formats.geopackage import LayerNotPlain, LayerNotSingle
from gis.formats.reading import FeatureCountDiffers, FormatUnknown, SourceUnreadable
from gis.formats.shapefile import RecordImpossible, ShapefileDamaged, ShapefileIncomplete
from gis.storage import register_functions
from tests.gis.formats.layers import DK_FIELDS, delivery, poke, record_offset

NAMES = [f"东滩草场{row}" for row in range(4)]
needs_ogr2ogr = pytest.mark.skipif(shutil.which("ogr2ogr") is None, reason="ogr2ogr (gdal-bin) is not installed")


def _ogr2ogr(*arguments: str | Path) -> None:
    subprocess.run(["ogr2ogr", *arguments], check=True, capture_output=True)


# --- what is read -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("encoding", "found"), [("GBK", "GBK"), ("UTF-8", "UTF-8")])
def test_cpg_decides_the_encoding(tmp_path: Path, encoding: str, found: str) -> None:
    """.cpg comes first (standards.md 5.4)."""
    layer = read_layer(delivery(tmp_path, encoding=encoding))
    assert layer.frame["DKMC"].to_list() == NAMES
    assert (layer.encoding, layer.encoding_source) == (found, f".cpg {encoding}")


@pytest.mark.parametrize("said", ["936", "GB2312", "cp936", "GBK\r\n", "GB18030"])
def test_cpg_may_say_gbk_in_many_words(tmp_path: Path, said: str) -> None:
    """`GBK`, `936`, `GB2312` all mean what county tools write."""
    path = delivery(tmp_path)
    path.with_suffix(".cpg").write_text(said)
    assert read_layer(path).frame["DKMC"].to_list() == NAMES


@pytest.mark.parametrize("said", [None, "OEM"])
def test_ldid_decides_where_cpg_is_silent(tmp_path: Path, said: str | None) -> None:
    """LDID 0x4D is cp936; a .cpg of `OEM` says nothing."""
    path = delivery(tmp_path)
    path.with_suffix(".cpg").unlink()
    if said:
        path.with_suffix(".CPG").write_text(said)
    layer = read_layer(path)
    assert (layer.frame["DKMC"].to_list(), layer.encoding, layer.encoding_source) == (NAMES, "GBK", "LDID 0x4D")


@pytest.mark.parametrize(("encoding", "found"), [("GBK", "GB18030"), ("UTF-8", "UTF-8")])
def test_without_cpg_and_ldid_utf8_is_tried_strictly_then_gb18030(tmp_path: Path, encoding: str, found: str) -> None:
    """LDID 0x00: strict UTF-8, then GB18030 (standards.md 5.4)."""
    path = delivery(tmp_path, encoding=encoding)
    path.with_suffix(".cpg").unlink()
    poke(path.with_suffix(".dbf"), 29, "<B", 0)
    layer = read_layer(path)
    assert (layer.frame["DKMC"].to_list(), layer.encoding) == (NAMES, found)


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [("砖木", "gbk", "GB18030"), ("砖木", "utf-8", "UTF-8"), ("well", "ascii", "UTF-8")],
)
def test_gbk_that_is_also_good_utf8_is_read_as_gbk(tmp_path: Path, text: str, encoding: str, found: str) -> None:
    """砖木 in GBK is D7 A9 C4 BE: two letters of Hebrew and Slovak in UTF-8. Nothing else says which it is."""
    path = delivery(tmp_path, encoding=encoding.replace("ascii", "GBK").upper())
    dbf = path.with_suffix(".dbf")
    path.with_suffix(".cpg").unlink()
    poke(dbf, 29, "<B", 0)
    raw = dbf.read_bytes()
    for name in NAMES:
        old = name.encode("gbk" if encoding == "ascii" else encoding)
        raw = raw.replace(old, text.encode(encoding).ljust(len(old))[: len(old)])
    dbf.write_bytes(raw)
    layer = read_layer(path)
    assert {name.strip() for name in layer.frame["DKMC"]} == {text}
    assert layer.encoding == found


def test_rare_character_beyond_gbk_is_read_and_reported(tmp_path: Path) -> None:
    """GB18030 contains GBK: a rare name under a GBK label is read, and the encoding found says so."""
    path = delivery(tmp_path)
    dbf = path.with_suffix(".dbf")
    rare = "𠮷".encode("gb18030")
    dbf.write_bytes(dbf.read_bytes().replace("东滩草场2".encode("gbk"), rare + b"     "))
    layer = read_layer(path)
    assert (layer.frame["DKMC"][2], layer.encoding) == ("𠮷", "GB18030")


def test_caller_may_name_the_encoding(tmp_path: Path) -> None:
    """The clerk's word stands above .cpg."""
    path = delivery(tmp_path)
    path.with_suffix(".cpg").write_text("UTF-8")
    assert read_layer(path, encoding="GBK").frame["DKMC"].to_list() == NAMES


def test_layer_tells_name_crs_and_counts(tmp_path: Path) -> None:
    """The .prj is handed on unjudged, and announced and read features agree."""
    path = delivery(tmp_path)
    layer = read_layer(path)
    assert layer.name == "DK1506262016"
    assert layer.prj_wkt is not None
    assert 'PARAMETER["Central_Meridian",108.0]' in layer.prj_wkt
    assert (layer.header_count, layer.deleted_count, len(layer.frame), layer.faults) == (4, 0, 4, ())
    assert layer.frame.crs is None
    path.with_suffix(".prj").unlink()
    assert read_layer(path).prj_wkt is None


def test_endings_may_be_upper_case(tmp_path: Path) -> None:
    """Windows tools write .SHP, .DBF; they belong together all the same."""
    path = delivery(tmp_path)
    for each in list(tmp_path.iterdir()):
        each.rename(each.with_suffix(each.suffix.upper()))
    layer = read_layer(path.with_suffix(".SHP"))
    assert layer.frame["DKMC"].to_list() == NAMES
    assert layer.prj_wkt is not None


def test_deleted_record_is_left_out_and_counted(tmp_path: Path) -> None:
    """DBASE marks a deleted row with an asterisk; shape and attributes of the others stay together."""
    path = delivery(tmp_path)
    raw = path.with_suffix(".dbf").read_bytes()
    header, width = int.from_bytes(raw[8:10], "little"), int.from_bytes(raw[10:12], "little")
    poke(path.with_suffix(".dbf"), header + width, "<c", b"*")  # type: ignore[arg-type]
    layer = read_layer(path)
    assert layer.frame["DKMC"].to_list() == [NAMES[0], NAMES[2], NAMES[3]]
    assert layer.frame.geometry.bounds["minx"].to_list() == [574_000.0, 574_040.0, 574_060.0]
    assert (layer.header_count, layer.deleted_count) == (4, 1)


@needs_ogr2ogr
@pytest.mark.parametrize("encoding", ["GBK", "UTF-8"])
def test_shapefile_of_ogr2ogr_is_read_alike(tmp_path: Path, encoding: str) -> None:
    """Another writer's Shapefile, in either encoding, gives the same texts, numbers and vertices."""
    ours = read_layer(delivery(tmp_path))
    other = tmp_path / "other.shp"
    _ogr2ogr("-lco", f"ENCODING={encoding}", other, ours.path)
    theirs = read_layer(other)
    assert theirs.frame["DKMC"].to_list() == NAMES
    assert theirs.frame["SCMJ"].to_list() == ours.frame["SCMJ"].to_list()
    assert shapely.equals_exact(theirs.frame.geometry.to_numpy(), ours.frame.geometry.to_numpy(), 0.0).all()


@needs_ogr2ogr
@pytest.mark.parametrize(("driver", "suffix"), [("GPKG", ".gpkg"), ("GeoJSON", ".geojson")])
def test_other_formats_of_ogr2ogr_are_read_alike(tmp_path: Path, driver: str, suffix: str) -> None:
    """GeoPackage and GeoJSON of another writer give the same rows."""
    source = delivery(tmp_path)
    _ogr2ogr("-f", driver, tmp_path / f"other{suffix}", source)
    layer = read_layer(tmp_path / f"other{suffix}")
    assert layer.frame["DKMC"].to_list() == NAMES
    assert (layer.header_count, layer.faults) == (4, ())
    assert layer.prj_wkt is not None
    assert "108" in layer.prj_wkt


# --- lies of a Shapefile ------------------------------------------------------------------------------------------


def test_cpg_that_lies_is_refused_by_row_and_field(tmp_path: Path) -> None:
    """GBK under a .cpg of UTF-8 is never replaced by question marks (standards.md 5.4)."""
    path = delivery(tmp_path)
    path.with_suffix(".cpg").write_text("UTF-8")
    with pytest.raises(TextUndecodable) as caught:
        read_layer(path)
    assert (caught.value.row, caught.value.field) == (0, "DKMC")
    assert "DKMC" in caught.value.zh
    assert ".cpg UTF-8" in caught.value.en


def test_half_a_character_is_refused_by_its_row(tmp_path: Path) -> None:
    """A text cut inside a character is found in its row, not in the next one."""
    path = delivery(tmp_path)
    dbf = path.with_suffix(".dbf")
    dbf.write_bytes(dbf.read_bytes().replace("东滩草场2".encode("gbk"), "东滩草场".encode("gbk") + b"\xb6"))
    with pytest.raises(TextUndecodable) as caught:
        read_layer(path)
    assert (caught.value.row, caught.value.field) == (2, "DKMC")


@pytest.mark.parametrize("said", ["BIG5", "ISO-8859-1", "纯属虚构"])
def test_encoding_that_is_not_read_is_refused(tmp_path: Path, said: str) -> None:
    """An encoding that no county tool writes is a question for the clerk."""
    path = delivery(tmp_path)
    path.with_suffix(".cpg").write_text(said, "utf-8")
    with pytest.raises(EncodingUnknown):
        read_layer(path)


def test_ldid_that_is_not_read_is_refused(tmp_path: Path) -> None:
    """LDID 0x03 is Windows Latin: Chinese text under it means a mistake."""
    path = delivery(tmp_path)
    path.with_suffix(".cpg").unlink()
    poke(path.with_suffix(".dbf"), 29, "<B", 0x03)
    with pytest.raises(EncodingUnknown):
        read_layer(path)


@pytest.mark.parametrize("suffix", [".shx", ".dbf"])
def test_missing_part_is_named(tmp_path: Path, suffix: str) -> None:
    """Without .shx or .dbf a Shapefile is none."""
    path = delivery(tmp_path)
    path.with_suffix(suffix).unlink()
    with pytest.raises(ShapefileIncomplete, match=suffix):
        read_layer(path)


@pytest.mark.parametrize("suffix", [".shp", ".shx", ".dbf"])
@pytest.mark.parametrize("keep", [0.0, 0.1, 0.5, 0.98])
def test_truncated_part_is_refused(tmp_path: Path, suffix: str, keep: float) -> None:
    """GDAL alone gives null geometries and no error for a .shp cut in half (hazards.md 1.4)."""
    path = delivery(tmp_path, 40)
    raw = path.with_suffix(suffix).read_bytes()
    path.with_suffix(suffix).write_bytes(raw[: int(len(raw) * keep)])
    with pytest.raises(SourceError) as caught:
        read_layer(path)
    assert isinstance(caught.value, ShapefileDamaged | RecordImpossible | DbfUnreadable)


def test_truncated_shp_with_a_mended_header_is_still_refused(tmp_path: Path) -> None:
    """Records are measured against the file, whatever the header claims."""
    path = delivery(tmp_path, 40)
    half = path.read_bytes()[: path.stat().st_size // 2 // 2 * 2]
    path.write_bytes(half)
    poke(path, 24, ">i", len(half) // 2)
    with pytest.raises(RecordImpossible):
        read_layer(path)


@pytest.mark.parametrize(("place", "value"), [(40, 2**31 - 1), (40, -1), (36, 2**31 - 1), (40, 6)])
def test_record_that_claims_too_many_points_is_refused_by_row(tmp_path: Path, place: int, value: int) -> None:
    """2^31 points in 136 bytes: GDAL alone gives one null geometry (hazards.md 1.4)."""
    path = delivery(tmp_path)
    poke(path, record_offset(path, 2) + place, "<i", value)
    with pytest.raises(RecordImpossible) as caught:
        read_layer(path)
    assert caught.value.row == 2


def test_record_of_another_type_or_length_is_refused_by_row(tmp_path: Path) -> None:
    """A point among polygons, or a length that the index contradicts."""
    path = delivery(tmp_path)
    poke(path, record_offset(path, 1), "<i", 1)
    with pytest.raises(RecordImpossible, match="record 1 "):
        read_layer(path)
    path = delivery(tmp_path)
    poke(path, record_offset(path, 3) - 4, ">i", 60)
    with pytest.raises(RecordImpossible, match="record 3 "):
        read_layer(path)


def test_record_over_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    """50 MB a feature (hazards.md 1.4); the claim alone is enough."""
    path = delivery(tmp_path)
    poke(path.with_suffix(".shx"), 104, ">i", 26_000_000)
    with pytest.raises(RecordImpossible):
        read_layer(path)


def test_dbf_of_another_length_is_refused(tmp_path: Path) -> None:
    """Shapes and rows belong together one to one."""
    path = delivery(tmp_path)
    poke(path.with_suffix(".dbf"), 4, "<I", 3)
    with pytest.raises(FeatureCountDiffers):
        read_layer(path)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_vertex_that_is_not_finite_is_listed_by_row(tmp_path: Path, value: float) -> None:
    """NaN and infinity pass through GDAL as if they were coordinates (hazards.md 1.4)."""
    path = delivery(tmp_path)
    poke(path, record_offset(path, 1) + 48 + 16, "<d", value)
    layer = read_layer(path)
    assert [(fault.row, fault.code) for fault in layer.faults] == [(1, "not_finite")]
    assert len(layer.frame) == 4


def test_null_shape_is_listed_by_row(tmp_path: Path) -> None:
    """A row without geometry is kept, with None, and listed."""
    path = delivery(tmp_path)
    poke(path, record_offset(path, 2), "<i", 0)
    layer = read_layer(path)
    assert [(fault.row, fault.code) for fault in layer.faults] == [(2, "null_geometry")]
    assert layer.frame.geometry[2] is None
    assert layer.frame["DKMC"].to_list() == NAMES


def test_unclosed_ring_is_listed_by_row(tmp_path: Path) -> None:
    """A ring whose last vertex is not its first is reported, never closed silently."""
    path = delivery(tmp_path)
    poke(path, record_offset(path, 0) + 48 + 4 * 16, "<d", 574_001.0)
    layer = read_layer(path)
    assert [(fault.row, fault.code) for fault in layer.faults] == [(0, "broken_geometry")]
    assert layer.frame.geometry[0] is None


@pytest.mark.parametrize(
    ("column", "cell", "error"),
    [
        ("SCMJ", b"          12,5x", ValueMalformed),
        ("SCMJ", "        一百亩".encode("gbk"), ValueMalformed),
        ("BSM", b"1.5e400", ValueMalformed),
    ],
)
def test_number_that_is_none_is_refused_by_row_and_field(
    tmp_path: Path, column: str, cell: bytes, error: type[FieldError]
) -> None:
    """A number that cannot be read is not a zero."""
    path = delivery(tmp_path)
    dbf = path.with_suffix(".dbf")
    raw = bytearray(dbf.read_bytes())
    header, width = int.from_bytes(raw[8:10], "little"), int.from_bytes(raw[10:12], "little")
    offset, size = {"BSM": (1, 10), "SCMJ": (1 + 10 + 19 + 50, 16)}[column]
    at = header + 3 * width + offset
    raw[at : at + size] = cell.rjust(size)
    dbf.write_bytes(bytes(raw))
    with pytest.raises(error) as caught:
        read_layer(path)
    assert f"row 3, field {column}" in caught.value.en


def _with_cell(path: Path, field: DbfField, cell: bytes) -> Path:
    """Give a delivery of one row whose one field holds these bytes."""
    frame = gpd.GeoDataFrame({field.name: [None]}, geometry=[shapely.box(574_000, 4_263_000, 574_010, 4_263_010)])
    write_shapefile(frame, path, epsg=4545, encoding="GBK", fields=[field])
    dbf = path.with_suffix(".dbf")
    dbf.write_bytes(dbf.read_bytes()[: 32 + 32 + 1 + 1] + cell.ljust(field.width) + b"\x1a")
    return path


@pytest.mark.parametrize(
    ("field", "cell", "value"),
    [
        (DbfField("D", "D", 8), b"20271231", dt.datetime(2027, 12, 31)),  # noqa: DTZ001 - a table knows no zone
        (DbfField("D", "D", 8), b"00000000", None),
        (DbfField("D", "D", 8), b"20270230", ValueMalformed),
        (DbfField("D", "D", 8), b"2027", ValueMalformed),
        (DbfField("L", "L", 1), b"y", True),
        (DbfField("L", "L", 1), b"F", False),
        (DbfField("L", "L", 1), b"?", None),
        (DbfField("L", "L", 1), b"X", ValueMalformed),
        (DbfField("N", "N", 5), b"*****", None),
        (DbfField("N", "N", 5), b"   42", 42),
        (DbfField("N", "N", 5), b"1.5", 1.5),
        (DbfField("N", "N", 18), b"150699189901010011", 150699189901010011),
        (DbfField("N", "N", 20), b"15069918990101001100", ValueMalformed),
        (DbfField("N", "N", 8, 2), b"nan", ValueMalformed),
        (DbfField("C", "C", 9), b"\xb6\xab\0\xff\xff", "东"),
        (DbfField("C", "C", 9), b"a\nb", "a\nb"),
        (DbfField("C", "C", 9), b"a\n\xff", TextUndecodable),
        (DbfField("C", "C", 9), b"  a", "  a"),
    ],
)
def test_cell_is_read_exactly_or_refused(tmp_path: Path, field: DbfField, cell: bytes, value: object) -> None:
    """Dates that do not exist, ID numbers as long as numbers can be, asterisks, NUL padding, line feeds."""
    path = _with_cell(tmp_path / "cell.shp", field, cell)
    if isinstance(value, type):
        with pytest.raises(value) as caught:
            read_layer(path)
        assert f"row 0, field {field.name}" in str(caught.value)
        return
    found = read_layer(path).frame[field.name][0]
    assert (None if pd.isna(found) else found) == value


def test_field_type_that_is_not_read_is_refused(tmp_path: Path) -> None:
    """A memo or binary field has its content elsewhere."""
    path = delivery(tmp_path)
    poke(path.with_suffix(".dbf"), 32 + 11, "<B", ord("M"))
    with pytest.raises(FieldKindUnknown, match="BSM"):
        read_layer(path)


@pytest.mark.parametrize(
    "geom",
    [
        shapely.Point(574_000.25, 4_263_000.5),
        shapely.Point(574_000.25, 4_263_000.5, 1_300.0),
        shapely.LineString([(574_000, 4_263_000), (574_010, 4_263_010)]),
        shapely.MultiPoint([(574_000, 4_263_000), (574_010, 4_263_010)]),
        shapely.Polygon([(574_000, 4_263_000, 1.0), (574_000, 4_263_010, 2.0), (574_010, 4_263_010, 3.0)]),
    ],
)
def test_boundary_points_and_lines_and_heights_are_read(tmp_path: Path, geom: BaseGeometry) -> None:
    """JZD are points, JZX lines; a height that was surveyed is handed on."""
    path = tmp_path / "other.shp"
    write_shapefile(gpd.GeoDataFrame({"BSM": [1, 2]}, geometry=[geom, geom]), path, epsg=4545, encoding="GBK")
    layer = read_layer(path)
    assert shapely.equals_exact(layer.frame.geometry.to_numpy(), geom, 0.0).all()
    assert (shapely.has_z(layer.frame.geometry.to_numpy()) == shapely.has_z(geom)).all()
    poke(path.with_suffix(".shx"), 104, ">i", 2)
    poke(path, record_offset(path, 0) - 4, ">i", 2)
    with pytest.raises(RecordImpossible, match="record 0 "):
        read_layer(path)


def test_empty_layers_have_no_rows(tmp_path: Path) -> None:
    """A layer without features is read as such in every format."""
    frame = read_layer(delivery(tmp_path)).frame.iloc[:0]
    write_shapefile(frame, tmp_path / "none.shp", epsg=4545, encoding="GBK", fields=DK_FIELDS)
    write_geopackage(frame, tmp_path / "none.gpkg", epsg=4545, layer="DK")
    for name in ("none.shp", "none.gpkg"):
        layer = read_layer(tmp_path / name)
        assert (len(layer.frame), layer.header_count, layer.faults) == (0, 0, ())
    write_geojson(frame, tmp_path / "none.geojson", epsg=4545)
    assert read_layer(tmp_path / "none.geojson").header_count == 0


# --- lies of the others -------------------------------------------------------------------------------------------


def test_layer_of_a_geopackage_is_named_when_there_are_several(tmp_path: Path) -> None:
    """Which of two layers is meant is never guessed."""
    frame = read_layer(delivery(tmp_path)).frame
    path = tmp_path / "two.gpkg"
    write_geopackage(frame, path, epsg=4545, layer="DK")
    with sqlite3.connect(path) as connection:
        for statement in (
            "INSERT INTO gpkg_contents (table_name, data_type, srs_id) VALUES ('DK2', 'features', 4545)",
            "CREATE VIEW DK2 AS SELECT * FROM DK",
            "INSERT INTO gpkg_geometry_columns VALUES ('DK2', 'geom', 'POLYGON', 4545, 0, 0)",
        ):
            connection.execute(statement)
    connection.close()
    with pytest.raises(LayerNotSingle, match="DK, DK2"):
        read_layer(path)
    assert len(read_layer(path, layer="DK").frame) == 4
    with pytest.raises(LayerNotPlain, match="DK2"):
        read_layer(path, layer="DK2")
    with pytest.raises(LayerNotSingle):
        read_layer(path, layer="DK3")


@pytest.mark.parametrize("keep", [20, 2_000, 30_000])
def test_damaged_geopackage_is_refused(tmp_path: Path, keep: int) -> None:
    """A GeoPackage cut off, or an SQLite file that is none, is refused by our own error."""
    frame = read_layer(delivery(tmp_path, 400)).frame
    path = tmp_path / "cut.gpkg"
    write_geopackage(frame, path, epsg=4545, layer="DK")
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(SourceError):
        read_layer(path)


def test_text_of_a_geopackage_that_is_not_utf8_is_refused_by_row_and_field(tmp_path: Path) -> None:
    """GDAL hands over whatever bytes a TEXT column holds."""
    frame = read_layer(delivery(tmp_path)).frame
    path = tmp_path / "bytes.gpkg"
    write_geopackage(frame, path, epsg=4545, layer="DK")
    gbk = "东滩".encode("gbk").hex()
    with sqlite3.connect(path) as connection:
        register_functions(connection)
        connection.execute(f"UPDATE DK SET DKMC = CAST(x'{gbk}' AS TEXT) WHERE fid = 3")
    connection.close()
    with pytest.raises(TextUndecodable) as caught:
        read_layer(path)
    assert (caught.value.row, caught.value.field) == (2, "DKMC")


@pytest.mark.parametrize(
    "text",
    [
        "{",
        '{"type":"FeatureCollection"}',
        '{"type":"FeatureCollection","features":[{"type":"Feature",',
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":NaN},"geometry":null}]}',
        '{"type":"FeatureCollection","features":[{"geometry":{"type":"Point","coordinates":[1e400,0]}}]}',
        '{"a":' * 5_000,
        "{" + "[" * 200_000,
        '{"type":"Feature","geometry":null,"properties":{}}',
        "[]",
        "{}x",
        '{"type":"FeatureCollection","features":[1,2]}',
    ],
)
def test_damaged_geojson_is_refused(tmp_path: Path, text: str) -> None:
    """Cut off, not finite, nested without end or no collection: our own error, whatever GDAL would say."""
    path = tmp_path / "bad.geojson"
    path.write_text(text)
    with pytest.raises(GisError):
        read_layer(path)


def test_geojson_in_utf16_or_gbk_is_refused(tmp_path: Path) -> None:
    """JSON is UTF-8 (RFC 8259)."""
    path = tmp_path / "bad.geojson"
    text = '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"名":"东滩"},"geometry":null}]}'
    for raw in (text.encode("utf-16"), text.encode("gbk")):
        path.write_bytes(raw)
        with pytest.raises(SourceError):
            read_layer(path)
    path.write_bytes(b"\xef\xbb\xbf" + text.encode("utf-8"))
    layer = read_layer(path)
    assert layer.frame["名"].to_list() == ["东滩"]
    assert [(fault.row, fault.code) for fault in layer.faults] == [(0, "null_geometry")]


@pytest.mark.parametrize("name", ["a.kml", "a.csv", "a.xlsx", "a.gml", "a.zip", "a", "a.geojson", "a.gpkg"])
def test_other_format_is_refused_by_content_and_name(tmp_path: Path, name: str) -> None:
    """Three formats and no fourth; a name promises nothing."""
    (tmp_path / name).write_bytes(b"PK\3\4 or anything else")
    with pytest.raises(FormatUnknown):
        read_layer(tmp_path / name)


def test_missing_file_is_refused(tmp_path: Path) -> None:
    """A path that is no file is told as such."""
    with pytest.raises(SourceUnreadable):
        read_layer(tmp_path / "none.shp")


def test_geojson_of_ours_is_read_back(tmp_path: Path) -> None:
    """GeoJSON is in degrees: the CRS text says so and recognise() will refuse it for a register."""
    frame = read_layer(delivery(tmp_path)).frame
    write_geojson(frame, tmp_path / "out.geojson", epsg=4545)
    layer = read_layer(tmp_path / "out.geojson")
    assert np.abs(layer.frame.geometry.bounds.to_numpy()).max() < 180
