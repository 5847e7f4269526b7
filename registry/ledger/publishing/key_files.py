"""Where does a private key of the log lie, and who can open it?

One file a key in the folder `signing` beside the key file of the registry, mode 600, never overwritten. It holds the public
key and the private one sealed (AES-256-GCM): under a key that scrypt makes of a passphrase, or, where none was given, under
the registry's own key file. The seal is bound to the public key, so that no file can be passed off as another's.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from registry.errors import SanquanError
from registry.store import durable
from registry.store.keys import SealBrokenError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from registry.store.engines import Store

SUFFIX = ".key"
_FOLDER_MODE = 0o700
_OTHERS = 0o077
_NONCE = 12
_SALT = 16
# RFC 7914 parameters: 2^15 blocks of 1 KiB (32 MiB), a tenth of a second on an office machine.
_N, _R, _P = 1 << 15, 8, 1


class LogKeyFileError(SanquanError):
    """Raised when a private key file is absent, open to others, or not one of ours."""

    def __init__(self, path: Path) -> None:
        """Where it lies."""
        super().__init__(
            f"账本私钥文件用不了: {path}。要在, 是本登记库的, 且权限为 600(chmod 600)",
            f"the log's private key file can't be used: {path}. It must be there, ours, and of mode 600 (chmod 600)",
        )


class KeyLockedError(SanquanError):
    """Raised when a private key needs a passphrase that was not given, or was wrong."""

    def __init__(self) -> None:
        """How to give it."""
        super().__init__(
            "账本私钥有口令, 没有给出或不对: 用 --passphrase-file FILE 或环境变量 SANQUAN_LOG_PASSPHRASE_FILE",
            "the log's private key has a passphrase, and none or a wrong one was given: --passphrase-file FILE, or "
            "SANQUAN_LOG_PASSPHRASE_FILE",
        )


@dataclass(frozen=True, slots=True)
class KeyFile:
    """One private key as it lies on disk: the public half as text, and how the other one is sealed."""

    path: Path
    vkey: str
    salt: bytes | None
    sealed: bytes


def write(store: Store, vkey: str, name: str, secret: bytes, passphrase: bytes | None) -> None:
    """Seal a private key into a new file; `name` is the file's, without suffix. FileExistsError where there is one."""
    folder = store.settings.signing
    folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    salt = None if passphrase is None else secrets.token_bytes(_SALT)
    if salt is None or passphrase is None:
        sealed = store.vault.seal(secret, _place(vkey))
    else:
        nonce = os.urandom(_NONCE)
        sealed = nonce + AESGCM(_stretched(passphrase, salt)).encrypt(nonce, secret, _place(vkey))
    content = {"sanquan-log-key": 1, "vkey": vkey, "salt": salt.hex() if salt else "", "sealed": sealed.hex()}
    durable.create(folder / f"{name}{SUFFIX}", json.dumps(content).encode(), durable=store.settings.durable)


def key_files(store: Store) -> Iterator[KeyFile]:
    """Every private key file, in the order of names. LogKeyFileError for one that is not ours or open to others."""
    folder = store.settings.signing
    for path in sorted(folder.glob(f"*{SUFFIX}")) if folder.is_dir() else ():
        if os.name == "posix" and path.stat().st_mode & _OTHERS:
            raise LogKeyFileError(path)
        try:
            told = json.loads(path.read_bytes())
            salt = bytes.fromhex(told["salt"])
            yield KeyFile(path, str(told["vkey"]), salt or None, bytes.fromhex(told["sealed"]))
        except (ValueError, KeyError, TypeError) as broken:
            raise LogKeyFileError(path) from broken


def opened(store: Store, file: KeyFile, passphrase: bytes | None) -> bytes:
    """The private key. KeyLockedError, LogKeyFileError."""
    if file.salt is None:
        try:
            return store.vault.open(file.sealed, _place(file.vkey))
        except SealBrokenError as broken:
            raise LogKeyFileError(file.path) from broken
    if passphrase is None:
        raise KeyLockedError
    aead = AESGCM(_stretched(passphrase, file.salt))
    try:
        return aead.decrypt(file.sealed[:_NONCE], file.sealed[_NONCE:], _place(file.vkey))
    except InvalidTag as broken:
        raise KeyLockedError from broken


def _place(vkey: str) -> bytes:
    return f"log key\n{vkey}".encode()


def _stretched(passphrase: bytes, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=_N, r=_R, p=_P).derive(passphrase)
