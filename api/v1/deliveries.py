"""Which deliveries were registered, and how is one taken back over HTTP: `/v1/deliveries`, `/v1/withdrawals`?"""

from __future__ import annotations

import orjson
from fastapi import APIRouter, Depends, Request, Response

from api.answers import deliveries
from api.v1 import delivery_models as models
from api.v1.documents import ok, problems
from api.v1.token import token_required

router = APIRouter(prefix="/v1", tags=["deliveries"])


@router.get(
    "/deliveries",
    summary="登记过的成果 / the deliveries that were registered",
    dependencies=[Depends(token_required)],
    responses={**ok(models.Deliveries), **problems(401, 422, 503)},
)
def every(request: Request) -> Response:
    """By content hash, oldest first: which villages, by which acts, and which of them were withdrawn since."""
    store = request.app.state.store
    with store.reading() as connection:
        return _answer(deliveries.deliveries(store, connection), 200)


@router.post(
    "/withdrawals/preview",
    summary="撤回成果会改什么 / what withdrawing a delivery would change",
    dependencies=[Depends(token_required)],
    responses={**ok(models.Withdrawal), **problems(401, 404, 409, 413, 422, 503)},
)
def preview(request: Request, sent: deliveries.WithdrawalIn) -> Response:
    """Of each village: what would end, which later act stops it, who moved since and must sign. Nothing is written."""
    return _answer(deliveries.preview(request.app.state.store, sent), 200)


@router.post(
    "/withdrawals",
    summary="撤回登错的成果 / take back a delivery that was registered by mistake",
    status_code=201,
    dependencies=[Depends(token_required)],
    responses={
        201: {"model": models.WithdrawalDone, "description": "撤回了 / taken back"},
        **problems(401, 404, 409, 413, 422, 503),
    },
)
def record(request: Request, sent: deliveries.WithdrawalOrder) -> Response:
    """By new versions (更正登记), village by village, in one transaction; the same content may then come in again."""
    return _answer(deliveries.record(request.app.state.store, sent), 201)


def _answer(document: object, status: int) -> Response:
    return Response(orjson.dumps(document), status, {"Cache-Control": "no-store"}, "application/json")
