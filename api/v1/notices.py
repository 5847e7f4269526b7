"""What hangs on the notice board, how is a notice put up and shown on its wall, how far is the outbox: `/v1/notices`, `/v1/outbox`?

The board is for everybody and asks for no token; what writes does.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api import asked
from api.answers import evidence
from api.officers import at_the_desk
from api.v1 import evidence_models as models
from api.v1.documents import answered, ok, problems
from api.v1.token import token_required
from api.v1.uploads import form_of_one, one_file
from registry.china import today
from registry.notices import posting

router = APIRouter(prefix="/v1", tags=["notices"])
_FIELD = asked.FIELDS["notice"]
NoticePath = Annotated[str, Path(description=f"{_FIELD.zh} / {_FIELD.en}", examples=[_FIELD.example])]
Over = Annotated[
    bool, Query(description="已经结束的、还没有开始的也要 / those too that are over or still to come", examples=[False])
]
_PHOTO = ("place", "taken", "officer", "bureau")


@router.get("/notices", summary="公示 / public notices", responses={**ok(models.PublicNotices), **problems(422)})
def every(request: Request, over: Over = False) -> Response:  # noqa: FBT002  (a question's word)
    """What hangs today. Where a paper hung is told by place and day, with the hash of the photograph, which is not public."""
    store = request.app.state.store
    with store.reading() as connection:
        return answered(evidence.notices(store, connection, over=over), 200)


@router.get("/notices/{notice}", summary="一张公示 / one notice", responses={**ok(models.PublicNotice), **problems(404, 422)})
def one(request: Request, notice: NoticePath) -> Response:
    """Whenever it hung."""
    store = request.app.state.store
    with store.reading() as connection:
        found = posting.notice(store, connection, asked.text("notice", notice))
    return answered(evidence.notice_told(found, today(store)), 200)


@router.post(
    "/notices",
    summary="贴一张公示 / put a notice up",
    status_code=201,
    dependencies=[Depends(token_required)],
    responses={201: {"model": models.PublicNotice, "description": "贴出了 / up"}, **problems(401, 404, 413, 422, 503)},
)
def post(request: Request, sent: evidence.NoticeIn) -> Response:
    """From its first day on; how long follows from the rule of that day. No number of an ID or mobile telephone may stand in it."""
    return answered(evidence.post(request.app.state.store, sent), 201)


@router.post(
    "/notices/{notice}/photos",
    summary="墙上的照片 / a photograph of the wall",
    status_code=201,
    dependencies=[Depends(token_required)],
    openapi_extra=form_of_one(*_PHOTO),
    responses={201: {"model": models.NoticePhotographed, "description": "存下了 / kept"}, **problems(401, 404, 409, 413, 422, 503)},
)
async def photograph(request: Request, notice: NoticePath) -> Response:
    """`file`, with `place` and `taken` as the officer says; what the camera says of its time stands beside."""
    name = asked.text("notice", notice)
    async with one_file(request, _PHOTO) as (content, said):
        piece = await run_in_threadpool(
            posting.photograph,
            request.app.state.store,
            at_the_desk(said["officer"], said["bureau"]),
            name,
            content,
            place=said["place"],
            taken=asked.day(said["taken"], "day"),
        )
    told = {"notice": name, "content_hash": piece.content_hash, "original_hash": piece.original_hash, "state": "kept"}
    return answered(told, 201)


@router.post(
    "/notices/{notice}/taking-down",
    summary="撤下一张公示 / take a notice down",
    status_code=201,
    dependencies=[Depends(token_required)],
    responses={201: {"model": models.PublicNotice, "description": "撤下了 / down"}, **problems(401, 404, 409, 413, 422, 503)},
)
def take_down(request: Request, notice: NoticePath, sent: evidence.TakeDownIn) -> Response:
    """With a reason; it stays in the list of all."""
    return answered(evidence.take_down(request.app.state.store, asked.text("notice", notice), sent), 201)


@router.get(
    "/outbox",
    summary="要告诉人的话, 送到哪一步 / what is to be told, and how far it has come",
    dependencies=[Depends(token_required)],
    responses={**ok(models.Outbox), **problems(401, 422)},
)
def outbox(request: Request) -> Response:
    """Without addresses and texts. Sending is the command's: `sanquan notice send`."""
    store = request.app.state.store
    with store.reading() as connection:
        return answered(evidence.messages(store, connection), 200)

