"""Which tables does the register have? Each room adds its own to this one catalogue; nothing else is defined here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, MetaData

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Table

METADATA = MetaData()

_BY_STATEMENT = "asked once a statement on PostgreSQL"


def reference(
    columns: Sequence[str], cited: Sequence[str], name: str, rules: tuple[str, ...] = ()
) -> ForeignKeyConstraint:
    """A foreign key of a table that an import fills, declared once for both engines.

    SQLite keeps it as it stands. PostgreSQL asks a foreign key row by row and locks each row that is cited: half of
    what its server did in an import. There a guard of the same name asks it once for all rows of a statement
    (`guards_postgresql.references`). Both tables **must** refuse every UPDATE and DELETE, for the guard sees INSERTs only.
    `rules`: what of the rule book it keeps.
    """
    return ForeignKeyConstraint(columns, cited, name=name, info={_BY_STATEMENT: True, "rule": rules}).ddl_if(dialect="sqlite")


def references(table: Table) -> list[ForeignKeyConstraint]:
    """The keys of a table that are declared by `reference`, by name."""
    keys = (key for key in table.foreign_key_constraints if key.info.get(_BY_STATEMENT))
    return sorted(keys, key=lambda key: str(key.name))


def day_check(table: str, *columns: str) -> list[CheckConstraint]:
    """SQLite takes any text for a DATE: '2003-1-1' would pass for a day after 2003-03-01 (tried)."""
    return [
        CheckConstraint(
            f"{column} IS NULL OR {column} IS date({column},'+0 days')", name=f"{table}_{column}_is_a_day"
        ).ddl_if(dialect="sqlite")
        for column in columns
    ]
