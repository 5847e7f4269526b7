"""Which families are drawn for the inspectors' visits of a month: a pure function of the public log, of a sealed number, of a list?

Commit and reveal, both lines of K entries, so that anybody reads them in the log alone:

    sample 2026-12 seal HASH list N DIGEST draw K      in November: SHA-256 of the number; how many families, SHA-256 of the list
    sample 2026-12 reveal NUMBER at SIZE               in December: the number, and the size of the month's first cosigned head

Months are those of China, by the entry's public hour. The list is fixed with the seal, before anybody knows the head; who
knows the number then cannot make the head, and who makes the head does not know the number.

The draw: seed = SHA-256(SHA-256(text of the checkpoint: origin, size, root, each with its newline) ‖ number). Block i is
SHA-256(seed ‖ i as 8 bytes, high first), read as a number of 256 bits. Of m things the next block b gives b mod m, unless b is
2**256 − (2**256 mod m) or more: then the next block is taken, so that none of the m is likelier. Position j of the sorted list
(j = 0 … K−1) changes places with position j + (one of the n − j that are left); the first K are drawn, in that order.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from typing import Final

FOLDER: Final = "sample"
"""Beside the published checkpoint: `sample/2026-12` is the list, `sample/2026-12.checkpoint` the head that was drawn by."""
MONTH: Final = re.compile(r"[12][0-9]{3}-(?:0[1-9]|1[0-2])", re.ASCII)
HEX: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
ID: Final = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_SEAL: Final = re.compile(
    rf"sample (?P<month>{MONTH.pattern}) seal (?P<number>{HEX.pattern}) list (?P<n>0|[1-9][0-9]{{0,8}}) "
    rf"(?P<digest>{HEX.pattern}) draw (?P<k>[1-9][0-9]{{0,2}})",
    re.ASCII,
)
_REVEAL: Final = re.compile(
    rf"sample (?P<month>{MONTH.pattern}) reveal (?P<number>{HEX.pattern}) at (?P<size>[1-9][0-9]{{0,18}})", re.ASCII
)
_CHINA: Final = dt.timezone(dt.timedelta(hours=8))
_BITS: Final = 256


@dataclass(frozen=True, slots=True)
class Seal:
    """A line of entry `idx`, written in the hour `at`: the hash of a number, and the list that is drawn from."""

    idx: int
    at: str
    month: str
    number_hash: str
    n: int
    digest: str
    k: int

    @property
    def line(self) -> str:
        """As it stands in the entry."""
        return f"sample {self.month} seal {self.number_hash} list {self.n} {self.digest} draw {self.k}"

    @property
    def in_time(self) -> bool:
        """Whether it was written in the month before."""
        return month_of(self.at) == month_before(self.month)


@dataclass(frozen=True, slots=True)
class Reveal:
    """A line of entry `idx`: the number, and the size of the head."""

    idx: int
    at: str
    month: str
    number: str
    size: int

    @property
    def line(self) -> str:
        """As it stands in the entry."""
        return f"sample {self.month} reveal {self.number} at {self.size}"

    def opens(self, seal: Seal) -> bool:
        """Whether it is the number that was sealed, told in its month, by a head that has the seal in it."""
        same = hash_of(self.number) == seal.number_hash
        return same and month_of(self.at) == self.month == seal.month and seal.idx < self.size <= self.idx


def read_lines(idx: int, at: str, lines: Iterable[str]) -> Iterator[Seal | Reveal]:
    """What the lines of a K say of samples; a line of another word is none of ours."""
    for line in lines:
        if match := _SEAL.fullmatch(line):
            yield Seal(idx, at, match["month"], match["number"], int(match["n"]), match["digest"], int(match["k"]))
        elif match := _REVEAL.fullmatch(line):
            yield Reveal(idx, at, match["month"], match["number"], int(match["size"]))


def hash_of(number: str) -> str:
    """SHA-256 of a number's 32 bytes, both as 64 hexadecimal digits."""
    return sha256(bytes.fromhex(number)).hexdigest()


def month_of(at: str) -> str:
    """The month in China of an instant in UTC."""
    return f"{dt.datetime.fromisoformat(at).astimezone(_CHINA):%Y-%m}"


def instant(seconds: int) -> str:
    """An instant in UTC of seconds since 1970, as a cosignature has them."""
    return f"{dt.datetime.fromtimestamp(seconds, dt.UTC):%Y-%m-%dT%H:%M:%SZ}"


def month_before(month: str) -> str:
    """The month before.

    >>> month_before("2026-12"), month_before("2027-01")
    ('2026-11', '2026-12')
    """
    return f"{dt.date.fromisoformat(f'{month}-01') - dt.timedelta(days=1):%Y-%m}"


def listed(ids: Iterable[str]) -> bytes:
    """The list as it is published: one id a line, sorted, each once."""
    return "".join(f"{each}\n" for each in sorted(set(ids))).encode("ascii")


def read_list(raw: bytes, seal: Seal) -> list[str] | None:
    """The ids of a published list; None where it is not the one that was sealed."""
    ids = raw.decode("ascii", "replace").splitlines()
    whole = sha256(raw).hexdigest() == seal.digest and len(ids) == seal.n and listed(ids) == raw
    return ids if whole and all(map(ID.fullmatch, ids)) else None


def draw(checkpoint: bytes, number: str, n: int, k: int) -> list[int]:
    """The places in the sorted list of n that are drawn, in the order of the draw; all of them where n is k or less."""
    seed = sha256(sha256(checkpoint).digest() + bytes.fromhex(number)).digest()
    blocks = (int.from_bytes(sha256(seed + i.to_bytes(8)).digest()) for i in count())
    places = list(range(n))
    for j in range(min(k, n)):
        other = j + _below(n - j, blocks)
        places[j], places[other] = places[other], places[j]
    return places[: min(k, n)]


def _below(m: int, blocks: Iterator[int]) -> int:
    limit = 2**_BITS - 2**_BITS % m
    return next(block for block in blocks if block < limit) % m
