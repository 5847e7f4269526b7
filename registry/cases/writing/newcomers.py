"""How does a case name somebody whom the register may not know yet?

By `person`, an id of the register, or by `name`, `id_number` and `sex`. A number that the register knows already is refused:
the case then names that person, or one woman would become two.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from registry import parties
from registry.cases.writing.writer import known_party
from registry.parties import Identity

if TYPE_CHECKING:
    from registry.cases.saying import Said
    from registry.ledger.act import Act
    from registry.ledger.commit import Desk

_SEXES = ("", "1", "2")


@dataclass(frozen=True, slots=True)
class Somebody:
    """One person: known by id, or brought with an identity."""

    person: str
    identity: Identity | None = None

    @property
    def known(self) -> frozenset[str]:
        """The id, where there is one."""
        return frozenset({self.person} - {""})

    def enter(self, act: Act) -> str:
        """The id; somebody new is entered with the act."""
        if self.identity is None:
            return self.person
        at = act.desk
        person_id, rows = parties.person_rows(at.store.vault, at.randomness, act.idx, self.identity)
        for table, row in rows:
            at.row(table, row)
        act.fields = replace(
            act.fields, people=(*act.fields.people, (person_id, self.identity.name, self.identity.id_number))
        )
        return person_id


def read(at: Desk, said: Said) -> Somebody:
    """Who is meant. SaidMalformedError."""
    if said.has("person"):
        return Somebody(known_party(at, said, "person"))
    name, number = said.text("name"), said.text("id_number", empty=True)
    sex = said.word("sex", _SEXES) if said.has("sex") else ""
    if number and parties.find_by_number(at.connection, at.store.vault, number):
        said.refuse("id_number", "登记簿里有这个号码: 写那个人的编号", "the register knows this number: name that person")
    return Somebody("", Identity(name, number, sex=sex))
