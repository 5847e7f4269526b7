"""How do questions travel to PostgreSQL and back in one round trip, prepared?

Below the driver's cursors, by libpq's own pipeline: one cursor a question costs the client four times as much as the
same question here. So do the few rows that a step of a case appends to several tables.
"""

from __future__ import annotations

import selectors
from dataclasses import dataclass
from selectors import EVENT_READ, EVENT_WRITE
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import psycopg
from psycopg import errors
from psycopg.adapt import AdaptersMap, Transformer
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.types.string import TextLoader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psycopg import Connection
    from psycopg.pq.abc import PGconn, PGresult

    Bound = str | int | float | bytes | list[str] | list[int] | None


@dataclass(frozen=True, slots=True)
class _Reading:
    """How results are read: the driver's way, but a day stays the text that it is in the registry."""

    adapters: AdaptersMap
    connection: None = None


# Not epoll, which is four calls of the kernel for one wait; Windows has neither.
_Selector = getattr(selectors, "PollSelector", selectors.DefaultSelector)
_READING = _Reading(AdaptersMap(psycopg.adapters))
_READING.adapters.register_loader("date", TextLoader)
_BEGUN = (TransactionStatus.INTRANS, TransactionStatus.INERROR)
# What each connection has prepared: the name by the text.
_PREPARED: WeakKeyDictionary[Connection[Any], dict[str, bytes]] = WeakKeyDictionary()


class Reading(psycopg.Connection[Any]):
    """A connection of a session that only reads: it sends its ROLLBACK and does not wait until the server has done it.

    The word that it is done is taken in before anything else is asked.
    """

    def rollback(self) -> None:
        """Give the view up. Where the connection is lost, whoever asks next is told."""
        if self.pgconn.transaction_status in _BEGUN:
            self.pgconn.send_query(b"ROLLBACK")
            _flush(self.pgconn)
        elif self.pgconn.transaction_status != TransactionStatus.ACTIVE:
            super().rollback()
        # Otherwise the ROLLBACK before is on its way still: nothing was asked since, there is no view to give up.

    def cursor(self, *given: Any, **named: Any) -> Any:  # noqa: ANN401  (the driver's own)
        """The driver's way."""
        self.take_in()
        return super().cursor(*given, **named)

    def take_in(self) -> None:
        """Wait until nothing is on the way."""
        while _next(self.pgconn) is not None:
            pass


def answers(
    driver: Connection[Any], questions: Sequence[tuple[str, Sequence[Bound]]], binary: Sequence[bool]
) -> list[list[tuple[Any, ...]]]:
    """The rows of each (text with $1, $2 …, its values in that order), sent `binary` or as text. The driver's error where
    one is refused.

    A transaction that has not begun begins here, at the isolation level of the connection.
    """
    if isinstance(driver, Reading):
        driver.take_in()
    results = _sent(driver, questions, binary)
    loader = Transformer(_READING)
    rows = []
    for result in results:
        if result is None or result.status != ExecStatus.TUPLES_OK:
            raise errors.OperationalError if result is None else errors.error_from_result(result)
        loader.set_pgresult(result)
        rows.append(loader.load_rows(0, result.ntuples, tuple))
    return rows


def carried_out(driver: Connection[Any], statements: Sequence[tuple[str, Sequence[Bound]]]) -> None:
    """Carry out each statement (text with $1, $2 …, its values in that order), one after the other. The driver's error of the
    first that is refused; nothing after it is done.
    """
    for result in _sent(driver, statements, [False] * len(statements)):
        if result is None or result.status != ExecStatus.COMMAND_OK:
            raise errors.OperationalError if result is None else errors.error_from_result(result)


def _sent(
    driver: Connection[Any], questions: Sequence[tuple[str, Sequence[Bound]]], binary: Sequence[bool]
) -> list[PGresult | None]:
    connection = driver.pgconn
    # A driver that prepares forgets everything prepared, ours too, with each ROLLBACK: a reading session ends with one.
    names = [_prepared(driver, text) for text, _ in questions] if driver.prepare_threshold is None else []
    begins = connection.transaction_status == TransactionStatus.IDLE
    connection.enter_pipeline_mode()
    if begins:
        level = driver.isolation_level
        words = "BEGIN" if level is None else f"BEGIN ISOLATION LEVEL {level.name.replace('_', ' ')}"
        connection.send_query_params(words.encode(), None)
    for place, (text, values) in enumerate(questions):
        written = [_written(value) for value in values]
        if names:
            connection.send_query_prepared(names[place], written, result_format=binary[place])
        else:
            connection.send_query_params(text.encode(), written, result_format=binary[place])
    connection.pipeline_sync()
    _flush(connection)
    results = []
    # Each result is followed by a None, all of them by one for the end: whatever failed, nothing is left on the way.
    for _ in range(begins + len(questions)):
        results.append(_next(connection))
        _next(connection)
    _next(connection)
    connection.exit_pipeline_mode()
    return results[begins:]


def _next(connection: PGconn) -> PGresult | None:
    """The next result, None where one ends. libpq itself would wait for it with the interpreter's lock held: nobody else in the
    process went on while the server worked.
    """
    while connection.is_busy():
        with _Selector() as selector:
            selector.register(connection.socket, EVENT_READ)
            selector.select()
        connection.consume_input()
    return connection.get_result()


def _flush(connection: PGconn) -> None:
    """Send what is still here, taking in what comes: two that only send to each other wait for ever."""
    if not connection.flush():
        return
    with _Selector() as selector:
        selector.register(connection.socket, EVENT_READ | EVENT_WRITE)
        while connection.flush():
            if any(ready & EVENT_READ for _, ready in selector.select()):
                connection.consume_input()


def _prepared(driver: Connection[Any], text: str) -> bytes:
    known = _PREPARED.setdefault(driver, {})
    if text not in known:
        name = f"question_{len(known)}".encode()
        result = driver.pgconn.prepare(name, text.encode())
        if result.status != ExecStatus.COMMAND_OK:
            raise errors.error_from_result(result)
        known[text] = name
    return known[text]


def _written(value: Bound) -> bytes | None:
    """A value as PostgreSQL reads it; the text of the question casts it to its type."""
    if value is None:
        return None
    if isinstance(value, list):
        return _listed([str(item) for item in value])
    if isinstance(value, bytes):
        return b"\\x" + value.hex().encode()
    return str(value).encode()


def _listed(items: list[str]) -> bytes:
    if not items:
        return b"{}"
    between = '","'
    text = between.join(items)
    if "\\" in text or text.count('"') > between.count('"') * (len(items) - 1):
        text = between.join(item.replace("\\", "\\\\").replace('"', '\\"') for item in items)
    return f'{{"{text}"}}'.encode()
