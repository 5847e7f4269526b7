"""Which guarded things are a person's: held, shared, owed, enjoyed, now or ever?

The set never depends on where the person lives, on who asks or by which channel (invariant I15): it is read from
member lists, holders and beneficiaries alone, of every row that the register has of the person. Chains are read once and
every state is computed from them in memory.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from registry.benefits.model import BENEFIT, BENEFIT_VERSION
from registry.duties.model import DUTY, DUTY_VERSION
from registry.holding.model import HOLDING, HOLDING_MEMBER, HOLDING_VERSION
from registry.ledger.chain import asked_for, chains_in, read_chains
from registry.ledger.check import ENTRIES
from registry.ledger.tables import LEDGER_ENTRY
from registry.membership.model import MEMBERSHIP, MEMBERSHIP_VERSION
from registry.parcels.model import PARCEL
from registry.restrictions.model import RESTRICTION, RESTRICTION_VERSION
from registry.rights.model import RIGHT, RIGHT_PARCEL, RIGHT_VERSION
from registry.store.among import among
from registry.store.asking import Question, ask_all

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import CTE, Column, CompoundSelect, Select
    from sqlalchemy.engine import Connection

    from registry.ledger.nouns import Noun, Version
    from registry.store.asking import Rows

_JUDGED = (RIGHT, HOLDING, MEMBERSHIP, RESTRICTION, DUTY, BENEFIT)
Chains = dict[str, list["Version"]]


def _of_person() -> CompoundSelect[Any]:
    """Ids of everything within a person's reach, each after a word: "holding", "held" (a right), "within" (a right within
    one that is held), "parcel" (of either), then a noun's name.

    `holders`, `rights`, `subjects` and `beneficiaries` are what is asked about besides what is found.
    """
    person = sa.bindparam("person", type_=HOLDING_MEMBER.c.person_id.type)
    holding = _once(sa.select(HOLDING_MEMBER.c.thing_id).where(HOLDING_MEMBER.c.person_id == person))
    held = _once(_asked(RIGHT_VERSION.c.thing_id, RIGHT_VERSION.c.holder_id, "holders", holding))
    within = _once(_asked(RIGHT_VERSION.c.thing_id, RIGHT_VERSION.c.within_id, "rights", held))
    parcel = _once(_asked(RIGHT_PARCEL.c.parcel_id, RIGHT_PARCEL.c.thing_id, "rights", held, within))
    household = _once(_asked(HOLDING_VERSION.c.household_id, HOLDING_VERSION.c.thing_id, "holders", holding))
    on_right = _asked(RESTRICTION_VERSION.c.thing_id, RESTRICTION_VERSION.c.right_id, "rights", held, within)
    duty = _asked(DUTY_VERSION.c.thing_id, DUTY_VERSION.c.subject_id, "subjects", holding, held, parcel)
    gets = (holding, household, parcel, held)
    benefit = _asked(BENEFIT_VERSION.c.thing_id, BENEFIT_VERSION.c.beneficiary_id, "beneficiaries", *gets)
    member = sa.select(MEMBERSHIP_VERSION.c.thing_id).where(MEMBERSHIP_VERSION.c.person_id == person)
    parts = (
        ("holding", holding),
        ("held", held),
        ("within", within),
        ("parcel", parcel),
        (MEMBERSHIP.name, member.subquery()),
        (RESTRICTION.name, on_right.subquery()),
        (DUTY.name, duty.subquery()),
        (BENEFIT.name, benefit.subquery()),
    )
    return sa.union_all(*(sa.select(sa.literal_column(f"'{word}'"), *ids.c) for word, ids in parts))


def _once(query: Select[Any] | CompoundSelect[Any]) -> CTE:
    """Found once, however often it is looked at: SQLite finds it anew each time where it is not told."""
    return query.cte().prefix_with("MATERIALIZED")


def _asked(ids: Column[Any], cited: Column[Any], name: str, *found: CTE) -> CompoundSelect[Any]:
    """The ids of the rows that cite something of a bound list, or something that was found."""
    each = sa.union_all(*(sa.select(*ids.c) for ids in found)) if found[1:] else sa.select(*found[0].c)
    return sa.select(ids).where(among(cited, each)).union_all(sa.select(ids).where(among(cited, name)))


OF_PERSON = Question(_of_person())


@cache
def _behind(nouns: tuple[Noun, ...]) -> Question:
    event = sa.select(sa.bindparam("event", type_=LEDGER_ENTRY.c.idx.type))
    cited = (sa.select(noun.table.c.cause_idx).where(among(noun.table.c.thing_id, noun.name)) for noun in nouns)
    return Question(ENTRIES.where(among(LEDGER_ENTRY.c.idx, sa.union_all(event, *cited))))


def of(person_id: str, holdings: Sequence[str] = (), rights: Sequence[str] = ()) -> dict[str, Any]:
    """The values of OF_PERSON; with the holdings and rights that an event stated to be theirs, if any."""
    stated = [*holdings, *rights]
    return {
        "person": person_id,
        "holders": [person_id, *holdings],
        "rights": list(rights),
        "subjects": stated,
        "beneficiaries": [person_id, *stated],
    }


@dataclass(frozen=True, slots=True)
class Named:
    """What is within a person's reach by its ids: their own holdings, rights, and the things of each noun, to be read.

    `persons`: the ids of the person's rows. `stated` was within reach at an event, as the event says: id and thing word.
    """

    persons: tuple[str, ...]
    holdings: list[str]
    rights: list[str]
    things: list[tuple[Noun, list[str]]]
    stated: Mapping[str, str]


@dataclass(slots=True)
class Reach:
    """Every chain that touches a person, by noun name and thing id.

    `persons`: the ids of the person's rows. `gone`: what an event stated to be theirs and has no version left, by id, with
    its thing word.
    """

    persons: tuple[str, ...]
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
    *persons: str,
    geometry: bool = True,
    stated: Mapping[str, str] = MappingProxyType({}),
) -> Reach:
    """Read every chain within a person's reach; `geometry` also the shapes (needed to check digests).

    `persons` are the ids of all rows that are this person (`same_person.same_as`). `stated` are things that were within
    reach at an event (id, thing word): a row altered so that it no longer names the person, or removed, is then missed.
    """
    return read(connection, named(connection, *persons, stated=stated), geometry=geometry)[0]


def named(
    connection: Connection,
    *persons: str,
    stated: Mapping[str, str] = MappingProxyType({}),
    of_person: Rows | None = None,
) -> Named:
    """What `reach` is to read. `of_person` is the answer to OF_PERSON of each row where the caller has it."""
    once = {noun.name: [i for i, thing in stated.items() if thing in noun.things] for noun in _JUDGED}
    if of_person is None or not _names_all(of_person, {*once[HOLDING.name], *once[RIGHT.name]}):
        asked = ((OF_PERSON, of(person, once[HOLDING.name], once[RIGHT.name])) for person in persons)
        of_person = [row for rows in ask_all(connection, *asked) for row in rows]
    own = _by_word(of_person)
    holdings = _either(once[HOLDING.name], own["holding"])
    rights = list(dict.fromkeys([*_either(once[RIGHT.name], own["held"]), *own["within"]]))
    rest = [(noun, _either(once[noun.name], own[noun.name])) for noun in (MEMBERSHIP, RESTRICTION, DUTY, BENEFIT)]
    things = [(RIGHT, rights), (HOLDING, holdings), (PARCEL, own["parcel"]), *rest]
    return Named(persons, holdings, rights, things, stated)


def read(
    connection: Connection, named: Named, *beside: tuple[Question, Mapping[str, Any]], geometry: bool = True
) -> tuple[Reach, list[Rows]]:
    """The chains of what is within reach, and the answers to the questions that are put together with theirs."""
    asked = [question for noun, ids in named.things for question in asked_for(noun, ids, geometry=geometry)]
    answers = ask_all(connection, *asked, *beside)
    rows = iter(answers)
    chains = {noun.name: chains_in(noun, ids, rows, geometry=geometry) for noun, ids in named.things}
    beyond = {v.columns["holding_id"] for chain in chains[RIGHT.name].values() for v in chain}
    # An operating right within may be held by another household: its list belongs to the answer about the right, not to
    # the person.
    chains["other holding"] = read_chains(connection, HOLDING, sorted(beyond - {None, *named.holdings}))
    there = {thing_id for of_noun in chains.values() for thing_id in of_noun}
    gone = {thing_id: thing for thing_id, thing in named.stated.items() if thing_id not in there}
    return Reach(named.persons, chains, gone), answers[len(asked) :]


def behind(named: Named, event_idx: int) -> tuple[Question, dict[str, Any]]:
    """The question for the entries (`check.ENTRIES`) of an event and of every version within reach, and its values."""
    there = [(noun, ids) for noun, ids in named.things if ids]
    values: dict[str, Any] = {noun.name: ids for noun, ids in there}
    return _behind(tuple(noun for noun, _ in there)), {"event": event_idx, **values}


def within_reach(connection: Connection, person_id: str) -> dict[str, str]:
    """Everything that gets a verdict of its own, by id, with its thing word: what an event states of its people."""
    found = reach(connection, person_id, geometry=False)
    return {thing_id: found.chain(noun, thing_id)[0].thing for noun, thing_id in found.things()}


def _either(one: list[str], other: list[str]) -> list[str]:
    return sorted({*one, *other})


def _names_all(of_person: Rows, stated: set[str]) -> bool:
    return stated <= {thing_id for word, thing_id in of_person if word in {"holding", "held"}}


def _by_word(rows: Rows) -> dict[str, list[str]]:
    """Ids by the word that the question gave them, each once, in order."""
    found: dict[str, list[str]] = defaultdict(list)
    for word, thing_id in sorted(set(rows)):
        found[word].append(thing_id)
    return found
