"""The main job on both engines: register a family's rights, settle the family, and nothing guarded was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from registry import residence
from registry.ledger.chain import read_chains
from registry.rights.model import RIGHT
from tests.registry import made_up

if TYPE_CHECKING:
    from registry.store.engines import Store


def test_settling_in_town_writes_no_right_and_leaves_the_state_root(store: Store) -> None:
    """Plan II.3.1-g: after a settlement every right stands as it stood; the log shows one H with the last state."""
    village = made_up.register_village(store)
    made_up.register_hukou(store, village)
    with store.reading() as connection:
        before = connection.execute(sa.text("SELECT count(*) FROM right_version")).scalar()
    done = made_up.settle(store, village)
    again = made_up.settle(store, village)
    assert again.repeated
    assert again.idx == done.idx
    with store.reading() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM right_version")).scalar() == before
        here = residence.registration_at(connection, store.vault, village.people[0], "2018-01-01")
        assert here is not None
        assert here.division_name == "嘎鲁图镇文苑社区"
        chains = read_chains(connection, RIGHT, village.rights.values())
        assert {len(chain) for chain in chains.values()} == {1}
