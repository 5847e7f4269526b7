"""What is known of the papers that a dossier cites, for its list?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry import sources
from registry.dossier.model import Exhibit
from registry.evidence import keeping

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.engine import Connection

    from registry.store.engines import Store


def exhibits_of(store: Store, connection: Connection, content_hashes: Iterable[str]) -> list[Exhibit]:
    """Each paper once, in the order in which they are cited. Raises `sources.SourceMissingError`."""
    found = []
    for content_hash in dict.fromkeys(content_hashes):
        known = sources.describe(store, connection, content_hash)
        came = keeping.pieces(store, connection, content_hash)
        media_type, pages, taken = "", 0, ""
        if came:
            media_type, pages, taken = came[0].media_type, came[0].stated["pages"], came[0].stated["taken"]
        originals = tuple(piece.original_hash for piece in came)
        found.append(Exhibit(known.content_hash, known.kind, known.dated, media_type, pages, originals, taken))
    return found
