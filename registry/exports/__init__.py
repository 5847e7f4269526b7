"""How does the register show itself as maps: exports of a person, a village or a box, the published copy?

Jobs for surveyors, which are read by deliveries, stand in `job`. What is named here is loaded when it is first asked for: an
export that the flat copy answers needs little of it.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from registry.exports.flat import Standing, standing
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
    "Standing",
    "VillageNotFoundError",
    "box_scope",
    "export",
    "of_box",
    "of_person",
    "of_village",
    "person_scope",
    "publish",
    "standing",
    "village_scope",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401  (whatever is named)
    """Find a name in the module that has it, light ones first."""
    if name not in __all__:
        raise AttributeError(name)
    from registry import ways_out

    if hasattr(ways_out, name):
        return getattr(ways_out, name)
    from registry.exports import flat, write

    for module in (flat, write):
        if name in vars(module):
            return getattr(module, name)
    from registry.exports import gather, publishing, scope

    return next(getattr(module, name) for module in (scope, gather, publishing) if name in vars(module))
