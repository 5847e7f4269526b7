"""Is each parcel a shape, and do the parcels of a village lie beside each other and inside it?"""

from gis.topology.faults import (
    AREA_STEP_M2,
    XY_TOLERANCE_M,
    GeometryFault,
    Outside,
    Overlap,
    geometry_faults,
    outside,
    overlaps,
)
from gis.topology.sides import REACH_M, SIDES, sides

__all__ = [
    "AREA_STEP_M2",
    "REACH_M",
    "SIDES",
    "XY_TOLERANCE_M",
    "GeometryFault",
    "Outside",
    "Overlap",
    "geometry_faults",
    "outside",
    "overlaps",
    "sides",
]
