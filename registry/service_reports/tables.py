"""What did a bureau report that it gives to whom: which service, since when, until when; and which rows fit nobody yet?

No event and no act: nothing on the log says that somebody goes to school. A row says a person, a service of the catalogue and
days, and has no column in which anything else could stand. Rows only grow; the seal is bound to the other columns of the
row, so that an edited one does not open. The bureau's own number of a row is kept as a keyed hash alone.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, Index, Table, UniqueConstraint

from registry.store.schema import METADATA, day_check
from registry.store.types import Bytes, Day, Whole, Words

STATED = ("served", "withdrawn")

SERVICE_REPORT = Table(
    "service_report",
    METADATA,
    Column("row_key", Bytes, primary_key=True),
    Column("corrects", Bytes),
    Column("bureau", Words, nullable=False),
    Column("service", Words, nullable=False),
    Column("person_id", Words, nullable=False),
    Column("since", Day, nullable=False),
    Column("until", Day),
    Column("stated", Words, nullable=False),
    Column("log_size", Whole, nullable=False),
    Column("at", Words, nullable=False),
    Column("sealed", Bytes, nullable=False),
    CheckConstraint("length(row_key) = 32", name="report_is_named_by_32_bytes"),
    CheckConstraint("corrects <> row_key", name="report_corrects_another"),
    CheckConstraint("stated IN ('served', 'withdrawn')", name="report_says_served_or_withdrawn"),
    CheckConstraint("stated = 'served' OR corrects IS NOT NULL", name="report_that_withdraws_corrects_one"),
    CheckConstraint("until IS NULL OR since <= until", name="service_ends_after_it_began"),
    UniqueConstraint("corrects", name="report_is_corrected_once"),
    ForeignKeyConstraint(["corrects"], ["service_report.row_key"], name="report_corrects_a_report"),
    ForeignKeyConstraint(["person_id"], ["party.id"], name="report_is_of_a_person"),
    *day_check("service_report", "since", "until"),
)
Index("service_report_by_service", SERVICE_REPORT.c.service)

SERVICE_REPORT_UNMATCHED = Table(
    "service_report_unmatched",
    METADATA,
    Column("mark", Bytes, primary_key=True),
    Column("row_key", Bytes, nullable=False),
    Column("bureau", Words, nullable=False),
    Column("at", Words, nullable=False),
    Column("sealed", Bytes, nullable=False),
)
TABLES = (SERVICE_REPORT, SERVICE_REPORT_UNMATCHED)
