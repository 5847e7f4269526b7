"""How are certificates found, due and handed over, over HTTP: `/v1/certificates`? Cases issue, replace and cancel them."""

from __future__ import annotations

import orjson
from fastapi import APIRouter, Depends, Request, Response

from api import asked
from api.answers import certificates
from api.v1 import models
from api.v1.answering import Asked, CertificateNumber, NoticeVillage
from api.v1.documents import answered, ok, problems
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


@router.get(
    "/due",
    summary="还没有颁证的合同 / the contracts of a village without a certificate",
    responses={**ok(models.CertificatesDue), **problems(304, 401, 422)},
)
async def due(question: Asked, village: NoticeVillage) -> Response:
    """By code, with the case of each desk, which goes into `POST /v1/cases` and issues them all."""
    wanted = asked.text("village", village)
    return question.answer(lambda connection, at: certificates.due(question.store, connection, wanted, at))


@router.get(
    "/spoiled",
    summary="作废的证书本 / booklets that went wrong",
    dependencies=[Depends(token_required)],
    responses={**ok(models.SpoiledCertificates), **problems(401, 422, 503)},
)
def spoiled(request: Request) -> Response:
    """Every print that was made again because the one before went wrong, oldest first, counted from the log of papers."""
    store = request.app.state.store
    with store.reading() as connection:
        return answered(certificates.spoiled(store, connection))


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
