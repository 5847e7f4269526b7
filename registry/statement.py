"""What does a settled person hold now, what did they hold before, and did the move change any of it (权益保留证明)?

One document: registration now and before, each right with its verdict, membership, benefits, duties, and the size and
root of the log it was read at. What hangs on another row of the same person (`same_person`) stands in it, and that it does
is said. Who asks decides how much of a personal field stands in it (`masks`); the set of rights never depends on who asks.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from registry import masks, parties, residence, same_person
from registry.china import today
from registry.errors import SanquanError
from registry.guarantee import explain
from registry.guarantee import reach as reaching
from registry.guarantee.compare import Guarantee, ThingVerdict, guarantee
from registry.guarantee.projection import Projection
from registry.guarantee.reach import Reach
from registry.law import causes
from registry.ledger.chain import state_at
from registry.ledger.evidence import stated_in
from registry.ledger.log import LAST, head_in
from registry.ledger.read import size
from registry.ledger.tables import THINGS
from registry.parcels.model import PARCEL
from registry.rights.compared import OF_RIGHTS, head_line, last_compared_in
from registry.rights.model import RIGHT
from registry.store.asking import ask_all

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.engine import Connection

    from registry.guarantee.explain import Text
    from registry.ledger.nouns import Version
    from registry.masks import Reader
    from registry.residence import HouseholdEvent, Registration
    from registry.rights.compared import Compared
    from registry.same_person import Linked
    from registry.store.asking import Question, Rows
    from registry.store.engines import Store

# The event a statement is about: the latest move to town; without one the latest other event about the person.
_SETTLEMENTS = ("settled-in-banner", "settled-from-outside", "collective-household-joined")
# Taking over a roster or mending a number moved nobody: there is nothing to compare across.
_NO_MOVES = ("type-unified", "identity-corrected", "identity-merged", "event-cancelled")


class PersonNotFoundError(SanquanError):
    """Raised when nobody of this id is in the register."""

    def __init__(self) -> None:
        """Nothing of the question is repeated."""
        super().__init__("登记库里没有这个人: 核对编号", "no such person in the register: check the id")


def statement(
    store: Store,
    connection: Connection,
    person_id: str,
    *,
    valid_at: str | None = None,
    known_at: int | None = None,
    event_idx: int | None = None,
    reader: Reader = "desk",
) -> dict[str, Any]:
    """The statement as of a day, as known at a ledger size (default: today, now). PersonNotFoundError.

    `event_idx` chooses a household event; by default the latest settlement that was not cancelled. `reader`: who sees it.
    """
    day = valid_at or today(store)
    known = size(connection) if known_at is None else known_at
    last, identity, links, *of_row = ask_all(
        connection,
        (LAST, {"last": known - 1}),
        (parties.IDENTITIES, {"persons": [person_id]}),
        (same_person.LINKS, same_person.known(known)),
        *_of_row(person_id, known),
    )
    linked = same_person.linked_in(links, person_id, day)
    persons = (person_id, *(other.person_id for other in linked))
    events, registered, permitted, own = _with_other_rows(connection, of_row, linked, known)
    head = head_in(store, connection, known, last)
    who = parties.identities_in(store.vault, identity).get(person_id)
    if who is None:
        raise PersonNotFoundError
    event = _event(residence.events_in(events), day, event_idx)
    of_event = [] if event is None else [row[-3:] for row in events if row[0] == event.idx and row[-1] is not None]
    once = {thing_id: thing for person in persons for thing_id, thing in stated_in(store, of_event, person).items()}
    named = reaching.named(connection, *persons, stated=once, of_person=own)
    compared = (OF_RIGHTS, {"rights": named.rights, "known": head.size})
    acts = () if event is None else (reaching.behind(named, event.idx),)
    found, (comparisons, *entries) = reaching.read(connection, named, compared, *acts)
    answer = (
        None
        if event is None
        else guarantee(
            store, connection, person_id, event, valid_at=day, known_at=head.size, found=found, entries=entries[0]
        )
    )
    return {
        "document": {"zh": "权益保留证明", "en": "retained-rights statement"},
        "person": {
            "id": person_id,
            **masks.person(who, reader),
            "review": list(who.flags),
        },
        "linked": linked_facts(linked),
        "valid_at": day,
        "registration": _registrations(residence.registrations_in(store.vault, registered), event, day, reader),
        "permits": residence.permits_in(permitted),
        "event": None if event is None else event_facts(event),
        **(_no_event() if answer is None else guarantee_facts(answer)),
        "rights": with_comparisons(rights_of(found, day, head.size), last_compared_in(comparisons)),
        "ledger": {"size": head.size, "root": head.root, "state_root": head.st, "recorded_at": head.recorded_at},
    }


def linked_facts(linked: Sequence[Linked]) -> list[dict[str, Any]]:
    """The other rows of a person, whose rights stand beside their own: since when the two are one, by which event."""
    return [{"id": other.person_id, "since": other.since, "event": other.event_idx} for other in linked]


def guarantee_facts(answer: Guarantee) -> dict[str, Any]:
    """The verdicts of a guarantee as plain values."""
    words = explain.verdict_words(answer.verdict)
    return {
        "verdict": answer.verdict,
        "verdict_text": _both(words),
        "things": [thing_facts(t) for t in answer.things],
        "begun_since": [thing_facts(t) for t in answer.begun_since],
        "compares": _both(answer.compares),
        "left_out": _both(answer.left_out),
        "vouched": None if answer.vouched is None else _both(answer.vouched),
    }


def thing_facts(verdict: ThingVerdict) -> dict[str, Any]:
    """One verdict with the states that were compared."""
    due = None
    if verdict.extension_due and verdict.now is not None:
        due = _both(explain.extension_due(dt.date.fromisoformat(verdict.now["term_end"])))
    return {
        "noun": verdict.noun,
        "id": verdict.thing_id,
        "thing": verdict.thing,
        "name": _both(explain.thing_words(verdict.thing)),
        "verdict": verdict.verdict,
        "text": _both(verdict.text),
        "changes": [
            {
                "kind": c.kind,
                "what": {"zh": c.zh, "en": c.en},
                "act_day": c.act_day.isoformat(),
                "recorded_at": c.recorded_at.isoformat(),
                "fields": list(c.fields),
                "evidence": list(c.evidence),
                "consents": list(c.consents),
                "payment": c.payment,
            }
            for c in verdict.changes
        ],
        "differs": list(verdict.differs),
        "row": verdict.row,
        "then": _shown(verdict.then),
        "then_known_now": _shown(verdict.then_known_now),
        "now": _shown(verdict.now),
        "extension_due": due,
    }


def _shown(projection: Projection | None) -> Projection | None:
    """A state as an answer shows it: compared with the remark (CYBZ) of each co-holder, printed without it.

    No extract says of somebody that she married out; the remark has no effect on any right.
    """
    if projection is None:
        return None
    lists = {name: projection[name] for name in ("co_holders", "members") if projection.get(name)}
    return projection | {
        name: [[person, relation, co_holder, alive] for person, relation, co_holder, _, alive in lines]
        for name, lines in lists.items()
    }


def rights_of(found: Reach, day: str, known_at: int | None = None) -> list[dict[str, Any]]:
    """Every right within a person's reach in its state on a day: ended ones too, marked so."""
    out = []
    for right_id, chain in found.chains[RIGHT.name].items():
        state = state_at(chain, day, known_at)
        if state is not None:
            out.append(right_facts(found, right_id, state, day, known_at))
    return sorted(out, key=lambda right: (THINGS.index(right["thing"]), right["id"]))


def right_facts(found: Reach, right_id: str, state: Version, day: str, known_at: int | None) -> dict[str, Any]:
    """One right as an answer shows it: no name in it."""
    columns = state.columns
    over = bool(columns["term_end"]) and columns["term_end"] < day and state.status != "ended"
    return {
        "id": right_id,
        "kind": state.thing.partition("-")[0],
        "thing": state.thing,
        "name": _both(explain.thing_words(state.thing)),
        "status": state.status,
        "unit_code": columns["unit_code"],
        "holder_id": columns["holder_id"],
        "co_holding": columns["co_holding"],
        "share": None
        if columns["share_numerator"] is None
        else [columns["share_numerator"], columns["share_denominator"]],
        "powers": columns["powers"].split(","),
        "term": [columns["term_start"], columns["term_end"]],
        "extension_due": over,
        "certificate": columns["certificate_number"],
        "authoritative_book": {"book": columns["book"], "number": columns["book_number"], "last_compared": None},
        "burdens": columns["burdens"],
        "parcels": [
            {
                "id": line["parcel_id"],
                "contract_area_m2": line["contract_area_m2"],
                "contract_area_mu": line["contract_area_mu"],
                **_parcel(found, line["parcel_id"], day, known_at),
            }
            for line in state.children["right_parcel"]
        ],
    }


def with_comparisons(rights: list[dict[str, Any]], compared: Mapping[str, Compared]) -> list[dict[str, Any]]:
    """The same rights, each with when it was last compared with the book that decides, and the line that says so."""
    for right in rights:
        book, last = right["authoritative_book"], compared.get(right["id"])
        book["last_compared"] = None if last is None else asdict(last)
        zh, en = head_line(book["book"], last)
        book["text"] = {"zh": zh, "en": en}
    return rights


def event_facts(event: HouseholdEvent) -> dict[str, Any]:
    """A household event as an answer shows it."""
    kind = causes.status_kinds()[event.kind]
    return {
        "idx": event.idx,
        "kind": event.kind,
        "name": {"zh": kind.zh, "en": kind.en},
        "day": event.event_day,
        "recorded_at": event.recorded_at,
        "cancelled_by": event.cancelled_by,
    }


def choose_event(events: list[HouseholdEvent]) -> HouseholdEvent | None:
    """The latest settlement that stands; without one the latest other event that stands and moved somebody."""
    standing = [e for e in events if e.cancelled_by is None and e.kind not in _NO_MOVES]
    moves = [e for e in standing if e.kind in _SETTLEMENTS]
    chosen = moves or standing
    return chosen[-1] if chosen else None


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _parcel(found: Reach, parcel_id: str, day: str, known_at: int | None) -> dict[str, Any]:
    state = state_at(found.chain(PARCEL, parcel_id), day, known_at)
    if state is None:
        return {}
    return {
        "code": state.columns["code"],
        "land_use": state.columns["land_use"],
        "surveyed_area_m2": state.columns["surveyed_area_m2"],
        "surveyed_area_mu": state.columns["surveyed_area_mu"],
    }


def _event(events: list[HouseholdEvent], day: str, event_idx: int | None) -> HouseholdEvent | None:
    # On a day before an event there is nothing yet to compare across it.
    events = [e for e in events if e.event_day <= day]
    if event_idx is not None:
        return next((e for e in events if e.idx == event_idx), None)
    return choose_event(events)


def _of_row(person_id: str, known: int) -> tuple[tuple[Question, dict[str, Any]], ...]:
    """What is asked about each row of a person."""
    of_person = residence.of(person_id, known)
    return (
        (residence.EVENTS, of_person),
        (residence.REGISTRATIONS, of_person),
        (residence.PERMITS, of_person),
        (reaching.OF_PERSON, reaching.of(person_id)),
    )


def _with_other_rows(connection: Connection, own: Sequence[Rows], linked: Sequence[Linked], known: int) -> list[Rows]:
    """The answers about a person's own row and about each other one, each line once; the others cost one round trip more."""
    asked = [question for other in linked for question in _of_row(other.person_id, known)]
    answers = [*own, *ask_all(connection, *asked)]
    return [list(dict.fromkeys(row for rows in answers[n :: len(own)] for row in rows)) for n in range(len(own))]


def _registrations(
    rows: Sequence[Registration], event: HouseholdEvent | None, day: str, reader: Reader
) -> dict[str, Any]:
    now = _standing([r for r in rows if r.valid_from <= day])
    before = None
    if event is not None:
        earlier = (event.event_day, event.idx)
        before = _standing([r for r in rows if (r.valid_from, r.event_idx) < earlier])
    return {"now": registration_facts(now, reader), "before": registration_facts(before, reader)}


def _standing(begun: Sequence[Registration]) -> Registration | None:
    """The registration that stands of each row; of several rows of one person one that was not cancelled goes before."""
    last = {r.person_id: r for r in sorted(begun, key=lambda r: (r.valid_from, r.event_idx))}
    return max(last.values(), key=lambda r: (r.status == "registered", r.valid_from, r.event_idx), default=None)


def registration_facts(row: Registration | None, reader: Reader) -> dict[str, Any] | None:
    """A registration as an answer shows it: the division; the address to the person alone."""
    if row is None:
        return None
    return {
        "division_code": row.division_code,
        "division_name": row.division_name,
        "registration_type": row.registration_type,
        "since": row.valid_from,
        "status": row.status,
        "address": masks.shown("address", row.address, reader),
    }


def _no_event() -> dict[str, Any]:
    return {
        "verdict": None,
        "verdict_text": {
            "zh": "没有户籍变动, 无从比对",
            "en": "no household event recorded: nothing to compare across",
        },
        "things": [],
        "begun_since": [],
        "compares": None,
        "left_out": _both(explain.what_is_not_compared()),
        "vouched": None,
    }
