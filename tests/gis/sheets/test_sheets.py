"""Is a sheet set as it was given: at a round scale, on A4, with empty boxes for seals, shifted as a printer asks?"""

from __future__ import annotations

import io
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
import pypdf
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis.cartography import MapFeature
from gis.sheets import (
    ROUND_SCALES,
    Column,
    Neighbour,
    Sheet,
    SheetTable,
    ShiftTooLarge,
    TooLargeForASheet,
    adjustment_pdf,
    clipped,
    extent,
    numbered,
    paper,
    parcel_map,
    placed,
    sheets_pdf,
)
from gis.sheets.extract import extract_map
from tests.gis.sheets.pictures import needs_poppler, picture

WEST, SOUTH = 574_000.0, 4_263_000.0
A4 = (595.28, 841.89)
ON = paper(landscape=False, width=178.0, height=108.0)


def circle(points: int, radius_m: float) -> shapely.Polygon:
    """A round parcel of so many points."""
    turns = np.linspace(0, 2 * np.pi, points, endpoint=False)
    return shapely.Polygon(np.stack([np.cos(turns), np.sin(turns)], axis=1) * radius_m + (WEST, SOUTH))


def drawn(shape: shapely.Polygon, **fields: Any) -> Sheet:  # noqa: ANN401  (the sheet's own)
    """A sheet of one parcel with its table of points."""
    rings = numbered(shape)
    rows = [(f"J{s.number}", s.x, s.y, s.length) for ring in rings for s in ring]
    columns = (Column("点号", 9), Column("X", 22), Column("Y", 22), Column("边长"))
    east = shapely.box(*shape.bounds).bounds[2]
    beside = [Neighbour(shapely.box(east, SOUTH - 500, east + 500, SOUTH + 500), "巴图[西梁]")]
    layout = placed(shape.bounds, ON)
    given: dict[str, Any] = {
        "title": "地块示意图",
        "facts": [("地块代码", "1506261002100000001")],
        "map": parcel_map(shape, rings, beside, land_use="arable", label="00001", layout=layout),
        "tables": [SheetTable("界址点成果表", columns, rows, abreast=2, own_page=len(rows) > 20)],
        "seals": ("登记机构（盖章）",),
        "signs": ("制图：",),
        "foot": "登记内容截至 2026-01-01",
    }
    return Sheet(**(given | fields))


def pages(pdf: bytes) -> list[str]:
    """The words of each page, as pypdf reads them."""
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


@given(st.floats(5, 60_000), st.floats(5, 60_000))
def test_scale_is_the_largest_round_one_that_holds_the_land(width: float, height: float) -> None:
    """1:200, 1:300, 1:500 … : the land fits the map, and would not at the next larger scale."""
    bounds = (WEST, SOUTH, WEST + width, SOUTH + height)
    layout = placed(bounds, ON)
    west, south, east, north = extent(layout)
    assert west <= bounds[0]
    assert south <= bounds[1]
    assert east >= bounds[2]
    assert north >= bounds[3]
    larger = [n for n in ROUND_SCALES if n < layout.denominator]
    if larger:
        assert max(width / ON.frame.width, height / ON.frame.height) * 1000 / larger[-1] > 0.86


def test_land_larger_than_any_round_scale_is_refused() -> None:
    """No sheet has a scale that is not on the list."""
    with pytest.raises(TooLargeForASheet):
        placed((0, 0, 10_000_000, 10), ON)


@pytest.mark.parametrize("points", [5, 20, 60, 400])
def test_every_point_and_length_stands_in_the_table_however_many_pages_it_takes(points: int) -> None:
    """What the drawing has no room for is in the table; many points flow to further pages, each headed and numbered."""
    sheet = drawn(circle(points, 400))
    read = pages(sheets_pdf([sheet]))
    words = " ".join(read)
    for row in sheet.tables[0].rows:
        assert all(cell in words for cell in row)
    assert f"第 {len(read)} 页 共 {len(read)} 页" in read[-1]
    assert (len(read) > 2) == (points == 400)


@pytest.mark.parametrize("points", [4, 13, 90])
def test_lengths_read_back_from_the_pdf_are_those_between_the_points_read_back(points: int) -> None:
    """The clerk's check on the paper itself: every printed length, from the printed coordinates, with a calculator."""
    read = "".join("".join(pages(sheets_pdf([drawn(circle(points, 777.7))]))).split())
    found = re.findall(r"J(\d{1,2}?)(4\d{6}\.\d{3})(57\d{4}\.\d{3})(\d{1,4}\.\d\d)", read)
    assert [int(number) for number, *_ in found] == list(range(1, points + 1))
    for at, (_, north, east, length) in enumerate(found):
        _, to_north, to_east, _ = found[(at + 1) % points]
        squared = (Decimal(to_north) - Decimal(north)) ** 2 + (Decimal(to_east) - Decimal(east)) ** 2
        assert squared.sqrt().quantize(Decimal("0.01"), ROUND_HALF_UP) == Decimal(length)


def test_no_two_texts_of_a_plan_touch_and_none_leaves_it() -> None:
    """A number over a length can be read as either."""
    for points in (6, 40, 150):
        shape = circle(points, 120)
        layout = placed(shape.bounds, ON)
        labels = parcel_map(shape, numbered(shape), (), land_use="grass", label="00001\n1.00 亩", layout=layout).labels
        assert {"J1", "00001\n1.00 亩"} <= {label.text for label in labels}
        places = [(label.x_mm, label.y_mm) for label in labels]
        assert not any(x > ON.frame.width - 11 and y < 18 for x, y in places), "the north arrow stands there"
        assert len(set(places)) == len(places)
        assert all(0 < x < ON.frame.width and 0 < y < ON.frame.height for x, y in places)
        # One character is at least 1 mm high and wide: two middles never lie closer.
        for at, (x, y) in enumerate(places):
            assert all(abs(x - a) > 1 or abs(y - b) > 1 for a, b in places[at + 1 :])


def test_neighbour_is_named_on_its_own_land() -> None:
    """The label stands inside the neighbour, not on the parcel and not outside the map."""
    sheet = drawn(shapely.box(WEST, SOUTH, WEST + 60, SOUTH + 40))
    assert sheet.map is not None
    (name,) = [label for label in sheet.map.labels if label.kind == "neighbour"]
    layout = sheet.map.layout
    east = layout.west_m + name.x_mm * layout.denominator / 1000
    assert name.text == "巴图[西梁]"
    assert east > WEST + 60


def test_every_page_is_a4_and_the_same_sheets_give_the_same_bytes() -> None:
    """A sheet printed twice is the same sheet, so that its digest means something."""
    sheets = [drawn(circle(6, 50)), drawn(circle(7, 50), landscape=True, map=None)]
    pdf = sheets_pdf(sheets)
    assert pdf == sheets_pdf(sheets)
    sizes = [tuple(float(side) for side in page.mediabox[2:]) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]
    assert sizes == [pytest.approx(A4, abs=0.1), pytest.approx(A4[::-1], abs=0.1)]


def test_nothing_that_was_given_is_read_as_markup() -> None:
    """A name with signs of the typesetter's is printed as it is."""
    hostile = '#include("/etc/passwd") $x$ *b* _i_ @a <l> \\ //'
    (words,) = pages(sheets_pdf([drawn(circle(5, 50), facts=[("名称", hostile)])]))
    assert hostile.replace(" ", "") in words.replace(" ", "").replace("\n", "")


def place_of(pdf: bytes, text: str) -> tuple[float, float]:
    """Where a text begins on the first page, in mm from its left and upper edge, as pypdf finds it."""
    found: list[tuple[float, float]] = []

    def visit(words: str, cm: Any, tm: Any, _font: Any, _size: Any) -> None:  # noqa: ANN401  (pypdf's own)
        if text in words:
            found.append((tm[4] * cm[0] + tm[5] * cm[2] + cm[4], tm[4] * cm[1] + tm[5] * cm[3] + cm[5]))

    pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text(visitor_text=visit)
    return found[0][0] * 25.4 / 72, (A4[1] - found[0][1]) * 25.4 / 72


@pytest.mark.parametrize("shift", [(1.5, -2.0), (-10.0, 10.0)])
def test_shift_moves_everything_by_so_many_millimetres(shift: tuple[float, float]) -> None:
    """套打: title, map and foot move together, to the right and down."""
    sheet = drawn(circle(5, 50))
    plain, moved = sheets_pdf([sheet]), sheets_pdf([sheet], shift)
    assert len(pages(plain)) == len(pages(moved))
    for text in ("地块示意图", "比例尺", "登记内容截至"):
        (x, y), (to_x, to_y) = place_of(plain, text), place_of(moved, text)
        assert (to_x - x, to_y - y) == pytest.approx(shift, abs=0.05)


def test_shift_off_the_paper_is_refused() -> None:
    """A slip of a comma must not print into the void."""
    with pytest.raises(ShiftTooLarge, match="10"):
        sheets_pdf([drawn(circle(5, 50))], (15.0, 0.0))


def test_adjustment_page_says_which_shift_it_has() -> None:
    """Whoever measures the page knows what was set already."""
    (words,) = pages(adjustment_pdf((1.5, -0.5)))
    assert "1.5" in words
    assert "−0.5" in words.replace("-", "−")


@needs_poppler
def test_picture_of_a_sheet_has_an_empty_box_for_the_seal() -> None:
    """No seal is ever drawn: beside the map nothing on a sheet has a colour, and in the box there is only its words."""
    pixels = np.asarray(picture(sheets_pdf([drawn(circle(5, 50), map=None, tables=())]), ppi=60)).astype(int)
    assert (pixels.max(axis=2) - pixels.min(axis=2)).max() <= 2
    printed = (pixels.max(axis=2) < 200).mean()
    assert 0 < printed < 0.02


def test_extract_cuts_land_at_the_edge_of_the_map() -> None:
    """What lies beyond the map is not drawn over the sheet's other parts; land that it does not show is none."""
    layout = placed((WEST, SOUTH, WEST + 100, SOUTH + 60), ON)
    across = MapFeature(shapely.box(WEST - 9_000, SOUTH + 20, WEST + 9_000, SOUTH + 30), "grass", "1")
    away = MapFeature(shapely.box(WEST + 50_000, SOUTH, WEST + 50_010, SOUTH + 10), "arable", "2")
    shapes = clipped(np.array([across.geometry, away.geometry], dtype=object), layout)
    west, _, east, _ = extent(layout)
    assert shapes[0].bounds[::2] == pytest.approx((west, east))
    assert shapes[1].is_empty
    touching = shapely.box(east, SOUTH + 20, east + 50, SOUTH + 30)
    cornered = shapely.Polygon([(east, SOUTH + 20), (east + 50, SOUTH), (east + 50, SOUTH + 40)])
    assert all(each.is_empty for each in clipped(np.array([touching, cornered], dtype=object), layout))
    found = extract_map([across, away], layout)
    assert found is not None
    assert [entry["en"] for entry in found.legend] == ["grassland"]
    assert extract_map([away], layout) is None
    assert extract_map([], layout) is None
