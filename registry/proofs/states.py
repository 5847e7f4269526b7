"""Where did a thing stand in the state map under an entry of the past?

The register keeps the map of now only: its bucket roots and heads. A state of the past is the map of now with the things that
changed since put back to the version that they had. What comes out must be the state root that the entry carries, or nothing
is proved: somebody edited a row.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson
import sqlalchemy as sa

from registry.catalogue import NOUNS
from registry.errors import SanquanError
from registry.ledger import state_map
from registry.ledger.entry import b64u
from registry.ledger.tables import HEAD, STATE_BUCKETS
from registry.store.among import among
from registry.store.asking import Question, ask

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.engine import Connection

    from registry.ledger.merkle import Tree
    from registry.ledger.state_map import Pair, Place

_ROOTS = Question(sa.select(STATE_BUCKETS.c.roots).order_by(STATE_BUCKETS.c.part))
_HEADS = Question(
    sa.select(HEAD.c.bucket, HEAD.c.map_key, HEAD.c.digest, HEAD.c.thing_id).where(among(HEAD.c.bucket, "buckets"))
)
_BUCKETS = Question(sa.select(HEAD.c.thing_id, HEAD.c.bucket).where(among(HEAD.c.thing_id, "things")))
_CHANGED = tuple(
    Question(sa.select(noun.table.c.thing_id).where(noun.table.c.cause_idx >= sa.bindparam("size")).distinct())
    for noun in NOUNS
)
_BEFORE = tuple(
    Question(
        sa.select(noun.table.c.thing_id, noun.table.c.digest)
        .where(among(noun.table.c.thing_id, "things"), noun.table.c.cause_idx < sa.bindparam("size"))
        .order_by(noun.table.c.thing_id, noun.table.c.ver)
    )
    for noun in NOUNS
)


class StateDiffersError(SanquanError):
    """Raised when the rows of the register do not give the state root of an entry: nothing can be proved from them."""

    def __init__(self, idx: int) -> None:
        """The entry."""
        super().__init__(
            f"登记库算不出第 {idx} 条账目的状态根, 不能出证明: 运行 sanquan audit",
            f"the register does not give the state root of entry {idx}, so nothing can be proved: run sanquan audit",
        )


@dataclass(frozen=True, slots=True)
class State:
    """The map under one entry: the tree above its buckets, and the pairs of those buckets that were asked for."""

    tops: Tree
    pairs: dict[int, list[Pair]]

    def place(self, key: bytes) -> Place:
        """Where this key stands."""
        return state_map.place(self.tops, self.pairs[state_map.bucket(key)], key)


def state_under(connection: Connection, idx: int, leaf: bytes, keys: Iterable[bytes]) -> State:
    """The state that an entry (H or S) found, with the buckets of these keys. StateDiffersError."""
    wanted = {state_map.bucket(key) for key in keys}
    changed = {row[0] for question in _CHANGED for row in ask(connection, question, {"size": idx})}
    touched = {row[1] for row in ask(connection, _BUCKETS, {"things": sorted(changed)})} if changed else set()
    before: dict[str, bytes] = {}
    if changed:
        for question in _BEFORE:
            # In the order of versions: the last one of a thing stays.
            before |= dict(ask(connection, question, {"things": sorted(changed), "size": idx}))
    pairs: dict[int, list[Pair]] = defaultdict(list)
    for bucket, key, digest, thing_id in ask(connection, _HEADS, {"buckets": sorted(wanted | touched)}):
        if thing_id not in changed:
            pairs[bucket].append((bytes(key), bytes(digest)))
        elif thing_id in before:
            pairs[bucket].append((bytes(key), bytes(before[thing_id])))
    for of_bucket in pairs.values():
        of_bucket.sort()
    now = b"".join(bytes(row[0]) for row in ask(connection, _ROOTS, {}))
    roots, root = state_map.updated(now, {bucket: pairs[bucket] for bucket in touched})
    if b64u(root) != orjson.loads(leaf)["st"]:
        raise StateDiffersError(idx)
    return State(state_map.above(roots), pairs)
