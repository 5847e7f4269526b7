"""What do figures about rights count: rights that stand, who held any on a day, acts that ended or let them?

Only reads. Whoever counts for the bureaus asks here and has no table of rights in his hands (lock 1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from registry.ledger.in_force import in_force
from registry.rights.model import BA_UNIT, RIGHT_PARCEL, RIGHT_VERSION
from registry.store.among import among
from registry.store.asking import Question, ask

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.engine import Connection

_R = RIGHT_VERSION
_STANDS = sa.and_(in_force(_R), _R.c.status != "ended")
_OF_VERSION = sa.and_(RIGHT_PARCEL.c.thing_id == _R.c.thing_id, RIGHT_PARCEL.c.ver == _R.c.ver)
_LINES = Question(
    sa.select(
        *(_R.c[name] for name in ("thing_id", "thing")),
        BA_UNIT.c.issuer_id,
        *(_R.c[name] for name in ("holder_id", "within_id", "certificate_number", "term_start", "term_end")),
        *(RIGHT_PARCEL.c[name] for name in ("parcel_id", "contract_area_m2", "contract_area_mu")),
    )
    .join(BA_UNIT, BA_UNIT.c.id == _R.c.unit_id)
    .outerjoin(RIGHT_PARCEL, _OF_VERSION)
    .where(_STANDS)
    .order_by(_R.c.thing_id, RIGHT_PARCEL.c.pos)
)
_HOLDERS = Question(
    sa.select(_R.c.holder_id).where(among(_R.c.holder_id, "holders"), _STANDS, _R.c.thing != "operating").distinct()
)
_ACTS = Question(
    sa.select(
        *(_R.c[name] for name in ("cause_idx", "cause_kind", "act_day", "thing_id", "thing", "holder_id", "status", "effect"))
    )
    .where(
        among(_R.c.cause_kind, "kinds"),
        _R.c.valid_from == _R.c.act_day,
        _R.c.act_day <= sa.bindparam("day", type_=_R.c.act_day.type),
        _R.c.cause_idx < sa.bindparam("known", type_=_R.c.cause_idx.type),
    )
    .order_by(_R.c.cause_idx, _R.c.thing_id)
)

_ENDINGS = Question(
    sa.select(
        *(_R.c[name] for name in ("cause_idx", "cause_kind", "act_day", "thing_id", "thing", "holder_id", "status", "effect"))
    ).where(among(_R.c.holder_id, "holders"), in_force(_R), _R.c.status == "ended")
)


class StandingLine(NamedTuple):
    """A right that stands on a day, once for each parcel under it (`parcel_id` None where there is none); m² and 亩 as text."""

    right_id: str
    thing: str
    issuer_id: str
    holder_id: str
    within_id: str | None
    certificate_number: str
    term_start: str
    term_end: str
    parcel_id: str | None
    m2: str | None
    mu: str | None


class RightAct(NamedTuple):
    """What one entry did to one right: `status` is the right's afterwards, `effect` says whether it lay on a burden."""

    entry: int
    kind: str
    act_day: str
    right_id: str
    thing: str
    holder_id: str
    status: str
    effect: str


def lines(connection: Connection, *, valid_at: str, known_at: int) -> list[StandingLine]:
    """Every right that stands on the day, in the order of ids."""
    return [StandingLine(*row) for row in ask(connection, _LINES, {"valid_at": valid_at, "known_at": known_at})]


def holders(connection: Connection, holder_ids: Iterable[str], *, valid_at: str, known_at: int) -> set[str]:
    """Which of these holders hold a right on the day, leases of others' land left out."""
    values = {"holders": sorted(set(holder_ids)), "valid_at": valid_at, "known_at": known_at}
    return {holder for (holder,) in ask(connection, _HOLDERS, values)}


def acts(connection: Connection, kinds: Iterable[str], *, valid_at: str, known_at: int) -> list[RightAct]:
    """Acts of these kinds dated on the day or before, in the order of the log."""
    values = {"kinds": sorted(set(kinds)), "day": valid_at, "known": known_at}
    return [RightAct(*row) for row in ask(connection, _ACTS, values)]


def endings(
    connection: Connection, holder_ids: Iterable[str], *, valid_at: str, known_at: int
) -> list[RightAct]:
    """What ended the rights of these holders that are over on the day."""
    values = {"holders": sorted(set(holder_ids)), "valid_at": valid_at, "known_at": known_at}
    return [RightAct(*row) for row in ask(connection, _ENDINGS, values)]
