"""Which proofs leave over HTTP: certificates of a person or household, and the proof of one entry of the log?

A certificate is masked as every answer is, and logged with its purpose; with names it is made by `sanquan proof`. The proof of an
entry has no personal data: anybody may ask.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Depends, Path, Request, Response

from api import asked
from api.answers import persons
from api.asked import FIELDS
from api.media import PDF
from api.officers import at_the_desk
from api.v1 import models
from api.v1.answering import IdxPath, PersonPath
from api.v1.documents import ok, problems
from api.v1.token import token_required
from registry.proofs.entries import entry_proof
from registry.proofs.handing import Order, hand_out
from registry.proofs.making import Chosen

if TYPE_CHECKING:
    from registry.store.engines import Store

router = APIRouter(tags=["proofs"])
HouseholdPath = Annotated[
    str,
    Path(description=f"{FIELDS['household'].zh} / {FIELDS['household'].en}", examples=[FIELDS["household"].example]),
]
_ANSWERS = {**ok(models.CertificateBytes, "application/json"), **problems(401, 404, 409, 422, 503)}
_ANSWERS[200]["content"] = {
    media: {"schema": {"$ref": "#/components/schemas/CertificateBytes"}} for media in ("application/json", PDF)
}
_STATEMENTS = {**ok(models.StatementBytes, "application/json"), **problems(401, 404, 422, 503)}
_STATEMENTS[200]["content"] = {
    media: {"schema": {"$ref": "#/components/schemas/StatementBytes"}} for media in ("application/json", PDF)
}


@router.post(
    "/v1/persons/{person}/certificate",
    summary="权益不变证明(个人) / certificate of a person",
    dependencies=[Depends(token_required)],
    responses=_ANSWERS,
)
def of_person(request: Request, person: PersonPath, wanted: models.CertificateOrder) -> Response:
    """What was registered before the move to town and what is registered now, under the last published checkpoint, with the proof
    that anybody can check offline (docs/certificate.md). Each making is logged with its purpose.
    """
    return _handed(request.app.state.store, "person", asked.text("person", person), wanted)


@router.post(
    "/v1/households/{household}/certificate",
    summary="权益不变证明(农户) / certificate of a contracting household",
    dependencies=[Depends(token_required)],
    responses=_ANSWERS,
)
def of_household(request: Request, household: HouseholdPath, wanted: models.CertificateOrder) -> Response:
    """The same for what a contracting household holds together; shares and membership are each member's own."""
    return _handed(request.app.state.store, "household", asked.text("household", household), wanted)


@router.post(
    "/v1/persons/{person}/statement",
    summary="权益保留证明(附证明的文件) / the statement as a file with its proof",
    dependencies=[Depends(token_required)],
    responses=_STATEMENTS,
)
def statement_on_paper(request: Request, person: PersonPath, wanted: models.StatementOrder) -> Response:
    """Today's 权益保留证明. Where a published checkpoint covers it, the certificate of the same things is inside, and a code on the
    paper; where none does yet, it says so and how to get one. Each making is logged with its purpose.
    """
    made = persons.statement_on_paper(
        request.app.state.store,
        asked.text("person", person),
        wanted.event,
        at_the_desk(wanted.officer, wanted.bureau),
        wanted.purpose,
        form=wanted.form,
        reader="desk",
    )
    headers = {"Cache-Control": "no-store", "Sanquan-Logged": made.logged}
    return Response(made.content, 200, headers, PDF if wanted.form == "pdf" else "application/json")


@router.get(
    "/v1/ledger/entries/{idx}/proof",
    summary="一条账目的证明 / the proof of one entry",
    responses={**ok(models.EntryProof, "text/plain"), **problems(404, 409, 422)},
)
def of_entry(request: Request, idx: IdxPath) -> Response:
    """`.tlog-proof` (c2sp.org/tlog-proof) under the last published checkpoint, the entry itself in its line `extra`."""
    store = request.app.state.store
    with store.reading() as connection:
        proof = entry_proof(store, connection, idx)
    return Response(proof, 200, {"Cache-Control": "no-cache"}, "text/plain; charset=utf-8")


def _handed(store: Store, of: Literal["person", "household"], whose: str, wanted: models.CertificateOrder) -> Response:
    handed = hand_out(
        store,
        Order(
            of,
            whose,
            Chosen(frozenset(wanted.things), frozenset(wanted.show), wanted.event),
            at_the_desk(wanted.officer, wanted.bureau),
            wanted.purpose,
            form=wanted.form,
        ),
    )
    media_type = PDF if wanted.form == "pdf" else "application/json"
    headers = {"Cache-Control": "no-store", "Sanquan-Logged": handed.logged}
    return Response(handed.content, 200, headers, media_type)
