"""What does a caller hand over to have one map page drawn, and when is it refused?

Words. A *feature* is one parcel; its *label* is whatever the caller may show (a code, an area in 亩), for
this room knows no person. An *outline* is the line round a village, with its name. Coordinates are
(easting, northing) in metres of one projection, which `crs_label` names. Everything given lies on the page:
what shall not be seen is not given.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from gis.cartography.style import LAND_USE_STYLES
from gis.errors import GeometryError, GisError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from shapely import MultiPolygon, Polygon

LONGEST_TITLE, LONGEST_FOOT = 60, 400
"""Characters that still print legibly: title 7 mm down to 3 mm, foot 2.6 mm down to 1.6 mm."""

_AREAL = frozenset({int(shapely.GeometryType.POLYGON), int(shapely.GeometryType.MULTIPOLYGON)})
_LARGEST_DEGREE = 360.0


@dataclass(frozen=True, slots=True)
class MapFeature:
    """One parcel: polygon or multipolygon in metres, a key of `LAND_USE_STYLES`, a label of one or more lines."""

    geometry: Polygon | MultiPolygon
    land_use: str
    label: str = ""
    highlighted: bool = False


@dataclass(frozen=True, slots=True)
class MapOutline:
    """The outline of one village: polygon or multipolygon in metres, and its name."""

    geometry: Polygon | MultiPolygon
    label: str = ""


@dataclass(frozen=True, slots=True)
class MapPage:
    """One map page of A4; who made it and when stand in the foot, that it is a sketch is printed by itself.

    Raises `NothingToDraw`, `NotAnArealGeometry`, `NotInMetres`, `LandUseHasNoStyle` or `TextTooLong`.
    """

    title_zh: str
    features: Sequence[MapFeature]
    crs_label: str
    title_en: str = ""
    outlines: Sequence[MapOutline] = field(default=())
    foot_zh: str = ""
    foot_en: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn truly."""
        geometries = self.geometries()
        if not len(geometries):
            raise NothingToDraw
        areal = np.isin(shapely.get_type_id(geometries), list(_AREAL)) & ~shapely.is_empty(geometries)
        areal &= np.isfinite(shapely.bounds(geometries)).all(axis=1) & shapely.is_valid(geometries)
        if not areal.all():
            raise NotAnArealGeometry(int(np.flatnonzero(~areal)[0]) + 1)
        if np.abs(shapely.total_bounds(geometries)).max() <= _LARGEST_DEGREE:
            raise NotInMetres
        for feature in self.features:
            if feature.land_use not in LAND_USE_STYLES:
                raise LandUseHasNoStyle(feature.land_use)
        for text, longest in (
            (self.title_zh, LONGEST_TITLE),
            (self.title_en, 2 * LONGEST_TITLE),
            (self.crs_label, 2 * LONGEST_TITLE),
            (self.foot_zh, LONGEST_FOOT),
            (self.foot_en, 2 * LONGEST_FOOT),
        ):
            if len(text) > longest:
                raise TextTooLong(text, longest)

    def geometries(self) -> NDArray[Any]:
        """Give the geometries of features, then of outlines, as one array of objects."""
        return np.array([*(f.geometry for f in self.features), *(o.geometry for o in self.outlines)], dtype=object)

    def land_uses(self) -> list[str]:
        """Give the land uses that appear, in the order of the legend."""
        used = {feature.land_use for feature in self.features}
        return [land_use for land_use in LAND_USE_STYLES if land_use in used]


class NothingToDraw(GisError):
    """Raised when a page has neither a parcel nor an outline."""

    def __init__(self) -> None:
        """Say what to give."""
        super().__init__(
            "地图上没有内容；请至少给一块地或一条村界",
            "there is nothing to draw: give at least one parcel or one village outline",
        )


class NotAnArealGeometry(GeometryError):
    """Raised when a geometry is missing, empty, not finite, crosses itself or has no area."""

    def __init__(self, number: int) -> None:
        """Name the place in the list, counted from 1, features before outlines."""
        super().__init__(
            f"第 {number} 个图形不是有效的面（或为空、自相交）；地图只画面，请先在入库检查中改正",
            f"geometry {number} is not a valid polygon (or is empty, or crosses itself):"
            " a map draws polygons only, mend it first",
        )


class NotInMetres(GisError):
    """Raised when all coordinates could be degrees: scale bar and areas would be false."""

    def __init__(self) -> None:
        """Say what to give."""
        super().__init__(
            "坐标像是经纬度；制图请用登记簿投影坐标 (米)，例如 EPSG:4545",
            "the coordinates look like degrees: draw in metres of the register's projection, for example EPSG:4545",
        )


class LandUseHasNoStyle(GisError):
    """Raised when a land use is not one of those in the table of styles."""

    def __init__(self, land_use: str) -> None:
        """Name it and those that exist."""
        known = ", ".join(LAND_USE_STYLES)
        super().__init__(
            f"地类 {land_use[:40]!r} 没有图例；可用: {known}",
            f"land use {land_use[:40]!r} has no style: use one of {known}",
        )


class TextTooLong(GisError):
    """Raised when a title or foot could only be printed too small to read, or cut off."""

    def __init__(self, text: str, longest: int) -> None:
        """Show its beginning and the limit."""
        super().__init__(
            f"文字 {text[:20]!r}… 有 {len(text)} 字，页面只容 {longest} 字；请缩短",
            f"the text {text[:20]!r}… has {len(text)} characters, the page holds {longest}: shorten it",
        )
