"""Keys are sealed at rest, never overwritten, begun and ended on the log; what they signed stays checkable."""

from __future__ import annotations

import json
import os
import stat
import sys
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from registry.audit import audit
from registry.ledger.publishing import (
    KeyLockedError,
    KeyNotThereError,
    KeyStandsError,
    LogKeyFileError,
    key_files,
    keys,
    keys_on_log,
    policy_text,
    publish,
    sm2,
)
from registry.ledger.publishing.appending import append_keys
from registry.ledger.signing import log_signer, note
from registry.ledger.verify.note import KeyRefusedError, PolicyError, SignatureError, check, parse_note, parse_policy
from registry.ledger.verify.strict import MalformedError
from registry.store.settings import load_settings

if TYPE_CHECKING:
    from pathlib import Path

    from registry.store.engines import Store

ORIGIN = "log.example/sanquan"
PASSPHRASE = "草原上的口令".encode()


def only_file(store: Store) -> Path:
    """The one private key file."""
    (path,) = store.settings.signing.glob("*.key")
    return path


def policy_of(store: Store) -> str:
    """The policy file as it stands."""
    with store.reading() as connection:
        return policy_text(connection)


def signed_by(raw: bytes) -> list[str]:
    """The ids of the lines under a note."""
    return [line.key_id.hex() for line in parse_note(raw).lines]


def test_private_key_lies_outside_the_data_folder_sealed_and_closed_to_others(store: Store) -> None:
    """Mode 600, no seed in clear: the file opens under the registry's key file and under no other place."""
    key = keys.create(store, ORIGIN)
    path = only_file(store)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(store.settings.signing.stat().st_mode) == 0o700
    assert not path.is_relative_to(store.settings.folder)
    (file,) = key_files.key_files(store)
    seed = key_files.opened(store, file, None)
    assert log_signer(ORIGIN, seed).key == key
    assert seed not in path.read_bytes()
    assert seed.hex().encode() not in path.read_bytes()


def test_key_with_a_passphrase_opens_with_it_and_with_nothing_else(store: Store) -> None:
    """Scrypt and AES-256-GCM: neither the key file of the registry nor a wrong word opens it."""
    keys.create(store, ORIGIN, PASSPHRASE)
    for wrong in (None, b"", PASSPHRASE + b" "):
        with pytest.raises(KeyLockedError):
            publish(store, wrong)
    assert not (store.settings.published / "checkpoint").exists()
    assert publish(store, PASSPHRASE).size == 3


@pytest.mark.parametrize("passphrase", [None, PASSPHRASE])
def test_key_file_passed_off_as_another_does_not_open(store: Store, passphrase: bytes | None) -> None:
    """The seal is bound to the public key beside it."""
    keys.create(store, ORIGIN, passphrase)
    path = only_file(store)
    told = json.loads(path.read_bytes())
    other = str(log_signer(ORIGIN, os.urandom(32)).key)
    path.write_text(json.dumps(told | {"vkey": other}), encoding="ascii")
    (file,) = key_files.key_files(store)
    with pytest.raises((LogKeyFileError, KeyLockedError)):
        key_files.opened(store, file, passphrase)


@pytest.mark.parametrize("content", ["", "{}", '{"vkey": 1, "salt": "x", "sealed": ""}', "[]"])
def test_malformed_key_file_is_named(store: Store, content: str) -> None:
    """Which file, and what it must be."""
    keys.create(store, ORIGIN)
    only_file(store).write_text(content, encoding="ascii")
    with pytest.raises(LogKeyFileError, match="key"):
        publish(store)


def test_key_file_open_to_others_or_gone_is_refused(store: Store) -> None:
    """A private key that others may read is not used; one that is away is asked for by name."""
    keys.create(store, ORIGIN)
    path = only_file(store)
    path.chmod(0o640)
    with pytest.raises(LogKeyFileError):
        publish(store)
    path.unlink()
    with pytest.raises(LogKeyFileError, match=path.name):
        publish(store)


def test_key_file_is_never_overwritten(store: Store) -> None:
    """Whatever asks for it: a file that is there stays."""
    keys.create(store, ORIGIN)
    path = only_file(store)
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        key_files.write(store, "another", path.stem, b"x" * 32, None)
    assert path.read_bytes() == before
    assert [each.name for each in store.settings.signing.iterdir()] == [path.name]


def test_first_key_is_made_once_and_a_name_that_cannot_be_is_refused(store: Store) -> None:
    """`rotate` and `revoke` are the other words; a refusal leaves nothing."""
    with pytest.raises(KeyRefusedError):
        keys.create(store, "two words")
    with pytest.raises(KeyNotThereError):
        keys.rotate(store)
    assert list(store.settings.signing.glob("*.key")) == []
    keys.create(store, ORIGIN)
    with pytest.raises(KeyStandsError):
        keys.create(store, ORIGIN)


def test_creation_stopped_between_file_and_entry_is_finished(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The private key that the log has not heard of is taken, not another one made beside it."""

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(keys, "append_keys", stopped)
        with pytest.raises(KeyboardInterrupt):
            keys.create(store, ORIGIN)
    waiting = json.loads(only_file(store).read_bytes())["vkey"]
    assert str(keys.create(store, ORIGIN)) == waiting
    assert publish(store).size == 3


def test_two_keys_sign_until_the_older_is_revoked_and_old_notes_stay_good(store: Store) -> None:
    """A verifier who has not heard of the new key goes on; one with the new policy can check what the old key signed."""
    old = keys.create(store, ORIGIN)
    first_policy, first = policy_of(store), publish(store).note
    new = keys.rotate(store)
    both = publish(store).note
    assert signed_by(both) == [old.key_id.hex(), new.key_id.hex()]
    check(both, parse_policy(first_policy))
    gone = keys.revoke(store, old.key_id.hex())
    assert gone.revoked_at is not None
    last = publish(store)
    assert signed_by(last.note) == [new.key_id.hex()]
    policy = parse_policy(policy_of(store))
    for raw in (first, both, last.note):
        check(raw, policy)
    with pytest.raises(SignatureError):
        check(last.note, parse_policy(first_policy))
    with store.reading() as connection:
        assert [each.in_use for each in keys_on_log(connection)] == [False, True]
        assert [each.in_use for each in keys_on_log(connection, 4)] == [True, True]
        assert policy_text(connection, 2) == first_policy
        assert policy_text(connection, 1) == ""
    assert audit(store).ok


def test_what_a_revoked_key_signs_afterwards_counts_for_nothing(store: Store) -> None:
    """The thief of an old key can't extend the log: its signature counts up to the size at which it was revoked."""
    old = keys.create(store, ORIGIN)
    publish(store)
    (file,) = key_files.key_files(store)
    thief = log_signer(ORIGIN, key_files.opened(store, file, None))
    keys.rotate(store)
    revoked = keys.revoke(store, old.key_id.hex()).revoked
    policy = parse_policy(policy_of(store))
    text = f"{ORIGIN}\n{{}}\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n"
    for size, counts in ((revoked, True), ((revoked or 0) + 1, False)):
        forged = note(text.format(size), [thief.sign(text.format(size))])
        if counts:
            check(forged, policy)
        else:
            with pytest.raises(SignatureError):
                check(forged, policy)


def test_only_a_key_in_use_is_revoked_and_one_must_remain(store: Store) -> None:
    """A log that nobody can sign would stand still for good."""
    key = keys.create(store, ORIGIN)
    for wrong in (key.key_id.hex(), "00000000", ""):
        with pytest.raises(KeyNotThereError):
            keys.revoke(store, wrong)
    keys.rotate(store)
    keys.revoke(store, key.key_id.hex())
    with pytest.raises(KeyNotThereError):
        keys.revoke(store, key.key_id.hex())


def test_policy_carries_the_lines_about_witnesses(store: Store) -> None:
    """What K entries say of witnesses and the last quorum; a line about a key that never was ends nothing."""
    keys.create(store, ORIGIN)
    witness = "witness jiancha witness.example/jiancha+5bf352b7+BCmsuuFBvMrwsi4alNNNC8c2HlJtC/4SyJeUvJMilm3X"
    append_keys(store, [witness, "quorum jiancha", f"revoked {log_signer('x', bytes(32)).key}"])
    policy = parse_policy(policy_of(store))
    assert policy.quorum == "jiancha"
    assert [str(key) for key in policy.witnesses.values()] == [witness.split()[2]]
    assert len(policy.logs) == 1


@pytest.mark.parametrize(
    "line", ["#until 5", "#until x {}", "#until 05 {}", "#until 5 log.example/other+d1ab6418+AQ", "#until -1 {}"]
)
def test_policy_with_a_broken_end_of_a_key_is_refused(line: str) -> None:
    """A limit that is read otherwise than it was meant would let a stolen key sign on."""
    key = str(log_signer(ORIGIN, bytes(range(32))).key)
    with pytest.raises((PolicyError, KeyRefusedError)):
        parse_policy(f"log {key}\n{line.format(key)}\nquorum none\n")

def gm(store: Store) -> Store:
    """The same registry under the Chinese suite."""
    return replace(store, settings=replace(store.settings, suite="gm"))


def test_chinese_suite_adds_a_line_that_others_pass_over(store: Store) -> None:
    """ledger.md section 10: type 0xff, its long name, key id by the same formula; Ed25519 verifiers see what they always saw."""
    keys.create(gm(store), ORIGIN, PASSPHRASE)
    raw = publish(gm(store), PASSPHRASE).note
    with store.reading() as connection:
        key = sm2.on_log(connection)
        policy = policy_text(connection)
    assert key is not None
    assert f"#sm2 {key}\n" in policy
    assert len(parse_note(raw).lines) == 2
    check(raw, parse_policy(policy))
    assert sm2.signed_by(raw, key)
    assert not sm2.signed_by(raw.replace(b"\n3\n", b"\n4\n"), key)
    assert sm2.parse_sm2_key(str(key)) == key
    material = b"\xffsanquan.sm2-sm3.v1\x04" + key.public
    assert key.id == sha256(ORIGIN.encode() + b"\n" + material).digest()[:4]
    assert audit(store).ok
    keys.rotate(gm(store), PASSPHRASE)
    assert len(parse_note(publish(gm(store), PASSPHRASE).note).lines) == 3


def test_chinese_suite_of_a_log_that_began_without_it_comes_with_the_next_key(store: Store) -> None:
    """Until then nothing is signed: one line less would look like an attack to whoever asks for it."""
    keys.create(store, ORIGIN)
    with pytest.raises(sm2.Sm2KeyMissingError):
        publish(gm(store))
    keys.rotate(gm(store))
    assert len(parse_note(publish(gm(store)).note).lines) == 3
    for path in store.settings.signing.glob("*.key"):
        if sm2.is_sm2(json.loads(path.read_bytes())["vkey"]):
            path.unlink()
    append_keys(store, ["# more"])
    with pytest.raises(LogKeyFileError):
        publish(gm(store))


def test_chinese_suite_without_its_library_is_refused(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is made; what to install is said."""
    keys.create(gm(store), ORIGIN)
    raw = publish(gm(store)).note
    with store.reading() as connection:
        key = sm2.on_log(connection)
        signer = sm2.signer(store, connection, None)
    monkeypatch.setitem(sys.modules, "gmssl_pyx", None)
    assert key is not None
    for attempt in (lambda: sm2.signed_by(raw, key), lambda: signer.sign("x"), lambda: sm2.bring(store, ORIGIN, None)):
        with pytest.raises(sm2.SuiteMissingError):
            attempt()


@pytest.mark.parametrize("text", ["", "x", "x+00000000+AQ==", "x+00000000+/3NhbnF1YW4uc20yLXNtMy52MQQ="])
def test_what_is_no_sm2_key_is_refused(text: str) -> None:
    """Another type, another length, another id."""
    with pytest.raises(MalformedError):
        sm2.parse_sm2_key(text)


def test_suite_is_one_line_of_the_settings(store: Store) -> None:
    """registry.toml, there and back; an older file has none."""
    assert load_settings(store.settings.folder).suite == ""
    gm(store).settings.save()
    assert load_settings(store.settings.folder).suite == "gm"
