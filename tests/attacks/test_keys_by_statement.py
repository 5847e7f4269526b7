"""Is a key that is asked once a statement the very key that PostgreSQL would ask once a row?

The judge is PostgreSQL: beside a table with our guard stands one with a foreign key of its own; both are given the same rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from registry.catalogue import PRIVILEGES, tables
from registry.store.bulk import insert_rows
from registry.store.engines import owner_engine
from registry.store.schema import METADATA, references
from registry.store.types import Bytes, Day, Whole
from tests.attacks.forgery import last_version, next_version, put, put_act
from tests.attacks.refusals import refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Column, ForeignKeyConstraint
    from sqlalchemy.engine import Connection

    from registry.store.engines import Store
    from tests.registry.made_up import Village

KEYS = {str(key.name): key for table in tables() for key in references(table)}
# SQLite keeps foreign keys, and has one writer.
on_postgis = pytest.mark.parametrize("attacked", ["postgis"], indirect=True)
KEY, NOT_NULL = "23503", "23502"


@pytest.fixture
def owner(history: Store) -> Iterator[Connection]:
    """The owner's connection to the register on PostGIS; whatever is done is taken back."""
    engine = owner_engine(history.settings)
    with engine.connect() as connection:
        yield connection
        connection.rollback()
    engine.dispose()


def test_key_asked_once_a_statement_leads_from_rows_that_stay_to_rows_that_stay() -> None:
    """A guard sees INSERTs only: what could change or go later, on either side, keeps a foreign key of PostgreSQL's own."""
    may_go = {"lawful_cause"}  # closed altogether
    changing = {name for may in PRIVILEGES.values() for name in (*may.update, *may.delete)}
    assert {"head", "opening"} <= changing
    assert len(KEYS) > 50
    for key in KEYS.values():
        for table in (key.table, key.referred_table):
            assert table.name not in changing - may_go, key.name
        assert not key.deferrable, key.name


@on_postgis
@pytest.mark.parametrize("name", KEYS)
def test_guard_takes_and_refuses_what_a_foreign_key_does(owner: Connection, name: str) -> None:
    """The same rows, one or many, whole, mixed, with a NULL or with what is not there: the same answer, under one name."""
    key = KEYS[name]
    table = key.table.name
    _stand_beside(owner, key)
    said = []
    for select in _deliveries(key):
        ours, theirs = (_answer(owner, f"INSERT INTO {beside} SELECT {select} FROM {table}") for beside in ("a", "b"))
        assert ours == theirs, select
        said.append(ours)
    assert {None, (KEY, name)} <= set(said) <= {None, (KEY, name), (NOT_NULL, None)}


def _stand_beside(owner: Connection, key: ForeignKeyConstraint) -> None:
    ours = ", ".join(element.parent.name for element in key.elements)
    theirs = ", ".join(element.column.name for element in key.elements)
    for statement in (
        f"CREATE TABLE a (LIKE {key.table.name})",
        f"CREATE TABLE b (LIKE {key.table.name})",
        f"CREATE TRIGGER {key.name} AFTER INSERT ON a REFERENCING NEW TABLE AS fresh "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {key.name}()",
        f"ALTER TABLE b ADD CONSTRAINT {key.name} FOREIGN KEY ({ours}) REFERENCES {key.referred_table.name} ({theirs})",
    ):
        owner.exec_driver_sql(statement)


def _deliveries(key: ForeignKeyConstraint) -> Iterator[str]:
    """What is selected from the table: its rows, the whole key made strange, each column of it in all rows or in one."""
    names = [column.name for column in key.table.columns]
    ours = {element.parent.name: _strange(element.parent) for element in key.elements}
    yield ", ".join(names)
    yield ", ".join(ours.get(name, name) for name in names)
    for column, strange in ours.items():
        for value in (
            "NULL",
            strange,
            f"CASE row_number() OVER () WHEN 1 THEN {strange} ELSE {column} END",
            f"lag({column}, 1, {column}) OVER (ORDER BY {column})",
        ):
            yield ", ".join(f"{value} AS {name}" if name == column else name for name in names)


def _strange(column: Column[Any]) -> str:
    if isinstance(column.type, Day):
        return "DATE '1900-01-01'"
    if isinstance(column.type, Bytes):
        return r"BYTEA '\x00'"
    return "BIGINT '987654321'" if isinstance(column.type, type(Whole)) else "TEXT 'strange'"


def _answer(owner: Connection, statement: str) -> tuple[str, str | None] | None:
    point = owner.begin_nested()
    try:
        owner.exec_driver_sql(statement)
    except sa.exc.DBAPIError as refused:
        return str(refused.orig.sqlstate), refused.orig.diag.constraint_name  # type: ignore[union-attr]  # psycopg's
    finally:
        point.rollback()
    return None


@on_postgis
@pytest.mark.parametrize("name", KEYS)
def test_guard_asks_an_index_whatever_came_before(owner: Connection, name: str) -> None:
    """A plan is kept for the session: neither one row after many nor many after one reads the whole table that is cited."""
    key = KEYS[name]
    _stand_beside(owner, key)
    cited = key.referred_table.name
    owner.exec_driver_sql(f"CREATE TABLE c AS SELECT * FROM {key.table.name}")
    for table in (cited, "c"):
        owner.exec_driver_sql(f"ANALYZE {table}")  # told how small the table is, the planner would rather read all of it
    scans = sa.text("SELECT seq_scan FROM pg_stat_xact_user_tables WHERE relname = :cited")
    before = owner.scalar(scans, {"cited": cited})
    for most in (1, 5_000, 1):
        owner.exec_driver_sql(f"INSERT INTO a SELECT c.* FROM c, generate_series(1, 500) LIMIT {most}")
    assert owner.scalar(scans, {"cited": cited}) == before


def test_copy_that_cites_what_is_not_there_is_refused(history: Store, village: Village) -> None:
    """COPY fires the guard of a statement as INSERT does: nobody of the register is added to a list by it."""

    def attack(connection: Connection) -> None:
        idx = put_act(connection, b"\x01" * 32)
        row = next_version(last_version(connection, "holding_version", village.holding), idx, b"\x01" * 32)
        put(connection, "holding_version", row)
        columns = ("thing_id", "ver", "cause_idx", "pos", "person_id", "relation", "co_holder", "remark", "alive")
        lines = [
            (village.holding, row["ver"], idx, pos, person, "99", 1, "", 1)
            for pos, person in enumerate((village.people[0], "nobody"))
        ]
        insert_rows(connection, METADATA.tables["holding_member"], columns, lines)

    said = refusal(history, "desk", attack)
    assert said == KEY or "FOREIGN KEY constraint failed" in said


@on_postgis
@pytest.mark.parametrize("taken_back", [False, True])
def test_thing_that_is_not_there_for_good_is_not_cited(history: Store, village: Village, taken_back: bool) -> None:
    """No lock is taken on what is cited: what another has not committed is not seen, what was taken back neither."""
    with history.engine("desk").connect() as other:

        def attack(connection: Connection) -> None:
            beginning = connection if taken_back else other
            point = beginning.begin_nested() if taken_back else None
            put(beginning, "thing", {"id": "new", "thing": "holding"})
            if point:
                point.rollback()
            idx = put_act(connection, b"\x01" * 32)
            row = next_version(last_version(connection, "holding_version", village.holding), idx, b"\x01" * 32)
            first = {"thing_id": "new", "ver": 1, "next_ver": 2, "prev_ver": None, "prev_cause_idx": None}
            put(connection, "holding_version", row | first)

        assert refusal(history, "desk", attack) == KEY
        other.rollback()
