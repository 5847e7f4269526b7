"""Is each parcel a shape, and do the parcels of a village lie beside each other and inside it?"""

from gis.topology.coverage import Faults, Gap, coverage_faults
from gis.topology.explaining import Explained, explained
from gis.topology.pairs import TOLERANCE_M2, Overlap, Small, overlaps
from gis.topology.shapes import AREA_STEP_M2, XY_TOLERANCE_M, GeometryFault, Outside, geometry_faults, outside
from gis.topology.sides import REACH_M, SIDES, sides
from gis.topology.vertices import Spike, Unshared, boundaries_of, spikes, unshared_vertices

__all__ = [
    "AREA_STEP_M2",
    "REACH_M",
    "SIDES",
    "TOLERANCE_M2",
    "XY_TOLERANCE_M",
    "Explained",
    "Faults",
    "Gap",
    "GeometryFault",
    "Outside",
    "Overlap",
    "Small",
    "Spike",
    "Unshared",
    "boundaries_of",
    "coverage_faults",
    "explained",
    "geometry_faults",
    "outside",
    "overlaps",
    "sides",
    "spikes",
    "unshared_vertices",
]
