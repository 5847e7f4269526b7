"""How are rows written as GeoJSON (RFC 7946), fast, and a part at a time?

Longitude, latitude of EPSG:4490 in degrees with 8 decimals (a millimetre, the XY tolerance of a survey), outer rings
counter-clockwise. CGCS2000 and the WGS 84 that RFC 7946 names differ by centimetres.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
import shapely

from gis.crs import lonlat
from gis.formats.dbf_writing import ValueDoesNotFit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import BinaryIO

    from numpy.typing import NDArray

_DECIMALS_OF_A_DEGREE = 8


def geojson_features(
    columns: Mapping[str, Sequence[Any]], geoms: NDArray[Any], epsg: int, first_row: int = 0
) -> list[bytes]:
    """Give each row as a Feature. `geoms` are in (easting, northing) of `epsg`; Z is dropped.

    None and NaN become null, days ISO 8601 texts. `ValueDoesNotFit` (rows counted from `first_row`) for a value that JSON
    has no word for.
    """
    rounded = shapely.transform(geoms, lambda metres: np.round(lonlat(metres, epsg), _DECIMALS_OF_A_DEGREE))
    shapes = shapely.to_geojson(shapely.orient_polygons(rounded, exterior_cw=False))
    names = list(columns)
    rows = zip(*columns.values(), strict=True) if columns else (() for _ in range(len(geoms)))
    features = []
    for row, (values, shape) in enumerate(zip(rows, shapes.tolist(), strict=True)):
        try:
            properties = orjson.dumps(dict(zip(names, values, strict=True)), default=_word)
        except orjson.JSONEncodeError as error:
            said = "不能写成 JSON", "cannot be written as JSON"
            raise ValueDoesNotFit(first_row + row, "properties", error, *said) from None
        written = b"null" if shape is None else shape.encode("ascii")
        features.append(b'{"type":"Feature","properties":' + properties + b',"geometry":' + written + b"}")
    return features


def write_collection(
    file: BinaryIO, parts: Iterable[Sequence[bytes]], members: Mapping[str, Any] | None = None
) -> None:
    """Write a FeatureCollection of parts, a feature a line; `members` are foreign members (RFC 7946 section 6.1)."""
    foreign = b"".join(
        orjson.dumps(name) + b":" + orjson.dumps(value) + b"," for name, value in (members or {}).items()
    )
    file.write(b'{"type":"FeatureCollection",' + foreign + b'"features":[\n')
    between = b""
    for part in parts:
        if part:
            file.write(between + b",\n".join(part))
            between = b",\n"
    file.write(b"\n]}\n")


def _word(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError
