"""Which files is a published log made of, what stands in each, and which root do they give?

Tiles of hashes and bundles of entries (c2sp.org/tlog-tiles): 256 of them make a full one, fewer at the right edge a partial one,
under a path of its own, so that no path ever changes its bytes. Level L counts subtrees of 256^L entries: hash i of tile n at
level L is the root over the entries from (256 n + i) 256^L on. Nothing here opens a file: who asks hands in a reader.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from registry.ledger.verify.proofs import EMPTY_ROOT, HASH_BYTES, leaf_hash, node_hash
from registry.ledger.verify.strict import MalformedError

HEIGHT: Final = 8
FULL: Final = 1 << HEIGHT
ENTRIES: Final = -1
"""The level of an entry bundle: below the hashes of level 0, and as wide as they are."""
MAX_LEVEL: Final = 63
MAX_ENTRY_BYTES: Final = (1 << 16) - 1
_LENGTH_BYTES: Final = 2
_GROUP: Final = 1000
# Six groups are more entries than 2^63 (ten to the 18th tiles of 256): nobody's log, and no endless path.
_PATH: Final = re.compile(
    r"tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Tile:
    """One file of a log: its level (`ENTRIES` for a bundle), which one of that level, how many hashes or entries (1 to 256)."""

    level: int
    index: int
    width: int

    @property
    def path(self) -> str:
        """Where it lies under the log's prefix: `tile/0/x001/x234/067.p/8`."""
        part = "" if self.width == FULL else f".p/{self.width}"
        return f"tile/{'entries' if self.level == ENTRIES else self.level}/{_groups(self.index)}{part}"

    @property
    def first(self) -> int:
        """The index of the first entry that it covers."""
        return self.index << HEIGHT * (max(self.level, 0) + 1)


def parse_path(text: str) -> Tile:
    """The tile of a path as `Tile.path` writes it, and of no other spelling. MalformedError."""
    found = _PATH.fullmatch(text)
    if found is None:
        raise MalformedError(f"“{text[:80]}”不是数据块的路径", f"“{text[:80]}” is no path of a tile")
    level, groups, width = found.groups()
    tile = Tile(
        ENTRIES if level == "entries" else int(level),
        int(groups.replace("x", "").replace("/", "")),
        FULL if width is None else int(width),
    )
    if tile.level > MAX_LEVEL or tile.path != text:
        raise MalformedError(f"“{text[:80]}”不是数据块的路径", f"“{text[:80]}” is no path of a tile")
    return tile


def tiles(size: int, since: int = 0) -> Iterator[Tile]:
    """Every file of a log of this size, bundles first, level by level; without those that the size `since` has alike."""
    level = ENTRIES
    while (have := size >> HEIGHT * max(level, 0)) > 0:
        had = since >> HEIGHT * max(level, 0)
        for index in range(had >> HEIGHT, have >> HEIGHT):
            yield Tile(level, index, FULL)
        if have % FULL and have != had:
            yield Tile(level, have >> HEIGHT, have % FULL)
        level += 1


def bundle(entries: Sequence[bytes]) -> bytes:
    """The bytes of an entry bundle: each entry after its length (2 bytes, big-endian). MalformedError past 65,535 bytes."""
    if any(len(each) > MAX_ENTRY_BYTES for each in entries):
        raise MalformedError("条目超过 65,535 字节", "an entry of more than 65,535 bytes")
    return b"".join(len(each).to_bytes(_LENGTH_BYTES, "big") + each for each in entries)


def parse_bundle(raw: bytes, width: int) -> list[bytes]:
    """The entries of a bundle, exactly `width`, nothing after them. MalformedError."""
    found: list[bytes] = []
    at = 0
    for _ in range(width):
        start = at + _LENGTH_BYTES
        at = start + int.from_bytes(raw[at:start], "big")
        if len(raw) < max(start, at):
            break
        found.append(raw[start:at])
    if len(found) != width or at != len(raw):
        raise MalformedError(f"条目块应恰含 {width} 条", f"the bundle must hold exactly {width} entries")
    return found


def parse_hashes(raw: bytes, width: int) -> list[bytes]:
    """The hashes of a tile, exactly `width`. MalformedError."""
    if len(raw) != width * HASH_BYTES:
        raise MalformedError(
            f"哈希块应为 {width * HASH_BYTES} 字节，实为 {len(raw)}",
            f"the tile must have {width * HASH_BYTES} bytes, got {len(raw)}",
        )
    return [raw[at : at + HASH_BYTES] for at in range(0, len(raw), HASH_BYTES)]


def joined(hashes: Sequence[bytes]) -> bytes:
    """One root over up to 256 hashes: pair a level, promote an odd last one unchanged (RFC 9162, 2.1.1, bottom-up)."""
    level = list(hashes)
    while len(level) > 1:
        pairs = [node_hash(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]
    return level[0] if level else EMPTY_ROOT


def root_of(size: int, read: Callable[[Tile], bytes]) -> bytes:
    """The root over `size` entries from the right edge of the tiles alone: at most one file a level.

    `read` gives the bytes of a tile of exactly the width asked for. Whether the tiles hold what the entries hash to is the
    question of `entry_hashes`. MalformedError.
    """
    rest: list[bytes] = []
    level = 0
    while have := size >> HEIGHT * level:
        edge = Tile(level, have >> HEIGHT, have % FULL)
        here = parse_hashes(read(edge), edge.width) if edge.width else []
        rest = [joined(here + rest)] if here or rest else []
        level += 1
    return joined(rest)


def entry_hashes(raw: bytes, width: int) -> list[bytes]:
    """What the level-0 tile beside a bundle must hold: the leaf hash of each entry. MalformedError."""
    return [leaf_hash(entry) for entry in parse_bundle(raw, width)]


def _groups(index: int) -> str:
    groups = [f"{index % _GROUP:03}"]
    while index := index // _GROUP:
        groups.append(f"x{index % _GROUP:03}")
    return "/".join(reversed(groups))
