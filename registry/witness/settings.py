"""Which logs does this witness watch, under which of their keys, and where would their private key lie? `witness.toml`.

    [[log]]
    origin = "wushen.example/sanquan"
    vkeys = ["wushen.example/sanquan+d1ab6418+AQOhB7/…"]
    private_key = "/etc/sanquan/log.key"     # must be out of this program's reach

A log that goes on where another one, above it, lost entries says `succeeds = "ORIGIN"`: `witness successor` writes it.
The folder that holds it also holds the sealed key (`witness.key`) and the store (`witness.db`).
"""

from __future__ import annotations

import json
import os
import tomllib
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from registry.ledger.verify.note import ED25519, KeyRefusedError, VerifierKey, parse_vkey
from registry.ledger.verify.strict import VerifyError
from registry.witness import keys
from registry.witness.refusals import AlreadyThereError, NotWatchedError, SettingsUnreadableError

SETTINGS_FILE: Final = "witness.toml"
STORE_FILE: Final = "witness.db"


@dataclass(frozen=True, slots=True)
class Watched:
    """One log: its origin, the keys under which it may sign (an old and a new one after a rotation), where its key would lie.

    `succeeds` is the origin of the log that it goes on for after a loss, by the inspector's word; empty where it is none.
    """

    origin: str
    vkeys: tuple[VerifierKey, ...]
    private_key: Path
    succeeds: str = ""

    @property
    def address(self) -> str:
        """The hash by which the protocol names it in paths: hex SHA-256 of the origin."""
        return sha256(self.origin.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Settings:
    """One witness: its folder and the logs that it watches, by origin."""

    folder: Path
    logs: dict[str, Watched]

    @property
    def key_file(self) -> Path:
        """The witness's own sealed key."""
        return self.folder / keys.KEY_FILE

    @property
    def store_file(self) -> Path:
        """What it keeps."""
        return self.folder / STORE_FILE

    def before(self, log: Watched) -> dict[str, Watched]:
        """The logs that this one has succeeded, one after the other, by origin."""
        found: dict[str, Watched] = {}
        while log.succeeds:
            log = self.logs[log.succeeds]
            found[log.origin] = log
        return found

    def refuse_log_keys(self) -> None:
        """LogKeyReadableError where the private key of a log that it watches is within reach."""
        for log in self.logs.values():
            keys.refuse_log_key(log.private_key)


def create(folder: Path, vkey: str, private_key: Path) -> Settings:
    """Write witness.toml for one log. AlreadyThereError, KeyRefusedError, SettingsUnreadableError."""
    file = folder / SETTINGS_FILE
    key = refuse_log_vkey(vkey)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as opened:
            opened.write(_block(Watched(key.name, (key,), private_key)))
    except FileExistsError as there:
        raise AlreadyThereError(file) from there
    return load(folder)


def add_successor(folder: Path, vkey: str, of: str, private_key: Path | None) -> Settings:
    """Watch the log that goes on for another one after a loss. NotWatchedError, AlreadyThereError, KeyRefusedError.

    `private_key` None: where that of the old log would lie.
    """
    settings = load(folder)
    key = refuse_log_vkey(vkey)
    old = settings.logs.get(of)
    if old is None:
        raise NotWatchedError
    if key.name in settings.logs or any(log.succeeds == of for log in settings.logs.values()):
        raise AlreadyThereError(folder / SETTINGS_FILE)
    block = _block(Watched(key.name, (key,), private_key or old.private_key, of))
    file = folder / SETTINGS_FILE
    part = file.with_suffix(".part")
    part.touch(mode=0o600)
    part.write_text(f"{file.read_text(encoding='utf-8')}\n{block}", encoding="utf-8")
    part.replace(file)
    return load(folder)


def _block(log: Watched) -> str:
    lines = [
        "[[log]]",
        f"origin = {json.dumps(log.origin, ensure_ascii=False)}",
        f"vkeys = [{', '.join(json.dumps(str(key)) for key in log.vkeys)}]",
        f"private_key = {json.dumps(str(log.private_key), ensure_ascii=False)}",
    ]
    lines += [f"succeeds = {json.dumps(log.succeeds, ensure_ascii=False)}"] if log.succeeds else []
    return "".join(f"{line}\n" for line in lines)


def refuse_log_vkey(text: str) -> VerifierKey:
    """The key of a log. KeyRefusedError for anything else."""
    key = parse_vkey(text)
    if key.kind != ED25519:
        raise KeyRefusedError(f"{key.name}: 不是账本的公钥", f"{key.name}: no key of a log")
    return key


def load(folder: Path) -> Settings:
    """Read witness.toml. SettingsUnreadableError names what is wrong in it."""
    file = folder / SETTINGS_FILE
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
        logs = [
            Watched(
                each["origin"],
                tuple(parse_vkey(text) for text in each["vkeys"]),
                Path(each["private_key"]),
                each.get("succeeds", ""),
            )
            for each in found["log"]
        ]
    except OSError as absent:
        raise SettingsUnreadableError(file, str(absent.strerror)) from absent
    except (VerifyError, ValueError, KeyError, TypeError) as broken:
        raise SettingsUnreadableError(file, str(broken)) from broken
    for log in logs:
        if not log.vkeys or any(key.name != log.origin or key.kind != ED25519 for key in log.vkeys):
            raise SettingsUnreadableError(file, f"vkeys: {log.origin}")
    if len({log.origin for log in logs}) != len(logs):
        raise SettingsUnreadableError(file, "origin: 2")
    above: set[str] = {""}
    for log in logs:
        if log.succeeds not in above:
            raise SettingsUnreadableError(file, f"succeeds: {log.origin}")
        above.add(log.origin)
    return Settings(folder, {log.origin: log for log in logs})
