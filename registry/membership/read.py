"""Who belongs to which collective on a day, as known at a size of the log; and whom does a question about people find there?"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from registry.ledger.in_force import in_force
from registry.membership.model import MEMBERSHIP_VERSION
from registry.store.among import among
from registry.store.asking import Question, ask

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement
    from sqlalchemy.engine import Connection

_M = MEMBERSHIP_VERSION
_MEMBERS = (
    sa.select(_M.c.person_id, _M.c.thing_id, _M.c.basis, _M.c.valid_from, _M.c.status)
    .where(_M.c.collective_id == sa.bindparam("collective"), in_force(_M), _M.c.status != "ended")
    .order_by(_M.c.person_id, _M.c.thing_id)
)

_ACTS = Question(
    sa.select(_M.c.cause_idx, _M.c.cause_kind, _M.c.act_day, _M.c.person_id)
    .where(
        among(_M.c.cause_kind, "kinds"),
        _M.c.valid_from == _M.c.act_day,
        _M.c.act_day <= sa.bindparam("day", type_=_M.c.act_day.type),
        _M.c.cause_idx < sa.bindparam("known", type_=_M.c.cause_idx.type),
    )
    .order_by(_M.c.cause_idx, _M.c.person_id)
)


class MembershipAct(NamedTuple):
    """What one entry did to one person's membership."""

    entry: int
    kind: str
    act_day: str
    person_id: str


class Member(NamedTuple):
    """One membership that stands: whose, on which resolution, since when the state that is in force."""

    person_id: str
    membership_id: str
    basis: str
    valid_from: str
    status: str


def members(connection: Connection, collective_id: str, *, valid_at: str, known_at: int) -> list[Member]:
    """Everybody who is a member of a collective on the day, in the order of their ids. Where they live is not asked."""
    rows = connection.execute(_MEMBERS, {"collective": collective_id, "valid_at": valid_at, "known_at": known_at})
    return [Member(*row) for row in rows]


def of_people(connection: Connection, person_ids: Iterable[str]) -> list[str]:
    """Ids of every membership that any of these people has, or had."""
    query = sa.select(_M.c.thing_id).where(among(_M.c.person_id, "persons")).distinct()
    return sorted(connection.scalars(query, {"persons": sorted(set(person_ids))}))


def acts(connection: Connection, kinds: Iterable[str], *, valid_at: str, known_at: int) -> list[MembershipAct]:
    """Acts of these kinds dated on the day or before, in the order of the log."""
    values = {"kinds": sorted(set(kinds)), "day": valid_at, "known": known_at}
    return [MembershipAct(*row) for row in ask(connection, _ACTS, values)]


def once_a_member(
    person: ColumnElement[str], day: ColumnElement[str], known: ColumnElement[int]
) -> ColumnElement[bool]:
    """Say of a column of people whether each was a member of a collective on the day or on an earlier one."""
    version = _M.alias()
    return sa.exists().where(
        version.c.person_id == person, version.c.valid_from <= day, version.c.cause_idx < known
    )
