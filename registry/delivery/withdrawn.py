"""Which content of a village is registered, and which was withdrawn, so that it may be registered again?

A village that goes in leaves a *mark*: its fingerprint, as a source of kind delivery-village. A withdrawal leaves another
one, made of that mark, and the same content that comes again a third, made of the second. So a row is only ever added,
and the last of the row of marks says what is true now.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

import sqlalchemy as sa

from registry.ledger.chain import timeline
from registry.ledger.tables import SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.engine import Connection

    from registry.ledger.nouns import Version
    from registry.store.engines import Store

REGISTERED, WITHDRAWN = "delivery-village", "delivery-withdrawn"
_WITHDRAWN, _AGAIN = b"sanquan.delivery.withdrawn.v1\n", b"sanquan.delivery.again.v1\n"


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """One village of a delivery that was taken back: `entries` are its acts, `by` those that took them back."""

    village: str
    delivery: str
    mark: bytes
    day: str
    entries: range
    by: range

    @property
    def about(self) -> bytes:
        """What the withdrawal's own row keeps sealed."""
        told = {
            "village": self.village,
            "delivery": self.delivery,
            "mark": self.mark.hex(),
            "day": self.day,
            "entries": [self.entries.start, self.entries.stop],
            "by": [self.by.start, self.by.stop],
        }
        return json.dumps(told).encode()


def withdrawal_mark(mark: bytes) -> bytes:
    """Under which content hash the withdrawal of what left this mark is kept."""
    return sha256(_WITHDRAWN + mark).digest()


def mark_of(connection: Connection, fingerprint: bytes) -> tuple[bytes, bool]:
    """The mark that this content has or would leave, and whether it stands: registered and not withdrawn."""
    mark = fingerprint
    while _is_kept(connection, mark):
        withdrawn = withdrawal_mark(mark)
        if not _is_kept(connection, withdrawn):
            return mark, True
        mark = sha256(_AGAIN + withdrawn).digest()
    return mark, False


def withdrawn_of(store: Store, connection: Connection) -> list[Withdrawn]:
    """Every withdrawal that there was, by village and delivery."""
    found = []
    for row in connection.execute(sa.select(SOURCE.c.content_hash, SOURCE.c.about).where(SOURCE.c.kind == WITHDRAWN)):
        place = b"source-about/" + bytes(row.content_hash)
        told = json.loads(store.vault.open(bytes(row.about), place))
        entries, by = (range(*told[name]) for name in ("entries", "by"))
        found.append(
            Withdrawn(told["village"], told["delivery"], bytes.fromhex(told["mark"]), told["day"], entries, by)
        )
    return sorted(found, key=lambda one: one.by.start)


def never_stood(chain: Sequence[Version], withdrawn: Iterable[Withdrawn]) -> bool:
    """Whether a thing came with a delivery that was withdrawn and, as known now, stood on no day. One restored since did."""
    first = chain[0].cause_idx
    return any(first in one.entries for one in withdrawn) and all(
        stretch.version.status == "ended" for stretch in timeline(chain)
    )


def _is_kept(connection: Connection, mark: bytes) -> bool:
    return connection.execute(sa.select(SOURCE.c.kind).where(SOURCE.c.content_hash == mark)).first() is not None
