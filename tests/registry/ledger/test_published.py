"""Can a stranger read a published log, from a folder or a server that he does not trust, and is every lie found?"""

from __future__ import annotations

import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.ledger import merkle
from registry.ledger.entry import k_leaf
from registry.ledger.published import Folder, Server, UnreadableLogError, leaves, place, read_published
from registry.ledger.signing import log_signer, note
from registry.ledger.verify.note import Checkpoint, Policy, PolicyError
from registry.ledger.verify.strict import VerifyError
from registry.ledger.verify.tiles import ENTRIES, FULL, HEIGHT, Tile, bundle, tiles
from tests.registry.witness.made_up_log import AT, LOG, ORIGIN, STRANGER, WITNESS, Log, sound
from tests.registry.witness.test_succession import Named, gone_on

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OWN = Policy((LOG.key,))


class Memory(dict[str, bytes]):
    """A log in memory; what was read is remembered."""

    def __init__(self, files: dict[str, bytes]) -> None:
        super().__init__(files)
        self.asked: list[str] = []

    def read(self, path: str, limit: int) -> bytes:
        """As a place does."""
        self.asked.append(path)
        if path not in self:
            raise UnreadableLogError(path, path)
        assert len(self[path]) <= limit
        return self[path]


def published(log: Log, *, tidy: bool = False, size: int | None = None) -> Memory:
    """The files of a log, by the register's own tree; `tidy`: the partial ones gone where full ones stand."""
    size = log.size if size is None else size
    tree = merkle.Tree(merkle.leaf_hash(leaf) for leaf in log.leaves)
    files = {"checkpoint": log.note(size)}
    full = {(tile.level, tile.index) for tile in tiles(log.size) if tile.width == FULL} if tidy else set()
    wanted = [tile for tile in tiles(size) if (tile.level, tile.index) not in full]
    wanted += [Tile(level, index, FULL) for level, index in full]
    for tile in wanted:
        files[tile.path] = (
            bundle(log.leaves[tile.first : tile.first + tile.width])
            if tile.level == ENTRIES
            else tree.subtrees(HEIGHT * tile.level, tile.index * FULL, tile.width)
        )
    return Memory(files)


def long_log(size: int) -> Log:
    """A sound log of many events."""
    log = sound()
    while log.size < size:
        log.leaves.append(log.leaves[-1])
    return log


LONG = long_log(600)


@pytest.mark.parametrize("size", [1, 9, 255, 256, 257, 512, 600])
def test_sound_log_is_read_with_the_files_that_its_size_needs(size: int) -> None:
    """Nothing is found, and nothing else was asked for."""
    log = published(LONG, size=size)
    found = read_published(log, OWN)
    assert (found.ok, found.checkpoint.size, found.report.size) == (True, size, size)
    assert sorted(log.asked) == sorted(log)


@pytest.mark.parametrize("size", [9, 300])
def test_full_tiles_stand_for_partial_ones(size: int) -> None:
    """A log that has grown keeps no partial tiles: who checks an older head takes the full ones (c2sp.org/tlog-tiles)."""
    assert read_published(published(LONG, tidy=True, size=size), OWN).ok


def test_log_without_entries_needs_no_file() -> None:
    """Size 0: the checkpoint alone; that it has no first state is found."""
    empty = Memory({"checkpoint": Log().note()})
    assert list(leaves(empty, 0)) == []
    assert [each.rule for each in read_published(empty, OWN).report.failures] == ["START"]


def test_witnesses_that_a_policy_asks_for_show_that_others_see_the_same() -> None:
    """With a quorum met one sentence less stays unproved."""
    log = published(LONG)
    text = str(Checkpoint(ORIGIN, LONG.size, LONG.root(LONG.size)))
    log["checkpoint"] = note(text, [LOG.sign(text), WITNESS.cosign(text, 1)])
    policy = Policy((LOG.key,), {"w": WITNESS.key}, quorum="w")
    assert len(read_published(log, policy).unproved) == len(read_published(log, OWN).unproved) - 1


def test_report_says_what_was_proved_and_what_not() -> None:
    """With and without policy and earlier checkpoint; P4, truth and the same log for everybody stay unproved."""
    log = published(LONG)
    bare, full = read_published(log), read_published(log, OWN, LONG.note(256))
    assert (len(bare.proved), len(full.proved)) == (1, 3)
    assert len(bare.unproved) == len(full.unproved) + 2
    assert any("P4" in en for _, en in full.unproved)


def test_progress_is_told() -> None:
    """Every 256 entries, and of how many."""
    told: list[tuple[int, int]] = []
    read_published(published(LONG), progress=lambda done, of: told.append((done, of)))
    assert told == [(256, 600), (512, 600)]


@pytest.mark.parametrize("size", [0, 1, 256, 599, 600])
def test_log_that_begins_with_the_earlier_checkpoint_is_consistent(size: int) -> None:
    """Any size that was signed before, the same one too."""
    assert read_published(published(LONG), OWN, LONG.note(size)).ok


@pytest.mark.parametrize(
    ("earlier", "word"),
    [(LONG.forked(4, "f").act("right-1").state().note(), "two histories"), (long_log(700).note(), "went back")],
)
def test_fork_and_rollback_against_an_earlier_checkpoint_are_found(earlier: bytes, word: str) -> None:
    """The log as shown now is not the one that was shown then."""
    found = read_published(published(LONG), OWN, earlier)
    assert not found.ok
    assert word in found.faults[0][1]


def test_earlier_checkpoint_of_another_log_is_found() -> None:
    """Two logs can't be compared."""
    text = str(Checkpoint("another", 0, bytes(32)))
    found = read_published(published(LONG), None, note(text, [LOG.sign(text)]))
    assert "another log" in found.faults[0][1]


def test_policy_is_asked_of_the_checkpoint() -> None:
    """Without the witness that it asks for the log is refused before a tile is read."""
    log = published(LONG)
    with pytest.raises(PolicyError):
        read_published(log, Policy((LOG.key,), {"w": WITNESS.key}, quorum="w"))
    assert log.asked == ["checkpoint"]


@settings(max_examples=150)
@given(st.data())
def test_any_changed_byte_of_a_published_log_is_found(data: st.DataObject) -> None:
    """One bit anywhere in checkpoint, bundles or tiles: refused or a fault, never a clean report."""
    log = published(LONG)
    path = data.draw(st.sampled_from(sorted(log)))
    raw = bytearray(log[path])
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    log[path] = bytes(raw)
    try:
        found = read_published(log, OWN)
    except VerifyError:
        return
    assert not found.ok


def test_changed_tile_is_named() -> None:
    """Leaves and root are right, a tile of hashes is not: who reads proofs from it would be misled."""
    log = published(LONG)
    log["tile/0/001"] = bytes(8192)
    found = read_published(log, OWN)
    assert found.report.ok
    assert [en for _, en in found.faults] == ["tile/0/001 does not hold what the leaves hash to"]


@pytest.mark.parametrize("path", ["checkpoint", "tile/entries/000", "tile/0/001", "tile/1/000.p/2", "tile/entries/002.p/88"])
def test_missing_file_is_a_refusal(path: str) -> None:
    """Nothing is guessed."""
    log = published(LONG)
    del log[path]
    with pytest.raises(UnreadableLogError):
        read_published(log, OWN)


def test_folder_is_read_within_limits(tmp_path: Path) -> None:
    """A file that is too long, or none, is a refusal that names it."""
    for path, raw in published(LONG).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(raw)
    assert place(str(tmp_path)) == Folder(tmp_path)
    assert read_published(place(str(tmp_path)), OWN).ok
    assert list(leaves(Folder(tmp_path), 600)) == LONG.leaves
    (tmp_path / "checkpoint").write_bytes(b"x" * 70_000)
    with pytest.raises(UnreadableLogError, match="checkpoint"):
        read_published(Folder(tmp_path))
    with pytest.raises(UnreadableLogError):
        Folder(tmp_path).read("tile", 10)


class Hostile(BaseHTTPRequestHandler):
    """Serves a log under /good, and misbehaves elsewhere."""

    files: ClassVar[dict[str, bytes]] = {}
    knocks: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        """By the first part of the path."""
        kind, _, path = self.path.removeprefix("/").partition("/")
        self.knocks.append(self.path)
        if kind == "good" and path in self.files:
            self._send(200, self.files[path])
        elif kind == "moved":
            self._send(302, b"", f"/good/{path}")
        elif kind == "elsewhere":
            port = self.headers["Host"].rpartition(":")[2]
            self._send(302, b"", f"http://localhost:{port}/good/{path}")
        elif kind == "local":
            self._send(302, b"", "file:///etc/hostname")
        elif kind == "endless":
            self._send(200, b"x" * 70_000)
        elif kind == "broken":
            self.wfile.write(b"nonsense\r\n\r\n")
        else:
            self._send(404, b"")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the library's own name)
        """Quiet."""

    def _send(self, status: int, body: bytes, location: str = "") -> None:
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def url() -> Iterator[str]:
    """A server on loopback with a sound log."""
    Hostile.files = published(LONG)
    Hostile.knocks = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Hostile) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("prefix", ["good", "good/", "moved"])
def test_log_is_read_from_a_server(url: str, prefix: str) -> None:
    """Also where the server moves it about on itself."""
    assert read_published(place(f"{url}/{prefix}"), OWN).ok


@pytest.mark.parametrize("prefix", ["elsewhere", "local", "endless", "broken", "nothing"])
def test_server_that_misbehaves_is_refused(url: str, prefix: str) -> None:
    """Sent to another host, to a file, without an end, without HTTP, without a file: one refusal, no other door knocked at."""
    with pytest.raises(UnreadableLogError):
        read_published(Server(f"{url}/{prefix}"))
    assert Hostile.knocks == [f"/{prefix}/checkpoint"]


def test_server_that_is_not_there_is_a_refusal() -> None:
    """A refused connection names the address."""
    with pytest.raises(UnreadableLogError, match=r"127\.0\.0\.1:9"):
        Server("http://127.0.0.1:9").read("checkpoint", 1)


@pytest.mark.parametrize("address", ["http://", "https://a/?x", "https://a/#x", "https://user@a/"])
def test_address_that_is_none_is_refused(address: str) -> None:
    """A host, a path, nothing else."""
    with pytest.raises(UnreadableLogError):
        place(address)


def test_origin_of_the_made_up_log_is_the_key_s_name() -> None:
    """What the policy of these tests rests on."""
    assert LOG.key.name == ORIGIN


def test_loss_counts_only_under_a_signature_of_the_old_log() -> None:
    """By a key of the policy, or by one that the log itself names; a line that is no key names none."""
    before = log_signer("old.example/sanquan", bytes(range(32)))
    old = Log().begin().keys()
    old.leaves.append(k_leaf(AT, ["log nonsense", f"log {before.key}", "# a remark"]))
    old.state().event()
    told = Named(4, 5, origin=before.key.name, signer=before)
    for named, is_signed in ((told, True), (replace(told, signer=STRANGER), False)):
        log = published(gone_on(old, named))
        for policy in (None, Policy((LOG.key, before.key))):
            found = read_published(log, policy)
            assert (found.report.ok, len(found.report.losses)) == (True, 1)
            assert (found.ok, [zh for zh, _ in found.faults if "没有旧账的签名" in zh] == []) == (is_signed, is_signed)
    forged = gone_on(old, told)
    forged.leaves[4] = forged.leaves[4].replace(b"sanquan 5 ", b"sanquan 6 ").replace(b"4-4", b"4-5")
    assert [zh for zh, _ in read_published(published(forged)).faults if "没有旧账的签名" in zh] != []


def test_log_can_not_succeed_itself() -> None:
    """The same name with a gap in it: two histories under one signature."""
    found = read_published(published(gone_on(sound())), OWN)
    assert ["分叉" in zh for zh, _ in found.faults] == [True]
