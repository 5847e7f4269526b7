"""Which bytes make the root of the log, and which hashes prove that it holds an entry or that it only grew?

Leaf: SHA-256(0x00 || entry). Node: SHA-256(0x01 || left || right). Both from RFC 9162 section 2.1 (the same
as RFC 6962). A *size* counts entries, an *index* counts from 0, a *path* is a list of 32-byte hashes, leaf
side first. Nothing here reads a file, a clock or a database, and nothing is imported beyond the standard
library and the base error.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final

from registry.errors import SanquanError

HASH_BYTES: Final = 32
LEAF_PREFIX: Final = b"\x00"
NODE_PREFIX: Final = b"\x01"
EMPTY_ROOT: Final = sha256(b"").digest()
"""The root of a tree without entries (RFC 9162 section 2.1.1): the hash of the empty string."""


class ProofError(SanquanError, ValueError):
    """The base of what is wrong with a hash, a size, a path or a root."""


class HashLengthError(ProofError):
    """Raised when something given as a SHA-256 hash is not 32 bytes long."""

    def __init__(self, got: int) -> None:
        """`got` is the length that was found, in bytes."""
        super().__init__(
            f"哈希应为 {HASH_BYTES} 字节，实为 {got} 字节；请给出原始的 SHA-256 值",
            f"a hash must be {HASH_BYTES} bytes, got {got}; give the raw SHA-256 value",
        )


class TreeSizeError(ProofError):
    """Raised when an index or a size lies outside the tree that is asked."""

    def __init__(self, least: int, most: int, got: int) -> None:
        """`least` and `most` are the ends of what would have been taken, both included."""
        super().__init__(
            f"序号或规模超出范围：应在 {least} 至 {most} 之间，实为 {got}",
            f"index or size out of range: expected {least} to {most}, got {got}",
        )


class PathLengthError(ProofError):
    """Raised when a proof has more or fewer hashes than the two sizes ask for."""

    def __init__(self, expected: int, got: int) -> None:
        """Both are counts of hashes."""
        super().__init__(
            f"证明应有 {expected} 个哈希，实有 {got} 个；请重新索取证明",
            f"the proof must have {expected} hashes, got {got}; ask for the proof again",
        )


class RootMismatchError(ProofError):
    """Raised when the path leads to another root than the one that was signed."""

    def __init__(self, expected: bytes, got: bytes) -> None:
        """`expected` is the root that was given, `got` the one that the path leads to."""
        super().__init__(
            f"根哈希不符：应为 {expected.hex()}，由证明算得 {got.hex()}；所证内容或证明已被改动",
            f"root mismatch: expected {expected.hex()}, the proof gives {got.hex()}; "
            "what is proved or the proof was altered",
        )


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry as a leaf: SHA-256(0x00 || entry)."""
    return sha256(LEAF_PREFIX + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node: SHA-256(0x01 || left || right)."""
    return sha256(NODE_PREFIX + left + right).digest()


def root(leaf_hashes: Sequence[bytes]) -> bytes:
    """The root over leaf hashes (RFC 9162 section 2.1.1), bottom-up: pair a level, promote an odd last hash.

    Raises `HashLengthError` when one of them is not 32 bytes.
    """
    if not leaf_hashes:
        return EMPTY_ROOT
    level = _joined(leaf_hashes)
    while len(level) > HASH_BYTES:
        whole = len(level) // (2 * HASH_BYTES) * (2 * HASH_BYTES)
        level = _parents(level, 0, whole) + level[whole:]
    return level


class Tree:
    """An append-only Merkle tree held in memory, 64 bytes an entry, that answers for every size it ever had.

    Level k is one bytearray of the hashes of all full subtrees of 2^k entries. What the right edge lacks is
    computed when asked, so nothing written is ever changed. Not safe for two writers at once.
    """

    __slots__ = ("_levels",)

    def __init__(self, hashes: Iterable[bytes] = ()) -> None:
        """Begin with these leaf hashes. Raises `HashLengthError`."""
        self._levels: list[bytearray] = [bytearray()]
        self.extend(hashes)

    @property
    def size(self) -> int:
        """The number of entries."""
        return len(self._levels[0]) // HASH_BYTES

    def extend(self, hashes: Iterable[bytes]) -> None:
        """Append leaf hashes in order; where one is not 32 bytes, none of them (`HashLengthError`)."""
        children = self._levels[0]
        children += _joined(list(hashes))
        height = 1
        while len(children) >= 2 * HASH_BYTES:
            if height == len(self._levels):
                self._levels.append(bytearray())
            level = self._levels[height]
            whole = len(children) // (2 * HASH_BYTES) * (2 * HASH_BYTES)
            level += _parents(children, 2 * len(level), whole)
            children = level
            height += 1

    def root(self, size: int | None = None) -> bytes:
        """The root at this size, at the present size if none is given. Raises `TreeSizeError`."""
        return self._subtree(0, self._known(size))

    def subtrees(self, height: int, first: int, count: int) -> bytes:
        """The hashes of `count` full subtrees of 2^height entries side by side, from number `first` on.

        Raises `TreeSizeError` where the tree has not so many.
        """
        most = self.size >> height
        if not 0 <= first < first + count <= most:
            raise TreeSizeError(0, most, first + count)
        return bytes(self._levels[height][first * HASH_BYTES : (first + count) * HASH_BYTES])

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """The path that proves entry `index` under the root at `size` (RFC 9162, 2.1.3.1).

        Raises `TreeSizeError` unless 0 <= index < size <= the present size.
        """
        end = self._known(size)
        if not 0 <= index < end:
            raise TreeSizeError(0, end - 1, index)
        path: list[bytes] = []
        start = 0
        while end - start > 1:
            split = start + _left_size(end - start)
            if index < split:
                path.append(self._subtree(split, end))
                end = split
            else:
                path.append(self._subtree(start, split))
                start = split
        return path[::-1]

    def consistency(self, old: int, size: int | None = None) -> list[bytes]:
        """The path that proves that the tree of `size` begins with that of size `old` (RFC 9162, 2.1.4.1).

        Raises `TreeSizeError` unless 1 <= old <= size <= the present size: an empty tree is the beginning of
        every tree, which no path shows.
        """
        end = self._known(size)
        if not 1 <= old <= end:
            raise TreeSizeError(1, end, old)
        # b of the RFC's SUBPROOF is `start == 0`: with no turn to the right the old root is known.
        path: list[bytes] = []
        start = 0
        while old != end:
            split = start + _left_size(end - start)
            if old <= split:
                path.append(self._subtree(split, end))
                end = split
            else:
                path.append(self._subtree(start, split))
                start = split
        if start:
            path.append(self._subtree(start, end))
        return path[::-1]

    def _known(self, size: int | None) -> int:
        """The size asked for, refused where the tree never had it."""
        if size is None:
            return self.size
        if not 0 <= size <= self.size:
            raise TreeSizeError(0, self.size, size)
        return size

    def _subtree(self, start: int, end: int) -> bytes:
        """MTH(D[start:end]) from full subtrees; `start` is a multiple of each one's size."""
        if start == end:
            return EMPTY_ROOT
        full = []
        while start < end:
            height = (end - start).bit_length() - 1
            at = (start >> height) * HASH_BYTES
            full.append(bytes(self._levels[height][at : at + HASH_BYTES]))
            start += 1 << height
        result = full.pop()
        while full:
            result = node_hash(full.pop(), result)
        return result


def verify_inclusion(
    index: int, size: int, entry_hash: bytes, path: Sequence[bytes], tree_root: bytes
) -> None:
    """Prove that the leaf hash stands at `index` under the root of a tree of `size` (RFC 9162, 2.1.3.2).

    1. Every hash is 32 bytes, and 0 <= index < size.
    2. The path has exactly the length that index and size ask for.
    3. Folding the path into the leaf hash gives the root.

    Returns nothing. Raises a `ProofError`. The caller MUST have hashed the entry itself and MUST have checked
    the signature over size and root.
    """
    # 1
    _check_hashes(entry_hash, tree_root, *path)
    if not 0 <= index < size:
        raise TreeSizeError(0, size - 1, index)
    # 2
    inner, border = _path_shape(index, size)
    if len(path) != inner + border:
        raise PathLengthError(inner + border, len(path))
    # 3: below the last split the index says left or right, above it everything lies to the left
    got = entry_hash
    for height, sibling in enumerate(path):
        got = node_hash(got, sibling) if height < inner and not index >> height & 1 else node_hash(sibling, got)
    if got != tree_root:
        raise RootMismatchError(tree_root, got)


def verify_consistency(old: int, size: int, path: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """Prove that a tree of `size` with `new_root` begins with the one of size `old` (RFC 9162, 2.1.4.2).

    1. 1 <= old <= size; where they are equal, the path is empty and the roots are equal, and that is all.
    2. Every hash is 32 bytes, and the path has exactly the length that both sizes ask for.
    3. Folding the path gives the old root from the left parts alone, and the new root from all.

    Returns nothing. Raises a `ProofError`. The caller MUST decide size 0 itself (anything begins with
    nothing) and MUST have checked both signatures.
    """
    # 1
    if not 1 <= old <= size:
        raise TreeSizeError(1, size, old)
    if old == size:
        if path:
            raise PathLengthError(0, len(path))
        if old_root != new_root:
            raise RootMismatchError(old_root, new_root)
        return
    # 2: the fold begins at the full subtree that ends the old tree; where that is all, the old root is it
    _check_hashes(old_root, new_root, *path)
    inner, border = _path_shape(old - 1, size)
    height = (old & -old).bit_length() - 1
    inner -= height
    whole = old == 1 << height
    expected = inner + border + (0 if whole else 1)
    if len(path) != expected:
        raise PathLengthError(expected, len(path))
    # 3
    seed, rest = (old_root, path) if whole else (path[0], path[1:])
    got_old = got_new = seed
    for step, sibling in enumerate(rest):
        if step < inner and not (old - 1) >> (height + step) & 1:
            got_new = node_hash(got_new, sibling)
        else:
            got_old = node_hash(sibling, got_old)
            got_new = node_hash(sibling, got_new)
    if got_old != old_root:
        raise RootMismatchError(old_root, got_old)
    if got_new != new_root:
        raise RootMismatchError(new_root, got_new)


def _left_size(size: int) -> int:
    """The largest power of two below `size` (> 1)."""
    return 1 << ((size - 1).bit_length() - 1)


def _path_shape(index: int, size: int) -> tuple[int, int]:
    """The number of hashes of an inclusion path before and after it joins the path of the last leaf.

    Below the join the sibling may lie on either side; above it, each set bit of the index is one sibling to
    the left.
    """
    inner = (index ^ (size - 1)).bit_length()
    return inner, (index >> inner).bit_count()


def _parents(level: bytes | bytearray, start: int, end: int) -> bytes:
    """The node hashes over a level from byte `start` to `end`, where left || right lie side by side."""
    pairs = range(start, end, 2 * HASH_BYTES)
    return b"".join([sha256(NODE_PREFIX + level[at : at + 2 * HASH_BYTES]).digest() for at in pairs])


def _check_hashes(*hashes: bytes) -> None:
    """Refuse before hashing what is not 32 bytes: 31 and 33 bytes joined would hash like 32 and 32."""
    for length in set(map(len, hashes)) - {HASH_BYTES}:
        raise HashLengthError(length)


def _joined(hashes: Sequence[bytes]) -> bytes:
    """All of them in one run of bytes, each checked to be 32 long before anything is hashed."""
    _check_hashes(*hashes)
    return b"".join(hashes)
