"""What do figures about parcels count: those that stand on a day, by village and use, with the areas recorded for them?"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from registry.ledger.in_force import in_force
from registry.parcels.model import PARCEL_VERSION
from registry.store.asking import Question, ask

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_P = PARCEL_VERSION
_STANDING = Question(
    sa.select(*(_P.c[name] for name in ("thing_id", "code", "village_id", "land_use", "surveyed_area_m2", "surveyed_area_mu")))
    .where(in_force(_P), _P.c.status != "ended")
    .order_by(_P.c.thing_id)
)


class StandingParcel(NamedTuple):
    """A parcel without its shape: its code of the day, whose village, which use, surveyed m² and 亩 as they were recorded."""

    parcel_id: str
    code: str
    village_id: str
    land_use: str
    m2: str
    mu: str


def standing(connection: Connection, *, valid_at: str, known_at: int) -> list[StandingParcel]:
    """Every parcel that stands on the day, in the order of ids."""
    return [StandingParcel(*row) for row in ask(connection, _STANDING, {"valid_at": valid_at, "known_at": known_at})]
