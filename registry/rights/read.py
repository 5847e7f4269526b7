"""Which rights are there of a kind, from a village, in a box, of a holder; which lie on a parcel?

Lists go by the right's id, page by page, on a day and as known at a size of the log; ids first, so that only the chains
of one page are read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from gis.storage.predicates import intersects_box
from registry.ledger.in_force import in_force
from registry.parcels.model import PARCEL_VERSION
from registry.rights.model import BA_UNIT, RIGHT_PARCEL, RIGHT_VERSION
from registry.store.among import among
from registry.store.asking import Question, ask

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.engine import Connection

    from registry.parcels.box import Box

_R = RIGHT_VERSION
_IN_FORCE = in_force(_R)
_OF_VERSION = sa.and_(RIGHT_PARCEL.c.thing_id == _R.c.thing_id, RIGHT_PARCEL.c.ver == _R.c.ver)
_ON_PARCEL = Question(
    sa.select(_R.c.thing_id, _R.c.thing, _R.c.status)
    .join(RIGHT_PARCEL, _OF_VERSION)
    .where(RIGHT_PARCEL.c.parcel_id == sa.bindparam("parcel"), _IN_FORCE)
    .order_by(_R.c.thing_id)
)

_LINES = Question(
    sa.select(
        *(_R.c[name] for name in ("thing_id", "thing", "unit_id", "unit_code", "holder_id", "holding_id", "party_id")),
        *(_R.c[name] for name in ("co_holding", "term_start", "term_end", "certificate_number", "certificate_date")),
        *(_R.c[name] for name in ("book", "book_number", "status")),
        *(RIGHT_PARCEL.c[name] for name in ("parcel_id", "contract_area_m2", "contract_area_mu")),
    )
    .join(RIGHT_PARCEL, _OF_VERSION)
    .where(among(RIGHT_PARCEL.c.parcel_id, "parcels"), _IN_FORCE, _R.c.status != "ended")
    .order_by(_R.c.thing, _R.c.thing_id, RIGHT_PARCEL.c.pos)
)


class RightLine(NamedTuple):
    """One parcel under one right that stands on a day: the right's terms, and the contract area as written."""

    right_id: str
    thing: str
    unit_id: str
    unit_code: str
    holder_id: str
    holding_id: str | None
    party_id: str | None
    co_holding: str
    term_start: str
    term_end: str
    certificate_number: str
    certificate_date: str
    book: str
    book_number: str
    status: str
    parcel_id: str
    contract_area_m2: str
    contract_area_mu: str


def page(  # noqa: PLR0913  (what is asked, as of when, from where, how many)
    connection: Connection,
    *,
    valid_at: str,
    known_at: int,
    after: str = "",
    limit: int = 100,
    things: Sequence[str] | None = None,
    issuer_ids: Sequence[str] | None = None,
    holder_ids: Sequence[str] | None = None,
    box: Box | None = None,
) -> list[str]:
    """Ids of rights that stand on the day, in order, those after `after`.

    `issuer_ids`: of the collectives that issued the contract or certificate. `box`: a parcel of the right meets it.
    """
    query = sa.select(_R.c.thing_id).where(_IN_FORCE, _R.c.status != "ended").order_by(_R.c.thing_id).limit(limit)
    if after:
        query = query.where(_R.c.thing_id > after)
    if things is not None:
        query = query.where(_R.c.thing.in_(things))
    if issuer_ids is not None:
        query = query.join(BA_UNIT, BA_UNIT.c.id == _R.c.unit_id).where(BA_UNIT.c.issuer_id.in_(issuer_ids))
    if holder_ids is not None:
        query = query.where(_R.c.holder_id.in_(holder_ids))
    if box is not None:
        parcel = sa.alias(PARCEL_VERSION)
        meets = intersects_box(parcel, box.minx, box.miny, box.maxx, box.maxy)
        query = (
            query.join(RIGHT_PARCEL, _OF_VERSION)
            .join(parcel, parcel.c.thing_id == RIGHT_PARCEL.c.parcel_id)
            .where(meets, in_force(parcel))
            .distinct()
        )
    rows = connection.execute(query, {"valid_at": valid_at, "known_at": known_at})
    return [row.thing_id for row in rows]


def on_parcel(connection: Connection, parcel_id: str, *, valid_at: str, known_at: int) -> list[tuple[str, str, str]]:
    """(id, thing, status) of each right that lies on a parcel on the day, ended ones too."""
    values = {"parcel": parcel_id, "valid_at": valid_at, "known_at": known_at}
    return [(right, thing, status) for right, thing, status in ask(connection, _ON_PARCEL, values)]


def lines_on(connection: Connection, parcel_ids: Iterable[str], *, valid_at: str, known_at: int) -> list[RightLine]:
    """Every right that stands on any of these parcels on the day, one line for each parcel under it."""
    values = {"parcels": sorted(set(parcel_ids)), "valid_at": valid_at, "known_at": known_at}
    return [RightLine._make(row) for row in ask(connection, _LINES, values)]


def parcels_held(connection: Connection, holder_ids: Iterable[str], *, valid_at: str, known_at: int) -> list[str]:
    """Ids of the parcels under rights that these holders hold on the day, operating rights left out."""
    rows = connection.execute(
        sa.select(RIGHT_PARCEL.c.parcel_id)
        .join(_R, _OF_VERSION)
        .where(_R.c.holder_id.in_(list(holder_ids)), _R.c.thing != "operating", _R.c.status != "ended", _IN_FORCE)
        .distinct(),
        {"valid_at": valid_at, "known_at": known_at},
    )
    return sorted(row.parcel_id for row in rows)
