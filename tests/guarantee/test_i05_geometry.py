"""I5: is the stored shape the same bytes, in the same version and reference system, after every household event?"""

from __future__ import annotations

import hashlib
from typing import Any

from registry.store.engines import Store
from registry.store.settings import REGISTER_CRS
from tests.guarantee.village import event_of_every_kind, registered
from tests.registry import made_up


def test_no_event_of_any_kind_changes_a_byte_of_a_stored_shape(store: Store) -> None:
    """I5: same geometry version and byte-equal stored form."""
    village = registered(store)
    before = _stored(store)
    event_of_every_kind(store, village)
    made_up.settle(store, village)
    assert _stored(store) == before
    assert len(before) == len(village.parcels)


def test_the_stored_shape_is_in_the_one_reference_system(store: Store) -> None:
    """I5, same reference system: the blob itself says which, before and after."""
    village = registered(store)
    made_up.settle(store, village)
    asked = "ST_SRID(geom)" if store.on_postgresql else "geom"
    with store.reading() as connection:
        found = connection.exec_driver_sql(f"SELECT {asked} FROM parcel_version").scalars().all()
    systems = set(found) if store.on_postgresql else {int.from_bytes(blob[4:8], "little") for blob in found}
    assert systems == {REGISTER_CRS}


def _stored(store: Store) -> dict[tuple[str, int], Any]:
    asked = "ST_AsEWKB(geom)" if store.on_postgresql else "geom"
    with store.reading() as connection:
        rows = connection.exec_driver_sql(f"SELECT thing_id, ver, {asked} FROM parcel_version").all()
    return {(row[0], row[1]): hashlib.sha256(bytes(row[2])).hexdigest() for row in rows}
