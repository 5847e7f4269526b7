"""How is a household event recorded and looked at over HTTP: `/v1/household-events`."""

from __future__ import annotations

from typing import Annotated, Literal

import orjson
from fastapi import APIRouter, Depends, Header, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api import asked, media
from api.answers import events, waiting
from api.asked import FIELDS
from api.officers import at_the_desk
from api.v1 import models, settlement_models
from api.v1.answering import AskedOfLog, IdxPath
from api.v1.asker import Asking
from api.v1.documents import ok, problems
from api.v1.token import token_required
from api.v1.uploads import form_of_files, uploaded
from registry import police
from registry.looks.keeping import listed

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


DryRun = Annotated[bool, Query(description="只试不记 / try, and keep nothing", examples=[True])]
By = Annotated[str, Query(max_length=60, description="经办人 / who does it", examples=["李警官"])]
Form = Annotated[Literal["json", "xlsx"], Query(description="答复的形式 / the form of the answer", examples=["json"])]


@router.post(
    "/imports",
    summary="公安网的户籍事件表 / household events from the police network",
    dependencies=[Depends(token_required)],
    openapi_extra=form_of_files("户籍事件表, 一个 xlsx 或 csv / the table, one xlsx or csv"),
    responses={**ok(settlement_models.ImportedEvents), **problems(401, 413, 422, 503)},
)
async def imports(request: Request, officer: By, dry_run: DryRun = True, form: Form = "json") -> Response:  # noqa: FBT002
    """Row by row answered; the rows of one event number are a unit, recorded whole or not at all, and once. Who fits nobody
    waits. A dry run, unless `dry_run=false`. With `form=xlsx` the answer is the table itself.
    """
    store, by = request.app.state.store, at_the_desk(officer, "公安局")
    async with uploaded(request, 1, police.SUFFIXES) as paths:
        found = await run_in_threadpool(police.import_events, store, paths[0], by.name, by.bureau, dry_run=dry_run)
    if form == "json":
        return Response(orjson.dumps(found.as_json()), 200, {"Cache-Control": "no-store"}, "application/json")
    headers = {"Cache-Control": "no-store", "Content-Disposition": 'attachment; filename="events.xlsx"'}
    return Response(police.sheet(found), 200, headers, media.XLSX)


@router.get(
    "/unmatched",
    summary="找不到人的行 / rows that fit nobody yet",
    dependencies=[Depends(token_required)],
    responses={**ok(settlement_models.UnmatchedRows), **problems(401, 422, 503)},
)
def unmatched(request: Request, by: Asking) -> Response:
    """Rows of the police network that wait until they fit a person of the register; masked."""
    store = request.app.state.store
    with store.reading() as connection:
        told = waiting.unmatched_rows(store, connection)
    listed(store, by.officer, "", "waiting-list", by.purpose)
    return Response(orjson.dumps(told), 200, {"Cache-Control": "no-store"}, "application/json")


@router.get(
    "/{idx}",
    summary="一件户籍事件 / one household event",
    responses={**ok(models.EventAnswer), **problems(304, 404, 422)},
)
async def one(question: AskedOfLog, idx: IdxPath) -> Response:
    """Its kind, day, people by id, and what cancelled it."""
    return question.answer(lambda c, at: events.event(question.store, c, idx, at))
