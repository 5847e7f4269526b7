"""Who signed this checkpoint, and is that enough?

Signed notes (c2sp.org/signed-note), checkpoints (c2sp.org/tlog-checkpoint), cosignatures of witnesses
(c2sp.org/tlog-cosignature, Ed25519) and the policy that says whose signatures are asked for (c2sp.org/tlog-policy).
A line under a key that nobody configured is passed over, as the standard asks; one under a known key that fails ends it.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from registry.ledger.verify.strict import MalformedError, VerifyError, b64, number, utf8

ED25519: Final = 0x01
COSIGNATURE: Final = 0x04
MAX_NOTE_BYTES: Final = 64 << 10
MAX_LINES: Final = 64
UNTIL: Final = "#until "
"""Begins a line of a policy of ours: up to which size a revoked key of a log counts. Others read it as a comment."""
_DASH: Final = "— "
_ID_BYTES: Final = 4
_KEY_BYTES: Final = 32
_SIGNATURE_BYTES: Final = 64
_TIME_BYTES: Final = 8
_CHECKPOINT_LINES: Final = 3
_P: Final = 2**255 - 19
# y of the points of order 1, 2, 4 and 8 (RFC 8032's curve): under such a key a made-up signature verifies.
_ORDER_8: Final = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD83D3D706A17C7
_SMALL_ORDER: Final = frozenset({0, 1, _P - 1, _ORDER_8, _P - _ORDER_8})


class KeyRefusedError(VerifyError):
    """Raised when a verifier key can't be taken: malformed, another kind, or a weak point."""


class SignatureError(VerifyError):
    """Raised when a signature of a known key does not hold, or none of a known key is there."""


class PolicyError(VerifyError):
    """Raised when a policy can't be read, or a checkpoint lacks the signatures that it asks for."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key: its name, the 4-byte id by which lines refer to it, the type of signature, the raw key of 32 bytes."""

    name: str
    key_id: bytes
    kind: int
    public: bytes

    def __str__(self) -> str:
        """The vkey text: name + hex(id) + base64(type || key)."""
        material = bytes([self.kind]) + self.public
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(material).decode('ascii')}"


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One line under a note: whose (by name and id), and the bytes after the id."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A text (its last newline included) and the lines under it, in order."""

    text: str
    lines: tuple[SignatureLine, ...]


@dataclass(frozen=True, slots=True)
class Signed:
    """Which known key signed, and for a cosignature when, in POSIX seconds."""

    key: VerifierKey
    time: int | None


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log: its origin, how many entries, the Merkle root over them (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode('ascii')}\n"


@dataclass(frozen=True, slots=True)
class Policy:
    """Whose signatures a verifier asks for: at least one log, and a quorum of witnesses (empty: none is asked).

    `groups` maps a name to (how many, of which names); `quorum` names a witness or a group, or is empty. `until` has the
    size up to which the signature of a revoked log key counts.
    """

    logs: tuple[VerifierKey, ...]
    witnesses: Mapping[str, VerifierKey] = field(default_factory=dict)
    groups: Mapping[str, tuple[int, tuple[str, ...]]] = field(default_factory=dict)
    quorum: str = ""
    until: Mapping[VerifierKey, int] = field(default_factory=dict)

    def counts(self, key: VerifierKey, size: int) -> bool:
        """Whether a log's key was still in use at this size."""
        return size <= self.until.get(key, size)

    def met_by(self, keys: Iterable[VerifierKey]) -> bool:
        """Whether these keys, having cosigned, make the quorum."""
        signed = set(keys)
        return not self.quorum or self._has(self.quorum, signed)

    def _has(self, name: str, signed: set[VerifierKey]) -> bool:
        if name in self.witnesses:
            return self.witnesses[name] in signed
        least, members = self.groups[name]
        return sum(self._has(member, signed) for member in members) >= least


@dataclass(frozen=True, slots=True)
class Witnessed:
    """A checkpoint that satisfied a policy: signed by which log key, and cosigned by whom and when."""

    checkpoint: Checkpoint
    log: VerifierKey
    cosigned: tuple[Signed, ...]


def key_id(name: str, material: bytes) -> bytes:
    """SHA-256(name || 0x0A || type || key)[:4]."""
    return sha256(name.encode() + b"\n" + material).digest()[:_ID_BYTES]


def verifier_key(kind: int, name: str, public: bytes) -> VerifierKey:
    """A key made of its parts. KeyRefusedError for a name or a point that must not be configured."""
    if not _is_name(name):
        raise KeyRefusedError(f"“{name[:60]}”不能作密钥名", f"“{name[:60]}” can't be the name of a key")
    if len(public) != _KEY_BYTES:
        raise KeyRefusedError(f"{name}: 公钥应为 32 字节", f"{name}: a public key has 32 bytes")
    y = int.from_bytes(public, "little") & ((1 << 255) - 1)
    if y >= _P or y in _SMALL_ORDER:
        raise KeyRefusedError(
            f"{name}: 这是弱公钥，任何人都能对它伪造签名",
            f"{name}: a weak key, under which anybody can forge a signature",
        )
    return VerifierKey(name, key_id(name, bytes([kind]) + public), kind, public)


def parse_vkey(text: str) -> VerifierKey:
    """A key from its vkey text. KeyRefusedError."""
    # base64 may hold "+", a name may not.
    parts = text.split("+", maxsplit=2)
    try:
        name, told, encoded = parts
        material = b64(encoded)
        kind = material[0]
    except (ValueError, IndexError) as broken:
        raise KeyRefusedError(f"“{text[:80]}”不是公钥文本", f"“{text[:80]}” is no verifier key") from broken
    if kind not in {ED25519, COSIGNATURE}:
        raise KeyRefusedError(f"{name}: 不认识的签名种类 {kind}", f"{name}: unknown type of signature {kind}")
    key = verifier_key(kind, name, material[1:])
    if key.key_id.hex() != told:
        raise KeyRefusedError(f"{name}: 密钥编号与公钥不符", f"{name}: the id does not belong to the key")
    return key


def parse_note(raw: bytes) -> Note:
    """The parts of a signed note, nothing verified. MalformedError."""
    if len(raw) > MAX_NOTE_BYTES:
        raise MalformedError("签名文本超过 64 KiB", "a note of more than 64 KiB")
    whole = utf8(raw)
    if re.search(r"[\x00-\x09\x0b-\x1f]", whole):
        raise MalformedError("签名文本含控制字符", "a note with control characters")
    text, gap, under = whole.rpartition("\n\n")
    lines = under.split("\n")
    if not gap or not text or lines.pop() or not lines or len(lines) > MAX_LINES:
        raise MalformedError("不是带签名的文本", "not a signed note")
    return Note(text + "\n", tuple(map(_line, lines)))


def verified(note: Note, keys: Iterable[VerifierKey]) -> tuple[Signed, ...]:
    """Which of these keys signed the text. SignatureError where one that is named does not hold or stands twice."""
    known = {(key.name, key.key_id): key for key in keys}
    found: dict[VerifierKey, Signed] = {}
    for line in note.lines:
        key = known.get((line.name, line.key_id))
        if key is None:
            continue
        if key in found:
            raise SignatureError(f"{key.name} 签了两次", f"{key.name} signed twice")
        found[key] = _checked(note.text, line, key)
    return tuple(found.values())


def parse_checkpoint(text: str) -> Checkpoint:
    """The three lines of a checkpoint; extension lines are refused. MalformedError."""
    lines = text.split("\n")
    if len(lines) != _CHECKPOINT_LINES + 1 or lines[-1] or not lines[0]:
        raise MalformedError("检查点应恰为三行", "a checkpoint has exactly three lines")
    return Checkpoint(lines[0], number(lines[1]), b64(lines[2], _KEY_BYTES))


def check(raw: bytes, policy: Policy) -> Witnessed:
    """A checkpoint note under a policy: signed by a log of it under its own origin, cosigned by the quorum.

    MalformedError, SignatureError, PolicyError.
    """
    note = parse_note(raw)
    checkpoint = parse_checkpoint(note.text)
    logs = [key for key in policy.logs if key.name == checkpoint.origin]
    if not logs:
        raise PolicyError(
            f"账本“{checkpoint.origin}”不在信任名单上", f"the log “{checkpoint.origin}” is not in the policy"
        )
    signed = verified(note, (*logs, *policy.witnesses.values()))
    by_log = [each.key for each in signed if each.key in logs and policy.counts(each.key, checkpoint.size)]
    if not by_log:
        raise SignatureError("没有登记机构的签名", "the log's own signature is missing")
    cosigned = tuple(each for each in signed if each.key not in logs)
    if not policy.met_by(each.key for each in cosigned):
        raise PolicyError("联署的见证方不够", "too few witnesses cosigned")
    return Witnessed(checkpoint, by_log[0], cosigned)


def parse_policy(text: str) -> Policy:
    """A policy file (c2sp.org/tlog-policy): `log`, `witness`, `group`, `quorum` lines; PolicyError names the line.

    Of the comments one has a meaning here, `#until SIZE VKEY` after the `log` line of a key that was revoked.
    """
    logs: list[VerifierKey] = []
    witnesses: dict[str, VerifierKey] = {}
    groups: dict[str, tuple[int, tuple[str, ...]]] = {}
    until: dict[VerifierKey, int] = {}
    quorum: str | None = None
    for at, line in enumerate(text.split("\n"), 1):
        if line.startswith(UNTIL):
            until.update([_revoked(line, logs, at)])
            continue
        match line.split("#")[0].split():
            case []:
                continue
            case ["log", key, *url] if len(url) <= 1:
                logs.append(_policy_key(key, ED25519, at))
            case ["witness", name, key, *url] if len(url) <= 1 and _is_new(name, witnesses, groups):
                witnesses[name] = _policy_key(key, COSIGNATURE, at)
            case ["group", name, least, *members] if members and _is_new(name, witnesses, groups):
                if len(set(members)) != len(members) or not all(m in witnesses or m in groups for m in members):
                    raise _bad_line(at)
                groups[name] = _threshold(least, len(members), at), tuple(members)
            case ["quorum", name] if quorum is None and (name == "none" or name in witnesses or name in groups):
                quorum = "" if name == "none" else name
            case _:
                raise _bad_line(at)
    if not logs or quorum is None:
        raise PolicyError("信任名单缺 log 或 quorum 行", "the policy lacks a log or a quorum line")
    return Policy(tuple(logs), witnesses, groups, quorum, until)


def cosigned_message(text: str, time: int) -> bytes:
    """What a witness signs: the version line, the time line, the checkpoint's text."""
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not re.search(r"\s", name)


def _line(line: str) -> SignatureLine:
    name, gap, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not gap or not _is_name(name):
        raise MalformedError("签名行不规范", "a malformed signature line")
    raw = b64(encoded)
    if len(raw) <= _ID_BYTES:
        raise MalformedError("签名行太短", "a signature line that is too short")
    return SignatureLine(name, raw[:_ID_BYTES], raw[_ID_BYTES:])


def _checked(text: str, line: SignatureLine, key: VerifierKey) -> Signed:
    time = None
    signature = line.signature
    message = text.encode()
    if key.kind == COSIGNATURE:
        time, signature = int.from_bytes(signature[:_TIME_BYTES], "big"), signature[_TIME_BYTES:]
        message = cosigned_message(text, time)
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message)
    except InvalidSignature as broken:
        raise SignatureError(f"{key.name} 的签名不成立", f"the signature of {key.name} does not hold") from broken
    return Signed(key, time)


def _is_new(name: str, witnesses: Mapping[str, VerifierKey], groups: Mapping[str, tuple[int, tuple[str, ...]]]) -> bool:
    return name != "none" and name not in witnesses and name not in groups


def _threshold(least: str, members: int, at: int) -> int:
    if least in {"any", "all"}:
        return 1 if least == "any" else members
    if not re.fullmatch(r"[1-9][0-9]?", least, re.ASCII) or int(least) > members:
        raise _bad_line(at)
    return int(least)


def _policy_key(text: str, kind: int, at: int) -> VerifierKey:
    key = parse_vkey(text)
    if key.kind != kind:
        raise _bad_line(at)
    return key


def _revoked(line: str, logs: list[VerifierKey], at: int) -> tuple[VerifierKey, int]:
    size, gap, text = line.removeprefix(UNTIL).partition(" ")
    key = _policy_key(text, ED25519, at)
    if not gap or key not in logs or not re.fullmatch(r"0|[1-9][0-9]{0,18}", size, re.ASCII):
        raise _bad_line(at)
    return key, int(size)


def _bad_line(at: int) -> PolicyError:
    return PolicyError(f"信任名单第 {at} 行读不懂", f"line {at} of the policy can't be read")
