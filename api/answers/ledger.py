"""How long is the public log, under which roots, and which leaves stand in it?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.answers.persons import ledger_facts
from registry.ledger import read
from registry.ledger.publishing import keys_on_log, policy_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection

    from api.asked import Moment
    from registry.ledger.publishing import LogKey
    from registry.store.engines import Store


def head(store: Store, connection: Connection, at: Moment) -> dict[str, Any]:
    """Size, root of the tree (base64), root of the state (base64url), when the last entry was recorded."""
    return ledger_facts(store, connection, at)


def policy(connection: Connection, at: Moment) -> dict[str, Any]:
    """The keys that the log has named so far, and the policy file that a verifier asks for."""
    return {
        "size": at.known_at,
        "keys": keys_facts(keys_on_log(connection, at.known_at)),
        "policy": policy_text(connection, at.known_at),
    }


def keys_facts(keys: Sequence[LogKey]) -> list[dict[str, Any]]:
    """Keys as plain values: since which entry and hour, revoked by which."""
    return [
        {
            "vkey": str(each.key),
            "since": each.since,
            "since_at": each.since_at,
            "revoked": each.revoked,
            "revoked_at": each.revoked_at,
        }
        for each in keys
    ]


def entries(connection: Connection, first: int, limit: int, at: Moment) -> dict[str, Any]:
    """Leaves as they are stored, from `first` on: the text whose UTF-8 bytes the tree hashes."""
    rows = [row for row in read.page(connection, first, limit) if row.idx < at.known_at]
    last = rows[-1].idx + 1 if rows else first
    return {
        "entries": [{"idx": row.idx, "recorded_at": row.recorded_at, "leaf": row.leaf.decode()} for row in rows],
        "next": last if rows and last < at.known_at else None,
        "size": at.known_at,
    }
