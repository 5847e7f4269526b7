"""By which media type does an answer of the service say which file it is?"""

from __future__ import annotations

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
ZIP = "application/zip"
PDF = "application/pdf"
TABLES = {"xlsx": XLSX, "csv": CSV}
"""A table, by the word that a reader asks for it with."""
