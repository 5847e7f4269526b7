"""Which parcels and rights are a person's, a village's or a box's on a day, as frames that a map is drawn from?

A *selection* is a scope read whole from one unchanging view of the register, in the register's CRS, with the recorded
areas as recorded. Ended parcels and rights are not in it. It holds no name: of a person the masked one stands in the
title, and in no row. What leaves as a file is never held whole: `flow`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import shapely

from registry.exports import fresh, source
from registry.exports.columns import GEOMETRY, PARCEL_COLUMNS, RIGHT_COLUMNS, schema
from registry.exports.flow import read_batch
from registry.exports.scope import box_scope, code_scope, person_scope, registry_scope, village_scope
from registry.store.settings import REGISTER_CRS

if TYPE_CHECKING:
    import geopandas as gpd
    from sqlalchemy.engine import Connection

    from registry.exports.scope import Scope
    from registry.ledger.log import LogHead
    from registry.parcels.box import Box
    from registry.store.engines import Store


@dataclass(frozen=True, slots=True)
class Selection:
    """What a map shows. `parcels` has one row a parcel, `rights` one row for each parcel and right on it.

    A parcel without a right has one row in `rights`, its right's columns missing. `landless_rights` counts the
    person's rights that lie on no parcel (shares of the collective): no map can show them.
    """

    title_zh: str
    title_en: str
    parcels: gpd.GeoDataFrame
    rights: gpd.GeoDataFrame
    valid_at: str
    head: LogHead
    person_id: str | None = None
    landless_rights: int = 0


def whole(scope: Scope, connection: Connection) -> Selection:
    """Read a scope into frames."""
    ids = scope.parcel_ids(connection)
    size = source.BATCH
    read = [read_batch(scope, connection, ids[at : at + size]) for at in range(0, len(ids), size)]
    every = (*PARCEL_COLUMNS, *RIGHT_COLUMNS)
    return Selection(
        scope.title_zh,
        scope.title_en,
        _framed(pa.Table.from_batches([batch.parcels for batch in read], schema(PARCEL_COLUMNS))),
        _framed(pa.Table.from_batches([batch.rights for batch in read], schema(every))),
        scope.valid_at,
        scope.head,
        scope.person_id,
        scope.landless_rights,
    )


def parcels_of(scope: Scope) -> gpd.GeoDataFrame:
    """One row a parcel of a scope, as `whole` has them, by the way that exports go."""
    read = [batch.parcels for batch in fresh.ready(scope).batches(lambda _done, _all: None)]
    return _framed(pa.Table.from_batches(read, schema(PARCEL_COLUMNS)))


def of_person(
    store: Store, connection: Connection, person_id: str, valid_at: str | None = None, known_at: int | None = None
) -> Selection:
    """`person_scope`, read whole."""
    return whole(person_scope(store, connection, person_id, valid_at, known_at), connection)


def of_village(
    store: Store, connection: Connection, village_code: str, valid_at: str | None = None, known_at: int | None = None
) -> Selection:
    """`village_scope`, read whole."""
    return whole(village_scope(store, connection, village_code, valid_at, known_at), connection)


def of_box(
    store: Store, connection: Connection, box: Box, valid_at: str | None = None, known_at: int | None = None
) -> Selection:
    """`box_scope`, read whole."""
    return whole(box_scope(store, connection, box, valid_at, known_at), connection)


def count_in_box(
    store: Store, connection: Connection, box: Box, valid_at: str | None = None, known_at: int | None = None
) -> int:
    """How many parcels' bounding boxes meet a box: what a map asks before it draws them."""
    return box_scope(store, connection, box, valid_at, known_at).count(connection)


def with_code(
    store: Store, connection: Connection, code: str, valid_at: str | None = None, known_at: int | None = None
) -> Selection:
    """`code_scope`, read whole."""
    return whole(code_scope(store, connection, code, valid_at, known_at), connection)


def of_registry(
    store: Store, connection: Connection, valid_at: str | None = None, known_at: int | None = None
) -> Selection:
    """`registry_scope`, read whole."""
    return whole(registry_scope(store, connection, valid_at, known_at), connection)


def _framed(table: pa.Table) -> gpd.GeoDataFrame:
    """The table as a frame in the register's CRS; what is missing stays missing, a yes-no too."""
    import geopandas as gpd
    import pandas as pd

    frame = table.drop_columns([GEOMETRY]).to_pandas(types_mapper={pa.bool_(): pd.BooleanDtype()}.get)
    shapes = shapely.from_wkb(table.column(GEOMETRY).to_numpy())
    return gpd.GeoDataFrame(frame, geometry=shapes, crs=REGISTER_CRS)
