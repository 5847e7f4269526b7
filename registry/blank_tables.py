"""Which tables does an office bring to be compared or checked, which columns of each are read, and what is a blank one?

Three sets: either book of a comparison (`registry.comparison`), and the payment list (`registry.subsidies`). All of it is said
from the parts by which the tables are read; a blank one has a header and no row, so nobody stands in it.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import xlsxwriter

from registry.comparison.books import BOOKS, REALTY_NAMES
from registry.comparison.differences import WORDS
from registry.delivery.part_names import NAMES
from registry.delivery.parts import BENEFITS
from registry.errors import SanquanError

if TYPE_CHECKING:
    from registry.delivery.fields import Part

Form = Literal["xlsx", "csv"]
_MOST_VALUES, _WIDTH = 12, 20
_PAYMENTS: Final = ("补贴发放名单", "payment list")


class NoSuchBlankError(SanquanError):
    """Raised when no table of these is called so."""

    def __init__(self) -> None:
        """Which there are."""
        names = ", ".join(TABLES)
        super().__init__(f"没有这张空表, 有的是: {names}", f"there is no such blank table; there are: {names}")


class Column(NamedTuple):
    """A column that is read: its code, its name in words ("" where the code is one), whether it must be there, its values."""

    code: str
    zh: str
    en: str
    must: bool
    values: tuple[str, ...]


class Table(NamedTuple):
    """A table: what its file is called, its name in words, its columns in order."""

    name: str
    zh: str
    en: str
    columns: tuple[Column, ...]


def _said(part: Part) -> Table:
    """Of a table of the standard, only the columns that a comparison reads."""
    read = [column for column in part.columns if part is BENEFITS or column.name in WORDS]
    return Table(
        part.name,
        *(_PAYMENTS if part is BENEFITS else REALTY_NAMES.get(part.name) or NAMES[part.name]),
        tuple(
            Column(
                column.name, *WORDS.get(column.name, ("", "")), column.need == "必",
                column.allowed if len(column.allowed) <= _MOST_VALUES else (),
            )
            for column in read
        ),
    )  # fmt: skip


SETS: Final[dict[str, tuple[Table, ...]]] = {
    **{str(book.name): tuple(map(_said, book.parts)) for book in BOOKS},
    "payment-list": (_said(BENEFITS),),
}
"""The tables of each set, in the order in which they are told."""
TABLES: Final = {table.name: table for tables in SETS.values() for table in tables}


def blank(name: str, form: Form) -> bytes:
    """A table without a row as xlsx, every cell text so that no code is rounded, or as csv (UTF-8 with BOM). NoSuchBlankError."""
    if name not in TABLES:
        raise NoSuchBlankError
    header = [column.code for column in TABLES[name].columns]
    if form == "csv":
        text = io.StringIO(newline="")
        csv.writer(text).writerow(header)
        return text.getvalue().encode("utf-8-sig")
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet(name)
    sheet.set_column(0, len(header) - 1, _WIDTH, book.add_format({"num_format": "@"}))
    sheet.write_row(0, 0, header, book.add_format({"bold": True, "num_format": "@"}))
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()
