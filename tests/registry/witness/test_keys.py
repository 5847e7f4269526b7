"""Is the witness's key sealed and its own, and does nothing start where the log's key can be read?"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from registry.ledger.verify.note import KeyRefusedError
from registry.witness import keys, settings
from registry.witness.refusals import AlreadyThereError, KeySealedError, LogKeyReadableError, SettingsUnreadableError
from tests.registry.witness.made_up_log import LOG, ORIGIN, WITNESS

if TYPE_CHECKING:
    from pathlib import Path

WORDS = "ten herders and a dog"


def test_key_opens_with_its_passphrase_only(tmp_path: Path) -> None:
    """Round trip; a wrong passphrase and an altered file sign nothing."""
    file = tmp_path / "witness.key"
    made = keys.create(file, "witness.example/jiancha", WORDS)
    assert keys.opened(file, WORDS).key == made.key == keys.public(file)
    with pytest.raises(KeySealedError):
        keys.opened(file, "another")
    told = json.loads(file.read_text())
    file.write_text(json.dumps(told | {"vkey": str(WITNESS.key)}))
    with pytest.raises(KeySealedError):
        keys.opened(file, WORDS)


def test_seed_is_not_in_the_file(tmp_path: Path) -> None:
    """Whoever copies the file without the passphrase has no key."""
    file = tmp_path / "witness.key"
    seed = keys.create(file, "witness.example/jiancha", WORDS).private.private_bytes_raw()
    assert seed.hex() not in file.read_text()


def test_key_is_never_overwritten_and_open_to_nobody(tmp_path: Path) -> None:
    """Mode 600 from its first byte, and one that others may read is not used."""
    file = tmp_path / "witness.key"
    keys.create(file, "witness.example/jiancha", WORDS)
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(AlreadyThereError):
        keys.create(file, "witness.example/jiancha", WORDS)
    file.chmod(0o640)
    with pytest.raises(KeySealedError, match="chmod 600"):
        keys.opened(file, WORDS)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"vkey": "x", "salt": "", "nonce": "", "sealed": ""}'])
def test_another_file_is_no_key(tmp_path: Path, content: str) -> None:
    """Malformed or absent: KeySealedError, never a traceback."""
    file = tmp_path / "witness.key"
    with pytest.raises(KeySealedError):
        keys.public(file)
    file.write_text(content)
    with pytest.raises(KeySealedError):
        keys.public(file)


def test_log_key_within_reach_stops_the_program(tmp_path: Path) -> None:
    """A file or a folder of keys that can be read; the refusal says how the permissions are set."""
    folder = tmp_path / "log.signing"
    folder.mkdir()
    with pytest.raises(LogKeyReadableError, match="chmod 600"):
        keys.refuse_log_key(folder)
    file = tmp_path / "log.key"
    file.write_text("secret")
    with pytest.raises(LogKeyReadableError, match="chown"):
        keys.refuse_log_key(file)


def test_log_key_out_of_reach_lets_it_start(tmp_path: Path) -> None:
    """Absent (another machine), or closed to this user."""
    keys.refuse_log_key(tmp_path / "elsewhere")
    file = tmp_path / "log.key"
    file.write_text("secret")
    child = os.fork()
    if child == 0:  # as nobody: this process may be root, to whom every file is open
        file.chmod(0o600)
        tmp_path.chmod(0o755)
        os.setgid(65534)
        os.setuid(65534)
        try:
            keys.refuse_log_key(file)
        except LogKeyReadableError:
            os._exit(1)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_settings_read_back_as_written(tmp_path: Path) -> None:
    """One log, its keys, where its private key would lie; the address is the hash of the origin."""
    made = settings.create(tmp_path / "w", str(LOG.key), tmp_path / 'a "b"')
    log = made.logs[ORIGIN]
    assert (log.vkeys, log.private_key, len(log.address)) == ((LOG.key,), tmp_path / 'a "b"', 64)
    assert settings.load(tmp_path / "w") == made
    with pytest.raises(AlreadyThereError):
        settings.create(tmp_path / "w", str(LOG.key), tmp_path)
    with pytest.raises(KeyRefusedError):
        settings.create(tmp_path / "v", "no key", tmp_path)
    with pytest.raises(KeyRefusedError):
        settings.create(tmp_path / "v", str(WITNESS.key), tmp_path)
    assert not (tmp_path / "v").exists()


ONE = f'[[log]]\norigin = "{ORIGIN}"\nvkeys = ["{LOG.key}"]\nprivate_key = "/x"\n'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "log = 1",
        "[[log]]\n",
        ONE.replace(ORIGIN, "another", 1),
        ONE.replace(f'"{LOG.key}"', ""),
        ONE.replace(str(LOG.key), str(WITNESS.key)).replace(ORIGIN, WITNESS.key.name),
        ONE.replace(str(LOG.key), "x"),
        ONE + ONE,
        "[[",
    ],
)
def test_settings_that_say_something_else_are_refused(tmp_path: Path, text: str) -> None:
    """Nothing, another form, no key, a key of another name or kind, one log twice."""
    with pytest.raises(SettingsUnreadableError):
        settings.load(tmp_path)
    (tmp_path / settings.SETTINGS_FILE).write_text(text)
    with pytest.raises(SettingsUnreadableError):
        settings.load(tmp_path)
