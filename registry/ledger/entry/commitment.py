"""How does an entry say "this value was recorded" so that only who is given the salt can tell which value?

Hiding: the key of the hash is a uniform 256-bit salt, so that an ID number, which has few bits, cannot be
guessed. Binding: collisions of HMAC-SHA256. Erasing salt and value makes a commitment mean nothing, while the
log stays whole. A *master salt* is random, one a row, never used twice; a path that can name a person has a
random salt of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Final

from registry.ledger.entry.canonical import NAME, canonical
from registry.ledger.entry.errors import PathNameError, SaltLengthError
from registry.ledger.entry.fields import digest_list

SALT_BYTES: Final = 32

_SALT_LABEL: Final = b"sanquan.salt.v1\n"
_COMMIT_LABEL: Final = b"sanquan.commit.v1\n"
_VERSION_LABEL: Final = b"sanquan.version.v1\n"
# HMAC (RFC 2104): the key, filled with zeros to the block of 64 bytes, xor 0x36 inside and 0x5c outside.
_INSIDE: Final = bytes(byte ^ 0x36 for byte in range(256))
_OUTSIDE: Final = bytes(byte ^ 0x5C for byte in range(256))
_INSIDE_FILL: Final = b"\x36" * (64 - SALT_BYTES)
_OUTSIDE_FILL: Final = b"\x5c" * (64 - SALT_BYTES)


def field_salt(master: bytes, path: str) -> bytes:
    r"""The salt of one path: HMAC-SHA256(master, "sanquan.salt.v1\n" || path). It tells no other path's salt.

    Raises `SaltLengthError`, `PathNameError`.
    """
    _refuse_salt(master)
    return keyed_hash(master, _path_parts(path)[0])


def commitment(salt: bytes, path: str, value: object) -> bytes:
    r"""The commitment to one value: HMAC-SHA256(salt, "sanquan.commit.v1\n" || JCS([path, value])), 32 bytes.

    `salt` is the path's own: `field_salt` of the row's master, or a random one where the path can name a
    person. Raises `SaltLengthError`, `PathNameError`, `NotCanonicalError`.
    """
    return commit_encoded(salt, path, canonical(value))


def commit_encoded(salt: bytes, path: str, encoded: bytes) -> bytes:
    """The commitment to a value that is in canonical bytes already.

    The caller MUST give what `canonical` returned, since it is hashed as it is. Raises `SaltLengthError`,
    `PathNameError`.
    """
    _refuse_salt(salt)
    return keyed_hash(salt, _path_parts(path)[1] + encoded + b"]")


def commit_paths(master: bytes, items: Iterable[tuple[str, bytes]]) -> list[bytes]:
    """Commitments to many (path, value) under one master salt, in the order given.

    The same bytes as `commitment(field_salt(master, path), path, value)`, 1.8 times as fast: HMAC is spelled
    out and the master's two pads are hashed once. The caller MUST give as value what `canonical` returned,
    since it is hashed as it is. Raises `SaltLengthError`, `PathNameError`.
    """
    _refuse_salt(master)
    master_inside = sha256(master.translate(_INSIDE) + _INSIDE_FILL)
    master_outside = sha256(master.translate(_OUTSIDE) + _OUTSIDE_FILL)
    commitments = []
    for path, value in items:
        salt_message, commit_head = _path_parts(path)
        inside = master_inside.copy()
        inside.update(salt_message)
        outside = master_outside.copy()
        outside.update(inside.digest())
        salt = outside.digest()
        commitments.append(keyed_hash(salt, commit_head + value + b"]"))
    return commitments


def version_digest(commitments: Sequence[bytes]) -> bytes:
    r"""The digest of a version: SHA-256("sanquan.version.v1\n" || JCS(list of b64u commitments)), 32 bytes.

    `commitments` stand in the order of their paths. Raises `EntryFieldError` when one is not 32 bytes.
    """
    return sha256(_VERSION_LABEL + digest_list("version", commitments)).digest()


def keyed_hash(key: bytes, message: bytes) -> bytes:
    """HMAC-SHA256 under a key of 32 bytes: what `hmac.digest` gives, in six tenths of its time (OpenSSL 3)."""
    hashed = sha256(key.translate(_INSIDE) + _INSIDE_FILL + message).digest()
    return sha256(key.translate(_OUTSIDE) + _OUTSIDE_FILL + hashed).digest()


@lru_cache(maxsize=4096)
def _path_parts(path: str) -> tuple[bytes, bytes]:
    """What is hashed for the salt of a path, and the beginning of what is hashed for its commitment."""
    if not NAME.fullmatch(path):
        raise PathNameError
    name = path.encode("ascii")
    return _SALT_LABEL + name, _COMMIT_LABEL + b'["' + name + b'",'


def _refuse_salt(salt: bytes) -> None:
    if len(salt) != SALT_BYTES:
        raise SaltLengthError(SALT_BYTES, len(salt))
