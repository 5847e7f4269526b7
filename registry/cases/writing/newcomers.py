"""How does a case name somebody whom the register may not know yet?

By `person`, an id of the register, or by `name`, `id_number` and `sex`; a company or cooperative by `name` and `company`, its
code. A number that the register knows already is refused: the case then names that person, or one woman would become two.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from stdnum.cn import uscc

from registry import parties
from registry.cases.writing.writer import known_party
from registry.parties import Identity, Organisation

if TYPE_CHECKING:
    from registry.cases.saying import Said
    from registry.ledger.act import Act
    from registry.ledger.commit import Desk

_SEXES = ("", "1", "2")


@dataclass(frozen=True, slots=True)
class Somebody:
    """One person, or one company: known by id, or brought with who they are."""

    person: str
    identity: Identity | None = None
    company: Organisation | None = None

    @property
    def known(self) -> frozenset[str]:
        """The id, where there is one."""
        return frozenset({self.person} - {""})

    def enter(self, act: Act) -> str:
        """The id; somebody new is entered with the act."""
        at = act.desk
        if self.company is not None:
            party_id, rows = parties.organisation_rows(at.store.vault, at.randomness, act.idx, "organisation", self.company)
            for table, row in rows:
                at.row(table, row)
            return party_id
        if self.identity is None:
            return self.person
        person_id, rows = parties.person_rows(at.store.vault, at.randomness, act.idx, self.identity)
        for table, row in rows:
            at.row(table, row)
        act.fields = replace(
            act.fields, people=(*act.fields.people, (person_id, self.identity.name, self.identity.id_number))
        )
        return person_id


def read_with_companies(at: Desk, said: Said) -> Somebody:
    """Who is meant, where it may be a company or a cooperative. SaidMalformedError."""
    if not said.has("company"):
        return read(at, said)
    code, name = said.text("company").upper(), said.text("name")
    if not uscc.is_valid(code):
        said.refuse("company", "要 18 位统一社会信用代码", "the unified social credit code of 18 characters is wanted")
    known = parties.organisation_by_code(at.connection, code)
    return Somebody("", company=Organisation(code, name)) if known is None else Somebody(known)


def read(at: Desk, said: Said) -> Somebody:
    """Who is meant. SaidMalformedError."""
    if said.has("person"):
        return Somebody(known_party(at, said, "person"))
    name, number = said.text("name"), said.text("id_number", empty=True)
    sex = said.word("sex", _SEXES) if said.has("sex") else ""
    if number and parties.find_by_number(at.connection, at.store.vault, number):
        said.refuse("id_number", "登记簿里有这个号码: 写那个人的编号", "the register knows this number: name that person")
    return Somebody("", Identity(name, number, sex=sex))
