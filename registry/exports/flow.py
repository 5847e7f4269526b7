"""How do the rows of a scope leave the register batch after batch, so that no export holds them all?

A batch is read in three questions: its parcels, the lines of rights on them, those rights, each answered column by column
(`registry.store.together`). What a right says is read once and laid beside each of its parcels. The next batches are read
while one is written. Between two of them no transaction is open: nobody who writes waits for an export, and what is known
at the scope's size of the log never changes.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
import sqlalchemy as sa

from gis.cartography.style import LAND_USE_STYLES
from gis.storage.together import shape_length, shapes_joined, wkb_from_joined
from registry import parties
from registry.exports import source
from registry.exports.columns import GEOMETRY, RIGHT_COLUMNS, is_due
from registry.exports.flat import KEYS, PARCEL_SCHEMA, ROW_SCHEMA
from registry.exports.source import Batch
from registry.guarantee.explain import thing_words
from registry.ledger.in_force import in_force
from registry.parcels.model import PARCEL_VERSION
from registry.restrictions.model import RESTRICTION_VERSION
from registry.rights.model import RIGHT_PARCEL, RIGHT_VERSION
from registry.store.among import among
from registry.store.asking import Question
from registry.store.together import ask_columns, joined

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy.engine import Connection

    from registry.exports.scope import Scope

_AHEAD = 2
"""How many batches are read at once, while one is written: a processor each on the smallest machine."""

_P, _R, _LINE, _LIES = PARCEL_VERSION, RIGHT_VERSION, RIGHT_PARCEL, RESTRICTION_VERSION
_WITHIN = sa.alias(RIGHT_VERSION, "operating")
_OF_PARCEL = (
    "thing_id",
    "code",
    "land_use",
    "village_id",
    "surveyed_area_mu",
    "surveyed_area_m2",
    "area_method",
    "approved_area_m2",
    "excess_area_m2",
    "status",
    "valid_from",
)
_PARCELS = Question(
    sa.select(
        sa.func.count(),
        *(joined(_P.c[name]) for name in _OF_PARCEL),
        joined(shape_length(_P.c.geom)),
        shapes_joined(_P.c.geom),
    ).where(among(_P.c.thing_id, "parcels"), in_force(_P), _P.c.status != "ended"),
    binary=True,
)
_LINES = Question(
    sa.select(
        sa.func.count(),
        *(joined(_LINE.c[name]) for name in ("parcel_id", "thing_id", "contract_area_mu", "contract_area_m2")),
    )
    .join(_R, sa.and_(_R.c.thing_id == _LINE.c.thing_id, _R.c.ver == _LINE.c.ver))
    .where(among(_LINE.c.parcel_id, "parcels"), in_force(_R), _R.c.status != "ended"),
    binary=True,
)
_SHARE = sa.cast(_R.c.share_numerator, sa.Text) + "/" + sa.cast(_R.c.share_denominator, sa.Text)
_IS_RESTRICTED = sa.exists().where(_LIES.c.right_id == _R.c.thing_id, in_force(_LIES), _LIES.c.status != "ended")
_IS_LET = sa.exists().where(_WITHIN.c.within_id == _R.c.thing_id, in_force(_WITHIN), _WITHIN.c.status != "ended")
_RIGHTS = Question(
    sa.select(
        sa.func.count(),
        *(joined(_R.c[name]) for name in ("thing_id", "within_id", "thing", "term_start", "term_end", "co_holding")),
        joined(_SHARE),
        *(joined(_R.c[name]) for name in ("unit_code", "certificate_number", "book", "book_number")),
        *(joined(sa.case((is_so, "yes"), else_="")) for is_so in (_IS_RESTRICTED, _IS_LET)),
        *(joined(_R.c[name]) for name in ("status", "valid_from")),
    ).where(among(_R.c.thing_id, "rights"), in_force(_R), _R.c.status != "ended"),
    binary=True,
)

def batches(scope: Scope, told: Callable[[int, int], None] = lambda _done, _all: None) -> Iterator[Batch]:
    """The scope's rows in the order of codes; `told` hears after each batch how many parcels are done, of how many.

    From the versions, whatever copy there is (`fresh`). Batches without a row are left out.
    """
    with scope.store.reading_through() as connection:
        ids = scope.parcel_ids(connection)

    def read(at: int) -> Batch:
        with scope.store.reading_through() as connection:
            return read_batch(scope, connection, ids[at : at + source.BATCH])

    with ThreadPoolExecutor(_AHEAD) as readers:
        to_read = iter(range(0, len(ids), source.BATCH))
        coming = deque((at, readers.submit(read, at)) for at in islice(to_read, _AHEAD))
        try:
            while coming:
                at, one = coming.popleft()
                batch = one.result()
                coming.extend((following, readers.submit(read, following)) for following in islice(to_read, 1))
                if batch.parcels.num_rows:
                    yield batch
                told(min(at + source.BATCH, len(ids)), len(ids))
        finally:
            readers.shutdown(cancel_futures=True)


def read_batch(scope: Scope, connection: Connection, ids: Sequence[str]) -> Batch:
    """The rows of these parcels of the scope, in the order of codes."""
    bound = scope.bound()
    *texts, lengths, shapes = ask_columns(connection, _PARCELS, {**bound, "parcels": list(ids)})
    wkbs = wkb_from_joined(shapes or b"", pc.cast(lengths, pa.int64()).to_numpy())
    found = _sorted(pa.RecordBatch.from_arrays([*texts, wkbs], [*_OF_PARCEL, GEOMETRY]), "code", "thing_id")
    if scope.box is not None:
        # The index compares bounding boxes, rounded outwards: what only its envelope meets is left out here.
        square = shapely.box(scope.box.minx, scope.box.miny, scope.box.maxx, scope.box.maxy)
        shapely.prepare(square)
        outlines = shapely.from_wkb(found.column(GEOMETRY).to_numpy(zero_copy_only=False))
        found = found.filter(pa.array(shapely.intersects(square, outlines), pa.bool_()))
    parcel_ids = found.column("thing_id")
    on, of, mu, m2 = ask_columns(connection, _LINES, {**bound, "parcels": parcel_ids.to_pylist()})
    lines = pa.RecordBatch.from_arrays([on, of, mu, m2], ["on", "of", "mu", "m2"])
    rights = _rights(scope, ask_columns(connection, _RIGHTS, {**bound, "rights": pc.unique(of).to_pylist()}))
    places = parties.organisations(connection, set(pc.unique(found.column("village_id")).to_pylist()))
    parcels = pa.RecordBatch.from_arrays(_parcel_arrays(found, places), schema=PARCEL_SCHEMA)
    place, laid = _laid_beside(parcels, parcel_ids, lines, rights)
    keys = pa.RecordBatch.from_arrays([parcel_ids.take(place), found.column("village_id").take(place)], schema=KEYS)
    return Batch(parcels, laid, keys)


def _rights(scope: Scope, read: list[pa.Array]) -> pa.RecordBatch:
    """The rights of the scope, sorted as they stand on a parcel: `id`, then the columns of a right but for its areas."""
    right_id, within, thing, start, end, co_holding, share, unit, certificate, book, number, lies, let, *rest = read
    zh = _said(thing, lambda one: thing_words(one).zh)
    due = is_due(end, scope.valid_at)
    is_so = [pc.not_equal(each, "") for each in (lies, let)]
    said = [thing, zh, start, end, due, co_holding, share, unit, certificate, book, number, *is_so, *rest]
    names = [column.name for column in RIGHT_COLUMNS if column.kind != "area"]
    rights = pa.RecordBatch.from_arrays([right_id, *said], ["id", *names])
    if scope.held is not None:
        held = pa.array(sorted(scope.held), pa.string())
        rights = rights.filter(pc.or_(pc.is_in(right_id, held), pc.is_in(within, held)))
    return _sorted(rights, "right", "unit_code", "id")


def _parcel_arrays(found: pa.RecordBatch, places: dict[str, parties.Organisation]) -> list[pa.Array]:
    _, code, use, village, *rest, shapes = found.columns
    zh = _said(use, lambda one: LAND_USE_STYLES[one].zh)
    villages = [_said(village, lambda one: places[one].code), _said(village, lambda one: places[one].name)]
    return [code, use, zh, *villages, *rest, shapes]


def _laid_beside(
    parcels: pa.RecordBatch, parcel_ids: pa.Array, lines: pa.RecordBatch, rights: pa.RecordBatch
) -> tuple[pa.Array, pa.RecordBatch]:
    """Each parcel's row once for each right on it, the right's columns behind the parcel's; which parcel that is."""
    parcel, right = pc.index_in(lines["on"], parcel_ids), pc.index_in(lines["of"], rights["id"])
    lines = pa.RecordBatch.from_arrays([parcel, right, lines["mu"], lines["m2"]], ["parcel", "right", "mu", "m2"])
    lines = lines.filter(pc.is_valid(right))
    # A parcel on which no right lies has a line too, of nothing.
    bare = np.setdiff1d(np.arange(len(parcel_ids)), lines["parcel"].to_numpy()).astype(np.int32)
    empty = [pa.nulls(len(bare), kind) for kind in (pa.int32(), pa.string(), pa.string())]
    every = [lines, pa.RecordBatch.from_arrays([pa.array(bare, pa.int32()), *empty], lines.schema.names)]
    (laid,) = pa.Table.from_batches(every).sort_by([("parcel", "ascending"), ("right", "ascending")]).to_batches() or [lines]
    said = [column.take(laid["right"]) for column in rights.columns[1:]]
    # Behind the two names of the right come the contract's areas, which are the line's.
    said[2:2] = [laid["mu"], laid["m2"]]
    repeated = parcels.take(laid["parcel"])
    columns = [*repeated.columns[:-1], *said, repeated.columns[-1]]
    return laid["parcel"], pa.RecordBatch.from_arrays(columns, schema=ROW_SCHEMA)


def _sorted(rows: pa.RecordBatch, *names: str) -> pa.RecordBatch:
    return rows.take(pc.sort_indices(rows, [(name, "ascending") for name in names]))


def _said(column: pa.StringArray, word: Callable[[str], str]) -> pa.StringArray:
    """A column of few different values, each said otherwise."""
    found = column.dictionary_encode()
    return pa.array([word(one) for one in found.dictionary.to_pylist()], pa.string()).take(found.indices)
