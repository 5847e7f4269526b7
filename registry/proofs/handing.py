"""How is a certificate handed out: made from one view of the register, logged with its purpose, then given?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from registry import masks, papers, parties
from registry.china import today
from registry.holding.model import HOLDING
from registry.looks.keeping import looked
from registry.proofs import making, subject
from registry.proofs.paper import Heading, paper_pdf

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from registry.ledger.commit import Officer
    from registry.masks import Reader
    from registry.proofs.making import Chosen, Made
    from registry.proofs.subject import Subject
    from registry.store.engines import Store

Form = Literal["json", "pdf"]
NAMING = frozenset({"texts", "names"})
"""What tells names: given on the register's own machine only."""


@dataclass(frozen=True, slots=True)
class Order:
    """For whom (a person's id, or a contracting household's code), what is told, who makes it, for what.

    `reader`: who sees how much of the name on the paper; who sees no name whole is told nothing of `NAMING`. `host`
    opens the code on the paper.
    """

    of: Literal["person", "household"]
    whose: str
    chosen: Chosen
    officer: Officer
    purpose: str
    form: Form = "json"
    reader: Reader = "desk"
    host: str = ""


@dataclass(frozen=True, slots=True)
class Handed:
    """A certificate with its bytes in the form that was asked for, and its row in the log of papers."""

    made: Made
    content: bytes
    logged: str


def hand_out(store: Store, order: Order) -> Handed:
    """Make a certificate and log it; the row stands before anybody has the bytes.

    Raises PurposeMissingError, PersonNotFoundError, NoSuchHousehold, and what `making.make` raises.
    """
    papers.stated(order.purpose)
    with store.reading() as connection:
        whose = subject_of(store, connection, order.of, order.whose)
        chosen = order.chosen
        if not masks.sees("name", order.reader):
            chosen = making.Chosen(chosen.things, chosen.show - NAMING, chosen.event)
        made = making.make(store, connection, whose, chosen)
        content = made.raw
        if order.form == "pdf":
            content = paper_pdf(made, whose, Heading(_name(store, connection, whose, order), order.host))
    detail = {"of": order.whose, "show": sorted(chosen.show), "things": sorted(chosen.things), "form": order.form}
    logged = papers.enter(
        store, order.officer, "certificate", made.verdict.digest.hex(), made.verdict.digest, order.purpose, detail
    )
    looked(store, order.officer, sorted(whose.people), "certificate", order.purpose.strip())
    return Handed(made, content, logged)


def subject_of(store: Store, connection: Connection, of: str, whose: str) -> Subject:
    """A person by id, or a household by code. PersonNotFoundError, NoSuchHousehold."""
    if of == "household":
        return subject.household(connection, whose, today(store))
    return subject.person(connection, whose)


def _name(store: Store, connection: Connection, whose: Subject, order: Order) -> str:
    """The person's name, or that of the household's representative; nothing where no name is told."""
    if "person" not in order.chosen.show:
        return ""
    person = whose.name
    if order.of == "household":
        books = whose.reach.chains[HOLDING.name]
        person = max((chain[-1] for chain in books.values()), key=lambda v: v.cause_idx).columns["representative_id"]
    who = parties.identities(connection, store.vault, [person]).get(person)
    if who is None:
        return ""
    name = masks.shown("name", who.name, order.reader)
    return name if order.of == "person" else f"{name} 户"
