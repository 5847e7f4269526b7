"""What became of land handed or taken back before 2019, over HTTP: `/v1/decisions/taking-back`? Nothing is recorded."""

from __future__ import annotations

import orjson
from fastapi import APIRouter, Response

from api.answers import old_law
from api.v1 import models
from api.v1.documents import ok, problems

router = APIRouter(prefix="/v1/decisions", tags=["decisions"])


@router.post(
    "/taking-back",
    summary="2019年以前的交回、收回算不算 / did an old handing or taking back end the right",
    responses={**ok(models.LandFate), **problems(404, 413, 422)},
)
def taking_back(sent: old_law.OldMoveIn) -> Response:
    """By the law of the act's own day, with the rules behind it; without a dated proof the right lives on."""
    return Response(orjson.dumps(old_law.fate(sent)), 200, {"Cache-Control": "no-store"}, "application/json")
