"""How long is the public log, under which roots, and which leaves stand in it?"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from api.answers.persons import ledger_facts
from registry import witnessing
from registry.ledger import read
from registry.ledger.publishing import keys_on_log, losses_on_log, policy_text, successor
from registry.witness.words import STATEMENT_EN, STATEMENT_ZH

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
    """The keys that the log has named so far, the policy file that a verifier asks for, and what the log says was lost."""
    return {
        "size": at.known_at,
        "keys": keys_facts(keys_on_log(connection, at.known_at)),
        "policy": policy_text(connection, at.known_at),
        "losses": [
            {**loss.facts(), "files": f"/ledger/before/{successor.address(loss.origin)}"}
            for loss in losses_on_log(connection, at.known_at)
        ],
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


def witnesses(store: Store) -> dict[str, Any]:
    """What a cosignature states, and how far each witness that the log names has signed."""
    with store.reading() as connection:
        size = read.size(connection)
    return {
        "statement": {"zh": STATEMENT_ZH, "en": STATEMENT_EN},
        "witnesses": [
            {"name": name, "vkey": str(key), "size": signed, "cosigned_at": instant(time)}
            for name, key, signed, time in witnessing.witnesses(store, size)
        ],
    }


def take(store: Store, checkpoint: str) -> dict[str, Any]:
    """Keep what a witness gave back. CosignatureRefusedError, PublisherBusyError."""
    return taken_facts(witnessing.take(store, checkpoint.encode()))


def taken_facts(taken: witnessing.Taken) -> dict[str, Any]:
    """Which head has which lines now, as plain values."""
    return {
        "size": taken.size,
        "published": taken.published,
        "witnesses": [{"name": name, "cosigned_at": instant(time)} for name, time in taken.witnesses],
        "checkpoint": taken.note.decode(),
    }


def instant(time: int | None) -> str | None:
    """A POSIX time in UTC, to the second; a cosignature's hour is its own, not the log's."""
    return None if time is None else dt.datetime.fromtimestamp(time, tz=dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def entries(connection: Connection, first: int, limit: int, at: Moment) -> dict[str, Any]:
    """Leaves as they are stored, from `first` on: the text whose UTF-8 bytes the tree hashes."""
    rows = [row for row in read.page(connection, first, limit) if row.idx < at.known_at]
    last = rows[-1].idx + 1 if rows else first
    return {
        "entries": [{"idx": row.idx, "recorded_at": row.recorded_at, "leaf": row.leaf.decode()} for row in rows],
        "next": last if rows and last < at.known_at else None,
        "size": at.known_at,
    }
