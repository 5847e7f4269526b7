"""What must each field of an entry be? Writers and the reader both ask here, so they agree."""

from __future__ import annotations

import re
from binascii import b2a_base64
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import pairwise
from typing import Final

from registry.ledger.entry.canonical import un_b64u
from registry.ledger.entry.errors import EntryFieldError

DIGEST_BYTES: Final = 32
MAX_DIGESTS: Final = 1_000
"""The most version digests in one R entry, and subjects in one E entry: 1,000 take about 46 KB."""
EVIDENCE_STEP: Final = 4
"""`ev` is filled up to a multiple of this with commitments to null: its length tells no family's size."""
H_COMMITMENTS: Final = 12
"""Every H entry carries this many commitments, or the count would tell the kind."""
C_COMMITMENTS: Final = 12
"""Every C entry carries this many commitments, for the same reason."""
HOUR_FORMAT: Final = "%Y-%m-%dT%H:00:00Z"

_HOUR: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:00:00Z", re.ASCII)
_KIND: Final = re.compile(r"[a-z]+(?:-[a-z0-9]+)*", re.ASCII)
_CONTROL: Final = re.compile("[\x00-\x1f\x7f]")
_TO_URL: Final = bytes.maketrans(b"+/", b"-_")


@lru_cache(maxsize=64)
def hour_text(at: str) -> str:
    """A whole hour that the calendar has, in UTC."""
    try:
        known = _HOUR.fullmatch(at) and datetime.strptime(at, HOUR_FORMAT).replace(tzinfo=UTC)
    except ValueError:
        known = None
    if known is None:
        raise EntryFieldError(
            field="at",
            zh="整点时刻，如 2026-01-15T08:00:00Z",
            en="a whole hour such as 2026-01-15T08:00:00Z",
            got="another text 其他文字",
        )
    return at


def kind_text(kind: str) -> str:
    """A word of the shape that causes have. Whether it is on the list is the schema's question and P5's."""
    if not _KIND.fullmatch(kind):
        raise EntryFieldError(
            field="kind",
            zh="原因清单中的词，如 contract-divided",
            en="a kind such as contract-divided",
            got="another text 其他文字",
        )
    return kind


def state_text(st: str) -> str:
    """A state root: base64url of 32 bytes."""
    refuse_lengths("st", (un_b64u(st),))
    return st


def key_lines(lines: Sequence[str]) -> Sequence[str]:
    """The new lines of a K: at least one, none empty, no control character."""
    if not lines or not all(line and not _CONTROL.search(line) for line in lines):
        raise EntryFieldError(
            field="vkeys",
            zh="至少一行、无空行、无控制字符",
            en="at least one line, none empty, no control character",
            got=f"{len(lines)} lines 行",
        )
    return lines


def ascending(field: str, digests: Sequence[bytes]) -> Sequence[bytes]:
    """1 to 1,000 digests in the order of their raw bytes (base64url text orders otherwise), each once."""
    if not 1 <= len(digests) <= MAX_DIGESTS:
        raise EntryFieldError(
            field=field,
            zh=f"1 至 {MAX_DIGESTS} 个摘要",
            en=f"1 to {MAX_DIGESTS} digests",
            got=str(len(digests)),
        )
    if any(later <= earlier for earlier, later in pairwise(digests)):
        raise EntryFieldError(
            field=field,
            zh="按字节升序且不重复",
            en="ascending bytes, each once",
            got="another order, or one twice 次序不对或有重复",
        )
    return digests


def evidence(ev: Sequence[bytes]) -> Sequence[bytes]:
    """Commitments to evidence, filled up to a multiple of 4."""
    if len(ev) % EVIDENCE_STEP:
        raise EntryFieldError(
            field="ev", zh=f"{EVIDENCE_STEP} 的倍数", en=f"a multiple of {EVIDENCE_STEP}", got=str(len(ev))
        )
    return ev


def exactly(count: int, c: Sequence[bytes]) -> Sequence[bytes]:
    """The commitments of a class whose every entry has the same number."""
    if len(c) != count:
        raise EntryFieldError(
            field="c", zh=f"正好 {count} 个承诺", en=f"exactly {count} commitments", got=str(len(c))
        )
    return c


def no_version(rv: Sequence[bytes]) -> None:
    """An H or a C that made a version would break the promise of the ledger."""
    if rv:
        raise EntryFieldError(field="rv", zh="空列表", en="an empty list", got=str(len(rv)))


def digest_list(field: str, digests: Sequence[bytes]) -> bytes:
    """The JSON array of the base64url texts of 32-byte digests; none of them needs an escape."""
    refuse_lengths(field, digests)
    if not digests:
        return b"[]"
    return b'["' + b'","'.join([b2a_base64(one)[:43].translate(_TO_URL) for one in digests]) + b'"]'


def refuse_lengths(field: str, digests: Iterable[bytes]) -> None:
    """Every digest and commitment is a SHA-256 value."""
    for length in set(map(len, digests)) - {DIGEST_BYTES}:
        raise EntryFieldError(
            field=field,
            zh=f"{DIGEST_BYTES} 字节的值",
            en=f"values of {DIGEST_BYTES} bytes",
            got=f"{length} bytes 字节",
        )
