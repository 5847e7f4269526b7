"""Who is meant by a number, and what of a person may be told: statement, rights, registrations, guarantee?

Who asks decides how much of a name, a number, an address they see (`registry.masks`).
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Literal

from registry import masks, particulars, parties, residence
from registry import statement as statements
from registry.decisions.permits import standing
from registry.errors import SanquanError
from registry.guarantee.compare import guarantee as compare
from registry.guarantee.reach import reach
from registry.ledger.log import head_of
from registry.ledger.read import size
from registry.remarks import remarks_of
from registry.rights.compared import last_compared
from registry.same_person import linked_to, same_as
from registry.settlement.known import permit_held
from registry.statement import PersonNotFoundError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection

    from api.asked import Moment
    from registry.ledger.commit import Officer
    from registry.masks import Reader
    from registry.parties import Identity
    from registry.proofs.retained import OnPaper
    from registry.residence import HouseholdEvent
    from registry.store.engines import Store

Answer = dict[str, Any]


class EventNotFoundError(SanquanError):
    """Raised when no household event stands at this place of the log, or none about this person."""

    def __init__(self) -> None:
        """Which one was asked for is in the question."""
        super().__init__(
            "账本的这一条不是(此人的)户籍事件: 先查 registrations 里的 events",
            "no household event (of this person) stands at that place of the log: see events in registrations",
        )


class NoEventError(SanquanError):
    """Raised when a guarantee is asked for and no household event is recorded that it could be about."""

    def __init__(self) -> None:
        """Nothing to compare across."""
        super().__init__(
            "此人没有户籍变动, 无从比对; 看 statement 和 rights",
            "no household event is recorded of this person: nothing to compare across; see statement and rights",
        )


def persons(store: Store, connection: Connection, person_ids: list[str]) -> Answer:
    """Masked persons in the order given; unknown ones are left out."""
    known = parties.identities(connection, store.vault, person_ids)
    return {"persons": [person_facts(p, known[p]) for p in person_ids if p in known]}


def by_number(store: Store, connection: Connection, id_number: str) -> Answer:
    """Everybody who has, had or may have this ID number; usually one."""
    return persons(store, connection, parties.find_by_number(connection, store.vault, id_number))


def by_name(store: Store, connection: Connection, name: str) -> Answer:
    """Everybody with exactly this name."""
    return persons(store, connection, parties.find_by_name(connection, store.vault, name))


def person_facts(person_id: str, who: Identity, reader: Reader = "desk") -> Answer:
    """One person as a reader sees them; `review` says what a person of the police must look at."""
    return {
        "id": person_id,
        **masks.person(who, reader),
        "review": list(who.flags),
    }


def statement(
    store: Store, connection: Connection, person_id: str, at: Moment, event: int | None = None, reader: Reader = "desk"
) -> Answer:
    """The 权益保留证明. PersonNotFoundError, EventNotFoundError."""
    if event is not None:
        _chosen(connection, same_as(connection, person_id, at.known_at, at.valid_at), at.known_at, event)
    return statements.statement(
        store, connection, person_id, valid_at=at.valid_at, known_at=at.known_at, event_idx=event, reader=reader
    )


def statement_on_paper(
    store: Store,
    person_id: str,
    event: int | None,
    officer: Officer,
    purpose: str,
    *,
    form: Literal["json", "pdf"],
    reader: Reader = "paper",
    host: str = "",
) -> OnPaper:
    """The same as a file with its proof, logged. PersonNotFoundError, EventNotFoundError, what `retained.on_paper` raises."""
    from registry.proofs import retained  # typesetting takes as long to load as a short command takes

    if event is not None:
        with store.reading() as connection:
            _chosen(connection, same_as(connection, person_id), size(connection), event)
    return retained.on_paper(store, retained.Wanted(person_id, officer, purpose, event, form, reader, host))


def rights(store: Store, connection: Connection, person_id: str, at: Moment, reader: Reader = "desk") -> Answer:
    """Every right within a person's reach on the day, ended ones marked so. PersonNotFoundError."""
    who = _known(store, connection, person_id, reader)
    linked = linked_to(connection, person_id, valid_at=at.valid_at, known_at=at.known_at)
    found = reach(connection, person_id, *(other.person_id for other in linked), geometry=False)
    held = statements.rights_of(found, at.valid_at, at.known_at)
    said = remarks_of(store, connection, [right["id"] for right in held], at.known_at)
    for right in held:
        right["remarks"] = list(said.get(right["id"], ()))
    return {
        "person": who,
        "linked": statements.linked_facts(linked),
        "as_of": at.facts(),
        "rights": statements.with_comparisons(
            held, last_compared(connection, [right["id"] for right in held], at.known_at)
        ),
        "ledger": ledger_facts(store, connection, at),
    }


def registrations(store: Store, connection: Connection, person_id: str, at: Moment, reader: Reader = "desk") -> Answer:
    """Where a person was and is registered, permits, and the events behind. PersonNotFoundError.

    Of 民族 and 文化程度 it is told since when they are stated, never what.
    """
    who = _known(store, connection, person_id, reader)
    rows = residence.registrations(connection, store.vault, person_id, at.known_at)
    now = residence.registration_at(connection, store.vault, person_id, at.valid_at, at.known_at)
    every = same_as(connection, person_id, at.known_at, at.valid_at)
    since = particulars.stated_since(store, connection, every, valid_at=at.valid_at, known_at=at.known_at)
    return {
        "person": who,
        "as_of": at.facts(),
        "now": statements.registration_facts(now, reader),
        "registrations": [statements.registration_facts(row, reader) for row in rows],
        "permits": residence.permits(connection, person_id, at.known_at),
        "particulars": {
            "nationality_since": since.nationality or None,
            "education_since": since.education or None,
        },
        "events": [statements.event_facts(e) for e in residence.events_of(connection, person_id, at.known_at)],
        "ledger": ledger_facts(store, connection, at),
    }


def permit(store: Store, connection: Connection, person_id: str, at: Moment, reader: Reader = "desk") -> Answer:
    """How a person's residence permit stands on the day. PersonNotFoundError."""
    who = _known(store, connection, person_id, reader)
    day = dt.date.fromisoformat(at.valid_at)
    now = standing(permit_held(store, connection, person_id, day, at.known_at), day)
    days = {name: getattr(now, name) for name in ("years_from", "endorse_from", "endorse_by")}
    return {
        "person": who,
        "as_of": at.facts(),
        "state": now.state,
        **{name: None if day is None else day.isoformat() for name, day in days.items()},
        "steps": residence.permits(connection, person_id, at.known_at),
        "ledger": ledger_facts(store, connection, at),
    }


def guarantee(
    store: Store, connection: Connection, person_id: str, at: Moment, event: int | None = None, reader: Reader = "desk"
) -> Answer:
    """Each thing's verdict across one event, by default the latest settlement.

    PersonNotFoundError, EventNotFoundError, NoEventError.
    """
    who = _known(store, connection, person_id, reader)
    linked = linked_to(connection, person_id, valid_at=at.valid_at, known_at=at.known_at)
    chosen = _chosen(connection, (person_id, *(other.person_id for other in linked)), at.known_at, event)
    answer = compare(store, connection, person_id, chosen, valid_at=at.valid_at, known_at=at.known_at)
    return {
        "person": who,
        "linked": statements.linked_facts(linked),
        "as_of": at.facts(),
        "event": statements.event_facts(chosen),
        **statements.guarantee_facts(answer),
        "ledger": ledger_facts(store, connection, at),
    }


def looks(store: Store, person_id: str, reader: Reader = "desk") -> Answer:
    """Who looked at a person, under each of their ids, or at everybody where they belong, newest first. PersonNotFoundError."""
    from registry.accounts.reach import ever  # as above
    from registry.looks.reading import MOST  # as above
    from registry.looks.reading import looks as read

    with store.reading() as connection:
        who = _known(store, connection, person_id, reader)
        ids = same_as(connection, person_id)
        lists, codes = ever(connection, ids)
    told = [
        {
            "at": one.at,
            "what": one.what,
            "officer": one.officer,
            "bureau": one.bureau,
            "purpose": one.purpose or None,
            "place": one.place or None,
            "zh": one.zh,
            "en": one.en,
        }
        for one in read(store, [*ids, *lists], codes)
    ]
    return {"person": who, "looks": told, "at_most": MOST}


def ledger_facts(store: Store, connection: Connection, at: Moment) -> Answer:
    """The log at the moment asked about: what a holder of the answer can check it against."""
    head = head_of(store, connection, at.known_at)
    return {"size": head.size, "root": head.root, "state_root": head.st, "recorded_at": head.recorded_at}


def _known(store: Store, connection: Connection, person_id: str, reader: Reader) -> Answer:
    who = parties.identities(connection, store.vault, [person_id]).get(person_id)
    if who is None:
        raise PersonNotFoundError
    return person_facts(person_id, who, reader)


def _chosen(connection: Connection, persons: Sequence[str], known_at: int, event: int | None) -> HouseholdEvent:
    """The event that was asked for, or the latest move, among those about any row of one person."""
    about = {e.idx: e for person in persons for e in residence.events_of(connection, person, known_at)}
    events = sorted(about.values(), key=lambda e: (e.event_day, e.idx))
    if event is None:
        chosen = statements.choose_event(events)
        if chosen is None:
            raise NoEventError
        return chosen
    if event not in about:
        raise EventNotFoundError
    return about[event]
