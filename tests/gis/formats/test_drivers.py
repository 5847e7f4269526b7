"""Can no file make GDAL read another file?"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gis.errors import SourceError
from gis.formats import drivers, read_layer

SECRET = "id,geometry\nsecret,POINT (1 2)\n"


def test_only_three_drivers_are_loaded() -> None:
    """Shapefile, GeoPackage and GeoJSON, of 64 vector drivers in the wheel (hazards.md 1.3)."""
    drivers.require_only_allowed_drivers()
    assert set(drivers.pyogrio.list_drivers()) == drivers.ALLOWED


def test_skip_list_is_not_left_in_the_environment() -> None:
    """A child process, such as ogr2ogr in a bench, keeps all of its own drivers."""
    assert "OGR_VRT" not in os.environ.get("GDAL_SKIP", "")


def test_pyogrio_imported_too_early_is_refused_aloud(tmp_path: Path) -> None:
    """If another module loads GDAL first, every driver is there: then nothing is read at all."""
    program = (
        "import pathlib, pyogrio\n"
        "from gis.formats import read_layer\n"
        f"read_layer(pathlib.Path({str(tmp_path / 'any.shp')!r}))\n"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert "ForeignDriversLoaded" in told.stderr


@pytest.mark.parametrize("name", ["vrt.geojson", "vrt.json", "vrt.gpkg", "vrt.shp"])
def test_vrt_under_another_name_reads_no_other_file(tmp_path: Path, name: str) -> None:
    """An OGR VRT disguised as an accepted type is refused (hazards.md 1.3 and 4)."""
    secret = tmp_path / "secret.csv"
    secret.write_text(SECRET)
    (tmp_path / name).write_text(
        '<OGRVRTDataSource><OGRVRTLayer name="secret">'
        f"<SrcDataSource>{secret}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
    )
    with pytest.raises(SourceError) as caught:
        read_layer(tmp_path / name)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("features", ["", ', "features": [{}]'])
def test_gdalg_pipeline_in_json_reads_no_other_file(tmp_path: Path, features: str) -> None:
    """A GDALG pipeline disguised as GeoJSON is refused, also when it pretends to have features."""
    secret = tmp_path / "secret.csv"
    secret.write_text(SECRET)
    kind = "FeatureCollection" if features else "gdal_streamed_alg"
    text = f'{{"type": "{kind}", "command_line": "gdal vector pipeline ! read {secret}"{features}}}'
    (tmp_path / "gdalg.geojson").write_text(text)
    with pytest.raises(SourceError) as caught:
        read_layer(tmp_path / "gdalg.geojson")
    assert "POINT" not in str(caught.value)


def test_virtual_path_is_no_file() -> None:
    """GDAL's virtual file systems (/vsicurl/, /vsizip/) are never asked."""
    for path in ("/vsicurl/http://127.0.0.1/a.geojson", "/vsizip//tmp/a.zip/a.shp"):
        with pytest.raises(SourceError):
            read_layer(Path(path))
