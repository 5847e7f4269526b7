r"""Which root does the state map have after these changes? The witness's own copy, a second implementation.

ledger.md section 7: a *pair* is (map key, digest of the newest version) of a thing, 32 bytes each; the first 12 bits of the key
choose one of 4,096 buckets; a bucket's root is a Merkle tree over H(0x00 || "sanquan.map.v1\0" || key || digest) ascending by key,
the state root one over the 4,096 bucket roots as they are. `registry.ledger.state_map` is the register's; tests hold them together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from registry.ledger.verify.proofs import EMPTY_ROOT, HASH_BYTES
from registry.ledger.verify.tiles import joined

BUCKETS: Final = 4_096
EMPTY_ROOTS: Final = EMPTY_ROOT * BUCKETS
_LABEL: Final = b"\x00sanquan.map.v1\x00"


def bucket(key: bytes) -> int:
    """The bucket of a map key: its first 12 bits."""
    return key[0] << 4 | key[1] >> 4


@dataclass(slots=True)
class StateMap:
    """The map as it was kept, and what has changed since. `kept(n)` gives all pairs of bucket n as they were kept."""

    kept: Callable[[int], dict[bytes, bytes]]
    roots: bytearray
    changed: dict[bytes, bytes] = field(default_factory=dict)
    _buckets: dict[int, dict[bytes, bytes]] = field(default_factory=dict)
    _touched: set[int] = field(default_factory=set)
    _root: bytes | None = None

    def put(self, key: bytes, digest: bytes) -> None:
        """A newer version of a thing, or its first."""
        number = bucket(key)
        if number not in self._buckets:
            self._buckets[number] = self.kept(number)
        self._buckets[number][key] = self.changed[key] = digest
        self._touched.add(number)

    def root(self) -> bytes:
        """The state root over everything put so far."""
        if self._touched or self._root is None:
            for number in self._touched:
                at = number * HASH_BYTES
                pairs = sorted(self._buckets[number].items())
                self.roots[at : at + HASH_BYTES] = joined([sha256(_LABEL + key + one).digest() for key, one in pairs])
            self._touched.clear()
            whole = bytes(self.roots)
            self._root = joined([whole[at : at + HASH_BYTES] for at in range(0, len(whole), HASH_BYTES)])
        return self._root
