"""Which rights are there, and may the operating right of each be let now; if not, why not?"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from registry import statement as statements
from registry.guarantee.reach import Reach
from registry.holding import read as holdings
from registry.holding.model import HOLDING
from registry.ledger.chain import read_chains, state_at
from registry.parcels import read as parcels
from registry.parcels.model import PARCEL
from registry.restrictions.model import RESTRICTION
from registry.rights import read
from registry.rights.compared import last_compared
from registry.rights.model import RIGHT, THINGS
from registry.transferability import transferability

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from api.asked import Moment
    from registry.ledger.nouns import Version
    from registry.parcels.box import Box

Answer = dict[str, Any]
# What a question calls a trade, and what the dated rules call it.
TRADES = {"lease": "leased"}


def rights(  # noqa: PLR0913  (what is asked, as of when, from where, how many)
    connection: Connection,
    at: Moment,
    *,
    kind: str | None = None,
    village: str | None = None,
    box: Box | None = None,
    holder: str | None = None,
    transferable: str | None = None,
    years: int = 1,
    after: str | None = None,
    limit: int = 100,
) -> Answer:
    """A page of rights that stand on the day. With `transferable` each carries the answer and its reasons."""
    ids = read.page(
        connection,
        valid_at=at.valid_at,
        known_at=at.known_at,
        after=after or "",
        limit=limit + 1,
        things=None if kind is None else [thing for thing in THINGS if thing.partition("-")[0] == kind],
        issuer_ids=None if village is None else parcels.villages(connection, village),
        holder_ids=None if holder is None else _held_by(connection, holder, at),
        box=box,
    )
    chains = read_chains(connection, RIGHT, ids[:limit])
    states = {right_id: state_at(chain, at.valid_at, at.known_at) for right_id, chain in chains.items()}
    standing = {right_id: state for right_id, state in states.items() if state is not None}
    lying = {line["parcel_id"] for state in standing.values() for line in state.children["right_parcel"]}
    found = Reach((), {RIGHT.name: chains, PARCEL.name: read_chains(connection, PARCEL, sorted(lying))})
    rows = {
        right_id: statements.right_facts(found, right_id, state, at.valid_at, at.known_at)
        for right_id, state in standing.items()
    }
    statements.with_comparisons(list(rows.values()), last_compared(connection, list(rows), at.known_at))
    if transferable is not None:
        for right_id, answer in _judged(connection, standing, at, TRADES[transferable], years).items():
            rows[right_id]["transferable"] = answer
    return {
        "as_of": at.facts(),
        "rights": [rows[right_id] for right_id in ids[:limit]],
        "next": ids[limit - 1] if len(ids) > limit else None,
    }


def _held_by(connection: Connection, holder: str, at: Moment) -> list[str]:
    """The holder, and the holdings whose list names them on the day."""
    named = read_chains(connection, HOLDING, holdings.of_person(connection, holder))
    out = [holder]
    for holding_id, chain in named.items():
        state = state_at(chain, at.valid_at, at.known_at)
        if state is not None and any(m.person_id == holder for m in holdings.members(state)):
            out.append(holding_id)
    return out


def _judged(
    connection: Connection, standing: dict[str, Version], at: Moment, trade: str, years: int
) -> dict[str, Answer]:
    burdens = sorted({b for state in standing.values() for b in json.loads(state.columns["burdens"])})
    restrictions = read_chains(connection, RESTRICTION, burdens)
    operating = read_chains(connection, RIGHT, [b for b in burdens if b not in restrictions])
    return {
        right_id: asdict(
            transferability(
                state, restrictions, operating, day=at.valid_at, years=years, kind=trade, known_at=at.known_at
            )
        )
        for right_id, state in standing.items()
    }
