"""Which rings are in a column of WKB, found without making a geometry of each row?

Only polygons of two dimensions in little-endian order that are not empty are looked into, the kind that both engines give; of
other rows it is said that they are others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

_POLYGON = np.frombuffer(b"\x01\x03\x00\x00\x00", np.uint8)
_BEFORE_RINGS = 9
_POINT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Rings:
    """`coordinates` (n, 2) of all rings, one behind the other; ring i has `sizes[i]` of them and belongs to row `rows[i]`.

    A row's rings come in their order, the outer one first. `is_polygon` says of each row whether its rings are here.
    """

    coordinates: NDArray[np.float64]
    sizes: NDArray[np.int64]
    rows: NDArray[np.int64]
    is_polygon: NDArray[np.bool_]

    @property
    def starts(self) -> NDArray[np.int64]:
        """Where each ring begins in `coordinates`."""
        return np.cumsum(self.sizes) - self.sizes

    @property
    def is_outer(self) -> NDArray[np.bool_]:
        """Whether a ring is the first of its row."""
        return np.asarray(np.diff(self.rows, prepend=-1) != 0, np.bool_)


def are_polygons(wkbs: pa.BinaryArray) -> NDArray[np.bool_]:
    """Say of each row of a column without a missing value whether it is a polygon of two dimensions, little-endian."""
    raw, ends = _bytes(wkbs)
    first = ends[:-1]
    are = np.diff(ends) >= _BEFORE_RINGS
    for place, wanted in enumerate(_POLYGON.tolist()):
        are[are] = raw[first[are] + place] == wanted
    return are


def rings_in(wkbs: pa.BinaryArray) -> Rings:
    """Find the rings of the polygons in a column without a missing value. Their bytes must be whole WKB."""
    raw, ends = _bytes(wkbs)
    data = raw.data
    is_polygon = are_polygons(wkbs)
    first = ends[:-1]
    row = np.flatnonzero(is_polygon)
    at, left = first[row] + _BEFORE_RINGS, _numbers_at(raw, first[row] + len(_POLYGON))
    is_polygon[row] = left > 0
    found: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]] = []
    while True:
        row, at, left = row[left > 0], at[left > 0], left[left > 0]
        if not len(row):
            break
        size = _numbers_at(raw, at)
        found.append((row, at + 4, size))
        at, left = at + 4 + size * _POINT_BYTES, left - 1
    if not found:
        none = np.empty(0, np.int64)
        return Rings(np.empty((0, 2)), none, none, is_polygon)
    rows, starts, sizes = (np.concatenate(each) for each in zip(*found, strict=True))
    order = np.argsort(starts)
    rows, starts, sizes = rows[order], starts[order], sizes[order]
    stops = starts + sizes * _POINT_BYTES
    points = b"".join([data[start:stop] for start, stop in zip(starts.tolist(), stops.tolist(), strict=True)])
    return Rings(np.frombuffer(points, "<f8").reshape(-1, 2), sizes, rows, is_polygon)


def _bytes(wkbs: pa.BinaryArray) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The bytes of all rows, and where in them each row begins and the last one ends."""
    _, ends, values = wkbs.buffers()
    bounds = np.frombuffer(ends, np.int32)[wkbs.offset : wkbs.offset + len(wkbs) + 1].astype(np.int64)
    return np.frombuffer(values or b"", np.uint8), bounds


def _numbers_at(raw: NDArray[np.uint8], at: NDArray[np.int64]) -> NDArray[np.int64]:
    """The whole numbers of four bytes that begin at these places."""
    number = np.zeros(len(at), np.int64)
    for place in range(4):
        number |= raw[at + place].astype(np.int64) << (8 * place)
    return number
