"""How is an export asked for, watched and fetched over HTTP: `/v1/exports`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import orjson
from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import FileResponse

from api import asked
from api.answers.exports import ExportIn, scope_of
from api.asked import FIELDS
from api.jobs import Export
from api.v1 import models
from api.v1.answering import tags
from api.v1.asker import Asking
from api.v1.documents import ok, problems
from api.v1.token import token_required
from registry.looks.keeping import listed, looked

if TYPE_CHECKING:
    from api.jobs import Jobs

router = APIRouter(prefix="/v1/exports", tags=["exports"])
_ID = FIELDS["export"]
ExportPath = Annotated[str, Path(description=f"{_ID.zh} / {_ID.en}", examples=[_ID.example])]


@router.post(
    "",
    summary="开始一次导出 / start an export",
    status_code=202,
    dependencies=[Depends(token_required)],
    responses={
        202: {"model": models.Export, "description": "排上了 / it waits or runs"},
        **problems(401, 404, 413, 422, 429, 503),
    },
)
def start(request: Request, sent: ExportIn, by: Asking) -> Response:
    """A village's, a box's or a person's parcels and rights as one file, without any personal field."""
    jobs: Jobs = request.app.state.jobs
    store = request.app.state.store
    scope = scope_of(store, sent)
    if sent.person is not None:
        looked(store, by.officer, sent.person, "export", by.purpose)
    else:
        listed(store, by.officer, sent.village or "", "place-export", by.purpose)
    job = jobs.start(Export(account=request.state.caller.actor.account_id, sent=sent, scope=scope))
    headers = {"Location": f"/v1/exports/{job.id}", "Cache-Control": "no-store"}
    return Response(orjson.dumps(job.answer()), 202, headers, "application/json")


@router.get(
    "/{export}", summary="导出做到哪里了 / how far it is", responses={**ok(models.Export), **problems(404, 422)}
)
async def one(request: Request, export: ExportPath) -> Response:
    """Status, parcels done, and at the end the file with its SHA-256, or the problem (RFC 9457) that stopped it."""
    jobs: Jobs = request.app.state.jobs
    job = jobs.get(Export, asked.text("export", export))
    return Response(orjson.dumps(job.answer()), 200, {"Cache-Control": "no-store"}, "application/json")


@router.get(
    "/{export}/file",
    summary="取文件 / the file",
    response_class=FileResponse,
    responses={
        200: {
            "description": "文件 / the file",
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        },
        **problems(304, 404, 409, 422),
    },
)
async def file(request: Request, export: ExportPath) -> Response:
    """Its ETag is its SHA-256; parts of it are answered to Range. After an hour it is gone."""
    jobs: Jobs = request.app.state.jobs
    job = jobs.get(Export, asked.text("export", export))
    made = job.file()
    headers = {"ETag": f'"{made.sha256}"', "Cache-Control": "private, no-cache"}
    if headers["ETag"] in tags(request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=headers)
    described = job.answer()["file"]
    return FileResponse(made.path, media_type=described["media_type"], filename=described["name"], headers=headers)
