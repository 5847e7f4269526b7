"""Official sheets to be signed and sealed by hand: numbered boundaries, maps at round scales, tables, codes to file by."""

from gis.sheets.boundary import BoundaryTooSmall, Side, length_cm, metres, numbered
from gis.sheets.model import (
    LARGEST_SHIFT_MM,
    ROUND_SCALES,
    Column,
    Label,
    Pair,
    Sheet,
    SheetCode,
    SheetMap,
    SheetTable,
    ShiftTooLarge,
    TooLargeForASheet,
    centred,
    clipped,
    extent,
    paper,
    placed,
)
from gis.sheets.plan import Neighbour, parcel_map
from gis.sheets.rendering import NO_SHIFT, adjustment_pdf, sheets_pdf

__all__ = [
    "LARGEST_SHIFT_MM",
    "NO_SHIFT",
    "ROUND_SCALES",
    "BoundaryTooSmall",
    "Column",
    "Label",
    "Neighbour",
    "Pair",
    "Sheet",
    "SheetCode",
    "SheetMap",
    "SheetTable",
    "ShiftTooLarge",
    "Side",
    "TooLargeForASheet",
    "adjustment_pdf",
    "centred",
    "clipped",
    "extent",
    "length_cm",
    "metres",
    "numbered",
    "paper",
    "parcel_map",
    "placed",
    "sheets_pdf",
]
