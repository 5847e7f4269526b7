"""Which row of a table of versions is the state on a day, as known at a size of the log, asked in SQL?

The same answer as `chain.state_at` gives in memory: the highest version known whose stretch covers the day. For pages
and boxes, where reading whole chains of everything would be waste.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, FromClause

VALID_AT, KNOWN_AT = "valid_at", "known_at"
"""The names under which the day and the size are bound when a statement that uses `in_force` is executed."""


@lru_cache(maxsize=256)  # the alias copies every column of the table, which took longer than to ask
def in_force(versions: FromClause) -> ColumnElement[bool]:
    """Say whether a row of a version table (or of an alias of it) is the state; ended states are states too."""
    later = sa.alias(versions.element if isinstance(versions, sa.Alias) else versions)
    outdone = sa.exists().where(later.c.thing_id == versions.c.thing_id, later.c.ver > versions.c.ver, _covers(later))
    return sa.and_(_covers(versions), ~outdone)


def _covers(versions: FromClause) -> ColumnElement[bool]:
    day = sa.bindparam(VALID_AT, type_=versions.c.valid_from.type)
    return sa.and_(
        versions.c.cause_idx < sa.bindparam(KNOWN_AT, type_=versions.c.cause_idx.type),
        versions.c.valid_from <= day,
        sa.or_(versions.c.valid_to.is_(None), versions.c.valid_to > day),
    )
