"""Is the one table of privileges what both engines enforce, and is a migrated database what the catalogue declares?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
import sqlalchemy as sa

from registry.audit.guards import judge_guards
from registry.catalogue import GUARDED, PRIVILEGES, tables
from registry.ledger.commit import Officer
from registry.looks.keeping import looked
from registry.looks.model import LOOK
from registry.store.engines import owner_engine
from registry.store.privileges import SESSIONS
from registry.store.schema import references
from registry.store.sqlite import sqlite3

if TYPE_CHECKING:
    from sqlalchemy import Table

    from registry.store.engines import Store
    from registry.store.privileges import SessionName

NO_PRIVILEGE = "42501"
# No row fits: what is allowed does nothing, and what is not is refused when the statement is prepared.
STATEMENTS = {
    "select": "SELECT count(*) FROM {table}",
    "insert": "INSERT INTO {table} SELECT * FROM {table} WHERE 1 = 0",
    "update": "UPDATE {table} SET {column} = {column} WHERE 1 = 0",
    "delete": "DELETE FROM {table} WHERE 1 = 0",
}


def may(session: SessionName, verb: str, table: str) -> bool:
    """What the one table says."""
    return verb == "select" or table in getattr(PRIVILEGES[session], verb)


def try_it(store: Store, session: SessionName, verb: str, table: Table) -> str | None:
    """Who refused, or None."""
    statement = STATEMENTS[verb].format(table=table.name, column=next(iter(table.columns)).name)
    with store.engine(session).connect() as connection:
        try:
            connection.exec_driver_sql(statement)
        except sa.exc.DBAPIError as refused:
            return getattr(refused.orig, "sqlstate", None) or str(refused.orig)
        finally:
            connection.rollback()
    return None


@pytest.mark.parametrize("verb", STATEMENTS)
@pytest.mark.parametrize("session", SESSIONS)
def test_session_may_do_to_each_table_exactly_what_the_table_says(
    store: Store, session: SessionName, verb: str
) -> None:
    """Every table, every verb, every session: allowed where the one table of privileges says so, refused elsewhere."""
    # On the embedded engine the log of who looked is a file of its own, in which there is no other table.
    elsewhere = session == "looks" and not store.on_postgresql
    for table in [] if elsewhere else tables():
        said = try_it(store, session, verb, table)
        if may(session, verb, table.name):
            assert said is None, (table.name, said)
        else:
            assert said in {NO_PRIVILEGE, "not authorized"}, (table.name, said)


@pytest.mark.parametrize("verb", STATEMENTS)
@pytest.mark.parametrize("session", SESSIONS)
def test_only_the_session_of_looks_writes_who_looked(store: Store, session: SessionName, verb: str) -> None:
    """Lock 3, for the log of who looked: its own session appends to it and writes nothing else; no other session does."""
    looked(store, Officer("乙", "局"), "a" * 32, "statement")
    said = try_it(store, session, verb, LOOK)
    if may(session, verb, LOOK.name) and (store.on_postgresql or session == "looks"):
        assert said is None
    else:
        assert said is not None
        assert said in {NO_PRIVILEGE, "not authorized", "no such table: look"}


def test_status_session_may_insert_no_guarded_table() -> None:
    """Lock 3: the session that records a move has no word for a right, a parcel or a list of co-holders."""
    status = PRIVILEGES["status"]
    assert not status.insert & GUARDED
    assert not status.update
    assert not status.delete


def test_nobody_may_update_or_delete_but_the_desk_its_projections_and_erasures() -> None:
    """The projections are rewritten and an erased opening goes; nothing else ever changes."""
    assert PRIVILEGES["desk"].update == {"head", "state_buckets"}
    assert PRIVILEGES["desk"].delete == {"opening"}
    assert PRIVILEGES["reader"].insert == set()


def test_list_of_causes_and_state_take_no_insert_from_any_session() -> None:
    """The closed list is filled by a migration, the sixteen parts of the state are made with the registry."""
    for session in SESSIONS:
        assert not PRIVILEGES[session].insert & {"lawful_cause", "state_buckets"}


def test_migrated_database_has_every_declared_guard_and_no_other(store: Store) -> None:
    """Triggers, functions, policies, keys, checks and grants of a new registry are those that the catalogue declares."""
    with store.reading() as connection:
        assert [str(finding) for finding in judge_guards(store, connection)] == []


def test_migrated_database_has_every_declared_column(store: Store) -> None:
    """Names, order and "not null" of each column are as declared."""
    engine = owner_engine(store.settings)
    inspector = sa.inspect(engine)
    for table in tables():
        found = {column["name"]: column["nullable"] for column in inspector.get_columns(table.name)}
        declared = {column.name: bool(column.nullable) for column in table.columns}
        assert list(found) == list(declared), table.name
        assert found == declared, table.name
    engine.dispose()


def test_migrated_database_has_every_declared_key_and_index(store: Store) -> None:
    """Foreign keys, unique lists and indexes are those of the declared tables, by name."""
    engine = owner_engine(store.settings)
    inspector = sa.inspect(engine)
    for table in tables():
        keys = {key["name"] for key in inspector.get_foreign_keys(table.name)}
        # On PostgreSQL some keys are guards: `judge_guards` above compares these.
        by_statement = references(table) if store.on_postgresql else []
        assert keys == {key.name for key in table.foreign_key_constraints if key not in by_statement}, table.name
        indexes = {
            index["name"] for index in inspector.get_indexes(table.name) if not index.get("duplicates_constraint")
        }
        declared = {index.name for index in table.indexes if store.on_postgresql or not str(index.name).startswith("gist_")}
        assert indexes == declared, table.name
    engine.dispose()


def test_sessions_are_logins_without_power_on_postgresql(store: Store) -> None:
    """A role of ours is no superuser, owns nothing, makes no role, passes no row security and no temporary table."""
    if not store.on_postgresql:
        pytest.skip("the embedded file has no roles")
    with store.reading() as connection:
        for session in SESSIONS:
            role = f"{store.settings.roles}_{session}"
            powers = "rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication"
            query = sa.text(
                f"SELECT {powers}, (SELECT count(*) FROM pg_class WHERE relowner = r.oid) FROM pg_roles r "
                "WHERE rolname = :role"
            )
            assert tuple(connection.execute(query, {"role": role}).one()) == (False, 0)
            query = sa.text("SELECT has_database_privilege(:role, current_database(), 'TEMP, CREATE')")
            assert connection.scalar(query, {"role": role}) is False


def test_connection_of_a_session_keeps_its_authorizer(store: Store) -> None:
    """A pooled connection is prepared once; what it gives back to the pool is as bound as what it took out."""
    for _ in range(3):
        with store.engine("status").connect() as connection:
            with pytest.raises((sa.exc.DBAPIError, psycopg.Error, sqlite3.Error)):
                connection.exec_driver_sql("INSERT INTO thing VALUES ('a', 'parcel')")
            connection.rollback()
