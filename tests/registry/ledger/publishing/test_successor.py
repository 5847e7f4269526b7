"""After a loss the log goes on under another name, and nothing can be forgotten in silence. Ledger.md section 7, C19."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from registry.audit import audit
from registry.catalogue import PRIVILEGES
from registry.ledger.merkle import Tree, leaf_hash
from registry.ledger.published import Folder, read_published
from registry.ledger.publishing import (
    DatabaseBehindError,
    DatabaseForkedError,
    HeadUnreadableError,
    LossNotSaidError,
    NameTakenError,
    NothingLostError,
    PublisherBusyError,
    ReasonRefusedError,
    keys,
    keys_on_log,
    lost,
    publish,
    refuse_behind,
    sm2,
    succeed,
    successor,
)
from registry.ledger.publishing.appending import PositionMovedError, append_keys, append_loss
from registry.ledger.publishing.head import parse_head
from registry.ledger.publishing.keys import signers
from registry.ledger.signing import note
from registry.ledger.tables import LEDGER_ENTRY
from registry.ledger.verify.certificate import verify
from registry.ledger.verify.note import Checkpoint, SignatureError, check, parse_note, parse_policy, verified
from registry.ledger.verify.replay import replay
from registry.proofs import making, subject
from registry.store import durable
from registry.store.engines import Store
from registry.store.keys import load_key_file
from tests.attacks.locks_off import damage
from tests.registers import copy_of, drop
from tests.registry import made_up
from tests.registry.ledger.publishing.restored import Restored, leaves_of, policy_of, restored
from tests.registry.ledger.publishing.test_publisher import check_published

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from registry.ledger.verify.certificate import Verdict
    from tests.registry.made_up import Village

ORIGIN = "log.example/sanquan"
NAME = "log.example/sanquan-2"
WHY = "机房的磁盘坏了，只有上周的备份"


@pytest.fixture
def village(store: Store) -> Village:
    """A family, registered; the log is published so far."""
    village = made_up.register_village(store)
    made_up.register_hukou(store, village)
    keys.create(store, ORIGIN)
    publish(store)
    return village


@pytest.fixture
def loss(store: Store, village: Village, tmp_path: Path) -> Iterator[Restored]:
    """Lost: the family's move to town, and a second key of the log under which the last head is signed, too."""

    def go_on(whole: Store) -> None:
        made_up.settle(whole, village)
        keys.rotate(whole)

    found = restored(store, tmp_path / "restored", go_on)
    yield found
    found.store.close()
    drop(found.store.settings)


def one_key_more(store: Store) -> None:
    """The log goes on by an entry."""
    append_keys(store, ["# more"])


def proved(store: Store, village: Village) -> bytes:
    """A certificate of the family's head."""
    with store.reading() as connection:
        return making.make(store, connection, subject.person(connection, village.people[0]), making.Chosen()).raw


def judged(raw: bytes, policy: str) -> Verdict:
    """What anybody finds who has a policy."""
    return verify(raw, parse_policy(policy))


def test_successor_keeps_what_is_left_and_names_what_was_lost(loss: Restored) -> None:
    """Same entries, then K and S; the public rules hold, the audit finds nothing, the register can be written again."""
    with pytest.raises(DatabaseBehindError):
        publish(loss.store)
    before = leaves_of(loss.store)
    done = succeed(loss.store, NAME, WHY, loss.said)
    after = leaves_of(loss.store)
    assert (after[: loss.first], len(after)) == (before, loss.first + 2)
    report = replay(after)
    assert (report.ok, report.losses) == (True, (done.loss,))
    named = done.loss
    assert (named.origin, named.first, named.last, named.because) == (ORIGIN, loss.first, loss.signed - 1, WHY)
    assert len(verified(parse_note(named.note), parse_policy(loss.policy).logs)) == 2
    assert all(text in named.said[0] for text in (ORIGIN, str(loss.first), str(loss.signed - 1), WHY))
    assert done.lost.classes == {"H": 1, "K": 1, "S": 1}
    assert check_published(loss.store) == done.published.size
    assert audit(loss.store).ok
    append_keys(loss.store, ["# it goes on"])
    assert publish(loss.store).size == loss.first + 4
    assert check_published(loss.store) == loss.first + 4
    with pytest.raises(NothingLostError):
        succeed(loss.store, f"{NAME}-3", WHY, loss.said)


def test_successor_of_a_log_under_the_chinese_suite_is_signed_by_sm2_too(store: Store, tmp_path: Path) -> None:
    """Its own SM2 key stands on the log under the new name; the old one's stays, and what it signed can still be checked."""
    whole = replace(store, settings=replace(store.settings, suite="gm"))
    village = made_up.register_village(whole)
    keys.create(whole, ORIGIN)
    publish(whole)
    with whole.reading() as connection:
        old = sm2.on_log(connection)
    loss = restored(whole, tmp_path / "restored", lambda going_on: made_up.settle(going_on, village))
    try:
        signed_before = parse_head((whole.settings.signing / "head").read_bytes()).raw
        done = succeed(loss.store, NAME, WHY, loss.said)
        with loss.store.reading() as connection:
            new = sm2.on_log(connection)
        assert old is not None
        assert new is not None
        assert (old.name, new.name) == (ORIGIN, NAME)
        assert len(parse_note(done.published.note).lines) == 2
        assert sm2.signed_by(done.published.note, new)
        assert sm2.signed_by(signed_before, old)
        assert not sm2.signed_by(signed_before, new)
        assert replay(leaves_of(loss.store)).ok
        assert audit(loss.store).ok
    finally:
        loss.store.close()
        drop(loss.store.settings)


def test_range_and_reason_are_said_word_for_word(loss: Restored) -> None:
    """Nothing is written before; the refusal names the range and tells to look for a newer backup first."""
    with pytest.raises(LossNotSaidError, match=loss.said):
        succeed(loss.store, NAME, WHY, "")
    for other in (f"{loss.first + 1}-{loss.signed - 1}", f"{loss.first}-{loss.signed}", "all"):
        with pytest.raises(LossNotSaidError):
            succeed(loss.store, NAME, WHY, other)
    for reason in ("", "  ", "x" * 201, "一行\n两行", "请找王某 13800138000", "150699197405060019"):
        with pytest.raises(ReasonRefusedError):
            succeed(loss.store, NAME, reason, loss.said)
    with pytest.raises(NameTakenError):
        succeed(loss.store, ORIGIN, WHY, loss.said)
    assert leaves_of(loss.store) == loss.leaves[: loss.first]
    assert not loss.store.settings.published_before.exists()


def test_what_was_signed_before_can_still_be_checked(store: Store, loss: Restored, village: Village) -> None:
    """Certificates over lost entries and over those that are left; the old keys count up to the last head and no further."""
    of_the_lost = proved(store, village)
    succeed(loss.store, NAME, WHY, loss.said)
    policy = policy_of(loss.store)
    assert judged(of_the_lost, policy) == judged(of_the_lost, loss.policy)
    assert judged(of_the_lost, policy).signed.checkpoint.origin == ORIGIN
    now = judged(proved(loss.store, village), policy)
    assert (now.word, now.signed.checkpoint.origin) == ("unchanged", NAME)
    with store.reading() as connection:
        old = signers(store, keys_on_log(connection), None)
    text = str(Checkpoint(ORIGIN, loss.signed + 1, bytes(32)))
    for signer in old:
        with pytest.raises(SignatureError):
            check(note(text, [signer.sign(text)]), parse_policy(policy))
    text = str(Checkpoint(ORIGIN, loss.signed, bytes(32)))
    assert check(note(text, [old[0].sign(text)]), parse_policy(policy)).checkpoint.size == loss.signed


def test_files_of_the_old_log_stay_readable(loss: Restored) -> None:
    """Every entry that was lost from the database is still there for anybody to read, under its own checkpoint."""
    done = succeed(loss.store, NAME, WHY, loss.said)
    folder = loss.store.settings.published_before / successor.address(ORIGIN)
    found = read_published(Folder(folder), parse_policy(policy_of(loss.store)))
    assert (found.ok, found.checkpoint.size, found.checkpoint.root) == (True, loss.signed, done.loss.root)
    (folder / "tile/entries/000.p" / str(loss.signed)).write_bytes(b"gone")
    assert [finding.table for finding in audit(loss.store).findings] == ["tile"]
    (loss.store.settings.signing / f"head.{successor.address(ORIGIN)}").unlink()
    assert {finding.table for finding in audit(loss.store).findings} == {"tile", "head"}


def test_checkpoints_that_people_kept_agree_or_tell_what_was_hidden(store: Store, loss: Restored) -> None:
    """Of the entries that are left, within the loss, and one newer than the head that it names."""
    older = parse_head((store.settings.signing / "head").read_bytes())
    succeed(loss.store, NAME, WHY, loss.said)
    log, policy = Folder(loss.store.settings.published), parse_policy(policy_of(loss.store))
    with store.reading() as connection:
        old = signers(store, keys_on_log(connection), None)
    tree = Tree(map(leaf_hash, loss.leaves))

    def kept(size: int, root: bytes | None = None) -> bytes:
        text = str(Checkpoint(ORIGIN, size, tree.root(size) if root is None else root))
        return note(text, [old[0].sign(text)])

    for good in (kept(1), kept(loss.first), kept(loss.first + 1), older.raw):
        assert read_published(log, policy, good).ok
        assert audit(loss.store, witnessed=good).ok
    for bad, words in (
        (kept(loss.first, bytes(32)), "留下的账目"),
        (kept(loss.signed, bytes(32)), "两个根"),
        (kept(loss.signed + 3, bytes(32)), "瞒下"),
    ):
        assert [words in zh for zh, _ in read_published(log, None, bad).faults] == [True]
        assert not audit(loss.store, witnessed=bad).ok
    unread = audit(loss.store, witnessed=b"nothing")
    assert [finding.table for finding in unread.findings] == ["witness"]


def test_head_that_was_put_back_hides_nothing_from_who_kept_a_newer_one(store: Store, loss: Restored) -> None:
    """The administrator signs an older head again to make the loss look smaller: it says so little that the newer one speaks."""
    with store.reading() as connection:
        old = signers(store, keys_on_log(connection), None)
    settings = loss.store.settings
    true = (settings.signing / "head").read_bytes()
    size = loss.first + 1
    text = str(Checkpoint(ORIGIN, size, Tree(map(leaf_hash, loss.leaves[:size])).root(size)))
    (settings.signing / "head").write_bytes(note(text, [signer.sign(text) for signer in old]))
    done = succeed(loss.store, NAME, WHY, f"{loss.first}-{loss.first}")
    assert done.lost.classes is None
    found = read_published(Folder(settings.published), None, true)
    assert ["瞒下" in zh for zh, _ in found.faults] == [True]
    assert [finding.key for finding in audit(loss.store, witnessed=true).findings if finding.table == "witness"] != []


@pytest.mark.parametrize("stops", ["append_loss", "_put_aside", "publish", "between the files and the head"])
def test_successor_that_was_stopped_is_finished_by_the_same_words(
    loss: Restored, stops: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before or after each step; one K, one key, and nothing else is written meanwhile."""
    class Stopped(Exception):
        """The power went."""

    def stop(*_: object, **__: object) -> None:
        raise Stopped

    with monkeypatch.context() as patch:
        if stops == "between the files and the head":
            patch.setattr(durable, "sync_folders", stop)
            loss.store.settings = replace(loss.store.settings, durable=True)
        else:
            patch.setattr(successor, stops, stop)
        with pytest.raises(Stopped):
            succeed(loss.store, NAME, WHY, loss.said)
    if stops == "_put_aside":
        with pytest.raises(NameTakenError):
            succeed(loss.store, f"{NAME}-3", WHY, loss.said)
    if stops == "publish":
        publish(loss.store)
    else:
        with pytest.raises(DatabaseBehindError if stops == "append_loss" else (DatabaseBehindError, DatabaseForkedError)):
            publish(loss.store)
        succeed(loss.store, NAME, WHY, loss.said)
    assert check_published(loss.store) == loss.first + 2
    with loss.store.reading() as connection:
        assert [each.in_use for each in keys_on_log(connection)].count(True) == 1
    assert audit(loss.store).ok


def test_nothing_is_lost_where_the_database_is_whole(store: Store, village: Village) -> None:
    """The command is no way to give a log another name; and another history is no loss."""
    with pytest.raises(NothingLostError):
        succeed(store, NAME, WHY, "0-1")
    (store.settings.signing / "head").unlink()
    shutil.rmtree(store.settings.published)
    with pytest.raises(NothingLostError):
        succeed(store, NAME, WHY, "0-1")
    assert village.people


def test_other_entries_than_those_that_were_signed_are_no_older_copy(loss: Restored) -> None:
    """The published files still tell; then the audit is due, no successor."""
    damage(
        loss.store,
        lambda connection: connection.execute(
            LEDGER_ENTRY.update().where(LEDGER_ENTRY.c.idx == 1).values(leaf_hash=bytes(32))
        ),
        "ledger_entry",
    )
    loss.store.trees.clear()
    with pytest.raises(DatabaseForkedError):
        lost(loss.store)


def test_head_that_the_log_never_signed_founds_no_successor(loss: Restored) -> None:
    """A made-up head would make a made-up loss."""
    path = loss.store.settings.signing / "head"
    good = path.read_bytes()
    for forged in (good.replace(b"sanquan ", b"sanquan A"), good.replace(str(loss.signed).encode(), b"99"), b""):
        path.write_bytes(forged)
        with pytest.raises(HeadUnreadableError):
            lost(loss.store)
    text, _, _ = good.partition(b"\n\n")
    path.write_bytes(text + "\n\n— other.example/log AAAAAAAA\n".encode())
    with pytest.raises(HeadUnreadableError):
        lost(loss.store)


def test_files_that_went_with_the_disk_stop_nothing_and_that_is_said(loss: Restored) -> None:
    """What was lost can't be counted then, nor can the rest be compared: the witness can."""
    shutil.rmtree(loss.store.settings.published)
    done = succeed(loss.store, NAME, WHY, loss.said)
    assert done.lost.classes is None
    assert not loss.store.settings.published_before.exists()
    assert audit(loss.store).ok


def test_one_at_a_time_and_nothing_that_would_name_no_loss(loss: Restored, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside a publisher it waits for another day; a K that nobody would read as a loss is not written."""
    with durable.alone(loss.store.settings.signing / "lock"), pytest.raises(PublisherBusyError):
        succeed(loss.store, NAME, WHY, loss.said)
    monkeypatch.setattr(successor, "read_loss", lambda *_: None)
    with pytest.raises(ReasonRefusedError):
        succeed(loss.store, NAME, WHY, loss.said)
    assert leaves_of(loss.store) == loss.leaves[: loss.first]


def test_who_writes_meanwhile_is_found(loss: Restored) -> None:
    """The K says where it stands: it is not written anywhere else."""
    loss.store.before_writing = None
    with pytest.raises(PositionMovedError):
        append_loss(loss.store, loss.first + 1, ["# nothing"])


def test_second_loss_is_named_after_the_first(loss: Restored, tmp_path: Path) -> None:
    """The log is lost once more: each loss by its own head, each old name checkable, the numbers as they were."""
    succeed(loss.store, NAME, WHY, loss.said)
    again = restored(loss.store, tmp_path / "again", one_key_more)
    shutil.copytree(loss.store.settings.published_before, again.store.settings.published_before)
    try:
        done = succeed(again.store, f"{NAME}-3", WHY, again.said)
        report = replay(leaves_of(again.store))
        assert (report.ok, [each.origin for each in report.losses]) == (True, [ORIGIN, NAME])
        assert done.loss.first == loss.first + 2
        assert audit(again.store).ok
        known = {key.name for key in parse_policy(policy_of(again.store)).logs}
        assert known == {ORIGIN, NAME, f"{NAME}-3"}
    finally:
        again.store.close()
        drop(again.store.settings)


def test_second_loss_that_took_the_first_with_it_is_named_alone(loss: Restored, tmp_path: Path) -> None:
    """The same older copy comes back once more: the K of the first loss is among what is lost, and its key is named again."""
    loss.store.close()
    settings = copy_of(loss.store.settings, tmp_path / "again")
    succeed(loss.store, NAME, WHY, loss.said)
    for folder in ("signing", "published", "published_before"):
        shutil.copytree(getattr(loss.store.settings, folder), getattr(settings, folder))
    again = Store(settings, load_key_file(settings.key_file), PRIVILEGES, before_writing=refuse_behind)
    try:
        done = succeed(again, f"{NAME}-3", WHY, f"{loss.first}-{loss.first + 1}")
        assert (done.loss.origin, done.loss.first, done.lost.classes) == (NAME, loss.first, {"K": 1, "S": 1})
        assert {key.name for key in parse_policy(policy_of(again)).logs} == {ORIGIN, NAME, f"{NAME}-3"}
        assert check_published(again) == loss.first + 2
        with again.reading() as connection:
            assert [each.key.name for each in keys_on_log(connection) if each.in_use] == [f"{NAME}-3"]
        assert audit(again).ok
    finally:
        again.close()
        drop(settings)
