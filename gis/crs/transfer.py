"""How do surveyed coordinates enter the register untouched, and how are longitude and latitude derived from
them? And on which point of the grid did somebody click?
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from pyproj import Transformer

from gis.crs.projections import GEOGRAPHIC_EPSG, METRES_A_PREFIX, FoundCrs, RegisterCrs
from gis.errors import CrsError

if TYPE_CHECKING:
    from numpy.typing import NDArray


class CrsNotTheRegisters(CrsError):
    """Raised when a recognised CRS is another projection than the register's: nothing is reprojected."""

    def __init__(self, found: FoundCrs, register_crs: RegisterCrs) -> None:
        """Show both sides."""
        super().__init__(
            f"成果坐标系是 {found.label}，登记簿是 {register_crs.label} (EPSG:{register_crs.epsg})；"
            "登记簿只存测量原坐标、不作换带，请由测绘单位按登记簿坐标系重新交付",
            f"the delivery is on {found.label}, the register on {register_crs.label}"
            f" (EPSG:{register_crs.epsg}); surveyed coordinates are never reprojected:"
            " have the surveyor deliver on the register's CRS",
        )


def to_register(geoms: NDArray[Any], found: FoundCrs, register_crs: RegisterCrs) -> NDArray[Any]:
    """Give the geometries in the register's coordinates, without touching one bit of what was surveyed.

    `geoms`: array of shapely geometries. On the same projection the very same array comes back; a zone prefix
    is subtracted from the eastings, which is exact in binary (Sterbenz: prefix/2 <= easting <= 2*prefix), and
    a Z that was delivered is kept. Raises `CrsNotTheRegisters` for any other projection, longitude and
    latitude included.
    """
    if found.is_geographic or found.central_meridian != register_crs.central_meridian:
        raise CrsNotTheRegisters(found, register_crs)
    if found.zone_prefix is None:
        return geoms
    shift = found.zone_prefix * METRES_A_PREFIX

    def without_prefix(coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
        moved = coordinates.copy()
        moved[:, 0] -= shift
        return moved

    return np.asarray(
        shapely.transform(geoms, without_prefix, include_z=bool(shapely.has_z(geoms).any())), dtype=object
    )


def to_lonlat(geoms: NDArray[Any], epsg: int) -> NDArray[Any]:
    """Give the geometries as (longitude, latitude) of EPSG:4490 in degrees, for display and GeoJSON.

    `geoms`: array of shapely geometries in (easting, northing) of `epsg`; Z is dropped. Vertices are
    converted one by one: a long straight fence on the grid is not exactly straight in degrees. Nothing of
    this is ever stored.
    """
    return np.asarray(shapely.transform(geoms, lambda coordinates: lonlat(coordinates, epsg)), dtype=object)


def lonlat(coordinates: NDArray[np.float64], epsg: int) -> NDArray[np.float64]:
    """`to_lonlat` for coordinates alone: an array of shape (n, 2), (easting, northing) to (longitude, latitude)."""
    longitude, latitude = _to_lonlat_transformer(epsg).transform(coordinates[:, 0], coordinates[:, 1])
    return np.column_stack((longitude, latitude))


def on_grid(lonlat: NDArray[np.float64], epsg: int) -> NDArray[np.float64]:
    """Where clicks on a map lie: (longitude, latitude) of shape (n, 2) to (easting, northing) of `epsg`, for display to propose by.

    Never for what was surveyed: that has coordinates of its own.
    """
    east, north = _to_lonlat_transformer(epsg).transform(lonlat[:, 0], lonlat[:, 1], direction="INVERSE")
    return np.column_stack((east, north))


@cache
def _to_lonlat_transformer(epsg: int) -> Transformer:
    return Transformer.from_crs(epsg, GEOGRAPHIC_EPSG, always_xy=True)
