"""What can the owner of the database do, and how would a careful thief do it?

With every lock off (triggers, keys, checks) rows are edited in place; then each lock is put back word for word, so that
only the content betrays the edit. `damaged` shows it to whoever judges and takes it back; `damage` leaves it.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from registry.store.engines import owner_engine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.engine import Connection, Engine

    from registry.store.engines import Store
    from registry.store.settings import Settings

    Edit = Callable[[Connection], Any]


@cache
def _owner_of(settings: Settings) -> Engine:
    """Kept, for what it has compiled; it keeps no connection, so that none has anything of an attack before."""
    return owner_engine(settings)


@contextmanager
def damaged(store: Store, edit: Edit, *tables: str) -> Iterator[Connection]:
    """The register as it would be after `edit` with the locks of these tables off; undone at the end.

    The connection is the owner's, inside the transaction: whoever judges must read through it.
    """
    with _owner_of(store.settings).connect() as connection:
        if store.on_postgresql:
            _on_postgresql(connection, edit, tables)
        else:
            _on_sqlite(connection, edit, tables)
        yield connection
        connection.rollback()


def damage(store: Store, edit: Edit, *tables: str) -> None:
    """The same, for good."""
    with damaged(store, edit, *tables) as connection:
        connection.commit()


def _on_sqlite(connection: Connection, edit: Edit, tables: tuple[str, ...]) -> None:
    driver = connection.connection.dbapi_connection
    if driver is None:
        message = "the connection has gone"
        raise RuntimeError(message)
    # Past SQLAlchemy, which would begin a transaction first: in one, this pragma does nothing.
    driver.cursor().execute("PRAGMA foreign_keys = OFF")
    driver.cursor().execute("PRAGMA ignore_check_constraints = ON")
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?"
    triggers = [row for table in tables for row in connection.exec_driver_sql(query, (table,)).all()]
    for name, _ in triggers:
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    edit(connection)
    for _, statement in triggers:
        connection.exec_driver_sql(statement)
    connection.exec_driver_sql("PRAGMA ignore_check_constraints = OFF")


def _on_postgresql(connection: Connection, edit: Edit, tables: tuple[str, ...]) -> None:
    connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    checks = [
        (table, f'"{name}"', text)
        for table in tables
        for name, text in connection.exec_driver_sql(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'c' AND conrelid = %s::regclass",
            (table,),
        ).all()
    ]
    for table, name, _ in checks:
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    edit(connection)
    for table, name, text in checks:
        connection.exec_driver_sql(f"ALTER TABLE {table} ADD CONSTRAINT {name} {text} NOT VALID")
    connection.exec_driver_sql("UPDATE pg_constraint SET convalidated = true WHERE NOT convalidated")
    connection.exec_driver_sql("SET LOCAL session_replication_role = origin")
