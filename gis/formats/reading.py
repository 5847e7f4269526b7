"""What does a delivered layer say, and what in it cannot be true?

`read_layer` opens a Shapefile, GeoPackage or GeoJSON and nothing else. A file that cannot be read as a whole
is refused; a row that can be read but not believed (no geometry, a broken ring, a coordinate that is not a
number) is listed as a fault and left in place, for silence is how GDAL loses parcels (hazards.md 1.4).
Nothing is repaired, nothing reprojected, and the CRS is not judged here: see `gis.crs.recognise`.

An upload from a stranger should be read in a child process with memory and time limits; that is the caller's
part.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
import pyarrow as pa
import pyproj
import shapely

from gis.errors import LayerError, SourceError
from gis.formats.dbf import TextUndecodable, read_dbf
from gis.formats.drivers import require_only_allowed_drivers
from gis.formats.geopackage import feature_table
from gis.formats.shapefile import check_records, parts_of

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    from numpy.typing import NDArray


_NO_GEOMETRY = ("null_geometry", "没有几何；请补绘", "has no geometry: draw it")
_BROKEN = ("broken_geometry", "环未闭合或点数不足；请重绘", "a ring is open or has too few points: redraw it")
_NOT_FINITE = (
    "not_finite",
    "坐标不是有限数 (NaN 或无穷)；请更正",
    "a coordinate is NaN or infinite: correct it",
)


@dataclass(frozen=True, slots=True)
class RowFault:
    """A row that was read but cannot be believed: `row` counts from 0 in the frame.

    `code` is `null_geometry`, `broken_geometry` (a ring of too few points or not closed) or `not_finite` (a
    coordinate that is NaN or infinite).
    """

    row: int
    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer as delivered.

    `frame` has a `geometry` column (None where `faults` say so) and no CRS of its own; `prj_wkt` is the CRS
    text, None where there is none. `encoding_source` says by what `encoding` was found. `header_count` is the
    number of features that the file itself announces, deleted records included; `deleted_count` of them were
    left out.
    """

    name: str
    path: Path
    frame: gpd.GeoDataFrame
    prj_wkt: str | None
    encoding: str
    encoding_source: str
    header_count: int
    deleted_count: int
    faults: tuple[RowFault, ...]


class FormatUnknown(SourceError):
    """Raised for a file that is none of the three formats, whatever its name says."""

    def __init__(self, file: str) -> None:
        """Name the file."""
        super().__init__(
            f"{file} 不是受理的格式；请交付 Shapefile (.shp)、GeoPackage (.gpkg) 或 GeoJSON (.geojson)",
            f"{file} is of no accepted format: deliver a Shapefile (.shp), GeoPackage (.gpkg) or GeoJSON (.geojson)",
        )


class SourceUnreadable(SourceError):
    """Raised when GDAL cannot read a file."""

    def __init__(self, file: str, reason: str) -> None:
        """Name the file and GDAL's reason."""
        super().__init__(
            f"{file} 无法读取 ({reason})；请重新导出", f"{file} cannot be read ({reason}): export it again"
        )


class FeatureCountDiffers(LayerError):
    """Raised when fewer or more features come out than the file announces."""

    def __init__(self, file: str, announced: int, found: int) -> None:
        """Show both numbers."""
        super().__init__(
            f"{file} 声明 {announced} 个要素，实际读出 {found} 个；请重新导出",
            f"{file} announces {announced} features, {found} were read: export it again",
        )


def read_layer(path: Path, *, encoding: str | None = None, layer: str | None = None) -> Layer:
    """Read one layer of a Shapefile, GeoPackage or GeoJSON.

    `encoding` overrides a Shapefile's .cpg and LDID; `layer` names one of several layers of a GeoPackage.
    Raises subclasses of `SourceError`; bytes that are not of the encoding raise `TextUndecodable` naming row
    and field.
    """
    require_only_allowed_drivers()
    if not path.is_file():
        raise SourceUnreadable(path.name, "no such file")
    with path.open("rb") as file:
        start = file.read(16)
    match path.suffix.lower():
        case ".shp":
            return _read_shapefile(path, encoding)
        case ".gpkg" if start == b"SQLite format 3\0":
            return _read_geopackage(path, layer)
        case ".geojson" | ".json" if start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
            return _read_geojson(path)
        case _:
            raise FormatUnknown(path.name)


def _read_shapefile(path: Path, encoding: str | None) -> Layer:
    parts = parts_of(path)
    record_count = check_records(parts)
    table = read_dbf(parts.dbf, encoding)
    if table.record_count != record_count:
        raise FeatureCountDiffers(path.name, record_count, table.record_count)
    _, geometry_table = _gdal_read(path, columns=[])
    wkbs = geometry_table.column(0)
    geoms, faults = _geometries(wkbs)
    _check_count(path.name, record_count - table.deleted_count, len(geoms))
    frame = _framed(table.columns, geoms)
    prj_wkt = parts.prj.read_text("utf-8", errors="replace").lstrip("\ufeff") if parts.prj is not None else None
    return Layer(
        path.stem,
        path,
        frame,
        prj_wkt,
        table.encoding,
        table.encoding_source,
        record_count,
        table.deleted_count,
        faults,
    )


def _read_geopackage(path: Path, layer: str | None) -> Layer:
    table = feature_table(path, layer)
    meta, content = _gdal_read(path, layer=table.name)
    return _from_arrow(path, table.name, meta, content, table.row_count, "GeoPackage")


def _read_geojson(path: Path) -> Layer:
    # GDAL streams GeoJSON and may stop at the first damage: the whole text is parsed first, strictly.
    try:
        document = orjson.loads(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise SourceUnreadable(path.name, str(error)) from None
    features = document.get("features")
    if document.get("type") != "FeatureCollection" or not isinstance(features, list):
        raise SourceUnreadable(path.name, "not a FeatureCollection")
    announced = len(features)
    del document, features
    meta, content = _gdal_read(path)
    return _from_arrow(path, path.stem, meta, content, announced, "RFC 8259")


def _gdal_read(path: Path, **options: Any) -> tuple[dict[str, Any], pa.Table]:  # noqa: ANN401 - pyogrio's own
    from gis.formats.drivers import pyogrio

    try:
        with warnings.catch_warnings(record=True):  # what GDAL warns of (rings not closed, …) comes back as faults
            warnings.simplefilter("always")
            meta, table = pyogrio.read_arrow(path, **options)
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        pyogrio.errors.FeatureError,
        RuntimeError,
        pa.ArrowException,
    ) as error:
        raise SourceUnreadable(path.name, str(error)) from None
    return meta, table


def _from_arrow(path: Path, name: str, meta: dict[str, Any], table: pa.Table, announced: int, source: str) -> Layer:
    geometry_name = meta["geometry_name"] or "wkb_geometry"
    geoms, faults = _geometries(table.column(geometry_name))
    _check_count(path.name, announced, len(geoms))
    fields = table.drop_columns([geometry_name])
    for field in fields.column_names:
        _refuse_undecodable(path.name, field, fields.column(field), source)
    frame = _framed(fields.to_pandas(), geoms)
    wkt = pyproj.CRS.from_user_input(meta["crs"]).to_wkt() if meta["crs"] else None
    return Layer(name, path, frame, wkt, "UTF-8", source, announced, 0, faults)


def _framed(columns: Any, geoms: NDArray[Any]) -> gpd.GeoDataFrame:  # noqa: ANN401 - whatever a frame is made of
    import geopandas as gpd

    return gpd.GeoDataFrame(columns, geometry=geoms)


def _refuse_undecodable(file: str, field: str, column: pa.ChunkedArray, source: str) -> None:
    """Check that a text column is UTF-8: GDAL hands over whatever bytes the file holds."""
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        for row, value in enumerate(column.cast(pa.binary())):
            try:
                (value.as_py() or b"").decode("utf-8")
            except UnicodeDecodeError:
                raise TextUndecodable(file, row, field, "UTF-8", source) from None
        raise


def _geometries(wkbs: pa.ChunkedArray) -> tuple[NDArray[Any], tuple[RowFault, ...]]:
    """Decode WKB and list what cannot be believed; a geometry that GEOS cannot build becomes None."""
    given = wkbs.to_numpy(zero_copy_only=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # from_wkb warns of what is listed below
        geoms = np.asarray(shapely.from_wkb(given, on_invalid="ignore"), dtype=object)
    missing = np.flatnonzero(shapely.is_missing(geoms)).tolist()
    coordinates, index = shapely.get_coordinates(geoms, return_index=True)
    not_finite = np.unique(index[~np.isfinite(coordinates).all(axis=1)]).tolist()
    faults = [
        *(RowFault(row, *_NO_GEOMETRY) if given[row] is None else RowFault(row, *_BROKEN) for row in missing),
        *(RowFault(row, *_NOT_FINITE) for row in not_finite),
    ]
    return geoms, tuple(sorted(faults, key=lambda fault: fault.row))


def _check_count(file: str, announced: int, found: int) -> None:
    if announced != found:
        raise FeatureCountDiffers(file, announced, found)
