"""Strangers' proofs beside the registry's own, on every size and on damaged paths."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.ledger import merkle
from registry.ledger.verify.proofs import EMPTY_ROOT, ProofFailedError, consistent, included, leaf_hash
from tests.registry.ledger.test_merkle import OUR_CASES, PEERS_CASES, published_cases

if TYPE_CHECKING:
    from collections.abc import Callable

TREE = merkle.Tree(leaf_hash(str(i).encode()) for i in range(300))
SIZES = st.integers(1, 300)


def says(check: Callable[..., None], *given_to: object) -> bool:
    """Whether a check, ours or the registry's, lets this pass."""
    try:
        check(*given_to)
    except (ProofFailedError, merkle.ProofError):
        return False
    return True


@given(size=SIZES, data=st.data())
def test_each_entry_is_included_by_the_path_of_the_other_implementation(size: int, data: st.DataObject) -> None:
    """RFC 9162 section 2.1.3."""
    index = data.draw(st.integers(0, size - 1))
    included(index, size, leaf_hash(str(index).encode()), TREE.inclusion(index, size), TREE.root(size))


@given(new=SIZES, data=st.data())
def test_each_size_grows_into_each_later_one(new: int, data: st.DataObject) -> None:
    """RFC 9162 section 2.1.4."""
    old = data.draw(st.integers(1, new))
    consistent(old, new, TREE.consistency(old, new), TREE.root(old), TREE.root(new))


@given(
    index=st.integers(-1, 40),
    size=st.integers(-1, 40),
    told=st.integers(1, 40),
    edit=st.sampled_from(["none", "cut", "more", "swap", "short", "flip"]),
    data=st.data(),
)
def test_both_implementations_judge_damaged_paths_alike(
    index: int, size: int, told: int, edit: str, data: st.DataObject
) -> None:
    """Whatever is done to a path, index or size, the two say the same."""
    of = data.draw(st.integers(0, told - 1))
    path = damaged(TREE.inclusion(of, told), edit)
    args = (index, size, leaf_hash(str(of).encode()), path, TREE.root(told))
    assert says(included, *args) == says(merkle.verify_inclusion, *args)
    grown = damaged(TREE.consistency(of + 1, told), edit)
    both = (index, size, grown, TREE.root(of + 1), TREE.root(told))
    assert says(consistent, *both) == says(merkle.verify_consistency, *both)


def damaged(path: list[bytes], edit: str) -> list[bytes]:
    """A path with one kind of damage."""
    match edit:
        case "cut":
            return path[:-1]
        case "more":
            return [*path, EMPTY_ROOT]
        case "swap":
            return path[::-1]
        case "short":
            return [each[:-1] for each in path]
        case "flip":
            return [bytes([each[0] ^ 1]) + each[1:] for each in path]
    return path


def test_equal_sizes_with_another_root_are_a_fork() -> None:
    """Two roots of one size are two logs."""
    with pytest.raises(ProofFailedError):
        consistent(5, 5, [], TREE.root(5), TREE.root(6))
    consistent(5, 5, [], TREE.root(5), TREE.root(5))


@pytest.mark.parametrize("case", OUR_CASES["inclusion"], ids=lambda case: case["says"])
def test_inclusion_case_is_refused_exactly_when_damaged(case: dict[str, Any]) -> None:
    """Our set: one sound proof and its damages for several trees."""
    path = [bytes.fromhex(one) for one in case["path"]]
    leaf, top = bytes.fromhex(case["leaf"]), bytes.fromhex(case["root"])
    assert says(included, case["index"], case["size"], leaf, path, top) != case["must_fail"]


@pytest.mark.parametrize("case", OUR_CASES["consistency"], ids=lambda case: case["says"])
def test_consistency_case_is_refused_exactly_when_damaged(case: dict[str, Any]) -> None:
    """Our set: one sound proof and its damages for several pairs of sizes."""
    path = [bytes.fromhex(one) for one in case["path"]]
    roots = bytes.fromhex(case["old_root"]), bytes.fromhex(case["root"])
    assert says(consistent, case["old"], case["size"], path, *roots) != case["must_fail"]


@pytest.mark.skipif(
    not PEERS_CASES.exists(), reason="shared/vectors/merkle-proofs.json (transparency-dev/merkle) is not here"
)
def test_published_cases_are_refused_exactly_when_they_must() -> None:
    """The 98 inclusion and 98 consistency cases of transparency-dev/merkle, read where they are kept."""
    checks: dict[str, Callable[..., None]] = {"inclusion": included, "consistency": consistent}
    cases = published_cases()
    assert [name for name, kind, given_to, must_fail in cases if says(checks[kind], *given_to) == must_fail] == []
    assert [sum(kind == each for _, kind, _, _ in cases) for each in checks] == [98, 98]
