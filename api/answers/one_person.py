"""What does the supervision bureau read of one person, once: lists, rights and verdict, moves, cases, attempts, looks, questions?

Of the same answers as every other door, as a desk sees them. Whoever asks has it written down first
(`registry.supervision.one_person`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.answers import listings, persons
from api.answers.cases import summary
from api.my.matters import things_of
from registry.cases import inspecting
from registry.same_person import same_as

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from api.asked import Moment
    from registry.store.engines import Store

Answer = dict[str, Any]


def everything(store: Store, connection: Connection, person_id: str, at: Moment) -> Answer:
    """All of it. PersonNotFoundError."""
    told = persons.statement(store, connection, person_id, at)
    lists = listings.listings(store, connection, person_id, at)
    ids = same_as(connection, person_id, at.known_at, at.valid_at)
    things = dict.fromkeys([*things_of(told), *(line["id"] for line in lists["lines"])])
    cases = inspecting.concerning(store, connection, things)
    looks = persons.looks(store, person_id)["looks"]
    return {
        "person": told["person"],
        "as_of": at.facts(),
        "statement": told,
        "lines": lists["lines"],
        "left_out": lists["left_out"],
        "events": persons.registrations(store, connection, person_id, at)["events"],
        "since": _since(told),
        "cases": [summary(case) for case in cases if not inspecting.asked_by(case, ids)],
        "asked": [summary(case) for case in cases if inspecting.asked_by(case, ids)],
        "attempts": [look for look in looks if look["what"] == "refused"],
        "looks": [look for look in looks if look["what"] != "refused"],
    }


def _since(told: Answer) -> list[Answer]:
    """Every act since the move upon what was there before it (an exit, a lost membership), oldest first, and what began since."""
    acts = [
        {"day": each["act_day"], "name": thing["name"], "what": each["what"]}
        for thing in told["things"]
        for each in thing["changes"]
    ]
    begun = [{"day": "", "name": thing["name"], "what": thing["text"]} for thing in told["begun_since"]]
    return sorted(acts, key=lambda act: str(act["day"])) + begun
