"""The files of a published log: paths, widths and bytes of the standard, and the root that they give."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.ledger import merkle
from registry.ledger.verify.strict import MalformedError
from registry.ledger.verify.tiles import (
    ENTRIES,
    FULL,
    Tile,
    bundle,
    entry_hashes,
    joined,
    parse_bundle,
    parse_hashes,
    parse_path,
    root_of,
    tiles,
)

CT_ENTRIES = [bytes.fromhex(each) for each in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"
)]  # fmt: skip
CT_BUNDLE = bytes.fromhex(
    "00000001000001100002202100023031000440414243000850515253545556570010606162636465666768696a6b6c6d6e6f"
)
TILE = st.builds(Tile, st.integers(ENTRIES, 63), st.integers(0, 10**15), st.integers(1, FULL))


def hashes(size: int) -> list[bytes]:
    """Leaf hashes of the entries "0", "1", … of ledger.md section 1."""
    return [merkle.leaf_hash(str(n).encode()) for n in range(size)]


def written(size: int) -> dict[str, bytes]:
    """The hash tiles of those entries, made from the definition: hash i of tile (L, n) is a root over 256^L entries."""
    leaves = hashes(size)
    return {
        tile.path: b"".join(
            merkle.root(leaves[at * FULL**tile.level : (at + 1) * FULL**tile.level])
            for at in range(tile.index * FULL, tile.index * FULL + tile.width)
        )
        for tile in tiles(size)
        if tile.level != ENTRIES
    }


@pytest.mark.parametrize(("index", "path"), [(0, "000"), (1000, "x001/000"), (1234067, "x001/x234/067"), (999, "999")])
def test_index_is_written_in_groups_of_three(index: int, path: str) -> None:
    """c2sp.org/tlog-tiles: zero-padded groups, all but the last with an x."""
    assert Tile(0, index, FULL).path == f"tile/0/{path}"
    assert Tile(ENTRIES, index, 3).path == f"tile/entries/{path}.p/3"


@given(TILE)
def test_path_and_tile_are_one_thing(tile: Tile) -> None:
    """There and back."""
    assert parse_path(tile.path) == tile


@pytest.mark.parametrize(
    "text",
    [
        "tile/0/0", "tile/0/00", "tile/0/x000/000", "tile/0/1000", "tile/00/000", "tile/64/000", "tile/-1/000",
        "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000/", "/tile/0/000", "tile/0/../000",
        "tile/entries/٣٣٣", "tile/0/000\n", "tile/0/x001/x000", "",
    ],
)  # fmt: skip
def test_other_spelling_of_a_path_is_refused(text: str) -> None:
    """One file, one path: nothing that a file system could read differently."""
    with pytest.raises(MalformedError):
        parse_path(text)


def test_widths_of_a_log_of_seventy_thousand() -> None:
    """ledger.md section 4: L0 273 full + .p/112, L1 1 full + .p/17, L2 .p/1; and bundles as level 0."""
    shape: dict[int, list[int]] = {}
    for tile in tiles(70_000):
        shape.setdefault(tile.level, []).append(tile.width)
    zero = [FULL] * 273 + [112]
    assert shape == {ENTRIES: zero, 0: zero, 1: [FULL, 17], 2: [1]}
    assert [tile.path for tile in tiles(256)] == ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"]
    assert list(tiles(0)) == []


@given(st.integers(0, 70_000), st.integers(0, 70_000))
def test_since_leaves_out_exactly_the_files_that_were_there(one: int, other: int) -> None:
    """What a publisher writes between two sizes and what it had make what it needs, and nothing twice."""
    old, new = sorted((one, other))
    assert list(tiles(new, old)) == [tile for tile in tiles(new) if tile not in set(tiles(old))]


def test_bundle_is_the_vector_byte_for_byte() -> None:
    """ledger.md section 4: the eight entries of Certificate Transparency."""
    assert bundle(CT_ENTRIES) == CT_BUNDLE
    assert parse_bundle(CT_BUNDLE, 8) == CT_ENTRIES
    assert entry_hashes(CT_BUNDLE, 8) == [merkle.leaf_hash(each) for each in CT_ENTRIES]


@given(st.lists(st.binary(max_size=300), max_size=FULL))
def test_bundle_gives_its_entries_back(entries: list[bytes]) -> None:
    """There and back."""
    assert parse_bundle(bundle(entries), len(entries)) == entries


@pytest.mark.parametrize("width", [0, 7, 9, 256])
def test_bundle_of_another_width_is_refused(width: int) -> None:
    """Neither fewer entries than told nor something after them."""
    with pytest.raises(MalformedError):
        parse_bundle(CT_BUNDLE, width)


@given(st.integers(1, len(CT_BUNDLE) - 1))
def test_cut_bundle_is_refused(length: int) -> None:
    """However it was cut."""
    with pytest.raises(MalformedError):
        parse_bundle(CT_BUNDLE[:length], 8)


def test_entry_too_long_for_its_length_is_refused() -> None:
    """Two bytes hold 65,535."""
    assert parse_bundle(bundle([b"x" * 65_535]), 1) == [b"x" * 65_535]
    with pytest.raises(MalformedError):
        bundle([b"x" * 65_536])


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 70_000])
def test_root_from_the_right_edge_is_the_root_of_the_entries(size: int) -> None:
    """`merkle.root` over all entries and `root_of` over at most one file a level agree."""
    files = written(size)
    read: list[str] = []

    def reader(tile: Tile) -> bytes:
        read.append(tile.path)
        return files[tile.path]

    assert root_of(size, reader) == merkle.root(hashes(size))
    assert len(read) <= 3


def test_root_of_seventy_thousand_is_the_vector() -> None:
    """ledger.md section 1."""
    files = written(70_000)
    expected = "1a4cdfcb66374a0c0dcbef49acbd4976d13ee864fb3cb241fc943cad04f02f7e"
    assert root_of(70_000, lambda tile: files[tile.path]).hex() == expected


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=FULL))
def test_hashes_of_a_tile_join_to_the_root_over_them(level: list[bytes]) -> None:
    """A full tile joined is the hash that stands for it one level up."""
    assert joined(parse_hashes(b"".join(level), len(level))) == merkle.root(level)


def test_tile_of_another_length_is_refused() -> None:
    """Hashes are 32 bytes, and as many as told."""
    with pytest.raises(MalformedError):
        parse_hashes(bytes(33), 1)
    with pytest.raises(MalformedError):
        root_of(3, lambda tile: bytes(32 * tile.width - 1))
