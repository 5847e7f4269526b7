"""How do whole columns travel from the database together, without a tuple for each row and an object for each value?

The database joins each column's values into one text, and the shapes into one run of bytes; Arrow takes them apart again.
A question of this kind counts its rows first, then gives its columns, each by `joined`, then what else it asks for. All
columns come in one and the same order, which is nobody's: who wants another one sorts.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Text, bindparam, cast, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from registry.store.asking import ask

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement
    from sqlalchemy.engine import Connection
    from sqlalchemy.sql.compiler import SQLCompiler

    from registry.store.asking import Question

_UNIT_SEPARATOR = "\x1f"
_BETWEEN = "between"


class _Joined(FunctionElement[str]):
    """The two arguments are the text and the separator."""

    name = "joined"
    type = Text()
    inherit_cache = True


def joined(column: ColumnElement[Any]) -> ColumnElement[str]:
    """Every row's value as a text, one behind the other; NULL as the empty text."""
    return _Joined(func.coalesce(cast(column, Text), ""), bindparam(_BETWEEN, type_=Text()))


@compiles(_Joined, "postgresql")
def _on_postgresql(element: _Joined, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    text, between = (compiler.process(each, **options) for each in element.clauses)
    return f"string_agg({text}, {between})"


@compiles(_Joined, "sqlite")
def _on_sqlite(element: _Joined, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    text, between = (compiler.process(each, **options) for each in element.clauses)
    return f"group_concat({text}, {between})"


def ask_columns(connection: Connection, question: Question, values: Mapping[str, Any]) -> list[Any]:
    """The columns of a question as arrays of texts, all of one length, then its other answers as they come."""
    between = _UNIT_SEPARATOR
    while True:
        count, *found = ask(connection, question, {**values, _BETWEEN: between})[0]
        columns = [_apart(each, between, count) if isinstance(each, str) or not count else each for each in found]
        if all(len(each) == count for each in columns if isinstance(each, pa.Array)):
            return columns
        # A text holds the separator itself; nobody who writes one knows this one.
        between = f"{_UNIT_SEPARATOR}{secrets.token_hex(8)}"


def _apart(texts: str | None, between: str, count: int) -> pa.StringArray:
    return pc.split_pattern(pa.array([texts]), between).values if count else pa.array([], pa.string())
