"""Do registrations, permits and event rows say what the household events on the log committed?

Each event commits its kind, day, people and facts. Every row that it brought is compared with them, and every fact must
have its row. Addresses are compared and never repeated in a finding.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from registry.audit.rows import Stored, disagreement, stored
from registry.ledger.tables import LEDGER_ENTRY
from registry.residence import EVENT_PERSON, HOUSEHOLD_EVENT, HUKOU_REGISTRATION, RESIDENCE_PERMIT
from registry.store.keys import SealBrokenError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import Table
    from sqlalchemy.engine import Connection

    from registry.audit.log import Log
    from registry.audit.openings import Opened
    from registry.ledger.check import Disagreement
    from registry.store.keys import Vault

# As `settlement` commits a registration, after the person's id; address and archived type are sealed.
_OPEN = ("valid_from", "status", "hukou_household", "relation", "division_code", "division_name")
_PERMIT = ("valid_from", "status", "division_code")


def judge_events(connection: Connection, vault: Vault, log: Log, opened: Opened) -> Iterator[Disagreement]:
    """Every status row that disagrees with its event, every event or fact without its row."""
    fields = {idx: opened.fields[idx] for idx, logged in log.entries.items() if logged.cls == "H"}
    events = set(fields)
    yield from _judge_event_rows(connection, log, fields)
    people = {idx: [[p] for p in f["event.people"]] for idx, f in fields.items() if "event.people" in f}
    yield from _judge_lines(EVENT_PERSON, events, _by_event(connection, EVENT_PERSON), people, lambda _row: [])
    facts = {idx: f["event.facts"] for idx, f in fields.items() if "event.facts" in f}
    registrations = {idx: f["registrations"] for idx, f in facts.items()}
    rows = _by_event(connection, HUKOU_REGISTRATION)
    yield from _judge_lines(HUKOU_REGISTRATION, events, rows, registrations, lambda row: _registered(vault, row))
    yield from _judge_order(HUKOU_REGISTRATION, rows)
    permits = {
        idx: [[person, fields[idx].get("event.day"), *rest] for person, *rest in f["permits"]]
        for idx, f in facts.items()
    }
    rows = _by_event(connection, RESIDENCE_PERMIT)
    yield from _judge_lines(RESIDENCE_PERMIT, events, rows, permits, lambda row: [row[name] for name in _PERMIT])
    yield from _judge_order(RESIDENCE_PERMIT, rows)


def _judge_event_rows(connection: Connection, log: Log, fields: dict[int, dict[str, Any]]) -> Iterator[Disagreement]:
    rows = {row["event_idx"]: row for row in stored(connection, HOUSEHOLD_EVENT)}
    for idx, said in fields.items():
        row = rows.pop(idx, None)
        if row is None:
            zh, en = "户籍事件的行不见了", "the row of this event is gone"
            yield disagreement(HOUSEHOLD_EVENT, {"event_idx": idx}, idx, ("event_idx",), zh, en)
            continue
        committed = {"kind": "event.kind", "event_day": "event.day"}
        expected = {name: said[path] for name, path in committed.items() if path in said}
        expected |= {"cancels_idx": said["event.facts"]["cancels"]} if "event.facts" in said else {}
        wrong = [name for name, value in expected.items() if row[name] != value]
        if wrong:
            zh, en = "与账目所载的事件不同", "it is not the event that the entry committed"
            yield disagreement(HOUSEHOLD_EVENT, row, idx, wrong, zh, en)
        if log.entries[idx].row["kind"] != expected.get("kind", row["kind"]):
            zh, en = "事件种类与账目所载不同", "the kind of the event is not the one that its leaf committed"
            yield disagreement(LEDGER_ENTRY, {"idx": idx}, idx, ("kind",), zh, en)
    for idx, row in rows.items():
        yield disagreement(HOUSEHOLD_EVENT, row, idx, ("event_idx",), "账上没有这一事件", "no such event is on the log")


def _by_event(connection: Connection, table: Table) -> dict[int, list[Stored]]:
    found: dict[int, list[Stored]] = defaultdict(list)
    for row in stored(connection, table):
        found[row["event_idx"]].append(row)
    return found


def _judge_lines(
    table: Table,
    events: set[int],
    rows: dict[int, list[Stored]],
    committed: dict[int, list[list[Any]]],
    values: Callable[[Stored], Sequence[Any] | None],
) -> Iterator[Disagreement]:
    """The rows of each event against its committed lines, person by person in the order of both."""
    for idx, lines in committed.items():
        wanted: dict[str, list[list[Any]]] = defaultdict(list)
        for person, *rest in lines:
            wanted[person].append(rest)
        for row in rows.get(idx, ()):
            expected = wanted[row["person_id"]].pop(0) if wanted[row["person_id"]] else None
            found = values(row)
            if expected is None or found is None or list(found) != expected:
                zh, en = "与账目所载的事件内容不同", "it is not what its event committed"
                yield disagreement(table, row, idx, _fields(table, found, expected), zh, en)
        for person, rest in wanted.items():
            for _ in rest:
                zh, en = "账目所载的一行不见了", "a row that this event brought is gone"
                key = {"person_id": person, "event_idx": idx, "seq": 0}
                yield disagreement(table, key, idx, ("person_id",), zh, en)
    for idx in rows.keys() - events:
        for row in rows[idx]:
            zh, en = "所引账目不是户籍事件", "it cites an entry that is no household event"
            yield disagreement(table, row, idx, ("event_idx",), zh, en)


def _fields(table: Table, found: Sequence[Any] | None, expected: Sequence[Any] | None) -> tuple[str, ...]:
    if found is None or expected is None:
        return ("sealed",) if expected is not None else ("person_id", "event_idx")
    names = (*_OPEN, "sealed", "registration_type", "sealed") if table is HUKOU_REGISTRATION else _PERMIT
    return tuple(name for name, ours, theirs in zip(names, found, expected, strict=True) if ours != theirs)


def _registered(vault: Vault, row: Stored) -> list[Any] | None:
    """The row as it was committed; None where its seal is broken."""
    try:
        sealed = vault.open(row["sealed"], f"registration/{row['person_id']}/{row['seq']}".encode())
        address, former = json.loads(sealed)
    except (SealBrokenError, ValueError, TypeError):
        return None
    return [*(row[name] for name in _OPEN), address, row["registration_type"], former]


def _judge_order(table: Table, rows: dict[int, list[Stored]]) -> Iterator[Disagreement]:
    """The states of one person are counted from 1, in the order of the log."""
    by_person: dict[str, list[Stored]] = defaultdict(list)
    for idx in sorted(rows):
        for row in rows[idx]:
            by_person[row["person_id"]].append(row)
    for states in by_person.values():
        for n, row in enumerate(states):
            if row["seq"] != n + 1:
                zh, en = "次序不对: 缺行或次序被改动", "out of order: a row is missing or was renumbered"
                yield disagreement(table, row, row["event_idx"], ("seq",), zh, en)
