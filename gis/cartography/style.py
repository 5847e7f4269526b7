"""Which colour and which pattern does each land use wear, on paper, in the browser and in QGIS?

One table, `LAND_USE_STYLES`, and the forms in which others read it: SVG tiles for the printed page and for
the browser's images, MapLibre layers, and the QML and SLD that a GeoPackage carries in `layer_styles`.

Words. A *hatch* is the pattern of one land use, drawn in *ink* over the *fill* colour; it repeats in square
*tiles*. The patterns alone tell the kinds apart: a page survives a black-and-white copier and a reader who
sees no red and green (users.md section 4, /map). Sizes are millimetres on paper; on a screen four pixels
stand for one.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Any, Literal
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from collections.abc import Mapping

GROUND = "#fbf9f4"
"""The pale ground under everything."""
INK = "#2b2b2b"
"""Frame, parcel lines' text, scale bar."""
HIGHLIGHT = "#c2185b"
"""The outline of the one family that is lit up."""
VILLAGE = "#5b4a7a"
"""The outline and the name of a village (嘎查, 村)."""

PIXELS_A_MM = 4
"""Browser pixels for a millimetre of pattern: tiles are multiples of 0.25 mm, so that they are whole pixels."""

_SLD_PIXEL_MM = 0.28
"""The standardized rendering pixel; source: OGC 05-077r4 (Symbology Encoding 1.1) section 10.2."""


@dataclass(frozen=True, slots=True)
class Hatch:
    """The pattern of one land use: lines at 0, 45 or 90 degrees, or one mark in two staggered rows to a tile.

    `tile_mm` is the side of the tile, a multiple of 0.25; `mark_mm` the diameter of a circle or dot, or the
    height of a tick. Either `angles` or `mark` is given.
    """

    tile_mm: float
    width_mm: float
    angles: tuple[Literal[0, 45, 90], ...] = ()
    mark: Literal["circle", "dot", "tick"] | None = None
    mark_mm: float = 0.0

    def spacing_mm(self, angle: Literal[0, 45, 90]) -> float:
        """Give the distance between two lines of an angle, measured across them."""
        return self.tile_mm / sqrt(2) if angle == 45 else self.tile_mm  # noqa: PLR2004 - an angle

    def drawn(self, ink: str) -> str:
        """Give one tile as SVG elements in millimetres; what crosses an edge comes back in on the other side."""
        t, half = self.tile_mm, self.tile_mm / 2
        lines = {
            0: f"M0 {half:g}H{t:g}",
            # The corners that a line at 45 degrees cuts off belong to the neighbouring tiles' lines.
            45: f"M0 {t:g}L{t:g} 0M{-half:g} {half:g}l{t:g} {-t:g}M{half:g} {t + half:g}l{t:g} {-t:g}",
            90: f"M{half:g} 0V{t:g}",
        }
        width = f'stroke-width="{self.width_mm:g}"'
        path = "".join(lines[angle] for angle in self.angles)
        centres = [(t / 4, t / 4), (3 * t / 4, 3 * t / 4)] if self.mark else []
        radius = self.mark_mm / 2
        round_marks = ""
        for x, y in centres:
            if self.mark == "tick":
                path += f"M{x:g} {y - radius:g}V{y + radius:g}"
            else:
                look = f'fill="{ink}"' if self.mark == "dot" else f'fill="none" stroke="{ink}"'
                round_marks += f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" {look} {width}/>'
        lines_drawn = f'<path d="{path}" fill="none" stroke="{ink}" {width}/>' if path else ""
        return lines_drawn + round_marks


@dataclass(frozen=True, slots=True)
class LandUseStyle:
    """How one land use looks and what the legend calls it."""

    zh: str
    en: str
    fill: str
    ink: str
    hatch: Hatch


LAND_USE_STYLES: Mapping[str, LandUseStyle] = {
    "arable": LandUseStyle("耕地", "arable", "#f8e7b0", "#b28a2c", Hatch(2.25, 0.14, angles=(45,))),
    "grass": LandUseStyle("草地", "grassland", "#e2efc8", "#6d9438", Hatch(3.5, 0.2, mark="tick", mark_mm=1.1)),
    "forest": LandUseStyle("林地", "forest", "#bcdcb6", "#2c7546", Hatch(3.5, 0.16, mark="circle", mark_mm=1.1)),
    "other": LandUseStyle("其他", "other", "#e6e3dc", "#77716a", Hatch(2.0, 0.0, mark="dot", mark_mm=0.35)),
    "homestead": LandUseStyle("宅基地", "homestead", "#f4cbb9", "#a8492f", Hatch(1.25, 0.13, angles=(0, 90))),
}
"""Land use -> style, in the order of every legend. The keys are the register's words for a land use."""


def pattern_id(land_use: str) -> str:
    """Give the name under which pages and browsers know the pattern of a land use.

    >>> pattern_id("grass")
    'hatch-grass'
    """
    return f"hatch-{land_use}"


def pattern_tiles() -> dict[str, str]:
    """Give each pattern as a small SVG image on a clear ground, by `pattern_id`: a browser adds them to its map."""
    tiles = {}
    for land_use, style in LAND_USE_STYLES.items():
        side_mm = f"{style.hatch.tile_mm:g}"
        side_px = round(style.hatch.tile_mm * PIXELS_A_MM)
        tiles[pattern_id(land_use)] = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{side_px}" height="{side_px}"'
            f' viewBox="0 0 {side_mm} {side_mm}">{style.hatch.drawn(style.ink)}</svg>'
        )
    return tiles


def maplibre_layers() -> list[dict[str, Any]]:
    """Give the layers of a MapLibre style, bottom first.

    They read two sources that the page provides: `parcels` (properties `land_use`, `highlighted`) and
    `villages`. The images named in fill-pattern are those of `pattern_tiles`. Text is the page's own:
    glyphs need a font on its server.
    """
    lit = ["==", ["get", "highlighted"], True]
    fills = _by_land_use({land_use: style.fill for land_use, style in LAND_USE_STYLES.items()})
    inks = _by_land_use({land_use: style.ink for land_use, style in LAND_USE_STYLES.items()})
    patterns = _by_land_use({land_use: pattern_id(land_use) for land_use in LAND_USE_STYLES})
    return [
        {"id": "ground", "type": "background", "paint": {"background-color": GROUND}},
        _parcels("parcels-fill", "fill", {"fill-color": fills}),
        _parcels("parcels-pattern", "fill", {"fill-pattern": patterns}),
        _parcels("parcels-line", "line", {"line-color": inks, "line-width": 1}),
        {
            "id": "villages-line",
            "type": "line",
            "source": "villages",
            "paint": {"line-color": VILLAGE, "line-width": 2, "line-dasharray": [5, 2, 1, 2]},
        },
        _parcels("highlighted-casing", "line", {"line-color": "#ffffff", "line-width": 6}) | {"filter": lit},
        _parcels("highlighted-line", "line", {"line-color": HIGHLIGHT, "line-width": 3}) | {"filter": lit},
    ]


def _parcels(layer_id: str, kind: str, paint: dict[str, Any]) -> dict[str, Any]:
    return {"id": layer_id, "type": kind, "source": "parcels", "paint": paint}


def _by_land_use(values: Mapping[str, str]) -> list[Any]:
    """Give a MapLibre `match`; its last argument, for an unknown land use, is what `other` looks like."""
    pairs = [item for pair in values.items() for item in pair]
    return ["match", ["get", "land_use"], *pairs, values["other"]]


def qml(attribute: str = "land_use") -> str:
    """Give the QGIS style of a polygon layer, for `styleQML` in a GeoPackage's `layer_styles`.

    `attribute`: the column that holds the land use. Properties are written as <prop>: QGIS to 3.16 reads nothing else,
    and later ones still read it.
    """
    categories = "".join(
        f'<category value="{land_use}" label="{style.zh} {style.en}" symbol="{at}" render="true"/>'
        for at, (land_use, style) in enumerate(LAND_USE_STYLES.items())
    )
    symbols = "".join(_qml_symbol(str(at), style) for at, style in enumerate(LAND_USE_STYLES.values()))
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
        '<qgis version="3.16" styleCategories="Symbology">'
        f'<renderer-v2 type="categorizedSymbol" attr={quoteattr(attribute)} symbollevels="0" forceraster="0">'
        f"<categories>{categories}</categories><symbols>{symbols}</symbols>"
        "</renderer-v2><layerGeometryType>2</layerGeometryType></qgis>\n"
    )


def _qml_symbol(name: str, style: LandUseStyle) -> str:
    hatch, ink = style.hatch, _rgba(style.ink)
    ground = {"color": _rgba(style.fill), "style": "solid", "outline_color": ink, "outline_style": "solid"}
    layers = [_qml_layer("SimpleFill", ground | {"outline_width": "0.2", "outline_width_unit": "MM"})]
    for angle in hatch.angles:
        line = {"line_color": ink, "line_width": f"{hatch.width_mm:g}", "line_width_unit": "MM"}
        across = {"angle": str(angle), "distance": f"{hatch.spacing_mm(angle):.3f}", "distance_unit": "MM"}
        drawn = _qml_sub_symbol(f"@{name}@{len(layers)}", "line", "SimpleLine", line)
        layers.append(_qml_layer("LinePatternFill", across, drawn))
    if hatch.mark is not None:
        mark = {
            "name": "line" if hatch.mark == "tick" else "circle",
            "color": ink if hatch.mark == "dot" else "0,0,0,0",
            "outline_color": ink,
            "outline_width": f"{hatch.width_mm:g}",
            "outline_width_unit": "MM",
            "size": f"{hatch.mark_mm:g}",
            "size_unit": "MM",
        }
        half = f"{hatch.tile_mm / 2:g}"
        grid = {"distance_x": f"{hatch.tile_mm:g}", "distance_y": half, "displacement_x": half}
        grid |= {f"{key}_unit": "MM" for key in grid}
        drawn = _qml_sub_symbol(f"@{name}@{len(layers)}", "marker", "SimpleMarker", mark)
        layers.append(_qml_layer("PointPatternFill", grid, drawn))
    return _qml_symbol_of(name, "fill", "".join(layers))


def _qml_sub_symbol(name: str, kind: str, layer: str, properties: Mapping[str, str]) -> str:
    return _qml_symbol_of(name, kind, _qml_layer(layer, properties))


def _qml_symbol_of(name: str, kind: str, layers: str) -> str:
    return f'<symbol type="{kind}" name="{name}" alpha="1" clip_to_extent="1" force_rhr="0">{layers}</symbol>'


def _qml_layer(kind: str, properties: Mapping[str, str], inside: str = "") -> str:
    written = "".join(f'<prop k="{key}" v="{value}"/>' for key, value in properties.items())
    return f'<layer class="{kind}" enabled="1" locked="0" pass="0">{written}{inside}</layer>'


def _rgba(colour: str) -> str:
    """Give a colour as QGIS writes it.

    >>> _rgba("#fbf9f4")
    '251,249,244,255'
    """
    return ",".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5)) + ",255"


def sld(attribute: str = "land_use") -> str:
    """Give the same style as Symbology Encoding 1.1, for `styleSLD` in a GeoPackage's `layer_styles`.

    `attribute`: the column that holds the land use. Sizes are standardized pixels of 0.28 mm.
    """
    rules = "".join(_sld_rule(attribute, land_use, style) for land_use, style in LAND_USE_STYLES.items())
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<StyledLayerDescriptor version="1.1.0" xmlns="http://www.opengis.net/sld"'
        ' xmlns:se="http://www.opengis.net/se" xmlns:ogc="http://www.opengis.net/ogc">'
        "<NamedLayer><se:Name>parcels</se:Name><UserStyle><se:Name>land_use</se:Name>"
        f"<se:FeatureTypeStyle>{rules}</se:FeatureTypeStyle></UserStyle></NamedLayer></StyledLayerDescriptor>\n"
    )


def _sld_rule(attribute: str, land_use: str, style: LandUseStyle) -> str:
    hatch = style.hatch
    fills = [_svg_parameters("Fill", fill=style.fill)]
    stroke = _svg_parameters("Stroke", stroke=style.ink, **{"stroke-width": _sld_px(hatch.width_mm)})
    # `horline` turned is the one line pattern that QGIS reads back; its size is the distance between lines.
    for angle in hatch.angles:
        distance = _sld_px(hatch.spacing_mm(angle))
        fills.append(_graphic_fill("horline", stroke, distance, f"<se:Rotation>{-angle}</se:Rotation>"))
    if hatch.mark is not None:
        look = _svg_parameters("Fill", fill=style.ink) if hatch.mark == "dot" else stroke
        mark = "line" if hatch.mark == "tick" else "circle"
        fills.append(_graphic_fill(mark, look, _sld_px(hatch.mark_mm), ""))
    symbolizers = "".join(f"<se:PolygonSymbolizer>{fill}</se:PolygonSymbolizer>" for fill in fills)
    edge = _svg_parameters("Stroke", stroke=style.ink, **{"stroke-width": _sld_px(0.2)})
    return (
        f"<se:Rule><se:Name>{land_use}</se:Name>"
        f"<se:Description><se:Title>{style.zh} {style.en}</se:Title></se:Description>"
        "<ogc:Filter><ogc:PropertyIsEqualTo>"
        f"<ogc:PropertyName>{escape(attribute)}</ogc:PropertyName><ogc:Literal>{land_use}</ogc:Literal>"
        f"</ogc:PropertyIsEqualTo></ogc:Filter>{symbolizers}"
        f"<se:LineSymbolizer>{edge}</se:LineSymbolizer></se:Rule>"
    )


def _graphic_fill(mark: str, look: str, size: str, turned: str) -> str:
    drawn = f"<se:Mark><se:WellKnownName>{mark}</se:WellKnownName>{look}</se:Mark>"
    graphic = f"<se:Graphic>{drawn}<se:Size>{size}</se:Size>{turned}</se:Graphic>"
    return f"<se:Fill><se:GraphicFill>{graphic}</se:GraphicFill></se:Fill>"


def _svg_parameters(element: str, **parameters: str) -> str:
    written = [f'<se:SvgParameter name="{key}">{value}</se:SvgParameter>' for key, value in parameters.items()]
    return f"<se:{element}>{''.join(written)}</se:{element}>"


def _sld_px(size_mm: float) -> str:
    return f"{size_mm / _SLD_PIXEL_MM:.2f}"
