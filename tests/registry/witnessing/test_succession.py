"""The registry loses entries and goes on; the bureau's own program takes the successor on by stick, or finds what it hides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from registry import witnessing
from registry.audit import audit
from registry.ledger.publishing import keys_on_log, succeed
from registry.ledger.publishing.appending import append_keys
from registry.ledger.publishing.keys import signers
from registry.ledger.signing import note
from registry.ledger.verify.note import Checkpoint, check, parse_policy
from registry.ledger.verify.replay import Walk
from registry.witness import settings, stick
from registry.witness.protocol import Witness
from tests.registers import drop
from tests.registry import made_up
from tests.registry.ledger.publishing.restored import Restored, policy_of, restored
from tests.registry.witnessing.conftest import ORIGIN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from registry.store.engines import Store
    from tests.registry.witnessing.conftest import Both

NAME, WHY = "log.example/sanquan-2", "机房的磁盘坏了"


@pytest.fixture
def loss(both: Both, tmp_path: Path) -> Iterator[Restored]:
    """A move to town was registered, published, cosigned; then the database of before came back."""

    def go_on(store: Store) -> None:
        made_up.settle(store, both.village, "2019-06-01")
        append_keys(store, ["# more"])

    found = restored(both.store, tmp_path / "restored", go_on)
    cosigned(both.witness, both.store, tmp_path / "first")
    yield found
    found.store.close()
    drop(found.store.settings)


def cosigned(witness: Witness, store: Store, folder: Path) -> stick.Result:
    """Out, cosign, back where it was cosigned."""
    witnessing.write_out(store, folder)
    result = stick.cosign(witness, folder)
    if result.cosigned:
        witnessing.bring_back(store, folder)
    return result


def successor_of(both: Both, store: Store) -> Witness:
    """The same witness with the successor's key, by its inspector's word."""
    with store.reading() as connection:
        key = keys_on_log(connection)[-1].key
    made = settings.add_successor(both.witness.settings.folder, str(key), ORIGIN, None)
    return Witness(made, both.witness.store, both.witness.signer)


def test_bureau_takes_the_successor_on_and_its_receipt_says_what_was_lost(
    both: Both, loss: Restored, tmp_path: Path
) -> None:
    """Refused as long as the inspector has not spoken; then judged whole, cosigned, and verified under the new policy."""
    succeed(loss.store, NAME, WHY, loss.said)
    before = cosigned(both.witness, loss.store, tmp_path / "too-early")
    assert (before.cosigned, before.answer.status) == (False, 404)
    witness = successor_of(both, loss.store)
    result = cosigned(witness, loss.store, tmp_path / "second")
    assert result.cosigned, result.receipt
    assert "丢失 LOST" in result.receipt
    assert f"第 {loss.first} 至 {loss.signed - 1} 条我们签过, 留有副本" in result.receipt
    head = witnessing.best(loss.store)
    assert check(head, parse_policy(policy_of(loss.store))).checkpoint.origin == NAME
    assert audit(loss.store, witnessed=witness.checkpoint(ORIGIN).body).ok
    walk = Walk()
    with witness.store.reading() as change:
        for leaf in change.leaves(ORIGIN, loss.signed):
            walk.take(leaf)
    assert walk.size == loss.signed


def test_administrator_who_puts_the_head_back_first_is_caught(both: Both, loss: Restored, tmp_path: Path) -> None:
    """He signs an older head so that the loss looks smaller than it is: the bureau has cosigned a newer one."""
    with both.store.reading() as connection:
        old = signers(both.store, keys_on_log(connection), None)
    size = loss.first + 1
    walk = Walk()
    for leaf in loss.leaves[:size]:
        walk.take(leaf)
    text = str(Checkpoint(ORIGIN, size, walk.root))
    (loss.store.settings.signing / "head").write_bytes(note(text, [signer.sign(text) for signer in old]))
    succeed(loss.store, NAME, WHY, f"{loss.first}-{loss.first}")
    result = cosigned(successor_of(both, loss.store), loss.store, tmp_path / "second")
    assert not result.cosigned
    assert "多出的被瞒下了" in result.receipt
    with both.witness.store.reading() as change:
        assert [each.kind for each in change.evidence()] == ["hidden"]
