"""Which guarded things are a person's: held, shared, owed, enjoyed, now or ever?

The set never depends on where the person lives, on who asks or by which channel (invariant I15): it is read from
member lists, holders and beneficiaries alone. Chains are read once and every state is computed from them in memory.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

import sqlalchemy as sa

from registry.benefits.model import BENEFIT, BENEFIT_VERSION
from registry.duties.model import DUTY, DUTY_VERSION
from registry.holding.model import HOLDING, HOLDING_MEMBER
from registry.ledger.chain import read_chains
from registry.membership.model import MEMBERSHIP, MEMBERSHIP_VERSION
from registry.parcels.model import PARCEL
from registry.restrictions.model import RESTRICTION, RESTRICTION_VERSION
from registry.rights.model import RIGHT, RIGHT_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Column, Table
    from sqlalchemy.engine import Connection

    from registry.ledger.nouns import Noun, Version

_JUDGED = (RIGHT, HOLDING, MEMBERSHIP, RESTRICTION, DUTY, BENEFIT)
Chains = dict[str, list["Version"]]


@dataclass(slots=True)
class Reach:
    """Every chain that touches a person, by noun name and thing id.

    `gone`: what an event stated to be the person's and has no version left, by id, with its thing word.
    """

    person_id: str
    chains: dict[str, Chains] = field(default_factory=dict)
    gone: dict[str, str] = field(default_factory=dict)

    def chain(self, noun: Noun, thing_id: str) -> list[Version]:
        """The versions of one thing; empty when it is not within reach."""
        return self.chains[noun.name].get(thing_id, [])

    def things(self) -> list[tuple[Noun, str]]:
        """What gets a verdict of its own. A parcel is compared as part of the right that lies on it."""
        return [(noun, thing_id) for noun in _JUDGED for thing_id in self.chains[noun.name]]


def reach(
    connection: Connection, person_id: str, *, geometry: bool = True, stated: Mapping[str, str] = MappingProxyType({})
) -> Reach:
    """Read every chain within a person's reach; `geometry` also the shapes (needed to check digests).

    `stated` are things that were within reach at an event (id, thing word): a row altered so that it no longer names
    the person, or removed, is then missed.
    """
    once = {noun.name: [i for i, thing in stated.items() if thing in noun.things] for noun in _JUDGED}
    holdings = _either(once[HOLDING.name], _ids(connection, HOLDING_MEMBER, HOLDING_MEMBER.c.person_id, [person_id]))
    holders = [person_id, *holdings]
    held = _either(once[RIGHT.name], _ids(connection, RIGHT_VERSION, RIGHT_VERSION.c.holder_id, holders))
    within = _ids(connection, RIGHT_VERSION, RIGHT_VERSION.c.within_id, held)
    rights = read_chains(connection, RIGHT, [*held, *within])
    parcels = {line["parcel_id"] for chain in rights.values() for v in chain for line in v.children["right_parcel"]}
    beyond = {v.columns["holding_id"] for chain in rights.values() for v in chain} - {None, *holdings}
    chains = {
        RIGHT.name: rights,
        # An operating right within may be held by another household: its list belongs to the answer about the right,
        # not to the person.
        HOLDING.name: read_chains(connection, HOLDING, [*holdings, *sorted(beyond)]),
        PARCEL.name: read_chains(connection, PARCEL, sorted(parcels), geometry=geometry),
    }
    households = {v.columns["household_id"] for h in holdings for v in chains[HOLDING.name].get(h, [])}
    beneficiaries = [*holders, *sorted(households), *sorted(parcels), *held]
    subjects = [*holdings, *held, *sorted(parcels)]
    for noun, table, column, wanted in (
        (MEMBERSHIP, MEMBERSHIP_VERSION, MEMBERSHIP_VERSION.c.person_id, [person_id]),
        (RESTRICTION, RESTRICTION_VERSION, RESTRICTION_VERSION.c.right_id, [*held, *within]),
        (DUTY, DUTY_VERSION, DUTY_VERSION.c.subject_id, subjects),
        (BENEFIT, BENEFIT_VERSION, BENEFIT_VERSION.c.beneficiary_id, beneficiaries),
    ):
        ids = _either(once[noun.name], _ids(connection, table, column, wanted))
        chains[noun.name] = read_chains(connection, noun, ids)
    there = {thing_id for of_noun in chains.values() for thing_id in of_noun}
    found = Reach(person_id, chains, {i: thing for i, thing in stated.items() if i not in there})
    _own_holdings_only(found, set(holdings))
    return found


def within_reach(connection: Connection, person_id: str) -> dict[str, str]:
    """Everything that gets a verdict of its own, by id, with its thing word: what an event states of its people."""
    found = reach(connection, person_id, geometry=False)
    return {thing_id: found.chain(noun, thing_id)[0].thing for noun, thing_id in found.things()}


def _either(one: list[str], other: list[str]) -> list[str]:
    return sorted({*one, *other})


def _own_holdings_only(found: Reach, own: set[str]) -> None:
    others = {h: c for h, c in found.chains[HOLDING.name].items() if h not in own}
    found.chains["other holding"] = others
    found.chains[HOLDING.name] = {h: c for h, c in found.chains[HOLDING.name].items() if h in own}


def _ids(connection: Connection, table: Table, column: Column[str], wanted: Iterable[str]) -> list[str]:
    values = list(wanted)
    if not values:
        return []
    rows = connection.execute(sa.select(table.c.thing_id).where(column.in_(values)).distinct())
    return sorted(row.thing_id for row in rows)
