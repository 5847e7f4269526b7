"""How is a list of any length asked about in one and the same statement: is this column's value among those?

`IN (?, ?, …)` is another text for each length: parsed and planned anew, kept in no cache. Here the list is one bound
value: an array on PostgreSQL, a JSON text on the embedded file. Or it is what a query finds: on PostgreSQL an array, too,
so that no guess of its length makes the planner read a whole table.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Boolean, ScalarSelect, Text, bindparam, types
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, CompoundSelect, Select
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
    """The two arguments are the column and the list: bound, or a query of one column."""

    name = "among"
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: object = None) -> _Among:  # noqa: ARG002  (SQLAlchemy's signature)
        """Stay as it is: SQLite has no boolean, so SQLAlchemy would write `(…) = 1`, which no index answers."""
        return self


def among(column: ColumnElement[Any], listed: str | Select[Any] | CompoundSelect[Any]) -> ColumnElement[bool]:
    """Say whether a column's value is in the list that is bound under this name when the statement is executed.

    Or whether it is among those that a query finds.
    """
    if isinstance(listed, str):
        whole = isinstance(column.type, BigInteger)
        return _Among(column, bindparam(listed, type_=_Listed(whole=whole)))
    return _Among(column, listed.scalar_subquery())


@compiles(_Among, "postgresql")
def _on_postgresql(element: _Among, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    column, listed = (compiler.process(each, **options) for each in element.clauses)
    return f"({column} = ANY (ARRAY{listed}))" if _asked(element) else f"({column} = ANY ({listed}))"


@compiles(_Among, "sqlite")
def _on_sqlite(element: _Among, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    column, listed = (compiler.process(each, **options) for each in element.clauses)
    if _asked(element):
        return f"({column} IN {listed})"
    return f"({column} IN (SELECT value FROM json_each({listed})))"  # noqa: S608 - names of ours and a placeholder


def _asked(element: _Among) -> bool:
    return isinstance(list(element.clauses)[1], ScalarSelect)
