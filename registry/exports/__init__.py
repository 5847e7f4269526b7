"""How does the register show itself as maps: exports of a person, a village or a box, and the published copy."""

from registry.exports.gather import Selection, VillageNotFoundError, of_box, of_person, of_village
from registry.exports.publishing import publish
from registry.exports.write import FORMATS, OFFERED_EPSG, FormatUnknownError, NothingToExportError, export

__all__ = [
    "FORMATS",
    "OFFERED_EPSG",
    "FormatUnknownError",
    "NothingToExportError",
    "Selection",
    "VillageNotFoundError",
    "export",
    "of_box",
    "of_person",
    "of_village",
    "publish",
]
