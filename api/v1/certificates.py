"""How are certificates numbered, replaced and found over HTTP: `/v1/certificates`?"""

from __future__ import annotations

import orjson
from fastapi import APIRouter, Depends, Request, Response

from api import asked
from api.answers import certificates
from api.v1 import models
from api.v1.answering import Asked, CertificateNumber
from api.v1.documents import ok, problems
from api.v1.token import token_required

router = APIRouter(prefix="/v1/certificates", tags=["certificates"])


@router.get(
    "",
    summary="按号查权证, 旧号也查得到 / a certificate by any number it ever had",
    responses={**ok(models.CertificateAnswer), **problems(304, 404, 422)},
)
async def one(question: Asked, number: CertificateNumber) -> Response:
    """Which rights have, or had, this number, by which act, and what came after; `known_at` asks what was known then."""
    wanted = asked.text("number", number)
    return question.answer(lambda connection, at: certificates.certificate(connection, wanted, at))


@router.post(
    "/receipts",
    summary="领证登记 / note who signed for a certificate",
    status_code=201,
    dependencies=[Depends(token_required)],
    responses={
        201: {"model": models.CertificateReceived, "description": "记下了 / recorded"},
        **problems(401, 404, 409, 413, 422, 503),
    },
)
def receive(request: Request, sent: certificates.ReceiptOrder) -> Response:
    """Name and number are kept sealed, and no answer has them; `source` is the signed receipt. Once a certificate."""
    document = certificates.receive(request.app.state.store, sent)
    return Response(orjson.dumps(document), 201, {"Cache-Control": "no-store"}, "application/json")


@router.post(
    "",
    summary="颁证、补换发、注销 / issue, reissue, cancel",
    status_code=201,
    dependencies=[Depends(token_required)],
    responses={
        201: {"model": models.CertificatesDone, "description": "登记了 / registered"},
        **problems(401, 404, 409, 413, 422, 503),
    },
)
def record(request: Request, sent: certificates.CertificateOrder) -> Response:
    """All or nothing; numbered on in the series of the banner and the year. The rights themselves stay as they are."""
    document = certificates.record(request.app.state.store, sent)
    return Response(orjson.dumps(document), 201, {"Cache-Control": "no-store"}, "application/json")
