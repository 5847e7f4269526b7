"""How is it found that the newest looks were deleted? The head says how many there were, outside of the database.

It lies beside the key file, like the last signed head of the log: whoever restores or cuts the data folder or the database
does not cut it. It is marked with a key of the vault. It is written after the rows are durable, so it may lag behind by
those of a crash, and never says more than was there. Whoever has both the key file and this file can write another one.
"""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry.store import durable

if TYPE_CHECKING:
    from registry.store.engines import Store


@dataclass(frozen=True, slots=True)
class Head:
    """How many looks there are, and the digest of the last."""

    size: int
    digest: bytes


def state(store: Store, head: Head) -> None:
    """Write the head."""
    told = {"size": head.size, "digest": head.digest.hex(), "mark": _mark(store, head).hex()}
    content = json.dumps(told).encode() + b"\n"
    durable.write(store.settings.looks_head, content, mode=durable.PRIVATE, durable=store.settings.durable)


def stated(store: Store) -> Head | None:
    """The head as it was written; None where there is none. ValueError where it was altered."""
    path = store.settings.looks_head
    if not path.exists():
        return None
    try:
        told = json.loads(path.read_bytes())
        head, mark = Head(int(told["size"]), bytes.fromhex(told["digest"])), bytes.fromhex(told["mark"])
    except (KeyError, TypeError) as malformed:
        raise ValueError from malformed
    if not hmac.compare_digest(mark, _mark(store, head)):
        raise ValueError
    return head


def _mark(store: Store, head: Head) -> bytes:
    return store.vault.blind("looks", f"{head.size} {head.digest.hex()}")
