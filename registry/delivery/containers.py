"""Which tables does one file hold that is a database: an Access .mdb or a GeoPackage?

A GeoPackage is asked with SQLite alone, read-only, and only for plain tables: views and virtual tables can run functions
(hazards.md 1.3). An .mdb is read by `gis.formats.jet`. A personal geodatabase is told by its own tables.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.errors import GisError
from gis.formats.jet import JetFile

if TYPE_CHECKING:
    from pathlib import Path

CONTAINERS = frozenset({".mdb", ".accdb", ".gpkg"})
# As SQLite itself sorts them: what the schema says in words can be written anyhow.
_PLAIN = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' ORDER BY name"
_HIDDEN = "SELECT count(*) FROM pragma_table_xinfo(?) WHERE hidden <> 0"
_OF_GEOPACKAGE = ("gpkg_", "rtree_", "sqlite_")


class Unreadable(Exception):
    """Raised inside this room when a table as a whole can't be read; it names the fault of the catalogue."""

    def __init__(self, fault: str, **values: object) -> None:
        """The fault and what its sentences need."""
        super().__init__(fault)
        self.fault = fault
        self.values = values


@dataclass(frozen=True, slots=True)
class TableFile:
    """Where a table lies: its file, the name relative to the delivery's folder, and which table in a database."""

    path: Path
    file: str
    inside: str = ""


def is_geodatabase(path: Path) -> bool:
    """Whether an .mdb is a personal geodatabase of ArcGIS."""
    try:
        return JetFile(path).is_geodatabase
    except GisError:
        return False


def tables_in(path: Path) -> list[str]:
    """The names of the plain tables. Raises `Unreadable`; a personal geodatabase is refused under that name."""
    if path.suffix.lower() == ".gpkg":
        names = [str(name) for (name,) in _asked(path, _PLAIN)]
        return [name for name in names if not name.startswith(_OF_GEOPACKAGE)]
    database = _jet(path)
    if database.is_geodatabase:
        raise Unreadable("personal-geodatabase", part=path.name)
    return database.names


def cells_in(source: TableFile) -> tuple[list[str], list[list[str | None]]]:
    """The header and the rows of one table as text. Raises `Unreadable`."""
    if source.path.suffix.lower() != ".gpkg":
        try:
            table = _jet(source.path).table(source.inside)
        except GisError as bad:
            raise Unreadable("file-unreadable", reason=(bad.zh, bad.en)) from None
        return table.names, table.rows
    quoted = '"' + source.inside.replace('"', '""') + '"'
    if _asked(source.path, _HIDDEN, source.inside) != [(0,)]:
        reason = ("有按公式计算的列", "it has columns that are reckoned when they are read")
        raise Unreadable("file-unreadable", reason=reason)
    header = [str(row[1]) for row in _asked(source.path, f"PRAGMA table_info({quoted})")]
    rows = _asked(source.path, f"SELECT * FROM {quoted}")  # noqa: S608  (a quoted name of the file itself)
    blobs = {place for row in rows for place, value in enumerate(row) if isinstance(value, bytes)}
    kept = [place for place in range(len(header)) if place not in blobs and header[place] != "fid"]
    return [header[place] for place in kept], [[_word(row[place]) for place in kept] for row in rows]


def _jet(path: Path) -> JetFile:
    try:
        return JetFile(path)
    except GisError as bad:
        raise Unreadable("file-unreadable", reason=(bad.zh, bad.en)) from None


def _asked(path: Path, query: str, *values: str) -> list[tuple[object, ...]]:
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            connection.execute("PRAGMA trusted_schema = OFF")
            return connection.execute(query, values).fetchall()
    except sqlite3.Error as bad:
        reason = (f"不是可读的 GeoPackage（{bad}）", f"it is no readable GeoPackage ({bad})")
        raise Unreadable("file-unreadable", reason=reason) from None


def _word(value: object) -> str | None:
    """A cell as text: whole numbers without a point, days without hyphens or hours."""
    if value is None:
        return None
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1 << 53 else repr(value)
    text = str(value)
    return text.removesuffix("T00:00:00Z").removesuffix("T00:00:00")
