"""Which deliveries were registered, when, of which villages, and which of them were withdrawn since?

Read off the log alone. A delivery is one transaction; every act of it names the delivery's content hash among its sources,
and the last act of each village brings the village's mark (`registry.delivery.withdrawn`).
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from registry.delivery.withdrawn import REGISTERED, Withdrawn, withdrawal_mark, withdrawn_of
from registry.ledger.beside import row_digest
from registry.ledger.position import seal_place
from registry.ledger.tables import LEDGER_ENTRY, OPENING, SOURCE
from registry.withdrawal.refusals import DeliveryNotRegistered, HashMalformed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Connection

    from registry.store.engines import Store

_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_E = LEDGER_ENTRY


@dataclass(frozen=True, slots=True)
class Village:
    """What a delivery registered of one village: its acts, its mark, and the withdrawal, if there was one."""

    code: str
    entries: range
    mark: bytes
    withdrawn: Withdrawn | None


@dataclass(frozen=True, slots=True)
class Registered:
    """One delivery: SHA-256 over its files, the instant of its first act (UTC, "…Z"), its villages in the order of the log."""

    content_hash: str
    recorded_at: str
    villages: tuple[Village, ...]

    @property
    def entries(self) -> Iterator[range]:
        """The acts of every village of it."""
        return (village.entries for village in self.villages)


def deliveries(store: Store, connection: Connection) -> list[Registered]:
    """Every delivery that registered anything, oldest first."""
    marks = _marks(store, connection)
    withdrawn = {withdrawal_mark(one.mark): one for one in withdrawn_of(store, connection)}
    begins = _begins(connection)
    found: dict[str, list[Village]] = defaultdict(list)
    instants: dict[str, str] = {}
    past = 0
    for idx, closed_by, recorded_at, fields in _acts(store, connection):
        of_village = [marks[digest] for digest in fields["act.rows"] if digest in marks]
        if not of_village:
            continue
        ((mark, code),) = of_village
        first = max(begins[closed_by], past)
        past = idx + 1
        content_hash = fields["act.sources"][0]
        instants.setdefault(content_hash, recorded_at)
        found[content_hash].append(Village(code, range(first, past), mark, withdrawn.get(withdrawal_mark(mark))))
    return [Registered(each, instants[each], tuple(villages)) for each, villages in found.items()]


def delivery(store: Store, connection: Connection, content_hash: str) -> Registered:
    """The delivery of this content hash. `HashMalformed`, `DeliveryNotRegistered`."""
    if not _HASH.fullmatch(content_hash):
        raise HashMalformed
    for one in deliveries(store, connection):
        if one.content_hash == content_hash:
            return one
    raise DeliveryNotRegistered(content_hash)


def _marks(store: Store, connection: Connection) -> dict[str, tuple[bytes, str]]:
    """The mark of each registered village and its code, by the digest under which its act committed the row."""
    found = {}
    for each in connection.execute(sa.select(SOURCE).where(SOURCE.c.kind == REGISTERED)).mappings():
        row = dict(each)
        mark = bytes(row["content_hash"])
        code = store.vault.open(bytes(row["about"]), b"source-about/" + mark).decode()
        found[row_digest(SOURCE, row)] = (mark, code)
    return found


def _begins(connection: Connection) -> dict[int, int]:
    """The first act of each transaction, by the state that closes it."""
    query = sa.select(_E.c.closed_by, sa.func.min(_E.c.idx)).where(_E.c.cls == "R").group_by(_E.c.closed_by)
    return {row[0]: row[1] for row in connection.execute(query)}


def _acts(store: Store, connection: Connection) -> Iterator[tuple[int, int, str, dict[str, Any]]]:
    """Every act with its rows and sources, in the order of the log; one whose fields were erased is passed over."""
    wanted = ("act.rows", "act.sources")
    query = (
        sa.select(_E.c.idx, _E.c.closed_by, _E.c.recorded_at, OPENING.c.path, OPENING.c.subject, OPENING.c.sealed)
        .join(OPENING, OPENING.c.subject == _E.c.leaf_hash)
        .where(_E.c.cls == "R", OPENING.c.path.in_(wanted))
        .order_by(_E.c.idx)
    )
    for (idx, closed_by, recorded_at), rows in groupby(connection.execute(query), itemgetter(0, 1, 2)):
        fields = {
            path: json.loads(store.vault.open(bytes(sealed), seal_place(bytes(subject), path)))
            for *_, path, subject, sealed in rows
        }
        if len(fields) == len(wanted):
            yield idx, closed_by, recorded_at, fields
