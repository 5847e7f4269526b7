"""What must the bytes of a certificate (权益不变证明) be, before anything in them is believed?

The one form, in canonical JSON (RFC 8785; keys of lower-case ASCII, no fractions, text in NFC), so that a certificate has one
spelling and one SHA-256. Every key stands always; nothing beside these is taken:

- `v`           1
- `checkpoint`  the signed note as text: the three lines of the checkpoint, an empty line, the signature lines
- `roles`       {`act`: index of the entry (H or S) since which, `latest`: index of the last entry under the checkpoint (S or H)}
- `entries`     ascending by `index`: {`index`, `leaf`: base64 of the exact bytes, `path`: inclusion path under the checkpoint, each
                base64 of 32 bytes, `open`: openings of the entry's own commitments}
- `things`      at least one: {`id`: the thing's id, `key`: its key in the state map, `act`: its version under the state of `act`,
                `latest`: under that of `latest`, `between`: the versions after that of `act`, in order, that of `latest` last}
- a version     {`commitments`: in the order of their paths, `open`: openings, `proof`: its place in the state map}
- in `between`  {`entry`: index of the R entry that made it, `commitments`, `open`}
- an opening    {`path`, `value`, `salt`}; ascending by path, each once
- a proof       {`of`: how many things the bucket has, `at`: which of them this is, `path`: from it to the bucket's root,
                `rows`: the twelve hashes from there to the state root}

Hashes, keys, salts and commitments of versions are base64url without padding, 32 bytes each. Every version opens `chain`, that of
`act` and `latest` `valid`, too: which thing, which number, which days, ended or not. All else may stay closed.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, TypeVar

from registry.ledger.verify.strict import MalformedError, b64, b64u, json_value

HASH_BYTES: Final = 32
ROWS: Final = 12
_NAME: Final = re.compile(r"[a-z0-9._-]+", re.ASCII)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Opening:
    """One committed value with the salt of 32 bytes that its commitment was made with."""

    path: str
    value: Any
    salt: bytes


@dataclass(frozen=True, slots=True)
class EntryPart:
    """One entry of the log: where, its bytes, its inclusion path, which of its commitments are opened."""

    index: int
    leaf: bytes
    path: tuple[bytes, ...]
    opened: tuple[Opening, ...]


@dataclass(frozen=True, slots=True)
class MapProof:
    """One place in the state map: the `at`-th of the `of` things of its bucket, and the hashes up to the state root."""

    of: int
    at: int
    path: tuple[bytes, ...]
    rows: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class VersionPart:
    """One version: its commitments in the order of their paths, and the openings of some."""

    commitments: tuple[bytes, ...]
    opened: tuple[Opening, ...]


@dataclass(frozen=True, slots=True)
class ThingPart:
    """One thing: its versions under the two states with their places there, and each version between with its entry."""

    thing_id: str
    key: bytes
    act: VersionPart
    act_proof: MapProof
    latest: VersionPart
    latest_proof: MapProof
    between: tuple[tuple[int, VersionPart], ...]


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate as read: nothing of it is verified."""

    checkpoint: bytes
    act: int
    latest: int
    entries: Mapping[int, EntryPart]
    things: tuple[ThingPart, ...]


def parse_certificate(raw: bytes) -> Certificate:
    """The parts of a certificate, nothing verified. MalformedError where a byte is not in the form above."""
    found = json_value(raw)
    if canonical(found) != raw:
        raise MalformedError("不是规范的 JSON 写法", "not in the canonical form of JSON")
    version, note, roles, entries, things = _fields(found, "v", "checkpoint", "roles", "entries", "things")
    if _whole(version) != 1:
        raise MalformedError("不认识的证明版本", "an unknown version of the certificate")
    act, latest = _fields(roles, "act", "latest")
    read = _list(entries, _entry)
    if not all(one.index < next_one.index for one, next_one in pairwise(read)):
        raise _malformed("entries")
    parts = _list(things, _thing)
    if (
        not parts
        or len({part.thing_id for part in parts}) != len(parts)
        or len({part.key for part in parts}) != len(parts)
    ):
        raise _malformed("things")
    by_index = {entry.index: entry for entry in read}
    cited = {_whole(act), _whole(latest), *(index for part in parts for index, _ in part.between)}
    if not cited <= by_index.keys() or any(not e.opened for i, e in by_index.items() if i not in cited):
        raise MalformedError("所引账目不全或多余", "an entry that is cited is absent, or one is there for nothing")
    return Certificate(_text(note).encode(), _whole(act), _whole(latest), by_index, parts)


def canonical(value: object) -> bytes:
    """The canonical bytes (RFC 8785) of what `json_value` read, where every text is NFC and every key a name. MalformedError."""
    _refuse_outside_domain(value)
    try:
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    except UnicodeEncodeError as lone:
        raise MalformedError("文字里有不成对的代理码", "text with a lone surrogate") from lone


def _refuse_outside_domain(value: object) -> None:
    if isinstance(value, str) and not unicodedata.is_normalized("NFC", value):
        raise MalformedError("文字不是 NFC 形式", "text that is not in NFC")
    if isinstance(value, dict):
        for key, each in value.items():
            if not _NAME.fullmatch(key):
                raise MalformedError("键只能是小写 ASCII", "a key that is not of lower-case ASCII")
            _refuse_outside_domain(each)
    if isinstance(value, list):
        for each in value:
            _refuse_outside_domain(each)


def _entry(found: object) -> EntryPart:
    index, leaf, path, opened = _fields(found, "index", "leaf", "path", "open")
    hashes = _list(path, lambda text: b64(_text(text), HASH_BYTES))
    return EntryPart(_whole(index), b64(_text(leaf)), hashes, _openings(opened))


def _thing(found: object) -> ThingPart:
    thing_id, key, act, latest, between = _fields(found, "id", "key", "act", "latest", "between")
    return ThingPart(_text(thing_id), _hash(key), *_placed(act), *_placed(latest), _list(between, _later))


def _placed(found: object) -> tuple[VersionPart, MapProof]:
    commitments, opened, proof = _fields(found, "commitments", "open", "proof")
    return _version(commitments, opened), _proof(proof)


def _later(found: object) -> tuple[int, VersionPart]:
    entry, commitments, opened = _fields(found, "entry", "commitments", "open")
    return _whole(entry), _version(commitments, opened)


def _version(commitments: object, opened: object) -> VersionPart:
    return VersionPart(_list(commitments, _hash), _openings(opened))


def _proof(found: object) -> MapProof:
    of, at, path, rows = _fields(found, "of", "at", "path", "rows")
    proof = MapProof(_whole(of), _whole(at), _list(path, _hash), _list(rows, _hash))
    if len(proof.rows) != ROWS:
        raise _malformed("rows")
    return proof


def _openings(found: object) -> tuple[Opening, ...]:
    opened = _list(found, _opening)
    if not all(one.path < other.path for one, other in pairwise(opened)):
        raise _malformed("open")
    return opened


def _opening(found: object) -> Opening:
    path, value, salt = _fields(found, "path", "value", "salt")
    if not _NAME.fullmatch(_text(path)):
        raise _malformed("path")
    return Opening(path, value, _hash(salt))


def _fields(found: object, *names: str) -> list[Any]:
    if not isinstance(found, dict) or found.keys() != set(names):
        raise _malformed(", ".join(names))
    return [found[name] for name in names]


def _list(found: object, read: Callable[[object], _T]) -> tuple[_T, ...]:
    if not isinstance(found, list):
        raise _malformed("[…]")
    return tuple(map(read, found))


def _whole(found: object) -> int:
    # True is an int to Python, not to anybody else.
    if type(found) is not int or found < 0:
        raise _malformed("0, 1, 2 …")
    return found


def _text(found: object) -> str:
    if not isinstance(found, str):
        raise _malformed("“…”")
    return found


def _hash(found: object) -> bytes:
    return b64u(_text(found), HASH_BYTES)


def _malformed(place: str) -> MalformedError:
    return MalformedError(f"证明的格式不对({place})", f"not the form of a certificate ({place})")
