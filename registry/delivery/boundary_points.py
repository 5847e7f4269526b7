"""Do the boundary points (JZD) of a delivery stand where the lines of its parcels bend?

Each point must be a vertex of every parcel that it names, and have the coordinates that it writes; each vertex of a parcel
that has boundary points at all must be one. Distances in metres on the register's grid. Nothing is repaired.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from registry.delivery.beside import SHAPE, where
from registry.delivery.faults import tolerance

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from registry.delivery.faults import Faults
    from registry.delivery.frames import Frame
    from registry.delivery.read import Delivery


def check_boundary_points(delivery: Delivery, sound: NDArray[np.bool_], faults: Faults) -> None:
    """Compare JZD with DK; `sound` says which parcels are shapes. Without JZD there is nothing to compare."""
    points = delivery.part("JZD")
    if points is None:
        return
    drawn = points.drawn()
    parcels = delivery.frames["DK"]
    good = shapely.get_type_id(drawn) == int(shapely.GeometryType.POINT)
    good &= np.isfinite(shapely.get_x(drawn)) & np.isfinite(shapely.get_y(drawn))  # of an empty one they are not
    _say_written_elsewhere(points, good, faults)
    of_parcel: dict[str, list[int]] = defaultdict(list)
    for index, codes in enumerate(points.values("DKBM")):
        if good[index]:
            for code in codes.split("/"):
                of_parcel[code].append(index)
    for row, code in enumerate(parcels.values("DKBM")):
        if sound[row] and of_parcel.get(code):
            _compare(parcels, row, points, of_parcel[code], faults)


def _compare(parcels: Frame, row: int, points: Frame, named: list[int], faults: Faults) -> None:
    code = parcels.values("DKBM")[row]
    vertices = shapely.points(np.unique(shapely.get_coordinates(parcels.drawn()[row]), axis=0))
    places = points.drawn()[named]
    nearest, apart = _nearest(places, vertices)
    for at in np.flatnonzero(apart > tolerance("boundary-point-off")).tolist():
        place, vertex = _place(places[at]), _place(vertices[nearest[at]])
        values = {"code": code, "distance_m": f"{apart[at]:.3f}", "where": where(place)}
        faults.at("boundary-point-off", points, named[at], SHAPE, values, places=(place, vertex))
    bare = np.flatnonzero(_nearest(vertices, places)[1] > tolerance("boundary-point-off"))
    if len(bare):
        place = _place(vertices[bare[0]])
        values = {"count": str(len(bare)), "where": where(place)}
        faults.at("boundary-point-missing", parcels, row, SHAPE, values, places=(place, None))


def _nearest(points: NDArray[Any], among: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """For each point the nearest of others, and how far it is."""
    (_, nearest), apart = shapely.STRtree(among).query_nearest(points, return_distance=True, all_matches=False)
    return nearest, apart


def _place(point: shapely.Point) -> tuple[float, float]:
    return (point.x, point.y)


def _say_written_elsewhere(points: Frame, good: NDArray[np.bool_], faults: Faults) -> None:
    """XZBZ is the northing, YZBZ the easting, with or without the zone's number in front (NY/T 2539-2016 A.11)."""
    x, y = shapely.get_x(points.drawn()), shapely.get_y(points.drawn())
    north, east = points.numbers("XZBZ"), np.mod(points.numbers("YZBZ"), 1_000_000)
    with np.errstate(invalid="ignore"):
        apart = np.maximum(np.abs(north - y), np.abs(east - np.mod(x, 1_000_000)))
    for index in np.flatnonzero(good & (apart > tolerance("boundary-point-differs"))).tolist():
        place = (float(x[index]), float(y[index]))
        values = {"distance_m": f"{apart[index]:.3f}", "where": where(place)}
        faults.at("boundary-point-differs", points, index, "XZBZ", values, places=(place, None))
