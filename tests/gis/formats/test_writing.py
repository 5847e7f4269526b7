"""Does everything that leaves come back the same, and is nothing cut or replaced on the way?"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import struct
import subprocess
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings

from gis.crs import to_lonlat
from gis.formats import DbfField, read_layer, write_geojson, write_geopackage, write_shapefile
from gis.formats.dbf_writing import FieldNameUnfit, ValueDoesNotFit
from gis.formats.refusals import TargetUnwritable
from tests.gis.formats.layers import DK_FIELDS, delivery, frames
from tests.gis.polygons import same_ground

few = settings(max_examples=40)
needs_ogr = pytest.mark.skipif(shutil.which("ogr2ogr") is None, reason="ogr2ogr (gdal-bin) is not installed")
SQUARE = shapely.box(574_000, 4_263_000, 574_010, 4_263_010)


def _plain(frame: pd.DataFrame) -> list[dict[str, object]]:
    """Give rows of plain values: None for missing, a date for a day, whatever dtype a format came back in."""
    columns = pd.DataFrame(frame).drop(columns="geometry").astype(object)
    return [{str(name): _plain_value(value) for name, value in row.items()} for row in columns.to_dict("records")]


def _plain_value(value: object) -> object:
    if pd.isna(value):
        return None
    return value.date() if isinstance(value, dt.datetime) else value


@few
@given(frame=frames())
@pytest.mark.parametrize("encoding", ["UTF-8", "GBK"])
def test_shapefile_round_trip_keeps_every_value_and_vertex(
    encoding: Literal["UTF-8", "GBK"], frame: gpd.GeoDataFrame
) -> None:
    """Out and in again: same texts, numbers to the last bit, days, yes/no, and the same ground."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "out.shp"
        write_shapefile(frame, path, epsg=4545, encoding=encoding)
        layer = read_layer(path)
    assert _plain(layer.frame) == _plain(frame)
    assert layer.encoding == encoding
    assert same_ground(layer.frame.geometry.to_numpy(), frame.geometry.to_numpy())


@few
@given(frame=frames())
def test_shapefile_written_again_is_the_same_bytes(frame: gpd.GeoDataFrame) -> None:
    """In and out again: what was read and is written anew does not differ in one byte of shapes and table."""
    with tempfile.TemporaryDirectory() as folder:
        first, second = Path(folder) / "first.shp", Path(folder) / "second.shp"
        write_shapefile(frame, first, epsg=4545, encoding="GBK")
        write_shapefile(read_layer(first).frame, second, epsg=4545, encoding="GBK")
        for suffix in (".shp", ".shx", ".dbf", ".prj", ".cpg"):
            assert first.with_suffix(suffix).read_bytes() == second.with_suffix(suffix).read_bytes(), suffix


@few
@given(frame=frames())
def test_geopackage_round_trip_keeps_every_bit(frame: gpd.GeoDataFrame) -> None:
    """GeoPackage keeps even the order of the vertices."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "out.gpkg"
        write_geopackage(frame, path, epsg=4545, layer="地块")
        layer = read_layer(path)
    assert layer.name == "地块"
    assert _plain(layer.frame) == _plain(frame)
    assert (shapely.to_wkb(layer.frame.geometry.to_numpy()) == shapely.to_wkb(frame.geometry.to_numpy())).all()


@few
@given(frame=frames())
def test_geojson_round_trip_keeps_values_and_a_millimetre(frame: gpd.GeoDataFrame) -> None:
    """RFC 7946: longitude first, 8 decimals, outer rings counter-clockwise and holes clockwise, no crs member."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "out.geojson"
        write_geojson(frame, path, epsg=4545)
        document = json.loads(path.read_text("utf-8"))
        back = read_layer(path).frame
    assert set(document) == {"type", "features"}
    assert [each["properties"] for each in document["features"]] == [
        {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in row.items()}
        for row in _plain(frame)
    ]
    lonlat = to_lonlat(frame.geometry.to_numpy(), 4545)
    near = shapely.equals_exact(
        shapely.normalize(shapely.set_precision(back.geometry.to_numpy(), 0)), shapely.normalize(lonlat), 2e-8
    )
    hausdorff = shapely.hausdorff_distance(back.geometry.to_numpy(), lonlat)
    assert (near | (hausdorff < 2e-8)).all()
    for part in shapely.get_parts(back.geometry.to_numpy()):
        assert shapely.is_ccw(part.exterior)
        assert not any(shapely.is_ccw(hole) for hole in part.interiors)
    for text in json.dumps([each["geometry"]["coordinates"] for each in document["features"]]).split(","):
        assert len(text.strip("[] ").partition(".")[2]) <= 8


@needs_ogr
@pytest.mark.parametrize("encoding", ["UTF-8", "GBK"])
def test_ogr2ogr_reads_our_shapefile_as_we_do(tmp_path: Path, encoding: str) -> None:
    """Another GDAL finds encoding, widths, CRS and rows of our Shapefile."""
    source = delivery(tmp_path, encoding=encoding)
    subprocess.run(["ogr2ogr", "-f", "CSV", tmp_path / "out.csv", source], check=True)
    read = pd.read_csv(tmp_path / "out.csv", dtype=str)
    assert read["DKMC"].to_list() == [f"东滩草场{row}" for row in range(4)]
    assert read["DKBM"].to_list() == [f"15062610020100{row:05d}" for row in range(4)]
    told = subprocess.run(["ogrinfo", "-so", "-al", source], check=True, capture_output=True, text=True).stdout
    for piece in ("DKBM: String (19.0)", "DKMC: String (50.0)", "SCMJ: Real (16.2)", 'ID["EPSG",4545]'):
        assert piece in told


@needs_ogr
def test_geojson_meets_ogr2ogr_s_rfc7946(tmp_path: Path) -> None:
    """The same coordinates as GDAL's own RFC 7946 writer, to the last of seven decimals that it writes."""
    source = delivery(tmp_path)
    theirs = tmp_path / "theirs.geojson"
    subprocess.run(
        ["ogr2ogr", "-f", "GeoJSON", "-t_srs", "EPSG:4490", "-lco", "RFC7946=YES", theirs, source],
        check=True,
        capture_output=True,
    )
    write_geojson(read_layer(source).frame, tmp_path / "ours.geojson", epsg=4545)
    ours, other = (read_layer(path).frame.geometry.to_numpy() for path in (tmp_path / "ours.geojson", theirs))
    assert (shapely.hausdorff_distance(ours, other) < 2e-7).all()


def test_gbk_shapefile_says_so_twice(tmp_path: Path) -> None:
    """LDID 0x4D and .cpg GBK, as county tools do (standards.md 5.4); .prj is the ESRI name of CM 108."""
    path = delivery(tmp_path)
    assert path.with_suffix(".dbf").read_bytes()[29] == 0x4D
    assert path.with_suffix(".cpg").read_text() == "GBK"
    assert path.with_suffix(".prj").read_text().startswith('PROJCS["CGCS2000_3_Degree_GK_CM_108E"')


def test_widths_count_bytes(tmp_path: Path) -> None:
    """Char(50) is 25 Chinese characters in GBK: 25 fit, 26 are refused by row and field, none is cut off."""
    for length, fits in ((25, True), (26, False)):
        frame = gpd.GeoDataFrame({"DKMC": ["短", "长" * length]}, geometry=[SQUARE, SQUARE])
        path = tmp_path / "w.shp"
        fields = [DbfField("DKMC", "C", 50)]
        if fits:
            write_shapefile(frame, path, epsg=4545, encoding="GBK", fields=fields)
            assert read_layer(path).frame["DKMC"].to_list() == ["短", "长" * 25]
        else:
            with pytest.raises(ValueDoesNotFit) as caught:
                write_shapefile(frame, path, epsg=4545, encoding="GBK", fields=fields)
            assert (caught.value.row, caught.value.field) == (1, "DKMC")
            assert "52" in caught.value.en


def test_text_outside_gbk_is_refused_by_row_and_field_and_nothing_is_written(tmp_path: Path) -> None:
    """A rare name goes out as UTF-8 or not at all; it never becomes a question mark."""
    frame = gpd.GeoDataFrame({"ZJRXM": ["巴图", "𠮷田"]}, geometry=[SQUARE, SQUARE])
    with pytest.raises(ValueDoesNotFit) as caught:
        write_shapefile(frame, tmp_path / "rare.shp", epsg=4545, encoding="GBK")
    assert (caught.value.row, caught.value.field) == (1, "ZJRXM")
    assert "GBK" in caught.value.zh
    assert list(tmp_path.iterdir()) == []
    write_shapefile(frame, tmp_path / "rare.shp", epsg=4545, encoding="UTF-8")
    assert read_layer(tmp_path / "rare.shp").frame["ZJRXM"].to_list() == ["巴图", "𠮷田"]


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        (["a\0b"], DbfField("F", "C", 9)),
        (["a" * 255], None),
        ([1.5], DbfField("F", "C", 9)),
        ([123456.0], DbfField("F", "N", 5, 1)),
        ([float("inf")], None),
        ([dt.datetime(2028, 1, 1, 12, 30)], None),  # noqa: DTZ001 - a table knows no zone
        (["2028-01-01"], DbfField("F", "D", 8)),
    ],
)
def test_value_that_would_be_lost_is_refused(tmp_path: Path, column: list[object], kind: DbfField | None) -> None:
    """Too long, too large, not finite, with a time of day, of another type: said, not cut."""
    frame = gpd.GeoDataFrame({"F": column}, geometry=[SQUARE])
    with pytest.raises(ValueDoesNotFit) as caught:
        write_shapefile(frame, tmp_path / "x.shp", epsg=4545, encoding="UTF-8", fields=[kind] if kind else None)
    assert (caught.value.row, caught.value.field) == (0, "F")


@pytest.mark.parametrize("names", [["ABCDEFGHIJK"], [""], ["宗地图名称号"], ["abc", "ABC"]])
def test_field_name_that_does_not_fit_is_refused(tmp_path: Path, names: list[str]) -> None:
    """1 to 10 bytes, each once whatever its case."""
    frame = gpd.GeoDataFrame({name: ["x"] for name in names}, geometry=[SQUARE])
    with pytest.raises(FieldNameUnfit):
        write_shapefile(frame, tmp_path / "x.shp", epsg=4545, encoding="GBK")


def test_missing_values_are_blank_in_every_type(tmp_path: Path) -> None:
    """A missing number is no zero, a missing yes/no no no."""
    frame = gpd.GeoDataFrame(
        {
            "C": ["x", None],
            "N": pd.array([7, None], dtype="Int64"),
            "F": [1.25, np.nan],
            "D": [dt.date(9999, 1, 1), None],
            "L": pd.array([True, None], dtype="boolean"),
            "M": [Decimal("666.67"), None],
        },
        geometry=[SQUARE, None],
    )
    write_shapefile(frame, tmp_path / "x.shp", epsg=4545, encoding="GBK")
    layer = read_layer(tmp_path / "x.shp")
    assert _plain(layer.frame) == [
        {"C": "x", "N": 7, "F": 1.25, "D": dt.date(9999, 1, 1), "L": True, "M": 666.67},
        dict.fromkeys("CNFDLM"),
    ]
    assert [fault.code for fault in layer.faults] == ["null_geometry"]


def test_exact_decimals_become_numbers_in_geopackage_and_geojson(tmp_path: Path) -> None:
    """A recorded area of 666.67 m² is REAL in a GeoPackage and a number in JSON."""
    frame = gpd.GeoDataFrame({"SCMJ": [Decimal("666.67"), None]}, geometry=[SQUARE, None])
    write_geopackage(frame, tmp_path / "x.gpkg", epsg=4545, layer="DK")
    assert _plain(read_layer(tmp_path / "x.gpkg").frame) == [{"SCMJ": 666.67}, {"SCMJ": None}]
    write_geojson(frame, tmp_path / "x.geojson", epsg=4545)
    document = json.loads((tmp_path / "x.geojson").read_text())
    assert [each["properties"]["SCMJ"] for each in document["features"]] == [666.67, None]
    assert document["features"][1]["geometry"] is None


def test_value_without_a_word_in_json_or_geopackage_is_refused(tmp_path: Path) -> None:
    """A Python object in a column is a mistake that is said, not a text of its repr."""
    frame = gpd.GeoDataFrame({"X": [{1, 2}, "a"]}, geometry=[SQUARE, SQUARE])
    with pytest.raises(ValueDoesNotFit):
        write_geojson(frame, tmp_path / "x.geojson", epsg=4545)
    with pytest.raises(ValueDoesNotFit):
        write_geopackage(frame, tmp_path / "x.gpkg", epsg=4545, layer="X")


def test_folder_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    """Our own error, in both languages, for each format."""
    frame = gpd.GeoDataFrame({"X": ["a"]}, geometry=[SQUARE])
    nowhere = tmp_path / "nowhere"
    with pytest.raises(TargetUnwritable):
        write_geojson(frame, nowhere / "x.geojson", epsg=4545)
    with pytest.raises(TargetUnwritable):
        write_geopackage(frame, nowhere / "x.gpkg", epsg=4545, layer="X")


def test_field_order_and_header_follow_the_standard(tmp_path: Path) -> None:
    """The columns asked for, in that order, with the widths asked for (NY/T 2539 DK)."""
    raw = delivery(tmp_path).with_suffix(".dbf").read_bytes()
    described = [struct.unpack_from("<11sc4xBB", raw, 32 + 32 * at) for at in range(len(DK_FIELDS))]
    assert [
        (name.rstrip(b"\0").decode(), kind.decode(), width, decimals) for name, kind, width, decimals in described
    ] == [(field.name, field.kind, field.width, field.decimals) for field in DK_FIELDS]
