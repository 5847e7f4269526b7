"""For whom does counsel act, by which letter or order, until which day?

The day is the grant's own: afterwards it stands no longer, and the page is as if it were not there. What they read is written
down with that letter or order as its purpose, which two people confirmed and the person reads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.my.whose import Reader
from registry import masks, parties
from registry.accounts import grants
from registry.accounts.refusals import NotThereError
from registry.accounts.roles import COUNSEL
from registry.ledger.commit import Officer
from registry.papers import LONGEST_PURPOSE

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from registry.accounts.authorise import Actor
    from registry.store.engines import Store


@dataclass(frozen=True, slots=True)
class Client:
    """One person for whom somebody acts: masked name, on which letter or order, the first day on which that holds no longer."""

    person: str
    name: str
    by: str
    until: str


def client_of(actor: Actor, of: str) -> str:
    """The person whose page is meant: `of`, else the first for whom the asker acts; "" where that is nobody."""
    people = [grant.about for grant in actor.held if grant.role.id == COUNSEL and grant.about]
    return of if of in people else "" if of or not people else people[0]


def clients(store: Store, connection: Connection, actor: Actor) -> list[Client]:
    """Everybody for whom they act today."""
    held = [each.proposal for each in grants.of_account(store, connection, actor.account_id) if each.proposal.role == COUNSEL]
    known = parties.identities(connection, store.vault, [each.about for each in held])
    return [
        Client(each.about, masks.shown("name", known[each.about].name, "counsel"), each.reason, each.valid_until or "")
        for each in held
        if each.about in known
    ]


def reader(store: Store, connection: Connection, actor: Actor, of: str) -> tuple[Reader, Client]:
    """Who reads whose page, and on what. NotThereError."""
    person = client_of(actor, of)
    found = next((each for each in clients(store, connection, actor) if each.person == person), None)
    if found is None:
        raise NotThereError
    return Reader(actor, person, own=False, officer=Officer(actor.name, actor.bureau), role="counsel"), found


def purpose(client: Client) -> str:
    """What a look is for: the letter or order itself."""
    return client.by[:LONGEST_PURPOSE]
