"""How does a flow of rows become a file, of whichever format, while no more than a batch of it is in memory?

*Rows* are Arrow record batches of one schema whose column `geometry` is WKB in (easting, northing) of `epsg`, or in
(longitude, latitude) of EPSG:4490; texts, numbers and yes-no stand beside it. GDAL's formats are written by a process of
their own (`gis.gdal_writer`) while the next batch is read, or `here`, where nothing else is done. Every function raises
`TargetUnwritable`, and loads what its format needs when it is called.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np
import pyarrow as pa

from gis.formats.refusals import TargetUnwritable
from gis.formats.rings import are_polygons, rings_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from gis.formats.dbf import DbfField

GEOMETRY = "geometry"
LOWEST_ZOOM, HIGHEST_ZOOM = 8, 15
"""From a banner on one screen to a homestead in a hand's breadth; a pixel of the highest is a quarter of a metre."""
_WRITER = Path(__file__).parents[1] / "gdal_writer.py"
"""Started by its place and with -P: a module of the folder that somebody works in must not become part of it."""
_LARGEST_TILE_BYTES = 2_000_000
_KINDS = {3: "Polygon", 6: "MultiPolygon"}


@dataclass(frozen=True, slots=True)
class Rows:
    """The batches, their schema and their reference system."""

    batches: Iterable[pa.RecordBatch]
    schema: pa.Schema
    epsg: int


def flow_to_geopackage(layers: Iterable[tuple[str, Rows]], path: Path, *, here: bool = False) -> None:
    """Write layers with their R*Trees into a new GeoPackage, one after the other.

    A layer of plain polygons only is declared as such at the end, when that is known: QGIS then offers no other kind.
    """
    mixed: dict[str, bool] = {}

    def watched(layer: str, rows: Rows) -> Rows:
        mixed[layer] = False

        def passing() -> Iterator[pa.RecordBatch]:
            for batch in rows.batches:
                mixed[layer] |= not are_polygons(batch.column(GEOMETRY)).all()
                yield batch

        return Rows(passing(), rows.schema, rows.epsg)

    # A plain polygon promoted to a multipolygon would come back as other bytes and fail its digest.
    found = ((watched(*each), {"layer": each[0], "geometry_type": "Unknown"}) for each in layers)
    _by_gdal(found, path, "GPKG", here=here)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany(
            "UPDATE gpkg_geometry_columns SET geometry_type_name = 'POLYGON' WHERE table_name = ?",
            [(layer,) for layer, is_mixed in mixed.items() if not is_mixed],
        )


def flow_to_flatgeobuf(rows: Rows, path: Path, *, title: str, metadata: Mapping[str, str], here: bool = False) -> None:
    """Write a FlatGeobuf with its spatial index; title and metadata stand in its header."""
    how = {"layer": path.stem, "geometry_type": "Unknown", "layer_options": {"TITLE": title}}
    _by_gdal([(rows, {**how, "layer_metadata": dict(metadata)})], path, "FlatGeobuf", here=here)


def flow_to_pmtiles(rows: Rows, path: Path, *, layer: str, name: str, description: str) -> None:
    """Write a PMTiles archive of vector tiles, zoom 8 to 15, one layer.

    Tiles are for looking: outlines are rounded to a quarter of a metre at the highest zoom and thinned out below it.
    """
    options = {"NAME": name, "DESCRIPTION": description, "MAX_SIZE": str(_LARGEST_TILE_BYTES)}
    options |= {"MINZOOM": str(LOWEST_ZOOM), "MAXZOOM": str(HIGHEST_ZOOM)}
    _by_gdal([(rows, {"layer": layer, "geometry_type": "Unknown", "dataset_options": options})], path, "PMTiles")


def flow_to_geojson(rows: Rows, path: Path, *, members: Mapping[str, Any]) -> None:
    """Write RFC 7946 (`gis.formats.geojson`) with foreign members; `epsg` is a projection, not 4490."""
    from gis.formats.geojson import COLLECTION_END, collection_start
    from gis.formats.geojson_columns import BETWEEN_LINES, feature_lines

    with _written(path), path.open("wb") as file:
        file.write(collection_start(members))
        # The comma behind a line is written when it is known that another one follows.
        between = b""
        for batch in rows.batches:
            if batch.num_rows:
                lines = feature_lines(batch, GEOMETRY, rows.epsg)
                file.write(between)
                file.write(lines[: -len(BETWEEN_LINES)])
                between = BETWEEN_LINES
        file.write(COLLECTION_END)


def flow_to_geoparquet(rows: Rows, path: Path, *, metadata: Mapping[str, str]) -> None:
    """Write GeoParquet 1.1.0: geometry as WKB, its box and its types in the file's key `geo`, beside `metadata`."""
    import pyarrow.parquet as pq
    import shapely
    from pyproj import CRS

    kinds: set[str] = set()
    bounds = np.full(4, np.nan)  # no corner yet
    with _written(path), pq.ParquetWriter(path, rows.schema) as file:
        for batch in rows.batches:
            rings = rings_in(batch.column(GEOMETRY))
            found = [rings.coordinates, bounds.reshape(2, 2)]
            if not rings.is_polygon.all():
                others = batch.column(GEOMETRY).filter(pa.array(~rings.is_polygon))
                geoms = shapely.from_wkb(others.to_numpy(zero_copy_only=False))
                kinds |= {_KINDS[kind] for kind in np.unique(shapely.get_type_id(geoms)).tolist()}
                found.append(shapely.bounds(geoms).reshape(-1, 2))
            kinds |= {_KINDS[3]} if rings.is_polygon.any() else set()
            corners = np.vstack(found)
            bounds = np.concatenate([np.fmin.reduce(corners), np.fmax.reduce(corners)])
            file.write_batch(batch)
        column = {
            "encoding": "WKB",
            "geometry_types": sorted(kinds),
            "crs": CRS.from_epsg(rows.epsg).to_json_dict(),
            "edges": "planar",
            "bbox": bounds.tolist(),
        }
        geo = {"version": "1.1.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}
        file.add_key_value_metadata({"geo": json.dumps(geo), **metadata})


def flow_to_shapefile(
    rows: Rows, path: Path, *, encoding: Literal["UTF-8", "GBK"], numbers: frozenset[str], here: bool = False
) -> None:
    """Write .shp, .shx, .dbf, .prj and .cpg; GBK also sets LDID 0x4D, as county tools do.

    Each field is as wide as its longest value. The texts of the columns in `numbers` are written as the numbers that they
    are, digit for digit. Raises `FieldNameUnfit`, and `ValueDoesNotFit` by row and field (a text outside GBK).
    """
    from gis.formats.dbf_columns import cells_of, fields_for, records_of
    from gis.formats.dbf_writing import DBF_END, dbf_header, wide_enough

    codec: Literal["utf-8", "gbk"] = "gbk" if encoding == "GBK" else "utf-8"
    fields: list[DbfField] = []
    table = rows.schema.remove(rows.schema.get_field_index(GEOMETRY))
    cells = pa.schema([(name, pa.binary()) for name in table.names])
    shapes = pa.schema([rows.schema.field(GEOMETRY)])
    # Widths are known at the end: the table waits meanwhile.
    with _written(path), Waiting(cells, path.parent) as waiting:

        def only_shapes() -> Iterator[pa.RecordBatch]:
            for batch in rows.batches:
                written = cells_of(batch.drop_columns([GEOMETRY]), codec, numbers, waiting.count)
                found = fields_for(written, table, numbers)
                fields[:] = map(wide_enough, fields, found) if fields else found
                waiting.put(written)
                yield batch.select([GEOMETRY])

        # GDAL writes geometry and .prj and a table of its own, in whose place ours is put.
        how = {"layer": path.stem, "encoding": "UTF-8", "geometry_type": "Polygon"}
        _by_gdal([(Rows(only_shapes(), shapes, rows.epsg), how)], path, "ESRI Shapefile", here=here)
        with path.with_suffix(".dbf").open("wb") as file:
            file.write(dbf_header(waiting.count, codec, fields))
            for batch in waiting.batches():
                file.write(records_of(batch, fields))
            file.write(DBF_END)
        path.with_suffix(".cpg").write_text(encoding, "ascii")


class Waiting:
    """Batches that wait on disk, in a file without a name, until they are wanted: once put, once given back."""

    def __init__(self, schema: pa.Schema, folder: Path) -> None:
        self.count = 0
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed when this is left
        self._stream = pa.ipc.new_stream(self._file, schema)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self._file.close()

    def put(self, batch: pa.RecordBatch) -> None:
        """Add one; `count` is how many rows there are."""
        self._stream.write_batch(batch)
        self.count += batch.num_rows

    def batches(self) -> Iterator[pa.RecordBatch]:
        """All that were put."""
        self._stream.close()
        self._file.seek(0)
        yield from pa.ipc.open_stream(self._file)


def _by_gdal(layers: Iterable[tuple[Rows, dict[str, Any]]], path: Path, driver: str, *, here: bool = False) -> None:
    """Hand layers to the writing process, or write them `here`; each comes with what pyogrio's `write_arrow` takes."""

    def order(rows: Rows, how: dict[str, Any]) -> dict[str, Any]:
        crs = f"EPSG:{rows.epsg}"
        return {"path": str(path), "driver": driver, "crs": crs, "geometry_name": GEOMETRY, **how}

    if here:
        _in_this_process(((order(rows, how), rows) for rows, how in layers), path)
        return
    with _gdal(path) as pipe:
        for rows, how in layers:
            pipe.write(json.dumps(order(rows, how)).encode() + b"\n")
            with pa.ipc.new_stream(pipe, rows.schema) as stream:
                for batch in rows.batches:
                    stream.write_batch(batch)


def _in_this_process(layers: Iterable[tuple[dict[str, Any], Rows]], path: Path) -> None:
    """Write layers by this process's own GDAL: a process that reads no file of anybody and does nothing after."""
    from gis.gdal_writer import UNWRITABLE, write_layer

    # What the rows themselves raise stays what it is: GDAL would make a text of it.
    raised: list[BaseException] = []

    def watched(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        try:
            yield from batches
        except BaseException as failure:
            raised.append(failure)
            raise

    try:
        for order, rows in layers:
            write_layer(pa.RecordBatchReader.from_batches(rows.schema, watched(rows.batches)), order)
    except UNWRITABLE as failure:
        if raised:
            raise raised[0] from None
        raise TargetUnwritable(path.name, str(failure)[-300:]) from None


@contextmanager
def _gdal(path: Path) -> Iterator[Any]:
    """The writing process, waited for at the end, killed where the caller fails: half a flow must not look like one."""
    with tempfile.TemporaryFile() as said:
        command = [sys.executable, "-P", str(_WRITER)]  # nothing in it comes from outside
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=said)  # noqa: S603
        broken = False
        try:
            with process.stdin as pipe:  # type: ignore[union-attr]
                yield pipe
        except BrokenPipeError:
            broken = True  # it has ended before all was sent: why, it said
        except BaseException:
            process.kill()
            process.wait()
            raise
        if process.wait() != 0 or broken or not path.exists():
            said.seek(0)
            raise TargetUnwritable(path.name, said.read().decode("utf-8", "replace").strip()[-300:] or "GDAL")


@contextmanager
def _written(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise TargetUnwritable(path.name, str(error)) from None
