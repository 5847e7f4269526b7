"""Does a commitment bind and hide as the format's page says, byte for byte?"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from registry.ledger.entry import (
    EntryFieldError,
    NotCanonicalError,
    PathNameError,
    SaltLengthError,
    canonical,
    commit_paths,
    commitment,
    field_salt,
    version_digest,
)
from tests.registry.ledger.entry.test_canonical import DOCUMENTS, KEYS

MASTER = bytes(range(32))
AREA = "38f247c2345491a800cba3dacc9950bd43df8ab329c1f97c5b2a6a051d895427"
HOLDER = "fcfb1e87dfeaa9888657c8139a37ad9a7d5c3d93c72d400effc309d2d975468c"


def test_field_salt_of_the_recorded_master_is_the_recorded_salt() -> None:
    """Two paths of one row have two salts, neither of which tells the other."""
    area = "086fb2f6ef9c199278b590d55636ad116fc4b971100b2603363fb9518743998f"
    holder = "d3d97de03381e53f46f9105bfc2e3dc7d8ef84a482028a794df113cdd715219f"
    assert field_salt(MASTER, "parcel.area_m2").hex() == area
    assert field_salt(MASTER, "holder.name").hex() == holder


def test_commitment_of_the_recorded_values_is_the_recorded_commitment() -> None:
    """An ASCII value and a Chinese one, alone and in bulk, and the version digest over both."""
    area = commitment(field_salt(MASTER, "parcel.area_m2"), "parcel.area_m2", "1234.56")
    holder = commitment(field_salt(MASTER, "holder.name"), "holder.name", "额尔德尼")
    assert (area.hex(), holder.hex()) == (AREA, HOLDER)
    bulk = commit_paths(MASTER, [("holder.name", canonical("额尔德尼")), ("parcel.area_m2", canonical("1234.56"))])
    assert bulk == [holder, area]
    digest = "385637ba371ca80b04677b5e3b7e54fa7cc67160ef48738711473d9e590effa7"
    assert version_digest(bulk).hex() == digest


@given(st.binary(min_size=32, max_size=32), st.lists(st.tuples(KEYS, DOCUMENTS), max_size=4))
def test_commitment_is_hmac_over_label_path_and_value(master: bytes, items: list[tuple[str, Any]]) -> None:
    """Both ways equal the formula spelled with the standard library and an independent JCS."""
    expected = []
    for path, value in items:
        salt = hmac.new(master, b"sanquan.salt.v1\n" + path.encode(), sha256).digest()
        said = rfc8785.dumps([path, value])
        expected.append(hmac.new(salt, b"sanquan.commit.v1\n" + said, sha256).digest())
    assert [commitment(field_salt(master, path), path, value) for path, value in items] == expected
    assert commit_paths(master, [(path, canonical(value)) for path, value in items]) == expected


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=6))
def test_version_digest_is_the_hash_of_a_canonical_list(commitments: list[bytes]) -> None:
    """SHA-256 over the label and the canonical list of base64url texts."""
    texts = [urlsafe_b64encode(one).decode().rstrip("=") for one in commitments]
    assert version_digest(commitments) == sha256(b"sanquan.version.v1\n" + rfc8785.dumps(texts)).digest()


@pytest.mark.parametrize("salt", [b"", MASTER[:31], MASTER + b"\x00"])
def test_salt_of_another_length_is_refused(salt: bytes) -> None:
    r"""HMAC fills its key with zeros, so "k" and "k\0" would give one tag: a salt is exactly 32 bytes."""
    for act in (
        lambda: field_salt(salt, "a"),
        lambda: commitment(salt, "a", None),
        lambda: commit_paths(salt, []),
    ):
        with pytest.raises(SaltLengthError, match=f"exactly 32 bytes, got {len(salt)}"):
            act()


@pytest.mark.parametrize("path", ["", "Holder", 'a","b', "额", "a b", "a\n"])
def test_path_that_could_be_read_two_ways_is_refused(path: str) -> None:
    """A path is hashed as it is written: quotes, spaces and capitals never get there."""
    for act in (
        lambda: field_salt(MASTER, path),
        lambda: commitment(MASTER, path, None),
        lambda: commit_paths(MASTER, [(path, b"null")]),
    ):
        with pytest.raises(PathNameError, match=r"such as parcel\.area_m2"):
            act()


def test_commitment_to_what_is_not_canonical_is_refused() -> None:
    """A float would have two spellings."""
    with pytest.raises(NotCanonicalError):
        commitment(MASTER, "area", 1.5)


def test_version_digest_over_a_short_commitment_is_refused() -> None:
    """Every commitment is 32 bytes."""
    with pytest.raises(EntryFieldError, match="expected values of 32 bytes, got 31 bytes"):
        version_digest([MASTER, MASTER[:31]])
