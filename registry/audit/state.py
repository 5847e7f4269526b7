"""Does every state on the log follow from the versions before it, and do the projections hold the newest state?

The versions of each entry are applied to an empty map in the order of the log; at each S entry its `st` must come out.
`head` and `state_buckets` are then compared with the map as it ends.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from registry.audit.rows import Stored, disagreement, stored
from registry.ledger import state_map
from registry.ledger.entry import b64u
from registry.ledger.tables import HEAD, LEDGER_ENTRY, STATE_BUCKETS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Connection

    from registry.audit.log import Log
    from registry.audit.versions import Walked
    from registry.ledger.check import Disagreement

_PART = 8_192


@dataclass(slots=True)
class _Map:
    """The map as it grows: the newest version of each thing, its pairs by bucket, the roots of the buckets."""

    secret: bytes
    newest: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    keys: dict[str, bytes] = field(default_factory=dict)
    pairs: dict[int, dict[bytes, bytes]] = field(default_factory=lambda: defaultdict(dict))
    touched: set[int] = field(default_factory=set)
    roots: bytes | bytearray = state_map.EMPTY_ROOTS
    root: bytes = field(default_factory=lambda: state_map.state_root(state_map.EMPTY_ROOTS))

    def put(self, thing_id: str, ver: int, digest: bytes) -> None:
        """A newer version of a thing."""
        if thing_id not in self.keys:
            self.keys[thing_id] = state_map.map_key(self.secret, thing_id)
        key = self.keys[thing_id]
        self.newest[thing_id] = ver, digest
        self.pairs[state_map.bucket(key)][key] = digest
        self.touched.add(state_map.bucket(key))

    def close(self) -> str:
        """The state root (b64u) over everything put so far."""
        if self.touched:
            changed = {number: sorted(self.pairs[number].items()) for number in self.touched}
            self.roots, self.root = state_map.updated(self.roots, changed)
            self.touched.clear()
        return b64u(self.root)


def judge_state(
    connection: Connection, secret: bytes, log: Log, walked: Walked, heads: dict[Any, Stored]
) -> Iterator[Disagreement]:
    """Every S whose state does not come out, then every head and bucket that is not the newest state's."""
    grown = _Map(secret)
    yield from _states(log, walked, grown)
    yield from _heads(grown, heads)
    yield from _buckets(connection, grown)


def _states(log: Log, walked: Walked, grown: _Map) -> Iterator[Disagreement]:
    wrong: list[int] = []
    for idx, logged in log.entries.items():
        for thing_id, ver, digest in walked.made.get(idx, ()):
            grown.put(thing_id, ver, digest)
        if logged.entry is None or logged.entry.cls != "S":
            continue
        if grown.close() != logged.entry.st:
            wrong.append(idx)
    grown.close()
    if wrong:
        # One altered version makes every later state differ: the first says where it began.
        zh = f"状态根与表中各版本不符(共 {len(wrong)} 条状态, 首条在此)"
        en = f"the state root does not follow from the versions ({len(wrong)} states differ, this is the first)"
        yield disagreement(LEDGER_ENTRY, {"idx": wrong[0]}, wrong[0], ("st",), zh, en)


def _heads(grown: _Map, heads: dict[Any, Stored]) -> Iterator[Disagreement]:
    for thing_id in grown.newest.keys() - heads.keys():
        zh, en = "缺少当前状态行", "the row of its newest state is missing"
        yield disagreement(HEAD, {"thing_id": thing_id}, None, ("thing_id",), zh, en)
    for thing_id, row in heads.items():
        ver, digest = grown.newest.get(thing_id, (0, b""))
        key = grown.keys.get(thing_id, b"")
        bucket = state_map.bucket(key) if key else -1
        expected = {"ver": ver, "digest": digest, "map_key": key, "bucket": bucket}
        wrong = [name for name, value in expected.items() if row[name] != value]
        if wrong:
            zh, en = "当前状态行不是最新版本的", "it is not the newest version's"
            yield disagreement(HEAD, row, None, wrong, zh, en)


def _buckets(connection: Connection, grown: _Map) -> Iterator[Disagreement]:
    held = {row["part"]: row for row in stored(connection, STATE_BUCKETS)}
    for part in range(16):
        row = held.pop(part, {"part": part, "roots": None})
        if row["roots"] != bytes(grown.roots[part * _PART : (part + 1) * _PART]):
            zh, en = "状态桶与当前各版本不符", "the roots of these buckets are not those of the newest versions"
            yield disagreement(STATE_BUCKETS, row, None, ("roots",), zh, en)
    for row in held.values():
        yield disagreement(STATE_BUCKETS, row, None, ("part",), "多余的一行", "there is no such part")
