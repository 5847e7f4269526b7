"""Whom does each row of the police network mean, what is recorded of it, and who waits because nobody fits?

One event number is one event, and a unit: recorded whole or not at all, and once, however often its table comes. A person is
a number with a name; who fits nobody waits in a queue (sealed) until the same row comes again and fits. A dry run does
everything but keep it.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa

from registry import china, masks, parties, residence
from registry.decisions.guardian import Guardianship
from registry.delivery.deeds import Person
from registry.delivery.identity import IDENTITY_CARD, flags
from registry.delivery.people import registered_people
from registry.errors import SanquanError
from registry.law.id_number import form_of
from registry.ledger.status import status_session
from registry.particulars import Particulars
from registry.parties import Identity
from registry.police.reading import KINDS, OF_COURT, read_events
from registry.residence import HOUSEHOLD_EVENT, ActualResidence, Registration
from registry.settlement import Application, Event, event_key, record_within
from registry.settlement.wills import WILLED, check_wills
from registry.store.bulk import insert_rows
from registry.store.sealing import opened_row, sealed_row
from registry.waiting import UNMATCHED_ROW

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.engine import Connection

    from registry.ledger.status import StatusSession
    from registry.police.reading import Row
    from registry.settlement import Recorded
    from registry.store.engines import Store

State = Literal["recorded", "would be recorded", "repeated", "unmatched", "refused", "waits for its event"]
_PERMITS = {"permit-issued": "issued", "permit-endorsed": "endorsed", "permit-suspended": "suspended", "permit-lapsed": "lapsed"}
# What moves somebody says where to; the others may.
_MOVES = {
    *WILLED, "registered-first", "birth-registered", "adoption-registered", "hukou-split", "hukou-merged", "moved-within",
    "moved-out", "hukou-restored",
}  # fmt: skip
# A cut-off import loses at most so many events, which the next one records.
_TOGETHER = 500


class OtherEventError(SanquanError):
    """Raised when an event number stands in the register for another event."""

    def __init__(self, idx: int) -> None:
        """Where that one stands."""
        super().__init__(
            f"这个事件编号已经记过另一件事(第 {idx} 条): 更正要用新的编号",
            f"this number recorded another event (entry {idx}): a correction has a number of its own",
        )


class SignerNotFoundError(SanquanError):
    """Raised when the number of whoever signed an application is nobody's, or that of several."""

    def __init__(self) -> None:
        """The number is not repeated."""
        super().__init__("签字人证件号码找不到人, 或者不止一个人", "nobody, or more than one, has the number of 签字人")


class NowhereError(SanquanError):
    """Raised when an event that moves people does not say where to."""

    def __init__(self) -> None:
        """Which columns."""
        columns = "区划代码、户号、区划名称、住址"
        super().__init__(f"没有写登记到哪里: {columns}", f"it does not say where to: {columns}")


@dataclass(frozen=True, slots=True)
class RowAnswer:
    """What became of one row: `who` is masked; `idx` is the event's place in the log."""

    row: int
    event: str
    kind: str
    who: str
    state: State
    zh: str = ""
    en: str = ""
    idx: int | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """The answers in the order of the file, and whether it was a dry run."""

    file: str
    dry_run: bool
    answers: tuple[RowAnswer, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows ended how."""
        return dict(sorted(Counter(answer.state for answer in self.answers).items()))

    @property
    def to_look_at(self) -> bool:
        """Whether any row was not recorded."""
        return bool({"unmatched", "refused", "waits for its event"} & self.counts.keys())

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        rows = [{name: getattr(answer, name) for name in RowAnswer.__slots__} for answer in self.answers]
        return {"file": self.file, "dry_run": self.dry_run, "counts": self.counts, "rows": rows}


@dataclass(frozen=True, slots=True)
class UnmatchedRow:
    """A row that fits nobody yet: since when, and (opened) what it says."""

    at: str
    event: str
    kind: str
    day: str
    cells: dict[str, str] = field(repr=False)

    def shown(self) -> dict[str, str]:
        """As an answer shows it: masked."""
        who = masks.in_a_line(self.cells["姓名"], self.cells["证件号码"])
        return {"at": self.at, "event": self.event, "kind": self.kind, "day": self.day, "who": who}


def import_events(store: Store, path: Path, officer_name: str, bureau: str, *, dry_run: bool = False) -> Imported:
    """Import a table (xlsx, csv); with `dry_run` answer the same and keep nothing. EventTableRefusedError."""
    today = china.today(store)
    events = read_events(path, store.settings.banner_code, today)
    everybody = {_person(row) for rows in events.values() for row in rows}
    with store.reading() as connection:
        people = registered_people(store, connection, everybody)
    answers: list[RowAnswer] = []
    groups = list(events.items())
    # A dry run is one transaction that is never committed: what depends on an earlier row of the table is answered too.
    step = len(groups) or 1 if dry_run else _TOGETHER
    for start in range(0, len(groups), step):
        with status_session(store) as session:
            for number, rows in groups[start : start + step]:
                answers += _event(session, number, rows, people, (officer_name, bureau), dry_run=dry_run)
            if not dry_run:
                session.connection.commit()
    return Imported(path.name, dry_run, tuple(sorted(answers, key=lambda answer: answer.row)))


def unmatched(store: Store, connection: Connection) -> list[UnmatchedRow]:
    """Every row that still waits: its event was not recorded since. Oldest first."""
    done = sa.exists().where(HOUSEHOLD_EVENT.c.event_key == UNMATCHED_ROW.c.event_key)
    rows = connection.execute(sa.select(UNMATCHED_ROW).where(~done).order_by(UNMATCHED_ROW.c.at)).mappings()
    found = []
    for row in rows:
        cells = opened_row(store.vault, UNMATCHED_ROW, dict(row))
        found.append(UnmatchedRow(row["at"], cells["事件编号"], cells["事项"], cells["日期"], cells))
    return sorted(found, key=lambda each: (each.at, each.event))


def _event(
    session: StatusSession,
    number: str,
    rows: list[Row],
    people: dict[Person, str],
    who: tuple[str, str],
    *,
    dry_run: bool,
) -> list[RowAnswer]:
    """One event: the answer of each of its rows."""
    if any(row.wrong for row in rows):
        return [
            _answer(row, "refused", "；".join(zh for zh, _ in row.wrong), "; ".join(en for _, en in row.wrong))
            if row.wrong
            else _answer(row, "waits for its event", *_held(rows))
            for row in rows
        ]
    key = f"police-network {number}"
    lost = {row.number: why for row in rows if _person(row) not in people and (why := _unfit(session, row))}
    if lost:
        waiting = [row for row in rows if row.number in lost]
        _wait(session, key, waiting)
        return [
            _answer(row, "unmatched", *lost[row.number])
            if row.number in lost
            else _answer(row, "waits for its event", *_held(waiting))
            for row in rows
        ]
    try:
        event = _made(session, key, rows, people)
        _refuse_other(session, event)
        check_wills(session.connection, session.store.vault, event)
        done = record_within(session, event, *who)
    except SanquanError as refusal:
        return [_answer(row, "refused", refusal.zh, refusal.en) for row in rows]
    fresh = [row for row in rows if _person(row) not in people]
    people |= dict(zip((_person(row) for row in fresh), done.newcomers, strict=False))
    return [_done(row, done, dry_run=dry_run) for row in rows]


def _unfit(session: StatusSession, row: Row) -> tuple[str, str] | None:
    """Why somebody who is not in the register can't be taken for somebody new; None where they can."""
    if not row["新登记"]:
        return (
            "登记库里没有这个号码和姓名的人: 核对; 真是新来的人, 新登记写“是”",
            "nobody in the register has this number and name: check; for somebody new write 是 under 新登记",
        )
    if form_of(row["证件号码"]) not in {"well-formed", "fifteen-digits"}:
        return (
            "号码写得不对: 原样留着等公安局改, 谁也不替他补",
            "the number is badly built: kept as it came until the police correct it, never repaired",
        )
    if parties.find_by_number(session.connection, session.store.vault, row["证件号码"]):
        return (
            "登记库里这个号码是另一个姓名: 不能只凭号码当成一个人, 等公安局认定",
            "the register has this number under another name: never merged by number, the police decide",
        )
    return None


def _made(session: StatusSession, key: str, rows: list[Row], people: dict[Person, str]) -> Event:
    """The event of these rows."""
    fresh = [row for row in rows if _person(row) not in people]
    ids = people | {_person(row): f"new:{n}" for n, row in enumerate(fresh)}
    kind, day = KINDS[rows[0]["事项"]], rows[0]["日期"]
    placed = [row for row in rows if row["区划代码"]]
    if kind in _MOVES and not placed:
        raise NowhereError
    registrations: tuple[Registration, ...] = ()
    if kind == "hukou-cancelled":
        registrations = tuple(_cancelled(session, ids[_person(row)], day) for row in rows)
    elif kind not in _PERMITS and kind != "residence-recorded":
        registrations = tuple(_registration(row, ids[_person(row)], day) for row in placed)
    return Event(
        kind=kind,
        day=day,
        people=tuple(dict.fromkeys(p for row in rows if not (p := ids[_person(row)]).startswith("new:"))),
        registrations=registrations,
        permits={ids[_person(row)]: (_PERMITS[kind], row["区划代码"]) for row in rows} if kind in _PERMITS else {},
        newcomers=tuple(
            Identity(row["姓名"], row["证件号码"], IDENTITY_CARD, row["性别"], flags(row["证件号码"], IDENTITY_CARD), "police")
            for row in fresh
        ),
        basis=rows[0]["依据"] or "公安网户籍事件",
        evidence=tuple(sorted({row[name] for row in rows for name in ("申请书", "监护判决书")} - {""})),
        key=key,
        residences=tuple(_lives(row, ids[_person(row)], day) for row in placed) if kind == "residence-recorded" else (),
        applications=tuple(_applied(session, row, ids) for row in rows if row["申请书"]),
        particulars={
            ids[_person(row)]: Particulars(row["民族"], row["文化程度"]) for row in rows if row["民族"] or row["文化程度"]
        },
    )


def _applied(session: StatusSession, row: Row, ids: dict[Person, str]) -> Application:
    own, number = ids[_person(row)], row["签字人证件号码"]
    if not number or number.upper() == row["证件号码"].upper():
        return Application(own, row["申请书"], own)
    signers = {who for person, who in ids.items() if person.number.upper() == number.upper()}
    signers = signers or set(parties.find_by_number(session.connection, session.store.vault, number))
    if len(signers) != 1:
        raise SignerNotFoundError
    return Application(own, row["申请书"], signers.pop(), _guardianship(row), row["监护判决书"])


def _guardianship(row: Row) -> Guardianship | None:
    """What a row says of a court's decision: that it names 签字人 as guardian, from which day on, and until which day."""
    if not any(row[name] for name in OF_COURT):
        return None
    since, restored = (dt.date.fromisoformat(row[name]) if row[name] else None for name in OF_COURT[1:])
    return Guardianship(names_signer=True, in_force_from=since, restored_on=restored)


def _registration(row: Row, person: str, day: str) -> Registration:
    return Registration(person, day, row["户号"], row["与户主关系"], row["区划代码"], row["区划名称"], row["住址"])


def _cancelled(session: StatusSession, person: str, day: str) -> Registration:
    here = residence.registration_at(session.connection, session.store.vault, person, day)
    where = ("", "", session.store.settings.banner_code, "", "") if here is None else (
        here.hukou_household, here.relation, here.division_code, here.division_name, here.address
    )  # fmt: skip
    return Registration(person, day, *where, status="cancelled")


def _lives(row: Row, person: str, day: str) -> ActualResidence:
    return ActualResidence(person, day, row["区划代码"], row["住址"])


def _refuse_other(session: StatusSession, event: Event) -> None:
    """The same number for another kind, day or other people is a mistake of the sender's, never a repetition."""
    query = sa.select(HOUSEHOLD_EVENT).where(HOUSEHOLD_EVENT.c.event_key == event_key(session.store, event))
    known = session.connection.execute(query).first()
    if known is None:
        return
    same_people = set(event.people) == set(residence.people_of(session.connection, known.event_idx)) and not event.newcomers
    if (known.kind, known.event_day) != (event.kind, event.day) or not same_people:
        raise OtherEventError(known.event_idx)


def _wait(session: StatusSession, key: str, rows: list[Row]) -> None:
    """Put rows into the queue, each once."""
    store = session.store
    event = event_key(store, Event("", "", key=key))
    for row in rows:
        row_key = store.vault.blind("unmatched", "\x1f".join([key, row["姓名"], row["证件号码"].upper()]))
        known = sa.select(UNMATCHED_ROW.c.at).where(UNMATCHED_ROW.c.row_key == row_key)
        if session.connection.scalar(known) is not None:
            continue
        values = {"row_key": row_key, "event_key": event, "at": store.clock().strftime("%Y-%m-%dT%H:%M:%SZ")}
        sealed = sealed_row(store.vault, UNMATCHED_ROW, values, row.cells, store.randomness.nonce())
        insert_rows(session.connection, UNMATCHED_ROW, [*values, "sealed"], [(*values.values(), sealed)])


def _held(rows: list[Row]) -> tuple[str, str]:
    named = ", ".join(str(row.number) for row in rows)
    return f"同一事件的第 {named} 行没有通过, 整件没有记", f"row {named} of the same event did not pass: nothing of it was recorded"


def _done(row: Row, done: Recorded, *, dry_run: bool) -> RowAnswer:
    if done.repeated:
        return _answer(row, "repeated", "以前就记过", "recorded before", done.idx)
    if dry_run:
        return _answer(row, "would be recorded", "可以记; 这次没有记", "would be recorded; a dry run kept nothing")
    return _answer(row, "recorded", "记下了, 权利一条也没有写", "recorded; no right was written", done.idx)


def _answer(row: Row, state: State, zh: str, en: str, idx: int | None = None) -> RowAnswer:
    who = masks.in_a_line(row["姓名"], row["证件号码"])
    return RowAnswer(row.number, row["事件编号"], row["事项"], who, state, zh, en, idx)


def _person(row: Row) -> Person:
    return Person(row["证件号码"], row["姓名"])
