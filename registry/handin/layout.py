"""How wide is each field of the hand-in, and of which kind, in a Shapefile and in an Access table?

The widths of the standard's own templates: Float(15,2) is N(16,2), Float(10,3) is N(11,3) (domain: NY/T 2539-2016 tables 2
and 3). What is longer than its field widens the field; nothing is cut.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from gis.formats import DbfField
from registry.delivery.parts import PARTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.delivery.fields import Column, Part

Row = dict[str, str]
Encoding = Literal["GBK", "UTF-8"]
LAYERS = tuple(part for part in PARTS if part.is_layer)
TABLES = tuple(part for part in PARTS if not part.is_layer and part.name.isascii())
"""The twelve tables of the standard, FW and LH; the banner's own rosters are not handed in."""
DAYS = frozenset({"day", "past-day"})
NUMBERS = frozenset({"number", "positive"})

_CODES = {
    "fbf": 14, "cbf": 18, "dk": 19, "cbht": 19, "unit": 28, "plot": 19, "village": 12, "county": 6, "town": 9,
    "group": 14, "year": 4, "division": 12,
}  # fmt: skip
_AREA, _METRES, _LONGEST = (16, 2), (11, 3), 254
_COORDINATES = frozenset({"X2000", "Y2000", "X80", "Y80", "XZBZ", "YZBZ", "ZJDZXJXZB", "ZJDZXJYZB"})
_OWN = {
    ("XZDW", "CD"): (11, 2), ("XZDW", "KD"): (11, 2), ("ZJ", "KD"): (16, 1), ("ZJ", "GD"): (16, 1),
    ("ZJ", "JG"): (7, 2), ("ZJ", "ZJFX"): (11, 6), ("ZJ", "BS"): (4, 0),
}  # fmt: skip


def width(column: Column) -> int:
    """The width of a text in characters of one byte."""
    if column.length:
        return column.length
    if column.allowed:
        return max(map(len, column.allowed))
    return 8 if column.kind in DAYS else _CODES.get(column.kind, 30)


def dbf_fields(part: Part, rows: Sequence[Row], encoding: Encoding) -> list[DbfField]:
    """The fields of a layer in the order of the standard, wide enough for these rows."""
    fields = []
    for column in part.columns:
        values = [row.get(column.name, "") for row in rows]
        digits = _digits(part, column)
        if column.name == "BSM" and not all(value.isdigit() or not value for value in values):
            digits = None
        if digits is None:
            longest = max((len(value.encode(encoding)) for value in values), default=0)
            fields.append(DbfField(column.name, "C", min(max(width(column), longest), _LONGEST)))
        else:
            least, decimals = digits
            longest = max((len(f"{Decimal(value):.{decimals}f}") for value in values if value), default=0)
            fields.append(DbfField(column.name, "N", max(least, longest), decimals))
    return fields


def encoding_of(rows: Sequence[Row]) -> Encoding:
    """GBK as county tools write it; UTF-8 only where a rare character has no place in GBK."""
    try:
        "".join(text for row in rows for text in row.values()).encode("gbk")
    except UnicodeEncodeError:
        return "UTF-8"
    return "GBK"


def access_type(column: Column) -> str:
    """The column type in the .mdb: DateTime, Double, Integer or Text."""
    if column.kind in DAYS:
        return "DATETIME"
    if column.kind in NUMBERS:
        return "DOUBLE"
    return "INTEGER" if column.kind == "whole" else f"TEXT({width(column)})"


def _digits(part: Part, column: Column) -> tuple[int, int] | None:
    if column.name == "BSM":
        return 10, 0
    if (part.name, column.name) in _OWN:
        return _OWN[part.name, column.name]
    if column.name in _COORDINATES:
        return _METRES
    return _AREA if column.kind in NUMBERS else None
