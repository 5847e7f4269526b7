"""Where does each label stand, and which are left out because they would cover somebody else's land?

A parcel's label stands on its representative point and is left out unless it lies wholly inside the parcel
and off every smaller parcel drawn over it. A lit parcel's label may also stand beside its parcel: the
reader came for it. The name of a village goes where it covers least. The order is fixed (lit, villages,
parcels by size), so the same page always comes out the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal
from unicodedata import east_asian_width

import numpy as np
import shapely

from gis.cartography.drawing import RING_MM, drawing_order, on_paper, ring_centres

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from shapely import MultiPolygon, Polygon

    from gis.cartography.layout import Layout
    from gis.cartography.page import MapPage

_MM_A_POINT = 25.4 / 72
_LINE = 1.2
"""Height of a line in em."""
_WIDE_EM, _CAPITAL_EM, _NARROW_EM = 1.0, 0.72, 0.57
"""Widths in Noto Sans CJK: a Chinese character is 1 em, a digit 0.555."""
_AROUND_MM = 0.3
_PARCEL_SIZES_PT = (6.5, 5.5)
_LIT_SIZES_PT = (7.5, 6.5)
_VILLAGE_SIZE_PT = 10.0
_BESIDE_MM = 0.8
"""From a lit parcel, or the ring round it, to a label beside it."""
_LIT_WEIGHS = 5.0
"""A village's name shuns a lit parcel so many times more than another."""
_PLACES = 12
"""A label is tried on so many places across and down a shape."""


@dataclass(frozen=True, slots=True)
class PlacedLabel:
    """A label with its middle in mm from the frame's top left corner.

    `leads_to_mm`: where on its parcel a line from a label that stands beside it ends; None for one that stands inside.
    """

    text: str
    x_mm: float
    y_mm: float
    size_pt: float
    kind: Literal["parcel", "lit", "village"]
    leads_to_mm: tuple[float, float] | None = None


@dataclass(slots=True)
class _Paper:
    """What is already written: no two labels touch."""

    layout: Layout
    boxes: list[tuple[float, float, float, float]] = field(default_factory=list)

    def is_free(self, box: tuple[float, float, float, float]) -> bool:
        west, top, east, bottom = box
        frame = self.layout.sheet.frame
        if west < 0 or top < 0 or east > frame.width or bottom > frame.height:
            return False
        return not any(west < e and w < east and top < b and t < bottom for w, t, e, b in self.boxes)


def placed_labels(page: MapPage, layout: Layout) -> list[PlacedLabel]:
    """Give the labels that find a place, those that matter most first."""
    placed = on_paper(page.geometries(), layout)
    parcels, outlines = placed[: len(page.features)], placed[len(page.features) :]
    lit = np.array([feature.highlighted for feature in page.features], dtype=np.bool_)
    paper = _Paper(layout)
    paper.boxes += [_box(x, y, 2 * RING_MM, 2 * RING_MM) for x, y in ring_centres(parcels[lit])]
    labels = [*_lit(page, parcels, paper)]
    labels += _villages(page, outlines, parcels, np.where(lit, _LIT_WEIGHS, 1.0), paper)
    labels += _plain(page, parcels, paper)
    return labels


def _lit(page: MapPage, parcels: NDArray[Any], paper: _Paper) -> Iterator[PlacedLabel]:
    for at in drawing_order(page):
        feature = page.features[at]
        label = _tidy(feature.label)
        if not feature.highlighted or not label:
            continue
        for size, x, y in _places_of_lit(parcels[at], label):
            box = _box(x, y, *size_mm(label, size))
            if paper.is_free(box):
                paper.boxes.append(box)
                point = shapely.point_on_surface(parcels[at])
                leads_to = None if shapely.contains(parcels[at], shapely.box(*box)) else (point.x, point.y)
                yield PlacedLabel(label, x, y, size, "lit", leads_to)
                break


def _places_of_lit(parcel: Polygon | MultiPolygon, label: str) -> Iterator[tuple[float, float, float]]:
    """Give (size, x, y): inside the parcel, nearest its representative point first; then right, left, above, below."""
    point = shapely.point_on_surface(parcel)
    for size in _LIT_SIZES_PT:
        x, y, boxes = tried(parcel, *size_mm(label, size))
        inside = shapely.contains(parcel, boxes)
        x, y = x[inside], y[inside]
        for nearest in np.argsort(np.hypot(x - point.x, y - point.y), kind="stable").tolist():
            yield size, float(x[nearest]), float(y[nearest])
    width, height = size_mm(label, _LIT_SIZES_PT[0])
    west, top, east, bottom = (float(edge) for edge in shapely.bounds(parcel))
    middle_x, middle_y = (west + east) / 2, (top + bottom) / 2
    aside_x = max(RING_MM, (east - west) / 2) + _BESIDE_MM + width / 2
    aside_y = max(RING_MM, (bottom - top) / 2) + _BESIDE_MM + height / 2
    for away_x, away_y in ((aside_x, 0.0), (-aside_x, 0.0), (0.0, -aside_y), (0.0, aside_y)):
        yield _LIT_SIZES_PT[0], middle_x + away_x, middle_y + away_y


def _villages(
    page: MapPage,
    outlines: NDArray[Any],
    parcels: NDArray[Any],
    weights: NDArray[np.float64],
    paper: _Paper,
) -> Iterator[PlacedLabel]:
    tree = shapely.STRtree(parcels)
    for outline, shape in zip(page.outlines, outlines, strict=True):
        label = _tidy(outline.label)
        if not label:
            continue
        width, height = size_mm(label, _VILLAGE_SIZE_PT)
        x, y, boxes = tried(shape, width, height)
        covered = np.zeros(len(boxes))
        which, parcel = tree.query(boxes, predicate="intersects")
        shared = shapely.area(shapely.intersection(boxes[which], parcels[parcel]))
        np.add.at(covered, which, shared * weights[parcel])
        off_middle = np.hypot(x - x.mean(), y - y.mean())
        inside = shapely.contains(shape, boxes)
        for best in np.lexsort((off_middle, np.round(covered, 3))).tolist():
            box = _box(float(x[best]), float(y[best]), width, height)
            if inside[best] and paper.is_free(box):
                paper.boxes.append(box)
                yield PlacedLabel(label, float(x[best]), float(y[best]), _VILLAGE_SIZE_PT, "village")
                break


def tried(
    shape: Polygon | MultiPolygon,
    width: float,
    height: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[Any]]:
    """Give x and y of places spread over a shape, its representative point first, and a label's box at each."""
    point = shapely.point_on_surface(shape)
    west, top, east, bottom = shapely.bounds(shape)
    steps = (np.arange(_PLACES) + 0.5) / _PLACES
    grid_x, grid_y = np.meshgrid(west + steps * (east - west), top + steps * (bottom - top))
    x = np.concatenate(([point.x], grid_x.ravel()))
    y = np.concatenate(([point.y], grid_y.ravel()))
    return x, y, shapely.box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def _plain(page: MapPage, parcels: NDArray[Any], paper: _Paper) -> Iterator[PlacedLabel]:
    order = drawing_order(page)
    rank = np.empty(len(parcels), dtype=np.int64)
    rank[order] = np.arange(len(parcels))
    tree = shapely.STRtree(parcels)
    for at in order:
        feature = page.features[at]
        label = _tidy(feature.label)
        if feature.highlighted or not label:
            continue
        point = shapely.point_on_surface(parcels[at])
        for text, size in _attempts(label):
            box = _box(point.x, point.y, *size_mm(text, size))
            on_ground = shapely.box(*box)
            if not shapely.contains(parcels[at], on_ground) or not paper.is_free(box):
                continue
            if (rank[tree.query(on_ground, predicate="intersects")] > rank[at]).any():
                continue
            paper.boxes.append(box)
            yield PlacedLabel(text, point.x, point.y, size, "parcel")
            break


def _attempts(label: str) -> Iterator[tuple[str, float]]:
    """Give the whole label smaller and smaller, then its first line alone."""
    for text in dict.fromkeys((label, label.partition("\n")[0])):
        for size in _PARCEL_SIZES_PT:
            yield text, size


def _tidy(label: str) -> str:
    """Give the lines that have text, parted by a plain line feed."""
    return "\n".join(line.strip() for line in label.splitlines() if line.strip())


def _box(x: float, y: float, width: float, height: float) -> tuple[float, float, float, float]:
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def size_mm(text: str, size_pt: float) -> tuple[float, float]:
    """Give width and height in mm of a text of one or more lines in Noto Sans CJK, with a little air around it."""
    lines = text.split("\n")
    em = size_pt * _MM_A_POINT
    widest = max(sum(_em(character) for character in line) for line in lines)
    return widest * em + 2 * _AROUND_MM, len(lines) * _LINE * em + 2 * _AROUND_MM


def _em(character: str) -> float:
    if east_asian_width(character) in "WFA":
        return _WIDE_EM
    return _CAPITAL_EM if character.isupper() else _NARROW_EM
