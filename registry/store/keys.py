"""Where do the secrets live, and how is a personal value sealed, found again and opened?

Three keys of 32 bytes in one file of mode 600, outside the data folder: `field` seals personal values
(AES-256-GCM), `index` makes the blind index for exact look-up, `state` hides which leaf of the state map a thing is.
Losing the file loses every name and number; the land, the rights and the log stay readable and provable.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from registry.errors import SanquanError

if TYPE_CHECKING:
    from collections.abc import Callable

_NONCE = 12
_KEY = 32
_PRIVATE = 0o600


class KeyFileError(SanquanError):
    """Raised when the key file is absent, open to others, or not one of ours."""


class SealBrokenError(SanquanError):
    """Raised when a sealed value was altered, or belongs to another place or another key."""


@dataclass(frozen=True, slots=True)
class Vault:
    """The keys in use. `seal` and `open` bind a value to its place, so that a sealed name can't be moved elsewhere."""

    field_key: bytes = field(repr=False)
    index_key: bytes = field(repr=False)
    state_key: bytes = field(repr=False)
    _aead: AESGCM = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_aead", AESGCM(self.field_key))

    def seal(self, value: bytes, place: bytes, nonce: bytes | None = None) -> bytes:
        """Nonce (12 bytes) || ciphertext. `nonce` only for a seeded registry of the tests."""
        nonce = nonce if nonce is not None else os.urandom(_NONCE)
        return nonce + self._aead.encrypt(nonce, value, place)

    def open(self, sealed: bytes, place: bytes) -> bytes:
        """The value again; SealBrokenError when a single bit differs."""
        try:
            return self._aead.decrypt(sealed[:_NONCE], sealed[_NONCE:], place)
        except InvalidTag as broken:
            raise SealBrokenError(
                f"加密内容与其位置不符({place[:24]!r}): 被改动过, 或密钥文件不是这个登记库的",
                f"a sealed value does not fit its place ({place[:24]!r}): altered, or this is another registry's key file",
            ) from broken

    def blind(self, what: str, value: str) -> bytes:
        """32 bytes by which an exact value is found again without being readable; `what` parts names from numbers."""
        return hmac.digest(self.index_key, f"{what}\n{value}".encode(), hashlib.sha256)

    def blinder(self, what: str) -> Callable[[str], bytes]:
        """`blind` for one kind of value, for long lists."""
        key, prefix = self.index_key, f"{what}\n"
        return lambda value: hmac.digest(key, (prefix + value).encode(), hashlib.sha256)


def create_key_file(path: Path) -> Vault:
    """Write a new key file (mode 600). An existing one is never overwritten: KeyFileError."""
    if path.exists():
        raise KeyFileError(
            f"密钥文件已存在, 不会覆盖: {path}。换一个位置, 或使用原来的登记库",
            f"the key file exists and is never overwritten: {path}. Choose another place or use the registry it belongs to",
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    keys = {name: secrets.token_hex(_KEY) for name in ("field", "index", "state")}
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        json.dump({"sanquan-keys": 1, **keys}, handle)
        handle.flush()
        os.fsync(handle.fileno())
    return load_key_file(path)


def load_key_file(path: Path) -> Vault:
    """Read the keys. Refused (KeyFileError) when absent, readable by others, or malformed."""
    if not path.is_file():
        raise KeyFileError(
            f"找不到密钥文件 {path}: 没有它, 姓名和证件号打不开。请从备份恢复到这个位置",
            f"no key file at {path}: names and numbers can't be opened without it. Restore it from its backup to this place",
        )
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise KeyFileError(
            f"密钥文件 {path} 的权限太宽: 请执行 chmod 600",
            f"others may read the key file {path}: run chmod 600 on it",
        )
    try:
        keys = json.loads(path.read_text(encoding="ascii"))
        found = [bytes.fromhex(keys[name]) for name in ("field", "index", "state")]
    except (ValueError, KeyError, TypeError) as broken:
        raise KeyFileError(f"{path} 不是三权登记库的密钥文件", f"{path} is not a key file of this registry") from broken
    if any(len(key) != _KEY for key in found):
        raise KeyFileError(f"{path} 里的密钥长度不对", f"a key in {path} has a wrong length")
    return Vault(*found)


def role_password(vault: Vault, role: str) -> str:
    """The password of a login role: derived from the key file, so that it is stored nowhere."""
    return hmac.digest(vault.index_key, f"role\n{role}".encode(), hashlib.sha256).hex()
