"""What the log answers about itself: size, root, entries, and how far it went at an instant."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from registry.ledger import read
from registry.ledger.merkle import Tree, leaf_hash, root
from tests.registry import made_up

if TYPE_CHECKING:
    from registry.store.engines import Store

NOON = dt.datetime(2026, 1, 15, 12, 0, 30, tzinfo=dt.UTC)


def test_log_says_its_size_root_and_entries(store: Store) -> None:
    """Leaves in order give the root of the tree; a tree kept in memory catches up with what it lacks."""
    tree = Tree()
    with store.reading() as connection:
        read.catch_up(connection, tree)
    assert tree.size == 1
    made_up.register_village(store)
    with store.reading() as connection:
        leaves = list(read.leaves(connection))
        assert read.size(connection) == len(leaves) > 1
        hashes = [leaf_hash(leaf) for leaf in leaves]
        assert read.catch_up(connection, tree).root() == root(hashes)
        assert tree.root(2) == root(hashes[:2])
        first = read.entry(connection, 1)
        assert first is not None
        assert (first.idx, first.cls, first.leaf, first.leaf_hash) == (1, "R", leaves[1], hashes[1])
        assert (first.closed_by, first.closes) == (len(leaves) - 1, "S")
        assert read.entry(connection, len(leaves)) is None
        assert [row.idx for row in read.page(connection, 1, 3)] == [1, 2, 3]
        assert read.page(connection, 1, 1) == [first]
        assert read.page(connection, len(leaves), 3) == []


def test_size_at_an_instant_counts_what_was_recorded_by_then(store: Store) -> None:
    """The second itself is included; before the first entry there was nothing, now there is everything."""
    store.clock = lambda: NOON.replace(year=2027)
    made_up.register_village(store)
    with store.reading() as connection:
        whole = read.size(connection)
        assert read.size_at(connection, NOON.replace(year=2027)) == whole
        assert read.size_at(connection, NOON.replace(year=2027, second=29)) == 1
        assert read.size_at(connection, NOON.replace(year=1990)) == 0
