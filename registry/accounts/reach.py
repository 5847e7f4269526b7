"""To which villages do a person and a parcel belong, by membership and land? What `authorise.Scope` is filled with.

An address is never asked: whoever settled in town belongs where the membership and the land are. Something unknown
belongs nowhere, and its scope is empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from registry.accounts.authorise import Scope
from registry.holding.model import HOLDING_MEMBER, HOLDING_VERSION
from registry.ledger.in_force import in_force
from registry.membership.model import MEMBERSHIP_VERSION
from registry.parcels.model import PARCEL_VERSION
from registry.parties import ORGANISATION
from registry.rights.model import RIGHT_PARCEL, RIGHT_VERSION
from registry.store.among import among

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection

_EVER = 2**53
_H, _M, _P, _R = HOLDING_VERSION, MEMBERSHIP_VERSION, PARCEL_VERSION, RIGHT_VERSION
_LISTED = sa.and_(HOLDING_MEMBER.c.thing_id == _H.c.thing_id, HOLDING_MEMBER.c.ver == _H.c.ver)


def of_person(connection: Connection, person_id: str, day: str) -> Scope:
    """One person: the collectives of which they are a member, the codes of the holdings that list them."""
    now = {"valid_at": day, "known_at": _EVER, "person": person_id}
    member = (
        sa.select(ORGANISATION.c.code)
        .join(_M, _M.c.collective_id == ORGANISATION.c.party_id)
        .where(_M.c.person_id == sa.bindparam("person"), in_force(_M), _M.c.status != "ended")
    )
    land = (
        sa.select(_H.c.code)
        .join(HOLDING_MEMBER, _LISTED)
        .where(HOLDING_MEMBER.c.person_id == sa.bindparam("person"), in_force(_H), _H.c.status != "ended")
    )
    codes = {*connection.scalars(member, now), *connection.scalars(land, now)}
    return Scope(frozenset({person_id}), frozenset(codes))


def ever(connection: Connection, persons: Sequence[str]) -> tuple[frozenset[str], frozenset[str]]:
    """The lists (ids) on which these people stand or stood, and the codes of those and of their collectives, of every day."""
    mine = {"persons": list(persons)}
    listed = sa.select(_H.c.thing_id, _H.c.code).join(HOLDING_MEMBER, _LISTED).where(among(HOLDING_MEMBER.c.person_id, "persons"))
    member = (
        sa.select(ORGANISATION.c.code)
        .join(_M, _M.c.collective_id == ORGANISATION.c.party_id)
        .where(among(_M.c.person_id, "persons"))
    )
    lists = connection.execute(listed, mine).all()
    return frozenset(row.thing_id for row in lists), frozenset({*(row.code for row in lists), *connection.scalars(member, mine)})


def of_parcel(connection: Connection, parcel: str, day: str, *, by_code: bool = False) -> Scope:
    """A parcel, by id or code: where it lies, and the people who hold it together."""
    now = {"valid_at": day, "known_at": _EVER, "parcel": parcel}
    which = _P.c.code if by_code else _P.c.thing_id
    rows = connection.execute(sa.select(_P.c.thing_id, _P.c.code).where(which == sa.bindparam("parcel"), in_force(_P)), now).all()
    on_it = sa.and_(RIGHT_PARCEL.c.thing_id == _R.c.thing_id, RIGHT_PARCEL.c.ver == _R.c.ver)
    holdings = (
        sa.select(_R.c.holding_id)
        .join(RIGHT_PARCEL, on_it)
        .where(RIGHT_PARCEL.c.parcel_id.in_([row.thing_id for row in rows]), in_force(_R), _R.c.holding_id.is_not(None))
    )
    people = _people(connection, _H.c.thing_id.in_(holdings), now)
    return Scope(people, frozenset(row.code for row in rows), co_held=True)


def of_holding(connection: Connection, code: str, day: str) -> Scope:
    """A contract or its household, by code (a contract's ends with a letter): the people whose names stand on its list."""
    now = {"valid_at": day, "known_at": _EVER}
    bare = code if code.isdigit() else code[:-1]
    people = _people(connection, _H.c.code.in_([code, bare]), now)
    return Scope(people, frozenset({code} if people else ()), co_held=True)


def of_village(code: str) -> Scope:
    """A village and all in it: nobody's own."""
    return Scope(codes=frozenset({code}))


def _people(connection: Connection, which: sa.ColumnElement[bool], now: dict[str, object]) -> frozenset[str]:
    query = sa.select(HOLDING_MEMBER.c.person_id).join(_H, _LISTED).where(which, in_force(_H), _H.c.status != "ended")
    return frozenset(connection.scalars(query, now))
