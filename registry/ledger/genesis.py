"""What is entry 0 of a log? A state over nothing: the root of the empty map (ledger.md section 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.ledger.entry import b64u, hour, s_leaf
from registry.ledger.merkle import leaf_hash
from registry.ledger.position import second
from registry.ledger.state_map import full_root
from registry.ledger.tables import LEDGER_ENTRY
from registry.store.bulk import insert_rows

if TYPE_CHECKING:
    from registry.store.engines import Store


def write_first_state(store: Store) -> None:
    """Append entry 0 to an empty log; the guards refuse it on any other."""
    _, root = full_root([])
    now = store.clock()
    leaf = s_leaf(hour(None, now), b64u(root))
    columns = ("idx", "cls", "kind", "leaf", "leaf_hash", "recorded_at", "closed_by", "closes")
    row = (0, "S", None, leaf.decode(), leaf_hash(leaf), second("", now), None, None)
    with store.writing("desk") as connection:
        insert_rows(connection, LEDGER_ENTRY, columns, [row])
        connection.commit()
