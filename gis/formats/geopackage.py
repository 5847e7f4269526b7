"""Is this upload a GeoPackage whose layer is a plain table, before GDAL may open it?

A GeoPackage is an SQLite file and may hold views and virtual tables that run functions when read; only a
plain table is taken. The file is looked at read-only, as it lies on the disk; never call this on the live
register.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.errors import LayerError, SourceError
from gis.formats.drivers import FEATURE_LIMIT_BYTES

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class FeatureTable:
    """A layer by name, the number of its rows, and the key and geometry columns it declares."""

    name: str
    row_count: int


class GeoPackageUnreadable(SourceError):
    """Raised when the file is no GeoPackage or SQLite finds it damaged."""

    def __init__(self, file: str, reason: str) -> None:
        """Name the file and SQLite's reason."""
        super().__init__(
            f"{file} 不是可读的 GeoPackage ({reason})；请重新导出",
            f"{file} is not a readable GeoPackage ({reason}): export it again",
        )


class LayerNotPlain(LayerError):
    """Raised when a layer is a view or a virtual table."""

    def __init__(self, file: str, layer: str) -> None:
        """Name both."""
        super().__init__(
            f"{file} 的图层 {layer} 不是普通数据表；请导出为普通图层",
            f"{file}: layer {layer} is not a plain table: export it as one",
        )


class LayerNotSingle(LayerError):
    """Raised when it is not certain which layer is meant."""

    def __init__(self, file: str, layers: list[str]) -> None:
        """Name the layers."""
        listed = ", ".join(layers[:10]) or "0"
        super().__init__(
            f"{file} 应有一个要素图层，实有: {listed}；请指明图层或单独导出",
            f"{file} should hold one feature layer, it holds: {listed}; name the layer or export it alone",
        )


class FeatureTooLarge(LayerError):
    """Raised when one geometry is larger than is read."""

    def __init__(self, file: str, size: int) -> None:
        """Name the file and the size in bytes."""
        super().__init__(
            f"{file} 中有 {size} 字节的几何，上限 {FEATURE_LIMIT_BYTES} 字节；请拆分",
            f"{file} has a geometry of {size} bytes, the limit is {FEATURE_LIMIT_BYTES}: split it",
        )


def feature_table(path: Path, layer: str | None) -> FeatureTable:
    """Find the one feature layer of a file, or the named one.

    Raises `GeoPackageUnreadable`, `LayerNotSingle`, `LayerNotPlain`, `FeatureTooLarge`.
    """
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        connection.execute("PRAGMA trusted_schema = OFF")
        return _feature_table(connection, path.name, layer)
    except sqlite3.Error as error:
        raise GeoPackageUnreadable(path.name, str(error)) from None
    finally:
        connection.close()


def _feature_table(connection: sqlite3.Connection, file: str, layer: str | None) -> FeatureTable:
    layers = {
        str(table): str(column)
        for table, column in connection.execute(
            "SELECT c.table_name, g.column_name FROM gpkg_contents AS c"
            " JOIN gpkg_geometry_columns AS g ON g.table_name = c.table_name WHERE c.data_type = 'features'",
        )
    }
    name = layer if layer is not None else next(iter(layers), "")
    if name not in layers or (layer is None and len(layers) > 1):
        raise LayerNotSingle(file, sorted(layers))
    plain = connection.execute(
        "SELECT sql FROM sqlite_master WHERE name = ? AND type = 'table'",
        (name,),
    ).fetchone()
    if plain is None or "VIRTUAL" in plain[0].upper().split("(")[0]:
        raise LayerNotPlain(file, name)
    table, column = ('"' + each.replace('"', '""') + '"' for each in (name, layers[name]))
    count, largest = connection.execute(f"SELECT COUNT(*), MAX(LENGTH({column})) FROM {table}").fetchone()  # noqa: S608 - quoted names of the file itself
    if (largest or 0) > FEATURE_LIMIT_BYTES:
        raise FeatureTooLarge(file, largest)
    return FeatureTable(name, count)
