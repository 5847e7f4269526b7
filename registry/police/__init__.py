"""How do household events come in from the police network, as a table: checked row by row, each family's event a unit?"""

from __future__ import annotations

from registry.police.importing import Imported, RowAnswer, UnmatchedRow, import_events, unmatched
from registry.police.reading import SUFFIXES, EventTableRefusedError
from registry.police.sheet import sheet

__all__ = [
    "SUFFIXES",
    "EventTableRefusedError",
    "Imported",
    "RowAnswer",
    "UnmatchedRow",
    "import_events",
    "sheet",
    "unmatched",
]
