"""A table as a clerk brings it: a csv or xlsx file, or the block that was copied out of Excel and pasted."""

from __future__ import annotations

import csv
import io
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.datastructures import UploadFile

from api.access import MOST_FIELDS_BESIDE, MOST_FILES
from registry.errors import SanquanError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fastapi import Request

SUFFIXES = (".csv", ".xlsx")
_WHAT = (
    "选一个 csv 或 xlsx, 或者从 Excel 里复制、贴进来(连表头)",
    "choose a csv or xlsx, or copy the block in Excel and paste it (with its header)",
)
LONGEST = 900_000
"""Characters of a pasted block; what is longer comes as a file."""


class NoTableError(SanquanError):
    """Raised when neither a table nor a block was brought, or one of another kind. No name of a file is repeated."""

    def __init__(self) -> None:
        """What is taken."""
        super().__init__(*_WHAT)


@dataclass(frozen=True, slots=True)
class Brought:
    """The form's texts, and the table: `content` of a file with a suffix, or what was pasted."""

    texts: Mapping[str, str] = field(repr=False)
    suffix: str
    content: bytes = field(repr=False)

    def one(self, name: str) -> str:
        """A text of the form."""
        return self.texts.get(name, "").strip()

    @contextmanager
    def table(self) -> Iterator[Path]:
        """The table as a file that is gone afterwards. NoTableError."""
        pasted = self.texts.get("pasted", "")
        if not self.content and not pasted.strip():
            raise NoTableError
        with tempfile.TemporaryDirectory(prefix="sanquan-") as folder:
            if self.content:
                if self.suffix not in SUFFIXES:
                    raise NoTableError
                path = Path(folder) / f"table{self.suffix}"
                path.write_bytes(self.content)
            else:
                path = Path(folder) / "table.csv"
                with path.open("w", encoding="utf-8", newline="") as out:
                    csv.writer(out).writerows(rows_of(pasted))
            yield path


def rows_of(pasted: str) -> list[list[str]]:
    r"""The cells of a block as Excel copies it: parted by tabs, quoted where a cell has a line or a tab in it.

    >>> rows_of('地块编码\t亩\r\n1506\t"1\n2"\r\n\r\n')
    [['地块编码', '亩'], ['1506', '1\n2']]
    """
    lines = csv.reader(pasted[:LONGEST].splitlines(keepends=True), delimiter="\t")
    return [[cell.strip() for cell in row] for row in lines if any(cell.strip() for cell in row)]


def block_of(rows: Sequence[Sequence[str]]) -> str:
    """Cells as Excel copies them: what `rows_of` reads."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter="\t", lineterminator="\n").writerows(rows)
    return out.getvalue()


async def brought(request: Request) -> Brought:
    """The form of a request."""
    async with request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS_BESIDE) as form:
        texts = {name: value for name, value in form.multi_items() if isinstance(value, str)}
        sent = form.get("table")
        if not isinstance(sent, UploadFile) or not sent.filename:
            return Brought(texts, "", b"")
        return Brought(texts, Path(sent.filename).suffix.lower(), await sent.read())
