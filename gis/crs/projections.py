"""Which projections are there, and by which codes and names is each known?

Source: EPSG registry; domain/standards.md section 5.1, and 5.5 for 1.5-degree zones.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from pyproj import CRS

from gis.errors import CrsError

GEOGRAPHIC_EPSG = 4490
"""CGCS2000 longitude and latitude; the registry writes it latitude first, this room always longitude first.
"""

SEMI_MAJOR_AXIS_M = 6378137.0
INVERSE_FLATTENING = 298.257222101

FIRST_ZONE, LAST_ZONE = 25, 45
_ZONED_EPSG_AT_ZONE_0 = 4513 - FIRST_ZONE
_PLAIN_EPSG_AT_ZONE_0 = 4534 - FIRST_ZONE
CENTRE_EASTING_M = 500_000.0
METRES_A_PREFIX = 1_000_000.0


@dataclass(frozen=True, slots=True)
class RegisterCrs:
    """The one projection in which a register stores what was surveyed.

    `epsg` is a code of a projection without zone prefix; `zone_prefix` is the prefix that a delivery on the
    same projection may carry (36 for CM 108), None if the projection has none.
    """

    epsg: int
    central_meridian: float
    false_easting: float
    zone_prefix: int | None
    label: str

    @classmethod
    def of(cls, epsg: int) -> RegisterCrs:
        """Give the register's CRS of an EPSG code; a code with zone prefix answers its twin without one.

        >>> RegisterCrs.of(4545).zone_prefix
        36
        >>> RegisterCrs.of(4524).epsg
        4545

        Raises `CrsNotForRegister` for anything but 4513..4554.
        """
        for at_zone_0 in (_ZONED_EPSG_AT_ZONE_0, _PLAIN_EPSG_AT_ZONE_0):
            zone = epsg - at_zone_0
            if FIRST_ZONE <= zone <= LAST_ZONE:
                return cls(
                    epsg=_PLAIN_EPSG_AT_ZONE_0 + zone,
                    central_meridian=zone * 3.0,
                    false_easting=CENTRE_EASTING_M,
                    zone_prefix=zone,
                    label=f"CGCS2000 / 3-degree Gauss-Kruger CM {zone * 3}E",
                )
        raise CrsNotForRegister(epsg)

    def wkt(self) -> str:
        """Give the definition as WKT 1, the form that a GeoPackage's `definition` column and GDAL share."""
        return epsg_wkt(self.epsg)


@dataclass(frozen=True, slots=True)
class FoundCrs:
    """What a layer's coordinates turned out to be.

    `epsg` is None for a projection without a code (1.5-degree zones). `central_meridian` and `false_easting`
    are None for longitude and latitude. `zone_prefix` is what stands in front of the eastings *as they are in
    the file*, whatever the .prj says. `notes` are (zh, en) sentences for the reader of the import report.
    """

    epsg: int | None
    central_meridian: float | None
    false_easting: float | None
    zone_prefix: int | None
    label: str
    notes: tuple[tuple[str, str], ...] = field(default=())

    @property
    def is_geographic(self) -> bool:
        """Whether the coordinates are longitude and latitude in degrees."""
        return self.central_meridian is None


class CrsNotForRegister(CrsError):
    """Raised when a register is to be made on something else than a CGCS2000 3-degree Gauss-Kruger
    projection.
    """

    def __init__(self, epsg: int) -> None:
        """Name the code."""
        super().__init__(
            f"EPSG:{epsg} 不能作为登记簿坐标系；请用 CGCS2000 3 度带高斯投影 (EPSG:4513 至 4554)，例如 4545",
            f"EPSG:{epsg} cannot be a register's CRS: use a CGCS2000 3-degree Gauss-Kruger projection"
            " (EPSG:4513 to 4554), for example 4545",
        )


@cache
def epsg_wkt(epsg: int) -> str:
    """Give the WKT 1 definition of a code of the EPSG registry, on one line, with its authority."""
    return str(CRS.from_epsg(epsg).to_wkt("WKT1_GDAL"))


def gauss_kruger(meridian: float, prefix: int | None, notes: tuple[tuple[str, str], ...] = ()) -> FoundCrs:
    """Name the projection of a meridian, with or without a prefix in front of its eastings."""
    zone = round(meridian / 3)
    epsg = None
    if meridian == zone * 3 and FIRST_ZONE <= zone <= LAST_ZONE:
        if prefix is None:
            epsg = _PLAIN_EPSG_AT_ZONE_0 + zone
        elif prefix == zone:
            epsg = _ZONED_EPSG_AT_ZONE_0 + zone
    code = f" (EPSG:{epsg})" if epsg is not None else ""
    in_front = f", zone prefix {prefix}" if prefix is not None else ""
    label = f"CGCS2000 / Gauss-Kruger CM {meridian:g}E{in_front}{code}"
    false_easting = CENTRE_EASTING_M + (prefix or 0) * METRES_A_PREFIX
    return FoundCrs(epsg, meridian, false_easting, prefix, label, notes)


def prefixes_of(meridian: float) -> tuple[int, ...]:
    """Give the zone numbers by which a meridian is known: of 3-degree zones (CM/3) and of 1.5-degree zones
    (CM/1.5).
    """
    narrow = round(meridian / 1.5)
    return (narrow,) if narrow % 2 else (narrow // 2, narrow)
