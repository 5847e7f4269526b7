"""Who of a delivery is in the register already, and who is new?

One person is one number with one name. Two names under one number are two people, both flagged for review; nobody is
merged, and no number is repaired (policy-map section 4).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from registry import parties
from registry.delivery.deeds import Known, Person
from registry.delivery.identity import IDENTITY_CARD, flags
from registry.parties import ORGANISATION, PERSON_IDENTITY, Identity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.engine import Connection

    from registry.ledger.act import Act
    from registry.store.engines import Store

_BATCH = 500
SAME_NUMBER = "dup-id"


class People:
    """Ids of people by number and name; new ones are registered with the act that names them first."""

    def __init__(self, store: Store, connection: Connection, known: Mapping[Person, Known]) -> None:
        """Look up everybody at once: `known` are all the people that the delivery names."""
        self._store = store
        self._known = known
        self._ids = registered_people(store, connection, known)
        names: dict[str, set[str]] = defaultdict(set)
        for person in known:
            names[person.number].add(person.name)
        self._doubled = {number for number, who in names.items() if len(who) > 1}

    def registered(self, person: Person) -> str | None:
        """The id of a person who is in the register (or was put there by an earlier act), else None."""
        return self._ids.get(person)

    @property
    def all_new(self) -> bool:
        """Whether the register holds nobody of them yet."""
        return not self._ids

    def ids(self, act: Act, people: Iterable[Person]) -> list[str]:
        """Their ids; who is new is registered with this act, and named in its fields."""
        found, fresh = [], []
        for person in people:
            person_id = self._ids.get(person)
            if person_id is None:
                person_id = self._register(act, person)
                fresh.append((person_id, person.name, person.number))
            found.append(person_id)
        if fresh:
            act.fields = replace(act.fields, people=(*act.fields.people, *fresh))
        return found

    def _register(self, act: Act, person: Person) -> str:
        known = self._known[person]
        doubts = flags(person.number, known.id_type or IDENTITY_CARD)
        if person.number in self._doubled:
            doubts = (*doubts, SAME_NUMBER)
        who = Identity(person.name, person.number, known.id_type or IDENTITY_CARD, known.sex, doubts)
        person_id, rows = parties.person_rows(self._store.vault, act.desk.randomness, act.idx, who)
        for table, row in rows:
            act.desk.row(table, row)
        self._ids[person] = person_id
        return person_id


def registered_people(store: Store, connection: Connection, wanted: Iterable[Person]) -> dict[Person, str]:
    """Who is registered under this number and this name, at any time."""
    if connection.execute(sa.select(PERSON_IDENTITY.c.person_id).limit(1)).first() is None:
        return {}
    number, name = store.vault.blinder("number"), store.vault.blinder("name")
    asked: dict[tuple[bytes, bytes], Person] = {(number(p.number), name(p.name)): p for p in wanted}
    numbers = sorted({key[0] for key in asked})
    found: dict[Person, str] = {}
    columns = (PERSON_IDENTITY.c.person_id, PERSON_IDENTITY.c.number_index, PERSON_IDENTITY.c.name_index)
    for start in range(0, len(numbers), _BATCH):
        rows = connection.execute(
            sa.select(*columns)
            .where(PERSON_IDENTITY.c.number_index.in_(numbers[start : start + _BATCH]))
            .order_by(PERSON_IDENTITY.c.person_id)
        )
        for row in rows:
            person = asked.get((bytes(row.number_index), bytes(row.name_index)))
            if person is not None:
                found.setdefault(person, row.person_id)
    return found


class Collectives:
    """Ids of issuers (发包方) and other organisations by their code."""

    def __init__(self, store: Store, connection: Connection) -> None:
        """Read every code that is registered."""
        self._store = store
        rows = connection.execute(
            sa.select(ORGANISATION.c.code, ORGANISATION.c.party_id).order_by(ORGANISATION.c.party_id, ORGANISATION.c.seq)
        )
        self._ids: dict[str, str] = {row.code: row.party_id for row in rows}

    def registered(self, code: str) -> str | None:
        """The id under this code, else None."""
        return self._ids.get(code)

    def id(self, act: Act, code: str, name: str, contact: str, kind: str = "collective") -> str:
        """The id under this code; a new party comes with the act."""
        if code not in self._ids:
            what = parties.Organisation(code, name, contact)
            made: tuple[str, list[tuple[Any, dict[str, Any]]]] = parties.organisation_rows(
                self._store.vault, act.desk.randomness, act.idx, kind, what
            )
            self._ids[code] = made[0]
            for table, row in made[1]:
                act.desk.row(table, row)
        return self._ids[code]

