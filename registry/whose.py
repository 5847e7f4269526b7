"""Where does a thing lie and whose is it, as people call it: the village's short name, the holder's masked name?

Whose: the representative of the household, of a payment too, or whoever holds it in person. What lies on another thing (a
restriction, a lease, a duty) lies where that lies. Whoever shows a name writes the look down first (`registry.looks.keeping`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from registry import china, masks, parties
from registry.catalogue import heads
from registry.exports.view import short_name
from registry.ledger.position import position
from registry.rights import read as rights
from registry.rights.model import BA_UNIT
from registry.store.among import among
from registry.store.asking import Question, ask

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.engine import Connection

    from registry.store.engines import Store

_MOST_LOOKED_AT, _MOST_NAMED = 20, 2
"""What is about more things, or of more holders (an exchange has two), is a village's and called by it alone."""
_UNITS = Question(sa.select(BA_UNIT.c.id, BA_UNIT.c.issuer_id).where(among(BA_UNIT.c.id, "units")))
_PEOPLE = ("representative_id", "person_id", "party_id", "beneficiary_id")
_COLLECTIVES = ("issuer_id", "village_id", "collective_id")
# A payment is a household's list's, or a person's.
_BELOW = ("holding_id", "within_id", "right_id", "subject_id", "beneficiary_id")


@dataclass(frozen=True, slots=True)
class Whose:
    """`village` and `holder` (masked) are "" where the register knows none; `person` is the holder's id."""

    village: str = ""
    holder: str = ""
    person: str = ""


def whose(store: Store, connection: Connection, things: Iterable[str]) -> dict[str, Whose]:
    """Of each of these things that the register knows; many are asked about together."""
    found = _found(store, connection, dict.fromkeys(things))
    people = parties.identities(connection, store.vault, {person for person, _ in found.values() if person})
    villages = parties.organisations(connection, {place for _, place in found.values() if place})
    return {
        thing: Whose(
            short_name(store, villages[place].name) if place in villages else "",
            masks.shown("name", people[person].name) if person in people else "",
            person if person in people else "",
        )
        for thing, (person, place) in found.items()
    }


@dataclass(frozen=True, slots=True)
class Together:
    """What several things together are called: their villages, their masked holders, and who those are."""

    village: str
    holder: str
    people: tuple[str, ...]


def together(store: Store, connection: Connection, about: Mapping[str, Sequence[str]]) -> dict[str, Together]:
    """`whose` of what each case is about, by the case's id."""
    found = whose(store, connection, [thing for things in about.values() for thing in things[:_MOST_LOOKED_AT]])
    named = {}
    for case_id, things in about.items():
        of = [found[thing] for thing in things[:_MOST_LOOKED_AT]]
        holders = {each.person: each.holder for each in of if each.holder}
        if len(things) > _MOST_LOOKED_AT or len(holders) > _MOST_NAMED:
            holders = {}
        villages = dict.fromkeys(each.village for each in of if each.village)
        named[case_id] = Together("、".join(villages), "、".join(holders.values()), tuple(holders))
    return named


def _found(store: Store, connection: Connection, things: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Holder and collective of each thing by their ids, "" where there is none."""
    found = heads(connection, things)
    rows = {thing: head.columns for thing, head in found.items()}
    below = {thing: next((str(row[name]) for name in _BELOW if row.get(name)), "") for thing, row in rows.items()}
    below |= _held(store, connection, [thing for thing, head in found.items() if head.thing == "parcel"])
    beneath = {thing for thing in below.values() if thing}
    deeper = _found(store, connection, beneath) if beneath else {}
    issuers = _issuers(connection, {str(row["unit_id"]) for row in rows.values() if row.get("unit_id")})
    answer = {}
    for thing, row in rows.items():
        person, place = deeper.get(below[thing], ("", ""))
        own = next((str(row[name]) for name in _PEOPLE if row.get(name) and row[name] not in deeper), "")
        lies = next((str(row[name]) for name in _COLLECTIVES if row.get(name)), issuers.get(str(row.get("unit_id")), ""))
        answer[thing] = own or person, lies or place
    return answer


def _held(store: Store, connection: Connection, parcels: list[str]) -> dict[str, str]:
    """The right under which each parcel is held today; a lease lies on that one. "" for land that nobody holds."""
    if not parcels:
        return {}
    held = dict.fromkeys(parcels, "")
    for line in rights.lines_on(connection, parcels, valid_at=china.today(store), known_at=position(connection).size):
        if line.thing != "operating":
            held[line.parcel_id] = held[line.parcel_id] or line.right_id
    return held


def _issuers(connection: Connection, units: set[str]) -> dict[str, str]:
    if not units:
        return {}
    return {unit: str(issuer) for unit, issuer in ask(connection, _UNITS, {"units": sorted(units)})}
