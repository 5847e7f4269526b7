"""Which register do the invariants look at? The made-up family's, with every kind of burden running, before a move.

`settled` gives one register an engine, after the move, to tests that write nothing; `unsettled` makes a fresh one.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from registry import residence
from registry.catalogue import NOUNS
from registry.guarantee.compare import Guarantee, guarantee
from registry.guarantee.projection import Projection, project
from registry.guarantee.reach import reach
from registry.law import causes
from registry.ledger.act import ActFields, Will
from registry.ledger.chain import state_at
from registry.ledger.commit import desk
from registry.ledger.nouns import Noun
from registry.ledger.position import position
from registry.particulars import Particulars
from registry.parties import Identity
from registry.rights import acts as rights
from registry.rights.acts import Contracted, Holder, Terms
from registry.settlement import Event, Recorded, record
from registry.store.engines import Store
from tests.registry import made_up
from tests.registry.made_up import CLERK, MOVED, Village

LATER = "2026-11-25"


def family_wills(village: Village) -> tuple[Will, ...]:
    """Everybody's own signature; a parent signs beside each of the two children."""
    minors = set(village.people[2:4])
    return tuple(Will(p, "a" * 64, village.people[0] if p in minors else None) for p in village.people)


def registered(store: Store) -> Village:
    """The village, the family's registrations, and every kind of burden on its rights."""
    village = made_up.register_village(store)
    made_up.register_hukou(store, village)
    burdened(store, village)
    return village


def burdened(store: Store, village: Village) -> None:
    """A lease, a mortgage, a seizure, an objection, a dispute, all running on the day of the move."""
    arable = village.rights["contract-arable"]
    with desk(store, CLERK) as at:
        act = at.act("leased", "2017-01-01", ActFields(basis="出租合同", wills=family_wills(village)))
        unit = rights.unit(
            act, kind="contract", code="L1", issuer_id=village.collective, method="", signed_on="2017-01-01"
        )
        village.rights["operating"] = rights.let(
            act,
            arable,
            Holder(party_id=village.collective),
            Terms(unit, "L1", "2017-01-01", "2026-12-31"),
            [Contracted(village.parcels["arable"], "31000.00", "46.50")],
        )
        for kind, sort, on in (
            ("mortgaged", "mortgage", "contract-arable"),
            ("seized", "seizure", "contract-grass"),
            ("objected", "objection", "homestead"),
            ("disputed", "dispute", "income-0"),
        ):
            act = at.act(kind, "2017-02-01", ActFields(basis=f"{sort} 1", wills=family_wills(village)))
            village.rights[sort] = rights.burden(
                act,
                village.rights[on],
                restriction_kind=sort,
                parties={"lender": "信用社"},
                document=f"{sort} 1",
                amount="50000.00",
                rank=1,
            )
        at.commit()


def event_of_every_kind(store: Store, village: Village, day: str = MOVED) -> list[Recorded]:
    """Each of the 27 kinds of class H once, about the head of the family or all of it."""
    head = village.people[0]
    out: list[Recorded] = []
    for kind in causes.status_kinds():
        given: dict[str, Any] = {"people": (head,), "key": f"one {kind}"}
        if kind.startswith("permit"):
            status = {"permit-issued": "issued", "permit-endorsed": "endorsed", "permit-suspended": "suspended"}
            given["permits"] = {head: (status.get(kind, "lapsed"), "150626")}
        elif kind.startswith("identity"):
            given["identities"] = {head: Identity("达楞太", made_up.id_number("19740312", 101), sex="1")}
        elif kind == "particulars-recorded":
            given["particulars"] = {head: Particulars("02", "71")}
        elif kind == "event-cancelled":
            given["cancels"] = out[-1].idx
        elif kind in {"birth-registered", "adoption-registered", "registered-first"}:
            given["newcomers"] = (Identity("苏日娜", made_up.id_number("20170501", 600 + len(out))),)
            given["registrations"] = (made_up.town("new:0", day),)
        else:
            given["registrations"] = (made_up.town(head, day),)
        out.append(record(store, Event(kind, day, **given), "王警官", "公安局"))
    return out


def verdict(
    store: Store,
    person: str,
    event_idx: int,
    valid_at: str = LATER,
    known_at: int | None = None,
    connection: Connection | None = None,
) -> Guarantee:
    """The guarantee for a person across one event, read through a connection of one's own where given."""
    if connection is None:
        with store.reading() as reading:
            return verdict(store, person, event_idx, valid_at, known_at, reading)
    event = next(e for e in residence.events_of(connection, person, known_at) if e.idx == event_idx)
    return guarantee(store, connection, person, event, valid_at=valid_at, known_at=known_at)


def projections(
    store: Store, person: str, valid_at: str = LATER, known_at: int | None = None
) -> dict[str, Projection | None]:
    """π of everything within a person's reach on a day, as known at a size of the log."""
    with store.reading() as connection:
        found = reach(connection, person)
        return {
            thing_id: project(noun, found, thing_id, partial(state_at, valid_at=valid_at, known_at=known_at))
            for noun, thing_id in found.things()
        }


def everything(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every guarded table, byte for byte."""
    with store.reading() as connection:
        return {
            table.name: sorted(tuple(map(repr, row)) for row in connection.execute(sa.select(table)))
            for noun in NOUNS
            for table in (noun.table, *noun.children)
        }


def size(store: Store) -> int:
    """How long the log is."""
    with store.reading() as connection:
        return position(connection).size


def state_root(store: Store) -> str | None:
    """The last state root."""
    with store.reading() as connection:
        return position(connection).st


def noun_named(name: str) -> Noun:
    """A noun by its name."""
    return next(noun for noun in NOUNS if noun.name == name)
