"""Which SQLite is an embedded registry read and written with?

The one that Python links may be old: Debian 12's is 3.40.1. Before 3.51.3 a file in WAL that two connections use can be
corrupted (sqlite.org/wal.html, "The WAL-Reset Bug"), so such a one is run with a rollback journal, five syncs a commit.
`pysqlite3` brings a newer one, with one sync a commit and readers that no writer stops; where it is not installed,
Python's own does the same more slowly.

Whatever opens a live file of a registry **must** take `sqlite3` from here: of two copies of SQLite in one process, the
one that closes the file takes the other's locks away (sqlite.org/howtocorrupt.html, 2.2.1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import sqlite3
else:
    try:
        from pysqlite3 import dbapi2 as sqlite3
    except ImportError:
        import sqlite3

__all__ = ["JOURNAL", "sqlite3"]

_WAL_IS_SAFE = (3, 51, 3)
JOURNAL: Final = "wal" if sqlite3.sqlite_version_info >= _WAL_IS_SAFE else "truncate"
"""The journal mode in which a file that several connections use is safe; durable with synchronous=FULL either way."""
