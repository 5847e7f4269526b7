"""How is the whole banner shown on one sheet: where each village's registered land lies, how much there is of each use?

The lines of villages are not registered, and no hull round their parcels is passed off as one: what is drawn is the
registered land itself, and the sheet says so. No name of a person is on it.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gis.cartography import LAND_USE_STYLES, MapFeature
from gis.cartography.drawing import map_svg
from gis.cartography.labels import size_mm
from gis.cartography.page import MapPage
from gis.cartography.rendering import legend
from gis.sheets import Column, Label, Sheet, SheetMap, SheetTable, paper, placed
from registry.exports.gather import of_registry
from registry.exports.view import short_name
from registry.sheets import parts
from registry.sheets.land import AsOf, Land
from registry.sheets.refusals import NothingToShow

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd

    from gis.cartography.layout import Layout

_MAP_MM = (178.0, 150.0)
_NAME_PT = 8.0
_FINEST_MM = 0.1
"""What is finer on paper than this is not drawn: 100,000 parcels are some hundred lines on a sheet of A4."""
NO_OUTLINES = "图上是已登记的地块，不是嘎查村界：登记簿不存村界，本图不表示任何行政区域界线。"


def overview_sheet(at: AsOf) -> Sheet:
    """The overview of everything registered on the day. Raises `NothingToShow`."""
    parcels = of_registry(at.store, at.connection, at.day, at.head.size).parcels
    if parcels.empty:
        raise NothingToShow(at.day)
    land = Land(at.store, at.day, at.head, [], at.reader)
    settings = at.store.settings
    layout = placed(parcels.total_bounds, paper(landscape=False, width=_MAP_MM[0], height=_MAP_MM[1]))
    used = Counter(parcels["land_use"])
    by_use = [
        (style.zh, f"{used[use]} 块，{parts.summed(parcels['surveyed_area_mu'][parcels['land_use'] == use])} 亩")
        for use, style in LAND_USE_STYLES.items()
        if used[use]
    ]
    return Sheet(
        title=f"{settings.banner_name}登记地块一览图",
        facts=[
            ("行政区划代码", settings.banner_code),
            ("嘎查村", f"{parcels['village_code'].nunique()} 个发包方"),
            ("地块总数", f"{len(parcels)} 块"),
            ("实测总面积", f"{parts.summed(parcels['surveyed_area_mu'])} 亩"),
            *by_use,
        ],
        map=_map(at, parcels, layout),
        tables=[_table(at, parcels)],
        seals=("登记机构（盖章）",),
        signs=("制图：", "审核："),
        notes=(parts.NOT_THE_BOOK, NO_OUTLINES, f"坐标系 {parts.crs_label()}。"),
        foot=parts.foot(land),
    )


def _map(at: AsOf, parcels: gpd.GeoDataFrame, layout: Layout) -> SheetMap:
    finest = _FINEST_MM * layout.denominator / 1000
    features = []
    for use, group in parcels.groupby("land_use", sort=True):
        shape = shapely.buffer(shapely.simplify(shapely.union_all(group.geometry.to_numpy()), finest / 2), 0)
        features += [
            MapFeature(piece, use) for piece in shapely.get_parts(shape) if piece.area > finest**2 or len(parcels) == 1
        ]
    page = MapPage(title_zh="", features=features, crs_label="")
    return SheetMap(map_svg(page, layout), list(_names(at, parcels, layout)), layout, legend(page))


def _names(at: AsOf, parcels: gpd.GeoDataFrame, layout: Layout) -> Iterator[Label]:
    """Each village's name below its land, or above, or beside it: the first place where it covers no other name."""
    frame = shapely.box(0, 0, layout.sheet.frame.width, layout.sheet.frame.height)
    written: list[shapely.Geometry] = []
    for name, group in parcels.groupby("village_name", sort=True):
        words = short_name(at.store, name)
        width, height = size_mm(words, _NAME_PT)
        west, south, east, north = group.total_bounds
        (left, bottom), (right, top) = layout.to_mm(np.array([[west, south], [east, north]])).tolist()
        middle_x, middle_y = (left + right) / 2, (top + bottom) / 2
        for x, y in (
            (middle_x, bottom + height / 2),
            (middle_x, top - height / 2),
            (right + width / 2, middle_y),
            (left - width / 2, middle_y),
        ):
            box = shapely.box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
            if frame.contains(box) and not any(box.intersects(each) for each in written):
                written.append(box)
                yield Label(words, x, y, _NAME_PT, "village")
                break


def _table(at: AsOf, parcels: gpd.GeoDataFrame) -> SheetTable:
    rows = []
    for (code, name), group in parcels.groupby(["village_code", "village_name"], sort=True):
        rows.append((code, short_name(at.store, name), str(len(group)), parts.summed(group["surveyed_area_mu"])))
    total = parts.summed(mu for *_, mu in rows if mu != parts.DASH)
    rows.append(("合计", "", str(len(parcels)), total))
    columns = (Column("发包方编码", 34), Column("嘎查村"), Column("地块", 14, "right"), Column("实测 亩", 24, "right"))
    return SheetTable("各嘎查村", columns, rows, abreast=2)
