"""Does the audit find every edit that an owner can make with the locks off? Hazard C7.

One kind of edit for every column of every table, made from the schema's own metadata: a column that is added is
attacked without anybody remembering to. Then whole rows: one taken out, one put in.
"""

from __future__ import annotations

import os
import random
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely
import sqlalchemy as sa

from gis.storage import Shape
from registry.audit.report import audit_view
from registry.audit.rows import key_columns, key_of, stored
from registry.catalogue import tables
from registry.store.schema import METADATA
from registry.store.types import Bytes, Day
from tests.attacks.locks_off import damaged

if TYPE_CHECKING:
    from sqlalchemy import Column, Table
    from sqlalchemy.engine import Connection

    from registry.audit.rows import Stored
    from registry.ledger.check import Disagreement, Key
    from registry.store.engines import Store
    from tests.registry.made_up import Village

COLUMNS = [(table.name, column.name) for table in tables() for column in table.columns]
# The judging is one code for both engines, and a second an edit on PostGIS: there one column a table is drawn, and all
# of them by `./run torture`.
_DRAWN = {(t.name, random.Random(t.name).choice(list(t.columns)).name) for t in tables()} | {("parcel_version", "geom")}
DRAWN_ON_POSTGIS = set(COLUMNS) if os.environ.get("HYPOTHESIS_PROFILE") == "torture" else _DRAWN
MILLIMETRE = np.array([0.001, 0.0])
CITES = ("cause_idx", "event_idx", "entry_idx", "idx")

# A paper is named by its content, and whoever cites it cites that name; what is said about it is no evidence.
_BESIDE_THE_ACT = "kept outside an act: found by its content hash or not at all"
_NOTE = "a note on when books were compared: changes no right"
NOT_FOUND: dict[tuple[str, str], str] = {
    **{("source", name): _BESIDE_THE_ACT for name in ("content_hash", "kind", "dated", "size_bytes", "about")},
    **{
        ("book_comparison", name): _NOTE
        for name in ("compared_at", "outcome")
    },
    **{("comparison", column.name): _NOTE for column in METADATA.tables["comparison"].columns},
}
"""Columns whose edit nothing betrays, each with the reason. An entry here is a debt, or says why it is none."""
NOT_FOUND_ON_POSTGRESQL = {("parcel_version", "fid"): "a number for GeoPackage readers, which nothing on PostGIS reads"}


def other(column: Column[Any], row: Stored, rows: list[Stored]) -> Any:  # noqa: ANN401  (a value of any column)
    """A plausible other value: one that another row has, or the next one; a fresh one for a key."""
    value = row[column.name]
    if isinstance(column.type, Bytes):
        return b"\x00" * 32 if value is None else value[:-1] + bytes([value[-1] ^ 1])
    if isinstance(column.type, Day):
        step = timedelta(days=-1 if value == "9999-12-31" else 1)
        return "2031-01-01" if value is None else (date.fromisoformat(value) + step).isoformat()
    if isinstance(column.type, Shape):
        return None  # `edit` moves it by a millimetre
    others = sorted({each[column.name] for each in rows} - {value, None})
    # Thing and number are a version's key, also where a layer's table has a number of its own: another's may be taken.
    if others and not column.primary_key and column.name not in {"thing_id", "ver"}:
        return others[0]
    if isinstance(column.type, sa.Text):
        return f"{value or ''}x"
    return (value or 0) + 1_000


def edit(connection: Connection, table: Table, row: Stored, changes: dict[str, Any]) -> None:
    """Overwrite columns of one row in place."""
    where = sa.and_(*(table.c[name] == row[name] for name in key_columns(table)))
    if "geom" in changes:
        shape = connection.scalars(sa.select(table.c.geom).where(where)).one()
        changes = {"geom": shapely.transform(shape, lambda points: points + MILLIMETRE)}
    done = connection.execute(sa.update(table).where(where).values(changes))
    assert done.rowcount == 1


def naming(findings: tuple[Disagreement, ...], table: str, keys: set[Key]) -> list[Disagreement]:
    """The findings that name a row by one of these keys."""
    return [finding for finding in findings if finding.table == table and finding.key in keys]


@pytest.mark.parametrize(("table_name", "column_name"), COLUMNS)
def test_audit_names_the_row_whose_column_was_overwritten(
    history: Store, village: Village, table_name: str, column_name: str
) -> None:
    """Whatever column of whatever table an owner overwrites: the finding names table, row and entry."""
    if history.on_postgresql and (table_name, column_name) not in DRAWN_ON_POSTGIS:
        pytest.skip("not drawn")
    table = METADATA.tables[table_name]
    column = table.c[column_name]
    with history.reading() as connection:
        rows = list(stored(connection, table))
    if table_name == "allotment_line":
        # The line that no right cites (the collective's own) is a debt: its holder stands in no version.
        rows = [row for row in rows if row["holder_id"] != village.collective]
    chosen = rows
    if (table_name, column_name) == ("ledger_entry", "recorded_at"):
        # An act's second is its closing state's. That of another entry is a debt: its neighbours' seconds bound it, no more.
        chosen = [row for row in rows if row["cls"] == "R"]
    row = random.Random(f"{table_name}.{column_name}").choice(chosen)
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
    excused = NOT_FOUND | (NOT_FOUND_ON_POSTGRESQL if history.on_postgresql else {})
    if (table_name, column_name) in excused:
        assert report.findings == ()
        return
    assert named, [str(finding) for finding in report.findings]
    cited = {changed[name] for name in CITES if name in row} | {row[name] for name in CITES if name in row}
    # the index of a GeoPackage names a row alone
    assert column_name == "fid" or not cited or any(finding.entry_idx in cited for finding in named), [
        str(finding) for finding in named
    ]


ROWS = [table.name for table in tables()]
# What is not missed when it goes, or when a copy comes: what NOT_FOUND says of its columns.
NOT_MISSED = {
    "source": _BESIDE_THE_ACT,
    "book_comparison": _NOTE,
    "comparison": _NOTE,
    "paper": "a log beside the ledger: its rows are bound to themselves, not counted by any entry",
    "settlement_application_step": "a queue beside the ledger: its rows are bound to themselves",
    "membership_answer": "beside the ledger, no right rests on it: its rows are bound to themselves",
    "unmatched_row": "a queue beside the ledger: its rows are bound to themselves",
    "service_report": "a list beside the ledger: its rows are bound to themselves; without a correction the one before stands",
    "service_report_unmatched": "a queue beside the ledger: its rows are bound to themselves",
    "notice_parcel": "a list beside the ledger: its rows are bound to themselves; the notice itself still says its land",
    **dict.fromkeys(
        ("account_secret_confirmed", "account_secret_used", "account_step", "account_session_ended", "sign_in"),
        "who may sign in and what came of it: beside the ledger, its rows are bound to themselves",
    ),
    **dict.fromkeys(
        ("access_grant_confirmed", "access_grant_ended"),
        "who was granted what: beside the ledger, its rows are bound to themselves",
    ),
    "evidence": "what is stated of a file that came, bound to itself; the source that is cited stays, and its file is looked for",
    "notice_photo": "a list beside the ledger: its rows are bound to themselves; the photograph itself stays a source",
    "notice_taken_down": "a list beside the ledger: its rows are bound to themselves; without it the notice hangs again",
    "outbox_step": "a list beside the ledger: its rows are bound to themselves; without it the message is sent again",
    "breach_closed": "a list beside the ledger: its rows are bound to themselves; without it the breach is open again",
}


@pytest.mark.parametrize("table_name", ROWS)
def test_audit_misses_the_row_that_was_taken_out(history: Store, table_name: str) -> None:
    """Whatever row of whatever table an owner deletes: there is a finding, and it names the row, or who cites it."""
    table = METADATA.tables[table_name]
    with history.reading() as connection:
        rows = list(stored(connection, table))
    if table_name == "making":
        # The last making is a debt (docs/known-issues.md): only the one that follows tells that it stood there.
        rows = rows[:-1]
    if table_name == "account_secret":
        # So is a secret that nobody confirmed or used: no other row speaks of it.
        with history.reading() as connection:
            cited = {row["secret_id"] for row in stored(connection, METADATA.tables["account_secret_used"])}
        rows = [row for row in rows if row["id"] in cited]
    if table_name == "service_report":
        # One that was corrected is cited, and missed.
        corrected = {row["corrects"] for row in rows}
        rows = [row for row in rows if row["row_key"] not in corrected]
    row = random.Random(table_name).choice(rows)
    where = sa.and_(*(table.c[name] == row[name] for name in key_columns(table)))
    with damaged(history, lambda c: c.execute(sa.delete(table).where(where)), table_name) as connection:
        found = audit_view(history, connection).findings
    if table_name in NOT_MISSED:
        assert found == ()
        return
    values = {value for _, value in key_of(table, row)}
    named = [each for each in found if values & {value for _, value in each.key} or _says(each, values)]
    assert named, [str(finding) for finding in found]


def _says(finding: Disagreement, values: set[str | int]) -> bool:
    return any(str(value) in finding.en for value in values)
