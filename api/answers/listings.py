"""When was a person listed, when did they vanish, on whose paper, did they sign; which children; what had they each year?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.answers import persons
from registry import parties
from registry.guarantee.explain import thing_words, what_is_not_compared
from registry.guarantee.reach import reach
from registry.listings import NOT_KNOWN, children, history, years
from registry.same_person import same_as
from registry.statement import PersonNotFoundError

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from api.asked import Moment
    from registry.listings import Child, Line, Year
    from registry.masks import Reader
    from registry.store.engines import Store

Answer = dict[str, Any]


def listings(store: Store, connection: Connection, person_id: str, at: Moment, reader: Reader = "desk") -> Answer:
    """Every act upon a list of theirs, children, years; that nothing is listed proves nothing. PersonNotFoundError."""
    who = parties.identities(connection, store.vault, [person_id]).get(person_id)
    if who is None:
        raise PersonNotFoundError
    found = reach(connection, *same_as(connection, person_id, at.known_at, at.valid_at), geometry=False)
    lines = history(store, connection, found, at.known_at)
    # Nobody is told more of a child than a desk is, the person beside them neither.
    masked: Reader = "relative" if reader == "own" else reader
    minors = children(store, connection, found, valid_at=at.valid_at, known_at=at.known_at, reader=masked)
    left_out = what_is_not_compared()
    return {
        "person": persons.person_facts(person_id, who, reader),
        "as_of": at.facts(),
        "lines": [_line(line) for line in lines],
        "children": [_child(child) for child in minors],
        "years": [_year(year) for year in years(store, connection, found, valid_at=at.valid_at, known_at=at.known_at)],
        "not_known": {"zh": NOT_KNOWN[0], "en": NOT_KNOWN[1]},
        "left_out": {"zh": left_out.zh, "en": left_out.en},
        "ledger": persons.ledger_facts(store, connection, at),
    }


def _line(line: Line) -> Answer:
    zh, en = line.said
    name_zh, name_en = line.name
    return {
        "noun": line.noun,
        "id": line.thing_id,
        "thing": line.thing,
        "name": {"zh": name_zh, "en": name_en},
        "code": line.code or None,
        "what": line.what,
        "text": {"zh": zh, "en": en},
        "kind": line.kind,
        "act": {"zh": line.zh, "en": line.en},
        "day": line.day,
        "recorded_at": line.recorded_at,
        "entry": line.entry,
        "basis": list(line.basis),
        "sources": list(line.sources),
        "bureau": line.bureau,
        "needs_consent": line.needs_will,
        "signed": line.signed,
        "signed_for": line.signed_for,
    }


def _child(child: Child) -> Answer:
    return {"name": child.name, "id": child.thing_id, "code": child.code, "listed": child.listed, "conflict": child.conflict}


def _year(year: Year) -> Answer:
    return {
        "day": year.day,
        "held": [
            {
                "id": one.right_id,
                "thing": one.thing,
                "name": {"zh": thing_words(one.thing).zh, "en": thing_words(one.thing).en},
                "contract_area_mu": None if one.mu is None else str(one.mu),
                "share": None if one.share is None else list(one.share),
            }
            for one in year.held
        ],
        "let": [{"id": one.right_id, "term": [one.term_start, one.term_end or None], "paid": one.paid or None} for one in year.let],
    }
