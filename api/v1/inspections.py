"""What do the rules say of a delivery, over HTTP: `/v1/inspections`?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api.answers import inspections
from api.v1 import models
from api.v1.documents import ok, problems
from api.v1.token import token_required
from api.v1.uploads import form_of_files, uploaded
from registry.delivery.inspection import inspect_delivery

if TYPE_CHECKING:
    from typing import Any

router = APIRouter(prefix="/v1/inspections", tags=["inspections"])
Form = Annotated[
    inspections.Form,
    Query(description="答复的形式 / the form of the answer: JSON, or a report as a file", examples=["json"]),
]
_OF_AN_IMPORT = ("check_only", "committed", "counts", "difference", "seconds")


@router.get("/rules", summary="质检规则 / the rules of an inspection", responses={**ok(models.InspectionRules), **problems(422)})
def rules() -> Response:
    """Every rule by id, with severity, clause and tolerance; what no text that we read confirms says so."""
    return Response(orjson.dumps(inspections.rules()), 200, {"Cache-Control": "no-cache"}, "application/json")


@router.post(
    "",
    summary="质检一份成果 / inspect a delivery by the county's rules",
    dependencies=[Depends(token_required)],
    openapi_extra=form_of_files("成果文件夹的 zip / a zip of the delivery's folder"),
    responses={**ok(models.InspectionAnswer), **problems(401, 413, 422, 503)},
)
async def inspect(request: Request, form: Form = "json") -> Response:
    """The report that `sanquan inspect` gives: every fault with places, tolerance and clause, names masked, and the digest
    of the verdict. Nothing is written; a zip that is no delivery is answered by a report that says so. With `form` it comes
    as the file that `--report` writes: xlsx, gpkg, shp (a zip), html, csv, or the verdict.
    """
    now = request.app.state.store.clock()
    async with uploaded(request, 1, (".zip",)) as paths:
        found = await run_in_threadpool(inspect_delivery, paths[0], now)
    if form != "json":
        name, raw = await run_in_threadpool(inspections.as_file, found, form)
        headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{name}"'}
        return Response(raw, 200, headers, inspections.MEDIA[form])
    answer: dict[str, Any] = found.report.as_json()
    for name in _OF_AN_IMPORT:
        del answer[name]
    return Response(orjson.dumps(answer), 200, {"Cache-Control": "no-store"}, "application/json")
