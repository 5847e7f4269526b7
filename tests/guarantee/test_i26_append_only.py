"""I26: does every change add an entry, and is an altered, removed or reordered one found from a receipt?"""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from registry.ledger import read
from registry.ledger.act import ACT_PATHS, ActFields
from registry.ledger.commit import desk
from registry.ledger.merkle import ProofError, Tree, leaf_hash, verify_consistency, verify_inclusion
from registry.ledger.position import seal_place
from registry.ledger.tables import LEDGER_ENTRY, OPENING
from registry.ledger.verify.replay import replay
from registry.rights import acts as rights
from registry.store.engines import Store
from tests.guarantee.conftest import Settled
from tests.guarantee.village import family_wills, registered, size
from tests.registry.made_up import CLERK


@dataclass(frozen=True)
class Receipt:
    """What a migrant takes home: the leaf of their event, its place, and the size, root and path at that moment."""

    leaf: bytes
    index: int
    size: int
    root: bytes
    path: list[bytes]

    def holds(self, leaves: list[bytes]) -> bool:
        """Offline, against the leaves that the log shows later: my entry is in it, and it only grew since."""
        tree = Tree(leaf_hash(leaf) for leaf in leaves)
        try:
            verify_inclusion(self.index, self.size, leaf_hash(self.leaf), self.path, self.root)
            proof = tree.consistency(self.size)
            verify_consistency(self.size, tree.size, proof, self.root, tree.root())
        except ProofError:
            return False
        return True


def test_every_change_adds_an_entry_with_its_actor_bureau_basis_and_reason(store: Store) -> None:
    """I26: an act is one R entry, closed by one S; actor, bureau and basis stand committed behind it."""
    village = registered(store)
    before = size(store)
    with desk(store, CLERK) as at:
        act = at.act("exited", "2025-06-01", ActFields(basis="退出协议", wills=family_wills(village), payment="1.00"))
        rights.end(act, village.rights["homestead"])
        at.commit()
    with store.reading() as connection:
        entries = connection.execute(sa.select(LEDGER_ENTRY).where(LEDGER_ENTRY.c.idx >= before)).all()
        subject = bytes(entries[0].leaf_hash)
        sealed = dict(
            connection.execute(sa.select(OPENING.c.path, OPENING.c.sealed).where(OPENING.c.subject == subject)).all()
        )
    opened = {p: json.loads(store.vault.open(bytes(v), seal_place(subject, p))) for p, v in sealed.items()}
    assert (opened["act.basis"], opened["act.desk"][:2]) == ("退出协议", ["张晓梅", "农牧业局"])
    assert [(e.cls, e.kind) for e in entries] == [("R", "exited"), ("S", None)]
    assert len(json.loads(entries[0].leaf)["c"]) == len(ACT_PATHS)


def test_each_altered_removed_or_reordered_entry_is_found_from_a_receipt(settled: Settled) -> None:
    """I26: flip one byte of any entry; delete the last n; swap two: the receipt no longer holds."""
    leaves = _leaves(settled.store)
    receipt = _receipt(leaves, settled.moved.idx)
    assert receipt.holds(leaves)
    assert replay(leaves).failures == ()
    for index in range(len(leaves)):
        flipped = bytes([leaves[index][0] ^ 1]) + leaves[index][1:]
        assert not receipt.holds([*leaves[:index], flipped, *leaves[index + 1 :]])
    for last in range(1, len(leaves)):
        assert not receipt.holds(leaves[:-last])
    for index in range(len(leaves) - 1):
        swapped = [*leaves[:index], leaves[index + 1], leaves[index], *leaves[index + 2 :]]
        assert not receipt.holds(swapped)


def test_a_log_that_only_grew_still_satisfies_an_old_receipt(store: Store) -> None:
    """I26: no false alarm: whatever is appended later leaves every earlier receipt in force."""
    village = registered(store)
    receipts = [_receipt(_leaves(store), index) for index in (0, 3)]
    with desk(store, CLERK) as at:
        act = at.act("exited", "2025-06-01", ActFields(wills=family_wills(village), payment="1.00"))
        rights.end(act, village.rights["homestead"])
        at.commit()
    assert all(receipt.holds(_leaves(store)) for receipt in receipts)


@pytest.mark.parametrize("statement", ["UPDATE ledger_entry SET kind = 'exited'", "DELETE FROM ledger_entry"])
def test_the_log_itself_is_append_only(settled: Settled, statement: str) -> None:
    """I26: no session of the service may update or delete an entry."""
    for session in ("desk", "status"):
        with settled.store.writing(session) as connection, pytest.raises(sa.exc.DBAPIError):
            connection.exec_driver_sql(statement)


def _leaves(store: Store) -> list[bytes]:
    with store.reading() as connection:
        return list(read.leaves(connection))


def _receipt(leaves: list[bytes], index: int) -> Receipt:
    tree = Tree(leaf_hash(leaf) for leaf in leaves)
    return Receipt(leaves[index], index, tree.size, tree.root(), tree.inclusion(index))
