"""Is the published copy dated, read-only, styled, traceable to the ledger, and free of every person?"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import stat
import subprocess
import xml.etree.ElementTree as ET
from contextlib import closing
from typing import TYPE_CHECKING

import geopandas as gpd
import pytest

from registry.china import today
from registry.exports import NothingToExportError, publish
from registry.ledger.log import head_of
from tests.registry.exports.conftest import leaked

if TYPE_CHECKING:
    from pathlib import Path

    from registry.store.engines import Store
    from tests.registry.made_up import Village

PUBLISHED = {
    *("parcel_code", "land_use", "land_use_zh", "village_code", "village_name", "area_method", "parcel_status"),
    *("parcel_since", "surveyed_area_mu", "surveyed_mu", "surveyed_area_m2", "surveyed_m2"),
    *("approved_area_m2", "approved_m2", "excess_area_m2", "excess_m2", "geometry"),
}


def test_published_copy_is_dated_read_only_and_out_of_wal(store: Store, village: Village, tmp_path: Path) -> None:
    """Users 1.11: <banner>-<day>-<ledger size>, mode 0444, journal DELETE: a WAL file on a share freezes everyone."""
    path = publish(store, tmp_path / "out")
    with store.reading() as connection:
        size = head_of(store, connection).size
    assert path.name == f"150626-{today(store).replace('-', '')}-{size}.gpkg"
    assert stat.S_IMODE(path.stat().st_mode) == 0o444
    # Bytes 18 and 19 of an SQLite file: 1 is a rollback journal, 2 is WAL.
    assert path.read_bytes()[18:20] == b"\x01\x01"
    assert sorted(each.suffix for each in path.parent.iterdir()) == [".gpkg", ".qgs"]


@pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="no gdal-bin: an outside reader is missing")
def test_published_copy_is_read_by_ogrinfo_and_geopandas(store: Store, village: Village, tmp_path: Path) -> None:
    """Colleagues read it with their own tools: two layers, without a warning."""
    path = publish(store, tmp_path / "out")
    path.parent.chmod(0o555)
    try:
        done = subprocess.run(["ogrinfo", "-ro", "-so", "-al", path], capture_output=True, check=True, text=True)
        parcels, villages = (gpd.read_file(path, layer=layer) for layer in ("parcels", "villages"))
    finally:
        path.parent.chmod(0o755)
    assert done.stderr == ""
    for said in ("Layer name: parcels", "Feature Count: 6", "Layer name: villages", 'ID["EPSG",4545]'):
        assert said in done.stdout
    assert set(parcels.columns) == PUBLISHED
    assert villages[["village_name", "parcels", "surveyed_mu"]].to_numpy().tolist() == [["呼和陶勒盖嘎查", 6, 4648.29]]


def test_published_copy_names_the_state_of_the_log(store: Store, village: Village, tmp_path: Path) -> None:
    """Whoever holds the copy can ask for the proof: ledger size, its root, and the state root stand in it."""
    path = publish(store, tmp_path / "out")
    with store.reading() as connection:
        head = head_of(store, connection)
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        said = json.loads(connection.execute("SELECT metadata FROM gpkg_metadata").fetchone()[0])
    assert (said["ledger_size"], said["ledger_root"], said["state_root"]) == (head.size, head.root, head.st)


def test_published_copy_has_no_personal_field_and_no_party(store: Store, village: Village, tmp_path: Path) -> None:
    """No name, number, address, 四至, and no id of a person, household or right stands in either file."""
    path = publish(store, tmp_path / "out")
    ids = [*village.people, village.household, village.holding, *village.rights.values()]
    for each in path.parent.iterdir():
        raw = each.read_bytes()
        assert leaked(raw) == []
        assert [party for party in ids if party.encode() in raw] == []


def test_published_copy_carries_its_style_and_project(store: Store, village: Village, tmp_path: Path) -> None:
    """QGIS takes up layer_styles by itself; the project names the file beside it and draws every land use."""
    path = publish(store, tmp_path / "out")
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        ((layer, column, qml, sld, default),) = connection.execute(
            "SELECT f_table_name, f_geometry_column, styleQML, styleSLD, useAsDefault FROM layer_styles"
        ).fetchall()
        geometry = connection.execute(
            "SELECT column_name FROM gpkg_geometry_columns WHERE table_name = 'parcels'"
        ).fetchone()
    assert (layer, column, default) == ("parcels", geometry[0], 1)
    assert "categorizedSymbol" in qml
    assert "PolygonSymbolizer" in sld
    project = ET.fromstring(path.with_suffix(".qgs").read_text("utf-8"))  # noqa: S314 - our own file
    sources = [each.text for each in project.iter("datasource")]
    assert sources == [f"./{path.name}|layername=villages", f"./{path.name}|layername=parcels"]
    values = {each.get("value") for each in project.iter("category")}
    assert values == {"arable", "grass", "forest", "other", "homestead"}


def test_publishing_leaves_the_live_register_untouched(store: Store, village: Village, tmp_path: Path) -> None:
    """Hazards 1.5: the live file is read through SQL only; not one byte of it, nor its journal, changes."""
    if store.on_postgresql:
        pytest.skip("there is no live file on PostGIS")
    before = hashlib.sha256(store.settings.database.read_bytes()).digest()
    publish(store, tmp_path / "out")
    assert hashlib.sha256(store.settings.database.read_bytes()).digest() == before


def test_publishing_again_replaces_the_read_only_files(store: Store, village: Village, tmp_path: Path) -> None:
    """The same day and state make the same names; a damaged copy is mended by publishing again."""
    path = publish(store, tmp_path / "out")
    path.chmod(0o644)
    path.write_bytes(b"damaged")
    assert publish(store, tmp_path / "out") == path
    assert len(gpd.read_file(path, layer="parcels")) == 6


def test_publishing_an_empty_register_is_refused(store: Store, tmp_path: Path) -> None:
    """An empty map would look like a register without land."""
    with pytest.raises(NothingToExportError):
        publish(store, tmp_path / "out")
