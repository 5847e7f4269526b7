"""Which are the six summary tables (汇总表) of the register as it stands today, whole or of one village, and how do they leave?

The same tables as those of a hand-in (`registry.delivery.summaries`). Counts, areas and names of places: nobody stands in them.
"""

from __future__ import annotations

import csv
import io
import zipfile
from typing import TYPE_CHECKING, Literal

import xlsxwriter

from registry.delivery.report import disarmed
from registry.delivery.summaries import Summary, summaries
from registry.exports.scope import VillageNotFoundError
from registry.handin.gather import gather
from registry.places import towns

if TYPE_CHECKING:
    from registry.handin.gather import Gathered
    from registry.store.engines import Store
    from registry.store.settings import Settings

SummaryForm = Literal["xlsx", "csv"]
_CODE, _NAME, _FIGURE = 18, 24, 12


def summed(gathered: Gathered, settings: Settings) -> list[Summary]:
    """The six tables of what was gathered, places by their names."""
    rows = gathered.rows
    names = {code: town.name for code, town in towns().items()} | {settings.banner_code: settings.banner_name}
    names |= {row["FBFBM"]: row["FBFMC"] for row in rows["FBF"]}
    names |= {row.get("CJQYDM", ""): row.get("CJQYMC", "") for row in rows["CJQY"]}
    names |= {row.get("XJQYDM", ""): row.get("XJQYMC", "") for row in rows["XJQY"]}
    return summaries(rows, names)


def summary_tables(store: Store, village: str = "") -> list[Summary]:
    """The six tables of today; with `village` (12 digits, or its issuer's 14) only the lines of that place.

    Raises `VillageNotFoundError` where no issuer has such a code.
    """
    with store.reading() as connection:
        gathered = gather(store, connection)
    if village and not any(row["FBFBM"].startswith(village) for row in gathered.rows["FBF"]):
        raise VillageNotFoundError(village)
    every = summed(gathered, store.settings)
    return [table._replace(lines=[line for line in table.lines if line[0].startswith(village)]) for table in every]


def summary_file(tables: list[Summary], form: SummaryForm) -> bytes:
    """One workbook with a sheet for each table, or a zip with a csv (UTF-8 with BOM) for each, called by their names."""
    out = io.BytesIO()
    if form == "csv":
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for table in tables:
                archive.writestr(f"{table.name}.csv", _csv(table))
        return out.getvalue()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, options)
    head = book.add_format({"bold": True, "text_wrap": True})
    for table in tables:
        sheet = book.add_worksheet(table.name)
        sheet.set_column(0, 0, _CODE)
        sheet.set_column(1, 1, _NAME)
        sheet.set_column(2, len(table.header) - 1, _FIGURE)
        for place, text in enumerate(table.header):
            sheet.write_string(0, place, text, head)
        for number, line in enumerate(table.lines, start=1):
            for place, text in enumerate(line):
                if place > 1:
                    sheet.write_number(number, place, float(text))
                else:
                    sheet.write_string(number, place, disarmed(text))
        sheet.freeze_panes(1, 2)
    book.close()
    return out.getvalue()


def _csv(table: Summary) -> bytes:
    out = io.StringIO(newline="")
    lines = csv.writer(out)
    lines.writerows([table.header, *([disarmed(cell) for cell in line] for line in table.lines)])
    return out.getvalue().encode("utf-8-sig")
