"""How does a checkpoint get one more signature, by SM2 over SM3 (GB/T 32918, GB/T 32905), for who must have it?

`suite = "gm"` in registry.toml. The tree stays SHA-256, as c2sp.org/tlog-tiles fixes it: this is an additional line under the
same text, of type 0xff followed by its long name, and verifiers without SM2 pass over it. DER signatures, signer id
1234567812345678. Needs `gmssl-pyx` (extra `gm`); nothing else of the registry does.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from registry.errors import SanquanError
from registry.ledger.publishing import key_files
from registry.ledger.tables import LEDGER_ENTRY
from registry.ledger.verify.note import key_id, parse_note
from registry.ledger.verify.strict import MalformedError, b64

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from registry.store.engines import Store

GM: Final = "gm"
LINE: Final = "sm2"
_KIND: Final = b"\xffsanquan.sm2-sm3.v1"
_SIGNER: Final = b"1234567812345678"
_UNCOMPRESSED: Final = b"\x04"
_POINT: Final = 64


class SuiteMissingError(SanquanError):
    """Raised when SM2 is asked for and `gmssl-pyx` is not installed."""

    def __init__(self) -> None:
        """How to get it."""
        super().__init__(
            "没有装国密组件: pip install 'sanquan[gm]', 或把 registry.toml 的 suite 改回空",
            "SM2 is not installed: pip install 'sanquan[gm]', or empty `suite` in registry.toml",
        )


class Sm2KeyMissingError(SanquanError):
    """Raised when the suite asks for SM2 and the log names no key of it."""

    def __init__(self) -> None:
        """How to get one."""
        super().__init__(
            '设了 suite = "gm", 账本上还没有 SM2 密钥: 运行 sanquan key rotate, 它会一并加上',
            "the suite is gm, and the log names no SM2 key: sanquan key rotate brings one",
        )


@dataclass(frozen=True, slots=True)
class Sm2Key:
    """A public key under its name: 64 bytes, x then y."""

    name: str
    public: bytes

    @property
    def material(self) -> bytes:
        """Type, long name, uncompressed point (65 bytes)."""
        return _KIND + _UNCOMPRESSED + self.public

    @property
    def id(self) -> bytes:
        """The 4 bytes by which a line refers to it."""
        return key_id(self.name, self.material)

    def __str__(self) -> str:
        """The vkey text: name + hex(id) + base64(type || key)."""
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(self.material).decode()}"


@dataclass(frozen=True, slots=True)
class Sm2Signer:
    """A private key of 32 bytes with its public one."""

    key: Sm2Key
    private: bytes = field(repr=False)

    def sign(self, text: str) -> str:
        """The line over a checkpoint's text, newline included. SuiteMissingError."""
        try:
            from gmssl_pyx import sm2_sign
        except ImportError as missing:
            raise SuiteMissingError from missing
        signature = sm2_sign(self.private, self.key.public, text.encode(), _SIGNER)
        return f"— {self.key.name} {base64.b64encode(self.key.id + signature).decode()}\n"


def parse_sm2_key(text: str) -> Sm2Key:
    """A key from its vkey text. MalformedError."""
    name, _, rest = text.partition("+")
    told, _, encoded = rest.partition("+")
    material = b64(encoded)
    start = _KIND + _UNCOMPRESSED
    key = Sm2Key(name, material[len(start) :])
    if not material.startswith(start) or len(key.public) != _POINT or key.id.hex() != told:
        zh, en = "不是 SM2 公钥文本", "no verifier key of SM2"
        raise MalformedError(zh, en)
    return key


def signed_by(raw: bytes, key: Sm2Key) -> bool:
    """Whether a note carries a line of this key that holds. MalformedError, SuiteMissingError."""
    try:
        from gmssl_pyx import sm2_verify
    except ImportError as missing:
        raise SuiteMissingError from missing
    note = parse_note(raw)
    lines = [line.signature for line in note.lines if (line.name, line.key_id) == (key.name, key.id)]
    return len(lines) == 1 and bool(sm2_verify(key.public, note.text.encode(), lines[0], _SIGNER))


def bring(store: Store, origin: str, passphrase: bytes | None) -> str:
    """A new key sealed in a file of its own; the line of a K entry that names it. SuiteMissingError."""
    try:
        from gmssl_pyx import sm2_key_generate
    except ImportError as missing:
        raise SuiteMissingError from missing
    public, private = sm2_key_generate()
    key = Sm2Key(origin, bytes(public))
    key_files.write(store, str(key), key.id.hex(), bytes(private), passphrase)
    return f"{LINE} {key}"


def on_log(connection: Connection) -> Sm2Key | None:
    """The SM2 key that the log names last, None where it names none."""
    leaves = connection.scalars(
        sa.select(LEDGER_ENTRY.c.leaf).where(LEDGER_ENTRY.c.cls == "K").order_by(LEDGER_ENTRY.c.idx)
    )
    lines = [line for leaf in leaves for line in json.loads(leaf)["vkeys"] if line.startswith(f"{LINE} ")]
    return parse_sm2_key(lines[-1].removeprefix(f"{LINE} ")) if lines else None


def is_sm2(vkey: str) -> bool:
    """Whether this text is a key of this kind."""
    try:
        parse_sm2_key(vkey)
    except MalformedError:
        return False
    return True


def signer(store: Store, connection: Connection, passphrase: bytes | None) -> Sm2Signer:
    """Whoever signs by SM2. Sm2KeyMissingError, LogKeyFileError where the private half is not here, KeyLockedError."""
    key = on_log(connection)
    if key is None:
        raise Sm2KeyMissingError
    for file in key_files.key_files(store):
        if file.vkey == str(key):
            return Sm2Signer(key, key_files.opened(store, file, passphrase))
    raise key_files.LogKeyFileError(store.settings.signing / f"{key.id.hex()}{key_files.SUFFIX}")
