"""Does what strangers are handed say what the log says: tiles, bundles, checkpoint, and the head that lies outside?

Every file is compared with the leaves of the log as they hash now, the signatures with the keys that the log names. A
checkpoint that a witness holds is compared in the same way: it is the one thing that an administrator cannot make again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.ledger.check import Disagreement
from registry.ledger.merkle import Tree
from registry.ledger.publishing import CHECKPOINT_FILE, HEAD_FILE, tile_bytes
from registry.ledger.publishing.head import COSIGNED_FOLDER, parse_head
from registry.ledger.publishing.keys_on_log import policy_lines
from registry.ledger.verify import tiles
from registry.ledger.verify.note import parse_policy, verified
from registry.ledger.verify.strict import MalformedError, VerifyError
from registry.ledger.verify.tiles import ENTRIES, Tile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from registry.audit.log import Log
    from registry.ledger.verify.note import Policy
    from registry.store.settings import Settings

_LEFT_BY_A_CRASH = ".part"


def judge_published(settings: Settings, log: Log, witnessed: bytes | None = None) -> Iterator[Disagreement]:
    """Every file that disagrees with the log. `witnessed`: a checkpoint that somebody outside kept.

    A log that was never published has none, and no finding.
    """
    leaves = [logged.leaf for logged in log.entries.values()]
    tree = Tree(logged.subject for logged in log.entries.values())
    policy: Policy | None = None
    try:
        policy = _policy(log)
    except VerifyError as refused:
        yield _say("ledger_entry", "keys", "vkeys", refused.zh, refused.en)
    head, checkpoint = settings.signing / HEAD_FILE, settings.published / CHECKPOINT_FILE
    signed = 0
    if head.exists() or checkpoint.exists():
        for path in (head, checkpoint):
            raw = path.read_bytes() if path.exists() else b""
            yield from _checkpoint(path.name, raw, tree, policy)
        signed = _size(head)
        if _size(checkpoint) > signed:
            zh = f"公布的检查点有 {_size(checkpoint)} 条, 账头只到 {signed} 条: 账头被换成了旧的"
            en = f"the checkpoint covers {_size(checkpoint)} entries, the head {signed}: the head was put back"
            yield _say(HEAD_FILE, HEAD_FILE, "size", zh, en)
    for path in sorted((settings.published / COSIGNED_FOLDER).glob("*")):
        if not path.name.endswith(_LEFT_BY_A_CRASH):
            yield from _checkpoint(f"{COSIGNED_FOLDER}/{path.name}", path.read_bytes(), tree, policy)
    yield from _files(settings.published, tree, leaves, min(signed, tree.size))
    if witnessed is not None:
        yield from _checkpoint("witness", witnessed, tree, policy)


def _policy(log: Log) -> Policy | None:
    """Whose signatures are known: the log's keys and witnesses, as its K entries have them."""
    entries = [
        (idx, each.entry) for idx, each in log.entries.items() if each.entry is not None and each.entry.cls == "K"
    ]
    lines = policy_lines([(idx, entry.at, entry.vkeys) for idx, entry in entries])
    return parse_policy("\n".join([*lines, ""])) if lines else None


def _checkpoint(name: str, raw: bytes, tree: Tree, policy: Policy | None) -> Iterator[Disagreement]:
    """What is wrong with one signed checkpoint."""
    try:
        held = parse_head(raw)
    except VerifyError as broken:
        yield _say(name, name, "note", f"读不出: {broken.zh}", f"it can't be read: {broken.en}")
        return
    says = held.checkpoint
    if says.size > tree.size:
        zh = f"它有 {says.size} 条账目, 账本只有 {tree.size} 条: 缺第 {tree.size} 至 {says.size - 1} 条"
        en = f"it covers {says.size} entries, the log has {tree.size}: entries {tree.size} to {says.size - 1} are missing"
        yield _say(name, name, "size", zh, en)
    elif tree.root(says.size) != says.root:
        zh = f"前 {says.size} 条账目的根与它不符: 账目改过, 或这是另一段历史"
        en = (
            f"the root of the first {says.size} entries is not its root: entries were altered, or it is another history"
        )
        yield _say(name, name, "root", zh, en)
    try:
        keys = () if policy is None else (*policy.logs, *policy.witnesses.values())
        by = [each.key for each in verified(held.note, keys)]
    except VerifyError as forged:
        yield _say(name, name, "signature", forged.zh, forged.en)
        return
    if policy is None or not any(key in policy.logs and policy.counts(key, says.size) for key in by):
        zh, en = "没有账本在用密钥的签名", "no key that the log had in use signed it"
        yield _say(name, name, "signature", zh, en)


def _files(base: Path, tree: Tree, leaves: list[bytes], signed: int) -> Iterator[Disagreement]:
    """Every tile that is missing, differs, or that nobody published."""
    for tile in tiles.tiles(signed):
        if not (base / tile.path).is_file():
            yield _tile(tile.path, tile.first, "公布的文件不见了", "the published file is gone")
    for path in sorted(base.rglob("*")):
        name = path.relative_to(base).as_posix()
        if path.is_dir() or name == CHECKPOINT_FILE or name.endswith(_LEFT_BY_A_CRASH):
            continue
        if name.startswith(f"{COSIGNED_FOLDER}/"):
            continue
        try:
            tile = tiles.parse_path(name)
        except MalformedError:
            yield _tile(name, None, "不是公布的文件", "it is no file of a published log")
            continue
        end = tile.index * tiles.FULL + tile.width
        if tree.size >> tiles.HEIGHT * max(tile.level, 0) < end:
            yield _tile(name, tile.first, "账本没有这么长", "the log is not that long")
            continue
        raw = path.read_bytes()
        bundled = tile.level == ENTRIES
        expected = tiles.bundle(leaves[tile.first : tile.first + tile.width]) if bundled else tile_bytes(tree, tile)
        if raw != expected:
            idx = tile.first if tile.level > 0 else _first(tile, raw, expected)
            yield _tile(name, idx, "与账本不符", "it is not what the log gives")


def _first(tile: Tile, raw: bytes, expected: bytes) -> int:
    """The first entry in which a bundle or a tile of leaf hashes differs; its own first one where it can't be read."""
    parse = tiles.parse_bundle if tile.level == ENTRIES else tiles.parse_hashes
    try:
        found = parse(raw, tile.width)
    except MalformedError:
        return tile.first
    pairs = zip(found, parse(expected, tile.width), strict=True)
    return next(tile.first + at for at, (one, other) in enumerate(pairs) if one != other)


def _size(path: Path) -> int:
    try:
        return parse_head(path.read_bytes()).checkpoint.size
    except (OSError, VerifyError):
        return 0


def _tile(name: str, idx: int | None, zh: str, en: str) -> Disagreement:
    return Disagreement("tile", (("path", name),), idx, ("bytes",), f"{name}: {zh}", f"{name}: {en}")


def _say(table: str, name: str, field: str, zh: str, en: str) -> Disagreement:
    return Disagreement(table, (("name", name),), None, (field,), zh, en)
