"""Who lies to the east, south, west and north of a parcel (四至), by the shapes and the holders of a day?

The *recorded* 四至 are what the survey wrote: a fact of that version, never rewritten. The *derived* ones are written from
geometry, as 户主名[地块名], each time they are asked for: so they follow every split, join and change of holder of the
parcels around, on any day and as known at any size of the log, and no neighbour's guarded version is touched for it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import shapely

from gis.topology import REACH_M, SIDES, sides
from registry import masks, parties
from registry.holding.model import HOLDING
from registry.ledger.chain import read_chains, state_at
from registry.parcels import read
from registry.parcels.box import Box
from registry.parcels.model import PARCEL
from registry.rights import read as rights
from registry.rights.model import RIGHT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sqlalchemy.engine import Connection

    from registry.ledger.nouns import Version
    from registry.masks import Reader
    from registry.store.engines import Store

_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A parcel on one side: its id and code, who holds it ("" where nobody does), what it is called there."""

    parcel_id: str
    code: str
    holder: str
    local_name: str

    def __repr__(self) -> str:
        """Never the name: a repr ends in logs."""
        return f"Neighbour({self.code})"

    def seen_by(self, reader: Reader) -> str:
        """As a 四至 is written: 户主名[地块名]. A local name can be a person's.

        >>> Neighbour("", "", "巴特尔", "西梁").seen_by("paper"), Neighbour("", "", "", "沙地").seen_by("paper")
        ('巴特尔[西梁]', '沙地')
        """
        holder = masks.shown("name", self.holder, reader) if self.holder else ""
        place = masks.shown("local_name", self.local_name, reader) if self.local_name else ""
        return _written(holder, place)


@dataclass(slots=True)
class FourSides:
    """The parcel's code, its recorded 四至 by side (in clear), and who lies there by the shapes."""

    code: str
    recorded: dict[str, str] = field(default_factory=dict)
    derived: dict[str, list[Neighbour]] = field(default_factory=dict)


def four_sides(
    store: Store, connection: Connection, parcel_id: str, *, valid_at: str, known_at: int
) -> FourSides | None:
    """The 四至 of a parcel on a day; None where it had no state on it, or had ended."""
    own = read.by_id(connection, parcel_id, valid_at=valid_at, known_at=known_at)
    if not own or own[0].status == "ended" or not isinstance(own[0].shape, shapely.Polygon):
        return None
    around = _around(connection, own[0].shape, {parcel_id}, valid_at, known_at)
    lying = sides(own[0].shape, [state.shape for state in around])
    wanted = sorted({around[at].parcel_id for each in lying.values() for at in each})
    said = _texts(store, connection, [parcel_id, *wanted], valid_at, known_at)
    holders = _holders(store, connection, wanted, valid_at, known_at)
    recorded = {side: said[parcel_id][side] for side in SIDES if said[parcel_id].get(side)}
    found = FourSides(own[0].code, recorded)
    for side, places in lying.items():
        there = [around[at] for at in places]
        found.derived[side] = [
            Neighbour(one.parcel_id, one.code, holders.get(one.parcel_id, ""), said[one.parcel_id].get("local_name", ""))
            for one in there
        ]
    return found


def sides_of_parts(
    store: Store, connection: Connection, parts: Mapping[str, shapely.Polygon], of: Sequence[str], *, valid_at: str, known_at: int
) -> dict[str, dict[str, list[Neighbour]]]:  # fmt: skip
    """The derived 四至 of parcels that would lie, by code, where those with the ids `of` lie on the day.

    The parts lie beside one another too: a neighbour without an id is one of them, and whoever holds the first of `of` holds it.
    """
    around = _around(connection, shapely.union_all(list(parts.values())), set(of), valid_at, known_at)
    lying = {}
    for code, shape in parts.items():
        others = [each for each in parts if each != code]
        names = [*(state.code for state in around), *others]
        there = sides(shape, [*(state.shape for state in around), *(parts[each] for each in others)])
        lying[code] = {side: [names[at] for at in places] for side, places in there.items()}
    met = {code for each in lying.values() for there in each.values() for code in there}
    ids = {state.code: state.parcel_id for state in around if state.code in met}
    wanted = [of[0], *ids.values()]
    said = _texts(store, connection, wanted, valid_at, known_at)
    holders = _holders(store, connection, wanted, valid_at, known_at)
    named = {}
    for code in met:
        whose = ids.get(code, of[0])
        named[code] = Neighbour(ids.get(code, ""), code, holders.get(whose, ""), said.get(whose, {}).get("local_name", ""))
    return {code: {side: [named[each] for each in there] for side, there in each.items()} for code, each in lying.items()}


def _around(
    connection: Connection, shape: shapely.Geometry, but: Collection[str], valid_at: str, known_at: int
) -> list[read.ParcelState]:
    west, south, east, north = shape.bounds
    box = Box(west - REACH_M, south - REACH_M, east + REACH_M, north + REACH_M)
    states = read.page(connection, valid_at=valid_at, known_at=known_at, limit=_MOST, box=box)
    return [state for state in states if state.parcel_id not in but]


def _written(holder: str, local_name: str) -> str:
    return f"{holder}[{local_name}]" if holder else local_name


def _texts(
    store: Store, connection: Connection, parcel_ids: list[str], valid_at: str, known_at: int
) -> dict[str, dict[str, str]]:
    chains = read_chains(connection, PARCEL, parcel_ids)
    states = _states(chains, valid_at, known_at)
    opened = read.texts(store, connection, [state.digest for state in states.values()])
    return {parcel_id: opened.get(state.digest, {}) for parcel_id, state in states.items()}


def _holders(
    store: Store, connection: Connection, parcel_ids: list[str], valid_at: str, known_at: int
) -> dict[str, str]:
    """Who holds the contract or homestead on each parcel: the household's representative, the person, the organisation."""
    right_of: dict[str, str] = {}
    for parcel_id in parcel_ids:
        lying = rights.on_parcel(connection, parcel_id, valid_at=valid_at, known_at=known_at)
        for right_id, thing, status in lying:
            if thing != "operating" and status != "ended":
                right_of.setdefault(parcel_id, right_id)
    held = _states(read_chains(connection, RIGHT, sorted(set(right_of.values()))), valid_at, known_at)
    holdings = [state.columns["holding_id"] for state in held.values() if state.columns["holding_id"]]
    lists = _states(read_chains(connection, HOLDING, sorted(set(holdings))), valid_at, known_at)
    party = {
        right_id: lists[state.columns["holding_id"]].columns["representative_id"]
        if state.columns["holding_id"]
        else state.columns["party_id"]
        for right_id, state in held.items()
    }
    names = _names(store, connection, party.values())
    return {parcel_id: names.get(party[right_id], "") for parcel_id, right_id in right_of.items()}


def _names(store: Store, connection: Connection, party_ids: Iterable[str]) -> dict[str, str]:
    wanted = list(dict.fromkeys(party_ids))
    people = {each: who.name for each, who in parties.identities(connection, store.vault, wanted).items()}
    return people | {each: one.name for each, one in parties.organisations(connection, wanted).items()}


def _states(chains: Mapping[str, list[Version]], valid_at: str, known_at: int) -> dict[str, Version]:
    states = {each: state_at(chain, valid_at, known_at) for each, chain in chains.items()}
    return {each: state for each, state in states.items() if state is not None}
