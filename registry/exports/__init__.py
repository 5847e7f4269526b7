"""How does the register show itself as maps: exports of a person, a village or a box, the published copy?

Jobs for surveyors, which are read by deliveries, stand in `job`.
"""

from registry.exports.gather import Selection, of_box, of_person, of_village
from registry.exports.publishing import publish
from registry.exports.scope import Scope, VillageNotFoundError, box_scope, person_scope, village_scope
from registry.exports.write import Exported, FormatUnknownError, NothingToExportError, export
from registry.ways_out import ENCODINGS, FORMATS, OFFERED_EPSG

__all__ = [
    "ENCODINGS",
    "FORMATS",
    "OFFERED_EPSG",
    "Exported",
    "FormatUnknownError",
    "NothingToExportError",
    "Scope",
    "Selection",
    "VillageNotFoundError",
    "box_scope",
    "export",
    "of_box",
    "of_person",
    "of_village",
    "person_scope",
    "publish",
    "village_scope",
]
