"""Whom does each row of a bureau's report mean, and what of it is kept: all or nothing, each row once, nobody guessed?

A person is a number with a name. Who fits nobody waits in a queue (sealed) until a report brings the row again and it fits.
A number of the bureau's names one row for ever: the same row again is kept once, another row under it is refused. A mistake
is corrected by another row that names it; a row is corrected once, and the correction can be corrected in its turn. A dry
run does everything but keep it.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import sqlalchemy as sa

from registry import masks
from registry.china import today
from registry.delivery.deeds import Person
from registry.delivery.people import registered_people
from registry.entitlements import services
from registry.errors import SanquanError
from registry.ledger.read import size
from registry.ledger.status import status_session
from registry.service_reports.reading import (
    CORRECTS,
    ID_NUMBER,
    NAME,
    NUMBER,
    SERVICE,
    SINCE,
    ReportRefusedError,
    RowFault,
    read_rows,
    read_table,
)
from registry.service_reports.tables import SERVICE_REPORT, SERVICE_REPORT_UNMATCHED
from registry.store.bulk import insert_rows
from registry.store.sealing import opened_row, sealed_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from sqlalchemy.engine import Connection

    from registry.ledger.status import StatusSession
    from registry.service_reports.reading import Row
    from registry.store.engines import Store

State = Literal["recorded", "would be recorded", "repeated", "unmatched"]
_BATCH = 500
_SAYS = {
    "recorded": ("收下了", "taken"),
    "would be recorded": ("可以收; 这次没有收", "would be taken; a dry run kept nothing"),
    "repeated": ("以前就收过", "taken before"),
    "unmatched": (
        "登记库里没有这个号码和姓名的人: 核对以后再报这一行, 编号不变",
        "nobody in the register has this number and name: check, and report the row again under its number",
    ),
}


class NotReportingError(SanquanError):
    """Raised when a bureau reports that gives no service of the catalogue."""

    def __init__(self) -> None:
        """Name those that do."""
        known = {service.provider: service.bureau for service in services() if service.provider}
        told = ", ".join(f"{provider}({zh})" for provider, zh in known.items())
        super().__init__(f"这个部门没有要报的服务。要报的有: {told}", f"this bureau reports no service; those that do: {told}")


@dataclass(frozen=True, slots=True)
class RowAnswer:
    """What became of one row: `who` is masked."""

    row: int
    number: str
    who: str
    service: str
    state: State

    def as_json(self) -> dict[str, Any]:
        """Plain values with the state in words."""
        zh, en = _SAYS[self.state]
        return {name: getattr(self, name) for name in self.__slots__} | {"zh": zh, "en": en}


@dataclass(frozen=True, slots=True)
class HandedIn:
    """The answers in the order of the report, and whether it was a dry run."""

    bureau: str
    dry_run: bool
    answers: tuple[RowAnswer, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows ended how."""
        return dict(sorted(Counter(answer.state for answer in self.answers).items()))

    @property
    def to_look_at(self) -> bool:
        """Whether a row fits nobody."""
        return "unmatched" in self.counts

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        rows = [answer.as_json() for answer in self.answers]
        return {"bureau": self.bureau, "dry_run": self.dry_run, "counts": self.counts, "rows": rows}


@dataclass(frozen=True, slots=True)
class UnmatchedRow:
    """A row that fits nobody yet: since when, and (opened) what it says."""

    at: str
    cells: dict[str, str] = field(repr=False)

    def shown(self) -> dict[str, str]:
        """As an answer shows it: masked."""
        said = self.cells
        who = masks.in_a_line(said[NAME], said[ID_NUMBER])
        return {"at": self.at, "number": said[NUMBER], "service": said[SERVICE], "since": said[SINCE], "who": who}


class _Content(NamedTuple):
    """What a row says, by which the same row is known again."""

    corrects: bytes | None
    service: str
    person_id: str
    since: str
    until: str | None
    stated: str


def hand_in_table(store: Store, bureau: str, path: Path, officer_name: str, *, dry_run: bool = False) -> HandedIn:
    """Take a bureau's report as a table (xlsx, csv). NotReportingError, ReportRefusedError."""
    _refuse_other(bureau)
    rows = read_table(path, bureau, store.settings.banner_code, today(store))
    return _hand_in(store, bureau, rows, officer_name, dry_run=dry_run)


def hand_in_rows(
    store: Store, bureau: str, sent: Sequence[Mapping[str, str]], officer_name: str, *, dry_run: bool = False
) -> HandedIn:
    """Take a bureau's report as rows, each cell by its column's name. NotReportingError, ReportRefusedError."""
    _refuse_other(bureau)
    rows = read_rows(sent, bureau, store.settings.banner_code, today(store))
    return _hand_in(store, bureau, rows, officer_name, dry_run=dry_run)


def unmatched(store: Store, connection: Connection, bureau: str) -> list[UnmatchedRow]:
    """Every row of a bureau that still waits: none under its number was taken since. Oldest first. NotReportingError."""
    _refuse_other(bureau)
    waits = SERVICE_REPORT_UNMATCHED
    done = sa.exists().where(SERVICE_REPORT.c.row_key == waits.c.row_key)
    query = sa.select(waits).where(waits.c.bureau == bureau, ~done).order_by(waits.c.at)
    found = [UnmatchedRow(row["at"], opened_row(store.vault, waits, dict(row))) for row in connection.execute(query).mappings()]
    return sorted(found, key=lambda each: (each.at, each.cells[NUMBER]))


def _refuse_other(bureau: str) -> None:
    if bureau not in {service.provider for service in services() if service.provider}:
        raise NotReportingError


def _hand_in(store: Store, bureau: str, rows: list[Row], officer_name: str, *, dry_run: bool) -> HandedIn:
    with status_session(store) as session:
        people = registered_people(store, session.connection, {_person(row) for row in rows})
        keys = {row.number: _key(store, bureau, row.key) for row in rows}
        matched = {row.number: _content(store, bureau, row, people[_person(row)]) for row in rows if _person(row) in people}
        named = [*keys.values(), *(content.corrects for content in matched.values() if content.corrects)]
        known, corrected = _known(session.connection, named)
        states: dict[int, State] = {}
        faults: list[RowFault] = []
        lines: dict[bytes, int] = {}
        for row in rows:
            key, content = keys[row.number], matched.get(row.number)
            before = lines.setdefault(key, row.number)
            if before != row.number:
                zh, en = f"第 {before} 行已经用了这个编号", f"row {before} has this number already"
                faults.append(RowFault(row.number, NUMBER, zh, en))
            elif content is None:
                states[row.number] = "unmatched"
            elif known.get(key) == content:
                states[row.number] = "repeated"
            else:
                faults += _against(row, key, content, known, corrected)
                known[key] = content
                if content.corrects is not None:
                    corrected.add(content.corrects)
                states[row.number] = "would be recorded" if dry_run else "recorded"
        if faults:
            raise ReportRefusedError(faults)
        if not dry_run:
            fresh = [row for row in rows if states[row.number] == "recorded"]
            _keep(session, bureau, officer_name, [(keys[row.number], matched[row.number]) for row in fresh])
            _wait(session, bureau, [(keys[row.number], row) for row in rows if states[row.number] == "unmatched"])
            session.connection.commit()
    return HandedIn(bureau, dry_run, tuple(_answer(row, states[row.number]) for row in rows))


def _against(
    row: Row, key: bytes, content: _Content, known: Mapping[bytes, _Content], corrected: set[bytes]
) -> Iterable[RowFault]:
    """What stands against a row in the register, or in an earlier row of its report."""
    if key in known:
        zh = "这个编号已经收过另一行: 更正另起一行, 用新的编号, 把这个编号写在更正编号里"
        en = "this number names another row that was taken: a correction has a number of its own and names this one in 更正编号"
        yield RowFault(row.number, NUMBER, zh, en)
    elif content.corrects is not None and content.corrects not in known:
        yield RowFault(row.number, CORRECTS, "没有收过这个编号的行", "no row of this number was taken")
    elif content.corrects in corrected:
        zh, en = "这一行已经更正过: 更正上次的更正", "this row was corrected before: correct that correction"
        yield RowFault(row.number, CORRECTS, zh, en)


def _known(connection: Connection, keys: Iterable[bytes]) -> tuple[dict[bytes, _Content], set[bytes]]:
    """What was taken under these keys, and which of them were corrected."""
    report, wanted = SERVICE_REPORT.c, sorted(set(keys))
    known: dict[bytes, _Content] = {}
    corrected: set[bytes] = set()
    for start in range(0, len(wanted), _BATCH):
        some = wanted[start : start + _BATCH]
        columns = (report.row_key, *(report[name] for name in _Content._fields))
        rows = connection.execute(sa.select(*columns).where(report.row_key.in_(some)))
        for key, corrects, *said in rows:
            known[bytes(key)] = _Content(None if corrects is None else bytes(corrects), *said)
        corrected |= {bytes(key) for key in connection.scalars(sa.select(report.corrects).where(report.corrects.in_(some)))}
    return known, corrected


def _keep(session: StatusSession, bureau: str, officer_name: str, fresh: Sequence[tuple[bytes, _Content]]) -> None:
    """Append rows that were not taken before, in their order: a correction comes after what it corrects."""
    store, at, log_size = session.store, _now(session.store), size(session.connection)
    rows = []
    for key, content in fresh:
        values = {"row_key": key, **content._asdict(), "bureau": bureau, "log_size": log_size, "at": at}
        row = {column.name: values[column.name] for column in SERVICE_REPORT.columns if column.name != "sealed"}
        sealed = sealed_row(store.vault, SERVICE_REPORT, row, {"officer": officer_name}, store.randomness.nonce())
        rows.append((*row.values(), sealed))
    insert_rows(session.connection, SERVICE_REPORT, SERVICE_REPORT.columns.keys(), rows)


def _wait(session: StatusSession, bureau: str, lost: Sequence[tuple[bytes, Row]]) -> None:
    """Put rows into the queue, each once."""
    store, table = session.store, SERVICE_REPORT_UNMATCHED
    marked = {
        store.vault.blind("service-report-row", json.dumps([bureau, row.cells], ensure_ascii=False)): (key, row)
        for key, row in lost
    }
    marks = sorted(marked)
    for start in range(0, len(marks), _BATCH):
        query = sa.select(table.c.mark).where(table.c.mark.in_(marks[start : start + _BATCH]))
        for mark in session.connection.scalars(query):
            del marked[bytes(mark)]
    rows = []
    for mark, (key, row) in marked.items():
        values = {"mark": mark, "row_key": key, "bureau": bureau, "at": _now(store)}
        rows.append((*values.values(), sealed_row(store.vault, table, values, row.cells, store.randomness.nonce())))
    insert_rows(session.connection, table, table.columns.keys(), rows)


def _key(store: Store, bureau: str, number: str) -> bytes:
    return store.vault.blind("service-report", f"{bureau} {number}")


def _content(store: Store, bureau: str, row: Row, person_id: str) -> _Content:
    corrects = _key(store, bureau, row.corrects) if row.corrects else None
    return _Content(corrects, row.service, person_id, row.since, row.until or None, "withdrawn" if row.withdrawn else "served")


def _answer(row: Row, state: State) -> RowAnswer:
    who = masks.in_a_line(row.cells[NAME], row.cells[ID_NUMBER])
    return RowAnswer(row.number, row.key, who, row.service, state)


def _person(row: Row) -> Person:
    return Person(row.cells[ID_NUMBER], row.cells[NAME])


def _now(store: Store) -> str:
    return store.clock().strftime("%Y-%m-%dT%H:%M:%SZ")
