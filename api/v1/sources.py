"""How is a paper kept as evidence over HTTP: `/v1/sources`? It is given back on the register's own machine only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api import asked
from api.v1 import models
from api.v1.documents import ok, problems
from api.v1.token import token_required
from api.v1.uploads import form_of_files, uploaded
from registry import sources

if TYPE_CHECKING:
    from pathlib import Path

    from registry.store.engines import Store

router = APIRouter(prefix="/v1/sources", tags=["sources"])
SUFFIXES = (".pdf", ".jpg", ".jpeg", ".png", ".tif", ".tiff")
PaperKind = Annotated[
    str,
    Query(
        pattern=r"^[^\x00-\x1f\x7f]{1,60}$",
        description="哪一种材料, 不写姓名 / which kind of paper, without names",
        examples=["合同"],
    ),
]
Dated = Annotated[str, Query(description="材料自己的日期 / the paper's own date", examples=["2016-11-30"])]


@router.post(
    "",
    summary="存一份材料 / keep a paper as evidence",
    dependencies=[Depends(token_required)],
    openapi_extra=form_of_files("扫描件, 一个 / one scan"),
    responses={**ok(models.KeptSource), **problems(401, 413, 422, 503)},
)
async def keep(request: Request, kind: PaperKind, dated: Dated) -> Response:
    """Encrypted under its SHA-256, by which acts and events cite it; the same paper sent twice is kept once."""
    day = asked.day(dated)
    async with uploaded(request, 1, SUFFIXES) as (path,):
        kept = await run_in_threadpool(_keep, request.app.state.store, path, kind, day)
    return Response(orjson.dumps({"content_hash": kept}), 200, {"Cache-Control": "no-store"}, "application/json")


def _keep(store: Store, path: Path, kind: str, day: str) -> str:
    return sources.keep(store, path.read_bytes(), kind=kind, dated=day)
