"""How does anybody get the proof that one entry stands in the published log?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.errors import SanquanError
from registry.ledger import read
from registry.ledger.log import tree_of
from registry.ledger.verify.note import parse_checkpoint, parse_note
from registry.ledger.verify.single import proof_text
from registry.proofs.making import published

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from registry.store.engines import Store


class EntryNotPublishedError(SanquanError):
    """Raised when an entry does not lie under the published checkpoint."""

    def __init__(self, size: int) -> None:
        """How many do."""
        super().__init__(
            f"已公布的账本只有 {size} 条(0 到 {size - 1}): 换一个序号, 或先 sanquan ledger publish",
            f"the published log has {size} entries (0 to {size - 1}): another index, or sanquan ledger publish first",
        )


def entry_proof(store: Store, connection: Connection, index: int) -> bytes:
    """The `.tlog-proof` of an entry under the published checkpoint. NothingProvableYetError, EntryNotPublishedError."""
    checkpoint = published(store)
    size = parse_checkpoint(parse_note(checkpoint).text).size
    if not 0 <= index < size:
        raise EntryNotPublishedError(size)
    (row,) = read.page(connection, index, 1)
    return proof_text(index, row.leaf, tree_of(store, connection, size).inclusion(index, size), checkpoint)
