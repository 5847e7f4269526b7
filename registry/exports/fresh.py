"""How is the flat copy made, and kept up with the log and the day?

A row depends on the versions of its parcel, of each right that ever lay on it, of what restricts such a right or is let
within it, on the names of collectives, and on the day, by which a term has run out or not. Later the rows of those parcels
are assembled anew of which one of these has a version that the copy does not know, or one that begins between the copy's
day and the day asked for; all, where that is much or a collective was recorded. The copy stands at today and at the end of
the log; what is asked of another moment, of a person, or of little of the register while the copy is behind, is read from
the versions.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa

from registry.china import today
from registry.exports import flat, flow, source
from registry.exports.columns import is_due
from registry.exports.scope import Scope
from registry.ledger.log import LogHead
from registry.ledger.read import HASHES
from registry.ledger.tables import THING
from registry.parcels.model import PARCEL, PARCEL_VERSION
from registry.parties import ORGANISATION
from registry.restrictions.model import RESTRICTION_VERSION
from registry.rights.model import RIGHT_PARCEL, RIGHT_VERSION
from registry.store.among import among
from registry.store.asking import Question, ask, ask_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import ColumnElement, Table
    from sqlalchemy.engine import Connection

    from registry.exports.flat import Copy, Stamp, Standing
    from registry.exports.source import Head
    from registry.store.engines import Store

    Told = Callable[[int, int], None]

WORTH_IT, TOO_MUCH = 10, 4
"""A tenth of the register is worth a copy of it all; where a quarter has changed, all is made anew."""
_R, _L = RIGHT_VERSION, RESTRICTION_VERSION


def _new(versions: Table) -> ColumnElement[bool]:
    """Versions that a copy does not know, or whose stretch begins between two days.

    A stretch ends only where another one of its thing begins (`…_ends_only_where_the_next_begins`).
    """
    day = versions.c.valid_from
    between = sa.and_(day > sa.bindparam("low", type_=day.type), day <= sa.bindparam("high", type_=day.type))
    return sa.or_(versions.c.cause_idx >= sa.bindparam("size", type_=versions.c.cause_idx.type), between)


def _ever(versions: Table, column: str) -> Question:
    """What a column of any version says of the things that have a new one."""
    new = sa.select(versions.c.thing_id).where(_new(versions))
    return Question(sa.select(versions.c[column]).where(among(versions.c.thing_id, new)).distinct())


_OWN = tuple(Question(sa.select(each.c.thing_id).where(_new(each)).distinct()) for each in (PARCEL_VERSION, _R))
_BEHIND = (_ever(_R, "within_id"), _ever(_L, "right_id"))
_LIE_ON = Question(sa.select(RIGHT_PARCEL.c.parcel_id).where(among(RIGHT_PARCEL.c.thing_id, "rights")).distinct())
_ORGANISATIONS = Question(
    sa.select(ORGANISATION.c.party_id, ORGANISATION.c.code, ORGANISATION.c.name).order_by(
        ORGANISATION.c.party_id, ORGANISATION.c.seq
    )
)
_PARCELS = Question(
    sa.select(sa.func.count()).select_from(THING).where(THING.c.thing == sa.bindparam("thing", type_=THING.c.thing.type))
)


def ready(scope: Scope, told: Told = lambda _done, _all: None) -> Scope | Standing:
    """What gives the rows of a scope soonest: the flat copy, which is made or kept up, where that answers; else the scope.

    `told` hears 0 of how many while a copy is made.
    """
    return (_standing(scope, told) if scope.is_plain else None) or scope


def whole_register(store: Store, valid_at: str, head: Head) -> Scope:
    """Everything on a day, as known at a size of the log: what a copy is of."""
    known = LogHead(head.size, head.root, head.st, head.recorded_at)
    return Scope(store, "", "", valid_at, known, PARCEL_VERSION.c.thing_id.is_not(None))


def belongs(connection: Connection, stamp: Stamp) -> bool:
    """Whether a copy is of this very log, of a state of it that is known, and of the collectives as they are."""
    hashes = _hashes(connection)
    if stamp.size > len(hashes) or stamp.organisations != _organisations(connection):
        return False
    return flat.digest_of(hashes[: stamp.size]) == stamp.hashes


def _standing(scope: Scope, told: Told) -> Standing | None:
    store = scope.store
    copy = flat.read(store.settings)
    with store.reading() as connection:
        hashes = _hashes(connection)
        if len(hashes) != scope.head.size:
            return None
        if copy is not None and not belongs(connection, copy.stamp):
            copy = None
        if copy is not None and (copy.stamp.size, copy.stamp.valid_at) == (scope.head.size, scope.valid_at):
            return _select(scope, copy)
        if scope.valid_at != today(store) or not _is_worth_it(scope, connection, copy):
            return None
        changed = None if copy is None else _changed(scope, connection, copy.stamp)
        organisations = _organisations(connection)
    stamp = flat.stamped(scope.valid_at, scope.head, flat.digest_of(hashes), organisations)
    rows = _Counted(_assembled(scope, told) if copy is None or changed is None else _kept_up(scope, copy, changed))

    def made() -> Stamp | None:
        with store.reading() as connection:
            renamed = _organisations(connection) != organisations
        return None if renamed else replace(stamp, parcels=rows.parcels)

    copy = flat.read(store.settings) if flat.write(store.settings, made, rows) else None
    # Another export may have put its own there meanwhile.
    if copy is None or (copy.stamp.hashes, copy.stamp.valid_at) != (stamp.hashes, stamp.valid_at):
        return None
    return _select(scope, copy)


def _select(scope: Scope, copy: Copy) -> Standing:
    return flat.select(scope.settings, copy, villages=scope.values.get("villages"), box=scope.box)


def _is_worth_it(scope: Scope, connection: Connection, copy: Copy | None) -> bool:
    if copy is not None:
        chosen = _select(scope, copy).chosen
        parcels, asked = copy.stamp.parcels, sum(int(each.column("is_first").true_count) for each in chosen)
    else:
        ((parcels,),) = ask(connection, _PARCELS, {"thing": PARCEL.name})
        asked = scope.count(connection)
    return bool(asked * WORTH_IT >= parcels)


def _changed(scope: Scope, connection: Connection, stamp: Stamp) -> list[str] | None:
    """The parcels whose rows may be other ones than the copy's; None where that is too much."""
    low, high = sorted((stamp.valid_at, scope.valid_at))
    new = {"size": stamp.size, "low": low, "high": high}
    parcels, *rights = ask_all(connection, *((question, new) for question in (*_OWN, *_BEHIND)))
    touched = sorted({right for found in rights for (right,) in found if right is not None})
    lie_on = ask(connection, _LIE_ON, {"rights": touched})
    changed = sorted({parcel for (parcel,) in (*parcels, *lie_on)})
    return None if len(changed) * TOO_MUCH > stamp.parcels else changed


def _whole(scope: Scope) -> Scope:
    return whole_register(scope.store, scope.valid_at, scope.head)


def _assembled(scope: Scope, told: Told) -> Iterator[pa.RecordBatch]:
    for batch in flow.batches(_whole(scope), lambda _done, parcels: told(0, parcels)):
        yield flat.flattened(batch)


def _kept_up(scope: Scope, copy: Copy, changed: list[str]) -> Iterator[pa.RecordBatch]:
    """The copy's rows, those of the parcels that changed in the place of their older ones."""
    whole = _whole(scope)
    new = [flat.SCHEMA.empty_table()]
    with scope.store.reading_through() as connection:
        for at in range(0, len(changed), source.BATCH):
            batch = flow.read_batch(whole, connection, changed[at : at + source.BATCH])
            new.append(pa.Table.from_batches([flat.flattened(batch)]))
    coming = _in_order(pa.concat_tables(new))
    places = list(zip(coming["parcel_code"].to_pylist(), coming["parcel_id"].to_pylist(), strict=True))
    gone, taken = pa.array(changed, pa.string()), 0
    for at, rows in enumerate(copy.rows):
        last = rows.column("parcel_code")[-1].as_py(), rows.column("parcel_id")[-1].as_py()
        until = taken
        while until < len(places) and (at == len(copy.rows) - 1 or _bytes(places[until]) <= _bytes(last)):
            until += 1
        kept = pa.Table.from_batches([_as_of(rows.filter(pc.invert(pc.is_in(rows.column("parcel_id"), gone))), scope)])
        yield from _in_order(pa.concat_tables([kept, coming.slice(taken, until - taken)])).combine_chunks().to_batches()
        taken = until
    yield from coming.slice(taken).combine_chunks().to_batches()


def _as_of(rows: pa.RecordBatch, scope: Scope) -> pa.RecordBatch:
    """Rows whose versions are the same on the scope's day, with what the day alone decides."""
    due = flat.SCHEMA.get_field_index("extension_due")
    return rows.set_column(due, flat.SCHEMA.field(due), is_due(rows.column("term_end"), scope.valid_at))


def _in_order(rows: pa.Table) -> pa.Table:
    """By code, the rows of a parcel as they stand (Arrow's sort is stable)."""
    return rows.take(pc.sort_indices(rows, [("parcel_code", "ascending"), ("parcel_id", "ascending")]))


def _bytes(place: tuple[str, str]) -> tuple[bytes, bytes]:
    """As Arrow compares."""
    return place[0].encode(), place[1].encode()


class _Counted:
    """Rows going by, and how many parcels they were of."""

    def __init__(self, rows: Iterator[pa.RecordBatch]) -> None:
        self._rows = rows
        self.parcels = 0

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        for batch in self._rows:
            self.parcels += batch.column("is_first").true_count
            if batch.num_rows:
                yield batch


def _hashes(connection: Connection) -> list[bytes]:
    return [leaf_hash for (leaf_hash,) in ask(connection, HASHES, {"first": 0})]


def _organisations(connection: Connection) -> list[list[str]]:
    found: list[Any] = ask(connection, _ORGANISATIONS, {})
    return [list(row) for row in found]
