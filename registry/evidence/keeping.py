"""How is a paper or photograph taken in as evidence, what is stated of it, and how is it read again?

It is cleaned in a process of its own (`apart`), kept encrypted under the hash of what is left (`registry.sources`), and the
hash of what came is stated beside it. No function deletes one: a version, a case or a judgment may rest on it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from registry import sources
from registry.errors import SanquanError
from registry.evidence import apart
from registry.evidence.limits import REMOVED, SUFFIXES
from registry.evidence.model import EVIDENCE
from registry.looks.keeping import looked
from registry.papers import stated
from registry.store.bulk import insert_rows
from registry.store.sealing import opened_row, sealed_row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.engine import Connection

    from registry.evidence.cleaned import Cleaned
    from registry.evidence.limits import MediaType
    from registry.ledger.commit import Officer
    from registry.store.engines import Store

LONGEST_KIND, LONGEST_ABOUT = 40, 200


class EvidenceUndescribedError(SanquanError):
    """Raised when it is not said what kind of paper it is, or in too many words."""

    def __init__(self) -> None:
        """Show a valid example."""
        super().__init__(
            f"写明是哪一种材料(1 到 {LONGEST_KIND} 个字, 例如“合同”), 说明最多 {LONGEST_ABOUT} 个字",
            f"say the kind of paper (1 to {LONGEST_KIND} characters, for example “contract”), and at most {LONGEST_ABOUT} about it",
        )


@dataclass(frozen=True, slots=True)
class Piece:
    """What came: `original_hash` names the file as it came, `content_hash` what was kept and is cited; 64 hexadecimal digits.

    `stated`: `taken` (when the camera says), `pages`, `width`, `height` in pixels, `removed` (words of `REMOVED`), and the
    `officer` and `bureau` that took it in.
    """

    original_hash: str
    content_hash: str
    original_bytes: int
    media_type: MediaType
    received_at: str
    stated: Mapping[str, Any]

    def __repr__(self) -> str:
        """Never what was sealed: a repr ends in logs."""
        return f"Piece({self.media_type}, {self.received_at})"

    @property
    def unchanged(self) -> bool:
        """Whether what is kept is the file as it came, to the byte."""
        return self.original_hash == self.content_hash

    @property
    def removed(self) -> list[tuple[str, str]]:
        """What was taken out of it, 中文 and English."""
        return [REMOVED[word] for word in self.stated["removed"]]

    @property
    def suffix(self) -> str:
        """How a file of its type is called."""
        return SUFFIXES[self.media_type]


def receive(
    store: Store, officer: Officer, content: bytes, *, kind: str, dated: str, about: str = "", cleaned: Cleaned | None = None
) -> Piece:
    """Clean a file, keep what is left, state both hashes. The same file brought twice is one piece, as first described.

    `dated`: the paper's own day. `cleaned`: what is left of it, where the caller had it cleaned to look at. Raises
    `EvidenceUndescribedError`, `apart.EvidenceRefused`; then nothing was kept.
    """
    if not 1 <= len(kind.strip()) <= LONGEST_KIND or len(about) > LONGEST_ABOUT:
        raise EvidenceUndescribedError
    digest = hashlib.sha256(content).digest()
    with store.reading() as connection:
        known = _pieces(store, connection, EVIDENCE.c.original_hash == digest)
    if known:
        return known[0]
    cleaned = cleaned or apart.cleaned(content)
    told = {**cleaned.facts(), "officer": officer.name, "bureau": officer.bureau}
    del told["media_type"]
    sources.lay_down(store, cleaned.content)
    with store.writing("desk") as connection:
        if not _pieces(store, connection, EVIDENCE.c.original_hash == digest):
            name = sources.enter(store, connection, cleaned.content, kind=kind.strip(), dated=dated, about=about)
            row: dict[str, Any] = {
                "original_hash": digest,
                "content_hash": bytes.fromhex(name),
                "original_bytes": len(content),
                "media_type": cleaned.media_type,
                "received_at": store.clock().strftime("%Y-%m-%dT%H:%M:%SZ"),
            }
            sealed = sealed_row(store.vault, EVIDENCE, row, told, store.randomness.nonce())
            insert_rows(connection, EVIDENCE, (*row, "sealed"), [(*row.values(), sealed)])
        found = _pieces(store, connection, EVIDENCE.c.original_hash == digest)
        connection.commit()
    return found[0]


def pieces(store: Store, connection: Connection, content_hash: str) -> list[Piece]:
    """Every file that came and was kept as this source, oldest first; none where a paper is of our own making.

    Raises `sources.SourceMissingError` where nothing of this hash is kept.
    """
    known = sources.describe(store, connection, content_hash)
    return _pieces(store, connection, EVIDENCE.c.content_hash == bytes.fromhex(known.content_hash))


def read(store: Store, officer: Officer, content_hash: str, purpose: str) -> tuple[sources.Source, bytes, MediaType | None]:
    """What is kept, to be looked at by one officer for one purpose, logged before it is handed out.

    The type is None for a paper that is kept as it was made here. Raises `sources.SourceMissingError`, `PurposeMissingError`.
    """
    reason = stated(purpose)
    with store.reading() as connection:
        known = sources.describe(store, connection, content_hash)
        came = pieces(store, connection, content_hash)
    content = sources.open_source(store, content_hash)
    looked(store, officer, known.content_hash, "source", reason)
    return known, content, came[0].media_type if came else None


def _pieces(store: Store, connection: Connection, where: sa.ColumnElement[bool]) -> list[Piece]:
    query = sa.select(EVIDENCE).where(where).order_by(EVIDENCE.c.received_at, EVIDENCE.c.original_hash)
    return [opened(store, dict(row)) for row in connection.execute(query).mappings()]


def opened(store: Store, row: Mapping[str, Any]) -> Piece:
    """A row with what was sealed; SealBrokenError where any column of it was edited."""
    return Piece(
        bytes(row["original_hash"]).hex(), bytes(row["content_hash"]).hex(), row["original_bytes"], row["media_type"],
        row["received_at"], opened_row(store.vault, EVIDENCE, row),
    )  # fmt: skip
