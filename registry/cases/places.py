"""Where does what a case is about lie: by the codes of its parcels, contracts, households and collectives, never by an address?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from registry.accounts.authorise import lies_in
from registry.catalogue import NOUN_OF_THING
from registry.ledger.chain import read_chains
from registry.ledger.tables import THING
from registry.parties import ORGANISATION
from registry.store.among import among

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.engine import Connection

_CODES = ("code", "unit_code")
_ABOUT = ("within_id", "right_id", "subject_id", "beneficiary_id")
"""What a lease, a restriction, a duty or a payment lies on: it lies where that lies."""


def lie_within(connection: Connection, things: Iterable[str], within: Iterable[str]) -> bool:
    """Whether each of these things lies in one of these places (codes of towns, villages or collectives)."""
    places = tuple(within)
    return all(any(lies_in(place, _codes(connection, {thing})) for place in places) for thing in set(things))


def _codes(connection: Connection, things: set[str]) -> frozenset[str]:
    words = connection.execute(sa.select(THING.c.id, THING.c.thing).where(among(THING.c.id, "things")), {"things": sorted(things)})
    found: set[str] = set()
    for thing_id, word in words:
        columns = read_chains(connection, NOUN_OF_THING[word], [thing_id])[thing_id][-1].columns
        found |= {str(columns[name]) for name in _CODES if columns.get(name)}
        if "collective_id" in columns:
            known = sa.select(ORGANISATION.c.code).where(ORGANISATION.c.party_id == columns["collective_id"])
            found |= set(connection.scalars(known))
        found |= _codes(connection, {str(columns[name]) for name in _ABOUT if columns.get(name)})
    return frozenset(found)
