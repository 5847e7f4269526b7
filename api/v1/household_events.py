"""How is a household event recorded and looked at over HTTP: `/v1/household-events`."""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Header, Request, Response

from api import asked
from api.answers import events
from api.asked import FIELDS
from api.v1 import models
from api.v1.answering import AskedOfLog, IdxPath
from api.v1.documents import ok, problems
from api.v1.token import token_required

router = APIRouter(prefix="/v1/household-events", tags=["household events"])
_KEY = FIELDS["Idempotency-Key"]
IdempotencyKey = Annotated[
    str | None, Header(alias=_KEY.name, description=f"{_KEY.zh} / {_KEY.en}", examples=[_KEY.example])
]


@router.post(
    "",
    summary="记一件户籍事件 / record a household event",
    status_code=201,
    dependencies=[Depends(token_required)],
    responses={
        201: {"model": models.RecordedEvent, "description": "记下了 / recorded"},
        200: {"model": models.RecordedEvent, "description": "以前就记过 / it was recorded before"},
        **problems(401, 409, 413, 422, 503),
    },
)
def record(request: Request, sent: events.HouseholdEventIn, key: IdempotencyKey = None) -> Response:
    """Recorded once, however often it is sent under one Idempotency-Key (without one: with the same content)."""
    # Not on the event loop: it may wait for the one append lock.
    done = events.record(request.app.state.store, sent, "" if key is None else asked.text(_KEY.name, key))
    headers = {"Location": f"/v1/household-events/{done['idx']}", "Cache-Control": "no-store"}
    return Response(orjson.dumps(done), 200 if done["repeated"] else 201, headers, "application/json")


@router.get(
    "/{idx}",
    summary="一件户籍事件 / one household event",
    responses={**ok(models.EventAnswer), **problems(304, 404, 422)},
)
async def one(question: AskedOfLog, idx: IdxPath) -> Response:
    """Its kind, day, people by id, and what cancelled it."""
    return question.answer(lambda c, at: events.event(question.store, c, idx, at))
