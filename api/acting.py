"""As what does somebody who signed in act in a case: for `/v1/cases` and the pages alike?

Their own role, held to the places for which it was granted; a relative and counsel act for one person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.accounts.refusals import NotAllowedError, NotSignedInError
from registry.accounts.roles import COUNSEL, PERSON, RELATIVE
from registry.cases import Actor

if TYPE_CHECKING:
    from registry.accounts import authorise

ROLES = {
    "agriculture": "agriculture", "forestry": "forestry", "land": "realty", "town": "township", "collective": "collective",
    "surveyor": "surveyor", "bank": "bank", "supervision": "supervision", "auditor": "auditor",
    PERSON: "person", RELATIVE: "relative", COUNSEL: "counsel",
}  # fmt: skip
"""As the table of roles calls them, and as the book of cases does."""
DESKS = ("agriculture", "realty", "forestry")
"""The roles that keep a book, as the book of cases calls them."""


def acting(asks: authorise.Actor, role: str, person: str | None = None) -> Actor:
    """Who signed in, in a role of theirs as the book of cases calls it; `person`: for whom, where they act for several.

    NotSignedInError, and NotAllowedError where they don't hold it.
    """
    if not asks.account_id:
        raise NotSignedInError
    held = [grant for grant in asks.held if ROLES.get(grant.role.id) == role]
    if not held:
        raise NotAllowedError
    told = {grant.about for grant in held if grant.role.own == "person" and grant.about}
    whose = next(iter(told), "") if len(told) == 1 else _one_of(told, person)
    places = [grant.about or grant.town for grant in held if grant.role.own != "person"]
    within = frozenset(places) if all(places) else frozenset()
    return Actor(asks.account_id, asks.name, asks.bureau, role, asks.person_id or "", whose, within)


def at_desk(asks: authorise.Actor) -> Actor:
    """Who signed in, in the first role of theirs that keeps a book. NotSignedInError, NotAllowedError."""
    held = {ROLES.get(grant.role.id) for grant in asks.held}
    return acting(asks, next((role for role in DESKS if role in held), DESKS[0]))


def _one_of(whose: set[str], stated: str | None) -> str:
    """Who acts for several people says for whom; nobody else's matter is theirs."""
    return stated if stated in whose else ""
