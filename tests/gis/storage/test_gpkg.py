"""Are the bytes of a geometry the same in a GeoPackage, in PostGIS and under the ledger's digest?"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import struct
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from numpy.typing import NDArray

from gis.storage import gpkg
from gis.storage.gpkg import (
    blobs_from_geoms,
    ewkb_from_geoms,
    feature_table_sql,
    geoms_from_blobs,
    gpkg_sql,
    register_functions,
    rtree_sql,
    wkb_digest,
)
from tests.gis.polygons import parcel_arrays, parcels

SQUARE = shapely.box(574_148.470, 4_263_341.028, 574_158.470, 4_263_351.028)


def _wkb(geoms: NDArray[Any]) -> list[bytes]:
    return [bytes(each) for each in shapely.to_wkb(geoms, byte_order=1, output_dimension=2)]


def _geopackage() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    register_functions(connection)
    connection.execute("PRAGMA foreign_keys = ON")
    for statement in gpkg_sql(4545):
        connection.execute(statement)
    connection.execute('CREATE TABLE parcel (fid INTEGER PRIMARY KEY, "geom" BLOB)')
    for statement in (*feature_table_sql("parcel", "geom", 4545, "地块"), *rtree_sql("parcel", "geom")):
        connection.execute(statement)
    return connection


@given(parcel_arrays())
def test_blob_round_trip_keeps_every_bit(geoms: NDArray[Any]) -> None:
    """A geometry out of a GeoPackage is bit for bit the one that went in, and the blob made of it is the same blob."""
    blobs = blobs_from_geoms(geoms, 4545)
    back = geoms_from_blobs(blobs)
    assert _wkb(back) == _wkb(geoms)
    assert blobs_from_geoms(back, 4545) == blobs


@given(parcels())
def test_blob_header_has_srs_and_envelope_in_the_standards_order(parcel: shapely.Polygon) -> None:
    """GP, version 0, flags 3, srs_id, then minx, maxx, miny, maxy in little-endian (OGC 12-128 2.1.3)."""
    (blob,) = blobs_from_geoms([parcel], 4545)
    assert blob is not None
    minx, miny, maxx, maxy = parcel.bounds
    assert struct.unpack_from("<2sBBi4d", blob) == (b"GP", 0, 3, 4545, minx, maxx, miny, maxy)


def test_blobs_of_null_and_empty_come_back_as_such() -> None:
    """None is NULL; an empty geometry has the empty flag and no envelope."""
    geoms = np.array([None, shapely.Polygon(), SQUARE], dtype=object)
    null, empty, _ = blobs_from_geoms(geoms, 4545)
    assert null is None
    assert empty is not None
    assert empty[3] == 0b00010001
    back = geoms_from_blobs([null, empty])
    assert back[0] is None
    assert back[1].is_empty


def test_blob_leaves_out_z() -> None:
    """Everything stored is two-dimensional, so that digests agree."""
    high = shapely.force_3d(SQUARE, 1_300.0)
    assert blobs_from_geoms([high], 4545) == blobs_from_geoms([SQUARE], 4545)
    assert wkb_digest([high]) == wkb_digest([SQUARE])


@pytest.mark.parametrize("envelope", [(0, 0), (1, 4), (2, 6), (3, 6), (4, 8)])
def test_blob_of_another_program_is_read_whatever_its_envelope(envelope: tuple[int, int]) -> None:
    """Envelope codes 0 to 4 and big-endian headers are lawful (OGC 12-128 2.1.3)."""
    code, doubles = envelope
    for order, bit in (("<", 1), (">", 0)):
        header = struct.pack(f"{order}2sBBi{doubles}d", b"GP", 0, code << 1 | bit, 4545, *range(doubles))
        blob = header + shapely.to_wkb(SQUARE, byte_order=bit)
        assert geoms_from_blobs([blob])[0].equals_exact(SQUARE, 0.0)


@pytest.mark.parametrize(
    "blob",
    [
        b"",
        b"GP",
        b"XX\0\3" + bytes(80),
        b"GP\1\3" + bytes(80),
        b"GP\0\x0b" + bytes(80),
        b"GP\0\3" + bytes(36),
        b"GP\0\3" + bytes(36) + b"\1\3\0\0\0\xff\xff\xff\x7f",
    ],
)
def test_malformed_blob_is_refused_by_row(blob: bytes) -> None:
    """Only our own refusal leaves the parser, and it names the row."""
    (good,) = blobs_from_geoms([SQUARE], 4545)
    with pytest.raises(gpkg.BlobMalformed, match="row 1 "):
        geoms_from_blobs([good, blob])


@given(parcel_arrays())
def test_digest_is_sha256_of_postgis_bytes(geoms: NDArray[Any]) -> None:
    """The digest is over ST_AsBinary(geom, 'NDR'): little-endian OGC WKB, two-dimensional, without SRID."""
    located = shapely.set_srid(geoms, 4545)
    assert wkb_digest(located) == [hashlib.sha256(each).digest() for each in _wkb(geoms)]


def test_digest_of_null_is_an_error() -> None:
    """Nothing may stand in the ledger for a missing shape."""
    with pytest.raises(TypeError):
        wkb_digest([None])


@given(parcel_arrays())
def test_ewkb_holds_srid_and_the_same_bits(geoms: NDArray[Any]) -> None:
    """Hexadecimal EWKB in ASCII, flag 0x20000000 and the SRID after the type, then the very same coordinates."""
    for ewkb, wkb in zip(ewkb_from_geoms(geoms, 4545), _wkb(geoms), strict=True):
        assert ewkb is not None
        raw = bytes.fromhex(ewkb.decode("ascii"))
        kind, srid = struct.unpack_from("<II", raw, 1)
        assert (kind & 0x2000_0000, srid) == (0x2000_0000, 4545)
        assert shapely.to_wkb(shapely.from_wkb(raw), byte_order=1) == wkb
    assert ewkb_from_geoms(np.array([None]), 4545) == [None]


@given(parcels())
def test_sql_functions_read_the_box_from_the_header(parcel: shapely.Polygon) -> None:
    """The R*Tree's functions answer the envelope, with or without one in the header."""
    connection = _geopackage()
    (blob,) = blobs_from_geoms([parcel], 4545)
    assert blob is not None
    bare = struct.pack("<2sBBi", b"GP", 0, 1, 4545) + blob[40:]
    ask = "SELECT ST_MinX(?1), ST_MinY(?1), ST_MaxX(?1), ST_MaxY(?1), ST_IsEmpty(?1)"
    for each in (blob, bare):
        assert connection.execute(ask, (each,)).fetchone() == (*parcel.bounds, 0)


def test_sql_functions_answer_null_for_what_is_no_geometry() -> None:
    """NULL and foreign bytes have no box; an empty geometry has none and is empty."""
    connection = _geopackage()
    ask = "SELECT ST_MinX(?1), ST_IsEmpty(?1)"
    (empty,) = blobs_from_geoms([shapely.Polygon()], 4545)
    assert connection.execute(ask, (None,)).fetchone() == (None, None)
    assert connection.execute(ask, (b"no geometry",)).fetchone() == (None, None)
    assert connection.execute(ask, (empty,)).fetchone() == (None, 1)


def test_insert_trigger_fills_the_rtree() -> None:
    """Each inserted geometry stands in the index; NULL and empty ones do not."""
    connection = _geopackage()
    blobs = blobs_from_geoms(np.array([SQUARE, None, shapely.Polygon()], dtype=object), 4545)
    connection.executemany("INSERT INTO parcel (geom) VALUES (?)", [(blob,) for blob in blobs])
    (row,) = connection.execute("SELECT id, minx, maxx, miny, maxy FROM rtree_parcel_geom").fetchall()
    minx, miny, maxx, maxy = SQUARE.bounds
    assert row[0] == 1
    assert row[1] <= minx <= maxx <= row[2]
    assert row[3] <= miny <= maxy <= row[4]


def test_reference_systems_are_the_standards_and_ours() -> None:
    """-1, 0 and 4326 are demanded by the standard; 4490 and the register's own are defined in WKT 1."""
    rows = dict(_geopackage().execute("SELECT srs_id, definition FROM gpkg_spatial_ref_sys").fetchall())
    assert set(rows) == {-1, 0, 4326, 4490, 4545}
    assert 'PARAMETER["central_meridian",108]' in rows[4545]


@pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="ogrinfo (gdal-bin) is not installed")
def test_gdal_opens_the_file_as_a_geopackage(tmp_path: Path) -> None:
    """Another GDAL than ours reads layer name, CRS, count and geometry, and warns of nothing."""
    connection = _geopackage()
    connection.execute("INSERT INTO parcel (geom) VALUES (?)", blobs_from_geoms([SQUARE], 4545))
    connection.commit()
    with sqlite3.connect(tmp_path / "register.gpkg") as target:
        connection.backup(target)
    target.close()
    told = subprocess.run(
        ["ogrinfo", "-ro", "-al", tmp_path / "register.gpkg"], capture_output=True, text=True, check=True
    )
    assert told.stderr == ""
    for piece in ("IDENTIFIER=地块", "Feature Count: 1", 'ID["EPSG",4545]', "574148.47 4263351.028"):
        assert piece in told.stdout
