"""What must every writer of a kind of case be able to say and do, and what do they all read the same way?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from registry import parties
from registry.cases.saying import Said
from registry.holding import acts as holdings
from registry.holding.model import HOLDING
from registry.ledger.act import Act, ActFields, NothingToActOnError
from registry.ledger.chain import state_at
from registry.rights import acts as rights
from registry.rights.model import RIGHT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from registry.cases.touched import Touched
    from registry.ledger.commit import Desk
    from registry.ledger.nouns import Noun, Version


class Writer(Protocol):
    """One kind of case. Both read the register of the desk, neither commits.

    `request` is what the case asks for, as it was drafted or supplemented last; `subject` the things that it is about.
    `touched` **must** raise `SaidMalformedError` where the request does not fit its kind, and whatever the register's own
    planning refuses; it is asked at every step that decides, so `write` finds a request that fits.
    """

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """Whom and what it touches, as the register stands. `day` is today in China."""

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:
        """Write its acts, at least one, which hold their own checks."""


def looking(at: Desk, kind: str, day: str) -> Act:
    """An act that is never written: through it an acts.py says whose will the kind would need on a day."""
    return Act(at, -1, kind, day, ActFields())


def only_one(subject: Sequence[str]) -> str:
    """The one thing that a case is about; SaidMalformedError."""
    if len(subject) != 1:
        Said({}).refuse("subject", "只能写一项", "exactly one thing is wanted")
    return subject[0]


def standing(at: Desk, noun: Noun, thing_id: str, day: str) -> Version:
    """A thing as it stands on a day; NothingToActOnError where it has not begun or has ended."""
    found = state_at(at.chain(noun, thing_id), day)
    if found is None or found.status == "ended":
        raise NothingToActOnError(thing_id, day)
    return found


def seen_of(at: Desk, *things: tuple[Noun, str]) -> dict[str, int]:
    """The newest version of each thing."""
    return {thing_id: at.chain(noun, thing_id)[-1].ver for noun, thing_id in things}


def holders(at: Desk, right_id: str, day: str) -> tuple[dict[str, bool], dict[str, int]]:
    """Everyone who holds a right, each with whether they are a minor; the newest versions of it and of its member list.

    An organisation is asked as one.
    """
    right = standing(at, RIGHT, right_id, day)
    seen = seen_of(at, (RIGHT, right_id))
    if right.columns["holding_id"] is not None:
        seen |= seen_of(at, (HOLDING, right.columns["holding_id"]))
    return rights.consenting(looking(at, "", day), right_id), seen


def co_holders(at: Desk, holding_id: str, day: str) -> dict[str, bool]:
    """The living co-holders of a list, each with whether they are a minor."""
    standing(at, HOLDING, holding_id, day)
    return holdings.co_holders(looking(at, "", day), holding_id)


def not_after(said: Said, day: str, today: str) -> str:
    """The day of what happened: never one that is still to come. SaidMalformedError."""
    if day > today:
        said.refuse("day", "日期还没有到", "the day is still to come")
    return day


def known_party(at: Desk, said: Said, field: str) -> str:
    """The id of somebody whom the register knows. SaidMalformedError."""
    party = said.id(field)
    if not parties.exists(at.connection, party):
        said.refuse(field, "登记簿里没有这个人或单位", "nobody of this id is in the register")
    return party
