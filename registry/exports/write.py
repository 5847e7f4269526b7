"""How does a selection leave the register as GeoPackage, GeoJSON, Shapefile or one printed map page?

Everything is written beside its place and moved there when it is whole: a reader never sees half a file. The live
register is read through SQL only; GDAL, which carries its own SQLite, writes new files and never opens it
(hazards.md 1.5).
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import pandas as pd
import shapely

from gis.cartography import render_pdf
from gis.crs import GEOGRAPHIC_EPSG, RegisterCrs, to_lonlat
from gis.formats import write_geojson, write_geopackage, write_shapefile
from registry.errors import SanquanError
from registry.exports.columns import PARCEL_COLUMNS, RIGHT_COLUMNS, with_numbers, with_short_names
from registry.exports.furnish import furnish
from registry.exports.gather import Selection, of_village
from registry.exports.page import map_page
from registry.store.settings import REGISTER_CRS

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd
    from numpy.typing import NDArray

    from registry.store.engines import Store

Format = Literal["gpkg", "geojson", "shp", "pdf"]
Encoding = Literal["UTF-8", "GBK"]
FORMATS: tuple[Format, ...] = get_args(Format)
WITH_PREFIX_EPSG = 4524
"""The register's projection with its zone number in front of the easting: 36,574,148.470."""
OFFERED_EPSG = (REGISTER_CRS, WITH_PREFIX_EPSG, GEOGRAPHIC_EPSG)
_EVERY_COLUMN = (*PARCEL_COLUMNS, *RIGHT_COLUMNS)
_METRES_A_PREFIX = 1_000_000.0


class NothingToExportError(SanquanError):
    """Raised when no parcel stands where one was looked for."""

    def __init__(self, selection: Selection) -> None:
        """Say on which day was looked."""
        super().__init__(
            f"{selection.valid_at} 这一天这里没有地块，没有写文件: 核对人、村码、方框或日期",
            f"no parcel stands here on {selection.valid_at}; no file was written: check person, village, box or day",
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


def export(
    store: Store,
    selection: Selection,
    form: str,
    path: Path,
    *,
    epsg: int = REGISTER_CRS,
    encoding: str = "UTF-8",
) -> Path:
    """Write a selection to `path` (an older file there is replaced) and give the path.

    `form`: gpkg (layers `parcels` and `rights`), geojson and shp (rows of `rights`), pdf. `epsg`: 4545, 4524 or 4490
    for gpkg and shp; GeoJSON is longitude, latitude by RFC 7946 and a page is drawn in the register's CRS. `encoding`:
    of a Shapefile. Raises `NothingToExportError`, `FormatUnknownError`, and `gis` refusals (a name outside GBK).
    """
    if form not in FORMATS:
        raise FormatUnknownError(form)
    if epsg not in OFFERED_EPSG:
        raise FormatUnknownError(epsg)
    if selection.parcels.empty:
        raise NothingToExportError(selection)
    with replacing(path) as unfinished:
        if form == "pdf":
            unfinished.write_bytes(render_pdf(map_page(selection, _surroundings(store, selection))))
        elif form == "geojson":
            write_geojson(with_numbers(selection.rights, _EVERY_COLUMN), unfinished, epsg=REGISTER_CRS)
        elif form == "gpkg":
            for layer, frame, columns in (
                ("parcels", selection.parcels, PARCEL_COLUMNS),
                ("rights", selection.rights, _EVERY_COLUMN),
            ):
                moved = with_numbers(located(frame, epsg), columns)
                write_geopackage(moved, unfinished, epsg=epsg, layer=layer)
            furnish(unfinished, store, selection, styled=("parcels", "rights"))
        else:
            _write_shapefile(selection, unfinished, epsg, encoding)
    return path


def located(frame: gpd.GeoDataFrame, epsg: int) -> gpd.GeoDataFrame:
    """Give a frame of the register's CRS in one of the offered systems; attributes stay untouched (invariant I4).

    With the zone prefix each easting is the register's plus 36,000,000, rounded once to the next double (4 nm); one
    that was delivered with its prefix comes out bit for bit as it came in.
    """
    if epsg == REGISTER_CRS:
        return frame
    shapes = frame.geometry.to_numpy()
    moved = to_lonlat(shapes, REGISTER_CRS) if epsg == GEOGRAPHIC_EPSG else _with_prefix(shapes)
    return frame.set_geometry(moved, crs=epsg)


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


def _surroundings(store: Store, selection: Selection) -> gpd.GeoDataFrame | None:
    """The parcels of the villages in which a person's parcels lie."""
    if selection.person_id is None:
        return None
    with store.reading() as connection:
        around = [
            of_village(store, connection, code, selection.valid_at, selection.head.size).parcels
            for code in sorted(set(selection.parcels["village_code"]))
        ]
    joined: gpd.GeoDataFrame = pd.concat(around, ignore_index=True)
    return joined


def _write_shapefile(selection: Selection, path: Path, epsg: int, encoding: str) -> None:
    table = with_short_names(located(selection.rights, epsg), _EVERY_COLUMN)
    if encoding == "GBK":
        write_shapefile(table, path, epsg=epsg, encoding="GBK")
    elif encoding == "UTF-8":
        write_shapefile(table, path, epsg=epsg, encoding="UTF-8")
    else:
        raise FormatUnknownError(encoding)


def _with_prefix(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    shift = np.array([(RegisterCrs.of(REGISTER_CRS).zone_prefix or 0) * _METRES_A_PREFIX, 0.0])
    return np.asarray(shapely.transform(shapes, lambda coordinates: coordinates + shift), dtype=object)
