"""How is a 农村土地承包经营权证 issued, reissued (补发, 换发), cancelled and handed over?

A certificate is a paper about rights that stand: every act here changes number, book and date of the paper and nothing
else of the right (causes.md: certificate-issued, certificate-reissued, certificate-cancelled). All rights of one contract
have one certificate. Old numbers stay with the old versions, where they are found for ever (invariant I9).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import sqlalchemy as sa

from registry import papers
from registry.certificates.paper import is_a_paper, papers_among
from registry.certificates.read import is_valid, received_on
from registry.certificates.refusals import (
    AlreadyIssued,
    AlreadyReceived,
    HeldBack,
    NoSuchCertificate,
    NoSuchContract,
    NotIssued,
    OutOfOrder,
)
from registry.certificates.series import BOOK, is_of_a_series, series_of
from registry.china import today
from registry.ledger.chain import state_at, timeline
from registry.restrictions.model import RESTRICTION_VERSION
from registry.rights import acts as rights
from registry.rights.model import RIGHT, RIGHT_VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.ledger.act import ActFields
    from registry.ledger.commit import Desk, Officer
    from registry.ledger.nouns import Version
    from registry.store.engines import Store

Reason = Literal["lost", "damaged", "changed"]
RECEIPT = "签收单"
"""What the signed receipt of a certificate is called as evidence."""
_HOLD_BACK = ("objection", "dispute")


@dataclass(frozen=True, slots=True)
class Issued:
    """One certificate: the contract's code, its number, and the number that it replaces ("" where none)."""

    code: str
    number: str
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class Contract:
    """The rights of one contract on a day, with the number that they have."""

    code: str
    rights: dict[str, Version]
    number: str


def issue(at: Desk, codes: Sequence[str], *, day: str, fields: ActFields) -> list[Issued]:
    """Give each contract a certificate, all or none, numbered on in the order given; the caller ends the transaction.

    Raises `NoSuchContract`, `AlreadyIssued`, `HeldBack`, `OutOfOrder`, `SeriesUnknown`.
    """
    series = series_of(at.store.settings, day)
    serial = series.next_serial(at.connection)
    out: list[Issued] = []
    for found in without_paper(at, codes, day):
        number = series.number(serial + len(out))
        _write(at, "certificate-issued", found, (number, BOOK, day), day, fields)
        out.append(Issued(found.code, number, found.number))
    return out


def reissue(at: Desk, code: str, *, day: str, fields: ActFields) -> Issued:
    """A new paper with a new number for one that was lost (补发), damaged or overtaken (换发).

    Raises `NoSuchContract`, `NotIssued`, `OutOfOrder`, `SeriesUnknown`.
    """
    found = with_paper(at, code, day)
    series = series_of(at.store.settings, day)
    number = series.number(series.next_serial(at.connection))
    _write(at, "certificate-reissued", found, (number, BOOK, day), day, fields)
    return Issued(code, number, found.number)


def cancel(at: Desk, code: str, *, day: str, fields: ActFields) -> str:
    """Cancel the paper of a contract (注销); its rights stand. Returns the number that was cancelled.

    Raises `NoSuchContract`, `NotIssued`, `OutOfOrder`.
    """
    found = with_paper(at, code, day)
    _write(at, "certificate-cancelled", found, ("", "", ""), day, fields)
    return found.number


def receive(
    store: Store, officer: Officer, number: str, *, day: str, name: str, id_type: str, id_number: str, source: str
) -> None:
    """Note that somebody signed for a certificate (领取: QZLQRQ, QZLQRXM, QZLQRZJHM); `source` is the signed receipt.

    Who signed is sealed. Raises `NoSuchCertificate`, `AlreadyReceived`, `OutOfOrder`.
    """
    if day > today(store):
        raise OutOfOrder(day)
    with store.reading() as connection:
        if not is_valid(connection, number, day):
            raise NoSuchCertificate(number, now=True)
        if received_on(store, connection, number):
            raise AlreadyReceived(number)
    detail = {"day": day, "name": name, "id_type": id_type, "id_number": id_number, "source": source}
    papers.enter(store, officer, papers.RECEIVED, number, bytes.fromhex(source), "领取", detail)


def with_paper(at: Desk, code: str, day: str) -> Contract:
    """A contract that has a certificate, not its mere code. Raises `NoSuchContract`, `NotIssued`, `OutOfOrder`."""
    found = _contract(at, code, day)
    if not is_a_paper(at.connection, found.number):
        raise NotIssued(code)
    return found


def without_paper(at: Desk, codes: Sequence[str], day: str) -> list[Contract]:
    """Contracts that may have their first certificate. Raises `NoSuchContract`, `AlreadyIssued`, `HeldBack`, `OutOfOrder`."""
    out = []
    for code in dict.fromkeys(codes):
        found = _contract(at, code, day)
        if is_of_a_series(at.store.settings, found.number):
            raise AlreadyIssued(code, found.number)
        _refuse_held_back(at, found)
        out.append(found)
    return out


def _contract(at: Desk, code: str, day: str) -> Contract:
    """The rights that stand under a contract's code on the day; one paper for all of them."""
    if day > today(at.store):
        raise OutOfOrder(day)
    query = sa.select(RIGHT_VERSION.c.thing_id).where(
        RIGHT_VERSION.c.unit_code == code, RIGHT_VERSION.c.thing.startswith("contract-")
    )
    standing: dict[str, Version] = {}
    numbers = set()
    for right_id in sorted(set(at.connection.scalars(query))):
        chain = at.chain(RIGHT, right_id)
        state = state_at(chain, day)
        if state is None or state.status == "ended" or state.columns["unit_code"] != code:
            continue
        standing[right_id] = state
        later = {s.version.columns["certificate_number"] for s in timeline(chain) if s.end is None or s.end > day}
        if len(later) > 1 or state.columns["certificate_date"] > day:
            raise OutOfOrder(day)
        numbers |= later
    if not standing:
        raise NoSuchContract(code, day)
    # A right that was added to the contract later has no paper yet: the contract's own is named.
    return Contract(code, standing, max(papers_among(at.connection, numbers) or numbers))


def _refuse_held_back(at: Desk, found: Contract) -> None:
    burdens = {burden for state in found.rights.values() for burden in json.loads(state.columns["burdens"])}
    lies = RESTRICTION_VERSION
    query = sa.select(lies.c.thing_id).where(lies.c.thing_id.in_(burdens), lies.c.restriction_kind.in_(_HOLD_BACK))
    in_doubt = any(state.status == "review" for state in found.rights.values())
    if in_doubt or (burdens and at.connection.execute(query).first() is not None):
        raise HeldBack(found.code)


def _write(at: Desk, kind: str, found: Contract, certificate: tuple[str, str, str], day: str, fields: ActFields) -> None:
    act = at.act(kind, day, fields)
    number, book, dated = certificate
    for right_id in found.rights:
        rights.change(act, right_id, certificate_number=number, certificate_book=book, certificate_date=dated)
