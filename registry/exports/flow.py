"""How do the rows of a scope leave the register batch after batch, so that no export holds them all?

A batch is read in three questions: its parcels, the lines of rights on them, those rights. What a right says is read once
and laid beside each of its parcels. Between two batches no transaction is open: nobody who writes waits for an export, and
what is known at the scope's size of the log never changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import shapely
import sqlalchemy as sa

from gis.cartography import LAND_USE_STYLES
from gis.storage.many import as_stored, wkb_from_stored
from registry import parties
from registry.exports.columns import PARCEL_COLUMNS, RIGHT_COLUMNS, schema
from registry.guarantee.explain import thing_words
from registry.ledger.in_force import in_force
from registry.parcels.model import PARCEL_VERSION
from registry.restrictions.model import RESTRICTION_VERSION
from registry.rights.model import RIGHT_PARCEL, RIGHT_VERSION
from registry.store.among import among
from registry.store.asking import Question, ask

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy.engine import Connection

    from registry.exports.scope import Scope
    from registry.store.asking import Rows

BATCH = 10_000
"""Parcels at once: some ten megabytes."""

_P, _R, _LINE, _LIES = PARCEL_VERSION, RIGHT_VERSION, RIGHT_PARCEL, RESTRICTION_VERSION
_WITHIN = sa.alias(RIGHT_VERSION, "operating")
_PARCELS = Question(
    sa.select(
        *(
            _P.c[name]
            for name in ("thing_id", "code", "land_use", "village_id", "surveyed_area_mu", "surveyed_area_m2")
        ),
        *(_P.c[name] for name in ("area_method", "approved_area_m2", "excess_area_m2", "status", "valid_from")),
        as_stored(_P.c.geom),
    )
    .where(among(_P.c.thing_id, "parcels"), in_force(_P), _P.c.status != "ended")
    .order_by(_P.c.code, _P.c.thing_id)
)
_LINES = Question(
    sa.select(_LINE.c.parcel_id, _LINE.c.thing_id, _LINE.c.contract_area_mu, _LINE.c.contract_area_m2)
    .join(_R, sa.and_(_R.c.thing_id == _LINE.c.thing_id, _R.c.ver == _LINE.c.ver))
    .where(among(_LINE.c.parcel_id, "parcels"), in_force(_R), _R.c.status != "ended")
    .order_by(_R.c.thing, _R.c.unit_code, _R.c.thing_id)
)
_SAID = (
    "thing_id",
    "within_id",
    "thing",
    "term_start",
    "term_end",
    "co_holding",
    "share_numerator",
    "share_denominator",
)
_ALSO_SAID = ("unit_code", "certificate_number", "book", "book_number", "status", "valid_from")
_RIGHTS = Question(
    sa.select(
        *(_R.c[name] for name in (*_SAID, *_ALSO_SAID)),
        sa.exists().where(_LIES.c.right_id == _R.c.thing_id, in_force(_LIES), _LIES.c.status != "ended"),
        sa.exists().where(_WITHIN.c.within_id == _R.c.thing_id, in_force(_WITHIN), _WITHIN.c.status != "ended"),
    ).where(among(_R.c.thing_id, "rights"), in_force(_R), _R.c.status != "ended")
)
_PARCEL_SCHEMA = schema(PARCEL_COLUMNS)
_ROW_SCHEMA = schema((*PARCEL_COLUMNS, *RIGHT_COLUMNS))


@dataclass(frozen=True, slots=True)
class Batch:
    """`parcels` has one row a parcel, `rights` one for each parcel and right on it; `geometry` is WKB as surveyed.

    A parcel without a right has one row in `rights`, its right's columns missing. Both have the columns of `columns.py`
    in their order.
    """

    parcels: pa.RecordBatch
    rights: pa.RecordBatch


def batches(scope: Scope, told: Callable[[int, int], None] = lambda _done, _all: None) -> Iterator[Batch]:
    """The scope's rows in the order of codes; `told` hears after each batch how many parcels are done, of how many.

    Batches without a row are left out.
    """
    with scope.store.reading_through() as connection:
        ids = scope.parcel_ids(connection)
    for at in range(0, len(ids), BATCH):
        with scope.store.reading_through() as connection:
            batch = read_batch(scope, connection, ids[at : at + BATCH])
        if batch.parcels.num_rows:
            yield batch
        told(min(at + BATCH, len(ids)), len(ids))


def read_batch(scope: Scope, connection: Connection, ids: Sequence[str]) -> Batch:
    """The rows of these parcels of the scope."""
    bound = scope.bound()
    found = ask(connection, _PARCELS, {**bound, "parcels": list(ids)})
    shapes = wkb_from_stored([row[-1] for row in found])
    if scope.box is not None:
        # The index compares bounding boxes, rounded outwards: what only its envelope meets is left out here.
        square = shapely.box(scope.box.minx, scope.box.miny, scope.box.maxx, scope.box.maxy)
        meets = shapely.intersects(shapely.from_wkb(shapes), square).tolist()
        found = [row for row, inside in zip(found, meets, strict=True) if inside]
        shapes = [shape for shape, inside in zip(shapes, meets, strict=True) if inside]
    lines = ask(connection, _LINES, {**bound, "parcels": [row[0] for row in found]})
    rights = ask(connection, _RIGHTS, {**bound, "rights": list({line[1] for line in lines})})
    if scope.held is not None:
        rights = [row for row in rights if row[0] in scope.held or row[1] in scope.held]
    places = parties.organisations(connection, {row[3] for row in found})
    parcels = pa.RecordBatch.from_arrays(_parcel_arrays(found, places, shapes), schema=_PARCEL_SCHEMA)
    return Batch(parcels, _laid_beside(parcels, found, lines, rights, scope.valid_at))


def _parcel_arrays(found: Rows, places: dict[str, parties.Organisation], shapes: list[bytes]) -> list[pa.Array]:
    columns = _columns(found, 12)
    _, code, use, village, mu, m2, method, approved, excess, status, since, _ = columns
    zh = [LAND_USE_STYLES[one].zh for one in use]
    villages = [[places[one].code for one in village], [places[one].name for one in village]]
    texts = (code, use, zh, *villages, mu, m2, method, approved, excess, status, since)
    return [*(pa.array(column, pa.string()) for column in texts), pa.array(shapes, pa.binary())]


def _laid_beside(parcels: pa.RecordBatch, found: Rows, lines: Rows, rights: Rows, day: str) -> pa.RecordBatch:
    """Each parcel's row once for each right on it, the right's columns behind the parcel's."""
    place_of = {row[0]: place for place, row in enumerate(rights)}
    on_parcel: dict[str, list[tuple[int | None, str | None, str | None]]] = {}
    for parcel_id, right_id, mu, m2 in lines:
        if right_id in place_of:
            on_parcel.setdefault(parcel_id, []).append((place_of[right_id], mu, m2))
    owners: list[int] = []
    lying: list[tuple[int | None, str | None, str | None]] = []
    for place, row in enumerate(found):
        here = on_parcel.get(row[0]) or [(None, None, None)]
        owners += [place] * len(here)
        lying += here
    which, mus, m2s = _columns(lying, 3)
    taken = pa.array(which, pa.int32())
    said = [array.take(taken) for array in _right_arrays(rights, day)]
    # Behind the two names of the right come the contract's areas, which are the line's.
    said[2:2] = [pa.array(mus, pa.string()), pa.array(m2s, pa.string())]
    repeated = parcels.take(pa.array(owners, pa.int32()))
    return pa.RecordBatch.from_arrays(
        [*repeated.columns[:-1], *said, repeated.column(len(PARCEL_COLUMNS))], schema=_ROW_SCHEMA
    )


def _right_arrays(rights: Rows, day: str) -> list[pa.Array]:
    columns = _columns(rights, len(_SAID) + len(_ALSO_SAID) + 2)
    _, _, thing, start, end, co_holding, above, below, unit, certificate, book, number, status, since = columns[:-2]
    zh = [thing_words(one).zh for one in thing]
    due = [bool(last) and last < day for last in end]
    shares = ["" if one is None else f"{one}/{whole}" for one, whole in zip(above, below, strict=True)]
    restricted, let = ([bool(one) for one in column] for column in columns[-2:])
    texts = [pa.array(each, pa.string()) for each in (thing, zh, start, end)]
    texts += [pa.array(due, pa.bool_())]
    texts += [pa.array(each, pa.string()) for each in (co_holding, shares, unit, certificate, book, number)]
    texts += [pa.array(restricted, pa.bool_()), pa.array(let, pa.bool_())]
    return texts + [pa.array(each, pa.string()) for each in (status, since)]


def _columns(rows: Sequence[tuple[Any, ...]], width: int) -> list[Sequence[Any]]:
    return list(zip(*rows, strict=True)) if rows else [()] * width
