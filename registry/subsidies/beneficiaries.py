"""Whose is an entitlement: the issuer's code and what is shown of a household or person? Never where anybody is registered."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from registry import masks, parties
from registry.holding.model import HOLDING_VERSION
from registry.membership.model import MEMBERSHIP_VERSION
from registry.parties import ORGANISATION

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from registry.store.engines import Store

_ISSUER = 14


class Named(NamedTuple):
    """A beneficiary with names: for a paper that stays on the register's own machine."""

    issuer: str
    code: str
    name: str
    id_number: str


def places_of(store: Store, connection: Connection, beneficiaries: set[str]) -> dict[str, tuple[str, str]]:
    """The issuer's code and the shown name of each beneficiary: a household's code, a person masked."""
    return {
        party: (one.issuer, one.code or masks.in_a_line(one.name, one.id_number))
        for party, one in named(store, connection, beneficiaries).items()
    }


def named(store: Store, connection: Connection, beneficiaries: set[str]) -> dict[str, Named]:
    """Each beneficiary by its code, a household with its representative's name, a person with name and number."""
    versions = connection.execute(
        sa.select(HOLDING_VERSION.c.thing_id, HOLDING_VERSION.c.code, HOLDING_VERSION.c.representative_id).order_by(
            HOLDING_VERSION.c.ver
        )
    ).all()
    holdings = {row.thing_id: row for row in versions if row.thing_id in beneficiaries}
    units = connection.execute(sa.select(ORGANISATION).order_by(ORGANISATION.c.seq)).all()
    codes = {row.party_id: row.code for row in units}
    names = {row.party_id: row.name for row in units}
    found = {
        party: Named(code[:_ISSUER], code, names[party], "") for party, code in codes.items() if party in beneficiaries
    }
    rest = beneficiaries - found.keys() - holdings.keys()
    members = connection.execute(sa.select(MEMBERSHIP_VERSION.c.person_id, MEMBERSHIP_VERSION.c.collective_id)).all()
    collective = {row.person_id: row.collective_id for row in members if row.person_id in rest}
    wanted = {*rest, *(row.representative_id for row in holdings.values())}
    people = parties.identities(connection, store.vault, sorted(wanted))
    for party, row in holdings.items():
        who = people.get(row.representative_id)
        found[party] = Named(row.code[:_ISSUER], row.code, "" if who is None else who.name, "")
    for person in rest & people.keys():
        issuer = codes.get(collective.get(person, ""), "")[:_ISSUER]
        found[person] = Named(issuer, "", people[person].name, people[person].id_number)
    return found
