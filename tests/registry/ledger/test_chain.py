"""Are chains read whole, and what of a register from which a row was taken?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from registry.holding.model import HOLDING
from registry.ledger.chain import read_all_chains, read_chains
from registry.ledger.digest import geometry_digest
from registry.parcels.model import PARCEL
from tests.attacks.history import register_history
from tests.attacks.locks_off import damaged

if TYPE_CHECKING:
    from registry.store.engines import Store


def test_chains_of_several_nouns_are_those_of_each(store: Store) -> None:
    """Asked together or alone: the same versions, with their lists and shapes; an unknown thing has none."""
    village = register_history(store)
    with store.reading() as connection:
        parcels = list(village.parcels.values())
        both = read_all_chains(connection, [(HOLDING, [village.holding, "nobody"]), (PARCEL, parcels)], geometry=True)
        assert both[HOLDING.name] == read_chains(connection, HOLDING, [village.holding])
        assert both[PARCEL.name] == read_chains(connection, PARCEL, parcels, geometry=True)
        assert read_all_chains(connection, [(HOLDING, []), (PARCEL, [])]) == {HOLDING.name: {}, PARCEL.name: {}}
    shapes = [version for chain in both[PARCEL.name].values() for version in chain]
    assert all(v.geometry is not None and v.shape_digest == geometry_digest(v.geometry) for v in shapes)


def test_lines_whose_version_was_taken_are_no_chain(store: Store) -> None:
    """A version removed behind the register's back: what is left of its list belongs to nothing that is shown."""
    village = register_history(store)
    holding = {"holding": village.holding}
    remove = sa.text("DELETE FROM holding_version WHERE thing_id = :holding AND ver = 2")
    with damaged(store, lambda owner: owner.execute(remove, holding), HOLDING.table.name) as connection:
        (version,) = read_chains(connection, HOLDING, [village.holding])[village.holding]
        assert version.ver == 1
        assert {line["ver"] for line in version.children["holding_member"]} == {1}
