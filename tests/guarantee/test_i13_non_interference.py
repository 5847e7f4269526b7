"""I13: is a history without its household events the same history, for everything guarded?

Random histories are replayed so in tests/stateful; here one history is, on both engines, and in another order.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from registry.catalogue import NOUNS
from registry.ledger.act import ActFields
from registry.ledger.chain import read_chains
from registry.ledger.commit import desk
from registry.ledger.tables import THING
from registry.rights import acts as rights
from registry.store.engines import Store
from registry.store.randomness import SeededRandomness
from tests.guarantee.village import burdened, event_of_every_kind, state_root
from tests.registry import made_up
from tests.registry.made_up import CLERK, Village

Make = Callable[[str], Store]


def test_dropping_every_household_event_leaves_every_version_and_the_state_root(
    make_store: Make, engine_name: str
) -> None:
    """I13: delete all H from a history, replay: every π(r, t) is the same, and with seeded salts the state root."""
    one, two = _history(make_store(engine_name), events=True), _history(make_store(engine_name), events=False)
    assert one == two


def test_the_order_of_household_events_among_acts_is_of_no_matter(make_store: Make, engine_name: str) -> None:
    """I13: also permute H: all of them before the burdens or after them, the same versions and the same root."""
    late, early = make_store(engine_name), make_store(engine_name)
    for store in (late, early):
        store.randomness = SeededRandomness(7)
    village = made_up.register_village(late)
    burdened(late, village)
    event_of_every_kind(late, village)
    same = made_up.register_village(early)
    event_of_every_kind(early, same)
    burdened(early, same)
    assert _guarded(late) == _guarded(early)
    assert state_root(late) == state_root(early)


def _history(store: Store, *, events: bool) -> tuple[str | None, dict[str, Any]]:
    store.randomness = SeededRandomness(7)
    village = made_up.register_village(store)
    if events:
        made_up.register_hukou(store, village)
        event_of_every_kind(store, village)
    burdened(store, village)
    if events:
        made_up.settle(store, village)
    _extend(store, village)
    return state_root(store), _guarded(store)


def _extend(store: Store, village: Village) -> None:
    with desk(store, CLERK) as at:
        act = at.act("extended", "2028-01-01", ActFields(basis="延包合同"))
        rights.change(act, village.rights["contract-arable"], term_start="2028-01-01", term_end="2057-12-31")
        at.commit()


def _guarded(store: Store) -> dict[str, Any]:
    with store.reading() as connection:
        ids = connection.scalars(sa.select(THING.c.id)).all()
        return {
            thing_id: [(v.ver, v.digest, v.valid_from, v.valid_to, v.status, v.columns) for v in chain]
            for noun in NOUNS
            for thing_id, chain in read_chains(connection, noun, ids).items()
        }
