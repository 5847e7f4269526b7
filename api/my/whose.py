"""Whose page does somebody read at `/my`: their own, or that of who named them (亲情代办)?

Nobody else has one: a desk reads a person elsewhere, with a purpose. What is not theirs is answered as what is not there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from registry import masks, parties
from registry.accounts.refusals import NotThereError
from registry.accounts.roles import PERSON, RELATIVE
from registry.cases import Actor as CaseActor
from registry.ledger.commit import Officer

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from registry.accounts.authorise import Actor
    from registry.store.engines import Store

SELF = "本人"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads (`actor`), of whom (`person`, an id), whether that is themself, and how their looking is written down.

    `role`: as what somebody else acts in that person's matters.
    """

    actor: Actor
    person: str
    own: bool
    officer: Officer
    role: Literal["relative", "counsel"] = "relative"

    def in_cases(self) -> CaseActor:
        """The same as the engine of cases takes it: in their own matter, or for whoever named them or is their client."""
        asks = self.actor
        role, on_behalf = ("person", "") if self.own else (self.role, self.person)
        return CaseActor(asks.account_id, self.officer.name, self.officer.bureau, role, asks.person_id or "", on_behalf)


def whose(actor: Actor, of: str) -> str:
    """The person whose page is meant: `of`, else oneself, else whoever named the reader; "" where that is nobody."""
    named = {grant.about for grant in actor.held if grant.role.id == RELATIVE and grant.about}
    own = {actor.person_id} if actor.person_id and any(grant.role.id == PERSON for grant in actor.held) else set()
    person = of or actor.person_id or (next(iter(named)) if len(named) == 1 else "")
    return person if person in own | named else ""


def reader(store: Store, connection: Connection, actor: Actor, of: str) -> Reader:
    """Who reads whose page. NotThereError."""
    person = whose(actor, of)
    if not person:
        raise NotThereError
    if person == actor.person_id:
        return Reader(actor, person, own=True, officer=Officer(SELF, ""))
    known = parties.identities(connection, store.vault, [actor.person_id or ""])
    name = masks.shown("name", known[actor.person_id].name) if actor.person_id in known else ""
    return Reader(actor, person, own=False, officer=Officer(name, "亲情代办"))
