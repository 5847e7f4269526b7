"""How does a frame of parcels leave as GeoPackage, GeoJSON or Shapefile, so that others read exactly what was
meant?

A frame is a geopandas GeoDataFrame whose geometry is in (easting, northing) of the `epsg` given; its own CRS
is not looked at. Files are written new, never into the live register: GDAL carries its own SQLite (hazards.md
1.5).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

import pyarrow as pa

from gis.formats.dbf_writing import ValueDoesNotFit, dbf_bytes
from gis.formats.drivers import require_only_allowed_drivers
from gis.formats.geojson import COLLECTION_END, collection_start, geojson_features
from gis.formats.refusals import TargetUnwritable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from gis.formats.dbf import DbfField


def write_geopackage(frame: gpd.GeoDataFrame, path: Path, *, epsg: int, layer: str) -> None:
    """Write a GeoPackage of one layer with its R*Tree. Raises `TargetUnwritable`, `ValueDoesNotFit`."""
    # Promoted to a multipolygon, a plain polygon would come back as other bytes and fail its digest.
    _gdal_write(_placed(_arrow_ready(frame), epsg), path, "GPKG", layer=layer, promote_to_multi=False)


def write_geopackage_table(frame: pd.DataFrame, path: Path, *, table: str) -> None:
    """Write a table without geometry (`attributes`) into a GeoPackage, beside its layers. Raises `TargetUnwritable`."""
    _gdal_write(frame, path, "GPKG", layer=table)


def write_geojson(frame: gpd.GeoDataFrame, path: Path, *, epsg: int) -> None:
    """Write RFC 7946: longitude, latitude of EPSG:4490 in degrees with 8 decimals, outer rings
    counter-clockwise.

    CGCS2000 and the WGS 84 that RFC 7946 names differ by centimetres. Missing values become null, days ISO
    8601 texts. Raises `ValueDoesNotFit` for a value that JSON has no word for.
    """
    fields = frame.drop(columns=frame.geometry.name)
    columns = {name: _plain_values(fields[name].tolist(), fields[name].isna().tolist()) for name in fields.columns}
    features = geojson_features(columns, frame.geometry.to_numpy(), epsg)
    try:
        path.write_bytes(collection_start({}) + b",\n".join(features) + COLLECTION_END)
    except OSError as error:
        raise TargetUnwritable(path.name, str(error)) from None


def write_shapefile(
    frame: gpd.GeoDataFrame,
    path: Path,
    *,
    epsg: int,
    encoding: Literal["UTF-8", "GBK"],
    fields: Sequence[DbfField] | None = None,
) -> None:
    """Write .shp, .shx, .dbf, .prj and .cpg; GBK also sets LDID 0x4D, as county tools do.

    `fields`: columns to write with their widths in bytes, in order; without it every column, as wide as it
    must be. Outer rings turn clockwise, as the format demands. Raises `FieldNameUnfit`, `ValueDoesNotFit` (a
    text outside GBK, or longer than its field, by row and field) before anything is written,
    `TargetUnwritable`.
    """
    import geopandas as gpd

    attributes = frame.drop(columns=frame.geometry.name)
    table = dbf_bytes(attributes, "gbk" if encoding == "GBK" else "utf-8", fields)
    # GDAL writes geometry and .prj and a table of its own, in whose place ours is put.
    shapes = _placed(gpd.GeoDataFrame(geometry=frame.geometry.to_numpy()), epsg)
    _gdal_write(shapes, path, "ESRI Shapefile", encoding="UTF-8")
    try:
        path.with_suffix(".dbf").write_bytes(table)
        path.with_suffix(".cpg").write_text(encoding, "ascii")
    except OSError as error:
        raise TargetUnwritable(path.name, str(error)) from None


def _placed(frame: gpd.GeoDataFrame, epsg: int) -> gpd.GeoDataFrame:
    return frame.set_crs(epsg, allow_override=True)


def _gdal_write(frame: pd.DataFrame, path: Path, driver: str, **options: str | bool) -> None:
    from gis.formats.drivers import pyogrio

    require_only_allowed_drivers()
    try:
        pyogrio.write_dataframe(frame, path, driver=driver, use_arrow=True, **options)
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        pyogrio.errors.FeatureError,
        OSError,
        RuntimeError,
    ) as error:
        raise TargetUnwritable(path.name, str(error)) from None


def _arrow_ready(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Turn exact decimals, which GeoPackage lacks, into REAL; refuse what no column of one kind can hold."""
    ready = frame.copy()
    for name in frame.columns.drop(frame.geometry.name):
        if ready[name].dtype != object:
            continue
        values = _plain_values(ready[name].tolist(), ready[name].isna().tolist())
        ready[name] = [float(value) if isinstance(value, Decimal) else value for value in values]
        try:
            pa.array(values, from_pandas=True)
        except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
            raise ValueDoesNotFit(-1, str(name), error, "各行类型不一", "has values of several kinds") from None
    return ready


def _plain_values(values: list[Any], missing: list[bool]) -> list[Any]:
    return [None if is_missing else value for value, is_missing in zip(values, missing, strict=True)]
