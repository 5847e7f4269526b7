"""What is published, in which order, and what is never signed. ledger.md sections 4 and 8."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from registry.audit import audit
from registry.ledger import publishing, read
from registry.ledger.merkle import leaf_hash, root
from registry.ledger.publishing import (
    STEPS,
    DatabaseBehindError,
    DatabaseForkedError,
    HeadUnreadableError,
    NoLogKeyError,
    PublisherBusyError,
    ReadBackError,
    TileDiffersError,
    keys,
    policy_text,
    publish,
    read_head,
)
from registry.ledger.publishing.appending import append_keys
from registry.ledger.tables import LEDGER_ENTRY
from registry.ledger.verify import tiles
from registry.ledger.verify.note import check, parse_policy
from registry.ledger.verify.replay import replay
from registry.store import durable
from tests.attacks.locks_off import damage
from tests.registry import made_up
from tests.registry.ledger.publishing.killed import KILLED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy.engine import Connection

    from registry.store.engines import Store

ORIGIN = "log.example/sanquan"


@pytest.fixture
def keyed(store: Store) -> Store:
    """A registry whose log has a key, and a family in it."""
    keys.create(store, ORIGIN)
    made_up.register_village(store)
    return store


def lengthen(store: Store, entries: int) -> None:
    """So many K entries more."""
    for n in range(entries):
        append_keys(store, [f"# {n}"])


def check_published(store: Store) -> int:
    """What every publication must leave: as a stranger who has the folder and the policy sees it. Returns the size."""
    base = store.settings.published
    with store.reading() as connection:
        policy = parse_policy(policy_text(connection))
        leaves = [row.leaf for row in read.page(connection, 0, 100_000)]
    witnessed = check((base / "checkpoint").read_bytes(), policy).checkpoint
    size = witnessed.size
    assert witnessed.root == root([leaf_hash(leaf) for leaf in leaves[:size]])
    assert tiles.root_of(size, lambda tile: (base / tile.path).read_bytes()) == witnessed.root
    entries = [
        entry
        for tile in tiles.tiles(size)
        if tile.level == tiles.ENTRIES
        for entry in tiles.parse_bundle((base / tile.path).read_bytes(), tile.width)
    ]
    assert entries == leaves[:size]
    for tile in tiles.tiles(size):
        if tile.level == 0:
            hashes = tiles.parse_hashes((base / tile.path).read_bytes(), tile.width)
            assert hashes == [leaf_hash(leaf) for leaf in entries[tile.first : tile.first + tile.width]]
    assert replay(entries).ok
    assert replay(entries).open_since is None
    head = read_head(store.settings)
    assert head is not None
    assert head.checkpoint == witnessed
    return size


def test_stranger_finds_the_log_in_the_folder(keyed: Store) -> None:
    """Checkpoint, tiles and bundles say one thing, the public rules hold, and the last entry is a state."""
    done = publish(keyed)
    assert check_published(keyed) == done.size
    with keyed.reading() as connection:
        assert read.size(connection) == done.size
    assert audit(keyed).ok


def test_publishing_again_changes_no_byte(keyed: Store) -> None:
    """What was signed is not signed again; no path ever changes its bytes, but the checkpoint's when the log grew."""
    publish(keyed)
    before = {path: path.read_bytes() for path in keyed.settings.published.rglob("*") if path.is_file()}
    assert publish(keyed).new == 0
    assert {path: path.read_bytes() for path in keyed.settings.published.rglob("*") if path.is_file()} == before
    lengthen(keyed, 2)
    assert publish(keyed).new == 3
    checkpoint = keyed.settings.published / "checkpoint"
    assert all(path.read_bytes() == was for path, was in before.items() if path != checkpoint)
    check_published(keyed)


def test_log_that_ends_with_a_change_of_keys_gets_the_state_before_once_more(keyed: Store) -> None:
    """Only a size whose last entry is an S or an H is signed."""
    publish(keyed)
    lengthen(keyed, 1)
    size = publish(keyed).size
    with keyed.reading() as connection:
        *_, key, state = read.page(connection, 0, size)
        states = [row for row in read.page(connection, 0, size) if row.cls == "S"]
    assert (key.cls, state.cls) == ("K", "S")
    assert states[-1].leaf[states[-1].leaf.index(b'"st"') :] == states[-2].leaf[states[-2].leaf.index(b'"st"') :]


def test_partial_tiles_go_when_the_full_one_stands(keyed: Store) -> None:
    """c2sp.org/tlog-tiles: a reader of an older checkpoint then takes the full tile."""
    publish(keyed)
    assert (keyed.settings.published / "tile/0/000.p").is_dir()
    lengthen(keyed, 260)
    publish(keyed)
    assert check_published(keyed) > tiles.FULL
    assert not (keyed.settings.published / "tile/0/000.p").exists()
    assert not (keyed.settings.published / "tile/entries/000.p").exists()


def test_log_without_a_key_is_not_published(store: Store) -> None:
    """No signature, no checkpoint, and nothing half-done."""
    with pytest.raises(NoLogKeyError):
        publish(store)
    assert not store.settings.published.exists()


def test_one_publisher_at_a_time(keyed: Store) -> None:
    """Who comes second is told so; nothing is written twice."""
    keyed.settings.signing.mkdir(exist_ok=True)
    with durable.alone(keyed.settings.signing / "lock"), pytest.raises(PublisherBusyError):
        publish(keyed)
    assert publish(keyed).new


@pytest.mark.parametrize("fail", [*STEPS, *(f"write:{n}" for n in (1, 2, 3, 4))])
def test_publisher_killed_at_any_step_is_repaired_by_publishing_again(keyed: Store, fail: str) -> None:
    """ledger.md section 8, C2: at each step, and in the middle of each file; a stranger sees the old log or the new one."""
    publish(keyed)
    lengthen(keyed, 2)
    command = [sys.executable, "-m", "tests.registry.ledger.publishing.killed", str(keyed.settings.folder)]
    ended = subprocess.run(command, env={**os.environ, "SANQUAN_FAIL": fail}, check=False, capture_output=True)
    assert ended.returncode == KILLED, ended.stderr.decode()
    before = (keyed.settings.published / "checkpoint").read_bytes()
    with keyed.reading() as connection:
        check(before, parse_policy(policy_text(connection)))
    publish(keyed)
    check_published(keyed)
    assert audit(keyed).ok


def test_database_that_lost_entries_is_neither_written_nor_signed(
    make_store: Callable[[str], Store], engine_name: str
) -> None:
    """C19: an older copy was restored; the missing range is named, in both languages."""
    whole = make_store(engine_name)
    keys.create(whole, ORIGIN)
    made_up.register_village(whole)
    size = publish(whole).size
    restored = make_store(engine_name)
    restored.settings.signing.mkdir()
    (restored.settings.signing / "head").write_bytes((whole.settings.signing / "head").read_bytes())
    for attempt in (publish, lambda store: keys.create(store, ORIGIN)):
        with pytest.raises(DatabaseBehindError, match=f"1 .* {size - 1}"):
            attempt(restored)
    restored.before_writing = publishing.refuse_behind
    with pytest.raises(DatabaseBehindError), restored.writing("desk"):
        raise AssertionError
    with restored.reading() as connection:
        assert read.size(connection) == 1


def test_database_with_another_history_is_neither_written_nor_signed(
    make_store: Callable[[str], Store], engine_name: str
) -> None:
    """As long as the head says, and other entries: two histories under one key would be a fork."""
    first, second = make_store(engine_name), make_store(engine_name)
    for store in (first, second):
        keys.create(store, ORIGIN)
    publish(first)
    lengthen(second, 5)
    (second.settings.signing / "head").write_bytes((first.settings.signing / "head").read_bytes())
    second.before_writing = publishing.refuse_behind
    for attempt in (publish, lambda store: lengthen(store, 1)):
        with pytest.raises(DatabaseForkedError):
            attempt(second)


def test_head_that_is_gone_or_forged_stops_everything(keyed: Store) -> None:
    """A published checkpoint without a head, a head of other bytes, one that another key signed."""
    publish(keyed)
    path = keyed.settings.signing / "head"
    good = path.read_bytes()
    path.unlink()
    with pytest.raises(HeadUnreadableError):
        publish(keyed)
    for forged in (b"", good[:-3], good.replace(b"sanquan ", b"sanquan A")):
        path.write_bytes(forged)
        with pytest.raises(HeadUnreadableError):
            publish(keyed)
    path.write_bytes(good)
    assert publish(keyed).new == 0


def flip(settings_store: Store, idx: int, column: str) -> None:
    """One bit of an entry in the database, locks off."""

    def edit(connection: Connection) -> None:
        row = connection.execute(sa.select(LEDGER_ENTRY).where(LEDGER_ENTRY.c.idx == idx)).one()
        value = bytes(row.leaf_hash[:-1]) + bytes([row.leaf_hash[-1] ^ 1]) if column == "leaf_hash" else f"{row.leaf} "
        connection.execute(sa.update(LEDGER_ENTRY).where(LEDGER_ENTRY.c.idx == idx).values({column: value}))

    damage(settings_store, edit, "ledger_entry")


@pytest.mark.parametrize("column", ["leaf", "leaf_hash"])
def test_entry_that_reads_back_otherwise_is_not_signed(keyed: Store, column: str) -> None:
    """One bit that flipped between hash and disk (Yeti 2022): the entry is named, no file of it is left, nothing signed."""
    publish(keyed)
    with keyed.reading() as connection:
        size = read.size(connection)
    lengthen(keyed, 2)
    flip(keyed, size, column)
    with pytest.raises(ReadBackError, match=str(size)):
        publish(keyed)
    head = read_head(keyed.settings)
    assert head is not None
    assert head.checkpoint.size == size


def test_older_hash_that_was_altered_is_not_signed_over(keyed: Store) -> None:
    """Consistency with the last signed head: what it covers can't change."""
    publish(keyed)
    flip(keyed, 1, "leaf_hash")
    lengthen(keyed, 1)
    keyed.trees.clear()
    with pytest.raises(DatabaseForkedError):
        publish(keyed)


@pytest.mark.parametrize("part", ["tile/entries/000.p/{}", "tile/0/000.p/{}"])
def test_tile_of_other_bytes_is_not_signed(keyed: Store, part: str) -> None:
    """A file where the new one should go, and other bytes in it: refused, named, left alone."""
    with keyed.reading() as connection:
        path: Path = keyed.settings.published / part.format(read.size(connection))
    path.parent.mkdir(parents=True)
    path.write_bytes(b"other")
    with pytest.raises(TileDiffersError, match=path.name):
        publish(keyed)
    assert path.read_bytes() == b"other"
    assert read_head(keyed.settings) is None


def test_files_that_were_lost_are_written_again(keyed: Store) -> None:
    """Tiles are made of the log: what somebody removed comes back, also below the last head."""
    lengthen(keyed, 300)
    publish(keyed)
    (keyed.settings.published / "tile/0/000").unlink()
    (keyed.settings.published / "checkpoint").unlink()
    publish(keyed)
    check_published(keyed)


def test_checkpoint_with_lines_of_a_witness_stays(keyed: Store) -> None:
    """A publication of the same size does not take cosignatures away; whatever is no checkpoint gives way to the head."""
    publish(keyed)
    path = keyed.settings.published / "checkpoint"
    good = path.read_bytes()
    cosigned = good + "— witness.example/w W/NStwAAAABlU/EAhTZW1lGofoHUECnRdvfG6A==\n".encode()
    path.write_bytes(cosigned)
    publish(keyed)
    assert path.read_bytes() == cosigned
    path.write_bytes(b"junk")
    publish(keyed)
    assert path.read_bytes() == good
