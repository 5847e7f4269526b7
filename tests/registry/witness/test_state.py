"""Does the witness's own copy of the state map give the roots that the register's code gives?"""

from __future__ import annotations

from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from registry.ledger import state_map
from registry.witness.state import EMPTY_ROOTS, StateMap

# Few first bytes, so that many keys share a bucket.
KEYS = st.builds(lambda a, b: bytes([a, b]) + bytes(29) + bytes([b]), st.integers(0, 3), st.integers(0, 255))
DIGESTS = st.binary(min_size=32, max_size=32)


def in_bucket(kept: dict[bytes, bytes], number: int) -> dict[bytes, bytes]:
    """The pairs of one bucket."""
    return {key: digest for key, digest in kept.items() if state_map.bucket(key) == number}


@given(st.lists(st.lists(st.tuples(KEYS, DIGESTS), max_size=12), max_size=5))
def test_each_state_is_the_one_that_the_register_computes(states: list[list[tuple[bytes, bytes]]]) -> None:
    """After each group of changes the root over the copy equals the register's full rebuild; kept or not, it is the same."""
    copied: dict[bytes, bytes] = {}
    roots = bytearray(EMPTY_ROOTS)
    going_on = StateMap(lambda _: {}, bytearray(EMPTY_ROOTS))
    for changes in states:
        reopened = StateMap(partial(in_bucket, dict(copied)), roots)
        for key, digest in changes:
            copied[key] = digest
            reopened.put(key, digest)
            going_on.put(key, digest)
        expected = state_map.full_root(copied.items())[1]
        assert reopened.root() == expected
        assert going_on.root() == expected
        assert reopened.changed == dict(changes)
        roots = reopened.roots


def test_vector_of_the_ledger_is_met() -> None:
    """No thing: the published root of 4,096 empty buckets (docs/ledger.md)."""
    empty = StateMap(lambda _: {}, bytearray(EMPTY_ROOTS)).root()
    assert empty.hex() == "8a4ab5a78c7e839f7b9f62852ece1d5c7794d139e5e9ae36f61c84f650f022a1"
