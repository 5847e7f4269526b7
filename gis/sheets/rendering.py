"""How does a sheet become a PDF? Set by typst from `sheet.typ`, every word travelling to it as data."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typst

from gis.cartography.style import GROUND, HIGHLIGHT, INK, VILLAGE
from gis.cartography.typesetting import fonts
from gis.sheets.model import LARGEST_SHIFT_MM, ShiftTooLarge
from gis.sheets.plan import LINE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.sheets.model import Sheet, SheetMap

_TEMPLATE = Path(__file__).with_name("sheet.typ")
NO_SHIFT = (0.0, 0.0)


def sheets_pdf(sheets: Sequence[Sheet], shift_mm: tuple[float, float] = NO_SHIFT) -> bytes:
    """Give the sheets as one PDF in their order: text is text, the font is inside, the same sheets give the same bytes.

    `shift_mm`: to the right and down. Raises `ShiftTooLarge`.
    """
    return _rendered(sheets, shift_mm)


def adjustment_pdf(shift_mm: tuple[float, float] = NO_SHIFT, called: tuple[str, str] = ("--shift-x", "--shift-y")) -> bytes:
    """Give the page that is printed to find a printer's shift: crosses at known places, a rule in mm, how to measure.

    `called`: where the shift to the right, and down, is given by who asked: options of a command, or fields of a form.
    """
    return _rendered((), shift_mm, called)


def sheet_inputs(sheets: Sequence[Sheet], shift_mm: tuple[float, float] = NO_SHIFT) -> tuple[str, bytes]:
    """Give what `sheet.typ` reads under `data`, and that template: for a document that takes sheets in behind pages of its own.

    Raises `ShiftTooLarge`.
    """
    if max(abs(each) for each in shift_mm) > LARGEST_SHIFT_MM:
        raise ShiftTooLarge(shift_mm)
    data = {
        "shift": list(shift_mm),
        "colours": {"ink": INK, "ground": GROUND, "lit": HIGHLIGHT, "village": VILLAGE, "line": LINE},
        "sheets": [sheet_data(each) for each in sheets],
    }
    return json.dumps(data, ensure_ascii=False), _TEMPLATE.read_bytes()


def _rendered(sheets: Sequence[Sheet], shift_mm: tuple[float, float], called: tuple[str, str] = ("", "")) -> bytes:
    data, template = sheet_inputs(sheets, shift_mm)
    inputs = {"data": data, "across": called[0], "down": called[1]}
    return typst.compile(template, font_paths=fonts(), ignore_system_fonts=True, format="pdf", sys_inputs=inputs)


def sheet_data(sheet: Sheet) -> dict[str, Any]:
    """Give all that `sheet.typ` prints of a sheet, as JSON values."""
    return {
        "title": sheet.title,
        "subtitle": sheet.subtitle,
        "facts": [list(fact) for fact in sheet.facts],
        "map": None if sheet.map is None else _map_data(sheet.map),
        "tables": [
            {
                "title": table.title,
                "columns": [asdict(column) for column in table.columns],
                "rows": [list(row) for row in table.rows],
                "abreast": table.abreast,
                "row_mm": table.row_mm,
                "own_page": table.own_page,
            }
            for table in sheet.tables
        ],
        "seals": list(sheet.seals),
        "signs": list(sheet.signs),
        "notes": list(sheet.notes),
        "foot": sheet.foot,
        "code": None if sheet.code is None else {"text": sheet.code.text, "svg": sheet.code.svg},
        "landscape": sheet.landscape,
    }


def _map_data(drawn: SheetMap) -> dict[str, Any]:
    layout = drawn.layout
    bar_m = layout.bar_m()
    return {
        "svg": drawn.svg,
        "width": layout.sheet.frame.width,
        "height": layout.sheet.frame.height,
        "labels": [{**asdict(label)} for label in drawn.labels],
        "eastings": [asdict(line) for line in layout.eastings()],
        "northings": [asdict(line) for line in layout.northings()],
        "scale": f"1:{layout.denominator}",
        "bar": {"length_mm": layout.mm(bar_m), "half": f"{bar_m / 2:,g}", "whole": f"{bar_m:,} m"},
        "legend": list(drawn.legend),
    }
