"""Which services does a person now have, and what is still theirs: side by side, for the page and the statement?

Two rooms that do not know each other meet here: services come from status alone, retained rights from the statement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.answers.persons import ledger_facts, person_facts
from registry import entitlements, parties
from registry import statement as statements
from registry.statement import PersonNotFoundError

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from api.asked import Moment
    from registry.masks import Reader
    from registry.store.engines import Store

Answer = dict[str, Any]
_STILL = {"zh": "还是您的, 没有变", "en": "still yours, unchanged"}


def of_person(store: Store, connection: Connection, person_id: str, at: Moment, reader: Reader = "desk") -> Answer:
    """Services with bureau, rule and first day, and each retained right: still yours. PersonNotFoundError."""
    who = parties.identities(connection, store.vault, [person_id]).get(person_id)
    if who is None:
        raise PersonNotFoundError
    moment: Answer = {"valid_at": at.valid_at, "known_at": at.known_at}
    status = entitlements.status_of(store, connection, person_id, **moment)
    told = statements.statement(store, connection, person_id, **moment)
    return {
        "person": person_facts(person_id, who, reader),
        "as_of": at.facts(),
        "status": {"kind": status.kind, "since": status.since, "suspended": status.suspended, "months": status.months(at.valid_at)},
        "services": [
            {
                "id": one.service.id,
                "zh": one.service.zh,
                "en": one.service.en,
                "bureau": one.service.bureau,
                "since": one.since,
                "rule": {"id": one.service.rule, "article": one.article, "zh": one.rule_zh, "en": one.rule_en},
                "covers": list(one.covers),
                "confirmed": one.confirmed,
                "own_conditions": one.service.own,
            }
            for one in entitlements.entitled(status, at.valid_at)
        ],
        "still_yours": _still_yours(told),
        "ledger": ledger_facts(store, connection, at),
    }


def _still_yours(told: Answer) -> list[Answer]:
    """Each thing that stands on the day, in the words of the statement's verdict where an event was compared across."""
    if told["things"]:
        return [
            {"thing": thing["thing"], "name": thing["name"], "verdict": thing["verdict"], "text": thing["text"]}
            for thing in told["things"]
            if thing["now"] is not None and thing["now"]["status"] != "ended"
        ]
    return [
        {"thing": right["thing"], "name": right["name"], "verdict": None, "text": _STILL}
        for right in told["rights"]
        if right["status"] != "ended"
    ]
