"""What is the one hash over the head of every guarded thing, by which anyone sees whether anything changed?

Each thing has a *map key*, a keyed hash of its id; the first 12 bits of the key choose one of 4,096
*buckets*. A *pair* is (map key, digest of the thing's latest version), 32 bytes each. A *bucket root* is the
Merkle root over the bucket's pairs sorted by key, the *state root* that over the 4,096 bucket roots, taken as
leaf hashes as they are. Ended things stay in; the calendar alone never changes it. `roots` is always one run
of 4,096 x 32 bytes. State roots here are raw 32 bytes; entries write them as base64url (`entry.b64u`).
Nothing is stored here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from itertools import groupby
from operator import lt
from typing import Final

from registry.errors import SanquanError
from registry.ledger.entry.commitment import keyed_hash
from registry.ledger.merkle import EMPTY_ROOT, HASH_BYTES, LEAF_PREFIX, Tree, root

Pair = tuple[bytes, bytes]
"""(map key, digest of the thing's latest version)."""

BUCKETS: Final = 4_096
ROOTS_BYTES: Final = BUCKETS * HASH_BYTES
EMPTY_ROOTS: Final = EMPTY_ROOT * BUCKETS
"""The bucket roots of a registry without things."""

_KEY_LABEL: Final = b"sanquan.map.v1\n"
_LEAF_LABEL: Final = LEAF_PREFIX + b"sanquan.map.v1\x00"
_ROW_BYTES: Final = 256 * HASH_BYTES


class StateMapError(SanquanError, ValueError):
    """The base of every refusal of the state map."""


class MapLengthError(StateMapError):
    """Raised when a secret, key, digest or run of bucket roots has another length than the map is made of."""

    def __init__(self, expected: int, got: int) -> None:
        """Both are lengths in bytes."""
        super().__init__(
            f"状态图的密钥、键、摘要或桶根应为 {expected} 字节，实为 {got} 字节",
            f"a secret, key, digest or run of bucket roots must be {expected} bytes, got {got}",
        )


class MapOrderError(StateMapError):
    """Raised when the pairs of a bucket do not ascend by key, or one key stands twice."""

    def __init__(self, number: int) -> None:
        """`number` is the bucket, 0 to 4,095."""
        super().__init__(
            f"状态图第 {number} 桶的键未按升序排列或有重复；每项权益只能有一个最新版本",
            f"bucket {number} of the state map: keys must ascend, each once; a thing has one latest version",
        )


class WrongBucketError(StateMapError):
    """Raised when a pair is given for another bucket than its key chooses."""

    def __init__(self, expected: int, got: int) -> None:
        """`expected` is the bucket of the key, `got` the one that it was given for."""
        super().__init__(
            f"键属于第 {expected} 桶，却列在第 {got} 桶",
            f"the key belongs to bucket {expected}, it was given for bucket {got}",
        )


class NoSuchBucketError(StateMapError):
    """Raised when a bucket's number is not one of the 4,096."""

    def __init__(self, got: int) -> None:
        """`got` is the number."""
        super().__init__(
            f"桶的编号为 0 至 {BUCKETS - 1}，实为 {got}",
            f"buckets are numbered 0 to {BUCKETS - 1}, got {got}",
        )


def map_key(secret: bytes, thing_id: str) -> bytes:
    r"""The key of a thing: HMAC-SHA256(map secret, "sanquan.map.v1\n" || thing id), 32 bytes.

    Raises `MapLengthError` unless the secret is 32 bytes.
    """
    _refuse_length(HASH_BYTES, secret)
    return keyed_hash(secret, _KEY_LABEL + thing_id.encode("utf-8"))


def bucket(key: bytes) -> int:
    """The bucket of a key: its first 12 bits, 0 to 4,095."""
    return key[0] << 4 | key[1] >> 4


def bucket_root(pairs: Sequence[Pair]) -> bytes:
    r"""The root of one bucket: leaves SHA-256(0x00 || "sanquan.map.v1\0" || key || digest), ascending by key.

    Raises `MapLengthError`, `MapOrderError`.
    """
    keys = [key for key, _ in pairs]
    for lengths in ({*map(len, keys)}, {len(digest) for _, digest in pairs}):
        for got in lengths - {HASH_BYTES}:
            raise MapLengthError(HASH_BYTES, got)
    if not all(map(lt, keys, keys[1:])):
        raise MapOrderError(bucket(keys[0]))
    return root([sha256(_LEAF_LABEL + key + digest).digest() for key, digest in pairs])


def state_root(roots: bytes | bytearray) -> bytes:
    """The root over the 4,096 bucket roots taken as leaf hashes, raw 32 bytes. Raises `MapLengthError`."""
    _refuse_length(ROOTS_BYTES, roots)
    return root([_row_root(bytes(roots[at : at + _ROW_BYTES])) for at in range(0, ROOTS_BYTES, _ROW_BYTES)])


def full_root(pairs: Iterable[Pair]) -> tuple[bytearray, bytes]:
    """All bucket roots and the state root over every pair, given in any order (1,000,000 pairs: about 2 s).

    Raises `MapLengthError`, `MapOrderError` when a key stands twice.
    """
    roots = bytearray(EMPTY_ROOTS)
    for number, group in groupby(sorted(pairs), key=_bucket_of):
        _put(roots, number, bucket_root(list(group)))
    return roots, state_root(roots)


def updated(roots: bytes | bytearray, changed: Mapping[int, Sequence[Pair]]) -> tuple[bytearray, bytes]:
    """New bucket roots and state root; each changed bucket is given with *all* its pairs, ascending by key.

    What was given is left as it is. Raises `MapLengthError`, `MapOrderError`, `WrongBucketError`,
    `NoSuchBucketError`.
    """
    _refuse_length(ROOTS_BYTES, roots)
    new = bytearray(roots)
    for number, pairs in changed.items():
        if not 0 <= number < BUCKETS:
            raise NoSuchBucketError(number)
        got = bucket_root(pairs)
        # They ascend: what stands between the first and the last is in their bucket, too.
        for key, _ in (*pairs[:1], *pairs[-1:]):
            if bucket(key) != number:
                raise WrongBucketError(bucket(key), number)
        _put(new, number, got)
    return new, state_root(new)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a thing stands: number `at` of the `of` pairs of its bucket, the path to the bucket's root, the 12 hashes above."""

    of: int
    at: int
    path: tuple[bytes, ...]
    rows: tuple[bytes, ...]


def above(roots: bytes | bytearray) -> Tree:
    """The tree over the 4,096 bucket roots, from which `place` takes the hashes above a bucket. Raises `MapLengthError`."""
    _refuse_length(ROOTS_BYTES, roots)
    return Tree(bytes(roots[at : at + HASH_BYTES]) for at in range(0, ROOTS_BYTES, HASH_BYTES))


def place(tops: Tree, pairs: Sequence[Pair], key: bytes) -> Place:
    """The place of a key among all pairs of its bucket, ascending by key; `tops` is `above` of the same state.

    Raises `KeyError` where the key is not among them.
    """
    keys = [pair[0] for pair in pairs]
    if key not in keys:
        raise KeyError(key.hex())
    at = keys.index(key)
    leaves = Tree(sha256(_LEAF_LABEL + each + digest).digest() for each, digest in pairs)
    return Place(len(pairs), at, tuple(leaves.inclusion(at)), tuple(tops.inclusion(bucket(key))))


@lru_cache(maxsize=64)
def _row_root(row: bytes) -> bytes:
    """The root over 256 bucket roots. An act touches few of the 16 rows; the others are remembered."""
    return root([row[at : at + HASH_BYTES] for at in range(0, _ROW_BYTES, HASH_BYTES)])


def _bucket_of(pair: Pair) -> int:
    _refuse_length(HASH_BYTES, pair[0])
    return bucket(pair[0])


def _put(roots: bytearray, number: int, bucket_hash: bytes) -> None:
    roots[number * HASH_BYTES : (number + 1) * HASH_BYTES] = bucket_hash


def _refuse_length(expected: int, got: bytes | bytearray) -> None:
    if len(got) != expected:
        raise MapLengthError(expected, len(got))
