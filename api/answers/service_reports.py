"""What do bureaus hand in of whom they serve, as rows of JSON, and what is answered; which school districts are there?

A row names a person by number and name, in the body and never in an address; who they are is answered masked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, StringConstraints

from api.answers.events import Day, Strict, Words
from registry.school_districts import districts
from registry.service_reports import handing_in, reading

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from registry.store.engines import Store

MOST_ROWS = 5_000
RowNumber = Annotated[str, StringConstraints(pattern="^[A-Za-z0-9-]{1,40}$"), Field(examples=["JY-2026-0001"])]


class ServiceRowIn(Strict):
    """One row: its number with the bureau, the person, the service (an id of the catalogue), since when and until when.

    `corrects`: the number of the row that this one puts right, `withdrawn`: that it takes it back.
    """

    number: RowNumber
    corrects: RowNumber | None = None
    name: Words = Field(min_length=1, max_length=50)
    id_number: Words = Field(min_length=1, max_length=30)
    service: Words = Field(examples=["schooling"])
    since: Day
    until: Day | None = None
    withdrawn: bool = False

    def cells(self) -> dict[str, str]:
        """As the columns of a table."""
        days = (day.replace("-", "") for day in (self.since, self.until or ""))
        values = (self.number, self.corrects or "", self.name, self.id_number, self.service, *days, "是" if self.withdrawn else "")
        return dict(zip(reading.COLUMN_NAMES, values, strict=True))


class ServiceReportIn(Strict):
    """A bureau's report: taken whole or not at all."""

    officer: Words = Field(min_length=1, examples=["经办人甲"])
    rows: list[ServiceRowIn] = Field(min_length=1, max_length=MOST_ROWS)


def hand_in(store: Store, bureau: str, sent: ServiceReportIn, officer_name: str, *, dry_run: bool) -> dict[str, Any]:
    """Take a report as rows. NotReportingError, ReportRefusedError."""
    cells = [row.cells() for row in sent.rows]
    return handing_in.hand_in_rows(store, bureau, cells, officer_name, dry_run=dry_run).as_json()


def unmatched(store: Store, connection: Connection, bureau: str) -> dict[str, Any]:
    """The rows of a bureau that fit nobody yet, masked. NotReportingError."""
    return {"bureau": bureau, "rows": [row.shown() for row in handing_in.unmatched(store, connection, bureau)]}


def school_districts(store: Store, valid_at: str) -> dict[str, Any]:
    """The districts of a day with their divisions; where the file is from, or that none is known. DistrictFileError."""
    found = districts(store)
    zh, en = found.said()
    return {
        "valid_at": valid_at,
        "made_up": found.made_up,
        "said": {"zh": zh, "en": en},
        "districts": [
            {"name": row.name, "divisions": list(row.divisions), "from": row.since.isoformat(), "until": row.until.isoformat()}
            for row in found.of(valid_at)
        ],
    }
