"""What does a leaf say, if it says it in the one way that the writers have?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import orjson

from registry.ledger.entry.canonical import canonical, un_b64u
from registry.ledger.entry.errors import EntryFieldError, EntryTooLongError, NotCanonicalError
from registry.ledger.entry.fields import (
    C_COMMITMENTS,
    H_COMMITMENTS,
    ascending,
    evidence,
    exactly,
    hour_text,
    key_lines,
    kind_text,
    no_version,
    refuse_lengths,
    state_text,
)
from registry.ledger.entry.write import MAX_ENTRY_BYTES


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as read. `st` is base64url text as in the leaf; digests and commitments are raw 32 bytes.

    What its class does not have is empty or None.
    """

    cls: str
    at: str
    kind: str | None = None
    rv: tuple[bytes, ...] = ()
    c: tuple[bytes, ...] = ()
    ev: tuple[bytes, ...] = ()
    st: str | None = None
    vkeys: tuple[str, ...] = ()
    subjects: tuple[bytes, ...] = ()


def parse_entry(leaf: bytes) -> Entry:
    """The entry behind a leaf, read strictly: what no writer would have written is refused.

    1. At most 65,535 bytes of JSON.
    2. One object of a known class, with exactly the fields of that class.
    3. The bytes are the canonical form of what was read: no key twice, no space, no float, no other order.
    4. Each field is what its class asks for.

    Raises an `EntryError`, which is a ValueError, and nothing else.
    """
    # 1
    if len(leaf) > MAX_ENTRY_BYTES:
        raise EntryTooLongError(MAX_ENTRY_BYTES, len(leaf))
    try:
        document = orjson.loads(leaf)
    except orjson.JSONDecodeError as bad:
        raise NotCanonicalError(place="$", zh="不是 JSON", en="this is not JSON") from bad
    # 2
    cls = document.get("cls") if type(document) is dict else None
    if type(cls) is not str or cls not in _FIELDS:
        raise EntryFieldError(
            field="cls",
            zh="R、H、S、K、E、C 之一",
            en="an object of class R, H, S, K, E or C",
            got="another 其他",
        )
    fields = _FIELDS[cls]
    if document.keys() != {"cls", "v", *fields}:
        names = ", ".join(sorted({"cls", "v", *fields}))
        raise EntryFieldError(
            field="*", zh=f"字段 {names}", en=f"the fields {names}", got=f"{len(document)} fields 个字段"
        )
    # 3
    if canonical(document) != leaf:
        raise NotCanonicalError(
            place="$",
            zh="字节与规范形式不同（键重复、空白或次序）",
            en="the bytes differ from the canonical form (a key twice, space, order)",
        )
    # 4
    if type(document["v"]) is not int or document["v"] != 1:
        raise EntryFieldError(field="v", zh="1", en="1", got="another version 其他版本")
    return Entry(cls=cls, **{name: read(name, document[name]) for name, read in fields.items()})


_Reader = Callable[[str, Any], Any]


def _text(check: Callable[[str], str], field: str, value: object) -> str:
    if type(value) is not str:
        raise EntryFieldError(field=field, zh="字符串", en="a string", got=type(value).__name__)
    return check(value)


def _texts(field: str, value: object) -> list[str]:
    if type(value) is not list or not all(type(item) is str for item in value):
        raise EntryFieldError(field=field, zh="字符串列表", en="a list of strings", got=type(value).__name__)
    return value


def _lines(field: str, value: object) -> tuple[str, ...]:
    return tuple(key_lines(_texts(field, value)))


def _digests(field: str, value: object) -> tuple[bytes, ...]:
    digests = tuple(map(un_b64u, _texts(field, value)))
    refuse_lengths(field, digests)
    return digests


def _checked(check: Callable[[Sequence[bytes]], object], field: str, value: object) -> tuple[bytes, ...]:
    digests = _digests(field, value)
    check(digests)
    return digests


_AT: Final = partial(_text, hour_text)
_ST: Final = partial(_text, state_text)
_NO_RV: Final = partial(_checked, no_version)
_FIELDS: Final[Mapping[str, Mapping[str, _Reader]]] = {
    "R": {
        "at": _AT,
        "kind": partial(_text, kind_text),
        "rv": partial(_checked, partial(ascending, "rv")),
        "c": _digests,
        "ev": partial(_checked, evidence),
    },
    "H": {"at": _AT, "rv": _NO_RV, "st": _ST, "c": partial(_checked, partial(exactly, H_COMMITMENTS))},
    "S": {"at": _AT, "st": _ST},
    "K": {"at": _AT, "vkeys": _lines},
    "E": {"at": _AT, "subjects": partial(_checked, partial(ascending, "subjects"))},
    "C": {"at": _AT, "rv": _NO_RV, "c": partial(_checked, partial(exactly, C_COMMITMENTS))},
}
"""The fields of each class besides `cls` and `v`, and how each is read."""
