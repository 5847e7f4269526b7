"""How is a question put that is asked again and again, and how do several travel to the database together?

A *question* is a SELECT whose values are bound by name. Its text is made once for each engine; it is answered with plain
tuples in the order of its columns: days as text, bytes as bytes, shapes `as_stored`. Put together, questions cost one
round trip to PostgreSQL. All inside the session's own transaction: one unchanging view, in which a session that only reads
puts the same question once. What was asked of something the last time can so be asked together the next time, `ask_again`:
whoever asks one by one then has the answer.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, cast
from weakref import WeakKeyDictionary

import orjson
import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import CompoundSelect, Select
    from sqlalchemy.engine import Connection, Transaction

Rows = list[tuple[Any, ...]]
READS = "sanquan_reads"
"""The option of a connection that can only read, with one unchanging view of the data."""
Put = tuple[Any, ...]
"""A question as it was put: itself, then the pairs of name and value."""
_View = dict[Put, tuple[tuple[Any, ...], ...]]
_MOST_KEPT, _MOST_ROWS = 1_000, 100
# By the transaction of such a connection, or of one that writes nothing for a while: what it was answered, as long as it lasts.
_ANSWERED: WeakKeyDictionary[Transaction, _View] = WeakKeyDictionary()


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
    transaction = cast("Transaction", connection.get_transaction())
    if connection.get_execution_options().get(READS):
        _ANSWERED.setdefault(transaction, {})
    view = _ANSWERED.get(transaction)
    if view is None:
        return _asked(connection, questions)
    keys = [(question, *((name, tuple(value) if isinstance(value, list) else value) for name, value in values.items()))
            for question, values in questions]
    fresh = {key: put for key, put in zip(keys, questions, strict=True) if key not in view}
    found = dict(zip(fresh, _asked(connection, list(fresh.values())), strict=True)) if fresh else {}
    answers = [found[key] if key in found else list(view[key]) for key in keys]
    if len(view) < _MOST_KEPT:
        view |= {key: tuple(rows) for key, rows in found.items() if len(rows) <= _MOST_ROWS}
    return answers


def put_so_far(connection: Connection) -> tuple[Put, ...]:
    """Which questions a session that only reads has put in this view."""
    transaction = connection.get_transaction()
    return () if transaction is None else tuple(_ANSWERED.get(transaction, ()))


def ask_again(
    connection: Connection, puts: Iterable[Put], *also: tuple[Question, Mapping[str, Any]], **instead: Any  # noqa: ANN401  (values as they are bound)
) -> None:  # fmt: skip
    """Put questions of an earlier view together, and others; `instead`: values that are others by now."""
    questions = list(also)
    for question, *named in puts:
        values = {name: list(value) if isinstance(value, tuple) else value for name, value in named}
        questions.append((question, values | {name: value for name, value in instead.items() if name in values}))
    ask_all(connection, *questions)


@contextmanager
def writing_nothing(connection: Connection) -> Iterator[None]:
    """For a session that holds the append lock: within the block it puts the same question once, as one that only reads does.

    Nobody else can write, and it does not: `bulk.insert_all` refuses.
    """
    transaction = connection.get_transaction() or connection.begin()
    _ANSWERED[transaction] = {}
    try:
        yield
    finally:
        del _ANSWERED[transaction]


def writes_nothing(connection: Connection) -> bool:
    """Whether a session is in such a block, or only reads and has asked something."""
    return connection.get_transaction() in _ANSWERED


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
