"""How does a map page become a PDF, a PNG or an SVG, with its Chinese font inside and the same bytes each time?

The page is set from `page.typ` (`gis.cartography.typesetting`).
"""

from __future__ import annotations

from dataclasses import asdict
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import shapely

from gis.cartography.drawing import highlight_swatch, land_use_swatch, map_svg, village_swatch
from gis.cartography.labels import placed_labels
from gis.cartography.layout import Layout, arranged
from gis.cartography.style import GROUND, HIGHLIGHT, INK, LAND_USE_STYLES, VILLAGE
from gis.cartography.typesetting import set_in_type

if TYPE_CHECKING:
    from gis.cartography.page import MapPage

NOT_EVIDENCE_ZH = "示意图，不作权属依据"
NOT_EVIDENCE_EN = "Sketch map: not evidence of any right"
"""Printed on every page by itself; no caller can leave it out."""

_TEMPLATE = Path(__file__).with_name("page.typ")


def render_pdf(page: MapPage) -> bytes:
    """Give the page as a PDF of one page: text is text, the font is embedded, the same page gives the same bytes."""
    return _rendered(page, "pdf")


def render_png(page: MapPage, ppi: float = 150.0) -> bytes:
    """Give the page as a PNG; `ppi` is pixels per inch of A4 (150: 1754 by 1240)."""
    return _rendered(page, "png", ppi)


def render_svg(page: MapPage) -> str:
    """Give the page as one SVG that needs no font: letters are outlines."""
    return _rendered(page, "svg").decode()


def _rendered(page: MapPage, form: Literal["pdf", "png", "svg"], ppi: float | None = None) -> bytes:
    layout = arranged(shapely.total_bounds(page.geometries()))
    return set_in_type(_TEMPLATE, page_data(page, layout), form, ppi)


def page_data(page: MapPage, layout: Layout) -> dict[str, Any]:
    """Give all that `page.typ` prints, as JSON values."""
    sheet = layout.sheet
    bar_m, square_mu = layout.bar_m(), layout.square_mu()
    square_m2 = square_mu * 2000 / 3
    return {
        "title_zh": page.title_zh,
        "title_en": page.title_en,
        "crs_label": page.crs_label,
        "foot_zh": page.foot_zh,
        "foot_en": page.foot_en,
        "not_evidence_zh": NOT_EVIDENCE_ZH,
        "not_evidence_en": NOT_EVIDENCE_EN,
        "colours": {"ink": INK, "ground": GROUND, "highlight": HIGHLIGHT, "village": VILLAGE},
        "sheet": {"width": sheet.width, "height": sheet.height, "landscape": sheet.landscape},
        "frame": asdict(sheet.frame),
        "panel": asdict(sheet.panel),
        "map_svg": map_svg(page, layout),
        "labels": [asdict(label) for label in placed_labels(page, layout)],
        "eastings": [asdict(line) for line in layout.eastings()],
        "northings": [asdict(line) for line in layout.northings()],
        "legend": legend(page),
        "scale": f"1 : {layout.denominator:,}",
        "bar": {"length_mm": layout.mm(bar_m), "half": f"{bar_m / 2:,g}", "whole": f"{bar_m:,} 米 m"},
        "square": {
            "side_mm": layout.square_mm(square_mu),
            "label": f"{square_mu:,.2f}".rstrip("0").rstrip(".") + " 亩",
            "measures": f"{_short(square_m2)} m² ({_short(sqrt(square_m2))} m × {_short(sqrt(square_m2))} m)",
        },
    }


def _short(number: float) -> str:
    """Give a number with one decimal below a hundred and none above.

    >>> _short(66666.67), _short(25.82)
    ('66,667', '25.8')
    """
    return f"{number:,.0f}" if number >= 100 else f"{number:.1f}"  # noqa: PLR2004 - as the docstring says


def legend(page: MapPage) -> list[dict[str, str]]:
    """Give the entries of the legend (svg, zh, en): what appears on the page and nothing else."""
    entries = [
        {"svg": land_use_swatch(used), "zh": LAND_USE_STYLES[used].zh, "en": LAND_USE_STYLES[used].en}
        for used in page.land_uses()
    ]
    if any(feature.highlighted for feature in page.features):
        entries.append({"svg": highlight_swatch(), "zh": "本户", "en": "this household"})
    if page.outlines:
        entries.append({"svg": village_swatch(), "zh": "村界", "en": "village outline"})
    return entries
