"""Does the audit find every edit that an owner can make with the locks off? Hazard C7.

One kind of edit for every column of every table, made from the schema's own metadata: a column that is added is
attacked without anybody remembering to. Then whole rows: one taken out, one put in.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from gis.storage import Shape
from registry.audit.report import audit_view
from registry.audit.rows import key_columns, key_of, stored
from registry.catalogue import tables
from registry.store.schema import METADATA
from registry.store.types import Bytes, Day, Words
from tests.attacks.locks_off import damaged

if TYPE_CHECKING:
    from sqlalchemy import Column, Table
    from sqlalchemy.engine import Connection

    from registry.audit.rows import Stored
    from registry.ledger.check import Disagreement, Key
    from registry.store.engines import Store

COLUMNS = [(table.name, column.name) for table in tables() for column in table.columns]
CITES = ("cause_idx", "event_idx", "entry_idx", "idx")

NOT_FOUND: dict[tuple[str, str], str] = {}
"""Columns whose edit nothing betrays, each with the reason. An entry here is a debt, or says why it is none."""


def other(column: Column[Any], row: Stored, rows: list[Stored]) -> Any:  # noqa: ANN401  (a value of any column)
    """A plausible other value: one that another row has, or the next one; a fresh one for a key."""
    value = row[column.name]
    if isinstance(column.type, Bytes):
        return b"\x00" * 32 if value is None else value[:-1] + bytes([value[-1] ^ 1])
    if isinstance(column.type, Day):
        return (date.fromisoformat(value or "2031-01-01") + timedelta(days=1 if value < "9999" else -1)).isoformat()
    if isinstance(column.type, Shape):
        return "moved by a millimetre"
    others = sorted({each[column.name] for each in rows} - {value, None})
    if others and column.name not in key_columns(column.table):
        return others[0]
    if isinstance(column.type, Words):
        return f"{value or ''}x"
    return (value or 0) + 1_000


def edit(connection: Connection, table: Table, row: Stored, changes: dict[str, Any]) -> None:
    """Overwrite columns of one row in place."""
    where = sa.and_(*(table.c[name] == row[name] for name in key_columns(table)))
    if "geom" in changes:
        query = sa.select(table.c.geom).where(where)
        shape = connection.scalars(query).one()
        changes = {"geom": sa.func.ST_Translate(table.c.geom, 0.001, 0) if shape is None else _moved(shape)}
    done = connection.execute(sa.update(table).where(where).values(changes))
    assert done.rowcount == 1


def _moved(shape: Any) -> Any:  # noqa: ANN401  (shapely)
    import shapely

    return shapely.transform(shape, lambda points: points + [0.001, 0.0])


def naming(findings: tuple[Disagreement, ...], table: str, keys: set[Key]) -> list[Disagreement]:
    """The findings that name a row by one of these keys."""
    return [finding for finding in findings if finding.table == table and finding.key in keys]


@pytest.mark.parametrize(("table_name", "column_name"), COLUMNS)
def test_audit_names_the_row_whose_column_was_overwritten(history: Store, table_name: str, column_name: str) -> None:
    """Whatever column of whatever table an owner overwrites: the finding names table, row and entry."""
    table = METADATA.tables[table_name]
    column = table.c[column_name]
    with history.reading() as connection:
        rows = list(stored(connection, table))
    row = random.Random(f"{table_name}.{column_name}").choice(rows)
    changed = {**row, column_name: other(column, row, rows)}
    with damaged(history, lambda c: edit(c, table, row, {column_name: changed[column_name]}), table_name) as connection:
        report = audit_view(history, connection)
    keys = {key_of(table, row), key_of(table, changed)}
    if table_name in {"right_parcel", "holding_member"}:
        parent = {"right_parcel": "right_version", "holding_member": "holding_version"}[table_name]
        named = naming(report.findings, parent, {key[:2] for key in keys})
    else:
        parent, named = table_name, []
    named += naming(report.findings, table_name, keys)
    if (table_name, column_name) in NOT_FOUND:
        assert report.findings == ()
        return
    assert named, [str(finding) for finding in report.findings]
    cited = {changed[name] for name in CITES if name in row} | {row[name] for name in CITES if name in row}
    assert not cited or any(finding.entry_idx in cited for finding in named), [str(finding) for finding in named]
