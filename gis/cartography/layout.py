"""Where on A4 does each metre of ground fall, and how long are scale bar, reference square and grid on paper?

Words. The *frame* is the rectangle that holds the map; the *panel* beside it (landscape) or under it
(portrait) holds legend and scale. All lengths on paper are millimetres from the page's top left corner, y
down. The *denominator* is the N of 1:N and holds for a page printed at its true size. Nothing here draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count, takewhile
from math import ceil, floor, sqrt
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

LONGEST_BAR_MM = 46.0
_LARGEST_SQUARE_MM = 26.0
_SMALLEST_SQUARE_MM = 3.0
_FILLED = 0.94
"""Share of the frame that the extent may fill: lines at its edge stay clear of the frame."""
_CLOSEST_GRID_MM = 32.0
_CORNER_MM = 8.0
"""A coordinate nearer to a corner than this is not written: it would run into the panel or the other axis."""
_SMALLEST_EXTENT_M = 10.0
_DENOMINATORS = (100, 125, 150, 200, 250, 300, 400, 500, 600, 700, 800)
"""Round scales of one power of ten; 1:800 is followed by 1:1,000."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on paper, in mm."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """A4 one way or the other, with the places of frame and panel."""

    landscape: bool
    width: float
    height: float
    frame: Box
    panel: Box


LANDSCAPE = Sheet(landscape=True, width=297, height=210, frame=Box(16, 28, 209, 167), panel=Box(230, 28, 57, 172))
PORTRAIT = Sheet(landscape=False, width=210, height=297, frame=Box(16, 28, 184, 199), panel=Box(10, 235, 190, 52))


@dataclass(frozen=True, slots=True)
class GridLine:
    """One line of the metre grid: its easting or northing, its distance from the frame's left or top edge in mm."""

    metres: int
    at_mm: float
    labelled: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet, a scale, and the easting and northing of the frame's top left corner."""

    sheet: Sheet
    denominator: int
    west_m: float
    north_m: float

    def to_mm(self, coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give places in mm from the frame's top left corner for (easting, northing) in metres; both are (n, 2)."""
        mm_a_metre = 1000.0 / self.denominator
        moved = (coordinates - (self.west_m, self.north_m)) * (mm_a_metre, -mm_a_metre)
        return np.asarray(moved, dtype=np.float64)

    def mm(self, metres: float) -> float:
        """Give the length on paper of a length on the grid."""
        return metres * 1000.0 / self.denominator

    def bar_m(self) -> int:
        """Give the length of the scale bar in metres: the largest 1, 2 or 5 with noughts that fits the panel."""
        return _last_that_fits(_round_numbers((1, 2, 5)), lambda metres: self.mm(metres) <= LONGEST_BAR_MM)

    def square_mu(self) -> float:
        """Give the size of the reference square in 亩: 100 if one can see it and it fits, else the nearest ten-fold."""
        if _SMALLEST_SQUARE_MM <= self.square_mm(100) <= _LARGEST_SQUARE_MM:
            return 100.0
        hundredths = _round_numbers((1,))
        return _last_that_fits(hundredths, lambda number: self.square_mm(number / 100) <= _LARGEST_SQUARE_MM) / 100

    def square_mm(self, mu: float) -> float:
        """Give the side on paper of a square of so many 亩 (1 亩 = 2000/3 m²)."""
        return self.mm(sqrt(mu * 2000.0 / 3.0))

    def eastings(self) -> list[GridLine]:
        """Give the grid lines that run north, from the left."""
        step, width = self._grid_step_m(), self.sheet.frame.width
        east_m = self.west_m + width * self.denominator / 1000.0
        eastings = range(ceil(self.west_m / step) * step, floor(east_m / step) * step + 1, step)
        return [self._line(easting, self.mm(easting - self.west_m), width) for easting in eastings]

    def northings(self) -> list[GridLine]:
        """Give the grid lines that run east, from the bottom."""
        step, height = self._grid_step_m(), self.sheet.frame.height
        south_m = self.north_m - height * self.denominator / 1000.0
        northings = range(ceil(south_m / step) * step, floor(self.north_m / step) * step + 1, step)
        return [self._line(northing, self.mm(self.north_m - northing), height) for northing in northings]

    def _grid_step_m(self) -> int:
        return next(step for step in _round_numbers((1, 2, 5)) if self.mm(step) >= _CLOSEST_GRID_MM)

    @staticmethod
    def _line(metres: int, at_mm: float, length_mm: float) -> GridLine:
        return GridLine(metres, at_mm, labelled=_CORNER_MM <= at_mm <= length_mm - _CORNER_MM)


def arranged(bounds: Sequence[float] | NDArray[np.float64]) -> Layout:
    """Give the layout for an extent (west, south, east, north in metres): the way of A4 that allows the larger scale.

    The denominator is the next round one, so that the scale is written exactly; the extent lies in the
    frame's middle.
    """
    west, south, east, north = (float(edge) for edge in bounds)
    needed, sheet = min(
        ((_needed(sheet.frame, east - west, north - south), sheet) for sheet in (LANDSCAPE, PORTRAIT)),
        key=lambda choice: choice[0],
    )
    denominator = next(n for n in _round_numbers(_DENOMINATORS) if n >= needed)
    return Layout(
        sheet=sheet,
        denominator=denominator,
        west_m=(west + east) / 2 - sheet.frame.width * denominator / 2000.0,
        north_m=(south + north) / 2 + sheet.frame.height * denominator / 2000.0,
    )


def _needed(frame: Box, width_m: float, height_m: float) -> float:
    """Give the smallest denominator, not yet round, at which the extent fits the frame."""
    across = max(width_m, _SMALLEST_EXTENT_M) / frame.width
    down = max(height_m, _SMALLEST_EXTENT_M) / frame.height
    return 1000.0 * max(across, down) / _FILLED


def _round_numbers(digits: tuple[int, ...]) -> Iterator[int]:
    for power in count():
        yield from (digit * 10**power for digit in digits)


def _last_that_fits(numbers: Iterator[int], fits: Callable[[int], bool]) -> int:
    return max(takewhile(fits, numbers), default=1)
