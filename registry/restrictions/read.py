"""Which rights lie under a restriction of a kind on a day, as known at a size of the log?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from registry.ledger.in_force import in_force
from registry.restrictions.model import RESTRICTION_VERSION
from registry.store.asking import Question, ask

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_V = RESTRICTION_VERSION
_UNDER = Question(
    sa.select(_V.c.right_id)
    .where(_V.c.restriction_kind == sa.bindparam("kind"), in_force(_V), _V.c.status != "ended")
    .distinct()
)


def rights_under(connection: Connection, kind: str, *, valid_at: str, known_at: int) -> set[str]:
    """Ids of the rights on which a seizure, mortgage, pledge, objection or dispute lies."""
    rows = ask(connection, _UNDER, {"kind": kind, "valid_at": valid_at, "known_at": known_at})
    return {right_id for (right_id,) in rows}
