"""How do all parcels of the register lie beside each other on a day: which overlap, and which land between them lies in none?

A question about the whole register, asked village by village (`gis.topology`), here or on a cluster. Nothing is written and
nothing judged: homesteads and grazing land may lie on each other by right. Areas in m², places (easting, northing) in the
register's CRS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

from gis.topology import coverage_faults
from registry.parcels import read

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray
    from sqlalchemy.engine import Connection

    from gis.topology import Faults

    Search: TypeAlias = Callable[[NDArray[Any], Sequence[Any]], Faults]

_PAGE = 5_000


class Shared(NamedTuple):
    """Land of `area_m2` around `place` that two parcels share, by their codes and issuers."""

    codes: tuple[str, str]
    issuers: tuple[str, str]
    area_m2: float
    place: tuple[float, float]


class Empty(NamedTuple):
    """Land of `area_m2` around `place` that parcels enclose and none covers, and the codes of these."""

    codes: tuple[str, ...]
    area_m2: float
    place: tuple[float, float]


class WholeCoverage(NamedTuple):
    """What was found among so many `parcels`; `below`: how many pieces lie under the tolerance, and their area in all."""

    parcels: int
    shared: list[Shared]
    empty: list[Empty]
    below: tuple[int, float]


def whole_coverage(
    connection: Connection,
    *,
    valid_at: str,
    known_at: int,
    search: Search = coverage_faults,
) -> WholeCoverage:
    """Look at every parcel that stands on the day. `search`: as `coverage_faults`, wherever it runs."""
    codes, issuers, shapes, after = [], [], [], ""
    while page := read.page(connection, valid_at=valid_at, known_at=known_at, after=after, limit=_PAGE):
        after = page[-1].parcel_id
        for state in page:
            codes.append(state.code)
            issuers.append(state.issuer_code)
            shapes.append(state.shape)
    found = search(np.array([None, *shapes], dtype=object)[1:], issuers)
    return WholeCoverage(
        len(codes),
        [
            Shared((codes[one.i], codes[one.j]), (issuers[one.i], issuers[one.j]), one.area_m2, one.point)
            for one in found.overlaps
        ],
        [Empty(tuple(codes[row] for row in gap.beside), gap.area_m2, gap.point) for gap in found.gaps],
        (len(found.below), sum(one.area_m2 for one in found.below)),
    )
