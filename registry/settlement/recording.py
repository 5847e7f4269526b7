"""How is a household event recorded: a family settles in town, a student leaves, a birth, a divorce?

An event reads rights to state them, decides nothing about them and can't write them: it runs under the status session.
The same event sent twice acts once (its key); an event is stored wholly or not at all. It carries the rule it rests on and
what was decided (`registry.decisions`); that people applied for themselves is asked by whoever takes applications (`wills`).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from registry import particulars, parties, residence, same_person
from registry.guarantee.reach import within_reach
from registry.law import causes
from registry.ledger.beside import row_digests
from registry.ledger.position import position
from registry.ledger.status import append_status_event, status_session
from registry.membership_queries import MEMBERSHIP_QUERY, collectives_of
from registry.particulars import PARTICULARS
from registry.residence import (
    ACTUAL_RESIDENCE,
    EVENT_PERSON,
    HOUSEHOLD_EVENT,
    HUKOU_REGISTRATION,
    RESIDENCE_PERMIT,
    Registration,
)
from registry.same_person import SAME_PERSON
from registry.settlement.event import (
    BIRTHS,
    Event,
    NotCancellableError,
    Recorded,
    UnknownEventError,
    UnknownPersonError,
)
from registry.settlement.known import holds_permit
from registry.store.asking import Question, ask
from registry.store.bulk import insert_all

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Table
    from sqlalchemy.engine import Connection

    from registry.ledger.status import StatusSession
    from registry.parties import Row
    from registry.store.engines import Store

_RECORDED = Question(sa.select(HOUSEHOLD_EVENT.c.event_idx).where(HOUSEHOLD_EVENT.c.event_key == sa.bindparam("key")))


def record(store: Store, event: Event, officer_name: str, bureau: str) -> Recorded:
    """Record one event in one transaction of its own; see `record_within` for several."""
    with status_session(store) as session:
        done = record_within(session, event, officer_name, bureau)
        session.connection.commit()
        return done


def record_within(session: StatusSession, event: Event, officer_name: str, bureau: str) -> Recorded:
    """Record one event inside a status session that the caller commits.

    Raises UnknownEventError, UnknownPersonError, NotCancellableError; nothing is half-written.
    """
    if event.kind not in causes.status_kinds():
        raise UnknownEventError(event.kind)
    connection, store = session.connection, session.store
    key = event_key(store, event)
    before = ask(connection, _RECORDED, {"key": key})
    if before:
        return Recorded(before[0][0], repeated=True)
    for person in _named(event):
        if not parties.exists(connection, person):
            raise UnknownPersonError
    _check_cancelling(connection, event)
    entry = position(connection).size
    new_people = [parties.person_rows(store.vault, store.randomness, entry, who) for who in event.newcomers]
    ids = tuple(person_id for person_id, _ in new_people)
    event = _asking_about_children(connection, _with_newcomers(event, ids), ids)
    event = _ending_permits(session, event)
    people_rows = [row for _, rows in new_people for row in rows] + _identity_rows(session, event, entry)
    head_row, beside = _event_row(event, entry, key), _beside_rows(session, event, entry)
    values = _values(event, officer_name, bureau, row_digests([*people_rows, head_row, *beside]))
    idx = append_status_event(session, event.kind, values | {"event.unchanged": _stated(connection, event)})
    _write(connection, [*people_rows, head_row, *beside])
    _write_event(session, event, idx)
    return Recorded(idx, repeated=False, newcomers=ids)


def settle_family(
    store: Store,
    people: Sequence[str],
    *,
    day: str,
    town: Registration,
    officer_name: str,
    bureau: str = "公安局",
    evidence: tuple[str, ...] = (),
    key: str = "",
) -> Recorded:
    """Record that these people took up an urban registration (plan II.1.1): one event, everybody's new registration.

    `town` gives hukou household, division and address; its person, relation and day are set for each. Each adult
    settles on their own signed application (plan I.2.2): `people` are those who applied. Nothing is decided here, and no
    application is asked for: who takes them in goes by `filing` or `wills`.
    """
    with store.reading() as connection:
        relations = {p: _relation(connection, store, p, day) for p in people}
    rows = tuple(replace(town, person_id=p, valid_from=day, relation=relations[p]) for p in people)
    event = Event(
        kind="settled-in-banner",
        day=day,
        people=tuple(people),
        registrations=rows,
        basis="乌审旗进一步推进户籍制度改革实施方案 二(一)1",
        evidence=evidence,
        key=key,
    )
    return record(store, event, officer_name, bureau)


def _relation(connection: Connection, store: Store, person: str, day: str) -> str:
    before = residence.registration_at(connection, store.vault, person, day)
    return before.relation if before else ""


def event_key(store: Store, event: Event) -> bytes:
    """By what a repeated message is known: the sender's key, or the whole content."""
    content = event.key or json.dumps(
        [
            event.kind,
            event.day,
            sorted(event.people),
            [_registration_values(r) for r in event.registrations],
            sorted((p, *v) for p, v in event.permits.items()),
            sorted((p, i.name, i.id_number) for p, i in event.identities.items()),
            [[i.name, i.id_number] for i in event.newcomers],
            event.cancels,
            # What an event seldom has: without it the key stays that of the event as it always was.
            *([_beside_values(event)] if event.residences or event.same_as else []),
            *([_particulars_values(event)] if event.particulars else []),
        ],
        ensure_ascii=False,
    )
    return hashlib.sha256(store.vault.blind("event", content)).digest()


def _asking_about_children(connection: Connection, event: Event, children: tuple[str, ...]) -> Event:
    """A child of members is a question to each of their collectives, and no member by birth alone."""
    if event.kind not in BIRTHS or event.queries:
        return event
    # A parent may be a member under another row of theirs that the police found to be the same person.
    parents = {row for person in event.people for row in same_person.same_as(connection, person, valid_at=event.day)}
    asked = collectives_of(connection, parents)
    return replace(event, queries=tuple((child, collective) for child in children for collective in asked))


def _ending_permits(session: StatusSession, event: Event) -> Event:
    """A permit ends on the day on which the registration moves into the banner: one person, one basis (plan II.2.2)."""
    if event.kind == "type-unified":  # it moves nobody
        return event
    banner = session.store.settings.banner_code
    moved = {r.person_id for r in event.registrations if r.status == "registered" and r.division_code.startswith(banner)}
    # A permit that was issued under another row of theirs ends too.
    links = ask(session.connection, same_person.LINKS, same_person.known(None)) if moved else []
    ending = {
        row: ("lapsed", r.division_code)
        for r in event.registrations
        if r.person_id in moved
        for row in (r.person_id, *(other.person_id for other in same_person.linked_in(links, r.person_id, event.day)))
        if row not in event.permits and holds_permit(session.store, session.connection, row, event.day)
    }
    return replace(event, permits={**event.permits, **ending}) if ending else event


def _beside_values(event: Event) -> list[Any]:
    lives = [[r.person_id, r.valid_from, r.division_code, r.address] for r in event.residences]
    return [lives, sorted(sorted(pair) for pair in event.same_as)]


def _particulars_values(event: Event) -> list[list[str]]:
    return sorted([person, said.nationality, said.education] for person, said in event.particulars.items())


def _named(event: Event) -> set[str]:
    """Everybody whom the event names and does not bring."""
    named = {*event.people, *event.permits, *event.identities, *(p for pair in event.same_as for p in pair)}
    named |= {r.person_id for r in event.registrations} | {r.person_id for r in event.residences} | set(event.particulars)
    named |= {p for a in event.applications for p in (a.person_id, a.signed_by)}
    named |= {party for query in event.queries for party in query}
    return {person for person in named if not person.startswith("new:")}


def _with_newcomers(event: Event, ids: tuple[str, ...]) -> Event:
    known = {f"new:{n}": person_id for n, person_id in enumerate(ids)}

    def named(person: str) -> str:
        return known.get(person, person)

    return replace(
        event,
        people=(*event.people, *ids),
        registrations=tuple(replace(r, person_id=named(r.person_id)) for r in event.registrations),
        permits={named(person): state for person, state in event.permits.items()},
        residences=tuple(replace(r, person_id=named(r.person_id)) for r in event.residences),
        particulars={named(person): said for person, said in event.particulars.items()},
        queries=tuple((named(person), collective) for person, collective in event.queries),
        applications=tuple(
            replace(a, person_id=named(a.person_id), signed_by=named(a.signed_by)) for a in event.applications
        ),
        decided=tuple({**each, "person": named(each["person"])} for each in event.decided),
    )


def _check_cancelling(connection: Connection, event: Event) -> None:
    if (event.kind == "event-cancelled") != (event.cancels is not None):
        raise NotCancellableError(event.cancels)
    if event.cancels is None:
        return
    known = connection.scalar(sa.select(HOUSEHOLD_EVENT.c.kind).where(HOUSEHOLD_EVENT.c.event_idx == event.cancels))
    again = connection.scalar(sa.select(HOUSEHOLD_EVENT.c.kind).where(HOUSEHOLD_EVENT.c.cancels_idx == event.cancels))
    if known is None or again is not None:
        raise NotCancellableError(event.cancels)


def _values(event: Event, officer_name: str, bureau: str, rows: list[str]) -> dict[str, Any]:
    return {
        "event.basis": event.basis,
        "event.day": event.day,
        "event.desk": [officer_name, bureau],
        "event.evidence": list(event.evidence),
        "event.facts": {
            "registrations": [_registration_values(r) for r in event.registrations],
            "permits": sorted([p, *v] for p, v in event.permits.items()),
            "identities": sorted([p, i.name, i.id_number] for p, i in event.identities.items()),
            "cancels": event.cancels,
            "rows": rows,
            **({"applications": sorted(_applied(event))} if event.applications else {}),
            **({"decided": [dict(each) for each in event.decided]} if event.decided else {}),
        },
        "event.kind": event.kind,
        "event.people": sorted(event.people),
    }


def _applied(event: Event) -> list[list[str]]:
    return [
        [a.person_id, a.paper, a.signed_by, *([a.court_decision] if a.guardianship else [])] for a in event.applications
    ]


def _stated(connection: Connection, event: Event) -> list[list[Any]]:
    """What each person has that the event leaves as it is: a row that is altered or removed later is then missed.

    Each row that is one of these people is stated by itself, so that a link that is cancelled takes nothing along. The
    unification of types (II.2.1) is everybody's event and nobody's move: it states nothing.
    """
    if event.kind == "type-unified":
        return []
    links = ask(connection, same_person.LINKS, same_person.known(None))
    rows = {other.person_id for person in event.people for other in same_person.linked_in(links, person, event.day)}
    return [
        [row, [list(thing) for thing in within_reach(connection, row).items()]] for row in sorted(rows | set(event.people))
    ]


def _registration_values(row: Registration) -> list[str]:
    return [
        row.person_id,
        row.valid_from,
        row.status,
        row.hukou_household,
        row.relation,
        row.division_code,
        row.division_name,
        row.address,
        row.registration_type,
        row.former_type,
    ]


def _write(connection: Connection, rows: Sequence[tuple[Table, Row]]) -> None:
    insert_all(connection, [(table, list(row), [tuple(row.values())]) for table, row in rows])


def _event_row(event: Event, idx: int, key: bytes) -> tuple[Table, Row]:
    return HOUSEHOLD_EVENT, {
        "event_idx": idx,
        "cls": "H",
        "kind": event.kind,
        "event_day": event.day,
        "event_key": key,
        "cancels_idx": event.cancels,
    }


def _identity_rows(session: StatusSession, event: Event, idx: int) -> list[tuple[Table, Row]]:
    store, rows = session.store, []
    for person, who in sorted(event.identities.items()):
        seq = parties.latest_seq(session.connection, person) + 1
        known = parties.identity_row(store.vault, store.randomness, idx, person, seq, replace(who, origin="police"))
        rows.append((parties.PERSON_IDENTITY, known))
    return rows


def _beside_rows(session: StatusSession, event: Event, idx: int) -> list[tuple[Table, Row]]:
    store, rows = session.store, list[tuple["Table", "Row"]]()
    for row in event.residences:
        seq = _next_seq(session.connection, ACTUAL_RESIDENCE, row.person_id)
        rows.append((ACTUAL_RESIDENCE, residence.residence_row(store.vault, row, seq, idx, store.randomness.nonce())))
    for person, said in sorted(event.particulars.items()):
        seq = _next_seq(session.connection, PARTICULARS, person)
        nonce = store.randomness.nonce()
        rows.append((PARTICULARS, particulars.particulars_row(store.vault, person, said, seq, idx, event.day, nonce)))
    for person, collective in sorted(set(event.queries)):
        rows.append((MEMBERSHIP_QUERY, {"event_idx": idx, "person_id": person, "collective_id": collective}))
    rows += [(SAME_PERSON, row) for row in same_person.rows_of(idx, event.same_as)]
    return rows


def _write_event(session: StatusSession, event: Event, idx: int) -> None:
    connection, store = session.connection, session.store
    rows: list[tuple[Table, Row]] = []
    rows += [(EVENT_PERSON, {"event_idx": idx, "person_id": p}) for p in sorted(set(event.people))]
    for row in event.registrations:
        seq = _next_seq(connection, HUKOU_REGISTRATION, row.person_id)
        sealed = residence.sealed_address(store.vault, row, seq, store.randomness.nonce())
        rows.append(
            (
                HUKOU_REGISTRATION,
                {
                    "person_id": row.person_id,
                    "seq": seq,
                    "event_idx": idx,
                    "valid_from": row.valid_from,
                    "status": row.status,
                    "hukou_household": row.hukou_household,
                    "relation": row.relation,
                    "division_code": row.division_code,
                    "division_name": row.division_name,
                    "registration_type": row.registration_type,
                    "sealed": sealed,
                },
            )
        )
    for person, (status, division) in sorted(event.permits.items()):
        seq = _next_seq(connection, RESIDENCE_PERMIT, person)
        rows.append(
            (
                RESIDENCE_PERMIT,
                {
                    "person_id": person,
                    "seq": seq,
                    "event_idx": idx,
                    "valid_from": event.day,
                    "status": status,
                    "division_code": division,
                },
            )
        )
    _write(connection, rows)


def _next_seq(connection: Connection, table: Table, person: str) -> int:
    ((found,),) = ask(connection, _last_seq(table), {"person": person})
    return (found or 0) + 1


@cache
def _last_seq(table: Table) -> Question:
    return Question(sa.select(sa.func.max(table.c.seq)).where(table.c.person_id == sa.bindparam("person")))
