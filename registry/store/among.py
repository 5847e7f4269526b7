"""How is a list of any length asked about in one and the same statement: is this column's value among those?

`IN (?, ?, …)` is another text for each length: parsed and planned anew, kept in no cache. Here the list is one bound
value: an array on PostgreSQL, a JSON text on the embedded file.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Boolean, Text, bindparam, types
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.engine import Dialect
    from sqlalchemy.sql.compiler import SQLCompiler


class _Listed(types.TypeDecorator[Any]):
    """A list of texts or of whole numbers as one bound value."""

    impl = Text
    cache_ok = True

    def __init__(self, *, whole: bool) -> None:
        super().__init__()
        self.whole = whole

    def load_dialect_impl(self, dialect: Dialect) -> types.TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(Text())
        return dialect.type_descriptor(ARRAY(BigInteger() if self.whole else Text()))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:  # noqa: ANN401  (SQLAlchemy's signature)
        return json.dumps(value) if dialect.name == "sqlite" else value


class _Among(FunctionElement[bool]):
    """The two arguments are the column and the bound list."""

    name = "among"
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: object = None) -> _Among:  # noqa: ARG002  (SQLAlchemy's signature)
        """Stay as it is: SQLite has no boolean, so SQLAlchemy would write `(…) = 1`, which no index answers."""
        return self


def among(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Say whether a column's value is in the list that is bound under `name` when the statement is executed."""
    whole = isinstance(column.type, BigInteger)
    return _Among(column, bindparam(name, type_=_Listed(whole=whole)))


@compiles(_Among, "postgresql")
def _on_postgresql(element: _Among, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    column, listed = (compiler.process(each, **options) for each in element.clauses)
    return f"({column} = ANY ({listed}))"


@compiles(_Among, "sqlite")
def _on_sqlite(element: _Among, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    column, listed = (compiler.process(each, **options) for each in element.clauses)
    return f"({column} IN (SELECT value FROM json_each({listed})))"  # noqa: S608 - names of ours and a placeholder
