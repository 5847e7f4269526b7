"""Which made-up parcels do the tests of geometry draw? Coordinates in millimetres, so that texts and bits agree."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from hypothesis import strategies as st
from numpy.typing import NDArray

_EAST_MM = st.integers(525_000_000, 646_000_000)
_NORTH_MM = st.integers(4_168_000_000, 4_364_000_000)
_SIDE_MM = st.integers(1_000, 3_000_000)


@st.composite
def parcels(draw: st.DrawFn) -> shapely.Polygon | shapely.MultiPolygon:
    """Draw a valid parcel in the banner, in metres on CM 108: four corners, perhaps a hole or two parts."""
    west, south = draw(_EAST_MM), draw(_NORTH_MM)
    wide, high = draw(_SIDE_MM), draw(_SIDE_MM)
    lean = draw(st.integers(0, wide // 3))
    ring = [(west, south), (west + wide, south), (west + wide - lean, south + high), (west + lean, south + high)]
    shell = np.array(ring) / 1000
    middle = shell.mean(axis=0)
    kind = draw(st.sampled_from(("plain", "hole", "two parts")))
    if kind == "hole":
        return shapely.Polygon(shell, [np.round(middle + (shell - middle) / 4, 3)])
    if kind == "two parts":
        beside = shapely.Polygon(shell + np.array([wide / 1000 + 1, 0]))
        return shapely.MultiPolygon([shapely.Polygon(shell), beside])
    return shapely.Polygon(shell)


def parcel_arrays(max_size: int = 8) -> st.SearchStrategy[NDArray[Any]]:
    """Draw an array of parcels."""
    return st.lists(parcels(), min_size=1, max_size=max_size).map(lambda each: np.array(each, dtype=object))


def same_ground(left: NDArray[Any], right: NDArray[Any]) -> bool:
    """Whether two arrays hold the same shapes, wherever a ring starts and whichever way it turns, to the last bit."""
    return bool(shapely.equals_exact(shapely.normalize(left), shapely.normalize(right), 0.0).all())
