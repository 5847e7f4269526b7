"""Which recorded breaches of the guarantee are there, and how is one closed, over HTTP: `/v1/breaches`?"""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from api.answers import breaches
from api.v1 import models
from api.v1.documents import answered, ok, problems
from api.v1.token import token_required

router = APIRouter(prefix="/v1/breaches", tags=["breaches"], dependencies=[Depends(token_required)])


@router.get("", summary="违反保证的记录 / recorded breaches", responses={**ok(models.Breaches), **problems(401, 422, 503)})
def every(request: Request) -> Response:
    """Rows that `sanquan audit --record` found to disagree with the log, oldest first, and when each was closed."""
    store = request.app.state.store
    with store.reading() as connection:
        return answered(breaches.all_breaches(store, connection), 200)


@router.post(
    "/closings",
    summary="写明一条记录的结果 / say what came of one",
    status_code=201,
    responses={
        201: {"model": models.Breach, "description": "记下了 / recorded"},
        **problems(401, 404, 413, 422, 503),
    },
)
def close(request: Request, sent: breaches.ClosingIn) -> Response:
    """Once, by whoever found out what it was; the record is never changed nor taken back. The words are kept sealed."""
    return answered(breaches.close(request.app.state.store, sent), 201)

