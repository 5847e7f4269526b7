"""Does what is handed to a witness follow the register, entry by entry, on both engines?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
import pytest
import sqlalchemy as sa

from registry.ledger import read
from registry.ledger.entry import b64u
from registry.ledger.tables import HEAD
from registry.witness.material import handed
from registry.witnessing import NothingPublishedError
from registry.witnessing.request import body, lines, published_head

if TYPE_CHECKING:
    from tests.registry.witnessing.conftest import Both


def test_pairs_are_the_versions_of_each_act_and_end_at_the_heads(both: Both) -> None:
    """Of each R entry exactly its rv, of no other entry any; applied in order they give the projection of heads."""
    store = both.store
    with store.reading() as connection:
        size = read.size(connection)
        found = list(lines(store, connection, 0, size))
        leaves = list(read.leaves(connection))
        heads = {bytes(k): bytes(d) for k, d in connection.execute(sa.select(HEAD.c.map_key, HEAD.c.digest))}
    assert [each.leaf for each in found] == leaves
    taken = list(
        handed(
            0,
            [each.leaf + b"\n" for each in found],
            [line.encode() for each in found for line in each.pairs.splitlines(keepends=True)],
        )
    )
    newest: dict[bytes, bytes] = {}
    for each in taken:
        entry = orjson.loads(each.leaf)
        named = entry["rv"] if entry["cls"] == "R" else []
        assert sorted(b64u(digest) for _, digest in each.pairs) == sorted(named)
        newest |= dict(each.pairs)
    assert newest == heads


@pytest.mark.parametrize("since", [0, 1, 5, 20])
def test_lines_from_any_index_are_the_tail_of_all(both: Both, since: int) -> None:
    """A witness that has signed before gets what is new, no more."""
    with both.store.reading() as connection:
        size = read.size(connection)
        assert list(lines(both.store, connection, since, size)) == list(lines(both.store, connection, 0, size))[since:]
        assert list(lines(both.store, connection, since, since)) == []


def test_no_person_and_no_code_stands_in_what_is_handed_over(both: Both) -> None:
    """Pairs are pseudonyms: no id of a thing, no code, no name."""
    with both.store.reading() as connection:
        text = "".join(each.leaf.decode() + each.pairs for each in lines(both.store, connection, 0, read.size(connection)))
    village = both.village
    for secret in (*village.people, *village.parcels.values(), *village.rights.values(), village.holding, "150626", "达楞太"):
        assert secret not in text


def test_log_that_was_never_published_can_not_be_asked_about(both: Both) -> None:
    """Nor from a size beyond it."""
    head = published_head(both.store)
    with pytest.raises(NothingPublishedError):
        body(both.store, head, head.checkpoint.size + 1)
    (both.store.settings.published / "checkpoint").unlink()
    with pytest.raises(NothingPublishedError):
        published_head(both.store)
