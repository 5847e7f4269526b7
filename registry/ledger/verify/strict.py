"""How is text from strangers read, so that one meaning has one spelling?

Python's own readers are generous: `int` takes "1_000" and "٣", `b64decode` passes over junk and slack bits, `json` takes a key
twice. Whatever is generous here lets two readers see two things in one paper (ledger.md section 10).
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable
from typing import Any, Final, Never

MAX_JSON_BYTES: Final = 1 << 20
MAX_DEPTH: Final = 16
MAX_WHOLE: Final = (1 << 53) - 1
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


class VerifyError(ValueError):
    """The base of every refusal of a paper, a note or a proof: what is wrong, in Chinese and English."""

    def __init__(self, zh: str, en: str) -> None:
        """Two sentences without personal data."""
        super().__init__(f"{zh} / {en}")
        self.zh = zh
        self.en = en


class MalformedError(VerifyError):
    """Raised when bytes are not in the one form that they must have."""


def number(text: str) -> int:
    """A whole number of at most 19 digits, ASCII, no sign, no leading zero. MalformedError."""
    if not _NUMBER.fullmatch(text):
        raise MalformedError(
            f"“{text[:40]}”不是规范的十进制整数", f"“{text[:40]}” is no whole number in canonical form"
        )
    return int(text)


def b64(text: str, length: int | None = None) -> bytes:
    """The bytes behind canonical base64 with padding (RFC 4648 section 4), so many if told. MalformedError."""
    return _decoded(text, _from_padded, base64.b64encode, length)


def b64u(text: str, length: int | None = None) -> bytes:
    """The bytes behind canonical base64url without padding (RFC 4648 section 5), so many if told. MalformedError."""
    return _decoded(text, _from_url, _to_url, length)


def b64u_text(raw: bytes) -> str:
    """base64url without padding."""
    return _to_url(raw).decode("ascii")


def b64_text(raw: bytes) -> str:
    """base64 with padding."""
    return base64.b64encode(raw).decode("ascii")


def utf8(raw: bytes) -> str:
    """The text behind UTF-8 bytes. MalformedError."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as broken:
        raise MalformedError("不是 UTF-8 文本", "not UTF-8 text") from broken


def json_value(raw: bytes) -> Any:  # noqa: ANN401  (a JSON document)
    """A JSON document: UTF-8, at most 1 MiB, 16 levels, each key once, whole numbers of 53 bits, no NaN. MalformedError."""
    if len(raw) > MAX_JSON_BYTES:
        raise MalformedError(f"超过 {MAX_JSON_BYTES} 字节", f"longer than {MAX_JSON_BYTES} bytes")
    try:
        found = json.loads(
            utf8(raw),
            object_pairs_hook=_each_once,
            parse_constant=_no_constant,
            parse_float=_no_float,
            parse_int=_whole,
        )
    except RecursionError as deep:
        raise MalformedError(f"嵌套超过 {MAX_DEPTH} 层", f"nested deeper than {MAX_DEPTH} levels") from deep
    except json.JSONDecodeError as broken:
        raise MalformedError(f"不是 JSON：第 {broken.lineno} 行", f"not JSON: line {broken.lineno}") from broken
    _refuse_depth(found)
    return found


def _decoded(
    text: str, decode: Callable[[bytes], bytes], encode: Callable[[bytes], bytes], length: int | None
) -> bytes:
    try:
        raw = decode(text.encode("ascii"))
    except (binascii.Error, UnicodeEncodeError) as broken:
        raise MalformedError("base64 不规范", "base64 that is not canonical") from broken
    if encode(raw).decode("ascii") != text:
        raise MalformedError("base64 不规范", "base64 that is not canonical")
    if length is not None and len(raw) != length:
        raise MalformedError(f"应为 {length} 字节，实为 {len(raw)} 字节", f"must be {length} bytes, got {len(raw)}")
    return raw


def _from_padded(text: bytes) -> bytes:
    return base64.b64decode(text, validate=True)


def _from_url(text: bytes) -> bytes:
    return base64.b64decode(text + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _to_url(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise MalformedError("同一个键出现两次", "a key stands twice")
    return found


def _no_constant(name: str) -> Never:
    raise MalformedError(f"{name} 不是 JSON 的值", f"{name} is no value of JSON")


def _no_float(text: str) -> Never:
    raise MalformedError(f"数 {text[:40]} 不是整数", f"the number {text[:40]} is not whole")


def _whole(text: str) -> int:
    if len(text) > len(str(-MAX_WHOLE)) or abs(int(text)) > MAX_WHOLE or text == "-0":
        raise MalformedError(f"数 {text[:40]} 超出 53 位", f"the number {text[:40]} is beyond 53 bits")
    return int(text)


def _refuse_depth(value: object) -> None:
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            child
            for each in level
            if isinstance(each, (dict, list))
            for child in (each.values() if isinstance(each, dict) else each)
        ]
        if not level:
            return
    if any(isinstance(each, (dict, list)) for each in level):
        raise MalformedError(f"嵌套超过 {MAX_DEPTH} 层", f"nested deeper than {MAX_DEPTH} levels")
