"""How is a parcel cut, are parcels joined, is the boundary between two moved, without a gap, an overlap or a lost vertex?

Coordinates are projected metres. Vertices that were there stay bit for bit: only where a new line meets an old one a
vertex is added, the same one in every parcel that lies there, so that neighbours go on sharing vertices.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from gis.errors import GeometryError
from gis.topology import XY_TOLERANCE_M

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


class CutError(GeometryError):
    """Raised when a line or a group of parcels does not make the parcels that were asked for; nothing was changed.

    `place`: easting and northing of where it went wrong; None where that is nowhere in particular.
    """

    place: tuple[float, float] | None = None


class DoesNotCut(CutError):
    """Raised when a line leaves a parcel in one piece."""

    def __init__(self, place: tuple[float, float] | None = None) -> None:
        """The end of the line that stops inside."""
        self.place = place
        super().__init__(
            "这条线没有把地块分开：请让线的两端都画到界线以外",
            "the line leaves the parcel in one piece: draw both its ends past the boundary",
        )


class LeavesSliver(CutError):
    """Raised when a part would be thinner than the XY tolerance everywhere, or nothing."""

    def __init__(self, area_m2: float, place: tuple[float, float] | None = None) -> None:
        """Its area, and where it lies."""
        self.place = place
        super().__init__(
            f"会留下 {area_m2:.4f} m² 的碎屑：请把线移开界线或沿界线画",
            f"a sliver of {area_m2:.4f} m² would be left: move the line away from the boundary, or along it",
        )


class NotAdjoining(CutError):
    """Raised when parcels have no boundary in common, or enclose land that belongs to none of them."""

    def __init__(self) -> None:
        """There is nothing to show."""
        super().__init__(
            "这些地块没有共同的界线，或围住了别的地：只有相邻的地块才能合并",
            "these parcels share no boundary, or enclose other land: only adjoining parcels can be joined",
        )


class MovesOutside(CutError):
    """Raised when a new boundary does not leave each of two parcels one piece."""

    def __init__(self, pieces: int) -> None:
        """Into how many pieces the two together would fall."""
        super().__init__(
            f"新界线把两块地分成 {pieces} 块，应为 2 块：请从一端的外界画到另一端的外界",
            f"the new boundary makes {pieces} pieces of the two parcels, not 2: draw it from outer edge to outer edge",
        )


def cut(parcel: shapely.Polygon, line: shapely.LineString) -> list[shapely.Polygon]:
    """The parts that a line makes of a parcel (two or more), from west to east, then south to north.

    Ends of the line that stop inside count for nothing. Raises `DoesNotCut`, `LeavesSliver`.
    """
    lines = shapely.node(shapely.union_all([parcel.boundary, line]))
    faces = shapely.get_parts(shapely.polygonize([lines]))
    inside = [face for face in faces if shapely.contains(parcel, shapely.point_on_surface(face))]
    if len(inside) < 2:  # noqa: PLR2004  (one piece is no cut)
        raise DoesNotCut(_end_inside(parcel, line))
    for part in inside:
        _refuse_sliver(part)
    return sorted((_turned(part) for part in inside), key=lambda part: part.bounds[:2])


def join(parcels: Sequence[shapely.Polygon]) -> shapely.Polygon:
    """One parcel out of adjoining ones; every vertex of their outer boundary stays. Raises `NotAdjoining`."""
    joined = shapely.union_all(_mutually_noded(parcels))
    holes_before = sum(len(parcel.interiors) for parcel in parcels)
    if joined.geom_type != "Polygon" or len(joined.interiors) > holes_before:
        raise NotAdjoining
    return _turned(joined)


def adjust(
    one: shapely.Polygon, other: shapely.Polygon, line: shapely.LineString
) -> tuple[shapely.Polygon, shapely.Polygon]:
    """Both parcels with `line` as their new common boundary; each keeps the piece that holds most of it.

    Raises `NotAdjoining`, `MovesOutside`, `LeavesSliver`.
    """
    try:
        pieces = cut(join([one, other]), line)
    except DoesNotCut:
        raise MovesOutside(1) from None
    if len(pieces) != 2:  # noqa: PLR2004  (two parcels stay two)
        raise MovesOutside(len(pieces))
    of_one = [piece.intersection(one).area for piece in pieces]
    first, second = (pieces[0], pieces[1]) if of_one[0] >= of_one[1] else (pieces[1], pieces[0])
    return first, second


def noded(neighbour: shapely.Polygon, points: NDArray[np.float64]) -> shapely.Polygon:
    """A neighbour with those points (shape (n, 2)) as vertices that lie on its edges within the XY tolerance.

    A neighbour on whose edges none lies is given back as it is, the very same object.
    """
    rings = [_ring_with(np.asarray(ring.coords), points) for ring in (neighbour.exterior, *neighbour.interiors)]
    if not any(changed for _, changed in rings):
        return neighbour
    return shapely.Polygon(rings[0][0], [ring for ring, _ in rings[1:]])


def _mutually_noded(parcels: Sequence[shapely.Polygon]) -> list[shapely.Polygon]:
    vertices = [np.unique(shapely.get_coordinates(parcel), axis=0) for parcel in parcels]
    return [
        noded(parcel, np.concatenate([other for number, other in enumerate(vertices) if number != at]))
        for at, parcel in enumerate(parcels)
    ]


def _ring_with(ring: NDArray[Any], points: NDArray[np.float64]) -> tuple[NDArray[np.float64], bool]:
    out, changed = [], False
    for start, end in pairwise(ring):
        out.append(start)
        along = end - start
        length = float(np.hypot(*along))
        if length == 0.0:
            continue
        unit = along / length
        offset = points - start
        at = offset @ unit
        beside = np.abs(offset[:, 0] * unit[1] - offset[:, 1] * unit[0])
        on_edge = (beside <= XY_TOLERANCE_M) & (at > XY_TOLERANCE_M) & (at < length - XY_TOLERANCE_M)
        if on_edge.any():
            changed = True
            out.extend(points[on_edge][np.argsort(at[on_edge])])
    out.append(ring[-1])
    return np.asarray(out, dtype=np.float64), changed


def _refuse_sliver(part: shapely.Polygon) -> None:
    if part.is_empty or shapely.buffer(part, -XY_TOLERANCE_M / 2).is_empty:
        raise LeavesSliver(part.area, None if part.is_empty else (part.centroid.x, part.centroid.y))


def _end_inside(parcel: shapely.Polygon, line: shapely.LineString) -> tuple[float, float] | None:
    ends = [line.coords[0], line.coords[-1]]
    return next(((x, y) for x, y, *_ in ends if shapely.covers(parcel, shapely.Point(x, y))), None)


def _turned(part: shapely.Polygon) -> shapely.Polygon:
    return shapely.orient_polygons(part, exterior_cw=True)
