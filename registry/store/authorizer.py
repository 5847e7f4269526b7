"""How is a session on the embedded file held to its privileges? By an SQLite authorizer made from the one table.

Triggers are judged when a statement is prepared, so nothing that fires on ledger_entry or opening writes another
table. The R*Tree keeps its nodes in tables of its own, and prepares to write them when it is only read: a session that
writes parcels may touch them, and one that writes nothing at all, which `query_only` holds to that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.store.sqlite import sqlite3

if TYPE_CHECKING:
    from collections.abc import Callable

    from registry.store.privileges import Privileges

_ALWAYS = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_TRANSACTION,
    sqlite3.SQLITE_RECURSIVE,
    sqlite3.SQLITE_SAVEPOINT,
}
# Read without an argument only: a session that could switch foreign_keys off would be past half of the locks.
_READABLE_PRAGMAS = {
    "foreign_keys",
    "journal_mode",
    "read_uncommitted",
    "data_version",
    "table_info",
    "table_xinfo",
    "index_list",
    "integrity_check",
}
_INDEX_TABLES = "rtree_parcel_version_geom"


def authorizer(may: Privileges) -> Callable[[int, str | None, str | None, str | None, str | None], int]:
    """A callback for `sqlite3.Connection.set_authorizer`; whatever is not allowed is denied."""
    verbs = {
        sqlite3.SQLITE_INSERT: may.insert,
        sqlite3.SQLITE_UPDATE: may.update,
        sqlite3.SQLITE_DELETE: may.delete,
    }
    opens_index = "parcel_version" in may.insert or not may.insert

    def judge(action: int, first: str | None, second: str | None, _schema: str | None, _trigger: str | None) -> int:
        if action in _ALWAYS:
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_UPDATE and first == "sqlite_master":
            # Asked when a virtual table is declared; by itself it is refused unless writable_schema is on, and that
            # pragma is denied below.
            return sqlite3.SQLITE_OK
        if action in verbs:
            if first in verbs[action] or (opens_index and (first or "").startswith(_INDEX_TABLES)):
                return sqlite3.SQLITE_OK
            return sqlite3.SQLITE_DENY
        if action == sqlite3.SQLITE_PRAGMA and first in _READABLE_PRAGMAS and _no_setting(first, second):
            return sqlite3.SQLITE_OK
        return sqlite3.SQLITE_DENY

    return judge


def _no_setting(pragma: str | None, argument: str | None) -> bool:
    return argument is None or pragma in {"table_info", "table_xinfo", "index_list"}
