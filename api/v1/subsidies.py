"""Is a subsidy list what the register says, over HTTP: `/v1/subsidy-checks`?"""

from __future__ import annotations

from typing import Annotated, Literal

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api import media
from api.asked import FIELDS
from api.v1 import models
from api.v1.asker import Asking
from api.v1.documents import ok, problems
from api.v1.token import token_required
from api.v1.uploads import form_of_files, uploaded
from registry import subsidies
from registry.looks.keeping import listed
from registry.same_person import one_person
from registry.subsidies.read import SUFFIXES

router = APIRouter(prefix="/v1/subsidy-checks", tags=["subsidies"])
Form = Annotated[
    Literal["json", "xlsx", "csv"],
    Query(description=f"{FIELDS['form'].zh} / {FIELDS['form'].en}", examples=[FIELDS["form"].example]),
]


@router.post(
    "",
    summary="补贴核对表 / check a subsidy list before it is paid",
    dependencies=[Depends(token_required)],
    openapi_extra=form_of_files("惠农牧补贴名单, 一个 csv 或 xlsx / the list, one csv or xlsx"),
    responses={**ok(models.SubsidyCheck), **problems(401, 413, 422, 503)},
)
async def check(request: Request, by: Asking, form: Form = "json") -> Response:
    """Last year, this year, the reason of each difference; nothing is written. A list with a column about the household
    registration is refused. With `form=xlsx` or `form=csv` the answer is the sheet itself.
    """
    store = request.app.state.store
    async with uploaded(request, 1, SUFFIXES) as paths:
        found = await run_in_threadpool(subsidies.check_list, store, paths[0], one_person)
    await run_in_threadpool(listed, store, by.officer, "", "list-check", by.purpose)
    if form == "json":
        return Response(orjson.dumps(found.as_json()), 200, {"Cache-Control": "no-store"}, "application/json")
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="subsidies-{found.year}.{form}"'}
    return Response(subsidies.sheet(found, form), 200, headers, media.TABLES[form])
