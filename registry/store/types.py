"""How are days, instants, bytes and small JSON texts kept alike on SQLite and PostgreSQL?

A *day* is text "YYYY-MM-DD" inside the registry on both engines: it sorts as it reads, and it goes into a
commitment as it stands. Nothing here knows what the columns mean.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Date, Integer, LargeBinary, Text, types

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

FIRST_DAY = "0001-01-01"
LAST_DAY = "9999-12-31"

# A GeoPackage knows INTEGER; its feature tables need an INTEGER PRIMARY KEY (BIGINT would be dropped by readers).
Whole = BigInteger().with_variant(Integer, "sqlite")
Bytes = LargeBinary
# VARCHAR columns are dropped silently by GeoPackage readers: every text is TEXT. It sorts by its bytes on both engines,
# whatever the server's locale: pages follow one order, and an index on ids compares without asking a locale.
Words = Text().with_variant(Text(collation="C"), "postgresql")


class Day(types.TypeDecorator[str]):
    """A calendar day: DATE in both databases, "YYYY-MM-DD" in Python."""

    impl = Date
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> types.TypeEngine[Any]:
        """DATE on PostgreSQL; on SQLite a DATE column that keeps the text as it is."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(_SqliteDate())
        return dialect.type_descriptor(Date())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ANN401  (SQLAlchemy's signature)
        """Text in; PostgreSQL's driver wants a date."""
        if value is None or dialect.name == "sqlite":
            return value
        return dt.date.fromisoformat(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ANN401, ARG002
        """Text out, whatever the driver gave."""
        return value.isoformat() if isinstance(value, dt.date) else value


class _SqliteDate(types.UserDefinedType[str]):
    """DATE as a declared type only: SQLite stores the text unchanged."""

    cache_ok = True

    def get_col_spec(self, **_kw: object) -> str:
        return "DATE"
