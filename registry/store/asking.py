"""How is a question put that is asked again and again, and how do several travel to the database together?

A *question* is a SELECT whose values are bound by name. Its text is made once for each engine; it is answered with plain
tuples in the order of its columns: days as text, bytes as bytes, shapes `as_stored`. Put together, questions cost one
round trip to PostgreSQL. Inside the session's own transaction: one unchanging view.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import sqlalchemy as sa
from psycopg.pq import TransactionStatus
from sqlalchemy.dialects import sqlite

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import CompoundSelect, Select
    from sqlalchemy.engine import Connection

Rows = list[tuple[Any, ...]]
_NAMED = sqlite.dialect(paramstyle="named")


class Question:
    """A SELECT to be asked often. Lists are bound by `among`, never by IN; results need no conversion."""

    def __init__(self, statement: Select[Any] | CompoundSelect[Any]) -> None:
        self._statement = statement
        self._texts: dict[str, tuple[str, dict[str, Any]]] = {}

    def text(self, connection: Connection) -> tuple[str, dict[str, Any]]:
        """The text for the engine at hand, with the values that the statement itself has."""
        engine = connection.dialect.name
        if engine not in self._texts:
            compiled = self._statement.compile(dialect=_NAMED if engine == "sqlite" else connection.dialect)
            own = {name: value for name, value in compiled.params.items() if value is not None}
            self._texts[engine] = str(compiled), own
        return self._texts[engine]


def ask(connection: Connection, question: Question, values: Mapping[str, Any]) -> Rows:
    """The rows that answer one question."""
    return ask_all(connection, (question, values))[0]


def ask_all(connection: Connection, *questions: tuple[Question, Mapping[str, Any]]) -> list[Rows]:
    """The rows of each question, in the order in which they were put."""
    if not connection.in_transaction():
        connection.begin()
    driver: Any = connection.connection.driver_connection
    texts = [question.text(connection) for question, _ in questions]
    bound = [{**own, **values} for (_, own), (_, values) in zip(texts, questions, strict=True)]
    try:
        if connection.dialect.name == "sqlite":
            return [
                driver.execute(text, _without_lists(values)).fetchall()
                for (text, _), values in zip(texts, bound, strict=True)
            ]
        if len(questions) == 1 and driver.info.transaction_status == TransactionStatus.INTRANS:
            return [driver.execute(texts[0][0], bound[0]).fetchall()]
        # Where the transaction has not begun, its BEGIN travels along.
        with driver.pipeline():
            cursors = [driver.execute(text, values) for (text, _), values in zip(texts, bound, strict=True)]
            return [cursor.fetchall() for cursor in cursors]
    except connection.dialect.loaded_dbapi.Error as failure:
        raise sa.exc.DBAPIError("…", None, failure) from failure


def _without_lists(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: orjson.dumps(value).decode() if type(value) is list else value for name, value in values.items()}
