"""Is the state root the one of the format's page, and does it move exactly when a head does?"""

from __future__ import annotations

import hmac
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.ledger.merkle import EMPTY_ROOT
from registry.ledger.state_map import (
    BUCKETS,
    EMPTY_ROOTS,
    MapLengthError,
    MapOrderError,
    NoSuchBucketError,
    WrongBucketError,
    bucket,
    bucket_root,
    full_root,
    map_key,
    state_root,
    updated,
)

SECRET = bytes(range(32))
DIGEST = bytes.fromhex("385637ba371ca80b04677b5e3b7e54fa7cc67160ef48738711473d9e590effa7")
EMPTY_STATE = "8a4ab5a78c7e839f7b9f62852ece1d5c7794d139e5e9ae36f61c84f650f022a1"
THREE = [(map_key(SECRET, name), DIGEST) for name in ("R-1", "R-2", "R-3")]
DIGESTS = st.binary(min_size=32, max_size=32)
# Few first bytes, so that buckets are shared.
KEYS = st.tuples(
    st.sampled_from([b"\x00\x00", b"\x00\x0f", b"\x00\x10", b"\xff\xff"]), st.binary(min_size=30, max_size=30)
)
MAPS = st.dictionaries(KEYS.map(b"".join), DIGESTS, max_size=12)


def by_hand(pairs: dict[bytes, bytes]) -> bytes:
    """The state root from the definition alone."""

    def node(left: bytes, right: bytes) -> bytes:
        return sha256(b"\x01" + left + right).digest()

    def mth(hashes: list[bytes]) -> bytes:
        if len(hashes) < 2:
            return hashes[0] if hashes else EMPTY_ROOT
        split = 1 << ((len(hashes) - 1).bit_length() - 1)
        return node(mth(hashes[:split]), mth(hashes[split:]))

    buckets: list[list[bytes]] = [[] for _ in range(4096)]
    for key in sorted(pairs):
        leaf = sha256(b"\x00sanquan.map.v1\x00" + key + pairs[key]).digest()
        buckets[int.from_bytes(key[:2], "big") >> 4].append(leaf)
    return mth([mth(one) for one in buckets])


def test_state_of_no_thing_is_the_recorded_root() -> None:
    """4,096 empty buckets."""
    assert state_root(EMPTY_ROOTS).hex() == EMPTY_STATE
    assert full_root([]) == (bytearray(EMPTY_ROOTS), bytes.fromhex(EMPTY_STATE))
    assert updated(EMPTY_ROOTS, {})[1].hex() == EMPTY_STATE


def test_state_of_three_things_is_the_recorded_root() -> None:
    """Ids R-1, R-2, R-3 under the recorded secret: buckets and state root."""
    assert [bucket(key) for key, _ in THREE] == [3473, 3474, 3910]
    assert full_root(THREE)[1].hex() == "bcfcff8e07e5a148f1eb51f38b703e1113b62a2039626b36ff41c40722328b1f"


def test_map_key_is_hmac_over_label_and_id() -> None:
    """Without the secret nobody finds a thing's key from its id; the secret is exactly 32 bytes."""
    expected = hmac.new(SECRET, b"sanquan.map.v1\n" + "草场-1".encode(), sha256).digest()
    assert map_key(SECRET, "草场-1") == expected
    for secret in (SECRET[:31], SECRET + b"\x00"):
        with pytest.raises(MapLengthError, match=f"must be 32 bytes, got {len(secret)}"):
            map_key(secret, "R-1")


@given(MAPS)
def test_state_root_is_the_definition_whatever_the_order(pairs: dict[bytes, bytes]) -> None:
    """The order in which pairs are given says nothing."""
    assert full_root(pairs.items())[1] == by_hand(pairs)
    assert full_root(reversed(pairs.items())) == full_root(pairs.items())


@given(MAPS, MAPS)
def test_state_updated_is_the_state_rebuilt(before: dict[bytes, bytes], act: dict[bytes, bytes]) -> None:
    """Giving the changed buckets is the same as beginning anew, and what was given stays as it was."""
    roots, _ = full_root(before.items())
    kept = bytes(roots)
    after = before | act
    changed = {
        number: sorted(pair for pair in after.items() if bucket(pair[0]) == number)
        for number in {bucket(key) for key in act}
    }
    assert updated(roots, changed) == full_root(after.items())
    assert roots == kept


@given(MAPS.filter(bool), st.data())
def test_state_root_moves_when_one_head_moves(pairs: dict[bytes, bytes], data: st.DataObject) -> None:
    """One digest changed, one thing added or lost: another root."""
    key = data.draw(st.sampled_from(sorted(pairs)))
    moved = data.draw(DIGESTS.filter(lambda digest: digest != pairs[key]))
    gone = {other: digest for other, digest in pairs.items() if other != key}
    assert len({full_root(one.items())[1] for one in (pairs, pairs | {key: moved}, gone)}) == 3


def test_bucket_out_of_order_or_with_a_key_twice_is_refused() -> None:
    """A thing has one head, and its bucket one order."""
    low, high = (bytes(32), DIGEST), (bytes(31) + b"\x01", DIGEST)
    assert bucket_root([]) == EMPTY_ROOT
    for pairs in ([high, low], [low, low]):
        with pytest.raises(MapOrderError, match="bucket 0 of the state map: keys must ascend, each once"):
            bucket_root(pairs)
    with pytest.raises(MapOrderError):
        full_root([low, high, (bytes(32), SECRET)])


def test_pair_of_another_length_is_refused() -> None:
    """Key and digest are 32 bytes each: 31 and 33 would hash like 32 and 32."""
    for pair in ((SECRET[:31], DIGEST + b"x"), (SECRET, DIGEST[:31])):
        with pytest.raises(MapLengthError, match="must be 32 bytes, got 31"):
            bucket_root([pair])
    with pytest.raises(MapLengthError, match="got 33"):
        bucket_root([(SECRET, DIGEST + b"x")])
    with pytest.raises(MapLengthError, match="got 1"):
        full_root([(b"\x00", DIGEST)])


def test_pair_in_the_wrong_bucket_is_refused() -> None:
    """A key that stood in another bucket could stand in two."""
    with pytest.raises(WrongBucketError, match="belongs to bucket 3473, it was given for bucket 3474"):
        updated(EMPTY_ROOTS, {3474: THREE[:1]})


@pytest.mark.parametrize("number", [-1, BUCKETS, 100_000])
def test_bucket_that_does_not_exist_is_refused(number: int) -> None:
    """There are 4,096."""
    with pytest.raises(NoSuchBucketError, match=f"buckets are numbered 0 to 4095, got {number}"):
        updated(EMPTY_ROOTS, {number: []})


def test_run_of_roots_of_another_length_is_refused() -> None:
    """4,096 roots of 32 bytes, no fewer and no more."""
    with pytest.raises(MapLengthError, match="must be 131072 bytes, got 131040"):
        state_root(EMPTY_ROOTS[32:])
    with pytest.raises(MapLengthError, match="must be 131072 bytes, got 131104"):
        updated(EMPTY_ROOTS + EMPTY_ROOT, {})
