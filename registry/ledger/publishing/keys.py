"""How does a log get its first key, another one, and how does it let one go?

Each is a K entry, so that the list of keys is as public and as fixed as everything else. A new key and the one before sign
side by side until the older is revoked: verifiers that have not heard of the new one go on meanwhile.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from registry.errors import SanquanError
from registry.ledger.publishing import key_files, sm2
from registry.ledger.publishing.appending import append_keys
from registry.ledger.publishing.head import refuse_behind
from registry.ledger.publishing.keys_on_log import LOG, REVOKED, LogKey, keys_on_log
from registry.ledger.signing import Signer, log_signer
from registry.ledger.verify.note import parse_vkey

if TYPE_CHECKING:
    from registry.ledger.verify.note import VerifierKey
    from registry.store.engines import Store

_SEED = 32


class KeyStandsError(SanquanError):
    """Raised when a first key is asked for where the log has one."""

    def __init__(self) -> None:
        """What to do instead."""
        super().__init__(
            "账本已有密钥: 换新用 sanquan key rotate, 停用旧的用 sanquan key revoke",
            "the log has a key: sanquan key rotate for a new one, sanquan key revoke to let the old one go",
        )


class KeyNotThereError(SanquanError):
    """Raised when a key is to be revoked that is not in use, or is the only one, or a log without a first key gets another."""

    def __init__(self) -> None:
        """What to check."""
        super().__init__(
            "没有这把在用的密钥, 或它是唯一的一把: sanquan key list 列出; 先 create 或 rotate, 再 revoke",
            "no such key in use, or it is the only one: sanquan key list shows them; create or rotate first, then revoke",
        )


def create(store: Store, origin: str, passphrase: bytes | None = None) -> VerifierKey:
    """The first key of a log, under the name that its checkpoints bear (`origin`, such as `log.example.cn/sanquan`).

    KeyStandsError, KeyRefusedError for a name that can't be.
    """
    with store.reading() as connection:
        if keys_on_log(connection):
            raise KeyStandsError
    return _brought(store, origin, passphrase)


def rotate(store: Store, passphrase: bytes | None = None) -> VerifierKey:
    """One more key under the same name; both sign until the older one is revoked. KeyNotThereError."""
    with store.reading() as connection:
        known = keys_on_log(connection)
    if not known:
        raise KeyNotThereError
    return _brought(store, known[-1].key.name, passphrase)


def revoke(store: Store, key_id: str) -> LogKey:
    """A key, told by the hexadecimal id in the midst of its vkey, signs no more. KeyNotThereError; one must remain."""
    with store.reading() as connection:
        used = [each for each in keys_on_log(connection) if each.in_use]
    found = [each for each in used if each.key.key_id.hex() == key_id]
    if not found or len(used) == 1:
        raise KeyNotThereError
    append_keys(store, [f"{REVOKED} {found[0].key}"])
    with store.reading() as connection:
        return next(each for each in keys_on_log(connection) if each.key == found[0].key)


def signers(store: Store, known: tuple[LogKey, ...], passphrase: bytes | None) -> list[Signer]:
    """Whoever signs: every key in use, oldest first. LogKeyFileError where a private half is not here, KeyLockedError."""
    files = {file.vkey: file for file in key_files.key_files(store)}
    found: list[Signer] = []
    for each in known:
        if not each.in_use:
            continue
        file = files.get(str(each.key))
        if file is None:
            raise key_files.LogKeyFileError(store.settings.signing / f"{_file_name(each.key)}{key_files.SUFFIX}")
        found.append(log_signer(each.key.name, key_files.opened(store, file, passphrase)))
    return found


def _brought(store: Store, origin: str, passphrase: bytes | None) -> VerifierKey:
    refuse_behind(store)  # before a file is written, not only before the entry
    key, lines = prepared(store, origin, passphrase)
    append_keys(store, lines)
    return key


def prepared(store: Store, origin: str, passphrase: bytes | None) -> tuple[VerifierKey, list[str]]:
    """A new key sealed in its file, and the lines by which a K names it. KeyRefusedError."""
    key = _unheard_of(store, origin)
    if key is None:
        seed = os.urandom(_SEED)
        key = log_signer(origin, seed).key
        key_files.write(store, str(key), _file_name(key), seed, passphrase)
    lines = [f"{LOG} {key}"]
    with store.reading() as connection:
        told = sm2.on_log(connection)
    if store.settings.suite == sm2.GM and (told is None or told.name != origin):
        lines.append(sm2.bring(store, origin, passphrase))
    return key, lines


def _unheard_of(store: Store, origin: str) -> VerifierKey | None:
    """A private key of this name that the log does not know: what was stopped between file and entry is finished."""
    with store.reading() as connection:
        known = {str(each.key) for each in keys_on_log(connection)}
    files = [file.vkey for file in key_files.key_files(store)]
    waiting = [parse_vkey(vkey) for vkey in files if vkey not in known and not sm2.is_sm2(vkey)]
    return next((key for key in waiting if key.name == origin), None)


def _file_name(key: VerifierKey) -> str:
    return key.key_id.hex()
