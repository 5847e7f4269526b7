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
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

DECIMALS_OF_A_DEGREE = 8
COLLECTION_END = b"\n]}\n"


def geojson_features(
    columns: Mapping[str, Sequence[Any]], geoms: NDArray[Any], epsg: int
) -> list[bytes]:
    """Give each row as a Feature. `geoms` are in (easting, northing) of `epsg`; Z is dropped.

    None and NaN become null, days ISO 8601 texts. `ValueDoesNotFit` for a value that JSON has no word for.
    """
    names = list(columns)
    rows = zip(*columns.values(), strict=True) if columns else (() for _ in range(len(geoms)))
    features = []
    for row, (values, shape) in enumerate(zip(rows, geojson_shapes(geoms, epsg), strict=True)):
        try:
            properties = orjson.dumps(dict(zip(names, values, strict=True)), default=_word)
        except orjson.JSONEncodeError as error:
            said = "不能写成 JSON", "cannot be written as JSON"
            raise ValueDoesNotFit(row, "properties", error, *said) from None
        features.append(b'{"type":"Feature","properties":' + properties + b',"geometry":' + shape + b"}")
    return features


def geojson_shapes(geoms: NDArray[Any], epsg: int) -> list[bytes]:
    """Give each geometry of `geojson_features`, null where there is none."""
    rounded = shapely.transform(geoms, lambda metres: np.round(lonlat(metres, epsg), DECIMALS_OF_A_DEGREE))
    shapes = shapely.to_geojson(shapely.orient_polygons(rounded, exterior_cw=False))
    return [b"null" if shape is None else shape.encode("ascii") for shape in shapes.tolist()]


def collection_start(members: Mapping[str, Any]) -> bytes:
    """Give what stands before the features; `members` are foreign members (RFC 7946 section 6.1)."""
    foreign = b"".join(orjson.dumps(name) + b":" + orjson.dumps(value) + b"," for name, value in members.items())
    return b'{"type":"FeatureCollection",' + foreign + b'"features":[\n'


def _word(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError
