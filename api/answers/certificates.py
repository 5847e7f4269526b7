"""How is a certificate issued, reissued, cancelled, and what is told of one by its number: to service and command alike?

No name is in an answer: a number leads to rights, and who holds them is asked elsewhere.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from api.answers.events import Day, Hash, OfficerIn, Strict, Words
from api.asked import FIELDS
from registry import certificates
from registry.errors import SanquanError

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from api.asked import Moment
    from registry.store.engines import Store

Answer = dict[str, Any]
ContractCode = Annotated[str, Field(pattern=r"^[0-9]{18}[A-Z]$", examples=["150626100210000001J"])]


class WhyError(SanquanError):
    """Raised when an order says no reason, or one that its kind has not, or several contracts where one is meant."""

    def __init__(self) -> None:
        """Every kind with what it asks for."""
        super().__init__(
            "issue 可以有多份合同, 不写 reason; reissue 和 cancel 一次一份合同: "
            "reissue 的 reason 是 lost、damaged 或 changed, cancel 写明原因",
            "issue takes several contracts and no reason; reissue and cancel one: the reason of a reissue is lost, damaged or "
            "changed, of a cancelling its own words",
        )


class CertificateOrder(Strict):
    """What is to be done with the certificates of which contracts, and on which papers."""

    what: Literal["issue", "reissue", "cancel"]
    contracts: list[ContractCode] = Field(min_length=1, max_length=10_000)
    day: Day
    reason: Words = ""
    officer: OfficerIn
    sources: list[Hash] = Field(min_length=1, max_length=100)


class ReceiptOrder(Strict):
    """Who signed for a certificate (`id_type`: NY/T 2539 C.15), and the hash of the receipt that they signed."""

    number: Words = Field(min_length=1, max_length=100, examples=[FIELDS["number"].example])
    day: Day
    name: Words = Field(min_length=1)
    id_type: Literal["1", "2", "3", "4", "5", "9"] = "1"
    id_number: Words = Field(min_length=1, max_length=40)
    source: Hash
    officer: OfficerIn


def record(store: Store, sent: CertificateOrder) -> Answer:
    """Do it, all or nothing. Raises `CertificateError`, `WhyError`."""
    one = len(sent.contracts) == 1
    good = {
        "issue": not sent.reason,
        "reissue": one and sent.reason in certificates.REASONS,
        "cancel": one and bool(sent.reason.strip()),
    }
    if not good[sent.what]:
        raise WhyError
    who = sent.officer.officer()
    if sent.what == "issue":
        done = certificates.issue(store, who, sent.contracts, day=sent.day, sources=sent.sources)
    elif sent.what == "reissue":
        (code,) = sent.contracts
        reason: certificates.Reason = sent.reason  # type: ignore[assignment]  # held by the form
        done = [certificates.reissue(store, who, code, day=sent.day, reason=reason, sources=sent.sources)]
    else:
        (code,) = sent.contracts
        number = certificates.cancel(store, who, code, day=sent.day, reason=sent.reason, sources=sent.sources)
        done = [certificates.Issued(code, "", number)]
    return {"what": sent.what, "certificates": [asdict(each) for each in done]}


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
