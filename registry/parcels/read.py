"""Which parcels have this code, lie in this village or box, on a day, as known at a size of the log?

A *state* is the version in force. Lists go by the parcel's id, page by page; only the states of one page are read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from gis.storage.predicates import intersects_box
from registry.ledger.chain import version_of
from registry.ledger.in_force import in_force
from registry.parcels.model import PARCEL, PARCEL_VERSION
from registry.parties import ORGANISATION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection

    from registry.ledger.nouns import Version
    from registry.parcels.box import Box

_P = PARCEL_VERSION
_COLUMNS = tuple(c for c in _P.columns if c.name != "fid")
_IN_FORCE = in_force(_P)
_BY_CODE = sa.select(*_COLUMNS).where(_P.c.code == sa.bindparam("code"), _IN_FORCE).order_by(_P.c.thing_id).limit(100)


def by_code(connection: Connection, code: str, *, valid_at: str, known_at: int) -> list[Version]:
    """The states whose code is this on the day; one that was split, merged or lost is among them, marked ended."""
    values = {"code": code, "valid_at": valid_at, "known_at": known_at}
    return [version_of(PARCEL, row) for row in connection.execute(_BY_CODE, values).mappings()]


def page(
    connection: Connection,
    *,
    valid_at: str,
    known_at: int,
    after: str = "",
    limit: int = 100,
    village_ids: Sequence[str] | None = None,
    box: Box | None = None,
) -> list[Version]:
    """States in order of the parcel's id, those after `after`, without the ended ones; shapes included.

    `village_ids`: parcels of these collectives. `box`: parcels whose bounding box meets it.
    """
    query = sa.select(*_COLUMNS).where(_IN_FORCE, _P.c.status != "ended").order_by(_P.c.thing_id).limit(limit)
    if after:
        query = query.where(_P.c.thing_id > after)
    if village_ids is not None:
        query = query.where(_P.c.village_id.in_(village_ids))
    if box is not None:
        query = query.where(intersects_box(_P, box.minx, box.miny, box.maxx, box.maxy))
    rows = connection.execute(query, {"valid_at": valid_at, "known_at": known_at}).mappings()
    return [version_of(PARCEL, row) for row in rows]


def villages(connection: Connection, code: str) -> list[str]:
    """The ids of the issuing collectives whose code is this, or begins with it (12 digits of a 嘎查 or 村)."""
    rows = connection.execute(
        sa.select(ORGANISATION.c.party_id).where(ORGANISATION.c.code.startswith(code, autoescape=True)).distinct()
    )
    return sorted(row.party_id for row in rows)
