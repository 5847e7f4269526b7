"""How is a question put that is asked again and again, and how do several travel to the database together?

A *question* is a SELECT whose values are bound by name. Its text is made once for each engine; it is answered with plain
tuples in the order of its columns: days as text, bytes as bytes, shapes `as_stored`. Put together, questions cost one
round trip to PostgreSQL. All inside the session's own transaction: one unchanging view, in which a session that only reads
puts the same question once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, cast
from weakref import WeakKeyDictionary

import orjson
import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import CompoundSelect, Select
    from sqlalchemy.engine import Connection, Transaction

Rows = list[tuple[Any, ...]]
READS = "sanquan_reads"
"""The option of a connection that can only read, with one unchanging view of the data."""
_MOST_KEPT, _MOST_ROWS = 1_000, 100
# By the transaction of such a connection: what it was answered, as long as it lasts.
_ANSWERED: WeakKeyDictionary[Transaction, dict[tuple[Any, ...], tuple[tuple[Any, ...], ...]]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class _Text:
    """A question as one engine takes it: its text, the values that it has itself, the order in which values are given."""

    text: str
    own: dict[str, Any]
    order: tuple[str, ...]


class Question:
    """A SELECT to be asked often. Lists are bound by `among`, never by IN; results need no conversion.

    `binary`: PostgreSQL sends its values as they are, not as text: for much at once, bytes above all; no days then.
    """

    def __init__(self, statement: Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]], *, binary: bool = False) -> None:
        self._statement = statement
        self.binary = binary
        self._texts: dict[str, _Text] = {}

    def text(self, engine: str) -> _Text:
        """Its text on an engine, made at the first use."""
        if engine not in self._texts:
            compiled = self._statement.compile(dialect=_dialect(engine))
            own = {name: value for name, value in compiled.params.items() if value is not None}
            self._texts[engine] = _Text(str(compiled), own, tuple(getattr(compiled, "positiontup", None) or ()))
        return self._texts[engine]


@cache
def _dialect(engine: str) -> sa.Dialect:
    """The engine's way of writing; a registry on the embedded file loads no driver of PostgreSQL."""
    if engine == "sqlite":
        from sqlalchemy.dialects import sqlite

        return sqlite.dialect(paramstyle="named")
    from sqlalchemy.dialects.postgresql import psycopg

    return psycopg.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]  # SQLAlchemy's


def ask(connection: Connection, question: Question, values: Mapping[str, Any]) -> Rows:
    """The rows that answer one question."""
    return ask_all(connection, (question, values))[0]


def ask_all(connection: Connection, *questions: tuple[Question, Mapping[str, Any]]) -> list[Rows]:
    """The rows of each question, in the order in which they were put."""
    if not questions:
        return []
    if not connection.in_transaction():
        connection.begin()
    if not connection.get_execution_options().get(READS):
        return _asked(connection, questions)
    view = _ANSWERED.setdefault(cast("Transaction", connection.get_transaction()), {})
    keys = [(question, *((name, tuple(value) if isinstance(value, list) else value) for name, value in values.items()))
            for question, values in questions]
    fresh = [place for place, key in enumerate(keys) if key not in view]
    found = dict(zip(fresh, _asked(connection, [questions[place] for place in fresh]), strict=True)) if fresh else {}
    answers = [found[place] if place in found else list(view[key]) for place, key in enumerate(keys)]
    if len(view) < _MOST_KEPT:
        view |= {keys[place]: tuple(rows) for place, rows in found.items() if len(rows) <= _MOST_ROWS}
    return answers


def _asked(connection: Connection, questions: Sequence[tuple[Question, Mapping[str, Any]]]) -> list[Rows]:
    engine = connection.dialect.name
    driver: Any = connection.connection.driver_connection
    texts = [(question.text(engine), values) for question, values in questions]
    try:
        if engine == "sqlite":
            return [_answer(driver, asked.text, {**asked.own, **values}) for asked, values in texts]
        from registry.store import travelling

        travel = []
        for asked, values in texts:
            bound = {**asked.own, **values}
            travel.append((asked.text, [bound[name] for name in asked.order]))
        return travelling.answers(driver, travel, [question.binary for question, _ in questions])
    except connection.dialect.loaded_dbapi.Error as failure:
        raise sa.exc.DBAPIError("…", None, failure) from failure


def _answer(driver: Any, text: str, values: dict[str, Any]) -> Rows:  # noqa: ANN401  (sqlite3's connection)
    for name, value in values.items():
        if type(value) is list:
            values[name] = orjson.dumps(value).decode()
    rows: Rows = driver.execute(text, values).fetchall()
    return rows
