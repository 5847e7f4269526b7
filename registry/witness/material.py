r"""What does a log hand over for its new entries, over HTTP or on a stick, and how is it read?

Two texts, lines ending with \n. *Entries*: the public leaves, one a line, as `sanquan ledger --export` writes them. *Pairs*, for
the witness alone: `<index> <map key b64u> <version digest b64u>`, one line for each version that an act made, in the order in which
they were made. Over HTTP both in one body: `start <index>`, the entries, an empty line, the pairs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from registry.ledger.verify.proofs import HASH_BYTES
from registry.ledger.verify.replay import MAX_DIGESTS, MAX_ENTRY_BYTES
from registry.ledger.verify.strict import MalformedError, b64u, number, utf8
from registry.witness.refusals import MaterialError

Pair = tuple[bytes, bytes]
"""(map key, version digest), 32 bytes each."""

_LINE_PARTS: Final = 3


@dataclass(frozen=True, slots=True)
class Handed:
    """One entry as it is handed over, with the pairs of its versions in the order in which they were made."""

    leaf: bytes
    pairs: tuple[Pair, ...] = ()


def pairs_line(index: int, key_text: str, digest_text: str) -> str:
    """One line of the private text; both are base64url of 32 bytes."""
    return f"{index} {key_text} {digest_text}\n"


def handed(start: int, entries: Iterable[bytes], pairs: Iterable[bytes]) -> Iterator[Handed]:
    """Each entry from index `start` on with its pairs; lines with their newline, streamed. MaterialError."""
    waiting = map(_pair, pairs)
    coming = next(waiting, None)
    index = start
    for line in entries:
        leaf = line.removesuffix(b"\n")
        if not line.endswith(b"\n") or not leaf or len(leaf) > MAX_ENTRY_BYTES:
            raise _malformed(index)
        mine: list[Pair] = []
        while coming is not None and coming[0] == index:
            mine.append(coming[1])
            if len(mine) > MAX_DIGESTS:
                raise _malformed(index)
            coming = next(waiting, None)
        yield Handed(leaf, tuple(mine))
        index += 1
    if coming is not None:
        raise _malformed(coming[0])


def parse_body(raw: bytes) -> tuple[int, list[bytes], list[bytes]]:
    """Start, lines of entries, lines of pairs of one HTTP body. MaterialError."""
    first, gap, rest = raw.partition(b"\n")
    entries, empty, pairs = rest.partition(b"\n\n")
    if not gap or not first.startswith(b"start ") or not empty or (pairs and not pairs.endswith(b"\n")):
        raise _malformed(0)
    try:
        start = number(utf8(first.removeprefix(b"start ")))
    except MalformedError as broken:
        raise _malformed(0) from broken
    return start, _lines(entries), _lines(pairs.removesuffix(b"\n")) if pairs else []


def _lines(text: bytes) -> list[bytes]:
    return [line + b"\n" for line in text.split(b"\n")]


def _pair(line: bytes) -> tuple[int, Pair]:
    try:
        parts = utf8(line).removesuffix("\n").split(" ")
        if len(parts) != _LINE_PARTS or not line.endswith(b"\n"):
            raise _malformed(0)
        return number(parts[0]), (b64u(parts[1], HASH_BYTES), b64u(parts[2], HASH_BYTES))
    except MalformedError as broken:
        raise _malformed(0) from broken


def _malformed(index: int) -> MaterialError:
    return MaterialError(
        f"交来的账目或配对读不懂(第 {index} 条附近)", f"the entries or pairs handed over can't be read (near entry {index})"
    )
