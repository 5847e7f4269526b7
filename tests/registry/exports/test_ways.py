"""Do outside readers find in every format what the register answers, value by value, and whence it comes?"""

from __future__ import annotations

import hashlib
import itertools
import json
import re
import shutil
import struct
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pmtiles.reader
import pyarrow.parquet as pq
import pytest
import shapely

from gis.crs import to_lonlat
from gis.formats.flowing import HIGHEST_ZOOM, LOWEST_ZOOM
from gis.formats.refusals import TargetUnwritable
from registry import parties
from registry.exports import FORMATS, Scope, Selection, export, flat, flow, gather, source, village_scope
from registry.exports.beside import as_texts, provenance
from registry.exports.columns import PARCEL_COLUMNS, RIGHT_COLUMNS
from registry.ledger.act import ActFields
from registry.ledger.commit import desk
from registry.parcels import acts as parcels
from registry.parties import Organisation
from tests.registry import made_up

if TYPE_CHECKING:
    from pathlib import Path

    from registry.store.engines import Store
    from tests.registry.made_up import Village

needs_ogr = pytest.mark.skipif(shutil.which("ogr2ogr") is None, reason="no gdal-bin: an outside reader is missing")
PMTILES: Any = pmtiles.reader  # has no types
COLUMNS = (*PARCEL_COLUMNS, *RIGHT_COLUMNS)
ROWS = ["gpkg", "geojson", "shp", "fgb", "parquet"]
VILLAGE = "乌审召·ᠤᠷᠳᠤᠰ 嘎查"
"""A middle dot and Mongolian script, as names of the banner have them."""


@pytest.fixture
def scope(store: Store, village: Village, monkeypatch: pytest.MonkeyPatch) -> Scope:
    """The made-up village on either engine, under a name of two scripts; two parcels at a time."""
    monkeypatch.setattr(source, "BATCH", 2)
    with store.reading() as connection:
        found = village_scope(store, connection, "150626100210")
    named = Organisation("15062610021000", VILLAGE)
    monkeypatch.setattr(parties, "organisations", lambda _connection, ids: dict.fromkeys(ids, named))
    return found


@pytest.fixture
def whole(scope: Scope) -> Selection:
    """What the register answers."""
    with scope.store.reading() as connection:
        return gather.whole(scope, connection)


def by_geopandas(path: Path, layer: str | None) -> list[dict[str, Any]]:
    """What geopandas reads, in a process whose GDAL has every driver; the shape as WKB."""
    program = (
        "import sys, geopandas as gpd, shapely\n"
        "path, layer = sys.argv[1:]\n"
        "how = {'layer': layer} if layer else {}\n"
        "read = gpd.read_parquet(path) if path.endswith('parquet') else gpd.read_file(path, **how)\n"
        "assert str(read.crs.to_epsg()) in ('4545', '4326'), read.crs\n"
        "read['wkb'] = shapely.to_wkb(read.geometry.to_numpy(), hex=True)\n"
        "print(read.drop(columns='geometry').to_json(orient='records', date_format='iso'))\n"
    )
    done = subprocess.run([sys.executable, "-c", program, path, layer or ""], capture_output=True, check=True)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def by_ogr2ogr(path: Path | str, layer: str | None) -> list[dict[str, Any]]:
    """What ogr2ogr, of another GDAL, reads."""
    words = [
        "ogr2ogr",
        "-f",
        "GeoJSON",
        "-lco",
        "RFC7946=NO",
        "-lco",
        "COORDINATE_PRECISION=17",
        "/vsistdout/",
        str(path),
    ]
    done = subprocess.run([*words, *([layer] if layer else [])], capture_output=True, check=True)
    assert not done.stderr, done.stderr.decode()
    return [
        {**feature["properties"], "wkb": shapely.to_wkb(shapely.geometry.shape(feature["geometry"]), hex=True)}
        for feature in json.loads(done.stdout)["features"]
    ]


def expected(row: dict[str, Any], form: str) -> dict[str, Any]:
    """A row of the register's answer as a format says it: an area is its text and its number, or in a Shapefile its number."""
    said: dict[str, Any] = {}
    for column in COLUMNS:
        value = None if pd.isna(row[column.name]) else row[column.name]
        if form == "shp":
            empty = value is None or value == ""
            said[column.short] = None if empty else float(str(value)) if column.kind == "area" else value
            continue
        said[column.name] = value
        if column.number:
            said[column.number] = float(str(value)) if value else None
    return said


@needs_ogr
@pytest.mark.parametrize("form", ROWS)
def test_each_format_says_what_the_register_answers(scope: Scope, whole: Selection, tmp_path: Path, form: str) -> None:
    """Texts of two scripts, days, 亩 and m² to the last digit, yes-no, what is missing, every vertex; row by row."""
    path = export(scope, form, tmp_path / f"village.{form}").path
    wanted = whole.rights.drop(columns="geometry").to_dict("records")
    shapes = whole.rights.geometry.to_numpy()
    layer = "rights" if form == "gpkg" else None
    readers = [by_geopandas(path, layer)]
    if form != "parquet":  # gdal-bin of Debian has no driver for it
        readers.append(by_ogr2ogr(path, layer))
    for read in readers:
        assert len(read) == len(wanted) == 6
        found = {
            (row.get("parcel_code") or row.get("地块码"), row.get("right") or row.get("权利")): row for row in read
        }
        for row, shape in zip(wanted, shapes, strict=True):
            right = None if pd.isna(row["right"]) else row["right"]
            theirs = found[row["parcel_code"], right]
            for name, value in expected(row, form).items():
                assert _plain(theirs.pop(name, None)) == _plain(value), name
            drawn = shapely.from_wkb(theirs.pop("wkb"))
            if form == "geojson":
                assert shapely.hausdorff_distance(drawn, to_lonlat(np.array([shape]), 4545)[0]) < 1e-8
            else:
                assert shapely.equals_exact(shapely.normalize(drawn), shapely.normalize(shape), 0)
            assert theirs == {}


def _plain(value: object) -> object:
    """What readers make of the same value: no empty text in dBASE, its yes-no as a letter, a day of GeoJSON as an instant."""
    if not isinstance(value, str):
        return value
    day = re.fullmatch(r"(\d{4})[-/](\d\d)[-/](\d\d)(T00:00:00.*)?", value)
    return "-".join(day.groups()[:3]) if day else {"": None, "T": True, "F": False, "?": None}.get(value, value)


@pytest.mark.parametrize("form", ["gpkg", "shp", "fgb", "parquet"])
@pytest.mark.parametrize("epsg", [4524, 4490])
def test_reference_system_asked_for_is_written(scope: Scope, tmp_path: Path, form: str, epsg: int) -> None:
    """EPSG:4524 has its zone number in front of the easting; 4490 is longitude, latitude, in that order in the file."""
    path = export(scope, form, tmp_path / f"x.{form}", epsg=epsg).path
    program = (
        "import sys, geopandas as gpd\n"
        "read = (gpd.read_parquet if sys.argv[1].endswith('parquet') else gpd.read_file)(sys.argv[1])\n"
        "print(read.crs.to_epsg(), *read.total_bounds)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, path], capture_output=True, check=True, text=True)
    found, west, south, *_ = (float(word) for word in done.stdout.split())
    assert found == epsg
    assert (36_500_000 < west < 36_700_000) if epsg == 4524 else (108 < west < 110 and 38 < south < 39)


def test_geoparquet_metadata_are_those_of_version_1_1(scope: Scope, whole: Selection, tmp_path: Path) -> None:
    """GeoParquet 1.1.0: WKB, PROJJSON, the types there are, the box; whence the file comes stands beside."""
    path = export(scope, "parquet", tmp_path / "x.parquet").path
    found = pq.read_metadata(path).metadata
    geo = json.loads(found[b"geo"])
    assert (geo["version"], geo["primary_column"]) == ("1.1.0", "geometry")
    column = geo["columns"]["geometry"]
    assert column["encoding"] == "WKB"
    assert column["geometry_types"] == ["Polygon"]
    assert column["bbox"] == whole.rights.total_bounds.tolist()
    assert column["crs"]["id"] == {"authority": "EPSG", "code": 4545}
    assert {name.decode(): value.decode() for name, value in found.items() if name.startswith(b"sanquan_")} == as_texts(
        provenance(scope)
    )


@needs_ogr
def test_pmtiles_hold_every_parcel_where_it_lies(scope: Scope, whole: Selection, tmp_path: Path) -> None:
    """Read by the format's own library: zoom 8 to 15, every parcel's facts, its outline within half a metre."""
    path = export(scope, "pmtiles", tmp_path / "x.pmtiles").path
    with path.open("rb") as file:
        source = PMTILES.MmapSource(file)
        header, metadata = PMTILES.Reader(source).header(), PMTILES.Reader(source).metadata()
        tiles = {place: data for place, data in PMTILES.all_tiles(source) if place[0] == HIGHEST_ZOOM}
    assert (header["min_zoom"], header["max_zoom"]) == (LOWEST_ZOOM, HIGHEST_ZOOM)
    for fact in provenance(scope).values():
        assert str(fact) in metadata["description"]
    pieces: dict[str, list[tuple[dict[str, Any], shapely.Geometry]]] = {}
    for (zoom, x, y), data in tiles.items():
        tile = tmp_path / f"{zoom}-{x}-{y}.mvt"
        tile.write_bytes(data)
        words = ["ogr2ogr", "-f", "GeoJSON", "/vsistdout/", str(tile), "parcels", "-t_srs", "EPSG:4545"]
        how = ["-oo", f"X={x}", "-oo", f"Y={y}", "-oo", f"Z={zoom}", "-lco", "RFC7946=NO"]
        done = subprocess.run([*words, *how], capture_output=True, check=True)
        for feature in json.loads(done.stdout)["features"]:
            shape = shapely.make_valid(shapely.geometry.shape(feature["geometry"]))
            pieces.setdefault(feature["properties"]["parcel_code"], []).append((feature["properties"], shape))
    for row, shape in zip(
        whole.parcels.drop(columns="geometry").to_dict("records"), whole.parcels.geometry, strict=True
    ):
        mine = pieces.pop(row["parcel_code"])
        for facts, _ in mine:
            for column in PARCEL_COLUMNS:
                assert _plain(facts.get(column.name)) == _plain(row[column.name])
                if column.number and row[column.name]:
                    assert f"{facts[column.number]:.2f}" == row[column.name]
        drawn = shapely.union_all([piece for _, piece in mine])
        assert drawn.symmetric_difference(shape).area <= shape.length * 0.5
    assert pieces == {}


@pytest.mark.parametrize("form", ["png", "svg"])
def test_map_page_is_a_picture_of_a4(scope: Scope, tmp_path: Path, form: str) -> None:
    """The page of the PDF, as pixels and as outlines that need no font."""
    path = export(scope, form, tmp_path / f"page.{form}").path
    if form == "png":
        raw = path.read_bytes()
        assert raw.startswith(b"\x89PNG")
        assert sorted(struct.unpack_from(">II", raw, 16)) == [1240, 1754]
    else:
        written = path.read_text(encoding="utf-8")
        assert written.startswith("<svg")
        assert "<path" in written
        assert "<text" not in written


@pytest.mark.parametrize("form", FORMATS)
def test_sidecar_has_the_day_the_log_and_the_checksum_of_each_file(scope: Scope, tmp_path: Path, form: str) -> None:
    """As-of date, ledger size, roots, SHA-256: enough to ask for the proof, and to see that the file is whole."""
    done = export(scope, form, tmp_path / f"x.{form}")
    told = json.loads(done.path.with_name(f"{done.path.name}.json").read_text(encoding="utf-8"))
    assert {name: told[name] for name in provenance(scope)} == provenance(scope)
    assert told["ledger_size"] == scope.head.size
    assert told["format"] == form
    for file in told["files"]:
        raw = (tmp_path / file["name"]).read_bytes()
        assert (file["bytes"], file["sha256"]) == (len(raw), hashlib.sha256(raw).hexdigest())
    assert told["files"][0] == {"name": f"x.{form}", "bytes": done.size, "sha256": done.sha256}
    assert {file["name"] for file in told["files"]} | {f"x.{form}.json"} == {each.name for each in tmp_path.glob("x.*")}


def test_whence_a_file_comes_stands_inside_it_where_its_format_has_a_place(scope: Scope, tmp_path: Path) -> None:
    """The file keeps it when the sidecar is lost."""
    root = scope.head.root
    for form in ("gpkg", "geojson", "fgb", "parquet", "pmtiles"):
        path = export(scope, form, tmp_path / f"x.{form}").path
        if form == "pmtiles":
            with path.open("rb") as file:
                assert root in PMTILES.Reader(PMTILES.MmapSource(file)).metadata()["description"]
        else:
            raw = path.read_bytes().replace(b"\\/", b"/")
            assert root.encode() in raw, form


@needs_ogr
def test_archive_holds_the_files_and_their_sidecar_and_is_the_same_each_time(scope: Scope, tmp_path: Path) -> None:
    """`--zip`: what would have stood beside each other; GDAL opens it as it is; nothing is left beside it."""
    done = export(scope, "shp", tmp_path / "village.zip", zipped=True)
    with zipfile.ZipFile(done.path) as archive:
        assert archive.testzip() is None
        names = set(archive.namelist())
        told = json.loads(archive.read("village.shp.json"))
        for file in told["files"]:
            assert hashlib.sha256(archive.read(file["name"])).hexdigest() == file["sha256"]
    assert names == {f"village.{part}" for part in ("shp", "shx", "dbf", "prj", "cpg", "shp.json")}
    assert len(by_ogr2ogr(f"/vsizip/{done.path}/village.shp", None)) == 6
    assert hashlib.sha256(done.path.read_bytes()).hexdigest() == done.sha256
    (tmp_path / "again").mkdir()
    assert export(scope, "shp", tmp_path / "again" / "village.zip", zipped=True).sha256 == done.sha256
    assert {each.name for each in tmp_path.glob("village*")} == {"village.zip"}


def test_progress_is_told_and_reading_that_fails_leaves_nothing(
    scope: Scope, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Six parcels, two at a time, none while the copy is made; a flow that breaks off never looks like a whole file."""
    heard: list[tuple[int, int]] = []
    export(scope, "fgb", tmp_path / "x.fgb", told=lambda done, of: heard.append((done, of)))
    assert heard == [(0, 6), (0, 6), (0, 6), (2, 6), (4, 6), (6, 6)]
    (scope.settings.folder / flat.NAME).unlink()
    read, calls = flow.read_batch, itertools.cycle((False, True))

    def breaks(*asked: Any) -> source.Batch:  # noqa: ANN401  (read_batch's own)
        if next(calls):
            raise ConnectionResetError
        return read(*asked)

    monkeypatch.setattr(flow, "read_batch", breaks)
    for form in ROWS:
        with pytest.raises((ConnectionResetError, TargetUnwritable)):
            export(scope, form, tmp_path / f"y.{form}")
    assert list(tmp_path.glob("y*")) + list(tmp_path.glob(".unfinished*")) == []


def test_flow_is_the_same_however_many_come_at_once(
    scope: Scope, whole: Selection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two at a time, or all: the same rows in the same order."""

    def codes() -> list[str]:
        return [code for batch in flow.batches(scope) for code in batch.rights.column("parcel_code").to_pylist()]

    by_two = codes()
    monkeypatch.setattr(source, "BATCH", 10_000)
    assert by_two == codes() == whole.rights["parcel_code"].tolist()


def test_what_was_known_then_is_exported_again_to_the_byte(scope: Scope, village: Village, tmp_path: Path) -> None:
    """The same day and size of the log give the same file, whatever was registered since; a new size gives the new state."""
    first = export(scope, "geojson", tmp_path / "a.geojson").sha256
    with desk(scope.store, made_up.CLERK) as at:
        act = at.act("survey-corrected", "2018-06-01", ActFields(basis="复测"))
        parcels.change(act, village.parcels["grass"], {"surveyed_area_m2": "2560000.00", "surveyed_area_mu": "3840.00"})
        at.commit()
    assert export(scope, "geojson", tmp_path / "b.geojson").sha256 == first
    with scope.store.reading() as connection:
        now = village_scope(scope.store, connection, "150626100210")
    assert "3840.00" in export(now, "geojson", tmp_path / "c.geojson").path.read_text(encoding="utf-8")
