"""Who signs the head of a log, and as what? Ed25519 for a log's own note and for the cosignature of a witness.

The counterpart of `registry.ledger.verify.note`. Where keys lie and how they are sealed is not known here.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.ledger.verify.note import COSIGNATURE, ED25519, VerifierKey, cosigned_message, verifier_key

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key under its name, as a log (type 0x01) or as a witness (0x04)."""

    key: VerifierKey
    private: Ed25519PrivateKey = field(repr=False, compare=False)

    def sign(self, text: str) -> str:
        """A log's signature line over a checkpoint's text, newline included."""
        return self._line(self.private.sign(text.encode()))

    def cosign(self, text: str, time: int) -> str:
        """A witness's line over a checkpoint's text at a time in POSIX seconds, newline included."""
        return self._line(time.to_bytes(8, "big") + self.private.sign(cosigned_message(text, time)))

    def _line(self, signature: bytes) -> str:
        return line(self.key.name, self.key.key_id, signature)


def log_signer(name: str, seed: bytes) -> Signer:
    """A log's signer from the raw 32-byte seed; its name is the log's origin. KeyRefusedError for a name that can't be."""
    return _signer(ED25519, name, seed)


def witness_signer(name: str, seed: bytes) -> Signer:
    """A witness's signer from the raw 32-byte seed. KeyRefusedError for a name that can't be."""
    return _signer(COSIGNATURE, name, seed)


def line(name: str, key_id: bytes, signature: bytes) -> str:
    """A signature line of a note, newline included."""
    return f"— {name} {base64.b64encode(key_id + signature).decode('ascii')}\n"


def note(text: str, lines: Iterable[str]) -> bytes:
    """A signed note: the text, an empty line, the signature lines."""
    return f"{text}\n{''.join(lines)}".encode()


def _signer(kind: int, name: str, seed: bytes) -> Signer:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    return Signer(verifier_key(kind, name, private.public_key().public_bytes_raw()), private)
