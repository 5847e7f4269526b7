"""What is a witness handed: the published head, the proof that it grew, the entries since, and the pairs behind them?

*Pair*: (map key, version digest) of one version that an act made. Pairs are pseudonyms: they name nobody, but they show which
entries are of one right. They go to the witness alone (P4), never to the public log.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING

import sqlalchemy as sa

from registry.catalogue import NOUNS
from registry.errors import SanquanError
from registry.ledger import state_map
from registry.ledger.entry import b64u
from registry.ledger.log import tree_of
from registry.ledger.publishing.head import CHECKPOINT_FILE, parse_head
from registry.ledger.tables import LEDGER_ENTRY
from registry.ledger.verify.strict import VerifyError
from registry.witness.material import pairs_line
from registry.witness.protocol import request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Connection

    from registry.ledger.publishing.head import Head
    from registry.store.engines import Store

_CHUNK = 2_000


class NothingPublishedError(SanquanError):
    """Raised when a witness is to be asked about a log that was never published, or is shorter than what it has signed."""

    def __init__(self, published: int, since: int) -> None:
        """How far the log is published, and from where the witness goes on."""
        super().__init__(
            f"账本公布到第 {published} 条, 监督机构已签到 {since} 条: 先运行 sanquan ledger publish",
            f"the log is published up to {published}, the witness goes on from {since}: run sanquan ledger publish first",
        )


@dataclass(frozen=True, slots=True)
class Line:
    """One entry to be handed over: its index, its leaf, the private lines of the versions that it made."""

    idx: int
    leaf: bytes
    pairs: str


def published_head(store: Store) -> Head:
    """The published checkpoint. NothingPublishedError."""
    try:
        return parse_head((store.settings.published / CHECKPOINT_FILE).read_bytes())
    except (OSError, VerifyError) as absent:
        raise NothingPublishedError(0, 0) from absent


def body(store: Store, head: Head, since: int) -> bytes:
    """The request of the protocol from size `since` to this head. NothingPublishedError."""
    size = head.checkpoint.size
    if since > size:
        raise NothingPublishedError(size, since)
    with store.reading() as connection:
        tree = tree_of(store, connection, size)
    proof = tree.consistency(since, size) if 0 < since < size else []
    return request(since, proof, head.raw)


def lines(store: Store, connection: Connection, since: int, size: int) -> Iterator[Line]:
    """The entries from index `since` up to a size, each with its pairs, streamed."""
    entries = connection.execute(
        sa.select(LEDGER_ENTRY.c.idx, LEDGER_ENTRY.c.leaf)
        .where(LEDGER_ENTRY.c.idx >= since, LEDGER_ENTRY.c.idx < size)
        .order_by(LEDGER_ENTRY.c.idx)
        .execution_options(yield_per=_CHUNK)
    )
    waiting = _versions(connection, since, size)
    coming = next(waiting, None)
    for idx, leaf in entries:
        pairs = ""
        while coming is not None and coming[0] == idx:
            key = state_map.map_key(store.vault.state_key, coming[1])
            pairs += pairs_line(idx, b64u(key), b64u(coming[2]))
            coming = next(waiting, None)
        yield Line(idx, leaf.encode(), pairs)


def _versions(connection: Connection, since: int, size: int) -> Iterator[tuple[int, str, bytes]]:
    """(entry, thing, digest) of every version by the entry that made it; of one thing in the order of its chain."""
    return heapq.merge(*(_of_noun(connection, noun.table, since, size) for noun in NOUNS), key=itemgetter(0))


def _of_noun(connection: Connection, table: sa.Table, since: int, size: int) -> Iterator[tuple[int, str, bytes]]:
    query = (
        sa.select(table.c.cause_idx, table.c.thing_id, table.c.digest)
        .where(table.c.cause_idx >= since, table.c.cause_idx < size)
        .order_by(table.c.cause_idx, table.c.thing_id, table.c.ver)
        .execution_options(yield_per=_CHUNK)
    )
    for cause_idx, thing_id, digest in connection.execute(query):
        yield cause_idx, thing_id, bytes(digest)
