"""Which bytes and which tables make an SQLite file a GeoPackage, and which bytes does PostGIS take?

Words. A *blob* is a GeoPackage geometry: 8 bytes of header, an XY envelope of 32 bytes, then OGC WKB. *EWKB*
is PostGIS's WKB with the SRID inside. The *digest* of a geometry is SHA-256 over its little-endian OGC WKB in
two dimensions; the same geometry gives the same digest out of either database.

Everything is two-dimensional: Z and M are left out of blobs, EWKB and digests. Source: OGC 12-128r19
(GeoPackage), clauses 1.1.1, 2.1.3 and annex F.3 (R*Tree).
"""

from __future__ import annotations

import hashlib
import math
import struct
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from gis.crs import GEOGRAPHIC_EPSG, epsg_wkt
from gis.errors import GisError
from gis.gpkg_version import USER_VERSION

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

APPLICATION_ID = 0x47504B47
"""The letters GPKG; a reader knows the file by it."""

_HEADER = np.dtype([("magic", "S2"), ("version", "u1"), ("flags", "u1"), ("srs_id", "<i4"), ("envelope", "<f8", (4,))])
_ENVELOPE_BYTES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
_FIXED_HEADER_BYTES = 8
_FLAGS_AT = 3
_MAGIC = ord("G")
_XY_LITTLE_ENDIAN = 0b00000011
_EMPTY_LITTLE_ENDIAN = 0b00010001
_EMPTY_BIT = 0b00010000


class BlobMalformed(GisError):
    """Raised when bytes are no GeoPackage geometry; the row is counted from 0."""

    def __init__(self, row: int) -> None:
        """Name the row."""
        super().__init__(
            f"第 {row} 行的几何数据不是 GeoPackage 格式；请检查数据库文件",
            f"the geometry in row {row} is not a GeoPackage blob: check the database file",
        )


def blobs_from_geoms(geoms: NDArray[Any] | Sequence[Any], srs_id: int) -> list[bytes | None]:
    """Encode shapely geometries as GeoPackage blobs: little-endian, XY envelope in the header; None stays
    None.

    An empty geometry has the empty flag and no envelope, as the standard wants.
    """
    array = np.asarray(geoms, dtype=object)
    wkbs = shapely.to_wkb(array, byte_order=1, output_dimension=2)
    headers = np.zeros(len(array), dtype=_HEADER)
    headers["magic"] = b"GP"
    headers["flags"] = _XY_LITTLE_ENDIAN
    headers["srs_id"] = srs_id
    headers["envelope"] = shapely.bounds(array)[:, [0, 2, 1, 3]]
    raw = headers.tobytes()
    size = _HEADER.itemsize
    blobs: list[bytes | None] = [
        None if wkb is None else raw[at : at + size] + wkb
        for at, wkb in zip(range(0, len(raw), size), wkbs.tolist(), strict=True)
    ]
    for row in np.flatnonzero(shapely.is_empty(array)).tolist():
        blobs[row] = struct.pack("<2sBBi", b"GP", 0, _EMPTY_LITTLE_ENDIAN, srs_id) + wkbs[row]
    return blobs


def geoms_from_blobs(blobs: Sequence[bytes | None]) -> NDArray[Any]:
    """Decode GeoPackage blobs of any envelope and byte order into shapely geometries; None stays None.

    Raises `BlobMalformed` naming the row.
    """
    wkbs = [None if blob is None else _wkb_in(blob, row) for row, blob in enumerate(blobs)]
    try:
        return np.asarray(shapely.from_wkb(np.array(wkbs, dtype=object)), dtype=object)
    except shapely.errors.GEOSException:
        for row, wkb in enumerate(wkbs):
            try:
                shapely.from_wkb(wkb)
            except shapely.errors.GEOSException:
                raise BlobMalformed(row) from None
        raise


def wkbs_from_blobs(blobs: Sequence[bytes]) -> list[bytes]:
    """Give the WKB in each blob as it stands there; `BlobMalformed` names the row of one that is none."""
    return [_wkb_in(blob, row) for row, blob in enumerate(blobs)]


def wkbs_from_joined(blobs: bytes, lengths: NDArray[np.int64]) -> tuple[bytes, NDArray[np.int64]]:
    """Give the WKB in blobs that lie one behind the other, in the same way, and the lengths.

    Raises `BlobMalformed` naming the row.
    """
    ends = np.cumsum(lengths)
    starts = ends - lengths
    raw = np.frombuffer(blobs, np.uint8)
    whole = lengths.min(initial=_HEADER.itemsize) >= _HEADER.itemsize
    if not whole or (raw[starts + _FLAGS_AT] != _XY_LITTLE_ENDIAN).any() or (raw[starts] != _MAGIC).any():
        # Another header than that which `blobs_from_geoms` writes before a geometry that is not empty.
        wkbs = wkbs_from_blobs([blobs[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)])
        return b"".join(wkbs), np.array([len(wkb) for wkb in wkbs], np.int64)
    starts += _HEADER.itemsize
    wkbs = [blobs[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
    return b"".join(wkbs), lengths - _HEADER.itemsize


def ewkb_from_geoms(geoms: NDArray[Any] | Sequence[Any], srid: int) -> list[bytes | None]:
    """Encode shapely geometries as hexadecimal EWKB in ASCII, as PostgreSQL's text COPY takes it."""
    located = shapely.set_srid(np.asarray(geoms, dtype=object), srid)
    ewkbs = shapely.to_wkb(located, hex=True, byte_order=1, output_dimension=2, include_srid=True)
    return [None if ewkb is None else ewkb.encode("ascii") for ewkb in ewkbs.tolist()]


def wkb_digest(geoms: NDArray[Any] | Sequence[Any]) -> list[bytes]:
    """Give SHA-256 of each geometry's little-endian OGC WKB in two dimensions, without SRID.

    A null geometry has no digest: it raises `TypeError`, for nothing may stand in the ledger for a missing
    shape.
    """
    wkbs = shapely.to_wkb(np.asarray(geoms, dtype=object), byte_order=1, output_dimension=2)
    return [hashlib.sha256(wkb).digest() for wkb in wkbs.tolist()]


def gpkg_sql(epsg: int) -> list[str]:
    """Give the statements that make an empty SQLite file a GeoPackage whose features lie on `epsg`.

    The reference systems are the three that the standard demands, CGCS2000 (4490) and the register's own.
    """
    systems = [
        ("Undefined cartesian SRS", -1, "NONE", -1, "undefined"),
        ("Undefined geographic SRS", 0, "NONE", 0, "undefined"),
        *((_name_in(epsg_wkt(code)), code, "EPSG", code, epsg_wkt(code)) for code in (4326, GEOGRAPHIC_EPSG, epsg)),
    ]
    return [
        f"PRAGMA application_id = {APPLICATION_ID}",
        f"PRAGMA user_version = {USER_VERSION}",
        """CREATE TABLE gpkg_spatial_ref_sys (
            srs_name TEXT NOT NULL,
            srs_id INTEGER NOT NULL PRIMARY KEY,
            organization TEXT NOT NULL,
            organization_coordsys_id INTEGER NOT NULL,
            definition TEXT NOT NULL,
            description TEXT)""",
        """CREATE TABLE gpkg_contents (
            table_name TEXT NOT NULL PRIMARY KEY,
            data_type TEXT NOT NULL,
            identifier TEXT UNIQUE,
            description TEXT DEFAULT '',
            last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
            min_x DOUBLE,
            min_y DOUBLE,
            max_x DOUBLE,
            max_y DOUBLE,
            srs_id INTEGER,
            CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id))""",
        """CREATE TABLE gpkg_geometry_columns (
            table_name TEXT NOT NULL,
            column_name TEXT NOT NULL,
            geometry_type_name TEXT NOT NULL,
            srs_id INTEGER NOT NULL,
            z TINYINT NOT NULL,
            m TINYINT NOT NULL,
            CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
            CONSTRAINT uk_gc_table_name UNIQUE (table_name),
            CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents (table_name),
            CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id))""",
        """CREATE TABLE gpkg_extensions (
            table_name TEXT,
            column_name TEXT,
            extension_name TEXT NOT NULL,
            definition TEXT NOT NULL,
            scope TEXT NOT NULL,
            CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name))""",
        *(
            _insert(
                "gpkg_spatial_ref_sys",
                srs_name=name,
                srs_id=srs_id,
                organization=organization,
                organization_coordsys_id=code,
                definition=definition,
            )
            for name, srs_id, organization, code, definition in systems
        ),
    ]


def feature_table_sql(table: str, geom_column: str, srs_id: int, identifier: str) -> list[str]:
    """Give the statements that announce a feature table to other programs.

    `identifier` is the layer's name as QGIS shows it. The extent stays NULL, as the standard allows, rather
    than go stale: a live register only grows.
    """
    geometry: dict[str, str | int] = {"geometry_type_name": "GEOMETRY", "srs_id": srs_id, "z": 0, "m": 0}
    return [
        _insert("gpkg_contents", table_name=table, data_type="features", identifier=identifier, srs_id=srs_id),
        _insert("gpkg_geometry_columns", table_name=table, column_name=geom_column, **geometry),
    ]


def rtree_sql(table: str, geom_column: str) -> list[str]:
    """Give the statements that index an append-only feature table by an R*Tree; its key column must be `fid`.

    Only the insert trigger of annex F.3 is made: the table's rows are never updated or deleted, and a trigger
    for what cannot happen would be one more thing to guard. Every connection that inserts needs
    `register_functions`.
    """
    index = _quoted(f"rtree_{table}_{geom_column}")
    column = _quoted(geom_column)
    return [
        f"CREATE VIRTUAL TABLE {index} USING rtree(id, minx, maxx, miny, maxy)",
        f"""CREATE TRIGGER {_quoted(f"rtree_{table}_{geom_column}_insert")} AFTER INSERT ON {_quoted(table)}
            WHEN (NEW.{column} NOT NULL AND NOT ST_IsEmpty(NEW.{column}))
            BEGIN
                INSERT OR REPLACE INTO {index} VALUES (
                    NEW."fid",
                    ST_MinX(NEW.{column}), ST_MaxX(NEW.{column}),
                    ST_MinY(NEW.{column}), ST_MaxY(NEW.{column}));
            END""",  # noqa: S608 - names of the schema, quoted
        _insert(
            "gpkg_extensions",
            table_name=table,
            column_name=geom_column,
            extension_name="gpkg_rtree_index",
            definition="http://www.geopackage.org/spec120/#extension_rtree",
            scope="write-only",
        ),
    ]


def register_functions(connection: sqlite3.Connection) -> None:
    """Give a connection the five functions that the R*Tree trigger calls; they read the blob's header, never
    the WKB. And `sanquan_joined`, which lays blobs one behind the other (`together.shapes_joined`).

    A blob without an envelope (another program's) has its geometry decoded. NULL and no blob answer NULL.
    """
    connection.create_aggregate("sanquan_joined", 1, _Joined)  # type: ignore[arg-type]  # its steps are a list's own
    for name, place in (("ST_MinX", 0), ("ST_MaxX", 1), ("ST_MinY", 2), ("ST_MaxY", 3)):
        connection.create_function(name, 1, _envelope_reader(place), deterministic=True)
    connection.create_function("ST_IsEmpty", 1, _is_empty, deterministic=True)


class _Joined(list[bytes]):
    """An aggregate whose every step is a call of C: one of Python's would cost as much as reading the row."""

    step = list.append

    def finalize(self) -> bytes:
        return b"".join(self)


def _envelope_reader(place: int) -> Callable[[object], float | None]:
    read = struct.Struct(f"<{_FIXED_HEADER_BYTES + 8 * place}xd").unpack_from
    read_big_endian = struct.Struct(f">{_FIXED_HEADER_BYTES + 8 * place}xd").unpack_from
    of_bounds = (0, 2, 1, 3)[place]

    def read_one(blob: object) -> float | None:
        if not isinstance(blob, bytes) or blob[:2] != b"GP" or len(blob) <= _FIXED_HEADER_BYTES:
            return None
        if not blob[3] & 0b1110:
            bound = float(shapely.bounds(geoms_from_blobs([blob])[0])[of_bounds])
            return None if math.isnan(bound) else bound
        value: float = (read if blob[3] & 1 else read_big_endian)(blob)[0]
        return value

    return read_one


def _is_empty(blob: object) -> int | None:
    if not isinstance(blob, bytes) or blob[:2] != b"GP" or len(blob) <= _FIXED_HEADER_BYTES:
        return None
    return int(bool(blob[3] & _EMPTY_BIT))


def _wkb_in(blob: bytes, row: int) -> bytes:
    if len(blob) <= _FIXED_HEADER_BYTES or blob[:2] != b"GP" or blob[2] != 0:
        raise BlobMalformed(row)
    envelope = _ENVELOPE_BYTES.get((blob[3] >> 1) & 0b111)
    if envelope is None:
        raise BlobMalformed(row)
    return blob[_FIXED_HEADER_BYTES + envelope :]


def _insert(table: str, **values: str | int) -> str:
    columns = ", ".join(values)
    listed = ", ".join(_text(value) if isinstance(value, str) else str(value) for value in values.values())
    return f"INSERT INTO {table} ({columns}) VALUES ({listed})"  # noqa: S608 - names of this file, values quoted


def _name_in(wkt: str) -> str:
    return wkt.split('"', 2)[1]


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
