"""How is a refusal proved: by the word of whoever refused, and by every table being as it was?"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import psycopg
import pytest
import sqlalchemy as sa

from registry.audit.rows import stored
from registry.catalogue import tables
from registry.store.sqlite import sqlite3

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.engine import Connection

    from registry.store.engines import Store
    from registry.store.privileges import SessionName

NO_PRIVILEGE = "42501"
APPEND_ONLY = "23001"
"""What our own guards raise on PostgreSQL: restrict_violation."""


def refusal(store: Store, session: SessionName, attack: Callable[[Connection], object]) -> str:
    """Run an attack in a session up to COMMIT. Returns who refused: SQLSTATE, or SQLite's message."""
    with store.engine(session).connect() as connection:
        with pytest.raises((sa.exc.DBAPIError, psycopg.Error, sqlite3.Error)) as refused:
            _to_the_end(connection, attack)
        connection.rollback()
    cause = getattr(refused.value, "orig", refused.value)
    return getattr(cause, "sqlstate", None) or str(cause)


def _to_the_end(connection: Connection, attack: Callable[[Connection], object]) -> None:
    # Before the attack's first statement, or SQLite would commit each row that goes past SQLAlchemy by itself.
    connection.begin()
    attack(connection)
    connection.commit()


def says(*statements: str) -> Callable[[Connection], object]:
    """An attack that is a few statements."""
    return lambda connection: [connection.exec_driver_sql(statement) for statement in statements]


def fingerprint(store: Store) -> dict[str, str]:
    """A hash of every table's rows: what an attack that was refused must leave as it is."""
    with store.reading() as connection:
        return {
            table.name: hashlib.sha256(repr(list(stored(connection, table))).encode()).hexdigest() for table in tables()
        }
