"""Does a map page say truly how far, how large and what, in both languages, on one sheet of A4?"""

from __future__ import annotations

import doctest
import re
import struct
import subprocess
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray
from shapely import Polygon, box

from gis.cartography import MapFeature, MapOutline, MapPage, render_pdf, render_png, render_svg, rendering
from gis.cartography.drawing import map_svg
from gis.cartography.labels import placed_labels
from gis.cartography.layout import LONGEST_BAR_MM, Box, arranged
from gis.cartography.page import (
    LONGEST_FOOT,
    LONGEST_TITLE,
    LandUseHasNoStyle,
    NotAnArealGeometry,
    NothingToDraw,
    NotInMetres,
    TextTooLong,
)
from gis.cartography.rendering import NOT_EVIDENCE_ZH, legend, page_data

CRS = "CGCS2000 / 3-degree Gauss-Kruger CM 108E (EPSG:4545)"
WEST, SOUTH = 574_000.0, 4_210_500.0
KINDS = ("grass", "grass", "grass", "arable", "forest", "other")
DOTS_A_MM = 4


def parcels(columns: int = 8, rows: int = 5, size_m: float = 900.0) -> list[MapFeature]:
    """Give made-up neighbours in rows, with bent boundaries; the 亩 of each stands in its label."""
    random = np.random.default_rng(4545)
    corners = np.stack(np.meshgrid(np.arange(columns + 1), np.arange(rows + 1), indexing="ij"), axis=-1) * size_m
    corners = corners + random.uniform(-0.2, 0.2, corners.shape) * size_m + (WEST, SOUTH)
    features: list[MapFeature] = []
    for column in range(columns):
        for row in range(rows):
            ring = [corners[column + right, row + up] for right, up in ((0, 0), (1, 0), (1, 1), (0, 1))]
            shape = Polygon(ring)
            kind = KINDS[(column * rows + row) % len(KINDS)]
            features.append(MapFeature(shape, kind, f"{len(features):05d}\n{shape.area * 3 / 2000:,.2f} 亩"))
    return features


def page(features: list[MapFeature] | None = None, **fields: Any) -> MapPage:  # noqa: ANN401 - the page checks them
    """Give a page of forty parcels, or of the given ones, with the given fields on top."""
    given: dict[str, Any] = {
        "title_zh": "呼和陶勒盖嘎查地块示意图",
        "title_en": "Parcels of Huhtolgoi Gacha",
        "features": parcels() if features is None else features,
        "crs_label": CRS,
        "foot_zh": "演示登记机构制图，2026年11月23日",
    }
    return MapPage(**(given | fields))


def pdf_text(pdf: bytes, tmp_path: Path) -> str:
    """Give the text of a PDF as pdftotext reads it."""
    path = tmp_path / "page.pdf"
    path.write_bytes(pdf)
    return subprocess.run(["pdftotext", "-layout", path, "-"], check=True, capture_output=True, text=True).stdout


def pdf_facts(pdf: bytes, tmp_path: Path) -> dict[str, str]:
    """Give the lines of pdfinfo."""
    path = tmp_path / "page.pdf"
    path.write_bytes(pdf)
    said = subprocess.run(["pdfinfo", path], check=True, capture_output=True, text=True).stdout
    return {key: value.strip() for key, _, value in (line.partition(":") for line in said.splitlines())}


@pytest.mark.parametrize("size_m", [3.0, 26.0, 317.0, 900.0, 4_111.0, 60_000.0])
def test_scale_bar_is_exactly_as_long_as_its_ground(size_m: float) -> None:
    """Bar in mm times denominator is its metres, and a square as wide as the bar is drawn as wide as the bar."""
    features = parcels(size_m=size_m)
    bar_m = arranged(shapely.total_bounds(page(features).geometries())).bar_m()
    easting, northing = WEST + size_m, SOUTH + size_m
    features.append(MapFeature(box(easting, northing, easting + bar_m, northing + bar_m), "homestead"))
    the_page = page(features)
    layout = arranged(shapely.total_bounds(the_page.geometries()))
    data = page_data(the_page, layout)
    assert layout.bar_m() == bar_m
    assert data["bar"]["length_mm"] * layout.denominator / 1000 == pytest.approx(bar_m, rel=1e-12)
    assert data["bar"]["whole"] == f"{bar_m:,} 米 m"
    assert data["scale"] == f"1 : {layout.denominator:,}"
    assert LONGEST_BAR_MM / 2.5 <= data["bar"]["length_mm"] <= LONGEST_BAR_MM
    drawn = next(d for d in re.findall(r'd="(M[^"]*Z)" fill="#f4cbb9"', map_svg(the_page, layout)))
    x = [float(point.split()[0]) for point in drawn.strip("MZ").split("L")]
    assert max(x) - min(x) == pytest.approx(data["bar"]["length_mm"], abs=0.0011)


@pytest.mark.parametrize("digits", [1, 2, 5])
def test_scale_bar_is_a_round_number(digits: int) -> None:
    """A bar is 1, 2 or 5 with noughts; each of them occurs."""
    bars = {arranged((WEST, SOUTH, WEST + extent, SOUTH + extent)).bar_m() for extent in range(200, 9_000, 100)}
    assert {int(str(bar).rstrip("0")) for bar in bars} == {1, 2, 5}
    assert any(int(str(bar).rstrip("0")) == digits for bar in bars)


def test_grid_lines_stand_at_round_metres_at_their_exact_place() -> None:
    """Each tick is a multiple of one step, and its place on paper is that of its easting or northing."""
    layout = arranged((WEST, SOUTH, WEST + 7_300, SOUTH + 4_100))
    eastings, northings = layout.eastings(), layout.northings()
    steps = np.diff([line.metres for line in eastings])
    assert len(eastings) >= 3
    assert len(set(steps.tolist())) == 1
    assert {line.metres % int(steps[0]) for line in (*eastings, *northings)} == {0}
    for line in eastings:
        assert layout.to_mm(np.array([[line.metres, SOUTH]]))[0, 0] == pytest.approx(line.at_mm, abs=1e-6)
    for line in northings:
        assert layout.to_mm(np.array([[WEST, line.metres]]))[0, 1] == pytest.approx(line.at_mm, abs=1e-6)


def test_reference_square_is_100_mu_on_village_maps_and_true_at_every_scale() -> None:
    """From 1:12,500 to 1:80,000 the square is 100 亩; elsewhere a ten-fold that fits, always of its true side."""
    for extent in (12.0, 300.0, 2_400.0, 9_000.0, 15_000.0, 80_000.0):
        layout = arranged((WEST, SOUTH, WEST + extent, SOUTH + extent))
        mu = layout.square_mu()
        side_m = layout.square_mm(mu) * layout.denominator / 1000
        assert side_m**2 * 3 / 2000 == pytest.approx(mu, rel=1e-9)
        assert layout.square_mm(mu) <= 26
        if 12_500 <= layout.denominator <= 80_000:
            assert mu == 100


def test_sheet_lies_as_the_land_does() -> None:
    """A wide extent is printed landscape, a tall one portrait, and both fit their frame."""
    for width, height, landscape in ((9_000, 5_000, True), (5_000, 9_000, False)):
        layout = arranged((WEST, SOUTH, WEST + width, SOUTH + height))
        corners = layout.to_mm(np.array([[WEST, SOUTH], [WEST + width, SOUTH + height]]))
        assert layout.sheet.landscape is landscape
        assert (corners > 0).all()
        assert (corners < (layout.sheet.frame.width, layout.sheet.frame.height)).all()


def test_legend_lists_only_the_kinds_that_appear() -> None:
    """A page of pasture and forest explains these two, and neither a household nor a village line it does not show."""
    features = [feature for feature in parcels() if feature.land_use in {"grass", "forest"}]
    assert [entry["zh"] for entry in legend(page(features))] == ["草地", "林地"]
    lit = [*features, MapFeature(box(WEST, SOUTH, WEST + 20, SOUTH + 20), "homestead", highlighted=True)]
    outline = MapOutline(box(WEST, SOUTH, WEST + 9_000, SOUTH + 9_000), "布日都嘎查")
    whole = [entry["zh"] for entry in legend(page(lit, outlines=[outline]))]
    assert whole == ["草地", "林地", "宅基地", "本户", "村界"]


def test_pdf_is_one_sheet_of_a4_whose_words_are_text(tmp_path: Path) -> None:
    """Title, legend, scale, CRS, labels, foot and the disclaimer can be searched and copied."""
    pdf = render_pdf(page())
    text = pdf_text(pdf, tmp_path)
    expected = ("呼和陶勒盖嘎查地块示意图", "图例", "草地", "比例尺", "1 : ", CRS, "亩", "坐标北", "2026", "574000 E")
    for words in (*expected, NOT_EVIDENCE_ZH):
        assert re.sub(r"\s", "", words) in re.sub(r"\s", "", text), words
    facts = pdf_facts(pdf, tmp_path)
    assert facts["Pages"] == "1"
    assert "A4" in facts["Page size"]
    assert facts["Title"] == "呼和陶勒盖嘎查地块示意图"


def test_pdf_carries_its_own_font(tmp_path: Path) -> None:
    """The Chinese font is embedded as a subset: the page prints alike on a machine without it, and stays small."""
    path = tmp_path / "page.pdf"
    path.write_bytes(render_pdf(page()))
    fonts = subprocess.run(["pdffonts", path], check=True, capture_output=True, text=True).stdout.splitlines()[2:]
    assert len(fonts) == 1
    assert re.search(r"NotoSansCJK.* yes yes yes ", fonts[0])
    assert path.stat().st_size < 200_000


def test_same_page_gives_the_same_bytes() -> None:
    """No clock and no chance enters a page: PDF, PNG and SVG are repeated to the byte."""
    assert render_pdf(page()) == render_pdf(page())
    assert render_png(page(), ppi=50) == render_png(page(), ppi=50)
    assert render_svg(page()) == render_svg(page())


def test_words_are_never_read_as_markup(tmp_path: Path) -> None:
    """What a caller writes is printed as it stands, typst and SVG markup included."""
    hostile = "#panic()[*x*] $ </svg> \\"
    text = pdf_text(render_pdf(page(title_en=hostile, foot_en=hostile)), tmp_path)
    assert text.count("#panic()[*x*]") == 2
    assert "</svg>" in text


def test_png_is_a4_at_its_resolution_and_not_blank() -> None:
    """At 60 pixels an inch a landscape page is 702 by 496, and its rows hold many different bytes."""
    png = render_png(page(), ppi=60)
    width, height = struct.unpack(">II", png[16:24])
    assert png.startswith(b"\x89PNG")
    assert (width, height) == (round(297 / 25.4 * 60), round(210 / 25.4 * 60))
    data, at = b"", 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        data += png[at + 8 : at + 8 + length] if png[at + 4 : at + 8] == b"IDAT" else b""
        at += length + 12
    assert len(set(zlib.decompress(data))) > 200


def test_highlight_lights_the_family_and_nobody_else(tmp_path: Path) -> None:
    """The colour of a lit parcel is on the page around that parcel only: without one it is nowhere on the map."""
    features = parcels()
    features[7] = MapFeature(features[7].geometry, features[7].land_use, features[7].label, highlighted=True)
    lit = page(features)
    layout = arranged(shapely.total_bounds(lit.geometries()))
    frame = layout.sheet.frame
    assert not magenta(render_pdf(page()), frame, tmp_path).any()
    y, x = np.nonzero(magenta(render_pdf(lit), frame, tmp_path))
    parcel = shapely.transform(features[7].geometry, layout.to_mm).buffer(1.0)
    assert len(x) > 100
    assert shapely.contains_xy(parcel, x / DOTS_A_MM, y / DOTS_A_MM).all()


def magenta(pdf: bytes, frame: Box, tmp_path: Path) -> NDArray[np.bool_]:
    """Give where in the frame the highlight's colour is printed, as (row, column) of a picture."""
    path = tmp_path / "page.pdf"
    path.write_bytes(pdf)
    resolution = ["-r", f"{DOTS_A_MM * 25.4}"]
    ppm = subprocess.run(["pdftoppm", *resolution, path], check=True, capture_output=True).stdout
    _, size, _, pixels = ppm.split(b"\n", 3)
    width, height = (int(part) for part in size.split())
    picture = np.frombuffer(pixels, dtype=np.uint8).reshape(height, width, 3).astype(int)
    top, left = round(frame.y * DOTS_A_MM), round(frame.x * DOTS_A_MM)
    inside = picture[top : top + int(frame.height * DOTS_A_MM), left : left + int(frame.width * DOTS_A_MM)]
    red, green, blue = (inside[..., band] for band in range(3))
    return np.asarray((red > 150) & (green < 90) & (blue > 60) & (blue < 150))


def test_svg_is_one_drawing_that_needs_no_font() -> None:
    """Letters are outlines: a browser without Chinese fonts shows them."""
    svg = render_svg(page())
    assert svg.startswith("<svg")
    assert "<text" not in svg


def test_labels_touch_neither_each_other_nor_a_neighbour() -> None:
    """Each label of a parcel that is not lit lies inside its own parcel, and no two labels overlap."""
    features = parcels()
    house = features[0].geometry.representative_point()
    features.append(MapFeature(house.buffer(60), "homestead", "院子 0.62 亩", highlighted=True))
    outline = shapely.union_all([feature.geometry for feature in features]).convex_hull.buffer(200)
    the_page = page(features, outlines=[MapOutline(outline, "布日都嘎查")])
    layout = arranged(shapely.total_bounds(the_page.geometries()))
    labels = placed_labels(the_page, layout)
    assert {label.kind for label in labels} == {"parcel", "lit", "village"}
    middles = shapely.points([(label.x_mm, label.y_mm) for label in labels])
    on_paper = [shapely.transform(feature.geometry, layout.to_mm) for feature in features]
    for label, middle in zip(labels, middles, strict=True):
        if label.kind == "parcel":
            owners = [feature for feature, shape in zip(features, on_paper, strict=True) if shape.contains(middle)]
            assert [owner.label.startswith(label.text) for owner in owners] == [True]
    apart = [
        abs(one.x_mm - other.x_mm) > 3 or abs(one.y_mm - other.y_mm) > 2
        for at, one in enumerate(labels)
        for other in labels[:at]
    ]
    assert all(apart)


def test_label_that_does_not_fit_is_shortened_then_left_out() -> None:
    """A narrow parcel keeps the first line of its label; one narrower still keeps none."""
    wide = MapFeature(box(WEST, SOUTH, WEST + 2_000, SOUTH + 1_500), "grass", "00001\n4,500.00 亩")
    narrow = MapFeature(box(WEST + 2_000, SOUTH, WEST + 2_090, SOUTH + 1_500), "arable", "00002\n202.50 亩")
    strip = MapFeature(box(WEST + 2_090, SOUTH, WEST + 2_110, SOUTH + 1_500), "arable", "00003\n45.00 亩")
    the_page = page([wide, narrow, strip])
    labels = placed_labels(the_page, arranged(shapely.total_bounds(the_page.geometries())))
    assert [label.text for label in labels] == ["00001\n4,500.00 亩", "00002"]


def test_lit_label_that_does_not_fit_stands_beside_and_points_back() -> None:
    """A family's homestead of half a millimetre keeps its label: beside the ring, with a line to the land."""
    features = parcels()
    middle = features[12].geometry.representative_point()
    features.append(MapFeature(middle.buffer(12), "homestead", "院子 0.62 亩", highlighted=True))
    the_page = page(features)
    layout = arranged(shapely.total_bounds(the_page.geometries()))
    label = next(label for label in placed_labels(the_page, layout) if label.kind == "lit")
    place = layout.to_mm(np.array([[middle.x, middle.y]]))[0]
    assert label.leads_to_mm == pytest.approx(tuple(place), abs=0.3)
    assert 4 < np.hypot(label.x_mm - place[0], label.y_mm - place[1]) < 20
    assert re.search(r'<circle cx="[\d.]+" cy="[\d.]+" r="4" fill="none" stroke="#c2185b"', map_svg(the_page, layout))


def test_holes_and_parts_are_drawn_as_rings() -> None:
    """A pasture of two parts, one with a hole, is one path of three closed rings filled even-odd."""
    holed = box(WEST, SOUTH, WEST + 500, SOUTH + 500).difference(box(WEST + 100, SOUTH + 100, WEST + 200, SOUTH + 200))
    both = shapely.union_all([holed, box(WEST + 700, SOUTH, WEST + 900, SOUTH + 300)])
    the_page = page([MapFeature(both, "grass")])
    svg = map_svg(the_page, arranged(shapely.total_bounds(the_page.geometries())))
    path = re.search(r'd="([^"]*)" fill="#e2efc8" fill-rule="evenodd"', svg)
    assert path is not None
    assert path[1].count("M") == path[1].count("Z") == 3


def test_outlines_alone_make_a_page(tmp_path: Path) -> None:
    """Public mode shows villages without parcels: the page is drawn, its legend has the village line only."""
    outline = MapOutline(box(WEST, SOUTH, WEST + 9_000, SOUTH + 7_000), "巴图湾村")
    the_page = page([], outlines=[outline])
    assert [entry["zh"] for entry in legend(the_page)] == ["村界"]
    assert "巴图湾村" in pdf_text(render_pdf(the_page), tmp_path)


@pytest.mark.parametrize("tall", [False, True])
def test_longest_texts_stay_on_one_page(tall: bool, tmp_path: Path) -> None:
    """Title and foot at their limits are set smaller, not cut off and not carried to a second page."""
    features = parcels(columns=3, rows=9) if tall else parcels()
    full = page(
        features,
        title_zh="嘎" * LONGEST_TITLE,
        title_en="e" * 2 * LONGEST_TITLE,
        foot_zh="查" * LONGEST_FOOT,
        foot_en="word " * (2 * LONGEST_FOOT // 5),
    )
    pdf = render_pdf(full)
    text = pdf_text(pdf, tmp_path)
    assert pdf_facts(pdf, tmp_path)["Pages"] == "1"
    assert text.count("查") == LONGEST_FOOT
    assert text.count("嘎") == LONGEST_TITLE


LINE = shapely.LineString([(WEST, SOUTH), (WEST + 9, SOUTH)])
BOW_TIE = Polygon([(WEST, SOUTH), (WEST + 9, SOUTH + 9), (WEST + 9, SOUTH), (WEST, SOUTH + 9)])


@pytest.mark.parametrize("shape", [None, Polygon(), LINE, BOW_TIE])
def test_geometry_without_area_is_refused_by_its_number(shape: Polygon) -> None:
    """Nothing is left out in silence: a missing, empty, linear or crossing geometry names its place in the list."""
    with pytest.raises(NotAnArealGeometry, match="geometry 41 "):
        page([*parcels(), MapFeature(shape, "grass")])


def test_page_that_would_lie_is_refused() -> None:
    """Degrees have no scale bar in metres, an unknown land use no legend, an empty page no scale, a flood no room."""
    with pytest.raises(NotInMetres):
        page([MapFeature(box(108.8, 38.6, 108.9, 38.7), "grass")])
    with pytest.raises(LandUseHasNoStyle, match="'water'"):
        page([MapFeature(parcels()[0].geometry, "water")])
    with pytest.raises(NothingToDraw):
        page([])
    with pytest.raises(TextTooLong, match=f"holds {LONGEST_FOOT}"):
        page(foot_zh="字" * (LONGEST_FOOT + 1))


def test_examples_of_the_page_hold() -> None:
    """The doctests of the rendering run."""
    assert doctest.testmod(rendering).failed == 0
