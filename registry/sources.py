"""Where does evidence lie: contracts, resolutions, signed papers, and can it be shown to be the paper that was cited?

A *source* is named by the SHA-256 of its content; its file lies encrypted in the data folder under that name, so that a
paper found under a name is that paper or none. What it is about can name people and is sealed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from registry.errors import SanquanError
from registry.ledger.tables import SOURCE
from registry.store import durable
from registry.store.bulk import insert_rows

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from registry.store.engines import Store

# A scanned paper; larger things (deliveries) are cited by their hash and not kept here.
_MAX_BYTES = 50 * 1024 * 1024


class SourceTooLargeError(SanquanError):
    """Raised when a paper is larger than 50 MB."""

    def __init__(self, size: int) -> None:
        """Its size in bytes."""
        super().__init__(
            f"这份材料有 {size} 字节, 最多 {_MAX_BYTES}: 请降低扫描分辨率",
            f"this paper has {size} bytes, at most {_MAX_BYTES}: scan it smaller",
        )


class SourceMissingError(SanquanError):
    """Raised when no paper of this content hash is kept, or what is kept is not that paper."""

    def __init__(self, content_hash: str) -> None:
        """The hash that was asked for."""
        super().__init__(
            f"没有内容摘要为 {content_hash} 的材料, 或文件已损坏: 请从备份恢复 sources 文件夹",
            f"no paper of content hash {content_hash} is kept, or its file is damaged: restore the folder sources from a backup",
        )


@dataclass(frozen=True, slots=True)
class Source:
    """One paper: its content hash (64 hexadecimal digits), kind, own date, size, and what it is about."""

    content_hash: str
    kind: str
    dated: str
    size_bytes: int
    about: str


def keep(store: Store, content: bytes, *, kind: str, dated: str, about: str = "") -> str:
    """Keep a paper of our own making as it is; the same content kept twice is one source. Returns its content hash.

    What comes from outside goes through `registry.evidence.keeping.receive`.
    """
    lay_down(store, content)
    with store.writing("desk") as connection:
        name = enter(store, connection, content, kind=kind, dated=dated, about=about)
        connection.commit()
    return name


def lay_down(store: Store, content: bytes) -> None:
    """Write the file of a paper, encrypted, before any row names it. SourceTooLargeError."""
    if len(content) > _MAX_BYTES:
        raise SourceTooLargeError(len(content))
    digest = hashlib.sha256(content).digest()
    path = store.settings.sources / digest.hex()
    if not path.exists():
        durable.write(path, store.vault.seal(content, b"source/" + digest))


def enter(store: Store, connection: Connection, content: bytes, *, kind: str, dated: str, about: str = "") -> str:
    """Name a paper that was laid down, in the caller's transaction of the desk; once. Returns its content hash."""
    digest = hashlib.sha256(content).digest()
    if _row(connection, digest) is None:
        sealed = store.vault.seal(about.encode(), b"source-about/" + digest)
        columns = ("content_hash", "kind", "dated", "size_bytes", "about")
        insert_rows(connection, SOURCE, columns, [(digest, kind, dated, len(content), sealed)])
    return digest.hex()


def describe(store: Store, connection: Connection, content_hash: str) -> Source:
    """What is known of a paper. SourceMissingError when none of this hash is kept."""
    row = _row(connection, _digest(content_hash))
    if row is None:
        raise SourceMissingError(content_hash)
    digest = bytes(row.content_hash)
    about = store.vault.open(bytes(row.about), b"source-about/" + digest).decode()
    return Source(digest.hex(), row.kind, row.dated, row.size_bytes, about)


def open_source(store: Store, content_hash: str) -> bytes:
    """The paper's own bytes, checked against its name. SourceMissingError."""
    path = store.settings.sources / content_hash
    digest = _digest(content_hash)
    if not path.is_file():
        raise SourceMissingError(content_hash)
    content = store.vault.open(path.read_bytes(), b"source/" + digest)
    if hashlib.sha256(content).digest() != digest:
        raise SourceMissingError(content_hash)
    return content


def _row(connection: Connection, digest: bytes) -> sa.Row[tuple[object, ...]] | None:
    return connection.execute(sa.select(SOURCE).where(SOURCE.c.content_hash == digest)).first()


def _digest(content_hash: str) -> bytes:
    try:
        digest = bytes.fromhex(content_hash)
    except ValueError as malformed:
        raise SourceMissingError(content_hash[:64]) from malformed
    return digest
