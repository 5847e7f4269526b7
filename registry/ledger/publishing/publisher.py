"""How does what was committed become a signed checkpoint, in which order, so that nothing is signed that could be lost?

The steps of docs/ledger.md, after COMMIT: the log ends with a state, tiles are written, the new entries are read back and
hashed again, the tree is held against the last head, the checkpoint is signed, kept outside the database, published. Stopped
anywhere it is done again from the beginning: each step finds what stands and adds what lacks.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from registry.errors import SanquanError
from registry.ledger import read
from registry.ledger.log import tree_of
from registry.ledger.merkle import leaf_hash
from registry.ledger.publishing import sm2
from registry.ledger.publishing.appending import end_with_a_state
from registry.ledger.publishing.head import (
    CHECKPOINT_FILE,
    HEAD_FILE,
    HeadUnreadableError,
    parse_head,
    read_head,
    refuse_behind,
)
from registry.ledger.publishing.keys import signers
from registry.ledger.publishing.keys_on_log import LogKey, keys_on_log, policy_text
from registry.ledger.signing import note
from registry.ledger.verify import tiles
from registry.ledger.verify.note import Checkpoint, check, parse_policy
from registry.ledger.verify.proofs import consistent
from registry.ledger.verify.strict import VerifyError
from registry.store import durable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from registry.ledger.merkle import Tree
    from registry.ledger.publishing.head import Head
    from registry.ledger.verify.tiles import Tile
    from registry.store.engines import Store

LOCK_FILE = "lock"
STEPS = ("state", "tiles", "read-back", "sign", "head", "checkpoint", "tidy")
"""The steps in order; `publish` names each when it is done."""


class NoLogKeyError(SanquanError):
    """Raised when a log without a key is to be published."""

    def __init__(self) -> None:
        """How to get one."""
        super().__init__(
            "账本还没有密钥: 先运行 sanquan key create 名称",
            "the log has no key yet: run sanquan key create NAME first",
        )


class PublisherBusyError(SanquanError):
    """Raised when another publisher is at work."""

    def __init__(self) -> None:
        """What to do."""
        super().__init__("另一处正在公布账本: 稍后再试", "the log is being published elsewhere: try again later")


class TileDiffersError(SanquanError):
    """Raised when a file of the published log has other bytes than the log gives."""

    def __init__(self, path: Path) -> None:
        """Which file."""
        super().__init__(
            f"已公布的 {path} 与账本不符, 没有签名: 运行 sanquan audit。若它从未被签过名(恢复备份之后), 移走它再公布",
            f"the published {path} is not what the log gives, nothing was signed: run sanquan audit. If no signed checkpoint "
            "covers it (after a backup was restored), move it away and publish again",
        )


class ReadBackError(SanquanError):
    """Raised when entries read back from the database do not hash to what was written: a bit was lost on the way."""

    def __init__(self, idx: int) -> None:
        """The first entry that differs."""
        super().__init__(
            f"第 {idx} 条账目读回来与写下的不符, 没有签名: 运行 sanquan audit, 检查磁盘和内存",
            f"entry {idx} reads back other than it was written, nothing was signed: run sanquan audit; check disk and memory",
        )


@dataclass(frozen=True, slots=True)
class Published:
    """What stands published: how many entries under which root (32 bytes), how many are new, the signed note."""

    size: int
    root: bytes
    new: int
    note: bytes


def publish(
    store: Store, passphrase: bytes | None = None, reached: Callable[[str], None] = lambda _: None
) -> Published:
    """Publish the log as it stands: tiles, then the checkpoint under every key in use, then nothing half-done.

    What was published stays; a size that was signed is not signed again. `reached(step)` is told each of `STEPS` when it
    is done (tests stop the process there). Raises NoLogKeyError, PublisherBusyError, DatabaseBehindError,
    DatabaseForkedError, HeadUnreadableError, TileDiffersError, ReadBackError, LogKeyFileError, KeyLockedError.
    """
    settings = store.settings
    settings.signing.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with durable.alone(settings.signing / LOCK_FILE):
            return _published(store, passphrase, reached)
    except durable.HeldElsewhereError as held:
        raise PublisherBusyError from held


def tile_bytes(tree: Tree, tile: Tile) -> bytes:
    """What stands in a tile of hashes."""
    return tree.subtrees(tiles.HEIGHT * tile.level, tile.index * tiles.FULL, tile.width)


def _published(store: Store, passphrase: bytes | None, reached: Callable[[str], None]) -> Published:
    refuse_behind(store)
    with store.reading() as connection:
        if not keys_on_log(connection):
            raise NoLogKeyError
    size = end_with_a_state(store)
    reached("state")
    head = read_head(store.settings)
    with store.reading() as connection:
        tree = tree_of(store, connection, size)
        known, policy = keys_on_log(connection), parse_policy(policy_text(connection))
    if head is not None:
        try:
            check(head.raw, replace(policy, quorum=""))  # it was kept before any witness could cosign it
        except VerifyError as forged:
            raise HeadUnreadableError(store.settings.signing / HEAD_FILE) from forged
    old = head.checkpoint.size if head is not None else 0
    _write_tiles(store, tree, size, old)
    reached("tiles")
    _read_back(store, tree, size, old)
    reached("read-back")
    if head is None or size > old:
        head = _signed(store, tree, size, head, known, passphrase)
        reached("sign")
        durable.write(
            store.settings.signing / HEAD_FILE, head.raw, mode=durable.PRIVATE, durable=store.settings.durable
        )
    reached("head")
    _show(store, head)
    reached("checkpoint")
    _tidy(store, size, old)
    reached("tidy")
    return Published(size, head.checkpoint.root, size - old, head.raw)


def _write_tiles(store: Store, tree: Tree, size: int, old: int) -> None:
    """Every file that the size needs and that is not there; what is new since the last head may be there, but not differ."""
    base = store.settings.published
    fresh = set(tiles.tiles(size, old))
    touched: set[Path] = set()
    for tile in tiles.tiles(size):
        path = base / tile.path
        if path.exists():
            if tile in fresh and path.read_bytes() != _content(store, tree, tile):
                raise TileDiffersError(path)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        durable.write(path, _content(store, tree, tile), durable=store.settings.durable, folder_too=False)
        touched.update(each for each in path.parents if each == base or base in each.parents)
    if store.settings.durable and touched:
        durable.sync_folders([*touched, base.parent])


def _content(store: Store, tree: Tree, tile: Tile) -> bytes:
    return tile_bytes(tree, tile) if tile.level != tiles.ENTRIES else tiles.bundle(_entries(store, tree, tile))


def _entries(store: Store, tree: Tree, bundle: Tile) -> list[bytes]:
    """The entries of a bundle as the database has them now, each hashed again. ReadBackError."""
    with store.reading() as connection:
        found = [row.leaf for row in read.page(connection, bundle.first, bundle.width)]
    expected = tiles.parse_hashes(tree.subtrees(0, bundle.first, bundle.width), bundle.width)
    for at, hashed in enumerate(expected):
        if at >= len(found) or leaf_hash(found[at]) != hashed:
            raise ReadBackError(bundle.first + at)
    return found


def _read_back(store: Store, tree: Tree, size: int, old: int) -> None:
    """Hash the new entries again as the database and the files now have them, and the root of the tiles on disk.

    One bit that flipped between hash and disk ended the log Yeti 2022: it had signed what nobody could show any more.
    """
    base = store.settings.published
    for tile in tiles.tiles(size, old):
        if tile.level == tiles.ENTRIES and (base / tile.path).read_bytes() != tiles.bundle(_entries(store, tree, tile)):
            raise TileDiffersError(base / tile.path)
    if tiles.root_of(size, lambda tile: (base / tile.path).read_bytes()) != tree.root(size):
        raise TileDiffersError(base / "tile")


def _signed(
    store: Store, tree: Tree, size: int, head: Head | None, known: tuple[LogKey, ...], passphrase: bytes | None
) -> Head:
    """A signed checkpoint of this size. Never one that is not consistent with the last one signed."""
    root = tree.root(size)
    if head is not None:
        before = head.checkpoint
        consistent(before.size, size, tree.consistency(before.size, size), before.root, root)
    signing = signers(store, known, passphrase)
    text = str(Checkpoint(signing[-1].key.name, size, root))
    lines = [signer.sign(text) for signer in signing]
    if store.settings.suite == sm2.GM:
        with store.reading() as connection:
            lines.append(sm2.signer(store, connection, passphrase).sign(text))
    return parse_head(note(text, lines))


def _show(store: Store, head: Head) -> None:
    """Publish the head; a checkpoint of the same text stays, for a witness may have added lines to it."""
    path = store.settings.published / CHECKPOINT_FILE
    if path.exists():
        try:
            if parse_head(path.read_bytes()).note.text == head.note.text:
                return
        except VerifyError:
            pass  # whatever it is, the head replaces it
    durable.write(path, head.raw, durable=store.settings.durable)


def _tidy(store: Store, size: int, old: int) -> None:
    """Partial files go when the full one stands: c2sp.org/tlog-tiles lets a reader then take the full one."""
    for tile in tiles.tiles(size, old):
        if tile.width == tiles.FULL:
            shutil.rmtree(store.settings.published / f"{tile.path}.p", ignore_errors=True)
