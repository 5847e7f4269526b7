"""May this actor do this to that? The one place where it is decided; everything else asks here.

An *actor* is an account with the grants that stand on the day. A *scope* is what the question is about: people, the
codes of the villages where their membership and land are, marks such as `listed`. Policy-map section 10; the words are
in `roles.toml`. What no word allows is refused. The answer is the same whether a thing is there or not: who may not see
it is not told that it exists, so a scope of something unknown is simply empty.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from registry.accounts.roles import PERSON, PUBLIC, Cell, Role, role

if TYPE_CHECKING:
    from collections.abc import Iterable

Action = Literal["write", "propose", "read", "read-one", "yes-no", "aggregate", "consent"]
COVERS: dict[str, frozenset[str]] = {
    "W": frozenset({"write", "propose", "read", "read-one", "yes-no", "aggregate"}),
    "P": frozenset({"propose"}),
    "R": frozenset({"read", "read-one", "yes-no", "aggregate"}),
    "N": frozenset({"read-one", "yes-no"}),
    "V": frozenset({"yes-no"}),
    "A": frozenset({"aggregate"}),
    "C": frozenset({"consent"}),
}
"""What each word allows."""
_VILLAGE, _ISSUER = 12, 14


@dataclass(frozen=True, slots=True)
class Grant:
    """One role in force: in a town ('' for the whole banner), about one person, village or job ('' for none)."""

    role: Role
    town: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks. `only`: what a key of an office is held to, as "noun:action"; None where nothing holds it."""

    account_id: str
    kind: str
    name: str = field(repr=False)
    bureau: str
    person_id: str | None = None
    grants: tuple[Grant, ...] = ()
    only: frozenset[str] | None = None

    @property
    def held(self) -> tuple[Grant, ...]:
        """What was granted, what everybody has, and what a person has of their own."""
        own = (Grant(role(PERSON)),) if self.person_id is not None else ()
        return (*self.grants, *own, Grant(role(PUBLIC)))


CONSOLE = "console"
"""The kind of whoever started the service and holds the token that it printed: they hold its keys and files, too."""
ANYBODY = Actor("", "anybody", "", "")


@dataclass(frozen=True, slots=True)
class Scope:
    """What a question is about. `everything`: more than one can name, such as a list of the whole banner.

    `people` and `codes` (of collectives and parcels) are those of one thing; `co_held`: it belongs to all of these people
    together, as a contract does, and is not one person's own. `bureau`: asked in the name of one.
    """

    people: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()
    marks: frozenset[str] = frozenset()
    everything: bool = False
    co_held: bool = False
    bureau: str = ""


EVERYTHING = Scope(everything=True)


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether, by which role, and whether the purpose must be stated and the answer logged.

    `somewhere`: the actor has the word, but not for this; to them it is as if it were not there.
    """

    allowed: bool
    role: str = ""
    needs_purpose: bool = False
    somewhere: bool = False


def may(actor: Actor, action: Action, noun: str, scope: Scope) -> Decision:
    """Whether an actor may do this to that; of several roles the one that asks least."""
    if actor.kind == CONSOLE:
        return Decision(allowed=True, role=CONSOLE)
    if actor.only is not None and f"{noun}:{action}" not in actor.only:
        return Decision(allowed=False)
    found = [
        Decision(
            _within(actor, grant, cell, scope),
            grant.role.id,
            needs_purpose=cell.word == "N",
            somewhere=cell.within in ("", "own"),
        )
        for grant in actor.held
        for cell in grant.role.may.get(noun, ())
        if action in COVERS[cell.word]
    ]
    found.sort(key=_order)
    return found[0] if found else Decision(allowed=False)


def may_any(actor: Actor, asked: Iterable[tuple[Action, str]], scope: Scope) -> Decision:
    """`may` for a question that several words answer; the first that allows it."""
    decided = [may(actor, action, noun, scope) for action, noun in asked]
    return min(decided, key=_order)


def _order(decision: Decision) -> tuple[bool, bool, bool]:
    return not decision.allowed, not decision.somewhere, decision.needs_purpose


def _within(actor: Actor, grant: Grant, cell: Cell, scope: Scope) -> bool:
    if scope.bureau and scope.bureau != grant.role.bureau:
        return False
    if grant.town and not _in_scope(grant.town, scope):
        return False
    match grant.role.own:
        case "town" | "collective" | "job":  # about itself only, whatever the word
            return _in_scope(grant.about or grant.town, scope)
        case "person":
            return cell.within != "own" or _own(actor.person_id if grant.role.id == PERSON else grant.about, scope)
        case _:
            own = cell.within == "own" and actor.account_id in scope.people  # a bank: what it asked itself
            return not cell.within or own or cell.within in scope.marks


def _own(who: str | None, scope: Scope) -> bool:
    return who in scope.people and (scope.co_held or scope.people == {who})


def _in_scope(code: str, scope: Scope) -> bool:
    """Whether membership or land lies there; everything lies in no place."""
    return not scope.everything and lies_in(code, scope.codes)


def lies_in(code: str, codes: Iterable[str]) -> bool:
    """Whether one of these codes (of collectives, parcels, contracts) lies in a place. An empty code is no place.

    An issuer's code (14 digits) that ends in 00 is the whole village's (12 digits), whose groups have numbers of their own.
    """
    place = code[:_VILLAGE] if len(code) == _ISSUER and code.endswith("00") else code
    return bool(place) and any(each.startswith(place) for each in codes)
