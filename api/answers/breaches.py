"""Which recorded breaches of the guarantee are open, and what came of them: to service and command alike?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.answers.events import OfficerIn, Strict, Words
from registry import breaches

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from registry.breaches import Breach
    from registry.store.engines import Store

Answer = dict[str, Any]


class ClosingIn(Strict):
    """What came of one breach, and who says so."""

    breach: Words
    outcome: str
    officer: OfficerIn


def all_breaches(store: Store, connection: Connection) -> Answer:
    """Every breach, oldest first. What an officer wrote of its outcome can name somebody: it stays at the terminal."""
    found = [told(one) for one in breaches.breaches(store, connection)]
    return {"open": sum(one["closed_at"] is None for one in found), "breaches": found}


def told(breach: Breach) -> Answer:
    """A breach without its outcome: the row by table and key, the fields, what is wrong in words."""
    return {
        "id": breach.id,
        "found_at": breach.found_at,
        "log_size": breach.log_size,
        "table": breach.place,
        "found": dict(breach.found),
        "closed_at": breach.closed_at,
    }


def close(store: Store, sent: ClosingIn) -> Answer:
    """Say what came of one, once; it is never changed nor taken back. NoSuchBreachError."""
    breaches.close(store, sent.officer.officer(), sent.breach, sent.outcome)
    with store.reading() as connection:
        return next(told(one) for one in breaches.breaches(store, connection) if one.id == sent.breach)
