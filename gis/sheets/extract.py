"""How are many parcels drawn on one sheet: an extract at a round scale, cut at the map's edge, each with its pattern?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gis.cartography.drawing import map_svg
from gis.cartography.labels import placed_labels
from gis.cartography.page import MapFeature, MapPage
from gis.cartography.rendering import legend
from gis.sheets.model import Label, SheetMap, clipped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.cartography.layout import Layout


def extract_map(features: Sequence[MapFeature], layout: Layout) -> SheetMap | None:
    """Give the map of what these parcels show at this place and scale; None where they show nothing.

    A label that finds no room is left out: what it says stands in the sheet's table.
    """
    if not features:
        return None
    cut = clipped(np.array([feature.geometry for feature in features], dtype=object), layout)
    shown = [
        MapFeature(shape, feature.land_use, feature.label, feature.highlighted)
        for shape, feature in zip(cut, features, strict=True)
        if not shape.is_empty
    ]
    if not shown:
        return None
    page = MapPage(title_zh="", features=shown, crs_label="")
    labels = [
        Label(each.text, each.x_mm, each.y_mm, each.size_pt, each.kind, leads_to_mm=each.leads_to_mm)
        for each in placed_labels(page, layout)
    ]
    return SheetMap(map_svg(page, layout), labels, layout, legend(page))
