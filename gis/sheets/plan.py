"""How is one parcel drawn for signing: its line, its numbered points, the lengths of its sides, who adjoins it?

Points are numbered outside the land, lengths run along their sides; a number or a length that would cover another is left
out of the drawing, for it stands in the table. A neighbour's label stands on its own land, nearest to the parcel.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import atan2, cos, degrees, hypot, pi, sin
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from gis.cartography.drawing import on_paper
from gis.cartography.labels import size_mm, tried
from gis.cartography.style import GROUND, LAND_USE_STYLES
from gis.sheets.model import Label, SheetMap, clipped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray
    from shapely import MultiPolygon, Polygon

    from gis.cartography.layout import Layout
    from gis.sheets.boundary import Side

LINE = "#c1121f"
"""The boundary of the parcel: the colour of a 界址线."""
_NEIGHBOUR_LINE = "#8a8a8a"
_POINT_MM = 0.55
_POINT_PT, _LENGTH_PT, _CENTRE_PT = 6.5, 6.0, (9.0, 7.5, 6.5)
_NEIGHBOUR_PT = (7.5, 6.5, 5.5)
_AWAY_MM = 0.9
"""From a point or a line to what is written beside it."""
_ARROW_MM = (11.0, 18.0)
"""The upper right corner, where the sheet sets its north arrow."""
_TURNS = (0.0, 0.6, -0.6, 1.2, -1.2, 1.9, -1.9, pi)
"""Where the number of a point is tried, in radians from straight outwards."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Land beside the parcel, in metres, and what may be written on it."""

    geometry: Polygon | MultiPolygon
    label: str = ""


@dataclass(slots=True)
class _Written:
    """What stands on the map already: no two texts touch, none leaves the map or crosses the boundary."""

    frame: Polygon
    line: shapely.Geometry
    boxes: list[shapely.Geometry] = field(default_factory=list)

    def takes(self, box: Polygon, *, on_line: bool = False) -> bool:
        """Say whether a text finds room here; if so it is written."""
        if not shapely.contains(self.frame, box) or (not on_line and shapely.intersects(self.line, box)):
            return False
        if self.boxes and shapely.intersects(np.array(self.boxes, dtype=object), box).any():
            return False
        self.boxes.append(box)
        return True


def parcel_map(
    shape: Polygon | MultiPolygon,
    rings: Sequence[Sequence[Side]],
    neighbours: Sequence[Neighbour],
    *,
    land_use: str,
    label: str,
    layout: Layout,
) -> SheetMap:
    """Give the map of one parcel; `label` stands on its land, `rings` are its sides as they are printed."""
    frame = layout.sheet.frame
    cut = clipped(np.array([each.geometry for each in neighbours], dtype=object), layout)
    shown = [at for at, each in enumerate(cut) if not each.is_empty]
    near = [neighbours[at] for at in shown]
    around = on_paper(cut[shown], layout)
    land = on_paper(np.array([shape], dtype=object), layout)[0]
    style = LAND_USE_STYLES[land_use]
    drawn = [f'<rect width="{frame.width:g}" height="{frame.height:g}" fill="{GROUND}"/>']
    drawn += [
        f'<path d="{_path(each)}" fill="none" stroke="{_NEIGHBOUR_LINE}" stroke-width="0.18"/>' for each in around
    ]
    drawn.append(
        f'<path d="{_path(land)}" fill="{style.fill}" fill-rule="evenodd" stroke="{LINE}" stroke-width="0.45"/>'
    )
    points = [[_place(side, layout) for side in ring] for ring in rings]
    drawn += [
        f'<circle cx="{x:.3f}" cy="{y:.3f}" r="{_POINT_MM}" fill="#ffffff" stroke="{LINE}" stroke-width="0.2"/>'
        for ring in points
        for x, y in ring
    ]
    arrow = shapely.box(frame.width - _ARROW_MM[0], 0, frame.width, _ARROW_MM[1])
    written = _Written(shapely.box(0, 0, frame.width, frame.height), land.boundary, [arrow])
    shapely.prepare(written.line)
    labels = [*_centre(land, label, written)]
    labels += _numbers(rings, points, written)
    labels += _lengths(rings, points, written)
    labels += _names(around, near, land, written)
    return SheetMap(_svg(frame.width, frame.height, "".join(drawn)), labels, layout)


def _place(side: Side, layout: Layout) -> tuple[float, float]:
    ((x, y),) = layout.to_mm(np.array([[side.east_mm / 1000.0, side.north_mm / 1000.0]])).tolist()
    return x, y


def _centre(land: Polygon | MultiPolygon, label: str, written: _Written) -> Iterator[Label]:
    for size in _CENTRE_PT:
        found = _inside(land, label, size, written, near=None)
        if found is not None:
            yield Label(label, *found, size, "lit")
            return


def _numbers(
    rings: Sequence[Sequence[Side]], points: Sequence[Sequence[tuple[float, float]]], written: _Written
) -> Iterator[Label]:
    for ring, places in zip(rings, points, strict=True):
        for at, side in enumerate(ring):
            x, y = places[at]
            text = f"J{side.number}"
            width, height = size_mm(text, _POINT_PT)
            outwards = _outwards(places[at - 1], (x, y), places[(at + 1) % len(places)])
            for turn in _TURNS:
                dx, dy = cos(outwards + turn), sin(outwards + turn)
                away = _AWAY_MM + abs(dx) * width / 2 + abs(dy) * height / 2
                middle_x, middle_y = x + dx * away, y + dy * away
                if written.takes(_box(middle_x, middle_y, width, height)):
                    yield Label(text, middle_x, middle_y, _POINT_PT, "point")
                    break


def _outwards(before: tuple[float, float], at: tuple[float, float], after: tuple[float, float]) -> float:
    """Give the direction, in radians with y down, that halves the angle outside: the land lies to the right."""
    # On paper y runs down: going clockwise, what lies to the left of a side lies outside.
    left = [0.0, 0.0]
    for start, end in ((before, at), (at, after)):
        dx, dy = end[0] - start[0], end[1] - start[1]
        length = hypot(dx, dy) or 1.0
        left[0] += dy / length
        left[1] -= dx / length
    return atan2(left[1], left[0])


def _lengths(
    rings: Sequence[Sequence[Side]], points: Sequence[Sequence[tuple[float, float]]], written: _Written
) -> Iterator[Label]:
    for ring, places in zip(rings, points, strict=True):
        for at, side in enumerate(ring):
            (x, y), (to_x, to_y) = places[at], places[(at + 1) % len(places)]
            width, height = size_mm(side.length, _LENGTH_PT)
            dx, dy = to_x - x, to_y - y
            length = hypot(dx, dy)
            if length < width + 2 * _POINT_MM:
                continue
            turned = degrees(atan2(dy, dx))
            # Upside down is turned round: text is read from below or from the right.
            turned = turned - 180 if turned > 90 else turned + 180 if turned <= -90 else turned  # noqa: PLR2004
            away = _POINT_MM + height / 2
            for outside in (1.0, -1.0):
                middle_x = (x + to_x) / 2 + outside * dy / length * away
                middle_y = (y + to_y) / 2 - outside * dx / length * away
                box = shapely.affinity.rotate(_box(middle_x, middle_y, width, height * 0.9), turned)
                if written.takes(box):
                    yield Label(side.length, middle_x, middle_y, _LENGTH_PT, "length", turned)
                    break


def _names(
    around: NDArray[Any], neighbours: Sequence[Neighbour], land: Polygon | MultiPolygon, written: _Written
) -> Iterator[Label]:
    """Give the names, nearest land first."""
    if not len(around):
        return
    for at in np.argsort(shapely.distance(around, land), kind="stable").tolist():
        label = neighbours[at].label
        for size in _NEIGHBOUR_PT if label else ():
            found = _inside(around[at], label, size, written, near=land)
            if found is not None:
                yield Label(label, *found, size, "neighbour")
                break


def _inside(
    shape: Polygon | MultiPolygon, label: str, size: float, written: _Written, near: shapely.Geometry | None
) -> tuple[float, float] | None:
    """Give the free place wholly inside a shape that lies nearest to `near`, or to its own middle."""
    width, height = size_mm(label, size)
    x, y, boxes = tried(shape, width, height)
    places = shapely.points(x, y)
    target = shapely.point_on_surface(shape) if near is None else near
    inside = shapely.contains(shape, boxes)
    for at in np.argsort(shapely.distance(places, target), kind="stable").tolist():
        if inside[at] and written.takes(boxes[at], on_line=near is None):
            return float(x[at]), float(y[at])
    return None


def _box(x: float, y: float, width: float, height: float) -> Polygon:
    return shapely.box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def _path(shape: shapely.Geometry) -> str:
    drawn = ""
    for ring in shapely.get_rings(shapely.get_parts(shape)):
        points = [f"{x:.3f} {y:.3f}" for x, y in shapely.get_coordinates(ring)[:-1].tolist()]
        drawn += f"M{'L'.join(points)}Z"
    return drawn


def _svg(width_mm: float, height_mm: float, inside: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width_mm:g}mm" height="{height_mm:g}mm"'
        f' viewBox="0 0 {width_mm:g} {height_mm:g}" stroke-linejoin="round">{inside}</svg>'
    )
