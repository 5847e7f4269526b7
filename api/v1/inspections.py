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
from api.v1.uploads import delivered, form_of_delivery
from registry.china import day_of
from registry.delivery.inspection import inspect_delivery
from registry.delivery.job import Job, read_job

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path
    from typing import Any

    from registry.delivery.inspection import Inspection

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
    openapi_extra=form_of_delivery("job"),
    responses={**ok(models.InspectionAnswer), **problems(401, 409, 413, 422, 503)},
)
async def inspect(request: Request, form: Form = "json") -> Response:
    """The report that `sanquan inspect` gives: every fault with places, tolerance and clause, names masked, and the digest
    of the verdict. Nothing is written; a zip that is no delivery is answered by a report that says so. With `form` it comes
    as the file that `--report` writes: xlsx, gpkg, shp (a zip), html, csv, or the verdict. With `job`, the county's job package
    (a zip), it is inspected only by that job's rules, and the answer says how it stands to the job.
    """
    now = request.app.state.store.clock()
    async with delivered(request, {"job": ".zip"}) as (paths, _):
        job, found = await run_in_threadpool(_inspected, paths, now)
    if form != "json":
        name, raw = await run_in_threadpool(inspections.as_file, found, form)
        headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{name}"'}
        return Response(raw, 200, headers, inspections.MEDIA[form])
    answer: dict[str, Any] = found.report.as_json()
    for name in _OF_AN_IMPORT:
        del answer[name]
    if job is not None:
        answer["job"] = job.said_of((village.code for village in found.report.villages), day_of(now).isoformat())
    return Response(orjson.dumps(answer), 200, {"Cache-Control": "no-store"}, "application/json")


def _inspected(paths: dict[str, Path], now: dt.datetime) -> tuple[Job | None, Inspection]:
    """JobUnreadableError, JobRulesDifferError."""
    if "job" not in paths:
        return None, inspect_delivery(paths["files"], now)
    job = read_job(paths["job"])
    job.require_installed_rules()
    return job, inspect_delivery(paths["files"], now, None, job.exceptions)
