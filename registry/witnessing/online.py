"""How is a witness asked over a line (c2sp.org/tlog-witness), and what if it is not there?

A witness of the standard takes the head alone; ours answers 428 first and is then handed the entries and the private pairs, which
go over https or stay on this machine. A witness that is absent stops nothing: the log stands published, and is cosigned later.
"""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from registry.errors import SanquanError
from registry.ledger.signing import line, note
from registry.ledger.verify.note import parse_note
from registry.ledger.verify.strict import MalformedError, VerifyError, number, utf8
from registry.witnessing.cosigned import Taken, cosigned_size, policy, remember, take
from registry.witnessing.request import body, lines, published_head

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.ledger.publishing.head import Head
    from registry.store.engines import Store

_SECONDS = 30
# A first request is judged entry by entry before it is answered.
_JUDGING_SECONDS = 600
_PART_BYTES = 4 << 20
_MOST_BYTES = 64 << 10
_ROUNDS = 4
"""Our guess of its size, its own size, the entries, and once more where another was faster."""
_GIVEN = 200
_OTHER_SIZE = 409
_NEEDS_ENTRIES = 428


class WitnessAbsentError(SanquanError):
    """Raised when a witness does not answer, or does not answer as one should."""

    def __init__(self, why: str) -> None:
        """What happened, without what was sent."""
        super().__init__(
            f"监督机构没有应答({why}): 账本照常公布, 以后再请, 或用 U 盘 sanquan ledger witness out",
            f"the witness did not answer ({why}): the log stands published; ask again later, or by stick: "
            "sanquan ledger witness out",
        )


class WitnessRefusedError(SanquanError):
    """Raised when a witness refuses to sign, with its own words."""

    def __init__(self, status: int, told: str) -> None:
        """Its status and its sentence."""
        super().__init__(
            f"监督机构不签({status}): {told}。不要再发, 先运行 sanquan audit 查清",
            f"the witness refuses ({status}): {told}. Do not send it again; run sanquan audit and find out first",
        )


class WitnessAheadError(SanquanError):
    """Raised when a witness has signed a larger log than this one: this is an older copy."""

    def __init__(self, here: int, there: int) -> None:
        """Both sizes."""
        super().__init__(
            f"监督机构已签到 {there} 条, 这里只公布了 {here} 条: 缺第 {here} 至 {there - 1} 条。若恢复过备份, 请恢复更新的",
            f"the witness has signed {there} entries, {here} are published here: entries {here} to {there - 1} are missing. "
            "If a backup was restored, restore a newer one",
        )


class AddressError(SanquanError):
    """Raised when an address is none, or would carry private pairs in the clear."""

    def __init__(self) -> None:
        """What is taken."""
        super().__init__(
            "监督机构的地址应为 https://…; http:// 只用于本机: 配对是私密的",
            "a witness's address is https://…; http:// only on this machine, for the pairs are private",
        )


@dataclass(frozen=True, slots=True)
class _Door:
    """Where a witness answers."""

    url: str

    def post(self, path: str, content: bytes, seconds: int) -> tuple[int, bytes]:
        """Status and body; WitnessAbsentError. No redirection is followed."""
        parts = urlsplit(self.url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=seconds)
        try:
            connection.request("POST", f"{parts.path.rstrip('/')}/{path}", content)
            answer = connection.getresponse()
            told = answer.read(_MOST_BYTES + 1)
        except (OSError, http.client.HTTPException) as failed:
            raise WitnessAbsentError(type(failed).__name__) from failed
        finally:
            connection.close()
        if len(told) > _MOST_BYTES:
            raise WitnessAbsentError("64+")
        return answer.status, told


def ask(store: Store, url: str) -> Taken:
    """Ask a witness for its line over the published head, and keep it.

    Raises AddressError, NothingPublishedError, NoWitnessError, WitnessAbsentError, WitnessAheadError, WitnessRefusedError,
    VerifyError for a line that does not hold.
    """
    door = _door(url)
    policy(store)
    head = published_head(store)
    remember(store, head)
    size, old = head.checkpoint.size, min(cosigned_size(store), head.checkpoint.size)
    status, told = 0, b""
    for _ in range(_ROUNDS):
        status, told = door.post("add-checkpoint", body(store, head, old), _JUDGING_SECONDS)
        if status == _OTHER_SIZE:
            old = _size_in(told)
            if old > size:
                raise WitnessAheadError(size, old)
        elif status == _NEEDS_ENTRIES:
            _hand_over(store, door, head, old)
        else:
            break
    if status != _GIVEN:
        raise WitnessRefusedError(status, "".join(c for c in told.decode("utf-8", "replace") if c.isprintable())[:500])
    return take(store, _with(head, told))


def _hand_over(store: Store, door: _Door, head: Head, since: int) -> None:
    address = sha256(head.checkpoint.origin.encode()).hexdigest()
    for content in _parts(store, since, head.checkpoint.size):
        status, told = door.post(f"{address}/entries", content, _SECONDS)
        if status != _GIVEN:
            raise WitnessAbsentError(f"{status} {_size_in(told) if status == _OTHER_SIZE else ''}".strip())


def _parts(store: Store, since: int, size: int) -> Iterator[bytes]:
    """The bodies of `registry.witness.material`, each of a few megabytes."""
    start, length = since, 0
    gathered: list[bytes] = []
    private: list[str] = []
    with store.reading() as connection:
        for each in lines(store, connection, since, size):
            if length > _PART_BYTES:
                yield _body(start, gathered, private)
                start, gathered, private, length = each.idx, [], [], 0
            gathered.append(each.leaf + b"\n")
            private.append(each.pairs)
            length += len(each.leaf) + len(each.pairs)
        if gathered:
            yield _body(start, gathered, private)


def _body(start: int, entries: list[bytes], pairs: list[str]) -> bytes:
    return f"start {start}\n".encode() + b"".join(entries) + b"\n" + "".join(pairs).encode()


def _with(head: Head, told: bytes) -> bytes:
    """The head with the lines that came back. WitnessAbsentError where they are none."""
    ours = [line(each.name, each.key_id, each.signature) for each in head.note.lines]
    try:
        theirs = parse_note(note(head.note.text, [utf8(told)])).lines
    except VerifyError as malformed:
        raise WitnessAbsentError("200") from malformed
    known = {(each.name, each.key_id) for each in theirs}
    kept = [text for text, each in zip(ours, head.note.lines, strict=True) if (each.name, each.key_id) not in known]
    return note(head.note.text, [*kept, utf8(told)])


def _size_in(told: bytes) -> int:
    try:
        return number(utf8(told).removesuffix("\n"))
    except MalformedError as malformed:
        raise WitnessAbsentError("409") from malformed


def _door(url: str) -> _Door:
    parts = urlsplit(url)
    try:
        near = parts.hostname == "localhost" or ip_address(parts.hostname or "").is_loopback
    except ValueError:
        near = False
    if not parts.hostname or parts.query or parts.fragment or not (parts.scheme == "https" or (parts.scheme == "http" and near)):
        raise AddressError
    return _Door(url)
