"""Which salts and values open a commitment of a version or an entry?

A version's own paths have salts derived from its row's; what can name a person has a random one, in `opening`, and once that
row is erased nothing opens it any more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import sqlalchemy as sa

from registry.ledger.digest import items_of
from registry.ledger.entry import b64u, commit_encoded, field_salt, un_b64u
from registry.ledger.position import seal_place
from registry.ledger.tables import OPENING

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.engine import Connection

    from registry.ledger.nouns import Noun, Version
    from registry.store.engines import Store

Plain = dict[str, Any]


def of_version(
    store: Store,
    connection: Connection,
    noun: Noun,
    version: Version,
    previous: bytes | None,
    paths: Collection[str],
) -> Plain:
    """`commitments` and `open` of a version; a path that it has not, or that was erased, stays closed.

    `version` was read with its geometry; `previous` is the digest of the one before.
    """
    made: dict[str, bytes] = {path: un_b64u(text) for path, text in version.named.items()}
    opened = []
    for path, encoded in items_of(noun, version, previous, version.shape_digest):
        salt = field_salt(version.salt, path)
        made[path] = commit_encoded(salt, path, encoded)
        if path in paths:
            opened.append({"path": path, "value": orjson.loads(encoded), "salt": b64u(salt)})
    opened += of_subject(store, connection, version.digest, [path for path in version.named if path in paths])
    return {
        "commitments": [b64u(made[path]) for path in sorted(made)],
        "open": sorted(opened, key=lambda each: each["path"]),
    }


def of_subject(store: Store, connection: Connection, subject: bytes, paths: Collection[str]) -> list[Plain]:
    """The openings of a digest or a leaf hash, ascending by path; what was erased is absent."""
    if not paths:
        return []
    query = (
        sa.select(OPENING.c.path, OPENING.c.salt, OPENING.c.sealed)
        .where(OPENING.c.subject == subject, OPENING.c.path.in_(sorted(paths)))
        .order_by(OPENING.c.path)
    )
    return [
        {
            "path": path,
            "value": orjson.loads(store.vault.open(bytes(sealed), seal_place(subject, path))),
            "salt": b64u(bytes(salt)),
        }
        for path, salt, sealed in connection.execute(query)
    ]
