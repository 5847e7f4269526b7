"""What stands on the sheets of some parcels: each with its rights, its holders' names, its own words, its neighbours?

A *plot* is a parcel as a sheet shows it; *land* is plots read together from one unchanging view, for one reader
(`registry.masks`). Only the register's own machine makes sheets with names, local names, 四至 and notes, and each making is
logged (`registry.papers`); for anybody else names are masked and the rest is never opened.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from registry import masks, parties
from registry.china import today
from registry.guarantee.explain import thing_words
from registry.holding import read as holdings
from registry.holding.model import HOLDING
from registry.holding.notes import fields_of
from registry.law import causes
from registry.ledger.chain import read_chains, state_at
from registry.ledger.evidence import texts_of
from registry.ledger.log import head_of
from registry.parcels import read as parcels
from registry.parcels.box import Box
from registry.parcels.model import PARCEL
from registry.remarks import remarks_of
from registry.rights import read as rights

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray
    from sqlalchemy.engine import Connection

    from registry.ledger.log import LogHead
    from registry.ledger.nouns import Version
    from registry.masks import Reader
    from registry.parcels.read import ParcelState
    from registry.rights.read import RightLine
    from registry.store.engines import Store

ADJOINS_M = 0.5
"""Land nearer than this adjoins: neighbours' lines differ by centimetres, a ridge between fields by less."""
# Acts after which the boundary is the one that stood before.
_LEAVE_THE_LINE = frozenset({"recoded", "clerical-slip", "building-recorded", "restored"})
_MANY = 1_000_000
_NAMELESS = "（名称未登记）"
"""A group of households that holds by shares has no name of its own."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds: code (承包方编码, or "" where there is none), the representative's name, all co-holders' names.

    `relations` are theirs to the representative (GB/T 4761), in the same order.
    """

    holder_id: str
    code: str
    name: str
    co_holders: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()
    surveyed_on: str = ""

    def __repr__(self) -> str:
        """Never a name: a repr ends in logs."""
        return "Holder(…)"


@dataclass(frozen=True, slots=True, eq=False)
class Plot:
    """A parcel with what a sheet tells of it. `bounded` is the act that gave it its line: day and Chinese name."""

    state: ParcelState
    texts: dict[str, str]
    bounded: tuple[str, str]
    buildings: int
    lines: tuple[RightLine, ...]
    holders: tuple[Holder, ...]
    remarks: tuple[str, ...] = ()
    """附记: what the surveyor wrote of the plot, for whom it is to be read, and the sentences of its rights."""

    def __repr__(self) -> str:
        """Never a name or a local name: a repr ends in logs."""
        return f"Plot({self.state.code})"

    @property
    def held(self) -> list[tuple[RightLine, Holder]]:
        """The rights that hold the land itself, with who holds each: operating rights are a burden on those."""
        return [(line, who) for line, who in zip(self.lines, self.holders, strict=True) if line.thing != "operating"]

    def named(self) -> str:
        """How a neighbour is written: 户主名[地块名]; the collective's name where nobody holds it."""
        held = self.held
        who = "、".join(dict.fromkeys(holder.name for _, holder in held)) or self.state.issuer_name
        place = self.texts.get("local_name", "")
        return f"{who}[{place}]" if place else who


@dataclass(slots=True)
class Land:
    """Plots in the order of their codes, as of a day and a size of the log."""

    store: Store
    day: str
    head: LogHead
    plots: list[Plot]
    reader: Reader
    _tree: shapely.STRtree | None = None
    _shapes: NDArray[np.object_] = field(default_factory=lambda: np.array([], dtype=object))

    def near(self, shape: shapely.Geometry, within_m: float) -> list[Plot]:
        """The plots of this land that lie within so many metres of a shape, in the order of their codes."""
        if self._tree is None:
            self._shapes = np.array([plot.state.shape for plot in self.plots], dtype=object)
            self._tree = shapely.STRtree(self._shapes)
        found = self._tree.query(shape, predicate="dwithin", distance=within_m)
        return [self.plots[at] for at in sorted(found.tolist())]


@dataclass(frozen=True, slots=True)
class AsOf:
    """One view of the register: a connection, a day, a size of the log, and for whom it is drawn."""

    store: Store
    connection: Connection
    day: str
    head: LogHead
    reader: Reader

    @classmethod
    def of(
        cls, store: Store, connection: Connection, valid_at: str | None, known_at: int | None, *, reader: Reader
    ) -> AsOf:
        """Today, now, where neither is given."""
        return cls(store, connection, valid_at or today(store), head_of(store, connection, known_at), reader)

    @property
    def when(self) -> dict[str, Any]:
        """The two times as readers of the register bind them."""
        return {"valid_at": self.day, "known_at": self.head.size}


def states_in(at: AsOf, box: tuple[float, float, float, float]) -> list[ParcelState]:
    """Every parcel whose box meets this one (west, south, east, north in metres)."""
    return parcels.page(at.connection, **at.when, limit=_MANY, box=Box(*box))


def states_of_villages(at: AsOf, village_ids: Sequence[str]) -> list[ParcelState]:
    """Every parcel of these collectives."""
    return parcels.page(at.connection, **at.when, limit=_MANY, village_ids=village_ids)


def land_of(at: AsOf, states: Iterable[ParcelState]) -> Land:
    """Read what sheets tell of these parcels."""
    ordered = sorted(states, key=lambda state: (state.code, state.parcel_id))
    ids = [state.parcel_id for state in ordered]
    versions = _versions(at, ids)
    digests = [version.digest for version, _ in versions.values()]
    texts = texts_of(at.store, at.connection, digests, "texts") if masks.sees("neighbours", at.reader) else {}
    lying: dict[str, list[RightLine]] = {}
    for line in rights.lines_on(at.connection, ids, **at.when):
        lying.setdefault(line.parcel_id, []).append(line)
    homesteads = [line.right_id for lines in lying.values() for line in lines if line.thing == "homestead"]
    said = remarks_of(at.store, at.connection, homesteads, at.head.size)
    who = _holders(at, (line for lines in lying.values() for line in lines))
    plots = []
    for state in ordered:
        version, bounded = versions[state.parcel_id]
        lines = tuple(lying.get(state.parcel_id, ()))
        buildings = len(json.loads(version.columns["buildings"]))
        holders = tuple(who[line.holder_id] for line in lines)
        words = texts.get(version.digest) or {}
        own = words.get("remark", "") if masks.sees("remarks", at.reader) else ""
        remarks = dict.fromkeys((*([own] if own else []), *(each for line in lines for each in said.get(line.right_id, ()))))
        plots.append(Plot(state, words, bounded, buildings, lines, holders, tuple(remarks)))
    return Land(at.store, at.day, at.head, plots, at.reader)


def _versions(at: AsOf, ids: Sequence[str]) -> dict[str, tuple[Version, tuple[str, str]]]:
    """Each parcel's version in force, with the act that drew its line: day and Chinese name."""
    out = {}
    for parcel_id, chain in read_chains(at.connection, PARCEL, ids).items():
        known = [v for v in chain if v.cause_idx < at.head.size and v.act_day <= at.day]
        version = state_at(known, at.day)
        if version is not None:
            line = next((v for v in reversed(known) if v.cause_kind not in _LEAVE_THE_LINE), known[0])
            out[parcel_id] = (version, (line.act_day, causes.kinds()[line.cause_kind].zh))
    return out


def _holders(at: AsOf, lines: Iterable[RightLine]) -> dict[str, Holder]:
    """Who stands behind each holder's id, in four questions for all of them."""
    wanted = {line.holder_id: line for line in lines}
    chains = read_chains(at.connection, HOLDING, [line.holding_id for line in wanted.values() if line.holding_id])
    lists = {holding: state_at(chain, at.day, at.head.size) or chain[-1] for holding, chain in chains.items()}
    people = {version.columns["representative_id"] for version in lists.values()}
    people |= {member.person_id for version in lists.values() for member in holdings.members(version)}
    people |= {line.party_id for line in wanted.values() if line.party_id}
    known = parties.identities(at.connection, at.store.vault, people)
    names = {person: masks.shown("name", who.name, at.reader) for person, who in known.items()}
    names |= {
        party: organisation.name
        for party, organisation in parties.organisations(at.connection, people - known.keys()).items()
    }
    digests = (v.digest for v in lists.values())
    notes = texts_of(at.store, at.connection, digests, "notes") if masks.sees("remarks", at.reader) else {}
    out = {}
    for holder_id, line in wanted.items():
        version = lists.get(line.holding_id or "")
        if version is None:
            out[holder_id] = Holder(holder_id, "", names.get(line.party_id or "", _NAMELESS))
            continue
        members = [m for m in holdings.members(version) if m.co_holder and m.alive]
        out[holder_id] = Holder(
            holder_id,
            version.columns["code"],
            names.get(version.columns["representative_id"], ""),
            tuple(names.get(member.person_id, "") for member in members),
            tuple(member.relation for member in members),
            _surveyed(notes.get(version.digest)),
        )
    return out


def _surveyed(notes: str | None) -> str:
    """The day on which the household was surveyed (CBFDCRQ), as its notes have it; "" where they don't."""
    day = str(fields_of(notes).get("cbfdcrq", ""))
    return f"{day[:4]}-{day[4:6]}-{day[6:8]}" if len(day) == len("20160701") and day.isdigit() else day[:10]


def right_name(line: RightLine) -> str:
    """The plain Chinese name of a right."""
    return thing_words(line.thing).zh
