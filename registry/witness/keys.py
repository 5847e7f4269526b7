"""Where does the witness's own key lie, who may open it, and is the log's key out of reach?

One file, mode 600: the 32-byte Ed25519 seed sealed with AES-256-GCM under a key that scrypt makes from a passphrase (RFC 7914;
n = 2^15, r = 8, p = 1). Without the passphrase the file signs nothing. It is never overwritten.
"""

from __future__ import annotations

import json
import os
import secrets
from hashlib import scrypt
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from registry.ledger.signing import Signer, witness_signer
from registry.ledger.verify.note import VerifierKey, parse_vkey
from registry.ledger.verify.strict import VerifyError
from registry.witness.refusals import AlreadyThereError, KeySealedError, LogKeyReadableError

KEY_FILE: Final = "witness.key"
_PRIVATE: Final = 0o600
_N, _R, _P = 1 << 15, 8, 1
_MEMORY: Final = 256 * _N * _R
_SEED: Final = 32
_NONCE: Final = 12
_SALT: Final = 16


def create(file: Path, name: str, passphrase: str) -> Signer:
    """Make a key and seal it. AlreadyThereError, KeyRefusedError for a name that can't be."""
    seed = secrets.token_bytes(_SEED)
    signer = witness_signer(name, seed)
    salt, nonce = secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
    vkey = str(signer.key)
    sealed = AESGCM(_stretched(passphrase, salt)).encrypt(nonce, seed, vkey.encode())
    text = json.dumps(
        {"sanquan-witness-key": 1, "vkey": vkey, "salt": salt.hex(), "nonce": nonce.hex(), "sealed": sealed.hex()}
    )
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
    except FileExistsError as there:
        raise AlreadyThereError(file) from there
    with os.fdopen(descriptor, "w", encoding="ascii") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())
    return signer


def public(file: Path) -> VerifierKey:
    """The public key, for which no passphrase is needed. KeySealedError."""
    return parse_vkey(_read(file)[0])


def opened(file: Path, passphrase: str) -> Signer:
    """The key. KeySealedError where the passphrase is wrong, a bit differs, or others may read the file."""
    if os.name == "posix" and file.exists() and file.stat().st_mode & 0o077:
        raise KeySealedError(file, "别人也读得到, 请执行 chmod 600", "others may read it: run chmod 600 on it")
    vkey, salt, nonce, sealed = _read(file)
    try:
        seed = AESGCM(_stretched(passphrase, salt)).decrypt(nonce, sealed, vkey.encode())
    except InvalidTag as wrong:
        raise KeySealedError(file, "口令不对, 或文件被改动过", "a wrong passphrase, or the file was altered") from wrong
    return witness_signer(parse_vkey(vkey).name, seed)


def refuse_log_key(place: Path) -> None:
    """Nothing where the log's private key, or the folder of its keys, is out of reach; otherwise LogKeyReadableError."""
    try:
        if place.is_dir():
            os.listdir(place)  # noqa: PTH208  (asks at once; an iterator would ask later)
        else:
            place.open("rb").close()
    except OSError:
        return
    raise LogKeyReadableError(place)


def _read(file: Path) -> tuple[str, bytes, bytes, bytes]:
    try:
        found = json.loads(file.read_text(encoding="ascii"))
        parse_vkey(found["vkey"])
        return found["vkey"], *(bytes.fromhex(found[name]) for name in ("salt", "nonce", "sealed"))
    except OSError as absent:
        raise KeySealedError(file, "文件不在", "it is not there") from absent
    except (VerifyError, ValueError, KeyError, TypeError) as broken:
        raise KeySealedError(file, "不是监督私钥文件", "it is no key file of a witness") from broken


def _stretched(passphrase: str, salt: bytes) -> bytes:
    return scrypt(passphrase.encode(), salt=salt, n=_N, r=_R, p=_P, maxmem=_MEMORY, dklen=32)
