"""Which leaf hashes has the log, asked by a command that needs nothing else of the register?

SQLAlchemy and the drivers behind it take longer to load than most exports to write. Reads as the reader does: the embedded
file opened read-only, or the reader's role in a transaction that can only read.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from registry.store.keys import load_key_file, role_password
from registry.store.sqlite import sqlite3

if TYPE_CHECKING:
    from registry.store.settings import Settings

_ON_FILE = "SELECT leaf_hash FROM ledger_entry ORDER BY idx"
_ON_POSTGRESQL = "SELECT leaf_hash FROM public.ledger_entry ORDER BY idx"


def glance(settings: Settings) -> list[bytes] | None:
    """Every leaf hash of the log, in order; None where the register can't be read so.

    Then it is opened as usual, and what is wrong with it is said there.
    """
    return _of_file(settings) if settings.engine == "file" else _of_postgresql(settings)


def _of_file(settings: Settings) -> list[bytes] | None:
    try:
        with closing(sqlite3.connect(f"{settings.database.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            return [leaf_hash for (leaf_hash,) in connection.execute(_ON_FILE)]
    except sqlite3.Error:
        return None


def _of_postgresql(settings: Settings) -> list[bytes] | None:
    import psycopg  # noqa: PLC0415  (a registry on the embedded file has no driver of PostgreSQL)

    role = f"{settings.roles}_reader"
    try:
        password = role_password(load_key_file(settings.key_file), role)
        with psycopg.connect(settings.url, user=role, password=password, autocommit=True) as connection:
            connection.read_only = True
            return [leaf_hash for (leaf_hash,) in connection.execute(_ON_POSTGRESQL, binary=True)]
    except psycopg.Error:
        return None
