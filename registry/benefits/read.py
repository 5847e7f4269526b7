"""Which entitlements to farm policies stand on a day, as known at a size of the log?"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from registry.benefits.model import BENEFIT_VERSION
from registry.ledger.in_force import in_force
from registry.store.asking import Question, ask

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_B = BENEFIT_VERSION
_STANDING = Question(
    sa.select(
        *(_B.c[name] for name in ("thing_id", "policy", "basis", "beneficiary_id", "quantity", "unit", "policy_year"))
    )
    .where(in_force(_B), _B.c.status != "ended")
    .order_by(_B.c.thing_id)
)


class Entitlement(NamedTuple):
    """One entitlement: the quantity as text, its unit, the policy year that it was granted or adjusted for."""

    benefit_id: str
    policy: str
    basis: str
    beneficiary_id: str
    quantity: str
    unit: str
    policy_year: str


def standing(connection: Connection, *, valid_at: str, known_at: int) -> list[Entitlement]:
    """Every entitlement that stands on the day, in the order of ids."""
    return [Entitlement(*row) for row in ask(connection, _STANDING, {"valid_at": valid_at, "known_at": known_at})]
