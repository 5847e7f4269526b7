"""Which contracts of a village are due for one, who signed for it, and what is told of one by its number?

No name is in an answer: a number leads to rights, and who holds them is asked elsewhere.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from api.answers.events import Day, Hash, OfficerIn, Strict, Words
from api.asked import FIELDS
from registry import certificates

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from api.asked import Moment
    from registry.store.engines import Store

Answer = dict[str, Any]
DESKS = ("agriculture", "forestry")


class ReceiptOrder(Strict):
    """Who signed for a certificate (`id_type`: NY/T 2539 C.15), and the hash of the receipt that they signed."""

    number: Words = Field(min_length=1, max_length=100, examples=[FIELDS["number"].example])
    day: Day
    name: Words = Field(min_length=1)
    id_type: Literal["1", "2", "3", "4", "5", "9"] = "1"
    id_number: Words = Field(min_length=1, max_length=40)
    source: Hash
    officer: OfficerIn


def receive(store: Store, sent: ReceiptOrder) -> Answer:
    """Note who signed for a certificate; nothing of them is answered. Raises `CertificateError`."""
    certificates.receive(
        store,
        sent.officer.officer(),
        sent.number,
        day=sent.day,
        name=sent.name,
        id_type=sent.id_type,
        id_number=sent.id_number,
        source=sent.source,
    )
    return {"number": sent.number, "received_on": sent.day}


def certificate(connection: Connection, number: str, at: Moment) -> Answer:
    """What is known of a number, an old or cancelled one included. Raises `NoSuchCertificate`."""
    found = certificates.find(connection, number, at.known_at)
    return {
        "number": found.number,
        "valid": found.valid,
        "as_of": at.facts(),
        "rights": [asdict(each) for each in found.rights],
    }


def due(store: Store, connection: Connection, village: str, at: Moment) -> Answer:
    """A village's contracts without a certificate, and the case by which each desk issues them; None where it has none."""
    found = certificates.contracts_without(store, connection, village, at.valid_at, at.known_at)
    about: dict[str, list[str]] = {desk: [] for desk in DESKS}
    for right in found.values():
        about["forestry" if right.thing == certificates.FOREST else "agriculture"].append(right.id)
    cases = {desk: {"kind": "certificate-issued", "subject": ids, "request": {}} if ids else None for desk, ids in about.items()}
    return {"village": village, "as_of": at.facts(), "contracts": list(found), "cases": cases}


def spoiled(store: Store, connection: Connection) -> Answer:
    """作废证书本: which prints went wrong, by number, day and bureau, with their count."""
    rows = [
        {"number": paper.about, "at": paper.at, "bureau": paper.detail["bureau"]}
        for paper in certificates.spoiled(store, connection)
    ]
    return {"count": len(rows), "spoiled": rows}
