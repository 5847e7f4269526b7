"""What stands on the pages of `/my`: each right as one row, what changed, what stops it, who else holds it?

The reader's own name and the local names of their land are in clear, for that is whose page it is; everybody else on it is masked.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from registry import china, entitlements, masks, parties
from registry import statement as statements
from registry.accounts.refusals import NotThereError
from registry.certificates import is_a_paper
from registry.holding import read as holdings
from registry.holding.model import HOLDING
from registry.law import causes
from registry.ledger import read as ledger
from registry.ledger.chain import read_chains, state_at, timeline
from registry.neighbours import four_sides
from registry.parcels.model import PARCEL
from registry.parcels.read import texts
from registry.remarks import remarks_of
from registry.restrictions.model import RESTRICTION
from registry.rights.model import CONTRACTS, RIGHT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection

    from registry.ledger.nouns import Version
    from registry.masks import Reader
    from registry.store.engines import Store

Answer = dict[str, Any]
ON_IT = {
    "mortgage": ("抵押了", "mortgaged"),
    "seizure": ("法院查封着", "seized by a court"),
    "objection": ("有人提了异议", "an objection stands"),
    "dispute": ("有争议", "in dispute"),
}
"""Why a right can't be moved now, by the kind of restriction."""
SIDES = {"east": ("东", "east"), "south": ("南", "south"), "west": ("西", "west"), "north": ("北", "north")}


@dataclass(frozen=True, slots=True)
class Page:
    """What the first page tells. `name` is in clear for oneself, masked for a relative."""

    name: str
    day: str
    told: Answer
    rows: list[Answer]
    services: int


def first_page(store: Store, connection: Connection, person: str, *, own: bool) -> Page:
    """The statement of today, its rights as rows. PersonNotFoundError."""
    day = china.today(store)
    told = statements.statement(store, connection, person)
    known = told["ledger"]["size"]
    name = parties.identities(connection, store.vault, [person])[person].name
    status = entitlements.status_of(store, connection, person, valid_at=day, known_at=known)
    reader: Reader = "own" if own else "relative"
    rows = [_shown(store, connection, right, day, known, reader) for right in told["rights"]]
    return Page(masks.shown("name", name, reader), day, told, rows, len(entitlements.entitled(status, day)))


def benefits(told: Answer) -> list[Answer]:
    """The benefits that are paid on, as the statement compares them."""
    return [each for each in told["things"] if each["noun"] == "benefit" and _stands(each)]


def _stands(thing: Answer) -> bool:
    return thing["now"] is not None and thing["now"]["status"] != "ended"


def _shown(store: Store, connection: Connection, right: Answer, day: str, known: int, reader: Reader) -> Answer:
    """One right: its areas are the contracted ones, as on the paper at home; where none is stated the surveyed."""
    return {
        "id": right["id"],
        "thing": right["thing"],
        "name": right["name"],
        "ended": right["status"] == "ended",
        "mu": _area(right, "mu"),
        "m2": _area(right, "m2"),
        "pieces": len(right["parcels"]),
        "local": _local_names(store, connection, right, day, known, reader),
        "share": right["share"],
        "until": right["term"][1],
        "goes_on": right["thing"] in CONTRACTS and bool(right["term"][1]),
        "no_term": right["thing"] == "homestead" and not right["term"][1],
        "on_it": _on_it(connection, right, day),
        "certificate": right["certificate"] if is_a_paper(connection, right["certificate"]) else "",
        "unit_code": right["unit_code"],
        "book": right["authoritative_book"]["text"],
        "parcels": right["parcels"],
        "holder": right["holder_id"],
    }


def _area(right: Answer, unit: str) -> Decimal:
    parts = (each[f"contract_area_{unit}"] or each.get(f"surveyed_area_{unit}") or 0 for each in right["parcels"])
    return sum((Decimal(part) for part in parts), Decimal(0))


def _local_names(
    store: Store, connection: Connection, right: Answer, day: str, known: int, reader: Reader
) -> list[str]:
    chains = read_chains(connection, PARCEL, [each["id"] for each in right["parcels"]])
    states = [state_at(chain, day, known) for chain in chains.values()]
    opened = texts(store, connection, [state.digest for state in states if state is not None])
    called = (said["local_name"] for said in opened.values() if said.get("local_name"))
    return list(dict.fromkeys(masks.shown("local_name", name, reader) for name in called))


def _on_it(connection: Connection, right: Answer, day: str) -> list[tuple[str, str]]:
    burdens = read_chains(connection, RESTRICTION, json.loads(right["burdens"]))
    standing = [state for chain in burdens.values() if (state := state_at(chain, day)) is not None and state.status != "ended"]
    return [ON_IT[kind] for kind in dict.fromkeys(state.columns["restriction_kind"] for state in standing) if kind in ON_IT]


def right_page(store: Store, connection: Connection, person: str, right_id: str, *, own: bool) -> Answer:
    """One right of theirs: who holds it with them, who lies beside it, on which paper, what was registered when. NotThereError."""
    day = china.today(store)
    told = statements.statement(store, connection, person)
    known = told["ledger"]["size"]
    right = next((each for each in told["rights"] if each["id"] == right_id), None)
    if right is None:
        raise NotThereError
    thing = next((each for each in told["things"] if each["id"] == right_id), None)
    return {
        **_shown(store, connection, right, day, known, "own" if own else "relative"),
        "day": day,
        "verdict": thing,
        "together": _together(store, connection, right_id, person, day),
        "sides": [_sides(store, connection, each, day, known) for each in right["parcels"]],
        "history": history(connection, right_id),
        "remarks": remarks_of(store, connection, [right_id], known).get(right_id, ()),
    }


def _together(store: Store, connection: Connection, right_id: str, person: str, day: str) -> list[Answer]:
    """Whoever stands on the list that holds it, masked; the reader first."""
    state = state_at(read_chains(connection, RIGHT, [right_id])[right_id], day)
    holding = None if state is None else state.columns["holding_id"]
    if holding is None:
        return []
    of_list = state_at(read_chains(connection, HOLDING, [holding])[holding], day)
    lines = [] if of_list is None else [line for line in holdings.members(of_list) if line.alive and line.co_holder]
    known = parties.identities(connection, store.vault, [line.person_id for line in lines])
    named = [{"you": each == person, "name": masks.shown("name", who.name, "relative")} for each, who in known.items()]
    return sorted(named, key=lambda each: not each["you"])


def _sides(store: Store, connection: Connection, parcel: Answer, day: str, known: int) -> Answer:
    found = four_sides(store, connection, parcel["id"], valid_at=day, known_at=known)
    derived = {} if found is None else found.derived
    recorded = {} if found is None else found.recorded
    beside = []
    for side, (zh, en) in SIDES.items():
        surveyed = [masks.shown("neighbours", recorded[side], "relative")] if side in recorded else []
        beside.append({"zh": zh, "en": en, "there": [one.seen_by("relative") for one in derived.get(side, ())] or surveyed})
    return {"code": parcel.get("code", ""), "beside": beside}


def history(connection: Connection, right_id: str) -> list[Answer]:
    """What was registered of a right, oldest first: the day, the act in words, the place in the log."""
    chain: Sequence[Version] = read_chains(connection, RIGHT, [right_id])[right_id]
    kinds = causes.kinds()
    versions = [stretch.version for stretch in timeline(chain)]
    acts = {version.cause_idx: (version.act_day, kinds[version.cause_kind]) for version in versions}
    return [{"day": day, "zh": kind.zh, "en": kind.en, "entry": entry} for entry, (day, kind) in sorted(acts.items())]


def services(store: Store, connection: Connection, person: str) -> list[Any]:
    """Which services of the town they have now, from status alone."""
    day = china.today(store)
    status = entitlements.status_of(store, connection, person, valid_at=day, known_at=ledger.size(connection))
    return list(entitlements.entitled(status, day))
