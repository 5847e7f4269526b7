"""Is each parcel a shape, and do the parcels of a village lie beside each other and inside it?"""

from gis.topology.coverage import Faults, Gap, coverage_faults
from gis.topology.pairs import TOLERANCE_M2, Overlap, overlaps
from gis.topology.shapes import AREA_STEP_M2, XY_TOLERANCE_M, GeometryFault, Outside, geometry_faults, outside

__all__ = [
    "AREA_STEP_M2",
    "TOLERANCE_M2",
    "XY_TOLERANCE_M",
    "Faults",
    "Gap",
    "GeometryFault",
    "Outside",
    "Overlap",
    "coverage_faults",
    "geometry_faults",
    "outside",
    "overlaps",
]
