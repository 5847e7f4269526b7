"""Where does what a case is about lie: by the codes of its parcels, contracts, households and collectives, never by an address?"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from registry.accounts.authorise import lies_in
from registry.catalogue import heads
from registry.parties import ORGANISATION
from registry.store.among import among

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.engine import Connection

_VILLAGE = 12
_CODES = ("code", "unit_code")
_ABOUT = ("within_id", "right_id", "subject_id", "beneficiary_id")
"""What a lease, a restriction, a duty or a payment lies on: it lies where that lies."""


def lie_within(connection: Connection, things: Iterable[str], within: Iterable[str]) -> bool:
    """Whether each of these things lies in one of these places (codes of towns, villages or collectives)."""
    asked = set(things)
    return lying_within(connection, asked, within) == asked


def lying_within(connection: Connection, things: Iterable[str], within: Iterable[str]) -> set[str]:
    """Those of these things that lie in one of these places; many are asked about together."""
    asked, places = set(things), tuple(within)
    codes = _codes(connection, asked)
    return {thing for thing in asked if any(lies_in(place, codes.get(thing, ())) for place in places)}


def villages_of(connection: Connection, things: Iterable[str]) -> list[str]:
    """The villages (12 digits) in which any of these things lies, in the order of their codes."""
    codes = {code for found in _codes(connection, set(things)).values() for code in found}
    return sorted({code[:_VILLAGE] for code in codes if code[:_VILLAGE].isdecimal() and len(code) >= _VILLAGE})


def _codes(connection: Connection, things: set[str]) -> dict[str, set[str]]:
    """The codes of each thing; many at once, for a case can be about a whole village. What is no thing is absent."""
    rows = {thing_id: head.columns for thing_id, head in heads(connection, things).items()}
    codes = {thing_id: {str(row[name]) for name in _CODES if row.get(name)} for thing_id, row in rows.items()}
    collectives = {str(row["collective_id"]) for row in rows.values() if "collective_id" in row}
    known = sa.select(ORGANISATION.c.party_id, ORGANISATION.c.code).where(among(ORGANISATION.c.party_id, "ids"))
    of_collective: dict[str, set[str]] = defaultdict(set)
    for party_id, code in _pairs(connection, known, collectives):
        of_collective[party_id].add(code)
    beneath = {thing_id: {str(row[name]) for name in _ABOUT if row.get(name)} for thing_id, row in rows.items()}
    on_these = set[str]().union(*beneath.values())
    below = _codes(connection, on_these) if on_these else {}
    for thing_id, row in rows.items():
        codes[thing_id] |= of_collective.get(str(row.get("collective_id")), set())
        codes[thing_id] |= set[str]().union(*(below.get(each, set()) for each in beneath[thing_id]))
    return codes


def _pairs(connection: Connection, query: sa.Select[Any], ids: set[str]) -> list[tuple[str, str]]:
    return [(one, other) for one, other in connection.execute(query, {"ids": sorted(ids)}).all()]
