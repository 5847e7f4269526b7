"""On which projection do these coordinates lie, and are they the register's own?

Words. The *register's CRS* is one CGCS2000 3-degree Gauss-Kruger projection without zone prefix (EPSG
4534..4554; the banner: 4545). A *zone prefix* is the zone number written in front of the easting:
36,574,148.470 is zone 36 and 574,148.470. *CM* is the central meridian in degrees east. Coordinates are
(easting, northing) in metres, or (longitude, latitude) in degrees: x first, always.

This file never reprojects what was surveyed: a delivery on the register's projection is taken bit for bit (a
zone prefix is subtracted, which is exact), any other is refused by its own name. Longitude and latitude are
derived for display.

Source of the codes: EPSG registry; domain/standards.md section 5.1; 1.5-degree zones: section 5.5.
"""

from gis.crs.projections import (
    GEOGRAPHIC_EPSG,
    INVERSE_FLATTENING,
    SEMI_MAJOR_AXIS_M,
    CrsNotForRegister,
    FoundCrs,
    RegisterCrs,
    epsg_wkt,
)
from gis.crs.recognition import recognise
from gis.crs.refusals import (
    AxesSwapped,
    CrsBeijing54,
    CrsContradicted,
    CrsMissing,
    CrsRefused,
    CrsUnknown,
    CrsUnreadable,
    CrsUtm,
    CrsWgs84,
    CrsXian80,
    DegreesNotMetres,
    EastingOutsideZone,
    MetresNotDegrees,
    PrefixAbsent,
    PrefixContradicted,
    PrefixesMixed,
)
from gis.crs.transfer import CrsNotTheRegisters, lonlat, on_grid, to_lonlat, to_register

__all__ = [
    "GEOGRAPHIC_EPSG",
    "INVERSE_FLATTENING",
    "SEMI_MAJOR_AXIS_M",
    "AxesSwapped",
    "CrsBeijing54",
    "CrsContradicted",
    "CrsMissing",
    "CrsNotForRegister",
    "CrsNotTheRegisters",
    "CrsRefused",
    "CrsUnknown",
    "CrsUnreadable",
    "CrsUtm",
    "CrsWgs84",
    "CrsXian80",
    "DegreesNotMetres",
    "EastingOutsideZone",
    "FoundCrs",
    "MetresNotDegrees",
    "PrefixAbsent",
    "PrefixContradicted",
    "PrefixesMixed",
    "RegisterCrs",
    "epsg_wkt",
    "lonlat",
    "on_grid",
    "recognise",
    "to_lonlat",
    "to_register",
]
