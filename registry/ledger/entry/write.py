"""Which bytes are the leaf of each class of entry? Spelled where written, keys as RFC 8785 sorts them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from registry.ledger.entry.canonical import canonical
from registry.ledger.entry.errors import ClockError, EntryTooLongError
from registry.ledger.entry.fields import (
    C_COMMITMENTS,
    H_COMMITMENTS,
    HOUR_FORMAT,
    ascending,
    digest_list,
    evidence,
    exactly,
    hour_text,
    key_lines,
    kind_text,
    state_text,
)

MAX_ENTRY_BYTES: Final = 65_535
"""An entry bundle writes the length as an unsigned 16-bit number (c2sp.org/tlog-tiles)."""


def hour(previous_at: str | None, now: datetime) -> str:
    """The public time of the next entry: the later of the previous entry's and now, cut to the hour, in UTC.

    The second is a committed field, because a public second names whoever stood at the desk; `at` never
    decreases. Raises `ClockError` when `now` has no time zone.
    """
    if now.tzinfo is None:
        raise ClockError
    at = now.astimezone(UTC).strftime(HOUR_FORMAT)
    return at if previous_at is None else max(previous_at, at)


def r_leaf(at: str, kind: str, rv: Sequence[bytes], c: Sequence[bytes], ev: Sequence[bytes]) -> bytes:
    """The leaf of an act on guarded things.

    `rv`: 1 to 1,000 different version digests, written in the order of their 32 bytes. `c`: commitments of
    the act's fields, in the order of their paths. `ev`: commitments to evidence, filled up by the caller to a
    multiple of
    4. Raises `EntryFieldError`, `EntryTooLongError`.
    """
    return _leaf(
        b'{"at":"' + hour_text(at).encode()
        + b'","c":' + digest_list("c", c)
        + b',"cls":"R","ev":' + digest_list("ev", evidence(ev))
        + b',"kind":"' + kind_text(kind).encode()
        + b'","rv":' + digest_list("rv", ascending("rv", sorted(rv)))
        + b',"v":1}'
    )  # fmt: skip


def h_leaf(at: str, st: str, c: Sequence[bytes]) -> bytes:
    """The leaf of a household-status act: no version, and `st` is the state root of the last S, as base64url.

    `c` has exactly `H_COMMITMENTS` commitments. Raises `EntryFieldError`, `Base64urlError`.
    """
    return _leaf(
        b'{"at":"' + hour_text(at).encode()
        + b'","c":' + digest_list("c", exactly(H_COMMITMENTS, c))
        + b',"cls":"H","rv":[],"st":"' + state_text(st).encode()
        + b'","v":1}'
    )  # fmt: skip


def s_leaf(at: str, st: str) -> bytes:
    """The leaf of a state: the root over every head, as base64url. Raises as `h_leaf`."""
    return _leaf(
        b'{"at":"' + hour_text(at).encode()
        + b'","cls":"S","st":"' + state_text(st).encode()
        + b'","v":1}'
    )  # fmt: skip


def c_leaf(at: str, c: Sequence[bytes]) -> bytes:
    """The leaf of a step of a case, with exactly `C_COMMITMENTS` commitments. Raises `EntryFieldError`."""
    return _leaf(
        b'{"at":"' + hour_text(at).encode()
        + b'","c":' + digest_list("c", exactly(C_COMMITMENTS, c))
        + b',"cls":"C","rv":[],"v":1}'
    )  # fmt: skip


def k_leaf(at: str, vkeys: Sequence[str]) -> bytes:
    """The leaf of a change of keys or policy: the new lines, at least one, none empty, no control character.

    Raises `EntryFieldError`, `NotCanonicalError`, `EntryTooLongError`.
    """
    return _leaf(
        b'{"at":"' + hour_text(at).encode()
        + b'","cls":"K","v":1,"vkeys":' + canonical(list(key_lines(vkeys)))
        + b"}"
    )  # fmt: skip


def e_leaf(at: str, subjects: Sequence[bytes]) -> bytes:
    """The leaf of an erasure of openings: 1 to 1,000 different digests of versions or leaves, written sorted.

    Raises `EntryFieldError`.
    """
    return _leaf(
        b'{"at":"' + hour_text(at).encode()
        + b'","cls":"E","subjects":' + digest_list("subjects", ascending("subjects", sorted(subjects)))
        + b',"v":1}'
    )  # fmt: skip


def _leaf(entry: bytes) -> bytes:
    if len(entry) > MAX_ENTRY_BYTES:
        raise EntryTooLongError(MAX_ENTRY_BYTES, len(entry))
    return entry
