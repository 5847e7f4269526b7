"""What do the lists of the supervision bureau say, and its monthly sample: as plain values, the same for every door?"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pydantic import Field

from api.answers.events import Strict, Words
from registry import supervision
from registry.ledger.drawing import HEX, MONTH
from registry.supervision.sheet import sheet

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from api.asked import Moment
    from registry.ledger.drawing import Seal
    from registry.store.engines import Store
    from registry.supervision import Listing
    from registry.supervision.redrawing import Redrawn
    from registry.supervision.sampling import Sample

Answer = dict[str, Any]


def overview(store: Store, connection: Connection, at: Moment) -> Answer:
    """Each list with its number of rows and how it was counted."""
    lists = [one(store, connection, at, name).as_json() for name in supervision.LISTS]
    return {"as_of": at.facts(), "lists": [{k: v for k, v in each.items() if k not in {"rows", "columns"}} for each in lists]}


def one(store: Store, connection: Connection, at: Moment, name: str) -> Listing:
    """One list. KeyError for a word that is none."""
    return supervision.listing(name, store, connection, valid_at=at.valid_at, known_at=at.known_at)


def told(store: Store, connection: Connection, at: Moment, name: str) -> Answer:
    """One list as plain values."""
    return {"as_of": at.facts(), **one(store, connection, at, name).as_json()}


def as_sheet(store: Store, connection: Connection, at: Moment, name: str, form: str) -> bytes:
    """One list as csv or xlsx."""
    return sheet(one(store, connection, at, name), form)


class SealIn(Strict):
    """A number's hash for the next month."""

    month: Words = Field(pattern=f"^{MONTH.pattern}$", examples=["2026-12"])
    number_hash: Words = Field(pattern=f"^{HEX.pattern}$", examples=["a" * 64])


class DrawIn(Strict):
    """The number that was sealed."""

    month: Words = Field(pattern=f"^{MONTH.pattern}$", examples=["2026-12"])
    number: Words = Field(pattern=f"^{HEX.pattern}$", examples=["a" * 64])


def sealed(made: Seal) -> Answer:
    """What was sealed, as it stands in the log."""
    return {"month": made.month, "entry": made.idx, "families": made.n, "drawn": made.k, "line": made.line}


def drawn(of: Sample) -> Answer:
    """The families that were drawn, in their order; no name."""
    families = [asdict(one) | {"households": list(one.households), "people": list(one.people)} for one in of.families]
    return {"month": of.month, "line": of.reveal.line if of.reveal else "", "families": families}


def redrawn(found: Redrawn) -> Answer:
    """What a stranger found in the published log."""
    return {
        "month": found.month,
        "ok": found.ok,
        "seal": found.seal.line if found.seal else None,
        "reveal": found.reveal.line if found.reveal else None,
        "drawn": list(found.drawn),
        "faults": [{"zh": zh, "en": en} for zh, en in found.faults],
        "unproved": [{"zh": zh, "en": en} for zh, en in found.unproved],
    }
