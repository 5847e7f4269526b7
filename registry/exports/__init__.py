"""How does the register show itself as maps: exports of a person, a village or a box, the published copy, jobs for surveyors."""

from registry.exports.gather import Selection, VillageNotFoundError, of_box, of_person, of_village
from registry.exports.job import MadeJob, make_job
from registry.exports.publishing import publish
from registry.exports.write import FORMATS, OFFERED_EPSG, FormatUnknownError, NothingToExportError, export

__all__ = [
    "FORMATS",
    "OFFERED_EPSG",
    "FormatUnknownError",
    "MadeJob",
    "NothingToExportError",
    "Selection",
    "VillageNotFoundError",
    "export",
    "make_job",
    "of_box",
    "of_person",
    "of_village",
    "publish",
]
