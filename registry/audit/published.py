"""Does what strangers are handed say what the log says: tiles, bundles, checkpoint, and the head that lies outside?

Every file is compared with the leaves of the log as they hash now, the signatures with the keys that the log names. A
checkpoint that a witness holds is compared in the same way: it is the one thing that an administrator cannot make again. Of a log
that this one succeeded after a loss, head and files lie aside: they must be those that the loss names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.ledger import drawing, published
from registry.ledger.check import Disagreement
from registry.ledger.merkle import Tree, leaf_hash
from registry.ledger.publishing import CHECKPOINT_FILE, HEAD_FILE, tile_bytes
from registry.ledger.publishing.head import COSIGNED_FOLDER, parse_head
from registry.ledger.publishing.keys_on_log import policy_lines
from registry.ledger.publishing.successor import address
from registry.ledger.verify import tiles
from registry.ledger.verify.note import parse_policy, verified
from registry.ledger.verify.strict import MalformedError, VerifyError
from registry.ledger.verify.tiles import ENTRIES, Tile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from registry.audit.log import Log
    from registry.ledger.verify.note import Policy
    from registry.ledger.verify.replay import Loss
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
            yield from _origin(path.name, raw, policy)
        signed = _size(head)
        if _size(checkpoint) > signed:
            zh = f"公布的检查点有 {_size(checkpoint)} 条, 账头只到 {signed} 条: 账头被换成了旧的"
            en = f"the checkpoint covers {_size(checkpoint)} entries, the head {signed}: the head was put back"
            yield _say(HEAD_FILE, HEAD_FILE, "size", zh, en)
    for path in sorted((settings.published / COSIGNED_FOLDER).glob("*")):
        if not path.name.endswith(_LEFT_BY_A_CRASH):
            yield from _checkpoint(f"{COSIGNED_FOLDER}/{path.name}", path.read_bytes(), tree, policy)
    yield from _files(settings.published, tree, leaves, min(signed, tree.size))
    yield from _lists(settings.published, log)
    for loss in log.replayed.losses:
        yield from _before(settings, loss, tree, policy)
    if witnessed is not None:
        yield from _witnessed(witnessed, log.replayed.losses, tree, policy)


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


def _origin(name: str, raw: bytes, policy: Policy | None) -> Iterator[Disagreement]:
    """Head and checkpoint bear the log's present name, not that of one before it."""
    try:
        origin = parse_head(raw).checkpoint.origin
    except VerifyError:
        return
    if policy is not None and origin != policy.logs[-1].name:
        zh, en = f"是旧账 {origin} 的, 不是本账的", f"it is that of the log {origin} before, not of this one"
        yield _say(name, name, "origin", zh, en)


def _witnessed(raw: bytes, losses: Iterable[Loss], tree: Tree, policy: Policy | None) -> Iterator[Disagreement]:
    """A checkpoint of this log, or of one before it: that may cover what was lost, and nothing that the loss does not name."""
    try:
        says = parse_head(raw).checkpoint
    except VerifyError:
        says = None
    loss = next((each for each in losses if says is not None and each.origin == says.origin), None)
    if says is None or loss is None or says.size <= loss.first:
        yield from _checkpoint("witness", raw, tree, policy)
    elif says.size > loss.size:
        zh = f"续账说旧账签到第 {loss.size} 条, 它有 {says.size} 条: 多出的账目被瞒下了"
        en = f"the old log is said to have been signed up to {loss.size}, it covers {says.size}: entries were hidden"
        yield _say("witness", "witness", "size", zh, en)
    elif says.size == loss.size and says.root != loss.root:
        zh, en = f"旧账在第 {loss.size} 条处有两个根", f"the old log has two roots at size {loss.size}"
        yield _say("witness", "witness", "root", zh, en)


def _before(settings: Settings, loss: Loss, tree: Tree, policy: Policy | None) -> Iterator[Disagreement]:
    """What was put aside of the log that lost entries. Its files may have been lost with them; its head was not."""
    where = address(loss.origin)
    name = f"{HEAD_FILE}.{where}"
    path = settings.signing / name
    try:
        is_named = path.exists() and parse_head(path.read_bytes()).note.text == parse_head(loss.note).note.text
    except VerifyError:
        is_named = False
    if not is_named:
        zh, en = "不是丢失说明里写的旧账账头, 或不见了", "it is not the old head that the loss names, or it is gone"
        yield _say(HEAD_FILE, name, "note", zh, en)
    folder = settings.published_before / where
    if not folder.exists():
        return
    try:
        leaves = list(published.leaves(published.Folder(folder), loss.size))
    except VerifyError as unreadable:
        yield _say("tile", f"before/{where}", "bytes", unreadable.zh, unreadable.en)
        return
    old = Tree(map(leaf_hash, leaves))
    if old.root(loss.size) != loss.root or old.root(loss.first) != tree.root(loss.first):
        zh, en = "旧账的文件与丢失说明不符", "the old log's files are not those that the loss names"
        yield _say("tile", f"before/{where}", "root", zh, en)
    checkpoint = folder / CHECKPOINT_FILE
    raw = checkpoint.read_bytes() if checkpoint.exists() else b""
    yield from _checkpoint(f"before/{where}/{CHECKPOINT_FILE}", raw, old, policy)
    yield from _files(folder, old, leaves, loss.size)


def _lists(base: Path, log: Log) -> Iterator[Disagreement]:
    """Each list that a sample is drawn from is the one that was sealed."""
    for idx, each in sorted(log.entries.items()):
        for line in drawing.read_lines(idx, each.entry.at, each.entry.vkeys) if each.entry is not None else ():
            if isinstance(line, drawing.Seal):
                file = base / drawing.FOLDER / line.month
                if not file.is_file() or drawing.read_list(file.read_bytes(), line) is None:
                    name = f"{drawing.FOLDER}/{line.month}"
                    yield _tile(name, idx, "名单不见了, 或不是封存的那一份", "the list is gone, or not the one that was sealed")


def _files(base: Path, tree: Tree, leaves: list[bytes], signed: int) -> Iterator[Disagreement]:
    """Every tile that is missing, differs, or that nobody published."""
    for tile in tiles.tiles(signed):
        if not (base / tile.path).is_file():
            yield _tile(tile.path, tile.first, "公布的文件不见了", "the published file is gone")
    for path in sorted(base.rglob("*")):
        name = path.relative_to(base).as_posix()
        if path.is_dir() or name == CHECKPOINT_FILE or name.endswith(_LEFT_BY_A_CRASH):
            continue
        if name.startswith((f"{COSIGNED_FOLDER}/", f"{drawing.FOLDER}/")):
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
