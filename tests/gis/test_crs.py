"""Is each CRS that surveyors send named rightly, and is no coordinate touched on its way in?"""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from pyproj import CRS

from gis import crs
from gis.crs import RegisterCrs, recognise, to_lonlat, to_register
from tests.gis.polygons import parcels

REGISTER = RegisterCrs.of(4545)
WKT_KINDS = ("WKT1_ESRI", "WKT1_GDAL", "WKT2_2019")
NARROW_ZONE = "+proj=tmerc +lon_0={cm} +k=1 +x_0={fe} +ellps=GRS80"


def _wkt(epsg: int, kind: str = "WKT1_ESRI") -> str:
    return str(CRS.from_epsg(epsg).to_wkt(kind))


def _narrow(cm: float, fe: float) -> str:
    return str(CRS.from_proj4(NARROW_ZONE.format(cm=cm, fe=fe)).to_wkt("WKT1_ESRI"))


@pytest.mark.parametrize("kind", WKT_KINDS)
@pytest.mark.parametrize("epsg", range(4513, 4555))
def test_every_3_degree_code_is_recognised_from_its_parameters(epsg: int, kind: str) -> None:
    """EPSG 4513..4533 carry the zone in front, 4534..4554 do not (standards.md 5.1)."""
    zone = epsg - 4513 + 25 if epsg < 4534 else epsg - 4534 + 25
    prefix = zone if epsg < 4534 else None
    found = recognise(_wkt(epsg, kind), [(prefix or 0) * 1_000_000 + 574_148.470])
    assert (found.epsg, found.central_meridian, found.zone_prefix, found.notes) == (epsg, zone * 3.0, prefix, ())


@pytest.mark.parametrize("kind", WKT_KINDS)
def test_cgcs2000_degrees_are_recognised_but_never_taken_into_a_register(kind: str) -> None:
    """EPSG:4490 is known, but the stored geometry is the surveyed one, on the register's projection (design.md)."""
    found = recognise(_wkt(4490, kind), [108.85])
    assert found.is_geographic
    with pytest.raises(crs.CrsNotTheRegisters):
        to_register(np.array([shapely.Point(108.85, 38.5)]), found, REGISTER)


@pytest.mark.parametrize(
    ("cm", "fe", "prefix", "epsg"),
    [
        (109.5, 500_000, None, None),
        (109.5, 73_500_000, 73, None),
        (108, 500_000, None, 4545),
        (108, 72_500_000, 72, None),
    ],
)
def test_narrow_zone_is_recognised_by_its_parameters(
    cm: float, fe: float, prefix: int | None, epsg: int | None
) -> None:
    """A 1.5-degree zone has no EPSG code and is known by CM and false easting (standards.md 5.5)."""
    found = recognise(_narrow(cm, fe), [fe + 20_000.0])
    assert (found.epsg, found.central_meridian, found.zone_prefix) == (epsg, cm, prefix)
    assert "CGCS2000" in found.notes[0][1]


def test_prefix_that_the_prj_hides_is_named() -> None:
    """An easting of 36,xxx,xxx under a .prj of CM 108 without prefix is read with its prefix, and said so."""
    found = recognise(_wkt(4545), [36_574_148.470])
    assert (found.epsg, found.zone_prefix) == (4524, 36)
    assert "36" in found.notes[0][0]


@pytest.mark.parametrize(
    ("epsg", "eastings", "refusal"),
    [
        (4524, [574_148.470], crs.PrefixAbsent),
        (4545, [37_574_148.470], crs.PrefixContradicted),
        (4524, [37_574_148.470], crs.PrefixContradicted),
        (4545, [574_148.470, 36_574_148.470], crs.PrefixesMixed),
        (4545, [4_263_341.028], crs.AxesSwapped),
        (4545, [4_000_000.5, 3_999_999.5], crs.AxesSwapped),
        (4545, [108.85], crs.DegreesNotMetres),
        (4490, [574_148.470], crs.MetresNotDegrees),
        (4545, [900.0], crs.EastingOutsideZone),
        (4545, [-5_000.0], crs.PrefixContradicted),
    ],
)
def test_coordinates_that_contradict_the_prj_are_an_error_aloud(
    epsg: int, eastings: list[float], refusal: type[crs.CrsContradicted]
) -> None:
    """Text and numbers must agree; which of them lies nobody can guess."""
    with pytest.raises(refusal):
        recognise(_wkt(epsg), eastings)


@pytest.mark.parametrize("kind", WKT_KINDS)
@pytest.mark.parametrize(
    ("epsg", "refusal", "name"),
    [
        (2364, crs.CrsXian80, "Xian 1980"),
        (4610, crs.CrsXian80, "Xian 1980"),
        (2436, crs.CrsBeijing54, "Beijing 1954"),
        (21420, crs.CrsBeijing54, "Beijing 1954"),
        (4214, crs.CrsBeijing54, "Beijing 1954"),
        (4555, crs.CrsBeijing54, "Beijing 1954"),
        (32649, crs.CrsUtm, "UTM"),
        (4326, crs.CrsWgs84, "WGS 84"),
        (3857, crs.CrsWgs84, "WGS 84"),
        (4501, crs.CrsUnknown, "unknown"),
        (25832, crs.CrsUtm, "UTM"),
        (4258, crs.CrsUnknown, "unknown"),
        (2154, crs.CrsUnknown, "unknown"),
    ],
)
def test_foreign_crs_is_refused_by_its_own_name(epsg: int, refusal: type[crs.CrsRefused], name: str, kind: str) -> None:
    """Each known stranger has its own refusal, which says in both languages what to deliver instead."""
    with pytest.raises(refusal) as caught:
        recognise(_wkt(epsg, kind), [])
    assert caught.value.name == name
    assert "4545" in caught.value.zh
    assert "4545" in caught.value.en


@pytest.mark.parametrize("text", [None, "", "  \n"])
def test_missing_prj_is_refused(text: str | None) -> None:
    """A CRS is never guessed from the numbers."""
    with pytest.raises(crs.CrsMissing):
        recognise(text, [574_148.470])


def test_text_that_is_no_wkt_is_refused() -> None:
    """Whatever a .prj holds, only our own refusal leaves the parser."""
    with pytest.raises(crs.CrsUnreadable):
        recognise("中央子午线108", [])


@pytest.mark.parametrize(
    "parameters",
    [
        "+proj=tmerc +lon_0=108 +k=1 +x_0=500000 +ellps=krass",
        "+proj=tmerc +lon_0=108 +k=0.9999 +x_0=500000 +ellps=GRS80",
        "+proj=tmerc +lon_0=108 +lat_0=10 +k=1 +x_0=500000 +ellps=GRS80",
        "+proj=tmerc +lon_0=108.2 +k=1 +x_0=500000 +ellps=GRS80",
        "+proj=tmerc +lon_0=9 +k=1 +x_0=500000 +ellps=GRS80",
        "+proj=tmerc +lon_0=108 +k=1 +x_0=0 +ellps=GRS80",
        "+proj=tmerc +lon_0=108 +k=1 +x_0=40500000 +ellps=GRS80",
        "+proj=tmerc +lon_0=108 +k=1 +x_0=500000 +ellps=GRS80 +units=us-ft",
        "+proj=lcc +lon_0=108 +lat_1=30 +lat_2=40 +ellps=GRS80",
        "+proj=longlat +ellps=GRS80",
    ],
)
def test_projection_with_other_parameters_is_refused(parameters: str) -> None:
    """Ellipsoid, scale, origin, meridian, false easting, unit and method must all be those of a survey zone."""
    with pytest.raises(crs.CrsUnknown):
        recognise(str(CRS.from_proj4(parameters).to_wkt("WKT1_GDAL")), [])


def test_same_projection_is_taken_bit_for_bit() -> None:
    """4545, and a 1.5-degree zone of the same meridian, are the register's own: the very same array comes back."""
    geoms = np.array([shapely.Point(574_148.470, 4_263_341.028)])
    for wkt in (_wkt(4545), _narrow(108, 500_000)):
        assert to_register(geoms, recognise(wkt, [574_148.470]), REGISTER) is geoms


@given(parcels())
def test_prefix_is_taken_off_exactly(parcel: shapely.Polygon) -> None:
    """Taking 36,000,000 off an easting is exact in binary, northings are untouched, and putting it back closes."""
    prefixed = shapely.transform(parcel, lambda xy: xy + np.array([36_000_000, 0]))
    found = recognise(_wkt(4524), shapely.get_coordinates(prefixed)[:, 0])
    (stored,) = to_register(np.array([prefixed]), found, REGISTER)
    before, after = shapely.get_coordinates(prefixed), shapely.get_coordinates(stored)
    assert (after[:, 1] == before[:, 1]).all()
    assert (after[:, 0] + 36_000_000 == before[:, 0]).all()


@pytest.mark.parametrize("wkt", [_wkt(4546), _wkt(4525), _narrow(109.5, 500_000)])
def test_other_projection_is_refused_not_reprojected(wkt: str) -> None:
    """A delivery on another meridian goes back to the surveyor (design.md: never reprojected)."""
    found = recognise(wkt, [])
    with pytest.raises(crs.CrsNotTheRegisters, match="4545"):
        to_register(np.array([shapely.Point(377_871.364, 4_263_927.573)]), found, REGISTER)


@pytest.mark.parametrize(
    ("epsg", "east", "north", "lon"),
    [
        (4545, 574_148.470, 4_263_341.028, 108.85),
        (4524, 36_574_148.470, 4_263_341.028, 108.85),
        (4546, 377_871.364, 4_263_927.573, 109.6),
    ],
)
def test_lonlat_meets_the_worked_values(epsg: int, east: float, north: float, lon: float) -> None:
    """(108.85E, 38.5N) and (109.6E, 38.5N) of standards.md section 8, to half a millimetre; longitude comes first."""
    (point,) = to_lonlat(np.array([shapely.Point(east, north)]), epsg)
    assert point.x == pytest.approx(lon, abs=6e-9)
    assert point.y == pytest.approx(38.5, abs=5e-9)


def test_register_takes_only_3_degree_codes_and_drops_the_prefix() -> None:
    """4524 is stored without its zone prefix (design.md); nothing else than 4513..4554 makes a register."""
    assert RegisterCrs.of(4524) == REGISTER
    for epsg in (4490, 4326, 4512, 4555):
        with pytest.raises(crs.CrsNotForRegister, match=str(epsg)):
            RegisterCrs.of(epsg)
