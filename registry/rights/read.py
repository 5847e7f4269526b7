"""Which rights are there of a kind, from a village, in a box, of a holder; which lie on a parcel?

Lists go by the right's id, page by page, on a day and as known at a size of the log; ids first, so that only the chains
of one page are read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from gis.storage.predicates import intersects_box
from registry.ledger.in_force import in_force
from registry.parcels.model import PARCEL_VERSION
from registry.rights.model import BA_UNIT, RIGHT_PARCEL, RIGHT_VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection

    from registry.parcels.box import Box

_R = RIGHT_VERSION
_IN_FORCE = in_force(_R)
_OF_VERSION = sa.and_(RIGHT_PARCEL.c.thing_id == _R.c.thing_id, RIGHT_PARCEL.c.ver == _R.c.ver)
_ON_PARCEL = (
    sa.select(_R.c.thing_id, _R.c.thing, _R.c.status)
    .join(RIGHT_PARCEL, _OF_VERSION)
    .where(RIGHT_PARCEL.c.parcel_id == sa.bindparam("parcel"), _IN_FORCE)
    .order_by(_R.c.thing_id)
)


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
    return [(row.thing_id, row.thing, row.status) for row in connection.execute(_ON_PARCEL, values)]
