"""What is the family's register, seen whole, before and after an exit that came to nothing?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry.ledger.read import size
from registry.statistics import figures
from tests.guarantee.village import everything, projections, state_root
from tests.registry.cases.walking import Walker

if TYPE_CHECKING:
    from registry.store.engines import Store

DAY = "2030-01-01"


def guarded(walker: Walker) -> tuple[Any, ...]:
    """π of everybody on a day to come, every guarded row byte for byte, and the state root of the log."""
    store = walker.store
    return [projections(store, person, DAY) for person in walker.village.people], everything(store), state_root(store)


def counted(store: Store) -> list[dict[str, Any]]:
    """Every figure of the statistics on a day to come, but what figure 10 is for: cases of exit by state, without a target."""
    with store.reading() as connection:
        found = figures(store, connection, valid_at=DAY, known_at=size(connection))
    return [figure.as_json() for figure in found if figure.about.id != "exits"]
