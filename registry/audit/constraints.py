"""Does every row still keep every declared constraint, whatever was switched off when it was written?

Checks, keys, types and "not null" are read from the declared tables and asked again as queries: a row that slipped in
while keys were off or triggers disabled is named, on both engines alike.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Text

from gis.storage import Shape
from registry.audit.rows import asked, disagreement, key_columns, key_of
from registry.ledger.check import Disagreement
from registry.store.types import Bytes, Day, Whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Column, Table
    from sqlalchemy.engine import Connection

# The columns that say which entry a row came with, in the order in which they are looked for.
_CITES = ("cause_idx", "event_idx", "entry_idx", "idx")


def judge_constraints(connection: Connection, tables: list[Table]) -> Iterator[Disagreement]:
    """Every row that breaks a check, a key, a type or a "not null" of its declared table."""
    for table in tables:
        yield from _judge_checks(connection, table)
        for constraint in sorted(table.foreign_key_constraints, key=lambda c: str(c.name)):
            yield from _judge_key(connection, table, constraint)


def judge_file(connection: Connection) -> Iterator[Disagreement]:
    """What SQLite itself finds wrong with the file: a damaged page, an index that misses a row. Embedded file only."""
    for (said,) in connection.execute(sa.text("PRAGMA integrity_check")):
        if said != "ok":
            zh, en = f"SQLite 自检: {said}", f"SQLite's own check: {said}"
            yield Disagreement("registry.gpkg", (), None, ("integrity_check",), zh, en)


def _judge_checks(connection: Connection, table: Table) -> Iterator[Disagreement]:
    """One pass a table: the rows for which one of its conditions is false, and which."""
    query, names, conditions = _checks_asked(table, connection.dialect.name == "sqlite")
    for row in asked(connection, query):
        stored = dict(zip(names, row, strict=False))
        for constraint, broken in zip(conditions, row[len(names) :], strict=True):
            if broken:
                zh, en = f"违反约束 {constraint}", f"it breaks {constraint}"
                yield disagreement(table, stored, _cited(stored), (constraint,), zh, en)


@cache
def _checks_asked(table: Table, on_sqlite: bool) -> tuple[str, list[str], list[str]]:  # noqa: FBT001
    """The question, the columns that name a row, then what each further column of the answer says is broken."""
    conditions = dict(_conditions(table, on_sqlite))
    names = _named_columns(table)
    flags = ", ".join(f"NOT ({condition})" for condition in conditions.values())
    anything = " OR ".join(f"NOT ({condition})" for condition in conditions.values())
    query = f"SELECT {', '.join(names)}, {flags} FROM {table.name} WHERE {anything}"  # noqa: S608  (declared text)
    return query, names, list(conditions)


def _conditions(table: Table, on_sqlite: bool) -> Iterator[tuple[str, str]]:  # noqa: FBT001
    for column in table.columns:
        if not column.nullable:
            yield f"{column.name}_is_given", f"{column.name} IS NOT NULL"
        if on_sqlite:
            yield f"{column.name}_is_of_its_type", f"typeof({column.name}) IN ('{_sqlite_type(column)}', 'null')"
    for constraint in sorted(table.constraints, key=lambda c: str(c.name)):
        if isinstance(constraint, CheckConstraint):
            name = str(constraint.name)
            # PostgreSQL has DATE columns: what these check can't be stored there.
            if on_sqlite or not name.endswith("_is_a_day"):
                yield name, str(constraint.sqltext)


def _sqlite_type(column: Column[Any]) -> str:
    kind = column.type
    if isinstance(kind, Bytes | Shape):
        return "blob"
    if isinstance(kind, Text | Day):
        return "text"
    assert isinstance(kind, type(Whole)), kind  # noqa: S101  (a new kind of column needs a line here)
    return "integer"


def _judge_key(connection: Connection, table: Table, constraint: ForeignKeyConstraint) -> Iterator[Disagreement]:
    """The rows that cite a row that is not there. A NULL cites nothing, as in the database."""
    query, names, pairs = _key_asked(table, constraint)
    other = constraint.referred_table
    missing = {}
    for row in asked(connection, query):
        stored = dict(zip(names, row, strict=False))
        zh = f"所引的 {other.name} 行不存在({constraint.name})"
        en = f"it cites a row of {other.name} that is not there ({constraint.name})"
        yield disagreement(table, stored, _cited(stored), tuple(ours for ours, _ in pairs), zh, en)
        sought = dict(zip((theirs for _, theirs in pairs), row[len(names) :], strict=True))
        if sought.keys() >= set(key_columns(other)):
            missing[key_of(other, sought)] = sought, _cited(stored)
    for sought, idx in missing.values():
        zh, en = f"{table.name} 引用了它, 它却不在", f"{table.name} cites it, and it is not there as cited"
        yield disagreement(other, sought, idx, tuple(sought), zh, en)


@cache
def _key_asked(table: Table, constraint: ForeignKeyConstraint) -> tuple[str, list[str], list[tuple[str, str]]]:
    """The question, the columns that name a row, and each column of the key with the one that it cites."""
    names = _named_columns(table)
    pairs = [(element.parent.name, element.column.name) for element in constraint.elements]
    given = " AND ".join(f"here.{ours} IS NOT NULL" for ours, _ in pairs)
    same = " AND ".join(f"there.{theirs} = here.{ours}" for ours, theirs in pairs)
    columns = ", ".join(f"here.{name}" for name in [*names, *(ours for ours, _ in pairs)])
    query = (
        f"SELECT {columns} FROM {table.name} AS here WHERE {given} "  # noqa: S608  (names of the schema)
        f"AND NOT EXISTS (SELECT 1 FROM {constraint.referred_table.name} AS there WHERE {same})"
    )
    return query, names, pairs


def _named_columns(table: Table) -> list[str]:
    return list(dict.fromkeys([*key_columns(table), *(name for name in _CITES if name in table.columns)]))


def _cited(stored: dict[str, Any]) -> int | None:
    found = next((stored[name] for name in _CITES if name in stored), None)
    return found if isinstance(found, int) else None
