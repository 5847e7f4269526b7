"""How large is a parcel, in square metres and in 亩, on the grid and on the ellipsoid?

1 亩 = 2000/3 m² exactly, so 亩 = m² * 3 / 2000. Recorded areas are exact decimals with two places (NY/T
2539-2016 fields Float(15,2)), rounded half up; binary floats come only out of geometry, and nothing here
feeds them back into a record. Source: domain/standards.md sections 5.2 and 5.5.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from pyproj import Geod

from gis.crs import INVERSE_FLATTENING, SEMI_MAJOR_AXIS_M, to_lonlat
from gis.errors import AreaError

if TYPE_CHECKING:
    from numpy.typing import NDArray

_HUNDREDTH = Decimal("0.01")
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
"""Wide enough that the product is exact for any area below 10^40 and only the last step rounds."""


class NotAnArea(AreaError):
    """Raised when a text is not a finite decimal number of sensible length."""

    def __init__(self, value: Decimal | str) -> None:
        """Show the value."""
        super().__init__(
            f"{str(value)[:40]!r} 不是面积；请填数字，例如 666.67",
            f"{str(value)[:40]!r} is not an area: write a number such as 666.67",
        )


def mu_from_m2(area_m2: Decimal | str) -> Decimal:
    """Give 亩 with two decimals, rounded half up, from square metres.

    >>> [str(mu_from_m2(m2)) for m2 in ("666.67", "1000.00", "3333.33", "10.00", "2000000.00")]
    ['1.00', '1.50', '5.00', '0.02', '3000.00']

    Raises `NotAnArea`.
    """
    return _rounded(_EXACT.divide(_EXACT.multiply(_number(area_m2), Decimal(3)), Decimal(2000)), area_m2)


def m2_from_mu(area_mu: Decimal | str) -> Decimal:
    """Give square metres with two decimals, rounded half up, from 亩; for deliveries whose m² column is
    empty.

    >>> [str(m2_from_mu(mu)) for mu in ("1.00", "1.50", "3000.00")]
    ['666.67', '1000.00', '2000000.00']

    Raises `NotAnArea`.
    """
    # A third never ends in decimals: round the exact fraction, whose tie (…5) cannot occur in a true third.
    return _rounded(_EXACT.divide(_EXACT.multiply(_number(area_mu), Decimal(2000)), Decimal(3)), area_mu)


def plane_area_m2(geoms: NDArray[Any]) -> NDArray[np.float64]:
    """Give the area on the grid (平面面积) of each geometry, in m²; the way in which contract land is
    measured.

    `geoms`: array of shapely geometries in projected metres. Null and empty geometries have area 0; holes are
    subtracted. Coordinates are first moved to each geometry's own corner: the shoelace products of
    4-million-metre northings would otherwise lose the square millimetres.
    """
    corners = np.nan_to_num(shapely.bounds(geoms)[:, :2], nan=0.0)
    coordinates, index = shapely.get_coordinates(geoms, return_index=True)
    moved = shapely.set_coordinates(np.array(geoms, dtype=object), coordinates - corners[index])
    return np.nan_to_num(np.asarray(shapely.area(moved), dtype=np.float64), nan=0.0)


def ellipsoid_area_m2(geoms: NDArray[Any], epsg: int) -> NDArray[np.float64]:
    """Give the area on the CGCS2000 ellipsoid (椭球面积) of each geometry, in m², its edges being geodesics.

    `geoms`: array of shapely polygons or multipolygons in (easting, northing) of `epsg`. Null and empty
    geometries have area 0. In the banner the plane area exceeds this by 0.002 to 0.05 percent.
    """
    areas = np.zeros(len(geoms), dtype=np.float64)
    parts, owner_of_part = shapely.get_parts(to_lonlat(geoms, epsg), return_index=True)
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    is_outer = np.ones(len(rings), dtype=np.bool_)
    is_outer[1:] = part_of_ring[1:] != part_of_ring[:-1]
    geod = _ellipsoid()
    for ring, part, outer in zip(rings, part_of_ring, is_outer, strict=True):
        longitude, latitude = shapely.get_coordinates(ring).T
        area = abs(geod.polygon_area_perimeter(longitude, latitude)[0])
        areas[owner_of_part[part]] += area if outer else -area
    return areas


@cache
def _ellipsoid() -> Geod:
    return Geod(a=SEMI_MAJOR_AXIS_M, rf=INVERSE_FLATTENING)


def _number(value: Decimal | str) -> Decimal:
    try:
        number = value if isinstance(value, Decimal) else Decimal(value.strip())
    except InvalidOperation:
        raise NotAnArea(value) from None
    if not number.is_finite() or number.adjusted() > 20 or len(number.as_tuple().digits) > 40:  # noqa: PLR2004 - far past any land, inside _EXACT
        raise NotAnArea(value)
    return number


def _rounded(exact: Decimal, given: Decimal | str) -> Decimal:
    try:
        return exact.quantize(_HUNDREDTH, context=_EXACT)
    except InvalidOperation:
        raise NotAnArea(given) from None
