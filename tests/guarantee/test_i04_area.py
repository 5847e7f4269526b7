"""I4: are recorded areas facts, equal to the last digit, whatever happens to people or projections?"""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import sqlalchemy as sa

from registry.exports.scope import person_scope
from registry.exports.write import export
from registry.ledger.act import ActFields
from registry.ledger.commit import desk
from registry.parcels import acts as parcels
from registry.parcels.model import PARCEL_VERSION
from registry.rights.model import RIGHT_PARCEL
from registry.store.engines import Store
from registry.ways_out import OFFERED_EPSG
from tests.guarantee.conftest import Settled
from tests.guarantee.village import event_of_every_kind, projections, registered
from tests.registry import made_up
from tests.registry.made_up import CLERK


def test_no_event_of_any_kind_changes_a_recorded_area(store: Store) -> None:
    """I4: contract area and surveyed area are equal to the last digit before and after H."""
    village = registered(store)
    event_of_every_kind(store, village)
    made_up.settle(store, village)
    with store.reading() as connection:
        surveyed = connection.execute(
            sa.select(PARCEL_VERSION.c.surveyed_area_m2, PARCEL_VERSION.c.surveyed_area_mu).where(
                PARCEL_VERSION.c.thing_id == village.parcels["grass"]
            )
        ).all()
        contracted = connection.execute(
            sa.select(RIGHT_PARCEL.c.contract_area_mu).where(RIGHT_PARCEL.c.parcel_id == village.parcels["grass"])
        ).all()
    assert [tuple(row) for row in surveyed] == [("2561446.67", "3842.17")]
    assert {row.contract_area_mu for row in contracted} == {"3842.17"}


def test_a_new_boundary_recomputes_no_area(store: Store) -> None:
    """I4: never recomputed from geometry: a survey correction of the boundary alone leaves both areas as recorded."""
    village = registered(store)
    with desk(store, CLERK) as at:
        act = at.act("survey-corrected", "2018-01-01", ActFields(basis="复测"))
        parcels.change(act, village.parcels["arable"], {}, shape=made_up.square(574_000, 4_263_000, 90.0))
        at.commit()
    right = projections(store, village.people[0])[village.rights["contract-arable"]]
    assert right is not None
    assert right["surveyed_area"][village.parcels["arable"]] == ["31000.00", "46.50", "plane"]
    assert right["contract_area"][village.parcels["arable"]] == ["31000.00", "46.50"]


def test_exported_in_three_reference_systems_an_area_stays_as_recorded(settled: Settled, tmp_path: Path) -> None:
    """I4: store 3842.17 亩, export in three reference systems: still 3842.17."""
    with settled.store.reading() as connection:
        scope = person_scope(settled.store, connection, settled.village.people[0])
    read = set()
    for epsg in OFFERED_EPSG:
        path = export(scope, "gpkg", tmp_path / f"{epsg}.gpkg", epsg=epsg).path
        frame = gpd.read_file(path, layer="rights", engine="pyogrio", ignore_geometry=True)
        row = frame[frame["right"] == "contract-grass"].iloc[0]
        read.add((str(row["contract_area_mu"]), str(row["surveyed_area_mu"])))
    assert len(OFFERED_EPSG) == 3
    assert read == {("3842.17", "3842.17")}
