"""On which projection do the coordinates of a delivery lie?

The CRS text is read by its parameters, not by its name or code, and then held against the eastings
themselves. What cannot be told for certain is refused; nothing is guessed from the numbers alone.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from pyproj import CRS
from pyproj.exceptions import CRSError as PyprojCrsError

from gis.crs.projections import (
    CENTRE_EASTING_M,
    FIRST_ZONE,
    GEOGRAPHIC_EPSG,
    INVERSE_FLATTENING,
    LAST_ZONE,
    METRES_A_PREFIX,
    SEMI_MAJOR_AXIS_M,
    FoundCrs,
    gauss_kruger,
    prefixes_of,
)
from gis.crs.refusals import (
    AxesSwapped,
    CrsBeijing54,
    CrsMissing,
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

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_CHINA_NORTHINGS_M = (1_900_000.0, 6_000_000.0)
_LEAST_EASTING_M = 1_000.0
_FULL_CIRCLE = 360.0
"""No easting is as small as a longitude can be."""
_UTM_SCALE = 0.9996
_ROUNDING = 1e-8
"""A digit past those in which definitions are written."""

_CGCS2000_DATUMS = frozenset(
    {
        "china2000",
        "chinageodeticcoordinatesystem2000",
        "chinesegeodeticcoordinatesystem2000",
        "cgcs2000",
        "chinageodeticsystem2000",
        "gcschinageodeticcoordinatesystem2000",
    },
)


def recognise(prj_wkt: str | None, sample_eastings: NDArray[np.float64] | Sequence[float]) -> FoundCrs:
    """Say which CRS the coordinates of a layer are on, from its WKT (ESRI or OGC) and some of its x values.

    `sample_eastings`: x of any coordinates of the layer (metres, or degrees of longitude); give all that are
    at hand, values that are not finite are left out, none at all means that the text cannot be checked
    against them.

    Accepted: EPSG 4490, 4513..4554, and CGCS2000 1.5-degree zones known only by their parameters. Raises a
    named subclass of `CrsRefused` for anything else, `CrsContradicted` where text and coordinates disagree.
    """
    if prj_wkt is None or not prj_wkt.strip():
        raise CrsMissing
    eastings = np.asarray(sample_eastings, dtype=np.float64)
    eastings = eastings[np.isfinite(eastings)]
    found = _from_text(prj_wkt)
    if found.is_geographic:
        _refuse_metres(found, eastings)
        return found
    return _with_prefix_of(found, eastings)


@lru_cache(maxsize=16)
def _from_text(prj_wkt: str) -> FoundCrs:
    """Read the WKT alone; what it says about the prefix may still be contradicted by the coordinates.

    Remembered: PROJ takes 40 ms for a text, and the layers of a delivery say the same one.
    """
    try:
        crs = CRS.from_wkt(prj_wkt)
    except PyprojCrsError:
        raise CrsUnreadable(prj_wkt) from None
    _refuse_known_strangers(crs)
    datum = crs.datum.name if crs.datum is not None else ""
    is_nameless = _letters(datum).removeprefix("d").startswith("unknown")
    if not (_is_cgcs2000_datum(datum) or is_nameless):
        raise CrsUnknown(crs.name, f"大地基准是 {datum or '未说明'}", f"its datum is {datum or 'not given'}")
    ellipsoid = crs.ellipsoid
    if (
        ellipsoid is None
        or ellipsoid.semi_major_metre != SEMI_MAJOR_AXIS_M
        or abs(ellipsoid.inverse_flattening - INVERSE_FLATTENING) > _ROUNDING
    ):
        raise CrsUnknown(crs.name, "椭球不是 CGCS2000 椭球", "its ellipsoid is not that of CGCS2000")
    if crs.is_geographic:
        if is_nameless:
            raise CrsUnknown(crs.name, "大地基准未说明", "its datum is not named")
        _refuse_other_units(crs, np.pi / 180, "度", "degrees")
        return FoundCrs(GEOGRAPHIC_EPSG, None, None, None, "CGCS2000 (EPSG:4490)")
    found = _projected(crs)
    if not is_nameless:
        return found
    note = (
        f"坐标系未写明大地基准，按 CGCS2000 椭球参数认定为 {found.label}",
        f"the CRS does not name its datum; by its ellipsoid it was taken for {found.label}",
    )
    return FoundCrs(
        found.epsg,
        found.central_meridian,
        found.false_easting,
        found.zone_prefix,
        found.label,
        (*found.notes, note),
    )


def _refuse_known_strangers(crs: CRS) -> None:
    """Refuse by its own name what surveyors are known to send; UTM first, for it stands on any datum."""
    names = _letters(crs.name) + _letters(crs.datum.name if crs.datum is not None else "")
    geodetic = crs.geodetic_crs
    if geodetic is not None:
        names += _letters(geodetic.name)
    if "utmzone" in names or _parameters(crs).get("Scale factor at natural origin") == _UTM_SCALE:
        raise CrsUtm(crs.name)
    if "xian" in names:
        raise CrsXian80(crs.name)
    if "beijing" in names:
        raise CrsBeijing54(crs.name)
    if "wgs84" in names or "wgs1984" in names or "worldgeodeticsystem1984" in names:
        raise CrsWgs84(crs.name)


def _projected(crs: CRS) -> FoundCrs:
    """Take a transverse Mercator projection with k = 1 from the equator on a 3- or 1.5-degree meridian."""
    operation = crs.coordinate_operation
    method = operation.method_name if operation is not None else ""
    if not crs.is_projected or "Transverse Mercator" not in method:
        raise CrsUnknown(crs.name, "不是高斯-克吕格投影", "it is not a Gauss-Kruger projection")
    _refuse_other_units(crs, 1.0, "米", "metres")
    of = _parameters(crs)
    if (
        of.get("Scale factor at natural origin") != 1.0
        or of.get("Latitude of natural origin") != 0.0
        or of.get("False northing", 0.0) != 0.0
    ):
        raise CrsUnknown(
            crs.name,
            "比例因子须为 1，起始纬度和北偏须为 0",
            "its scale factor must be 1, its latitude of origin and false northing 0",
        )
    meridian = round(of["Longitude of natural origin"], 9)  # PROJ strings give 109.50000000000001
    false_easting = of.get("False easting", 0.0)
    if meridian % 1.5 or not 3.0 * FIRST_ZONE - 1.5 <= meridian <= 3.0 * LAST_ZONE + 1.5:
        raise CrsUnknown(
            crs.name,
            f"中央子午线 {meridian:g} 度不是 3 度或 1.5 度分带的",
            f"its central meridian {meridian:g} belongs to no 3-degree or 1.5-degree zone of China",
        )
    prefix = _prefix_in(false_easting)
    if prefix is None and false_easting != CENTRE_EASTING_M:
        raise CrsUnknown(crs.name, f"东偏 {false_easting:g} 米", f"its false easting is {false_easting:g} m")
    if prefix is not None and prefix not in prefixes_of(meridian):
        raise CrsUnknown(
            crs.name,
            f"带号 {prefix} 与中央子午线 {meridian:g} 度不符",
            f"its zone prefix {prefix} does not belong to central meridian {meridian:g}",
        )
    return gauss_kruger(meridian, prefix)


def _with_prefix_of(said: FoundCrs, eastings: NDArray[np.float64]) -> FoundCrs:
    """Hold the text against the eastings: a prefix that the text hides is named, a prefix that is absent is
    an error.
    """
    if eastings.size == 0:
        return said
    first = float(eastings[0])
    if np.abs(eastings).max() <= _FULL_CIRCLE:
        raise DegreesNotMetres(said.label, first)
    prefixes = np.unique(np.floor_divide(eastings, METRES_A_PREFIX)).astype(int).tolist()
    low, high = _CHINA_NORTHINGS_M
    if low <= eastings.min() and eastings.max() <= high:
        raise AxesSwapped(first)
    if len(prefixes) > 1:
        raise PrefixesMixed(prefixes)
    prefix = prefixes[0]
    meridian = said.central_meridian or 0.0
    if prefix and prefix not in prefixes_of(meridian):
        raise PrefixContradicted(said.label, first, prefix)
    if not prefix and said.zone_prefix is not None:
        raise PrefixAbsent(said.label, first)
    if eastings.min() - prefix * METRES_A_PREFIX < _LEAST_EASTING_M:
        raise EastingOutsideZone(float(eastings.min()))
    if prefix and said.zone_prefix is None:
        note = (
            f"坐标系写的是 {said.label}，横坐标却带有带号 {prefix}；按带号 {prefix} 读取",
            f"the CRS says {said.label}, but the eastings carry prefix {prefix}: read with it",
        )
        return gauss_kruger(meridian, prefix, (*said.notes, note))
    return said


def _refuse_metres(found: FoundCrs, eastings: NDArray[np.float64]) -> None:
    if eastings.size and np.abs(eastings).max() > _FULL_CIRCLE:
        raise MetresNotDegrees(found.label, float(eastings[0]))


def _refuse_other_units(crs: CRS, factor: float, zh: str, en: str) -> None:
    if any(abs(axis.unit_conversion_factor - factor) > _ROUNDING for axis in crs.axis_info):
        raise CrsUnknown(crs.name, f"坐标单位不是{zh}", f"its unit is not {en}")


def _parameters(crs: CRS) -> dict[str, float]:
    operation = crs.coordinate_operation
    return {} if operation is None else {each.name: float(each.value) for each in operation.params}


def _prefix_in(false_easting: float) -> int | None:
    prefix, rest = divmod(false_easting, METRES_A_PREFIX)
    return int(prefix) if prefix and rest == CENTRE_EASTING_M else None


def _is_cgcs2000_datum(name: str) -> bool:
    letters = _letters(name)
    return letters in _CGCS2000_DATUMS or letters.removeprefix("d") in _CGCS2000_DATUMS


def _letters(name: str) -> str:
    return "".join(character for character in name.lower() if character.isalnum())
