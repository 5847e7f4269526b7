"""How can a stretch of land be cut into irregular parcels whose neighbours share every vertex bit for bit?

A mesh is rows of cells. Each row has cuts of its own, so corners of one row fall into the middle of the next
row's fences, as on real land. Every vertex is made once and used by each ring that passes it.
Local coordinates are metres (u along the row, v across); `Frame` turns them into easting and northing,
rounded to the millimetre.
It never knows who holds a cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from random import Random

Point = tuple[float, float]
Cell = tuple[int, int]

_MEMORY = 0.6  # how much of a fence's bend the next vertex keeps: a line that wanders, not one that trembles
_KEEP_ON_CUT = 1e-9  # two cuts of neighbouring rows nearer than this are one vertex


@dataclass(frozen=True, slots=True)
class Frame:
    """Where local (0, 0) lies (easting, northing in metres), and cosine and sine of the turn."""

    corner: Point
    turn: Point

    def place(self, point: Point) -> Point:
        """Easting and northing of a local point, to the millimetre."""
        (u, v), (cosine, sine) = point, self.turn
        east = self.corner[0] + u * cosine - v * sine
        north = self.corner[1] + u * sine + v * cosine
        return round(east, 3), round(north, 3)


class Mesh:
    """Rows of cells over a width that all rows share.

    `widths[row]` are proportions, scaled to the sum of the first row. `bend` is how far (m) a fence may
    stray, `step` the distance (m) between its vertices. `areas` names cells that must have an exact area
    in m².
    """

    def __init__(
        self,
        rng: Random,
        heights: list[float],
        widths: list[list[float]],
        bend: float,
        step: float,
        areas: dict[Cell, float],
    ) -> None:
        self._total = sum(widths[0])
        self._cuts_u = [self._cut_row(row, heights[row], widths[row], areas) for row in range(len(heights))]
        floors = [0.0]
        for height in heights:
            floors.append(floors[-1] + height)
        self._lines = [self._line(rng, index, floor, bend, step) for index, floor in enumerate(floors)]
        self._cuts = [[self._cut(rng, row, u, bend, step) for u in cuts] for row, cuts in enumerate(self._cuts_u)]
        for cell, area in areas.items():
            self._fit(cell, area)

    def cells(self) -> list[Cell]:
        """All cells, row by row."""
        return [(row, k) for row, cuts in enumerate(self._cuts_u) for k in range(len(cuts) - 1)]

    def ring(self, cell: Cell) -> list[Point]:
        """The cell's ring in local metres, clockwise, first vertex not repeated."""
        row, k = cell
        left, right = self._cuts[row][k], self._cuts[row][k + 1]
        floor = self._between(row, left[0], right[0])
        roof = self._between(row + 1, left[-1], right[-1])
        return [*left[:-1], *roof, *right[-2:0:-1], *floor[:0:-1]]

    def outline(self) -> list[Point]:
        """The ring around all cells, clockwise, with every vertex of the outer cells."""
        west = [point for cuts in self._cuts for point in cuts[0][:-1]]
        east = [point for cuts in self._cuts for point in cuts[-1][:-1]]
        return [*west, *self._lines[-1], *east[:0:-1], *self._lines[0][:0:-1]]

    def centre(self, cell: Cell) -> Point:
        """A local point in the middle of a cell."""
        row, k = cell
        cuts = self._cuts[row]
        ends = [cuts[k][0], cuts[k][-1], cuts[k + 1][0], cuts[k + 1][-1]]
        return sum(u for u, _ in ends) / 4, sum(v for _, v in ends) / 4

    def beside(self, cell: Cell) -> dict[str, Cell | None]:
        """The cell's neighbours towards E, S, W and N of the mesh's own axes; none at its edge."""
        row, k = cell
        middle = (self._cuts_u[row][k] + self._cuts_u[row][k + 1]) / 2
        return {
            "E": (row, k + 1) if k + 2 < len(self._cuts_u[row]) else None,
            "S": self._at(row - 1, middle),
            "W": (row, k - 1) if k else None,
            "N": self._at(row + 1, middle),
        }

    def _at(self, row: int, u: float) -> Cell | None:
        if not 0 <= row < len(self._cuts_u):
            return None
        cuts = self._cuts_u[row]
        return row, next(k for k in range(len(cuts) - 1) if u <= cuts[k + 1])

    def _cut_row(self, row: int, height: float, widths: list[float], areas: dict[Cell, float]) -> list[float]:
        """Where the row is cut: cells with a set area get the width for it, the others share the rest."""
        fixed = {k: area / height for (r, k), area in areas.items() if r == row}
        free = sum(width for k, width in enumerate(widths) if k not in fixed)
        scale = (self._total - sum(fixed.values())) / free
        cuts = [0.0]
        for k, width in enumerate(widths):
            cuts.append(cuts[-1] + fixed.get(k, width * scale))
        cuts[-1] = self._total
        return cuts

    def _line(self, rng: Random, index: int, floor: float, bend: float, step: float) -> list[Point]:
        """The fence between two rows: a vertex at each cut of either row, and others between."""
        corners: list[float] = []
        for u in sorted(u for row in self._cuts_u[max(0, index - 1) : index + 1] for u in row):
            if not corners or u - corners[-1] > _KEEP_ON_CUT:
                corners.append(u)
        us = [corners[0]]
        for start, end in pairwise(corners):
            parts = max(1, round((end - start) / step))
            us += [start + (end - start) * part / parts for part in range(1, parts)]
            us.append(end)
        return [(u, floor + stray) for u, stray in zip(us, _strays(rng, len(us), bend), strict=True)]

    def _cut(self, rng: Random, row: int, u: float, bend: float, step: float) -> list[Point]:
        """The fence between two cells of a row, from the line below to the line above."""
        start, end = self._vertex(row, u), self._vertex(row + 1, u)
        parts = max(3, round((end[1] - start[1]) / step))
        strays = _strays(rng, parts - 1, bend)
        inner = [(u + strays[part - 1], start[1] + (end[1] - start[1]) * part / parts) for part in range(1, parts)]
        return [start, *inner, end]

    def _vertex(self, line: int, u: float) -> Point:
        return next(point for point in self._lines[line] if abs(point[0] - u) <= _KEEP_ON_CUT)

    def _between(self, line: int, start: Point, end: Point) -> list[Point]:
        return [point for point in self._lines[line] if start[0] <= point[0] <= end[0]]

    def _fit(self, cell: Cell, area: float) -> None:
        """Move the fence on the cell's east until the area is met: the area is linear in that shift."""
        row, k = cell
        before = self._cuts[row][k + 1]
        found = ring_area(self.ring(cell))
        self._cuts[row][k + 1] = _shifted(before, 1.0)
        gain = ring_area(self.ring(cell)) - found
        self._cuts[row][k + 1] = _shifted(before, (area - found) / gain)


def ring_area(ring: list[Point]) -> float:
    """Plane area (m²) of a ring, positive when clockwise; reckoned from its first vertex to keep digits."""
    east, north = ring[0]
    local = [(x - east, y - north) for x, y in ring]
    return sum(x2 * y1 - x1 * y2 for (x1, y1), (x2, y2) in pairwise([*local, local[0]])) / 2


def _shifted(cut: list[Point], by: float) -> list[Point]:
    return [cut[0], *((u + by, v) for u, v in cut[1:-1]), cut[-1]]


def _strays(rng: Random, count: int, bend: float) -> list[float]:
    strays, last = [], 0.0
    for _ in range(count):
        last = _MEMORY * last + (1 - _MEMORY) * bend * (2 * rng.random() - 1)
        strays.append(last)
    return strays
