"""How is a parcel split, joined, adjusted, corrected or recoded over HTTP: `/v1/reshapings`."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from api.answers import reshapings, written
from api.v1 import models
from api.v1.documents import ok, problems
from api.v1.token import token_required

router = APIRouter(prefix="/v1/reshapings", tags=["reshapings"], dependencies=[Depends(token_required)])


@router.post(
    "/preview",
    summary="先看会改什么 / what would change, for whom",
    responses={**ok(models.ReshapingPreview), **problems(401, 404, 409, 413, 422, 503)},
)
def preview(request: Request, sent: reshapings.ReshapingIn) -> Response:
    """Nothing is written. `seen` goes into the order."""
    return _answer(reshapings.preview(request.app.state.store, sent), 200)


@router.post(
    "",
    summary="分割、合并、调界、测量更正 / split, join, adjust, correct",
    status_code=201,
    responses={
        201: {"model": models.ReshapingDone, "description": "登记了 / registered"},
        **problems(401, 404, 409, 413, 422, 503),
    },
)
def record(request: Request, sent: reshapings.ReshapingOrder) -> Response:
    """One act, as it was shown; where somebody else came first, 409 tells what they did."""
    return _answer(reshapings.record(request.app.state.store, sent), 201)


@router.post(
    "/recodings/preview",
    summary="换代码会涉及哪些 / what a renumbering would touch",
    responses={**ok(models.RecodingPreview), **problems(401, 413, 422, 503)},
)
def preview_recoding(request: Request, sent: reshapings.RecodingIn) -> Response:
    """Counts and three samples of each kind; nothing is written. `expect` goes into the order."""
    return _answer(reshapings.preview_recoding(request.app.state.store, sent), 200)


@router.post(
    "/recodings",
    summary="村合并、更名后换代码 / new codes after villages are merged or renamed",
    status_code=201,
    responses={
        201: {"model": models.RecodingDone, "description": "登记了 / registered"},
        **problems(401, 409, 413, 422, 503),
    },
)
def record_recoding(request: Request, sent: reshapings.RecodingOrder) -> Response:
    """One transaction. Ids, holders, terms, areas and shapes stay; only codes change."""
    return _answer(reshapings.record_recoding(request.app.state.store, sent), 201)


def _answer(document: object, status: int) -> Response:
    return Response(written(document), status, {"Cache-Control": "no-store"}, "application/json")
