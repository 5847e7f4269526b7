"""What is left of shapes when they may show no detail finer than a precision, nor an area without a break beyond a limit?

A *cell* is a square of a grid that lies fixed on the projection: its corners are whole multiples of the precision. What is
softened is the cells that the shapes touch, and nothing else of them: two shapes that touch the same cells soften to the same, so
no number of questions, boxes, zooms or days tells them apart. A *lane* is a row or column of cells that is never shown; lanes
return at fixed places, whatever is asked about, so that pieces of many answers laid together are broken by them too. Lanes lie a
power of two of cells apart: those of a wide limit are among those of a narrow one, and what was given under both is broken by
those of the wider.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray


def lanes_apart(precision_m: int, unbroken_m2: float) -> int:
    """How many cells lie from one lane to the next: the largest power of two whose block stays within the limit.

    1 where not even one cell may be shown.

    >>> lanes_apart(100, 25e6), lanes_apart(100, 6e6), lanes_apart(100, 9_999)
    (32, 16, 1)
    """
    most = math.floor(math.sqrt(unbroken_m2) / precision_m)
    return 1 << ((most + 1).bit_length() - 1)


def softened(shapes: NDArray[np.object_], precision_m: int, unbroken_m2: float) -> shapely.MultiPolygon:
    """Polygons in metres of one projection as the cells that they touch, without the lanes, as one shape.

    Empty where nothing may be shown. ValueError for a precision below one metre.
    """
    if precision_m < 1:
        raise ValueError(precision_m)
    apart = lanes_apart(precision_m, unbroken_m2)
    cells = _touched(shapely.union_all(shapes), precision_m)
    kept = cells[((cells % apart) != 0).all(axis=1)] * precision_m
    boxes = shapely.box(kept[:, 0], kept[:, 1], kept[:, 0] + precision_m, kept[:, 1] + precision_m)
    # Without tolerance: what goes are the corners of cells along a straight side.
    whole = shapely.simplify(shapely.union_all(boxes), 0)
    return shapely.MultiPolygon([part for part in shapely.get_parts(whole) if part.geom_type == "Polygon"])


def _touched(shape: shapely.Geometry, precision_m: int) -> NDArray[np.int64]:
    """Column and row of each cell that a shape touches."""
    if shape.is_empty:
        return np.empty((0, 2), dtype=np.int64)
    bounds = shapely.bounds(shape)
    west, south = np.floor(bounds[:2] / precision_m).astype(np.int64)
    east, north = np.floor(bounds[2:] / precision_m).astype(np.int64)
    columns, rows = np.meshgrid(np.arange(west, east + 1), np.arange(south, north + 1), indexing="ij")
    cells = np.column_stack([columns.ravel(), rows.ravel()])
    corners = cells * precision_m
    boxes = shapely.box(corners[:, 0], corners[:, 1], corners[:, 0] + precision_m, corners[:, 1] + precision_m)
    shapely.prepare(shape)
    touched: NDArray[np.int64] = cells[shapely.intersects(shape, boxes)]
    return touched
