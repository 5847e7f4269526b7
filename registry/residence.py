"""Who is registered where (户籍登记), who holds a residence permit, and which events said so?

A *household event* is of class H: it sets registrations, permits and identities and can't touch a guarded thing. A
*hukou registration* is one state of where a person is registered; the chain only grows. None of this is a contracting
household: no code derives one from the other.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, Index, PrimaryKeyConstraint, Table

from registry.ledger.tables import LEDGER_ENTRY, OPENING
from registry.store.asking import Question, ask
from registry.store.schema import METADATA, day_check
from registry.store.types import Bytes, Day, Whole, Words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.engine import Connection

    from registry.store.asking import Rows
    from registry.store.keys import Vault

HOUSEHOLD_EVENT = Table(
    "household_event",
    METADATA,
    Column("event_idx", Whole, primary_key=True, autoincrement=False),
    Column("cls", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("event_day", Day, nullable=False),
    Column("event_key", Bytes, nullable=False, unique=True),
    Column("cancels_idx", Whole),
    CheckConstraint("cls = 'H'", name="event_is_of_class_h"),
    ForeignKeyConstraint(
        ["event_idx", "cls", "kind"],
        ["ledger_entry.idx", "ledger_entry.cls", "ledger_entry.kind"],
        name="event_cites_its_entry",
    ),
    ForeignKeyConstraint(["cancels_idx"], ["household_event.event_idx"], name="event_cancels_an_event"),
    CheckConstraint(
        "(kind = 'event-cancelled') = (cancels_idx IS NOT NULL)", name="cancelling_names_what_is_cancelled"
    ),
    *day_check("household_event", "event_day"),
)

EVENT_PERSON = Table(
    "household_event_person",
    METADATA,
    Column("event_idx", Whole, nullable=False),
    Column("person_id", Words, nullable=False),
    PrimaryKeyConstraint("event_idx", "person_id"),
    ForeignKeyConstraint(["event_idx"], ["household_event.event_idx"], name="event_person_is_of_an_event"),
    ForeignKeyConstraint(["person_id"], ["party.id"], name="event_is_about_a_person"),
)
Index("household_event_person_by_person", EVENT_PERSON.c.person_id)

HUKOU_REGISTRATION = Table(
    "hukou_registration",
    METADATA,
    Column("person_id", Words, nullable=False),
    Column("seq", Whole, nullable=False),
    Column("event_idx", Whole, nullable=False),
    Column("valid_from", Day, nullable=False),
    Column("status", Words, nullable=False),
    Column("hukou_household", Words, nullable=False),
    Column("relation", Words, nullable=False),
    Column("division_code", Words, nullable=False),
    Column("division_name", Words, nullable=False),
    Column("registration_type", Words, nullable=False),
    Column("sealed", Bytes, nullable=False),
    PrimaryKeyConstraint("person_id", "seq"),
    CheckConstraint("status IN ('registered','cancelled')", name="registration_status_is_known"),
    ForeignKeyConstraint(["event_idx"], ["household_event.event_idx"], name="registration_cites_its_event"),
    ForeignKeyConstraint(["person_id"], ["party.id"], name="registration_is_of_a_person"),
    *day_check("hukou_registration", "valid_from"),
)
Index("hukou_registration_by_household", HUKOU_REGISTRATION.c.hukou_household)

RESIDENCE_PERMIT = Table(
    "residence_permit",
    METADATA,
    Column("person_id", Words, nullable=False),
    Column("seq", Whole, nullable=False),
    Column("event_idx", Whole, nullable=False),
    Column("valid_from", Day, nullable=False),
    Column("status", Words, nullable=False),
    Column("division_code", Words, nullable=False),
    PrimaryKeyConstraint("person_id", "seq"),
    CheckConstraint("status IN ('issued','endorsed','suspended','lapsed')", name="permit_status_is_known"),
    ForeignKeyConstraint(["event_idx"], ["household_event.event_idx"], name="permit_cites_its_event"),
    ForeignKeyConstraint(["person_id"], ["party.id"], name="permit_is_of_a_person"),
    *day_check("residence_permit", "valid_from"),
)

ACTUAL_RESIDENCE = Table(
    "actual_residence",
    METADATA,
    Column("person_id", Words, nullable=False),
    Column("seq", Whole, nullable=False),
    Column("event_idx", Whole, nullable=False),
    Column("valid_from", Day, nullable=False),
    Column("division_code", Words, nullable=False),
    Column("sealed", Bytes, nullable=False),
    PrimaryKeyConstraint("person_id", "seq"),
    ForeignKeyConstraint(["event_idx"], ["household_event.event_idx"], name="residence_cites_its_event"),
    ForeignKeyConstraint(["person_id"], ["party.id"], name="residence_is_of_a_person"),
    *day_check("actual_residence", "valid_from"),
)

# A size that no log reaches: what is asked about is now.
_EVER = 2**62


def _standing(table: Table, *columns: str) -> Question:
    """A person's rows that were known at a size of the log and whose event nobody had cancelled by then."""
    known, cancelling = sa.bindparam("known", type_=Whole), HOUSEHOLD_EVENT.alias()
    annulled = sa.exists().where(cancelling.c.cancels_idx == table.c.event_idx, cancelling.c.event_idx < known)
    of_person = table.c.person_id == sa.bindparam("person", type_=Words)
    query = sa.select(*(table.c[name] for name in columns))
    return Question(query.where(of_person, table.c.event_idx < known, ~annulled).order_by(table.c.seq))


REGISTRATIONS = _standing(
    HUKOU_REGISTRATION,
    *("seq", "sealed", "person_id", "valid_from", "hukou_household", "relation", "division_code", "division_name"),
    *("registration_type", "status", "event_idx"),
)
PERMITS = _standing(RESIDENCE_PERMIT, "status", "valid_from", "division_code")
RESIDENCES = _standing(ACTUAL_RESIDENCE, "person_id", "seq", "valid_from", "division_code", "event_idx", "sealed")
# With what the event stated of its people, sealed: `ledger.evidence.stated_in` opens it.
EVENTS = Question(
    sa.select(
        *(HOUSEHOLD_EVENT.c[name] for name in ("event_idx", "kind", "event_day")),
        LEDGER_ENTRY.c.recorded_at,
        HOUSEHOLD_EVENT.c.cancels_idx,
        *(OPENING.c[name] for name in ("subject", "path", "sealed")),
    )
    .join(EVENT_PERSON, EVENT_PERSON.c.event_idx == HOUSEHOLD_EVENT.c.event_idx)
    .join(LEDGER_ENTRY, LEDGER_ENTRY.c.idx == HOUSEHOLD_EVENT.c.event_idx)
    .outerjoin(OPENING, sa.and_(OPENING.c.subject == LEDGER_ENTRY.c.leaf_hash, OPENING.c.path == "event.unchanged"))
    .where(EVENT_PERSON.c.person_id == sa.bindparam("person"), HOUSEHOLD_EVENT.c.event_idx < sa.bindparam("known"))
)


def of(person_id: str, known_at: int | None) -> dict[str, Any]:
    """The values of the three questions about one person, as known at a size of the log (None: now)."""
    return {"person": person_id, "known": _EVER if known_at is None else known_at}


@dataclass(frozen=True, slots=True)
class Registration:
    """Where a person is registered from a day on. `address` and `former_type` are sealed; `relation` is GB/T 4761."""

    person_id: str
    valid_from: str
    hukou_household: str
    relation: str
    division_code: str
    division_name: str
    address: str
    registration_type: str = "居民"
    former_type: str = ""
    status: str = "registered"
    event_idx: int = -1

    def __repr__(self) -> str:
        """Never the address."""
        return f"Registration({self.division_code}, {self.valid_from}, {self.status})"


@dataclass(frozen=True, slots=True)
class ActualResidence:
    """Where a person really lives from a day on (plan II.2.3): neither where they are registered nor whose member they are."""

    person_id: str
    valid_from: str
    division_code: str
    address: str
    event_idx: int = -1

    def __repr__(self) -> str:
        """Never the address."""
        return f"ActualResidence({self.division_code}, {self.valid_from})"


@dataclass(frozen=True, slots=True)
class HouseholdEvent:
    """One recorded event about people; `idx` is its place in the log."""

    idx: int
    kind: str
    event_day: str
    recorded_at: str
    cancels_idx: int | None
    cancelled_by: int | None


def sealed_address(vault: Vault, row: Registration, seq: int, nonce: bytes) -> bytes:
    """Address and archived type (II.2.1: kept for one rule, printed nowhere), bound to their row."""
    value = json.dumps([row.address, row.former_type], ensure_ascii=False).encode()
    return vault.seal(value, f"registration/{row.person_id}/{seq}".encode(), nonce)


def registrations(
    connection: Connection, vault: Vault, person_id: str, known_at: int | None = None
) -> list[Registration]:
    """All states of a person's registration known at a ledger size, oldest first; an annulled event's states are left out."""
    return registrations_in(vault, ask(connection, REGISTRATIONS, of(person_id, known_at)))


def registrations_in(vault: Vault, rows: Rows) -> list[Registration]:
    """The answer to REGISTRATIONS, opened."""
    return [_opened(vault, row) for row in rows]


def registration_at(
    connection: Connection, vault: Vault, person_id: str, valid_at: str, known_at: int | None = None
) -> Registration | None:
    """The registration in force on a day, as known at a ledger size: the last recorded one that had begun."""
    return registration_of(registrations(connection, vault, person_id, known_at), valid_at)


def registration_of(rows: Iterable[Registration], valid_at: str) -> Registration | None:
    """The one of a person's registrations that is in force on a day."""
    begun = (r for r in rows if r.valid_from <= valid_at)
    return max(begun, key=lambda r: (r.valid_from, r.event_idx), default=None)


def events_of(connection: Connection, person_id: str, known_at: int | None = None) -> list[HouseholdEvent]:
    """Every household event about a person, by day and place in the log, with what cancelled it."""
    return events_in(ask(connection, EVENTS, of(person_id, known_at)))


def events_in(rows: Rows) -> list[HouseholdEvent]:
    """The answer to EVENTS in order, with what cancelled each."""
    cancelled = {cancels: idx for idx, _kind, _day, _recorded, cancels, *_ in rows if cancels is not None}
    events = [
        HouseholdEvent(idx, kind, day, recorded, cancels, cancelled.get(idx))
        for idx, kind, day, recorded, cancels, *_ in rows
    ]
    return sorted(events, key=lambda e: (e.event_day, e.idx))


def event_at(connection: Connection, idx: int, known_at: int | None = None) -> HouseholdEvent | None:
    """The household event at a place in the log; None where there is none, or not yet at that size."""
    row = connection.execute(
        sa.select(HOUSEHOLD_EVENT, LEDGER_ENTRY.c.recorded_at)
        .join(LEDGER_ENTRY, LEDGER_ENTRY.c.idx == HOUSEHOLD_EVENT.c.event_idx)
        .where(HOUSEHOLD_EVENT.c.event_idx == idx)
    ).first()
    if row is None or (known_at is not None and idx >= known_at):
        return None
    by = connection.scalar(sa.select(HOUSEHOLD_EVENT.c.event_idx).where(HOUSEHOLD_EVENT.c.cancels_idx == idx))
    cancelled_by = by if by is None or known_at is None or by < known_at else None
    return HouseholdEvent(row.event_idx, row.kind, row.event_day, row.recorded_at, row.cancels_idx, cancelled_by)


def people_of(connection: Connection, idx: int) -> list[str]:
    """Ids of the persons whom an event concerns."""
    rows = connection.execute(sa.select(EVENT_PERSON.c.person_id).where(EVENT_PERSON.c.event_idx == idx))
    return sorted(row.person_id for row in rows)


def permits(connection: Connection, person_id: str, known_at: int | None = None) -> list[dict[str, Any]]:
    """Every state of a person's residence permit, oldest first."""
    return permits_in(ask(connection, PERMITS, of(person_id, known_at)))


def permits_in(rows: Rows) -> list[dict[str, Any]]:
    """The answer to PERMITS as plain values."""
    return [
        {"status": status, "valid_from": valid_from, "division_code": division_code}
        for status, valid_from, division_code in rows
    ]


def residence_row(vault: Vault, row: ActualResidence, seq: int, idx: int, nonce: bytes) -> dict[str, Any]:
    """A state of where somebody lives, the address sealed."""
    return {
        "person_id": row.person_id,
        "seq": seq,
        "event_idx": idx,
        "valid_from": row.valid_from,
        "division_code": row.division_code,
        "sealed": vault.seal(row.address.encode(), _residence_place(row.person_id, seq), nonce),
    }


def residence_at(
    connection: Connection, vault: Vault, person_id: str, valid_at: str, known_at: int | None = None
) -> ActualResidence | None:
    """Where a person lives on a day, as far as it was recorded; None: nobody recorded it."""
    rows = [
        ActualResidence(person, day, code, vault.open(sealed, _residence_place(person, seq)).decode(), idx)
        for person, seq, day, code, idx, sealed in ask(connection, RESIDENCES, of(person_id, known_at))
        if day <= valid_at
    ]
    return max(rows, key=lambda r: (r.valid_from, r.event_idx), default=None)


def _residence_place(person_id: str, seq: int) -> bytes:
    return f"actual-residence/{person_id}/{seq}".encode()


def _opened(vault: Vault, row: tuple[Any, ...]) -> Registration:
    seq, sealed, person_id, valid_from, household, relation, code, name, registration_type, status, event_idx = row
    address, former = orjson.loads(vault.open(sealed, f"registration/{person_id}/{seq}".encode()))
    return Registration(
        person_id, valid_from, household, relation, code, name, address, registration_type, former, status, event_idx
    )
