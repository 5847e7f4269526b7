"""What is told of who waits: applications in the order of the plan, questions to collectives, rows that fit nobody?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from api.answers.events import Day, Hash, OfficerIn, PersonId, Strict, Words
from registry import china, masks, parties
from registry.decisions.asking import QUESTIONS
from registry.membership_queries import queries
from registry.police import unmatched
from registry.settlement import membership_answers, queue
from registry.settlement.life import Desk

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from api.asked import Moment
    from registry.decisions.facts import Known
    from registry.store.engines import Store

_KNOWN: dict[str, Known] = {"yes": True, "no": False, "unknown": None}
Said = Literal["yes", "no", "unknown"]


class WaitingIn(Strict):
    """An application that waits; what decides its place in the queue is taken as declared."""

    question: Words = Field(examples=["settle-in-banner"])
    name: Words = Field(min_length=1)
    paper: Hash
    person: PersonId | Literal[""] = ""
    in_stock: Said = "unknown"
    able_in_town: Said = "unknown"
    in_town_since: Day | None = None
    category: Words = Field(default="", examples=[""])


class CollectiveAnswerIn(Strict):
    """What a collective wrote back about a newborn: the question, yes or no, the paper's hash and day, and why."""

    event: int = Field(ge=0, le=2**53 - 1)
    person: PersonId
    collective: PersonId
    said: Literal["yes", "no"]
    dated: Day
    paper: Hash
    reason: Words = ""
    officer: OfficerIn


class WithdrawnIn(Strict):
    """An application that is taken back, or whose event was recorded (its place in the log)."""

    application: PersonId
    event: int | None = Field(default=None, ge=0, le=2**53 - 1)
    reason: Words = ""


def apply(store: Store, sent: WaitingIn) -> dict[str, Any]:
    """Take an application in. UnknownQuestionError."""
    application = queue.apply(
        store,
        sent.question,
        name=sent.name,
        paper=sent.paper,
        person=sent.person,
        in_stock=_KNOWN[sent.in_stock],
        able_in_town=_KNOWN[sent.able_in_town],
        in_town_since=sent.in_town_since,
        category=sent.category,
    )
    return {"application": application}


def leave(store: Store, sent: WithdrawnIn) -> dict[str, Any]:
    """Take an application out. ApplicationNotFoundError."""
    queue.leave(store, sent.application, event_idx=sent.event, reason=sent.reason)
    return {"application": sent.application}


def applications(store: Store, connection: Connection) -> dict[str, Any]:
    """Who waits, first first, names masked."""
    found = queue.waiting(store, connection, china.today(store))
    return {
        "applications": [
            {
                "application": each.id,
                "place": place,
                "priority": each.priority,
                "question": each.question,
                "name": {"zh": QUESTIONS[each.question].zh, "en": QUESTIONS[each.question].en},
                "who": masks.shown("name", each.name),
                "person": each.person or None,
                "received_at": each.waiting.received,
            }
            for place, each in enumerate(found, start=1)
        ]
    }


def asked_of_collectives(store: Store, connection: Connection, at: Moment) -> dict[str, Any]:
    """The questions about newborns put up to a day, as known; the child masked."""
    found = [query for query in queries(connection, at.known_at) if query.asked_on <= at.valid_at]
    back = membership_answers.answers(store, connection, valid_at=at.valid_at, known_at=at.known_at)
    who = parties.identities(connection, store.vault, [query.person_id for query in found])
    units = parties.organisations(connection, [query.collective_id for query in found])
    return {
        "as_of": at.facts(),
        "queries": [
            {
                "event": query.event_idx,
                "person": query.person_id,
                "who": masks.shown("name", who[query.person_id].name),
                "collective": query.collective_id,
                "collective_name": units[query.collective_id].name,
                "asked_on": query.asked_on,
                "answered": query.answered,
                "answer": _answer_facts(back.get(query.key, [])),
            }
            for query in found
        ],
    }


def answer_of_collective(store: Store, sent: CollectiveAnswerIn) -> dict[str, Any]:
    """Keep a collective's answer; no right and no membership is written. NoSuchQuestionError, AnswerUngroundedError."""
    who = sent.officer.officer()
    kept = membership_answers.answer(
        store,
        (sent.event, sent.person, sent.collective),
        sent.said,
        dated=sent.dated,
        paper=sent.paper,
        reason=sent.reason,
        desk=Desk(who.name, who.bureau),
    )
    return {"id": kept, "said": sent.said, "object": membership_answers.way_to_object(sent.dated) if sent.said == "no" else None}


def _answer_facts(found: list[membership_answers.Answer]) -> dict[str, Any] | None:
    """The answer that stands, without its reason, which can name people; a "no" with the way to object."""
    if not found:
        return None
    last = found[-1]
    return {
        "id": last.id,
        "said": last.said,
        "dated": last.dated,
        "paper": last.paper,
        "object": membership_answers.way_to_object(last.dated) if last.said == "no" else None,
    }


def unmatched_rows(store: Store, connection: Connection) -> dict[str, Any]:
    """The rows of the police network that fit nobody yet, masked."""
    return {"rows": [row.shown() for row in unmatched(store, connection)]}
