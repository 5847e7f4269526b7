"""Is the tree the one of RFC 9162, and does no damaged proof pass?"""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.ledger.merkle import (
    EMPTY_ROOT,
    HashLengthError,
    PathLengthError,
    ProofError,
    RootMismatchError,
    Tree,
    TreeSizeError,
    leaf_hash,
    node_hash,
    root,
    verify_consistency,
    verify_inclusion,
)
from tests.vectors import make_merkle_cases as recursive

PEERS_CASES = Path(__file__).resolve().parents[4] / "shared" / "vectors" / "merkle-proofs.json"
OUR_CASES = json.loads(recursive.CASES.read_text(encoding="utf-8"))
CT_TREE = Tree(map(leaf_hash, recursive.ENTRIES))
CT_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
NUMBERED_ROOTS = {
    255: "32f85bcaa87d7bcd05728f09e9aeba350ba6a2f733830087f0597682848be5cb",
    256: "828515d033c19d8c901f37eccb8aed919667703486f8d2fff1cf7040321c5db1",
    257: "1eda049a4351d86f76252bd7ec0b7746ad75b7fa0316ad5f541dbda458a312c4",
    70_000: "1a4cdfcb66374a0c0dcbef49acbd4976d13ee864fb3cb241fc943cad04f02f7e",
}


def refused(verify: Callable[..., None], *args: object) -> bool:
    """Whether the verifier refuses, with a `ProofError` and nothing else."""
    try:
        verify(*args)
    except ProofError:
        return True
    return False


def test_leaf_hash_of_published_entries_is_the_published_hash() -> None:
    """A leaf is SHA-256(0x00 || entry): the Certificate Transparency vectors 0 to 3."""
    assert [leaf_hash(entry).hex() for entry in recursive.ENTRIES[:4]] == [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7",
        "07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7",
    ]


@pytest.mark.parametrize("size", range(9))
def test_root_of_published_entries_is_the_published_root(size: int) -> None:
    """The roots of 0 to 8 Certificate Transparency entries, from `root` and from `Tree`."""
    hashes = [leaf_hash(entry) for entry in recursive.ENTRIES[:size]]
    assert root(hashes).hex() == CT_TREE.root(size).hex() == CT_ROOTS[size]


def test_root_of_nothing_is_the_hash_of_nothing() -> None:
    """The empty tree's root is SHA-256 of the empty string (RFC 9162 section 2.1.1)."""
    assert sha256(b"").digest() == EMPTY_ROOT == Tree().root()


def test_root_across_a_tile_border_is_the_recorded_root() -> None:
    """Entries "0", "1", …: the roots at 255, 256, 257 and 70,000 of the format's page."""
    hashes = [leaf_hash(str(number).encode()) for number in range(70_000)]
    tree = Tree(hashes)
    assert {size: tree.root(size).hex() for size in NUMBERED_ROOTS} == NUMBERED_ROOTS
    assert root(hashes) == tree.root()


def test_path_of_published_tree_is_the_published_path() -> None:
    """Inclusion paths of entries 0 and 3 in the tree of 8, leaf side first."""
    inner = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
    assert [one.hex() for one in CT_TREE.inclusion(0, 8)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        inner,
    ]
    assert [one.hex() for one in CT_TREE.inclusion(3)] == [
        "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7",
        CT_ROOTS[2],
        inner,
    ]


def test_consistency_of_published_tree_is_the_published_path() -> None:
    """Consistency paths 6 to 8 and 4 to 8; an old size that is a power of two leaves its own root out."""
    assert [one.hex() for one in CT_TREE.consistency(6, 8)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        CT_ROOTS[4],
    ]
    assert [one.hex() for one in CT_TREE.consistency(4)] == [
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
    ]


@given(st.lists(st.lists(st.binary(max_size=3), max_size=20), max_size=5))
def test_tree_grown_in_pieces_has_the_recursive_root_at_every_size(pieces: list[list[bytes]]) -> None:
    """However entries arrive, each size has the root that the recursion of RFC 9162 gives."""
    tree = Tree()
    for piece in pieces:
        tree.extend(map(leaf_hash, piece))
    entries = [entry for piece in pieces for entry in piece]
    assert tree.size == len(entries)
    for size in range(tree.size + 1):
        assert tree.root(size) == recursive.mth(entries[:size])
    assert tree.root() == root([leaf_hash(entry) for entry in entries])


@pytest.mark.parametrize("size", range(1, 34))
def test_proof_at_every_size_is_recursive_and_verifies(size: int) -> None:
    """Both proofs for every index and every old size up to 33 equal the RFC's recursion, and are accepted."""
    entries = [str(number).encode() for number in range(33)]
    tree = Tree(map(leaf_hash, entries))
    for index in range(size):
        path = tree.inclusion(index, size)
        assert path == recursive.path(index, entries[:size])
        verify_inclusion(index, size, leaf_hash(entries[index]), path, tree.root(size))
    for old in range(1, size + 1):
        path = tree.consistency(old, size)
        assert path == recursive.subproof(old, entries[:size])
        verify_consistency(old, size, path, tree.root(old), tree.root(size))


@given(st.data())
def test_proof_with_one_bit_flipped_is_refused(data: st.DataObject) -> None:
    """No bit of a leaf, path or root may change unnoticed."""
    size = data.draw(st.integers(1, 200))
    index = data.draw(st.integers(0, size - 1))
    tree = Tree(leaf_hash(str(number).encode()) for number in range(size))
    included = [leaf_hash(str(index).encode()), tree.root(), *tree.inclusion(index)]
    grown = [tree.root(index + 1), tree.root(), *tree.consistency(index + 1)]
    for hashes in (included, grown):
        at, bit = data.draw(st.integers(0, len(hashes) - 1)), data.draw(st.integers(0, 255))
        hashes[at] = (int.from_bytes(hashes[at], "big") ^ 1 << bit).to_bytes(32, "big")
    leaf, top, *path = included
    assert refused(verify_inclusion, index, size, leaf, path, top)
    old_root, new_root, *path = grown
    assert refused(verify_consistency, index + 1, size, path, old_root, new_root)


def test_our_cases_are_what_the_script_writes() -> None:
    """The committed cases are generated, never edited."""
    assert recursive.CASES.read_text(encoding="utf-8") == recursive.text()


@pytest.mark.parametrize("case", OUR_CASES["inclusion"], ids=lambda case: case["says"])
def test_inclusion_case_is_refused_exactly_when_damaged(case: dict[str, Any]) -> None:
    """Our set: one sound proof and its damages for several trees."""
    path = [bytes.fromhex(one) for one in case["path"]]
    leaf, top = bytes.fromhex(case["leaf"]), bytes.fromhex(case["root"])
    assert refused(verify_inclusion, case["index"], case["size"], leaf, path, top) == case["must_fail"]


@pytest.mark.parametrize("case", OUR_CASES["consistency"], ids=lambda case: case["says"])
def test_consistency_case_is_refused_exactly_when_damaged(case: dict[str, Any]) -> None:
    """Our set: one sound proof and its damages for several pairs of sizes."""
    path = [bytes.fromhex(one) for one in case["path"]]
    roots = bytes.fromhex(case["old_root"]), bytes.fromhex(case["root"])
    assert refused(verify_consistency, case["old"], case["size"], path, *roots) == case["must_fail"]


@pytest.mark.skipif(
    not PEERS_CASES.exists(), reason="shared/vectors/merkle-proofs.json (transparency-dev/merkle) is not here"
)
def test_published_cases_are_refused_exactly_when_they_must() -> None:
    """The 98 inclusion and 98 consistency cases of transparency-dev/merkle, read where they are kept."""
    checks: dict[str, Callable[..., None]] = {"inclusion": verify_inclusion, "consistency": verify_consistency}
    cases = published_cases()
    assert [name for name, kind, given, must_fail in cases if refused(checks[kind], *given) != must_fail] == []
    assert [sum(kind == each for _, kind, _, _ in cases) for each in checks] == [98, 98]


def published_cases() -> list[tuple[str, str, tuple[Any, ...], bool]]:
    """Each case of PEERS_CASES: its file, its kind, what a check of that kind is given, whether it must be refused."""
    cases = json.loads(PEERS_CASES.read_text(encoding="utf-8"))

    def hashed(case: dict[str, Any], name: str) -> bytes:
        return b64decode(case[name] or "")

    def path(case: dict[str, Any]) -> list[bytes]:
        return [b64decode(one) for one in case["proof"] or ()]

    inclusion = [
        (c["leafIdx"], c["treeSize"], hashed(c, "leafHash"), path(c), hashed(c, "root")) for c in cases["inclusion"]
    ]
    consistency = [
        (c["size1"], c["size2"], path(c), hashed(c, "root1"), hashed(c, "root2")) for c in cases["consistency"]
    ]
    return [
        (case["file"], kind, given, case["wantErr"])
        for kind, asked in (("inclusion", inclusion), ("consistency", consistency))
        for case, given in zip(cases[kind], asked, strict=True)
    ]


def test_tree_asked_outside_its_sizes_refuses() -> None:
    """A size, an index or an old size that the tree never had is refused, negative ones too."""
    for size in (-1, 9):
        with pytest.raises(TreeSizeError, match="expected 0 to 8"):
            CT_TREE.root(size)
    for index in (-1, 5):
        with pytest.raises(TreeSizeError, match=f"expected 0 to 4, got {index}"):
            CT_TREE.inclusion(index, 5)
    for old in (0, 6):
        with pytest.raises(TreeSizeError, match=f"expected 1 to 5, got {old}"):
            CT_TREE.consistency(old, 5)


def test_hash_of_another_length_is_refused_before_anything_is_kept() -> None:
    """31 and 33 bytes joined would hash like two of 32: lengths are checked first, the tree stays."""
    tree = Tree([EMPTY_ROOT])
    with pytest.raises(HashLengthError, match=r"must be 32 bytes, got 3[13]"):
        tree.extend([EMPTY_ROOT, EMPTY_ROOT[:31], EMPTY_ROOT + b"\x00"])
    assert (tree.size, tree.root()) == (1, EMPTY_ROOT)
    with pytest.raises(HashLengthError):
        root([EMPTY_ROOT[:31], EMPTY_ROOT + b"\x00"])


def test_proof_refused_says_expected_and_got() -> None:
    """Each refusal names both values, in Chinese and English."""
    leaf = leaf_hash(b"")
    with pytest.raises(PathLengthError, match=r"证明应有 3 个哈希，实有 0 个.* / .*must have 3 hashes, got 0"):
        verify_inclusion(0, 8, leaf, [], CT_TREE.root())
    with pytest.raises(RootMismatchError, match=f"expected {EMPTY_ROOT.hex()}, the proof gives {leaf.hex()}"):
        verify_inclusion(0, 1, leaf, [], EMPTY_ROOT)
    with pytest.raises(RootMismatchError, match=f"expected {EMPTY_ROOT.hex()}, the proof gives"):
        verify_consistency(1, 2, [node_hash(leaf, leaf)], leaf, EMPTY_ROOT)


@pytest.mark.parametrize(("height", "first", "count"), [(0, 0, 6), (1, 2, 1), (0, -1, 1), (0, 0, 0), (9, 0, 1)])
def test_subtrees_that_the_tree_has_not_are_refused(height: int, first: int, count: int) -> None:
    """Five entries: five leaves, two full pairs, one full four."""
    tree = Tree([leaf_hash(bytes([n])) for n in range(5)])
    assert len(tree.subtrees(1, 0, 2)) == 64
    with pytest.raises(TreeSizeError):
        tree.subtrees(height, first, count)
