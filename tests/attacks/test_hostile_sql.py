"""What do the sessions, the owner and other programs get when they overwrite, remove, shadow or switch off?

Each item of the hostile list has a test by name; the verbs are tried on every table. Items about forged rows stand in
`test_hostile_rows.py`, edits that only an owner can make in `test_tampering.py` and at the end of this file.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from gis.storage import register_functions
from registry.audit import audit
from registry.audit.guards import judge_guards
from registry.audit.report import audit_view
from registry.catalogue import PRIVILEGES, tables
from registry.store.copying import throwaway_copy
from registry.store.engines import Store, owner_engine
from registry.store.sqlite import sqlite3
from tests.attacks.locks_off import damaged
from tests.attacks.refusals import APPEND_ONLY, NO_PRIVILEGE, fingerprint, refusal, says

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Table

    from registry.store.privileges import SessionName
    from tests.registry.made_up import Village

WRITERS: tuple[SessionName, ...] = ("desk", "status")
ON_SQLITE = re.compile(
    "not authorized|append-only|closed|may not write|without gap|only the|erasure|older entry|another event|another step"
)


def _column(table: Table) -> str:
    return next(iter(table.columns)).name


def _first_row(table: Table, verb: str) -> str:
    return f"{verb} INTO {table.name} SELECT * FROM {table.name} WHERE true LIMIT 1"


OVERWRITING: dict[str, Callable[[Table], str]] = {
    "update": lambda t: f"UPDATE {t.name} SET {_column(t)} = {_column(t)}",
    "delete": lambda t: f"DELETE FROM {t.name}",
    "a CTE that writes": lambda t: f"WITH one AS (SELECT 1) DELETE FROM {t.name} WHERE 1 IN (SELECT * FROM one)",
}
ONE_ENGINE: dict[str, tuple[str, Callable[[Table], str]]] = {
    "insert or replace": ("file", lambda t: _first_row(t, "INSERT OR REPLACE")),
    "replace": ("file", lambda t: _first_row(t, "REPLACE")),
    "update or replace": ("file", lambda t: f"UPDATE OR REPLACE {t.name} SET {_column(t)} = {_column(t)}"),
    "merge": (
        "postgis",
        lambda t: f"MERGE INTO {t.name} old USING (SELECT 1) new ON true WHEN MATCHED THEN DELETE",
    ),
    "truncate": ("postgis", lambda t: f"TRUNCATE {t.name} CASCADE"),
    "a CTE that returns": ("postgis", lambda t: f"WITH gone AS (DELETE FROM {t.name} RETURNING 1) SELECT * FROM gone"),
}
EVERYWHERE = [*((verb, engine) for verb in OVERWRITING for engine in ("file", "postgis"))]
EVERYWHERE += [(verb, engine) for verb, (engine, _) in ONE_ENGINE.items()]
# The desk rewrites its two projections; an erasure lets it take an opening. See the tests of both below.
_BY_THE_DESK = {"head", "state_buckets"}


def _statement(verb: str, table: Table) -> str:
    return OVERWRITING[verb](table) if verb in OVERWRITING else ONE_ENGINE[verb][1](table)


@pytest.mark.parametrize("session", WRITERS)
@pytest.mark.parametrize(("verb", "engine"), EVERYWHERE)
def test_session_that_overwrites_or_removes_a_row_is_refused(
    history: Store, session: SessionName, verb: str, engine: str
) -> None:
    """UPDATE, DELETE, REPLACE, MERGE, TRUNCATE and writing CTEs are refused on every table, and change nothing."""
    if engine != history.settings.engine:
        pytest.skip("the other engine's word")
    before = fingerprint(history)
    for table in tables():
        if session == "desk" and table.name in _BY_THE_DESK and verb.startswith("update"):
            continue
        said = refusal(history, session, says(_statement(verb, table)))
        if history.on_postgresql:
            assert said in {NO_PRIVILEGE, APPEND_ONLY}, (table.name, said)
        else:
            assert ON_SQLITE.search(said), (table.name, said)
    assert fingerprint(history) == before


@pytest.mark.parametrize("session", WRITERS)
def test_session_that_upserts_is_refused(history: Store, session: SessionName) -> None:
    """INSERT … ON CONFLICT DO UPDATE overwrites nothing: it needs UPDATE, which nobody has but the desk on projections."""
    before = fingerprint(history)
    for table in tables():
        if session == "desk" and table.name in _BY_THE_DESK:
            continue
        keys = ", ".join(column.name for column in table.primary_key.columns)
        conflict = f"ON CONFLICT ({keys}) DO UPDATE SET {_column(table)} = excluded.{_column(table)}"
        said = refusal(history, session, says(f"{_first_row(table, 'INSERT').replace(' LIMIT 1', '')} {conflict}"))
        assert said in {NO_PRIVILEGE, APPEND_ONLY} or ON_SQLITE.search(said), (table.name, said)
    assert fingerprint(history) == before


@pytest.mark.parametrize("session", WRITERS)
def test_session_that_copies_a_row_in_again_is_refused(history: Store, session: SessionName) -> None:
    """COPY fires the guards as INSERT does; the log itself takes no COPY at all (row security)."""
    if not history.on_postgresql:
        pytest.skip("SQLite has no COPY")
    before = fingerprint(history)
    for table in tables():

        def attack(connection: sa.Connection, name: str = table.name) -> None:
            cursor = connection.connection.cursor()
            with cursor.copy(f"COPY (SELECT * FROM {name} LIMIT 1) TO STDOUT") as out:
                rows = b"".join(bytes(part) for part in out)
            with cursor.copy(f"COPY {name} FROM STDIN") as copy:
                copy.write(rows)

        said = refusal(history, session, attack)
        assert said in {NO_PRIVILEGE, APPEND_ONLY, "23505", "0A000"}, (table.name, said)
    assert fingerprint(history) == before


SWITCHING_OFF = {
    "a temp trigger": (
        "CREATE TEMP TRIGGER t BEFORE INSERT ON ledger_entry BEGIN SELECT RAISE(IGNORE); END",
        "CREATE TRIGGER t BEFORE INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION guard_refuses()",
    ),
    "a rule": (None, "CREATE RULE r AS ON INSERT TO ledger_entry DO INSTEAD NOTHING"),
    "a view with INSTEAD OF": ("CREATE TEMP VIEW v AS SELECT * FROM thing", "CREATE VIEW v AS SELECT * FROM thing"),
    "a temp view": ("CREATE TEMP VIEW ledger_entry AS SELECT 1", "CREATE TEMP VIEW ledger_entry AS SELECT 1"),
    "a temp table that shadows the log": (
        "CREATE TEMP TABLE ledger_entry (idx, cls)",
        "CREATE TEMP TABLE ledger_entry (idx int)",
    ),
    "foreign keys switched off": ("PRAGMA foreign_keys = OFF", "ALTER TABLE right_version DISABLE TRIGGER ALL"),
    "checks switched off": ("PRAGMA ignore_check_constraints = ON", "SET session_replication_role = replica"),
    "the schema opened": ("PRAGMA writable_schema = ON", "UPDATE pg_trigger SET tgenabled = 'D'"),
    "an attached second connection": ("ATTACH ':memory:' AS other", None),
    "session_replication_role": (None, "SET session_replication_role = replica"),
    "disable trigger": (None, "ALTER TABLE ledger_entry DISABLE TRIGGER USER"),
    "drop trigger": (
        "DROP TRIGGER ledger_entry_refuses_update",
        "DROP TRIGGER ledger_entry_refuses_change ON ledger_entry",
    ),
    "drop table": ("DROP TABLE opening", "DROP TABLE opening"),
    "a function of one's own": (None, "CREATE OR REPLACE FUNCTION guard_refuses() RETURNS trigger LANGUAGE sql AS ''"),
    "row security off": (None, "ALTER TABLE ledger_entry DISABLE ROW LEVEL SECURITY"),
    "another's role": (None, "SET SESSION AUTHORIZATION postgres"),
    "a column added": ("ALTER TABLE thing ADD COLUMN x", "ALTER TABLE thing ADD COLUMN x int"),
    "the index thrown away": (None, "DROP INDEX ledger_entry_states"),
    "a list of causes of one's own": (
        "INSERT INTO lawful_cause SELECT 'homestead','settled-in-banner','0001-01-01','9999-12-31','own',0,0,0,''",
        "INSERT INTO lawful_cause SELECT 'homestead','settled-in-banner','0001-01-01','9999-12-31','own',0,0,0,''",
    ),
}


@pytest.mark.parametrize("session", WRITERS)
@pytest.mark.parametrize("item", SWITCHING_OFF)
def test_session_that_switches_a_lock_off_is_refused(history: Store, session: SessionName, item: str) -> None:
    """No session makes, alters, shadows, attaches or switches off anything."""
    statement = SWITCHING_OFF[item][1 if history.on_postgresql else 0]
    if statement is None:
        pytest.skip("the other engine's way")
    said = refusal(history, session, says(statement))
    assert said in {NO_PRIVILEGE, "not authorized"}


def test_reader_that_writes_is_refused(history: Store) -> None:
    """The reading session writes nothing, the spatial index's own tables included."""
    for table in tables():
        said = refusal(history, "reader", says(_first_row(table, "INSERT")))
        assert said in {NO_PRIVILEGE, "not authorized"}, table.name
    if not history.on_postgresql:
        said = refusal(history, "reader", says("DELETE FROM rtree_parcel_version_geom"))
        assert said == "attempt to write a readonly database"


@pytest.mark.parametrize("verb", ["update", "delete", "truncate"])
def test_owner_that_overwrites_by_plain_sql_is_refused(history: Store, verb: str) -> None:
    """Even the owner's plain UPDATE, DELETE and TRUNCATE are refused by the guards of every table."""
    if verb == "truncate" and not history.on_postgresql:
        pytest.skip("SQLite has no TRUNCATE: a DELETE of everything is the same, and refused")
    engine = owner_engine(history.settings)
    for table in tables():
        if verb == "update" and table.name in _BY_THE_DESK:
            continue
        with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError) as refused:
            connection.exec_driver_sql(_statement(verb, table))
        said = getattr(refused.value.orig, "sqlstate", None) or str(refused.value.orig)
        assert said == APPEND_ONLY or ON_SQLITE.search(said), (table.name, said)
    engine.dispose()


def _other_program(store: Store) -> sqlite3.Connection:
    if store.on_postgresql:
        pytest.skip("other programs reach PostgreSQL as roles")
    return sqlite3.connect(store.settings.database, isolation_level=None)


def test_other_program_that_writes_the_file_is_refused(history: Store) -> None:
    """A program without our functions (QGIS, a script) writes no row, not by an attached connection either."""
    own = _other_program(history)
    beside = sqlite3.connect(":memory:", isolation_level=None)
    beside.execute("ATTACH ? AS live", (str(history.settings.database),))
    for table in tables():
        for program, name in ((own, table.name), (beside, f"live.{table.name}")):
            for statement in (f"INSERT INTO {name} SELECT * FROM {name} LIMIT 1", f"DELETE FROM {name}"):
                with pytest.raises(sqlite3.Error, match=r"no such function|append-only|closed|erasure"):
                    program.execute(statement)
    own.close()
    beside.close()


@pytest.mark.parametrize("session", WRITERS)
def test_forged_session_with_keys_switched_off_writes_no_entry_version_or_event(
    history: Store, session: SessionName
) -> None:
    """Whoever learns the functions' names still writes nothing that rests on keys while foreign keys are off."""
    program = _other_program(history)
    program.create_function("sanquan_session", 0, lambda: session)
    register_functions(program)
    program.create_function("sanquan_leaf_hash", 1, lambda leaf: sha256(b"\x00" + leaf.encode()).digest())
    keyed = [
        name
        for name in sorted(PRIVILEGES[session].insert)
        for (text,) in program.execute("SELECT sql FROM sqlite_master WHERE name IN (?, ?)", _guards_of(name))
        if "foreign keys are switched off" in text
    ]
    assert "ledger_entry" in keyed
    for table in keyed:
        with pytest.raises(sqlite3.Error, match=r"foreign keys are switched off|older entry|another event|another step"):
            program.execute(f"INSERT INTO {table} SELECT * FROM {table} LIMIT 1")
    program.close()


def _guards_of(table: str) -> tuple[str, str]:
    return f"{table}_refuses_replacing", f"{table}_is_next"


def test_line_forged_with_keys_switched_off_is_named(history: Store, village: Village, tmp_path: Path) -> None:
    """Lists leave the keys to their versions: who forges the session and drops the keys adds a line, and is named."""
    if history.on_postgresql:
        pytest.skip("a role cannot switch keys off")
    copy = Store(throwaway_copy(history.settings, tmp_path / "copy"), history.vault, PRIVILEGES)
    program = _other_program(copy)
    program.create_function("sanquan_session", 0, lambda: "desk")
    program.execute(
        "INSERT INTO holding_member SELECT thing_id, ver, 1000000, 99, person_id, '99', 1, '', 1 FROM holding_member "
        "WHERE thing_id = ? AND ver = 1 LIMIT 1",
        (village.holding,),
    )
    program.close()
    found = audit(copy).findings
    copy.close()
    key = (("thing_id", village.holding), ("ver", 1))
    assert any(each.table == "holding_version" and each.key == key and each.entry_idx == 1 for each in found)
    assert any(each.table == "holding_member" and each.key == (*key, ("pos", 99)) for each in found)


def test_temp_table_of_the_owner_shadows_no_guard(history: Store, village: Village) -> None:
    """A guard reads the log of the public schema, whatever stands before it on the path of the session."""
    if not history.on_postgresql:
        pytest.skip("SQLite resolves a trigger's tables in its own schema")
    engine = owner_engine(history.settings)
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TEMP TABLE ledger_entry (idx bigint, cls text)")
        late = (
            "INSERT INTO holding_member SELECT thing_id, ver, cause_idx, 99, person_id, '99', 1, '', 1 "
            f"FROM holding_member WHERE thing_id = '{village.holding}' LIMIT 1"
        )
        with pytest.raises(sa.exc.DBAPIError) as refused:
            connection.exec_driver_sql(late)
    assert getattr(refused.value.orig, "sqlstate", None) == APPEND_ONLY
    engine.dispose()


def test_guard_that_was_dropped_or_disabled_is_named(history: Store) -> None:
    """Each trigger, dropped (SQLite) or disabled (PostgreSQL), is a finding by its name; so is one that nobody declared."""
    with damaged(history, lambda _: None) as connection:
        if history.on_postgresql:
            query = "SELECT tgrelid::regclass::text, tgname FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid "
            query += "WHERE NOT tgisinternal AND relnamespace = 'public'::regnamespace"
            triggers = [(f"{table}.{name}", table, name) for table, name in connection.exec_driver_sql(query).all()]
        else:
            query = "SELECT name, tbl_name, name FROM sqlite_master WHERE type = 'trigger'"
            triggers = [tuple(row) for row in connection.exec_driver_sql(query).all()]
        assert len(triggers) > 60
        # Half a second a look on PostgreSQL, which has a trigger for each key: twenty are off at once there.
        together = 20 if history.on_postgresql else 1
        for start in range(0, len(triggers), together):
            some = triggers[start : start + together]
            inside = connection.begin_nested()
            for _, table, name in some:
                off = f"ALTER TABLE {table} DISABLE TRIGGER {name}" if history.on_postgresql else f'DROP TRIGGER "{name}"'
                connection.exec_driver_sql(off)
            found = sorted(finding.key for finding in judge_guards(history, connection))
            assert found == sorted((("name", place),) for place, _, _ in some)
            inside.rollback()
        assert list(judge_guards(history, connection)) == []


STRANGERS = {
    "a trigger": (
        "CREATE TRIGGER t AFTER INSERT ON thing BEGIN SELECT 1; END",
        "CREATE TRIGGER t AFTER INSERT ON thing FOR EACH ROW EXECUTE FUNCTION guard_refuses()",
    ),
    "a table": ("CREATE TABLE t (x)", "CREATE TABLE t (x int)"),
    "a view": ("CREATE VIEW v AS SELECT 1", "CREATE VIEW v AS SELECT 1"),
    "a rule": (None, "CREATE RULE t AS ON INSERT TO thing DO INSTEAD NOTHING"),
    "a policy": (None, "CREATE POLICY t ON ledger_entry FOR INSERT WITH CHECK (true)"),
    "a grant": (None, "GRANT UPDATE ON right_version TO {status}"),
    "a grant to everybody": (None, "GRANT DELETE ON opening TO PUBLIC"),
    "row security off": (None, "ALTER TABLE ledger_entry DISABLE ROW LEVEL SECURITY"),
    "a role that passes": (None, "ALTER ROLE {status} BYPASSRLS"),
    "a role joined to another": (None, "GRANT {desk} TO {status}"),
    "a body exchanged": (
        None,
        "CREATE OR REPLACE FUNCTION guard_refuses() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    ),
    "a key dropped": (None, "DROP TRIGGER right_version_cause_is_lawful ON right_version"),
    "a key's body exchanged": (
        None,
        "CREATE OR REPLACE FUNCTION right_version_cause_is_lawful() RETURNS trigger LANGUAGE plpgsql "
        "SET search_path = pg_catalog, public, pg_temp AS 'BEGIN RETURN NULL; END'",
    ),
    "a key that reads another schema": (
        None,
        "ALTER FUNCTION right_version_cause_is_lawful() SET search_path = pg_temp, public",
    ),
    "a foreign key dropped": (None, "ALTER TABLE erasure DROP CONSTRAINT erasure_has_its_entry"),
}


@pytest.mark.parametrize("item", STRANGERS)
def test_stranger_among_the_guards_is_named(history: Store, item: str) -> None:
    """What nobody declared, and what a declared guard lost, is a finding: rules and triggers can turn a write around."""
    statement = STRANGERS[item][1 if history.on_postgresql else 0]
    if statement is None:
        pytest.skip("the other engine's way")
    roles = {name: f"{history.settings.roles}_{name}" for name in WRITERS}
    with damaged(history, says(statement.format(**roles))) as connection:
        assert list(judge_guards(history, connection)) != []


def test_desk_that_writes_the_projections_is_named(history: Store) -> None:
    """The desk may rewrite heads and buckets, for it has to; what it writes beside an act is named by the audit."""
    edits = {
        "head": "UPDATE head SET ver = ver + 1",
        "state_buckets": "UPDATE state_buckets SET roots = (SELECT roots FROM state_buckets ORDER BY roots DESC LIMIT 1) "
        "WHERE part = (SELECT part FROM state_buckets ORDER BY roots LIMIT 1)",
    }
    for table, statement in edits.items():
        with history.engine("desk").connect() as connection:
            connection.exec_driver_sql(statement)
            found = audit_view(history, connection).findings
            assert {finding.table for finding in found} == {table}
            connection.rollback()


def test_opening_taken_without_an_erasure_is_refused(history: Store) -> None:
    """An opening goes only with an erasure that the log shows, in the same transaction."""
    said = refusal(history, "desk", says("DELETE FROM opening WHERE path = 'act.people'"))
    assert said == APPEND_ONLY or "only by" in said or "erasure" in said
