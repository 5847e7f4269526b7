"""What is told of who waits: applications in the order of the plan, questions to collectives, rows that fit nobody?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from api.answers.events import Day, Hash, PersonId, Strict, Words
from registry import parties, statement
from registry.decisions.asking import QUESTIONS
from registry.membership_queries import queries
from registry.police import unmatched
from registry.settlement import queue

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
    )
    return {"application": application}


def leave(store: Store, sent: WithdrawnIn) -> dict[str, Any]:
    """Take an application out. ApplicationNotFoundError."""
    queue.leave(store, sent.application, event_idx=sent.event, reason=sent.reason)
    return {"application": sent.application}


def applications(store: Store, connection: Connection) -> dict[str, Any]:
    """Who waits, first first, names masked."""
    found = queue.waiting(store, connection, statement.today(store))
    return {
        "applications": [
            {
                "application": each.id,
                "place": place,
                "priority": each.priority,
                "question": each.question,
                "name": {"zh": QUESTIONS[each.question].zh, "en": QUESTIONS[each.question].en},
                "who": parties.masked_name(each.name),
                "person": each.person or None,
                "received_at": each.waiting.received,
            }
            for place, each in enumerate(found, start=1)
        ]
    }


def asked_of_collectives(store: Store, connection: Connection, at: Moment) -> dict[str, Any]:
    """The questions about newborns put up to a day, as known; the child masked."""
    found = [query for query in queries(connection, at.known_at) if query.asked_on <= at.valid_at]
    who = parties.identities(connection, store.vault, [query.person_id for query in found])
    units = parties.organisations(connection, [query.collective_id for query in found])
    return {
        "as_of": at.facts(),
        "queries": [
            {
                "event": query.event_idx,
                "person": query.person_id,
                "who": parties.masked_name(who[query.person_id].name),
                "collective": query.collective_id,
                "collective_name": units[query.collective_id].name,
                "asked_on": query.asked_on,
                "answered": query.answered,
            }
            for query in found
        ],
    }


def unmatched_rows(store: Store, connection: Connection) -> dict[str, Any]:
    """The rows of the police network that fit nobody yet, masked."""
    return {"rows": [row.shown() for row in unmatched(store, connection)]}
