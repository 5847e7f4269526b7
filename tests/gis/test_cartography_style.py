"""Do paper, browser and QGIS show one land use in one colour and one pattern, and no two kinds alike?"""

from __future__ import annotations

import doctest
import re
from xml.etree import ElementTree as ET

import pytest

from gis.cartography import LAND_USE_STYLES, maplibre_layers, pattern_id, pattern_tiles, qml, sld, style
from gis.cartography.drawing import land_use_swatch
from registry.parcels.model import LAND_USES

SE = "{http://www.opengis.net/se}"
OGC = "{http://www.opengis.net/ogc}"
MATCH_HEAD = ["match", ["get", "land_use"]]


def luminance(colour: str) -> float:
    """Give the brightness of a colour as a grey copier sees it, 0 to 1."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue


def test_every_land_use_of_the_register_has_a_style() -> None:
    """The table of styles and the register's column know the same land uses."""
    assert list(LAND_USE_STYLES) == list(LAND_USES)


def test_patterns_differ_even_without_colour() -> None:
    """In one ink no two kinds are alike: a black-and-white copy of a map still reads."""
    drawn = {land_use: one.hatch.drawn("#000000") for land_use, one in LAND_USE_STYLES.items()}
    shapes = {re.sub(r'stroke-width="[^"]*"|[\d.]+', "", tile) + str(len(tile)) for tile in drawn.values()}
    assert len(set(drawn.values())) == len(shapes) == len(LAND_USE_STYLES)


def test_colours_differ_and_ink_stands_out_from_fill() -> None:
    """Fills are all different and pale; the ink of each pattern is clearly darker than its fill."""
    assert len({one.fill for one in LAND_USE_STYLES.values()}) == len(LAND_USE_STYLES)
    for one in LAND_USE_STYLES.values():
        assert luminance(one.fill) > 0.7
        assert luminance(one.fill) - luminance(one.ink) > 0.3


def test_tiles_are_whole_pixels_and_named_as_the_layers_name_them() -> None:
    """A tile of a broken pixel shows seams; an image that no layer names, or a name without image, shows nothing."""
    tiles = pattern_tiles()
    assert set(tiles) == {pattern_id(land_use) for land_use in LAND_USE_STYLES}
    for land_use, one in LAND_USE_STYLES.items():
        root = ET.fromstring(tiles[pattern_id(land_use)])  # noqa: S314 - our own text
        assert float(root.attrib["width"]) == one.hatch.tile_mm * style.PIXELS_A_MM


def test_maplibre_layers_colour_by_the_same_table() -> None:
    """Browser and paper agree on every fill and pattern; layer ids are unique and the pattern lies over the fill."""
    layers = {layer["id"]: layer for layer in maplibre_layers()}
    assert len(layers) == len(maplibre_layers())
    assert list(layers)[:3] == ["ground", "parcels-fill", "parcels-pattern"]
    for land_use, one in LAND_USE_STYLES.items():
        fills = layers["parcels-fill"]["paint"]["fill-color"]
        patterns = layers["parcels-pattern"]["paint"]["fill-pattern"]
        assert fills[:2] == patterns[:2] == MATCH_HEAD
        assert fills[fills.index(land_use) + 1] == one.fill
        assert patterns[patterns.index(land_use) + 1] == pattern_id(land_use)


def test_swatch_wears_fill_and_pattern_of_its_kind() -> None:
    """The legend shows what the map shows."""
    for land_use, one in LAND_USE_STYLES.items():
        swatch = land_use_swatch(land_use)
        assert one.fill in swatch
        assert one.hatch.drawn(one.ink) in swatch


def test_qml_has_one_symbol_for_each_kind_with_its_colour_and_pattern() -> None:
    """QGIS finds a category, a symbol of that number, the fill colour, and a pattern layer for each land use."""
    root = ET.fromstring(qml("dl"))  # noqa: S314 - our own text
    renderer = root.find("renderer-v2")
    assert renderer is not None
    assert renderer.attrib["attr"] == "dl"
    symbols = {symbol.attrib["name"]: symbol for symbol in renderer.findall("symbols/symbol")}
    values = [category.attrib["value"] for category in renderer.findall("categories/category")]
    assert values == list(LAND_USE_STYLES)
    for category in renderer.findall("categories/category"):
        one = LAND_USE_STYLES[category.attrib["value"]]
        layers = symbols[category.attrib["symbol"]].findall("layer")
        colours = {prop.attrib["k"]: prop.attrib["v"] for prop in layers[0].findall("prop")}
        rgb = [int(part) for part in colours["color"].split(",")[:3]]
        assert "#" + "".join(f"{part:02x}" for part in rgb) == one.fill
        patterns = [layer.attrib["class"] for layer in layers[1:]]
        assert patterns == ["LinePatternFill"] * len(one.hatch.angles) + ["PointPatternFill"] * bool(one.hatch.mark)
        assert all(layer.find("symbol/layer") is not None for layer in layers[1:])


def test_sld_has_one_rule_for_each_kind() -> None:
    """Each rule filters on the given column and paints the fill before the pattern."""
    root = ET.fromstring(sld("dl").encode())  # noqa: S314 - our own text
    rules = root.findall(f".//{SE}Rule")
    assert [rule.findtext(f".//{OGC}Literal") for rule in rules] == list(LAND_USE_STYLES)
    assert {rule.findtext(f".//{OGC}PropertyName") for rule in rules} == {"dl"}
    for rule, one in zip(rules, LAND_USE_STYLES.values(), strict=True):
        painted = rule.findall(f"{SE}PolygonSymbolizer")
        assert painted[0].findtext(f"{SE}Fill/{SE}SvgParameter") == one.fill
        assert len(painted) == 1 + len(one.hatch.angles) + bool(one.hatch.mark)


@pytest.mark.parametrize("attribute", ['a"b', "<a>", "a&b"])
def test_column_name_is_escaped(attribute: str) -> None:
    """A column may be called anything: both styles stay well-formed and name it exactly."""
    renderer = ET.fromstring(qml(attribute)).find("renderer-v2")  # noqa: S314 - our own text
    assert renderer is not None
    assert renderer.attrib["attr"] == attribute
    rules = ET.fromstring(sld(attribute).encode())  # noqa: S314 - our own text
    assert rules.findtext(f".//{OGC}PropertyName") == attribute


def test_examples_in_the_table_hold() -> None:
    """The doctests of the table run."""
    assert doctest.testmod(style).failed == 0
