"""Do these hashes lead from an entry to the root, or from one root to a later one?

RFC 9162 section 2.1. A second implementation beside `registry.ledger.merkle`, written after the RFC's own steps of verification,
because strangers run this one without the registry; tests hold the two to each other and both to published vectors.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from registry.ledger.verify.strict import VerifyError

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = sha256(b"").digest()


class ProofFailedError(VerifyError):
    """Raised when a path does not prove what it should."""


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256(0x00 || entry)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return sha256(b"\x01" + left + right).digest()


def included(index: int, size: int, leaf: bytes, path: Sequence[bytes], root: bytes) -> None:
    """The leaf hash stands at `index` under the root of `size` entries (RFC 9162, 2.1.3.2), or ProofFailedError."""
    if folded(index, size, leaf, path) != root:
        raise _failed()


def folded(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes:
    """The root to which a path leads from the leaf hash at `index` of `size`; ProofFailedError where no tree has such a path."""
    if not 0 <= index < size or any(len(each) != HASH_BYTES for each in (leaf, *path)):
        raise _failed()
    at, last, got = index, size - 1, leaf
    for each in path:
        if not last:
            raise _failed()
        if at & 1 or at == last:
            got = node_hash(each, got)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            got = node_hash(got, each)
        at, last = at >> 1, last >> 1
    if last:
        raise _failed()
    return got


def consistent(old: int, new: int, path: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """The log of size `new` begins with that of size `old` >= 1 (RFC 9162, 2.1.4.2), or ProofFailedError.

    What begins with nothing (old 0) no path shows: the caller decides it.
    """
    if not 1 <= old <= new:
        raise _failed()
    if old == new and not path and old_root == new_root:
        return
    if old == new or not path or any(len(each) != HASH_BYTES for each in (old_root, new_root, *path)):
        raise _failed()
    # Where a full subtree ends the old log, its root is known and not in the path.
    seed, *rest = path if old & (old - 1) else [old_root, *path]
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    got_old = got_new = seed
    for each in rest:
        if not last:
            raise _failed()
        if at & 1 or at == last:
            got_old, got_new = node_hash(each, got_old), node_hash(each, got_new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            got_new = node_hash(got_new, each)
        at, last = at >> 1, last >> 1
    if last or got_old != old_root or got_new != new_root:
        raise _failed()


def _failed() -> ProofFailedError:
    return ProofFailedError("证明不成立", "the proof does not hold")
