"""Which points, coordinates and side lengths of a boundary are printed, so that each length can be recomputed?

Points are numbered J1, J2 … clockwise from the north-west, so that the land lies to the right; holes and further pieces
go on counting. Coordinates are printed to the millimetre, X northing and Y easting (EPSG:4545, metres), and each length
is that between the two *printed* points, rounded half up to the centimetre: the table agrees with itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isqrt
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gis.errors import GeometryError

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely import MultiPolygon, Polygon

_MM_A_METRE = 1000
_LEAST_POINTS = 3


class BoundaryTooSmall(GeometryError):
    """Raised when fewer than three points of a ring differ by a millimetre: no boundary can be printed of it."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            "这块地的界址点相互不到一毫米，印不出界址；请先更正测量成果",
            "the points of this boundary lie within a millimetre of each other: correct the survey before printing it",
        )


@dataclass(frozen=True, slots=True)
class Side:
    """One boundary point and the side from it to the next: whole millimetres, whole centimetres."""

    number: int
    to: int
    north_mm: int
    east_mm: int
    length_cm: int

    @property
    def x(self) -> str:
        """The northing as printed, metres."""
        return metres(self.north_mm)

    @property
    def y(self) -> str:
        """The easting as printed, metres."""
        return metres(self.east_mm)

    @property
    def length(self) -> str:
        """The length as printed, metres."""
        return f"{self.length_cm // 100}.{self.length_cm % 100:02d}"


def metres(millimetres: int) -> str:
    """Write millimetres as metres.

    >>> metres(4263000125), metres(5)
    ('4263000.125', '0.005')
    """
    return f"{millimetres // _MM_A_METRE}.{millimetres % _MM_A_METRE:03d}"


def length_cm(east_mm: int, north_mm: int) -> int:
    """Give the centimetres, rounded half up, of a side so many millimetres east and north; exact in whole numbers.

    >>> length_cm(3000, 4000), length_cm(5, 0), length_cm(4, 0)
    (500, 1, 0)
    """
    # The largest n with 10 n - 5 <= the length; both are compared squared, whole.
    return (isqrt(east_mm * east_mm + north_mm * north_mm) + 5) // 10


def numbered(shape: Polygon | MultiPolygon) -> list[list[Side]]:
    """Give the rings of a shape, the outer one of the north-westernmost piece first; points that print alike are one.

    Raises `BoundaryTooSmall`.
    """
    pieces = shapely.get_parts(shapely.orient_polygons(shapely.force_2d(shape), exterior_cw=True))
    rings: list[NDArray[np.int64]] = []
    for piece in sorted(pieces, key=lambda each: _north_west(_points(shapely.get_exterior_ring(each)))[0]):
        rings += [_points(ring) for ring in shapely.get_rings(piece)]
    out: list[list[Side]] = []
    first = 1
    for ring in rings:
        start = _north_west(ring)[1]
        points = [(int(east), int(north)) for east, north in np.roll(ring, -start, axis=0)]
        out.append(_sides(points, first))
        first += len(points)
    return out


def _points(ring: shapely.LinearRing) -> NDArray[np.int64]:
    """Give the points of a ring in millimetres, the closing one and repeated ones left out."""
    points = np.rint(shapely.get_coordinates(ring)[:-1] * _MM_A_METRE).astype(np.int64)
    points = np.asarray(points[(points != np.roll(points, 1, axis=0)).any(axis=1)])
    if len(points) < _LEAST_POINTS:
        raise BoundaryTooSmall
    return points


def _north_west(points: NDArray[np.int64]) -> tuple[tuple[int, int], int]:
    """Give the point that lies furthest to the north-west, as a key that sorts it first, and its place."""
    keys = [(int(east) - int(north), -int(north)) for east, north in points]
    place = min(range(len(keys)), key=keys.__getitem__)
    return keys[place], place


def _sides(points: list[tuple[int, int]], first: int) -> list[Side]:
    out = []
    for place, (east, north) in enumerate(points):
        after = (place + 1) % len(points)
        to_east, to_north = points[after]
        length = length_cm(to_east - east, to_north - north)
        out.append(Side(first + place, first + after, north, east, length))
    return out
