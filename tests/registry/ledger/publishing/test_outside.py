"""Two implementations that we did not write judge our notes, tiles and proofs, and ours judges theirs.

`tlog-scales` (c2sp.org/tlog-tiles, signed notes, cosignatures, both proofs) and the Merkle and checkpoint code inside
`sigstore`. Test dependencies only.
"""

from __future__ import annotations

import base64
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st
from sigstore._internal.merkle import verify_merkle_inclusion
from sigstore._internal.rekor.checkpoint import SignedCheckpoint
from sigstore._internal.trust import Keyring
from sigstore.errors import VerificationError
from sigstore_models.common import v1 as common_v1
from tlog_scales import signing, tlog
from tlog_scales.backend import LocalBackend
from tlog_scales.reader import TilesReader
from tlog_scales.writer import TilesWriter

from registry.ledger.merkle import Tree, leaf_hash
from registry.ledger.publishing import tile_bytes
from registry.ledger.signing import log_signer, note, witness_signer
from registry.ledger.verify import proofs, tiles
from registry.ledger.verify.note import Checkpoint, check, parse_policy
from registry.ledger.verify.tiles import ENTRIES, Tile

if TYPE_CHECKING:
    from pathlib import Path

ORIGIN = "log.example/sanquan"
SEED = bytes(range(32))
LOG = log_signer(ORIGIN, SEED)
WITNESS = witness_signer("witness.example/jiancha", bytes(range(32, 64)))
POLICY = parse_policy(f"log {LOG.key}\nwitness w {WITNESS.key}\nquorum none\n")
SIZES = [1, 2, 255, 256, 257, 511, 600]
MOST = 600
LEAVES = [f"entry {n}".encode() for n in range(MOST)]
TREE = Tree(map(leaf_hash, LEAVES))


def publish(base: Path, size: int) -> bytes:
    """Our files of a log of this size; the note."""
    for tile in tiles.tiles(size):
        path = base / tile.path
        path.parent.mkdir(parents=True, exist_ok=True)
        leaves = LEAVES[tile.first : tile.first + tile.width]
        path.write_bytes(tiles.bundle(leaves) if tile.level == ENTRIES else tile_bytes(TREE, tile))
    text = str(Checkpoint(ORIGIN, size, TREE.root(size)))
    raw = note(text, [LOG.sign(text), WITNESS.cosign(text, 1_700_000_000)])
    (base / "checkpoint").write_bytes(raw)
    return raw


@pytest.mark.parametrize("size", SIZES)
def test_tlog_scales_reads_and_verifies_what_we_publish(tmp_path: Path, size: int) -> None:
    """Its reader finds our paths and widths, gets our root, every entry, and proofs that it checks itself."""
    publish(tmp_path, size)
    reader = TilesReader(LocalBackend(tmp_path))
    checkpoint = reader.get_checkpoint()
    for key in (LOG.key, WITNESS.key):
        checkpoint.verify(signing.Vkey.from_string(str(key)))
    reader.set_size(checkpoint.size)
    assert reader.calculate_root_hash() == checkpoint.root_hash == TREE.root(size)
    for index in {0, size // 2, size - 1}:
        assert reader.get_entry(index) == LEAVES[index]
        reader.get_inclusion_proof(index, size).check(leaf_hash(LEAVES[index]), checkpoint.root_hash)


@pytest.mark.parametrize("size", SIZES)
def test_we_verify_what_tlog_scales_writes_and_it_is_byte_for_byte_ours(tmp_path: Path, size: int) -> None:
    """Its writer, in two commits: the same paths with the same bytes, and a checkpoint that our policy accepts."""
    writer = TilesWriter.create(tmp_path / "theirs", ORIGIN)
    signer = signing.PlainEd25519Signer(ORIGIN, SEED)
    for part in (LEAVES[: size // 2], LEAVES[size // 2 : size]):
        for leaf in part:
            writer.add_leaf(leaf)
        writer.commit([signer])
    publish(tmp_path / "ours", size)
    for tile in tiles.tiles(size):
        assert (tmp_path / "theirs" / tile.path).read_bytes() == (tmp_path / "ours" / tile.path).read_bytes(), tile.path
    found = check((tmp_path / "theirs" / "checkpoint").read_bytes(), POLICY).checkpoint

    def read(tile: Tile) -> bytes:
        return (tmp_path / "theirs" / tile.path).read_bytes()

    assert (found.size, found.root, tiles.root_of(size, read)) == (size, TREE.root(size), TREE.root(size))
    bundles = [tile for tile in tiles.tiles(size) if tile.level == ENTRIES]
    assert [leaf for tile in bundles for leaf in tiles.parse_bundle(read(tile), tile.width)] == LEAVES[:size]


@given(st.integers(1, MOST), st.data())
def test_proofs_are_checked_both_ways(size: int, data: st.DataObject) -> None:
    """Our inclusion and consistency proofs by their check; one hash altered is refused by theirs and by ours."""
    index = data.draw(st.integers(0, size - 1))
    path = TREE.inclusion(index, size)
    tlog.InclusionProof(index, size, path).check(leaf_hash(LEAVES[index]), TREE.root(size))
    old = data.draw(st.integers(1, size))
    between = TREE.consistency(old, size)
    tlog.ConsistencyProof(old, size, between).check(TREE.root(old), TREE.root(size))
    proofs.consistent(old, size, between, TREE.root(old), TREE.root(size))
    for bad in (path, between):
        if not bad:
            continue
        at = data.draw(st.integers(0, len(bad) - 1))
        bad[at] = bytes(32)
    if path:
        with pytest.raises(tlog.InclusionProofInvalid):
            tlog.InclusionProof(index, size, path).check(leaf_hash(LEAVES[index]), TREE.root(size))
        with pytest.raises(proofs.ProofFailedError):
            proofs.included(index, size, leaf_hash(LEAVES[index]), path, TREE.root(size))
    if between:
        with pytest.raises(tlog.ConsistencyProofInvalid):
            tlog.ConsistencyProof(old, size, between).check(TREE.root(old), TREE.root(size))
        with pytest.raises(proofs.ProofFailedError):
            proofs.consistent(old, size, between, TREE.root(old), TREE.root(size))


def test_we_verify_the_proofs_of_tlog_scales(tmp_path: Path) -> None:
    """Made by its reader from our tiles."""
    publish(tmp_path, MOST)
    reader = TilesReader(LocalBackend(tmp_path))
    reader.set_size(MOST)
    for index in (0, 255, 256, 599):
        path = reader.get_inclusion_proof(index, MOST).node_hashes
        proofs.included(index, MOST, leaf_hash(LEAVES[index]), path, TREE.root())
    for old in (1, 255, 256, 300, 600):
        path = reader.get_consistency_proof(old, MOST).node_hashes
        proofs.consistent(old, MOST, path, TREE.root(old), TREE.root())


def entry_of(index: int, size: int, path: list[bytes]) -> Any:  # noqa: ANN401  (what sigstore calls an entry)
    """The parts of an entry of Rekor that its Merkle code looks at."""
    proof = SimpleNamespace(log_index=index, tree_size=size, hashes=path, root_hash=TREE.root(size))
    return SimpleNamespace(_inner=SimpleNamespace(inclusion_proof=proof, canonicalized_body=LEAVES[index]))


@given(st.integers(1, MOST), st.data())
def test_sigstore_verifies_our_inclusion_proofs(size: int, data: st.DataObject) -> None:
    """The Merkle code of sigstore-python: ours hold, one hash altered or left out does not."""
    index = data.draw(st.integers(0, size - 1))
    path = TREE.inclusion(index, size)
    verify_merkle_inclusion(entry_of(index, size, path))
    if path:
        for bad in (path[:-1], [bytes(32), *path[1:]]):
            with pytest.raises(VerificationError):
                verify_merkle_inclusion(entry_of(index, size, bad))


def test_sigstore_reads_and_verifies_our_checkpoint(tmp_path: Path) -> None:
    """Its signed note and keyring, under our Ed25519 key; a bit of the text altered is refused."""
    raw = publish(tmp_path, 600).decode()
    der = LOG.private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    public = common_v1.PublicKey(
        raw_bytes=cast("Any", base64.b64encode(der)), key_details=common_v1.PublicKeyDetails.PKIX_ED25519
    )
    keyring = cast("Any", Keyring([public]))
    signed = SignedCheckpoint.from_text(raw)
    assert (signed.checkpoint.origin, signed.checkpoint.log_size) == (ORIGIN, 600)
    assert signed.checkpoint.log_hash == TREE.root().hex()
    key_id = cast("Any", LOG.key.key_id)
    signed.signed_note.verify(keyring, key_id)
    with pytest.raises(VerificationError):
        SignedCheckpoint.from_text(raw.replace("\n600\n", "\n601\n")).signed_note.verify(keyring, key_id)
