"""How does a scope leave the register as a file: which formats are there, and what is written beside each?

Everything is written beside its place and moved there when it is whole: a reader never sees half a file. The live
register is read through SQL only, batch by batch; GDAL, which carries its own SQLite, writes new files and never opens it
(hazards.md 1.5). No format has a personal field, whoever asks, until there is a sign-in.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pyarrow as pa
import shapely

from gis.formats.flowing import (
    Rows,
    Waiting,
    flow_to_flatgeobuf,
    flow_to_geojson,
    flow_to_geopackage,
    flow_to_geoparquet,
    flow_to_pmtiles,
    flow_to_shapefile,
)
from registry.errors import SanquanError
from registry.exports.beside import as_texts, pack, provenance, write_sidecar
from registry.exports.columns import GEOMETRY, PARCEL_COLUMNS, RIGHT_COLUMNS, numbered, numbered_schema, shortened
from registry.exports.flat import Standing
from registry.store.settings import REGISTER_CRS
from registry.ways_out import ENCODINGS, FORMATS, OFFERED_EPSG, PAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray
    from sqlalchemy.engine import Connection

    from registry.exports.columns import Column
    from registry.exports.gather import Selection
    from registry.exports.scope import Scope
    from registry.exports.source import Batch, Source

_EVERY_COLUMN = (*PARCEL_COLUMNS, *RIGHT_COLUMNS)
_METRES_A_PREFIX = 1_000_000.0
_SHORT_NUMBERS = frozenset(column.short for column in _EVERY_COLUMN if column.kind == "area")


class NothingToExportError(SanquanError):
    """Raised when no parcel stands where one was looked for."""

    def __init__(self, scope: Source) -> None:
        """Say on which day was looked."""
        super().__init__(
            f"{scope.valid_at} 这一天这里没有地块，没有写文件: 核对人、村码、方框或日期",
            f"no parcel stands here on {scope.valid_at}; no file was written: check person, village, box or day",
        )


class FormatUnknownError(SanquanError):
    """Raised when a format, reference system or encoding is asked for that exports do not have."""

    def __init__(self, asked: str | int) -> None:
        """Show what was asked and what there is."""
        shown = str(asked)[:40]
        formats, codes = ", ".join(FORMATS), ", ".join(map(str, OFFERED_EPSG))
        super().__init__(
            f"不能导出为“{shown}”: 格式有 {formats}；坐标系有 EPSG {codes}；Shapefile 编码有 UTF-8, GBK",
            f"no export as “{shown}”: formats are {formats}; EPSG {codes}; a Shapefile is UTF-8 or GBK",
        )


@dataclass(frozen=True, slots=True)
class Exported:
    """A file that was written: where, its SHA-256 (hexadecimal) and its size. A Shapefile's is that of its .shp."""

    path: Path
    sha256: str
    size: int


def export(
    scope: Scope | Standing,
    form: str,
    path: Path,
    *,
    epsg: int = REGISTER_CRS,
    encoding: str = "UTF-8",
    zipped: bool = False,
    alone: bool = False,
    told: Callable[[int, int], None] = lambda _done, _all: None,
) -> Exported:
    """Write a scope to `path` (an older file there is replaced), with `path`.json beside it.

    `form`: gpkg (layers `parcels` and `rights`), geojson, shp, fgb and parquet (rows of `rights`), pmtiles (vector tiles of
    `parcels`), pdf, png and svg (one map page). `epsg`: 4545, 4524 or 4490 for gpkg, shp, fgb and parquet; GeoJSON is
    longitude, latitude by RFC 7946, tiles are Web Mercator and a page is drawn in the register's CRS. `encoding`: of a
    Shapefile. `zipped`: `path` is an archive of what was written and its sidecar. `alone`: this process
    ends after this, so that GDAL may write in it. `told` hears how many parcels are done; 0 while the flat copy is made.

    Raises `NothingToExportError`, `FormatUnknownError`, and `gis` refusals (a name outside GBK).
    """
    if form not in FORMATS:
        raise FormatUnknownError(form)
    if epsg not in OFFERED_EPSG:
        raise FormatUnknownError(epsg)
    if encoding not in ENCODINGS:
        raise FormatUnknownError(encoding)
    with replacing(path) as unfinished:
        target = unfinished
        if zipped:
            target = unfinished.parent / "inside" / f"{path.stem}.{form}"
            target.parent.mkdir()
        if form not in PAGES:
            _write_rows(scope, form, target, _How(epsg, encoding, alone), told)
        elif isinstance(scope, Standing):
            raise FormatUnknownError(form)
        else:
            _write_page(scope, form, target, told)
        found = write_sidecar(target, scope, form)
        if zipped:
            found = pack(target.parent, unfinished)
    return Exported(path, *found)


def write_layer(scopes: Sequence[Scope], path: Path, *, layer: str) -> None:
    """Write a GeoPackage of one layer, the parcels of all scopes in the register's CRS. NothingToExportError."""
    found = (batch.parcels for scope in scopes for batch in _some(_ready(scope)))
    parcels = _numbered(found, PARCEL_COLUMNS, REGISTER_CRS)
    flow_to_geopackage([(layer, parcels)], path)


def located(shapes: NDArray[np.object_], epsg: int) -> NDArray[np.object_]:
    """Give shapes of the register's CRS in one of the offered systems.

    With the zone prefix each easting is the register's plus 36,000,000, rounded once to the next double (4 nm); one
    that was delivered with its prefix comes out bit for bit as it came in.
    """
    if epsg == REGISTER_CRS:
        return shapes
    from gis.crs import GEOGRAPHIC_EPSG, to_lonlat

    return to_lonlat(shapes, REGISTER_CRS) if epsg == GEOGRAPHIC_EPSG else _with_prefix(shapes)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a place to write to in a folder of its own beside `path`; move what was written to `path` when all is well.

    Files beside it that have the same stem (.dbf, .shx …) move too, the one asked for last.
    """
    folder = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=path.parent))
    try:
        yield folder / path.name
        for written in sorted(folder.iterdir(), key=lambda each: each.name == path.name):
            target = path.with_name(written.name)
            if target.exists():
                # Windows replaces no write-protected file.
                target.chmod(0o644)
            os.replace(written, target)  # noqa: PTH105 - Path.replace is the same call; this name says what it does
    finally:
        shutil.rmtree(folder)


def _write_page(scope: Scope, form: str, path: Path, told: Callable[[int, int], None]) -> None:
    from gis.cartography import render_pdf, render_png, render_svg
    from registry.exports.gather import whole
    from registry.exports.page import map_page

    with scope.store.reading() as connection:
        selection = whole(scope, connection)
        if selection.parcels.empty:
            raise NothingToExportError(scope)
        page = map_page(selection, _surroundings(scope, selection, connection))
    if form == "svg":
        path.write_text(render_svg(page), encoding="utf-8")
    else:
        path.write_bytes(render_pdf(page) if form == "pdf" else render_png(page))
    told(len(selection.parcels), len(selection.parcels))


def _surroundings(scope: Scope, selection: Selection, connection: Connection) -> gpd.GeoDataFrame | None:
    """The parcels of the villages in which a person's parcels lie."""
    if scope.person_id is None:
        return None
    from registry.exports.gather import of_village

    around = [
        of_village(scope.store, connection, code, scope.valid_at, scope.head.size).parcels
        for code in sorted(set(selection.parcels["village_code"]))
    ]
    import pandas as pd

    joined: gpd.GeoDataFrame = pd.concat(around, ignore_index=True)
    return joined


@dataclass(frozen=True, slots=True)
class _How:
    epsg: int
    encoding: str
    alone: bool


def _write_rows(scope: Scope | Standing, form: str, path: Path, how: _How, told: Callable[[int, int], None]) -> None:
    rows_of = _ready(scope, told)
    found, facts = _some(rows_of, told), provenance(scope)
    if form == "gpkg":
        from registry.exports.furnish import furnish

        if isinstance(rows_of, Standing):
            flow_to_geopackage(_layer_by_layer(rows_of, found, how.epsg), path, here=how.alone)
        else:
            with Waiting(numbered_schema(_EVERY_COLUMN), path.parent) as waiting:
                flow_to_geopackage(_two_layers(found, how.epsg, waiting), path, here=how.alone)
        furnish(path, facts, styled=("parcels", "rights"))
    elif form == "pmtiles":
        parcels = _numbered((batch.parcels for batch in found), PARCEL_COLUMNS, REGISTER_CRS)
        said = " · ".join(f"{name}: {value}" for name, value in facts.items())
        flow_to_pmtiles(
            parcels, path, layer="parcels", name=f"{facts['registry']} {facts['valid_at']}", description=said
        )
    elif form == "shp":
        short = (shortened(_moved(batch.rights, how.epsg), _EVERY_COLUMN) for batch in found)
        names = [pa.field(each.short, _kind(each)) for each in _EVERY_COLUMN]
        rows = Rows(short, pa.schema([*names, pa.field(GEOMETRY, pa.binary())]), how.epsg)
        codec: Literal["UTF-8", "GBK"] = "GBK" if how.encoding == "GBK" else "UTF-8"
        flow_to_shapefile(rows, path, encoding=codec, numbers=_SHORT_NUMBERS, here=how.alone)
    elif form == "geojson":
        rows = _numbered((batch.rights for batch in found), _EVERY_COLUMN, REGISTER_CRS)
        flow_to_geojson(rows, path, members={"provenance": facts})
    else:
        rows = _numbered((batch.rights for batch in found), _EVERY_COLUMN, how.epsg)
        if form == "fgb":
            title = f"{facts['registry']} {facts['valid_at']}"
            flow_to_flatgeobuf(rows, path, title=title, metadata=as_texts(facts), here=how.alone)
        else:
            flow_to_geoparquet(rows, path, metadata=as_texts(facts))


def _ready(scope: Scope | Standing, told: Callable[[int, int], None] = lambda _done, _all: None) -> Scope | Standing:
    if isinstance(scope, Standing):
        return scope
    from registry.exports import fresh

    return fresh.ready(scope, told)


def _two_layers(found: Iterable[Batch], epsg: int, waiting: Waiting) -> Iterator[tuple[str, Rows]]:
    """The parcels while they are read; their rights, which wait on disk meanwhile."""

    def parcels() -> Iterator[pa.RecordBatch]:
        for batch in found:
            waiting.put(numbered(_moved(batch.rights, epsg), _EVERY_COLUMN))
            yield batch.parcels

    yield "parcels", _numbered(parcels(), PARCEL_COLUMNS, epsg)
    yield "rights", Rows(waiting.batches(), numbered_schema(_EVERY_COLUMN), epsg)


def _layer_by_layer(copied: Standing, found: Iterable[Batch], epsg: int) -> Iterator[tuple[str, Rows]]:
    """The parcels, then the rights: what stands in the copy is read twice for nothing."""
    yield "parcels", _numbered((batch.parcels for batch in found), PARCEL_COLUMNS, epsg)
    again = copied.batches(lambda _done, _all: None)
    yield "rights", _numbered((batch.rights for batch in again), _EVERY_COLUMN, epsg)


def _some(scope: Source, told: Callable[[int, int], None] = lambda _done, _all: None) -> Iterator[Batch]:
    """The batches, and NothingToExportError where there is none; reading begins when the first is asked for."""
    found = scope.batches(told)
    first = next(found, None)
    if first is None:
        raise NothingToExportError(scope)
    yield first
    yield from found


def _numbered(found: Iterable[pa.RecordBatch], columns: Sequence[Column], epsg: int) -> Rows:
    rows = (numbered(_moved(batch, epsg), columns) for batch in found)
    return Rows(rows, numbered_schema(columns), epsg)


def _moved(batch: pa.RecordBatch, epsg: int) -> pa.RecordBatch:
    """A batch with its geometry in one of the offered systems; attributes stay untouched (invariant I4)."""
    if epsg == REGISTER_CRS:
        return batch
    shapes = shapely.from_wkb(batch.column(GEOMETRY).to_numpy(zero_copy_only=False))
    at = batch.schema.get_field_index(GEOMETRY)
    return batch.set_column(at, batch.schema.field(at), pa.array(shapely.to_wkb(located(shapes, epsg)), pa.binary()))


def _kind(column: Column) -> Any:  # noqa: ANN401  (pyarrow has no types)
    return pa.bool_() if column.kind == "yes-no" else pa.string()


def _with_prefix(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    from gis.crs import RegisterCrs

    shift = np.array([(RegisterCrs.of(REGISTER_CRS).zone_prefix or 0) * _METRES_A_PREFIX, 0.0])
    return np.asarray(shapely.transform(shapes, lambda coordinates: coordinates + shift), dtype=object)
