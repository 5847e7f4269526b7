"""How does a selection become one map page: which parcels are lit, what is written on them, what stands in the foot?

A person's page shows the whole village, the family's parcels lit and labelled, the others pale and without a word. A
village's or box's page labels each parcel with the last five digits of its code and its area.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from gis.cartography import MapFeature, MapPage
from gis.crs import RegisterCrs
from registry.store.settings import REGISTER_CRS

if TYPE_CHECKING:
    import geopandas as gpd

    from registry.exports.gather import Selection

_DIGITS = 5
"""The tail of a parcel code that people in a village know a parcel by."""


def map_page(selection: Selection, surroundings: gpd.GeoDataFrame | None = None) -> MapPage:
    """The page of a selection. `surroundings`: parcels of the same villages, drawn pale where they are not lit.

    Raises the refusals of `gis.cartography.MapPage`.
    """
    is_family = selection.person_id is not None
    features = _features(selection.parcels, highlighted=is_family, labelled=True)
    if surroundings is not None:
        lit = set(selection.parcels["parcel_code"])
        others = surroundings[~surroundings["parcel_code"].isin(lit)]
        features += _features(others, highlighted=False, labelled=False)
    crs = RegisterCrs.of(REGISTER_CRS)
    head = selection.head
    foot_zh = f"登记内容截至 {selection.valid_at}；账本 {head.size} 条，根 {head.root[:12]}…"
    foot_en = f"As registered on {selection.valid_at}; ledger of {head.size} entries, root {head.root[:12]}…"
    if selection.landless_rights:
        foot_zh += f"\n另有 {selection.landless_rights} 项权利不在地块上(集体收益)，图上画不出，一样有效"
        foot_en += (
            f"\nNot drawn, in force all the same: rights on no parcel (collective income): {selection.landless_rights}"
        )
    return MapPage(
        title_zh=selection.title_zh,
        title_en=selection.title_en,
        features=features,
        crs_label=f"{crs.label} (EPSG:{crs.epsg})，单位 米 m",
        foot_zh=foot_zh,
        foot_en=foot_en,
    )


def _features(parcels: gpd.GeoDataFrame, *, highlighted: bool, labelled: bool) -> list[MapFeature]:
    return [
        MapFeature(shape, land_use, f"{code[-_DIGITS:]}\n{Decimal(area):,} 亩" if labelled else "", highlighted)
        for shape, land_use, code, area in zip(
            parcels.geometry,
            parcels["land_use"],
            parcels["parcel_code"],
            parcels["surveyed_area_mu"],
            strict=True,
        )
    ]
