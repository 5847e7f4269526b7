"""Which tables does the register have? Each room adds its own to this one catalogue; nothing else is defined here."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, MetaData

METADATA = MetaData()


def day_check(table: str, *columns: str) -> list[CheckConstraint]:
    """SQLite takes any text for a DATE: '2003-1-1' would pass for a day after 2003-03-01 (tried)."""
    return [
        CheckConstraint(
            f"{column} IS NULL OR {column} IS date({column},'+0 days')", name=f"{table}_{column}_is_a_day"
        ).ddl_if(dialect="sqlite")
        for column in columns
    ]
