"""One map page: parcels, labels, frame, legend and scale bar, as PDF, PNG or SVG; the one table of map styles; type."""

from gis.cartography.page import MapFeature, MapOutline, MapPage
from gis.cartography.rendering import render_pdf, render_png, render_svg
from gis.cartography.style import (
    LAND_USE_STYLES,
    LandUseStyle,
    maplibre_layers,
    pattern_id,
    pattern_tiles,
    qml,
    sld,
)
from gis.cartography.typesetting import set_in_type

__all__ = [
    "LAND_USE_STYLES",
    "LandUseStyle",
    "MapFeature",
    "MapOutline",
    "MapPage",
    "maplibre_layers",
    "pattern_id",
    "pattern_tiles",
    "qml",
    "render_pdf",
    "render_png",
    "render_svg",
    "set_in_type",
    "sld",
]
