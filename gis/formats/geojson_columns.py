"""How does an Arrow batch become lines of GeoJSON, without an object for each value? What is written, `geojson` says.

Arrow lays the names between the values; only outlines are made row by row, by orjson, from one array of coordinates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from gis.crs import lonlat
from gis.formats.geojson import DECIMALS_OF_A_DEGREE, geojson_shapes
from gis.formats.rings import rings_in

if TYPE_CHECKING:
    from gis.formats.rings import Rings

BETWEEN_LINES = b",\n"
_LOWEST_PRINTABLE, _QUOTE, _BACKSLASH = 0x20, 0x22, 0x5C


def feature_lines(batch: pa.RecordBatch, geometry: str, epsg: int) -> memoryview:
    """Give each row as a Feature, a comma and a line feed; `geometry` names the column of WKB in metres of `epsg`."""
    parts: list[pa.Array | pa.Scalar] = []
    before = '{"type":"Feature","properties":{'
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        if name != geometry:
            opening, values, closing = _values(column)
            parts += [pa.scalar(f"{before}{orjson.dumps(name).decode()}:{opening}", pa.binary()), values]
            before = f"{closing},"
    parts += [pa.scalar(before.removesuffix(",") + '},"geometry":', pa.binary())]
    parts += [_outlines(batch.column(geometry), epsg), pa.scalar(b"}" + BETWEEN_LINES, pa.binary())]
    lines = pc.binary_join_element_wise(*parts, pa.scalar(b"", pa.binary()))
    _, ends, written = lines.buffers()
    return memoryview(written)[: np.frombuffer(ends, np.int32)[len(lines)]]


def _values(column: pa.Array) -> tuple[str, pa.BinaryArray, str]:
    """A column as JSON: what stands before each value, the values, what stands behind each."""
    if not pa.types.is_string(column.type):
        texts = column.cast(pa.string())
        if pa.types.is_floating(column.type):
            # A number stays one with a point in every row: readers take a column's kind from its first rows.
            whole = pc.invert(pc.match_substring_regex(texts, "[.en]"))
            texts = pc.if_else(whole, pc.binary_join_element_wise(texts, ".0", ""), texts)
        return "", texts.fill_null("null").cast(pa.binary()), ""
    if _needs_escape(column):
        said = column.dictionary_encode()
        escaped = [orjson.dumps(text) for text in said.dictionary.to_pylist()]
        return "", pa.array(escaped, pa.binary()).take(said.indices).fill_null(b"null"), ""
    if not column.null_count:
        return '"', column.cast(pa.binary()), '"'
    quoted = pc.binary_join_element_wise('"', column, '"', "")
    return "", quoted.fill_null("null").cast(pa.binary()), ""


def _needs_escape(column: pa.StringArray) -> bool:
    """Whether a text has a character that JSON does not take as it is."""
    values = column.buffers()[2]
    raw = np.frombuffer(values or b"", np.uint8)
    return bool(((raw < _LOWEST_PRINTABLE) | (raw == _QUOTE) | (raw == _BACKSLASH)).any())


def _outlines(wkbs: pa.BinaryArray, epsg: int) -> pa.BinaryArray:
    """Each row's geometry as JSON."""
    rings = rings_in(wkbs)
    written = np.empty(len(wkbs), object)
    written[rings.is_polygon] = _polygons(rings, epsg)
    others = np.flatnonzero(~rings.is_polygon)
    if len(others):
        geoms = shapely.from_wkb(wkbs.take(pa.array(others)).to_numpy(zero_copy_only=False))
        written[others] = geojson_shapes(geoms, epsg)
    return pa.array(written, pa.binary())


def _polygons(rings: Rings, epsg: int) -> list[bytes]:
    if not len(rings.sizes):
        return []
    points = np.round(lonlat(_turned(rings), epsg), DECIMALS_OF_A_DEGREE)
    ends = np.cumsum(rings.sizes).tolist()
    each = [points[start:end] for start, end in zip([0, *ends[:-1]], ends, strict=True)]
    # [[[x,y],…],[[x,y],…],…]: one call, cut where a ring ends.
    listed = orjson.dumps(each, option=orjson.OPT_SERIALIZE_NUMPY)[3:-3].split(b"]],[[")
    outer = np.flatnonzero(rings.is_outer).tolist()
    bodies = listed
    if len(outer) != len(listed):
        bodies = [b"]],[[".join(listed[start:end]) for start, end in zip(outer, [*outer[1:], len(listed)], strict=True)]
    return [b'{"type":"Polygon","coordinates":[[[' + body + b"]]]}" for body in bodies]


def _turned(rings: Rings) -> np.ndarray:
    """The coordinates with outer rings counter-clockwise and holes clockwise (RFC 7946 section 3.1.6)."""
    starts, sizes = rings.starts, rings.sizes
    # From a corner of its own: products of millions of metres would drown the area of a small parcel.
    x, y = (rings.coordinates - np.repeat(rings.coordinates[starts], sizes, axis=0)).T
    crossed = np.append(x[:-1] * y[1:] - x[1:] * y[:-1], 0.0)
    # A ring is closed: from its last point none leads on.
    crossed[starts + sizes - 1] = 0.0
    clockwise = np.add.reduceat(crossed, starts) < 0
    turn = np.repeat(clockwise == rings.is_outer, sizes)
    place = np.arange(len(x))
    back = np.repeat(2 * starts + sizes - 1, sizes) - place
    return rings.coordinates[np.where(turn, back, place)]
