"""What would splitting, joining, adjusting, correcting or recoding change, over HTTP: `/v1/reshapings`? Cases do it."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from api.answers import reshapings, written
from api.v1 import models
from api.v1.asker import Asking
from api.v1.documents import ok, problems
from api.v1.token import token_required
from registry.looks import keeping

router = APIRouter(prefix="/v1/reshapings", tags=["reshapings"], dependencies=[Depends(token_required)])


@router.post(
    "/preview",
    summary="先看会改什么 / what would change, for whom",
    responses={**ok(models.ReshapingPreview), **problems(401, 404, 409, 413, 422, 503)},
)
def preview(request: Request, by: Asking, sent: reshapings.ReshapingIn) -> Response:
    """Nothing is written but who read the 四至 of the parts, names masked. `case` goes into `POST /v1/cases`, which asks for it."""
    store = request.app.state.store
    found = reshapings.preview(store, sent)
    keeping.listed(store, by.officer, reshapings.place_of(found), "neighbours", by.purpose)
    return _answer(found)


@router.post(
    "/recodings/preview",
    summary="换代码会涉及哪些 / what a renumbering would touch",
    responses={**ok(models.RecodingPreview), **problems(401, 413, 422, 503)},
)
def preview_recoding(request: Request, sent: reshapings.RecodingIn) -> Response:
    """Counts and three samples of each kind; nothing is written. `case` goes into `POST /v1/cases`."""
    return _answer(reshapings.preview_recoding(request.app.state.store, sent))


def _answer(document: object) -> Response:
    return Response(written(document), 200, {"Cache-Control": "no-store"}, "application/json")
