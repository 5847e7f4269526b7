"""Does a log, as it is published in a folder or on a web server, hold together from its first entry to its signed head?

For strangers: no database, no personal data. Reads `checkpoint` and the tiles that its size needs (c2sp.org/tlog-tiles), nothing
else, and trusts neither the place nor the server: every file has a limit, every wait an end, and no answer leads to another host.
"""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final, Protocol

from registry.ledger.verify.note import (
    MAX_NOTE_BYTES,
    Checkpoint,
    Policy,
    VerifierKey,
    check,
    parse_checkpoint,
    parse_note,
    parse_vkey,
    verified,
)
from registry.ledger.verify.proofs import HASH_BYTES, leaf_hash
from registry.ledger.verify.replay import Loss, ReplayReport, Walk
from registry.ledger.verify.strict import VerifyError
from registry.ledger.verify.tiles import ENTRIES, FULL, MAX_ENTRY_BYTES, Tile, joined, parse_bundle, parse_hashes, tiles

SECONDS: Final = 20
"""How long a server may keep silent."""
_BUNDLE_BYTES: Final = FULL * (MAX_ENTRY_BYTES + 2)
_SCHEMES: Final = ("http", "https")

Sentence = tuple[str, str]
"""The same in Chinese and in English."""


class UnreadableLogError(VerifyError):
    """Raised when a file of a log is not there, is too long, or the server does not answer as one should."""


class Place(Protocol):
    """Where a log is published. A third kind of place could be written from this comment alone."""

    def read(self, path: str, limit: int) -> bytes:
        """The file under this path ("checkpoint", "tile/0/000"); UnreadableLogError where absent or longer than `limit`."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A log in a folder: on a stick, or where the register writes it."""

    root: Path

    def read(self, path: str, limit: int) -> bytes:
        """The file; UnreadableLogError."""
        file = self.root / path
        try:
            with file.open("rb") as opened:
                return _limited(opened, limit, str(file))
        except OSError as failed:
            raise _unreadable(str(file), str(failed.strerror)) from failed


@dataclass(frozen=True, slots=True)
class Server:
    """A log behind http(s)://; `url` is its prefix. No proxy of ours, no file:, no answer from another host."""

    url: str

    def read(self, path: str, limit: int) -> bytes:
        """The body of the answer; UnreadableLogError."""
        url = f"{self.url.rstrip('/')}/{path}"
        try:
            with _OPENER.open(url, timeout=SECONDS) as answer:
                return _limited(answer, limit, url)
        except (OSError, http.client.HTTPException, urllib.error.URLError) as failed:
            raise _unreadable(url, str(getattr(failed, "reason", failed))) from failed


@dataclass(frozen=True, slots=True)
class Published:
    """What was found in a published log.

    `report` is that of the public rules over all leaves; `faults` is what else does not hold; `proved` and `unproved` say in
    words what this reading shows and what it can't.
    """

    checkpoint: Checkpoint
    report: ReplayReport
    faults: tuple[Sentence, ...]
    proved: tuple[Sentence, ...]
    unproved: tuple[Sentence, ...]

    @property
    def ok(self) -> bool:
        """Whether all that was looked at holds."""
        return self.report.ok and not self.faults


def place(where: str) -> Place:
    """A server where `where` is an http(s) address, else a folder. UnreadableLogError for an address without a host."""
    parts = urllib.parse.urlsplit(where)
    if parts.scheme not in _SCHEMES:
        return Folder(Path(where))
    if not parts.hostname or parts.query or parts.fragment or parts.username:
        raise _unreadable(where, "https://HOST/ledger")
    return Server(where)


def read_published(
    log: Place,
    policy: Policy | None = None,
    earlier: bytes | None = None,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> Published:
    """Check a log whole, in one pass and constant memory.

    1. The checkpoint: under `policy` where there is one, otherwise its form alone.
    2. Every leaf of the bundles that its size needs: the public rules, the root.
    3. Every tile of hashes that its size needs holds what the leaves hash to.
    4. `earlier`, a checkpoint note kept from before: same origin, and the log begins with it; one of a log that this one succeeded
       after a loss is not newer than the head that the loss names, and what it covers of the entries that are left is here.
    5. Each loss names the head of another log, signed by that one: by a key of `policy`, otherwise by one that the log names.

    VerifyError where a file can't be read or has not its form. `progress` is told entries read, and of how many.
    """
    # 1
    note = log.read("checkpoint", MAX_NOTE_BYTES)
    checkpoint = _checkpoint(note, policy)
    before = None if earlier is None else _checkpoint(earlier, policy)
    # 2, and the root that the log had at the earlier size on the way
    walk = Walk()
    rising = _Rising(log, checkpoint.size)
    then = walk.root
    named: list[VerifierKey] = []
    for leaf in leaves(log, checkpoint.size):
        if before is not None and walk.size == before.size:
            then = walk.root
        rising.take(leaf_hash(leaf))
        entry = walk.take(leaf)
        if entry is not None and entry.cls == "K":
            named += _log_keys(leaf)
        if not walk.size % FULL:
            progress(walk.size, checkpoint.size)
    report = walk.report()
    faults = []
    if report.root != checkpoint.root:
        faults.append(("账目算出的根与检查点不符", "the leaves do not give the root that the checkpoint names"))
    # 3
    faults += [
        (f"{path} 与账目不符", f"{path} does not hold what the leaves hash to") for path in rising.finish()
    ]
    # 4
    if before is not None:
        if before.size == checkpoint.size:
            then = report.root
        faults += _earlier_faults(checkpoint, before, then, report.losses)
    # 5
    for loss in report.losses:
        faults += _unfounded(loss, checkpoint, named if policy is None else policy.logs)
    proved, unproved = _proved(policy, before, report), _unproved(policy, before, report)
    return Published(checkpoint, report, tuple(faults), tuple(proved), tuple(unproved))


def leaves(log: Place, size: int) -> Iterator[bytes]:
    """The leaves of a log of this size, from its first, one bundle at a time. VerifyError."""
    for tile in tiles(size):
        if tile.level != ENTRIES:
            return
        yield from _part(log, tile, parse_bundle, _BUNDLE_BYTES)


def _part(log: Place, tile: Tile, parse: Callable[[bytes, int], list[bytes]], limit: int) -> list[bytes]:
    """What stands in a tile. Where a log has grown its full one stands for the partial one (c2sp.org/tlog-tiles)."""
    if tile.width == FULL:
        return parse(log.read(tile.path, limit), FULL)
    try:
        raw = log.read(tile.path, limit)
    except UnreadableLogError:
        full = Tile(tile.level, tile.index, FULL)
        try:
            return parse(log.read(full.path, limit), FULL)[: tile.width]
        except UnreadableLogError:
            pass
        raise
    return parse(raw, tile.width)


def _checkpoint(note: bytes, policy: Policy | None) -> Checkpoint:
    return parse_checkpoint(parse_note(note).text) if policy is None else check(note, policy).checkpoint


def _log_keys(leaf: bytes) -> Iterator[VerifierKey]:
    """The keys of logs that a K names; a line that is no key is the policy's matter."""
    for line in json.loads(leaf)["vkeys"]:
        try:
            if line.startswith("log "):
                yield parse_vkey(line.removeprefix("log "))
        except VerifyError:
            continue


def _unfounded(loss: Loss, now: Checkpoint, keys: Iterable[VerifierKey]) -> Iterator[Sentence]:
    if loss.origin == now.origin:
        yield "账本不能接续自己: 同名接着写就是分叉", "a log can't succeed itself: to go on under its name would be a fork"
    try:
        if verified(parse_note(loss.note), [key for key in keys if key.name == loss.origin]):
            return
    except VerifyError:
        pass
    yield (
        f"第 {loss.first} 条所写旧账 {loss.origin} 的账头没有旧账的签名",
        f"the head of the old log {loss.origin} that entry {loss.first} names is not signed by that log",
    )


def _of_the_old_log(loss: Loss, before: Checkpoint, then: bytes) -> Iterator[Sentence]:
    """What a checkpoint of a log that was succeeded says against the loss as it is named."""
    if before.size > loss.size:
        yield (
            f"续账说旧账签到第 {loss.size} 条, 早先的检查点有 {before.size} 条: 多出的账目被瞒下了",
            f"the old log is said to have been signed up to {loss.size}, the earlier checkpoint covers {before.size}: entries were "
            "hidden",
        )
    elif before.size == loss.size and before.root != loss.root:
        yield f"旧账在第 {loss.size} 条处有两个根", f"the old log has two roots at size {loss.size}"
    elif before.size <= loss.first and then != before.root:
        yield (
            f"留下的账目与早先的检查点(第 {before.size} 条)不符: 不是旧账的那些",
            f"the entries that are left are not those of the earlier checkpoint (size {before.size})",
        )


def _earlier_faults(now: Checkpoint, before: Checkpoint, then: bytes, losses: Iterable[Loss]) -> Iterator[Sentence]:
    succeeded = [loss for loss in losses if loss.origin == before.origin]
    if succeeded:
        yield from _of_the_old_log(succeeded[-1], before, then)
    elif before.origin != now.origin:
        yield (
            f"早先的检查点属于另一本账“{before.origin}”",
            f"the earlier checkpoint belongs to another log, “{before.origin}”",
        )
    elif before.size > now.size:
        yield (
            f"账本由 {before.size} 条退到 {now.size} 条",
            f"the log went back from {before.size} entries to {now.size}",
        )
    elif then != before.root:
        yield (
            f"账本不是从早先的检查点(第 {before.size} 条)接着写的: 两处给的是两本账",
            f"the log does not begin with the earlier checkpoint (size {before.size}): two histories were shown",
        )


def _proved(policy: Policy | None, before: Checkpoint | None, report: ReplayReport) -> Iterator[Sentence]:
    yield (
        "检查点所指的账目齐全, 其根由账目算出, 各哈希块与账目一致",
        "the checkpoint's entries are all there, give its root, and the tiles of hashes agree with them",
    )
    if policy is not None:
        yield "检查点由名单上的登记机构签名, 监督签名足数", "the checkpoint has the signatures that the policy asks for"
    left = min((loss.first for loss in report.losses if before is not None and loss.origin == before.origin), default=None)
    if before is not None and (left is None or before.size <= left):
        yield f"账本从早先的检查点({before.size} 条)接着写", f"the log begins with the earlier checkpoint ({before.size} entries)"
    elif before is not None:
        yield (
            f"早先的检查点({before.size} 条)在本账写明丢失的范围内, 没有超出",
            f"the earlier checkpoint ({before.size} entries) lies within what this log says was lost",
        )


def _unproved(policy: Policy | None, before: Checkpoint | None, report: ReplayReport) -> Iterator[Sentence]:
    if policy is None:
        yield "检查点是谁签的(没有给信任名单 --policy)", "who signed the checkpoint (no --policy was given)"
    if before is None:
        yield (
            "账本与以前看到的是同一本(没有给早先的检查点 --earlier)",
            "that it is the log that was seen before (no --earlier checkpoint was given)",
        )
    if report.losses:
        yield (
            "丢失的账目里有什么(旧账公布的文件和见证方留有副本的除外)",
            "what the lost entries were (but for the old log's files and what a witness has kept)",
        )
    # The last of them is what a quorum of witnesses is for.
    yield from report.unproved[:-1] if policy is not None and policy.quorum else report.unproved


@dataclass(slots=True)
class _Rising:
    """The tiles of hashes as the leaves make them, each compared with what is published once its last hash is known."""

    log: Place
    size: int
    levels: list[list[bytes]] = field(default_factory=list)
    full: list[int] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def take(self, found: bytes, level: int = 0) -> None:
        """One more hash at the right edge of a level."""
        if level == len(self.levels):
            self.levels.append([])
            self.full.append(0)
        self.levels[level].append(found)
        if len(self.levels[level]) == FULL:
            hashes, self.levels[level] = self.levels[level], []
            self._compare(Tile(level, self.full[level], FULL), hashes)
            self.full[level] += 1
            self.take(joined(hashes), level + 1)

    def finish(self) -> list[str]:
        """The paths of all tiles that hold something else, the partial ones at the right edge included."""
        for level, hashes in enumerate(self.levels):
            if hashes:
                self._compare(Tile(level, self.full[level], len(hashes)), hashes)
        return self.wrong

    def _compare(self, tile: Tile, hashes: list[bytes]) -> None:
        if _part(self.log, tile, parse_hashes, FULL * HASH_BYTES) != hashes:
            self.wrong.append(tile.path)


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follows a redirection on the same host only: a log's server must not make a reader knock at others' doors."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: http.client.HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        """The next request, or UnreadableLogError."""
        asked, told = urllib.parse.urlsplit(req.full_url), urllib.parse.urlsplit(newurl)
        if (asked.scheme, asked.netloc) != (told.scheme, told.netloc):
            raise _unreadable(req.full_url, f"-> {told.netloc}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


_OPENER: Final = urllib.request.build_opener(_SameHost, urllib.request.ProxyHandler({}))


def _limited(opened: IO[bytes] | http.client.HTTPResponse, limit: int, where: str) -> bytes:
    raw = opened.read(limit + 1)
    if len(raw) > limit:
        raise _unreadable(where, f"> {limit}")
    return raw


def _unreadable(where: str, why: str) -> UnreadableLogError:
    return UnreadableLogError(f"读不到账本: {where} ({why})", f"the log can't be read: {where} ({why})")
