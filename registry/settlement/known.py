"""Which facts of a decision does the register know itself, whatever is claimed?

Where somebody is registered (by the registered address, never by the number), whether a permit is in force, birthdays in
numbers, where people really live, the archived type of a receiving side. No right is among them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from registry import parties, residence
from registry.decisions.family import CollectivePlace, Companion
from registry.decisions.from_outside import FromOutside
from registry.decisions.in_banner import InBanner
from registry.decisions.permits import PermitAsked, PermitHeld, held_here, standing
from registry.decisions.rural import RuralPlacement
from registry.decisions.unregistered import Unregistered
from registry.law.id_number import born_on
from registry.same_person import registered_as

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.engine import Connection

    from registry.decisions.facts import Hukou
    from registry.parties import Identity
    from registry.store.engines import Store

_UNIFIED = "2016-09-14"
_TYPES: dict[str, Literal["agricultural", "non-agricultural"]] = {"农业": "agricultural", "非农业": "non-agricultural"}


@dataclass(frozen=True, slots=True)
class Asking:
    """About whom the register is asked, as of a day: a person, with whom they come, whose household they join."""

    store: Store
    connection: Connection
    day: str
    newcomers: tuple[Identity, ...] = field(repr=False)
    person: str
    along: str
    receiving: str

    @property
    def date(self) -> dt.date:
        """The day."""
        return dt.date.fromisoformat(self.day)

    @property
    def is_new(self) -> bool:
        """Whether the register does not know them yet."""
        return self.person.startswith("new:")


def with_known(asking: Asking, facts: Any) -> Any:  # noqa: ANN401  (any class of facts)
    """The facts of one person with what the register knows."""
    known = _KNOWN.get(type(facts))
    return facts if known is None else known(asking, facts)


def permit_held(store: Store, connection: Connection, person: str, day: dt.date, known_at: int | None = None) -> PermitHeld:
    """What was recorded of a person's permit by a day, as its decision takes it."""
    return held_here(residence.permits(connection, person, known_at), day, store.settings.banner_code)


def holds_permit(store: Store, connection: Connection, person: str, day: str) -> bool:
    """Whether there is a permit on the day, in use or resting."""
    on = dt.date.fromisoformat(day)
    return standing(permit_held(store, connection, person, on), on).state in {"in force", "suspended"}


def receiving_type(
    store: Store, connection: Connection, person: str, day: str
) -> Literal["agricultural", "non-agricultural", "none"] | None:
    """The receiving side's archived type (II.1.4); "none" for who was first registered after the unification; None: unknown."""
    rows = [r for r in residence.registrations(connection, store.vault, person) if r.valid_from <= day]
    types = [_TYPES[row.former_type] for row in rows if row.former_type in _TYPES]
    if types:
        return types[-1]
    return "none" if rows and min(row.valid_from for row in rows) >= _UNIFIED else None


def _hukou(asking: Asking, claimed: Hukou | None) -> Hukou | None:
    """By the registered address, of whichever row of theirs stands: one person, one registration (plan II.1.3, II.2.3).

    Whom the register does not know may say that they come from elsewhere, or from nowhere.
    """
    at = asking
    row = at.person if at.is_new else registered_as(at.connection, at.store.vault, at.person, at.day)
    here = None if at.is_new else residence.registration_at(at.connection, at.store.vault, row, at.day)
    if here is None:
        return None if claimed == "banner" else claimed
    if here.status != "registered":
        return "none"
    return "banner" if here.division_code.startswith(at.store.settings.banner_code) else "elsewhere"


def _registered(asking: Asking, facts: InBanner | PermitAsked) -> InBanner | PermitAsked:
    return replace(facts, hukou=_hukou(asking, facts.hukou))


def _outsider(asking: Asking, facts: FromOutside) -> FromOutside:
    held = _held(asking)
    grounds, joining = facts.grounds, facts.grounds.joining
    if joining is not None:
        grounds = replace(grounds, joining=replace(joining, born=_born(asking) or joining.born))
    permit = standing(held, asking.date).state == "in force"
    return replace(facts, hukou=_hukou(asking, facts.hukou), permit=permit, grounds=grounds)


def _companion(asking: Asking, facts: Companion) -> Companion:
    here, there = (_lives(asking, person) for person in (asking.person, asking.along))
    same = facts.same_address if here is None or there is None else here == there
    return replace(facts, born=_born(asking) or facts.born, same_address=same)


def _collective(asking: Asking, facts: CollectivePlace) -> CollectivePlace:
    return replace(facts, principal=_outsider(asking, facts.principal))


def _permit(asking: Asking, _facts: PermitHeld) -> PermitHeld:
    return _held(asking)


def _held(asking: Asking) -> PermitHeld:
    if asking.is_new:
        return PermitHeld()
    return permit_held(asking.store, asking.connection, asking.person, asking.date)


def _unregistered(asking: Asking, facts: Unregistered) -> Unregistered:
    return replace(facts, already_registered=_hukou(asking, None) in {"banner", "elsewhere"} or facts.already_registered)


def _rural(asking: Asking, facts: RuralPlacement) -> RuralPlacement:
    if not asking.receiving:
        return facts
    found = receiving_type(asking.store, asking.connection, asking.receiving, asking.day)
    return replace(facts, receiving_type=found or facts.receiving_type)


def _lives(asking: Asking, person: str) -> tuple[str, str] | None:
    if not person or person.startswith("new:"):
        return None
    home = residence.residence_at(asking.connection, asking.store.vault, person, asking.day)
    return None if home is None else (home.division_code, home.address)


def _born(asking: Asking) -> dt.date | None:
    if asking.is_new:
        return born_on(asking.newcomers[int(asking.person[4:])].id_number)
    who = parties.identities(asking.connection, asking.store.vault, [asking.person]).get(asking.person)
    return None if who is None else born_on(who.id_number)


_KNOWN: dict[type[Any], Callable[[Asking, Any], Any]] = {
    InBanner: _registered,
    PermitAsked: _registered,
    FromOutside: _outsider,
    Companion: _companion,
    CollectivePlace: _collective,
    PermitHeld: _permit,
    Unregistered: _unregistered,
    RuralPlacement: _rural,
}
