"""What stands on an official sheet: title, facts, a map at a round scale, tables, seal boxes, a code of its own?

Words. A *sheet* is one document of A4, printed at its true size; *seals* are empty boxes for the office's own wet seal,
for no seal is ever drawn. *Facts* are label and value. A *code* is what a scan is known again by: printed as text and
as QR. A *shift* moves everything by so many mm, for a printer that does not feed paper straight. This room knows no
person: what may be printed is the caller's to decide.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import shapely

from gis.cartography.layout import Box, Layout
from gis.cartography.layout import Sheet as Paper
from gis.errors import GisError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

ROUND_SCALES = (
    200,
    300,
    500,
    *(n * power for power in (100, 1_000, 10_000) for n in (10, 15, 20, 30, 50)),
    1_000_000,
    1_500_000,
)
"""The denominators that an official sheet may have."""
LARGEST_SHIFT_MM = 10.0
"""Less than the margins: what is shifted stays on the paper."""
_FILLED = 0.86
"""Share of the map that the land may fill: point numbers and lengths stand outside it."""

Pair = tuple[str, str]


class TooLargeForASheet(GisError):
    """Raised when land does not fit a sheet even at the smallest round scale."""

    def __init__(self) -> None:
        """Show the smallest scale."""
        smallest = f"1:{ROUND_SCALES[-1]:,}"
        super().__init__(
            f"范围太大，比例尺 {smallest} 也放不下；请分开制图或核对坐标",
            f"the extent is too large for a sheet even at {smallest}: draw it in parts, or check the coordinates",
        )


class ShiftTooLarge(GisError):
    """Raised when a printer's adjustment would move the sheet off the paper."""

    def __init__(self, shift: tuple[float, float]) -> None:
        """Show what was asked and what is allowed."""
        super().__init__(
            f"套打微调 {shift[0]}, {shift[1]} mm 太大；每个方向最多 {LARGEST_SHIFT_MM:g} mm，例如 1.5",
            f"the adjustment {shift[0]}, {shift[1]} mm is too large: at most {LARGEST_SHIFT_MM:g} mm each way, "
            "for example 1.5",
        )


@dataclass(frozen=True, slots=True)
class Label:
    """A text with its middle in mm from the map's top left corner, turned clockwise by degrees."""

    text: str
    x_mm: float
    y_mm: float
    size_pt: float
    kind: Literal["parcel", "lit", "village", "point", "length", "neighbour"]
    turned: float = 0.0
    leads_to_mm: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class SheetMap:
    """The map: SVG of its frame (mm), labels, layout (which has the scale), legend entries (svg, zh, en)."""

    svg: str
    labels: Sequence[Label]
    layout: Layout
    legend: Sequence[dict[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: heading, width in mm (0: what is left), alignment."""

    zh: str
    width_mm: float = 0.0
    align: Literal["left", "center", "right"] = "left"


@dataclass(frozen=True, slots=True)
class SheetTable:
    """A table. `abreast`: so many beside each other. `row_mm`: the height of a row that is signed, 0 for as needed."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    abreast: int = 1
    row_mm: float = 0.0
    own_page: bool = False


@dataclass(frozen=True, slots=True)
class SheetCode:
    """What a sheet is known again by, and the same as a QR picture (SVG)."""

    text: str
    svg: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document. `signs` are lines to be signed by hand, `seals` boxes to be sealed by hand, `notes` small print."""

    title: str
    facts: Sequence[Pair]
    subtitle: str = ""
    map: SheetMap | None = None
    tables: Sequence[SheetTable] = ()
    seals: Sequence[str] = ()
    signs: Sequence[str] = ()
    notes: Sequence[str] = ()
    foot: str = ""
    code: SheetCode | None = None
    landscape: bool = False


def paper(*, landscape: bool, width: float, height: float) -> Paper:
    """Give A4 one way or the other with a map of this size (mm) on it; the panel is set by the sheet itself."""
    across, down = (297.0, 210.0) if landscape else (210.0, 297.0)
    return Paper(landscape, across, down, Box(0, 0, width, height), Box(0, 0, 0, 0))


def placed(bounds: Sequence[float], on: Paper) -> Layout:
    """Give the layout of an extent (west, south, east, north, metres) at the largest round scale that holds it.

    Raises `TooLargeForASheet`.
    """
    west, south, east, north = (float(edge) for edge in bounds)
    frame = on.frame
    needed = 1000.0 * max((east - west) / frame.width, (north - south) / frame.height) / _FILLED
    denominator = next((n for n in ROUND_SCALES if n >= needed), None)
    if denominator is None:
        raise TooLargeForASheet
    return centred(((west + east) / 2, (south + north) / 2), denominator, on)


def centred(middle: tuple[float, float], denominator: int, on: Paper) -> Layout:
    """Give the layout of this scale whose map has this easting and northing in its middle."""
    half = denominator / 2000.0
    return Layout(on, denominator, middle[0] - on.frame.width * half, middle[1] + on.frame.height * half)


def extent(layout: Layout) -> tuple[float, float, float, float]:
    """Give the ground that a map shows: west, south, east, north in metres."""
    frame, scale = layout.sheet.frame, layout.denominator / 1000.0
    return (
        layout.west_m,
        layout.north_m - frame.height * scale,
        layout.west_m + frame.width * scale,
        layout.north_m,
    )


def clipped(geometries: NDArray[Any], layout: Layout) -> NDArray[Any]:
    """Give what of each polygon a map shows; a polygon that it does not show is empty."""
    cut = shapely.intersection(shapely.force_2d(geometries), shapely.box(*extent(layout)))
    # Land that only touches the edge leaves a line there, which is no land.
    pieces = [[piece for piece in shapely.get_parts(each) if piece.geom_type == "Polygon"] for each in cut]
    return np.array([shapely.MultiPolygon(polygons) for polygons in pieces], dtype=object)
