"""Which guarded things are a person's: held, shared, owed, enjoyed, now or ever?

The set never depends on where the person lives, on who asks or by which channel (invariant I15): it is read from
member lists, holders and beneficiaries alone. Chains are read once and every state is computed from them in memory.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from registry.benefits.model import BENEFIT, BENEFIT_VERSION
from registry.duties.model import DUTY, DUTY_VERSION
from registry.holding.model import HOLDING, HOLDING_MEMBER
from registry.ledger.chain import asked_for, chains_in, read_all_chains, read_chains
from registry.membership.model import MEMBERSHIP, MEMBERSHIP_VERSION
from registry.parcels.model import PARCEL
from registry.restrictions.model import RESTRICTION, RESTRICTION_VERSION
from registry.rights.model import RIGHT, RIGHT_VERSION
from registry.store.among import among
from registry.store.asking import Question, ask, ask_all

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import CompoundSelect
    from sqlalchemy.engine import Connection

    from registry.ledger.nouns import Noun, Version
    from registry.store.asking import Rows

_JUDGED = (RIGHT, HOLDING, MEMBERSHIP, RESTRICTION, DUTY, BENEFIT)
Chains = dict[str, list["Version"]]


def _of_person() -> CompoundSelect[Any]:
    """Ids of a person's holdings ("holding"), of the rights that they hold ("held"), of the rights within these."""
    person = sa.bindparam("person", type_=HOLDING_MEMBER.c.person_id.type)
    right = sa.select(RIGHT_VERSION.c.thing_id)
    holdings = sa.select(HOLDING_MEMBER.c.thing_id).where(HOLDING_MEMBER.c.person_id == person).distinct().cte()
    held = (
        right.where(RIGHT_VERSION.c.holder_id.in_(sa.select(holdings.c.thing_id)))
        .union(right.where(among(RIGHT_VERSION.c.holder_id, "holders")))
        .cte()
    )
    within = right.where(RIGHT_VERSION.c.within_id.in_(sa.select(held.c.thing_id))).union(
        right.where(among(RIGHT_VERSION.c.within_id, "rights"))
    ).subquery()
    parts = (("holding", holdings), ("held", held), ("within", within))
    return sa.union_all(*(sa.select(sa.literal_column(f"'{word}'"), ids.c.thing_id) for word, ids in parts))


def _beside() -> CompoundSelect[Any]:
    """Ids of what else is a person's, by noun: memberships, and what lies on rights, parcels and holdings."""
    parts = (
        (MEMBERSHIP, MEMBERSHIP_VERSION.c.person_id == sa.bindparam("person")),
        (RESTRICTION, among(RESTRICTION_VERSION.c.right_id, "rights")),
        (DUTY, among(DUTY_VERSION.c.subject_id, "subjects")),
        (BENEFIT, among(BENEFIT_VERSION.c.beneficiary_id, "beneficiaries")),
    )
    return sa.union(
        *(
            sa.select(sa.literal_column(f"'{noun.name}'"), noun.table.c.thing_id).where(is_his)
            for noun, is_his in parts
        )
    )


OF_PERSON, _BESIDE = Question(_of_person()), Question(_beside())


def of(person_id: str, holdings: Sequence[str] = (), rights: Sequence[str] = ()) -> dict[str, Any]:
    """The values of OF_PERSON; with the holdings and rights that an event stated to be theirs, if any."""
    return {"person": person_id, "holders": [person_id, *holdings], "rights": list(rights)}


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
    connection: Connection,
    person_id: str,
    *,
    geometry: bool = True,
    stated: Mapping[str, str] = MappingProxyType({}),
    of_person: Rows | None = None,
) -> Reach:
    """Read every chain within a person's reach; `geometry` also the shapes (needed to check digests).

    `stated` are things that were within reach at an event (id, thing word): a row altered so that it no longer names
    the person, or removed, is then missed. `of_person` is the answer to OF_PERSON where the caller has it.
    """
    once = {noun.name: [i for i, thing in stated.items() if thing in noun.things] for noun in _JUDGED}
    if of_person is None or not _names_all(of_person, {*once[HOLDING.name], *once[RIGHT.name]}):
        of_person = ask(connection, OF_PERSON, of(person_id, once[HOLDING.name], once[RIGHT.name]))
    own = _by_word(of_person)
    holdings = _either(once[HOLDING.name], own["holding"])
    held = _either(once[RIGHT.name], own["held"])
    within = own["within"]
    holders = [person_id, *holdings]
    first = read_all_chains(connection, [(RIGHT, [*held, *within]), (HOLDING, holdings)])
    rights, own_holdings = first[RIGHT.name], first[HOLDING.name]
    lines = (line for chain in rights.values() for v in chain for line in v.children["right_parcel"])
    parcels = sorted({line["parcel_id"] for line in lines})
    beyond = {v.columns["holding_id"] for chain in rights.values() for v in chain} - {None, *holdings}
    households = sorted({v.columns["household_id"] for chain in own_holdings.values() for v in chain})
    values = {
        "person": person_id,
        "rights": [*held, *within],
        "subjects": [*holdings, *held, *parcels],
        "beneficiaries": [*holders, *households, *parcels, *held],
    }
    *answers, beside = ask_all(connection, *asked_for(PARCEL, parcels, geometry=geometry), (_BESIDE, values))
    others = _by_word(beside)
    rest = [(noun, _either(once[noun.name], others[noun.name])) for noun in (MEMBERSHIP, RESTRICTION, DUTY, BENEFIT)]
    chains = {
        RIGHT.name: rights,
        # An operating right within may be held by another household: its list belongs to the answer about the right,
        # not to the person.
        HOLDING.name: own_holdings | read_chains(connection, HOLDING, sorted(beyond)),
        PARCEL.name: chains_in(PARCEL, parcels, iter(answers), geometry=geometry),
        **read_all_chains(connection, rest),
    }
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


def _names_all(of_person: Rows, stated: set[str]) -> bool:
    return stated <= {thing_id for word, thing_id in of_person if word != "within"}


def _by_word(rows: Rows) -> dict[str, list[str]]:
    """Ids by the word that the question gave them, in order."""
    found: dict[str, list[str]] = defaultdict(list)
    for word, thing_id in sorted(rows):
        found[word].append(thing_id)
    return found
