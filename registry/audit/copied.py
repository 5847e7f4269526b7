"""Does the flat copy that exports are written from say what the versions say, row by row?

A copy that is damaged, or of another program, register or state of the collectives, is used by nobody and not looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from registry.exports import flat, flow, fresh, source
from registry.ledger.check import Disagreement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Connection

    from registry.store.engines import Store


def judge_copy(store: Store, connection: Connection) -> Iterator[Disagreement]:
    """Every parcel of which a row of the copy is another one than its versions give, or is missing, or is too many."""
    copy = flat.read(store.settings)
    if copy is None or not fresh.belongs(connection, copy.stamp):
        return
    copied = pa.Table.from_batches(copy.rows, flat.SCHEMA)
    scope = fresh.whole_register(store, copy.stamp.valid_at, copy.stamp)
    ids = scope.parcel_ids(connection)
    for at in range(0, len(ids), source.BATCH):
        some = ids[at : at + source.BATCH]
        given = pa.Table.from_batches([flat.flattened(flow.read_batch(scope, connection, some))])
        here = copied.filter(pc.is_in(copied["parcel_id"], pa.array(some, pa.string())))
        if not here.equals(given):
            for parcel in some:
                yield from _compared(parcel, _of(here, parcel), _of(given, parcel))
    others = pc.invert(pc.is_in(copied["parcel_id"], pa.array(ids, pa.string())))
    for parcel in pc.unique(copied["parcel_id"].filter(others)).to_pylist():
        yield _differs(parcel, ("parcel_id",))


def _of(rows: pa.Table, parcel: str) -> pa.Table:
    return rows.filter(pc.equal(rows["parcel_id"], parcel))


def _compared(parcel: str, copied: pa.Table, given: pa.Table) -> Iterator[Disagreement]:
    names = tuple(name for name in flat.SCHEMA.names if not copied[name].equals(given[name]))
    if names:
        yield _differs(parcel, names)


def _differs(parcel: str, names: tuple[str, ...]) -> Disagreement:
    zh = "导出用的副本与版本不符: 删掉这个文件, 下次导出时重做"
    en = "the copy for exports differs from the versions: delete the file, the next export makes it anew"
    return Disagreement(flat.NAME, (("parcel_id", parcel),), None, names, zh, en)
