"""What does a GeoPackage for colleagues carry beside its layers: styles that QGIS takes up, and whence it comes?

A finished file is opened with Python's own `sqlite3` after GDAL has closed it; never the live register. Sources: QGIS's
table `layer_styles`; OGC 12-128r19 clause F.8 (metadata extension).
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from gis.cartography.style import qml, sld
from gis.gpkg_version import USER_VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_TABLES = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT, f_table_schema TEXT, f_table_name TEXT,
    f_geometry_column TEXT, styleName TEXT, styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
    owner TEXT, ui TEXT, update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')));
INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('layer_styles', 'attributes', 'layer_styles');
CREATE TABLE gpkg_metadata (
    id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL, md_scope TEXT NOT NULL DEFAULT 'dataset',
    md_standard_uri TEXT NOT NULL, mime_type TEXT NOT NULL DEFAULT 'text/xml', metadata TEXT NOT NULL DEFAULT '');
CREATE TABLE gpkg_metadata_reference (
    reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT, row_id_value INTEGER,
    timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    md_file_id INTEGER NOT NULL, md_parent_id INTEGER,
    CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata (id),
    CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata (id));
INSERT INTO gpkg_metadata_reference (reference_scope, md_file_id) VALUES ('geopackage', 1);
"""
_EXTENSION = "http://www.geopackage.org/spec120/#extension_metadata"
_METADATA_URI = "https://schema.org/Dataset"
_STYLE_NAME = "三权 land use"


def furnish(path: Path, facts: Mapping[str, str | int], *, styled: Sequence[str]) -> None:
    """Put styles for the layers `styled` (each has a column `land_use`) and the provenance `facts` into a GeoPackage.

    Its journal mode is left as DELETE: a file in WAL mode cannot be opened from a write-protected folder.
    """
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(_TABLES)
        for layer in styled:
            connection.execute(
                "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName,"
                " styleQML, styleSLD, useAsDefault, description, owner)"
                " SELECT '', '', table_name, column_name, ?, ?, ?, 1, '', '' FROM gpkg_geometry_columns"
                " WHERE table_name = ?",
                (_STYLE_NAME, qml(), sld(), layer),
            )
        connection.execute(
            "INSERT INTO gpkg_metadata (id, md_standard_uri, mime_type, metadata) VALUES (1, ?, 'application/json', ?)",
            (_METADATA_URI, json.dumps(facts, ensure_ascii=False)),
        )
        connection.executemany(
            "INSERT INTO gpkg_extensions VALUES (?, NULL, 'gpkg_metadata', ?, 'read-write')",
            [("gpkg_metadata", _EXTENSION), ("gpkg_metadata_reference", _EXTENSION)],
        )
        # Nothing newer than 1.3 is in the file; a higher number would make GDAL of Debian 12 warn.
        connection.execute(f"PRAGMA user_version = {USER_VERSION}")
        connection.commit()
        connection.execute("PRAGMA journal_mode = DELETE")
