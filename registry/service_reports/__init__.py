"""What do the bureaus report of whom they serve (plan II.3.2 to II.3.6): row by row, each once? Land has no place in it."""

from __future__ import annotations

from registry.service_reports.handing_in import (
    HandedIn,
    NotReportingError,
    RowAnswer,
    UnmatchedRow,
    hand_in_rows,
    hand_in_table,
    unmatched,
)
from registry.service_reports.reading import COLUMN_NAMES, SUFFIXES, ReportRefusedError, RowFault

__all__ = [
    "COLUMN_NAMES",
    "SUFFIXES",
    "HandedIn",
    "NotReportingError",
    "ReportRefusedError",
    "RowAnswer",
    "RowFault",
    "UnmatchedRow",
    "hand_in_rows",
    "hand_in_table",
    "unmatched",
]
