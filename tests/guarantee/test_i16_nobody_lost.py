"""I16: after every event, has each live right a living holder, and can each person of a list still be found?"""

from __future__ import annotations

import sqlalchemy as sa

from registry import parties
from registry.catalogue import NOUNS
from registry.holding.model import HOLDING
from registry.ledger.chain import read_chains, state_at
from registry.ledger.tables import THING
from registry.parties import Identity
from registry.rights.model import RIGHT
from registry.settlement import Event, record
from registry.store.engines import Store
from tests.guarantee.village import LATER, event_of_every_kind, registered
from tests.registry import made_up


def test_after_every_event_each_right_has_a_holder_and_each_person_is_found(store: Store) -> None:
    """I16: at least one living holder, or REVIEW; every person in a co-holder list can still be found."""
    village = registered(store)
    _scan(store)
    event_of_every_kind(store, village)
    _scan(store)


def test_a_corrected_identity_is_found_by_its_old_and_its_new_number(store: Store) -> None:
    """I16: whoever's number was corrected or merged is still found by every number they had."""
    village = registered(store)
    old, new = made_up.id_number("19760921", 122), made_up.id_number("19760922", 122)
    corrected = {village.people[1]: Identity("敖登", new, sex="2")}
    event = Event("identity-corrected", "2018-01-01", (village.people[1],), identities=corrected)
    record(store, event, "王警官", "公安局")
    with store.reading() as connection:
        for number in (old, new):
            assert parties.find_by_number(connection, store.vault, number) == [village.people[1]]
    _scan(store)


def _scan(store: Store) -> None:
    with store.reading() as connection:
        ids = connection.scalars(sa.select(THING.c.id)).all()
        lists = read_chains(connection, HOLDING, ids)
        living: dict[str, set[str]] = {}
        for holding_id, chain in lists.items():
            state = state_at(chain, LATER)
            assert state is not None
            lines = state.children["holding_member"]
            living[holding_id] = {line["person_id"] for line in lines if line["alive"]}
            named = {line["person_id"] for version in chain for line in version.children["holding_member"]}
            assert set(parties.identities(connection, store.vault, named)) == named
        for chain in read_chains(connection, RIGHT, ids).values():
            state = state_at(chain, LATER)
            assert state is not None
            if state.status != "live":
                continue
            holding = state.columns["holding_id"]
            assert living[holding] if holding else parties.exists(connection, state.columns["party_id"])
        assert {noun.name for noun in NOUNS} >= {"right", "holding"}
