"""Which bytes stand for a JSON value, so that two people who hash it get one hash?

*Canonical* is RFC 8785 (JCS) in a narrower domain: keys of lower-case ASCII letters, digits, ".", "_" and
"-"; no floats (decimals and coordinates are strings), integers within 2^53 - 1, text in NFC without lone
surrogates, at most 16 levels. What is outside is refused, never repaired.
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import b2a_base64
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final
from unicodedata import is_normalized

import orjson

from registry.ledger.entry.errors import Base64urlError, NotCanonicalError

MAX_DEPTH: Final = 16
MAX_INT: Final = 2**53 - 1
NAME: Final = re.compile(r"[a-z0-9._-]+", re.ASCII)
"""What a key, and the path of a commitment, is made of."""

_CONTAINERS: Final = frozenset({dict, list, tuple})
_TEXTS: Final = frozenset({str})
_B64U: Final = re.compile(r"[A-Za-z0-9_-]*", re.ASCII)
_TO_URL: Final = bytes.maketrans(b"+/", b"-_")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def canonical(value: object) -> bytes:
    """The canonical bytes of None, bool, int, str, list, tuple or dict; of nothing else, subclasses included.

    Within the domain orjson with sorted keys writes what RFC 8785 asks for: JCS sorts by UTF-16, which only
    for ASCII keys is the order of bytes. Raises `NotCanonicalError`.
    """
    if not _fits(value, 0):
        _refuse_outside_domain(value, "$", 0)  # walks again to say where
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def b64u(raw: bytes) -> str:
    """Base64url without padding (RFC 4648 section 5)."""
    return b2a_base64(raw, newline=False).translate(_TO_URL, b"=").decode("ascii")


def un_b64u(text: str) -> bytes:
    """The bytes behind base64url text. Raises `Base64urlError` where `b64u` would not have written it."""
    if not _B64U.fullmatch(text) or len(text) % 4 == 1:
        raise Base64urlError
    raw = b64decode(text + "=" * (-len(text) % 4), altchars=b"-_")
    if b64u(raw) != text:  # Python ignores spare bits: "AB" and "AA" would both be one zero byte
        raise Base64urlError
    return raw


def _fits(value: Any, depth: int) -> bool:  # noqa: ANN401  # anything may be asked about
    """Whether a value is inside the domain. Types are compared exactly: a subclass may write something else than it
    holds. An import asks this a million times, so what is nearly always asked, plain texts, costs no call.
    """
    kind = type(value)
    if kind is str:
        return value.isascii() or _is_nfc(value)
    if kind is dict:
        return depth < MAX_DEPTH and _are_names(value) and _all_fit(value.values(), depth + 1)
    if kind is list or kind is tuple:
        return depth < MAX_DEPTH and _all_fit(value, depth + 1)
    if kind is int:
        return bool(-MAX_INT <= value <= MAX_INT)
    return value is None or kind is bool


def _all_fit(items: Iterable[Any], depth: int) -> bool:
    for item in items:
        if type(item) is str:
            if not (item.isascii() or _is_nfc(item)):
                return False
        elif item is not None and not _fits(item, depth):
            return False
    return True


def _are_names(keys: dict[Any, Any]) -> bool:
    return _TEXTS.issuperset(map(type, keys)) and _match(tuple(keys))


@lru_cache(maxsize=1024)
def _match(names: tuple[str, ...]) -> bool:
    # The same few sets of keys come again and again.
    return all(NAME.fullmatch(name) for name in names)


def _is_nfc(text: str) -> bool:
    return not _SURROGATE.search(text) and is_normalized("NFC", text)


def _refuse_outside_domain(value: object, place: str, depth: int) -> None:
    """Walk the value. Types are compared exactly: a subclass may write something else than it holds."""
    if type(value) is str:
        _refuse_text(value, place)
    elif type(value) is int:
        if not -MAX_INT <= value <= MAX_INT:
            raise NotCanonicalError(place=place, zh="整数超出 ±(2^53-1)", en="an integer outside ±(2^53 - 1)")
    elif type(value) in _CONTAINERS:
        if depth == MAX_DEPTH:
            raise NotCanonicalError(
                place=place, zh=f"嵌套超过 {MAX_DEPTH} 层", en=f"nested deeper than {MAX_DEPTH} levels"
            )
        _refuse_members(value, place, depth + 1)
    elif value is not None and type(value) is not bool:
        name = type(value).__name__
        raise NotCanonicalError(
            place=place,
            zh=f"类型 {name} 不可用；小数和坐标请写成字符串",
            en=f"the type {name} is not taken; write decimals and coordinates as strings",
        )


def _refuse_members(value: Any, place: str, depth: int) -> None:  # noqa: ANN401  # one of _CONTAINERS
    """What an object or an array holds. Plain ASCII text, nearly all there is, costs no call."""
    if type(value) is dict:
        for key, item in value.items():
            if type(key) is not str or not NAME.fullmatch(key):
                raise NotCanonicalError(
                    place=place,
                    zh="键只能用小写字母、数字、点、下划线和连字符",
                    en="a key takes lower-case letters, digits, dot, underscore and hyphen",
                )
            if type(item) is not str or not item.isascii():
                _refuse_outside_domain(item, f"{place}.{key}", depth)
    else:
        for at, item in enumerate(value):
            if type(item) is not str or not item.isascii():
                _refuse_outside_domain(item, f"{place}[{at}]", depth)


def _refuse_text(text: str, place: str) -> None:
    if _SURROGATE.search(text):
        raise NotCanonicalError(place=place, zh="含有不成对的代理字符", en="a lone surrogate")
    if not is_normalized("NFC", text):
        raise NotCanonicalError(place=place, zh="文字未按 NFC 规范化", en="text that is not in NFC")
