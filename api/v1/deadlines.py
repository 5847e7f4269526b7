"""What is the last day of a notice, an objection or a term, over HTTP: `/v1/decisions/deadlines`? Nothing is recorded."""

from __future__ import annotations

import orjson
from fastapi import APIRouter, Response

from api.answers import deadlines
from api.v1 import models
from api.v1.documents import ok, problems

router = APIRouter(prefix="/v1/decisions", tags=["decisions"])


@router.post(
    "/deadlines",
    summary="公示、异议、登记的最后一天 / the last day of a notice, an objection, a term",
    responses={**ok(models.Deadline), **problems(404, 413, 422)},
)
def last_day(sent: deadlines.DeadlineIn) -> Response:
    """By the rule in force on the day from which it runs; what could not be confirmed is told as a doubt."""
    return Response(orjson.dumps(deadlines.last_day(sent)), 200, {"Cache-Control": "no-store"}, "application/json")
