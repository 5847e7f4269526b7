"""What an owner can do that no column's edit shows: garbage for a shape, an act without what its cause asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from registry.audit.report import audit_view
from tests.attacks.forgery import last_version, next_version, put, put_act, put_state
from tests.attacks.locks_off import damaged

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.engine import Connection

    from registry.store.engines import Store
    from tests.registry.made_up import Village

BLOBS: dict[str, Callable[[bytes], bytes | str | None]] = {
    "no geometry at all": lambda _: b"garbage",
    "text": lambda _: "POLYGON EMPTY",
    "nothing": lambda _: None,
    "a header that says another envelope": lambda blob: blob[:16] + bytes(8) + blob[24:],
    "a header that says another system": lambda blob: blob[:4] + b"\x01\x00\x00\x00" + blob[8:],
    "a shape cut short": lambda blob: blob[:-7],
}


@pytest.mark.parametrize("item", BLOBS)
def test_shape_that_was_damaged_in_its_column_is_named(history: Store, village: Village, item: str) -> None:
    """Bytes that are no geometry stop nothing; bytes around a geometry that digests alike are compared too."""
    if history.on_postgresql:
        pytest.skip("PostGIS keeps no such bytes")
    thing_id = village.parcels["forest"]

    def edit(connection: Connection) -> None:
        blob = last_version(connection, "parcel_version", thing_id)["geom"]
        statement = "UPDATE parcel_version SET geom = ? WHERE thing_id = ?"
        connection.exec_driver_sql(statement, (BLOBS[item](blob) or b"", thing_id))

    with damaged(history, edit, "parcel_version") as connection:
        found = audit_view(history, connection).findings
    key = (("thing_id", thing_id), ("ver", 1))
    assert any(each.table == "parcel_version" and each.key == key and each.fields == ("geom",) for each in found)


def test_item_of_the_spatial_index_without_a_row_is_named(history: Store) -> None:
    """A box that finds nothing hides that something was taken out."""
    if history.on_postgresql:
        pytest.skip("PostgreSQL keeps its index itself")
    add = "INSERT INTO rtree_parcel_version_geom VALUES (9999, 0, 1, 0, 1)"
    with damaged(history, lambda connection: connection.exec_driver_sql(add)) as connection:
        found = audit_view(history, connection).findings
    assert [each.fields for each in found] == [("fid", "rtree")]


def test_forged_version_that_the_database_took_is_named_with_its_entry(history: Store, village: Village) -> None:
    """A desk can write past the acts; its digest, its openings, its state and its heads then all disagree."""
    with history.engine("desk").connect() as connection:
        idx = put_act(connection, b"\x07" * 32)
        old = last_version(connection, "holding_version", village.holding)
        put(connection, "holding_version", next_version(old, idx, b"\x07" * 32))
        put_state(connection)
        found = audit_view(history, connection).findings
        connection.rollback()
    key = (("thing_id", village.holding), ("ver", old["ver"] + 1))
    assert any(each.table == "holding_version" and each.key == key and each.entry_idx == idx for each in found)
    assert {"head", "ledger_entry"} <= {each.table for each in found}


def test_digest_that_two_versions_have_is_named(history: Store, village: Village) -> None:
    """One digest of the log belongs to one version."""
    first, second = village.memberships[:2]

    def edit(connection: Connection) -> None:
        copy = "UPDATE membership_version SET digest = (SELECT digest FROM membership_version WHERE thing_id = '{}') "
        connection.exec_driver_sql(copy.format(first) + f"WHERE thing_id = '{second}'")

    with damaged(history, edit, "membership_version") as connection:
        found = audit_view(history, connection).findings
    assert any(each.key == (("thing_id", second), ("ver", 1)) and each.entry_idx == 3 for each in found)


def test_allotment_with_a_share_of_nothing_is_named(history: Store) -> None:
    """A denominator of zero is a finding, not a crash."""
    edit = "UPDATE allotment_line SET denominator = 0"
    with damaged(history, lambda connection: connection.execute(sa.text(edit)), "allotment_line") as connection:
        found = audit_view(history, connection).findings
    assert {"allotment_line", "allotment_sealed"} <= {each.table for each in found}
