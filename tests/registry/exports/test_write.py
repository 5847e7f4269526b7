"""Do others read from each exported file what the register says, and nothing about a person?"""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from gis.formats.dbf_writing import ValueDoesNotFit
from registry import parties
from registry.exports import (
    FORMATS,
    FormatUnknownError,
    NothingToExportError,
    Scope,
    Selection,
    export,
    flat,
    gather,
    person_scope,
    village_scope,
)
from registry.exports.columns import PARCEL_COLUMNS, RIGHT_COLUMNS
from registry.exports.write import located
from registry.parties import Organisation
from tests.registry.exports.conftest import NEIGHBOUR, leaked

if TYPE_CHECKING:
    from pathlib import Path

    from registry.store.engines import Store
    from tests.registry.made_up import Village

needs_ogr = pytest.mark.skipif(shutil.which("ogr2ogr") is None, reason="no gdal-bin: an outside reader is missing")
needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no poppler-utils to read a PDF with")
VECTOR = [
    ("gpkg", 4545),
    ("gpkg", 4524),
    ("gpkg", 4490),
    ("shp", 4545),
    ("shp", 4524),
    ("shp", 4490),
    ("geojson", 4490),
]
SHORT = {column.name: column.short for column in (*PARCEL_COLUMNS, *RIGHT_COLUMNS)}


@pytest.fixture
def engine_name() -> str:
    """What is written does not depend on the engine that it was read from; test_gather reads from both."""
    return "file"


@pytest.fixture
def scope(store: Store, village: Village) -> Scope:
    """The made-up village."""
    with store.reading() as connection:
        return village_scope(store, connection, "150626100210")


@pytest.fixture
def whole(scope: Scope) -> Selection:
    """What the register answers about it."""
    with scope.store.reading() as connection:
        return gather.whole(scope, connection)


def ogr_rows(path: Path, layer: str) -> list[dict[str, Any]]:
    """What ogr2ogr, with a GDAL of its own, reads out of a layer."""
    arguments = ["ogr2ogr", "-f", "GeoJSON", "-lco", "RFC7946=NO", "/vsistdout/", str(path), layer]
    done = subprocess.run(arguments, capture_output=True, check=True)
    assert not done.stderr, done.stderr.decode()
    return [feature["properties"] for feature in json.loads(done.stdout)["features"]]


@needs_ogr
@pytest.mark.parametrize(("form", "epsg"), VECTOR)
def test_recorded_area_survives_export_in_each_reference_system(
    scope: Scope, whole: Selection, tmp_path: Path, form: str, epsg: int
) -> None:
    """I4: recorded areas are facts; geometry may be shown on 4545, 4524 or 4490, the areas stay to the last digit."""
    path = export(scope, form, tmp_path / f"village.{form}", epsg=epsg).path
    layer = "rights" if form == "gpkg" else "village"
    names = dict.fromkeys(SHORT) if form != "shp" else SHORT
    mine = gpd.read_file(path) if form != "gpkg" else gpd.read_file(path, layer=layer)
    assert mine.crs.to_epsg() in {epsg, 4326 if form == "geojson" else epsg}
    theirs = ogr_rows(path, layer)
    for name, number in (("surveyed_area_mu", "surveyed_mu"), ("contract_area_m2", "contract_m2")):
        column = names[name] or number
        code = names["parcel_code"] or "parcel_code"
        recorded = dict(zip(whole.rights["parcel_code"], whole.rights[name], strict=True))
        for rows in (mine.to_dict("records"), theirs):
            read = {row[code]: row[column] for row in rows}
            for parcel, text in recorded.items():
                if isinstance(text, str):
                    assert f"{read[parcel]:.2f}" == text
                else:
                    assert read[parcel] is None or np.isnan(read[parcel])
    if form == "gpkg":
        texts = {row["parcel_code"]: row["surveyed_area_mu"] for row in ogr_rows(path, "parcels")}
        assert texts == dict(zip(whole.parcels["parcel_code"], whole.parcels["surveyed_area_mu"], strict=True))


def test_geopackage_on_the_registers_crs_keeps_every_bit_of_the_survey(
    scope: Scope, whole: Selection, tmp_path: Path
) -> None:
    """The surveyed coordinates leave as they stand: no reprojection, no rounding."""
    path = export(scope, "gpkg", tmp_path / "village.gpkg").path
    read = gpd.read_file(path, layer="parcels")
    parts = shapely.get_parts(read.geometry.to_numpy())
    given = whole.parcels.geometry.to_numpy()
    assert np.array_equal(
        shapely.get_coordinates(shapely.normalize(parts)), shapely.get_coordinates(shapely.normalize(given))
    )


def test_zone_prefix_is_added_to_eastings_only_and_exactly(whole: Selection) -> None:
    """EPSG:4524 is 4545 with 36 in front of the easting; the sum is rounded once, northings stay bit for bit."""
    plain = shapely.get_coordinates(whole.parcels.geometry.to_numpy())
    prefixed = shapely.get_coordinates(located(whole.parcels.geometry.to_numpy(), 4524))
    assert np.array_equal(prefixed[:, 0], plain[:, 0] + 36_000_000.0)
    assert np.array_equal(prefixed[:, 1], plain[:, 1])
    assert np.abs(prefixed[:, 0] - 36_000_000.0 - plain[:, 0]).max() <= 4e-9


def test_geojson_is_rfc_7946(scope: Scope, tmp_path: Path) -> None:
    """RFC 7946: longitude first, no crs member, outer rings counter-clockwise; a missing right is null."""
    path = export(scope, "geojson", tmp_path / "village.geojson").path
    read = json.loads(path.read_bytes())
    assert set(read) == {"type", "provenance", "features"}
    for feature in read["features"]:
        ring = feature["geometry"]["coordinates"][0]
        assert all(108.7 < longitude < 109.1 and 38.4 < latitude < 38.6 for longitude, latitude in ring)
        assert shapely.LinearRing(ring).is_ccw
    unheld = next(f for f in read["features"] if f["properties"]["parcel_code"] == NEIGHBOUR)
    assert unheld["properties"]["right"] is None


@needs_ogr
@pytest.mark.parametrize("encoding", ["UTF-8", "GBK"])
def test_shapefile_is_read_in_its_encoding(scope: Scope, tmp_path: Path, encoding: str) -> None:
    """Chinese names and values come back from either encoding, in ogr2ogr and in geopandas."""
    path = export(scope, "shp", tmp_path / "village.shp", encoding=encoding).path
    assert path.with_suffix(".cpg").read_text() == encoding
    for rows in (ogr_rows(path, "village"), gpd.read_file(path).to_dict("records")):
        assert {row["村名"] for row in rows} == {"呼和陶勒盖嘎查"}
        assert {row["权利名"] for row in rows if row["权利"] == "homestead"} == {"院子（宅基地）"}
    assert {each.name for each in tmp_path.iterdir() if each.name.startswith(".")} == set()


def test_short_names_fit_dbase_in_both_encodings() -> None:
    """A Shapefile's field name has at most 10 bytes, in GBK as in UTF-8, and stands there once."""
    shorts = list(SHORT.values())
    assert len(set(shorts)) == len(shorts)
    assert max(len(short.encode(codec)) for short in shorts for codec in ("gbk", "utf-8")) <= 10


@needs_poppler
def test_page_of_a_person_is_one_page_and_names_no_neighbour(store: Store, village: Village, tmp_path: Path) -> None:
    """Users 4: the family is lit and labelled, the village's others are pale and without a word."""
    with store.reading() as connection:
        mine = person_scope(store, connection, village.people[0])
    path = export(mine, "pdf", tmp_path / "family.pdf").path
    text = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True).stdout
    for word in (
        "**太 家的地",
        "图例",
        "比例尺",
        "grid north",
        "EPSG:4545",
        "3,842.17 亩",
        "示意图，不作权属依据",
        "本户",
    ):
        assert word in text.decode()
    assert "00099" not in text.decode()
    assert text.count(b"\f") == 1
    assert leaked(text) == []


@pytest.mark.parametrize("form", FORMATS)
def test_no_exported_file_holds_a_personal_field(store: Store, village: Village, tmp_path: Path, form: str) -> None:
    """Names, numbers, addresses and 四至 never leave, whoever is exported and in whichever format."""
    with store.reading() as connection:
        mine = person_scope(store, connection, village.people[0])
    export(mine, form, tmp_path / f"family.{form}")
    written = [each for each in tmp_path.iterdir() if each.is_file() and each.name.startswith("family")]
    assert written
    assert [leaked(each.read_bytes()) for each in written] == [[]] * len(written)


def test_export_of_nothing_and_in_no_known_way_is_refused(scope: Scope, tmp_path: Path) -> None:
    """A refusal writes no file and says what could have been asked."""
    for form in FORMATS:
        with pytest.raises(NothingToExportError):
            export(replace(scope, valid_at="2016-11-29"), form, tmp_path / f"x.{form}")
    with pytest.raises(FormatUnknownError):
        export(scope, "dxf", tmp_path / "x.dxf")
    with pytest.raises(FormatUnknownError, match="4546"):
        export(scope, "gpkg", tmp_path / "x.gpkg", epsg=4546)
    with pytest.raises(FormatUnknownError):
        export(scope, "shp", tmp_path / "x.shp", encoding="BIG5")
    assert [each.name for each in tmp_path.iterdir() if each.name != "registry-0" and each.suffix != ".key"] == []


def test_export_that_fails_leaves_the_older_file_whole(
    scope: Scope, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name outside GBK is refused by row and field; what was there before is there still, and no half of a new one."""
    path = export(scope, "shp", tmp_path / "village.shp", encoding="GBK").path
    before = {each.name: each.read_bytes() for each in tmp_path.glob("village.*")}
    (scope.settings.folder / flat.NAME).unlink()  # where no act renames anybody, it would not be made anew
    monkeypatch.setattr(parties, "organisations", lambda _c, ids: dict.fromkeys(ids, Organisation("1", "𠮷")))
    with pytest.raises(ValueDoesNotFit, match="村名"):
        export(scope, "shp", path, encoding="GBK")
    assert {each.name: each.read_bytes() for each in tmp_path.glob("village.*")} == before
    assert list(tmp_path.glob(".unfinished*")) == []
