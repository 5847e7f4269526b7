"""Does a flow of rows end in a whole file or in a refusal, and is nobody else's code or file drawn into it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
import shapely

from gis.formats import (
    Rows,
    flow_to_flatgeobuf,
    flow_to_geojson,
    flow_to_geopackage,
    flow_to_geoparquet,
    flow_to_shapefile,
)
from gis.formats.geopackage import feature_table
from gis.formats.reading import read_layer
from gis.formats.refusals import TargetUnwritable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SCHEMA = pa.schema([("名", pa.string()), ("geometry", pa.binary())])
SQUARE = shapely.box(574_000, 4_263_000, 574_010, 4_263_010)
TWO = shapely.multipolygons([SQUARE, shapely.box(574_020, 4_263_000, 574_030, 4_263_010)])
WAYS: dict[str, Callable[[Rows, Path], None]] = {
    "gpkg": lambda rows, path: flow_to_geopackage([("a", rows)], path),
    "fgb": lambda rows, path: flow_to_flatgeobuf(rows, path, title="t", metadata={}),
    "geojson": lambda rows, path: flow_to_geojson(rows, path, members={}),
    "parquet": lambda rows, path: flow_to_geoparquet(rows, path, metadata={}),
    "shp": lambda rows, path: flow_to_shapefile(rows, path, encoding="UTF-8", numbers=frozenset()),
}


def batch(*shapes: shapely.Geometry) -> pa.RecordBatch:
    """Rows of these shapes."""
    return pa.RecordBatch.from_arrays(
        [pa.array(["敖包"] * len(shapes)), pa.array([shapely.to_wkb(shape) for shape in shapes], pa.binary())],
        schema=SCHEMA,
    )


@pytest.mark.parametrize("form", WAYS)
def test_place_that_cannot_be_written_is_refused(tmp_path: Path, form: str) -> None:
    """Our own error in both languages, naming the file."""
    with pytest.raises(TargetUnwritable, match=f"x.{form}"):
        WAYS[form](Rows([batch(SQUARE)], SCHEMA, 4545), tmp_path / "nowhere" / f"x.{form}")


@pytest.mark.parametrize("form", WAYS)
def test_flow_that_breaks_off_is_not_taken_for_its_end(tmp_path: Path, form: str) -> None:
    """Whatever stops the reading is raised; the writing process does not go on with half of the rows."""

    def breaks() -> Iterator[pa.RecordBatch]:
        yield batch(SQUARE)
        raise KeyError

    with pytest.raises(KeyError):
        WAYS[form](Rows(breaks(), SCHEMA, 4545), tmp_path / f"x.{form}")


@pytest.mark.parametrize(("shapes", "kind"), [([SQUARE, SQUARE], "POLYGON"), ([SQUARE, TWO], "GEOMETRY")])
def test_layer_of_polygons_only_is_declared_one(tmp_path: Path, shapes: list[shapely.Geometry], kind: str) -> None:
    """What a layer holds is known at its end; each shape comes back as it was, promoted to nothing."""
    path = tmp_path / "x.gpkg"
    flow_to_geopackage([("a", Rows([batch(shape) for shape in shapes], SCHEMA, 4545))], path)
    assert feature_table(path, "a").name == "a"
    assert f"{kind}".encode() in path.read_bytes()
    read = read_layer(path).frame
    assert read["名"].tolist() == ["敖包", "敖包"]
    assert shapely.to_wkb(read.geometry.to_numpy()).tolist() == [shapely.to_wkb(shape) for shape in shapes]


def test_modules_of_the_folder_one_works_in_are_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A delivery with a `pyarrow.py` or a folder `gis` in it is only files."""
    for name in ("pyarrow.py", "pyogrio.py", "json.py", "gis/__init__.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("raise SystemExit(0)")
    monkeypatch.delenv("PYTHONPATH", raising=False)
    monkeypatch.chdir(tmp_path)
    flow_to_flatgeobuf(Rows([batch(SQUARE)], SCHEMA, 4545), tmp_path / "x.fgb", title="t", metadata={})
    assert (tmp_path / "x.fgb").read_bytes().startswith(b"fgb")
