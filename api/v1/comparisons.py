"""How is the register compared with an export of an authoritative book over HTTP: `/v1/comparisons`?"""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api import asked, media
from api.asked import FIELDS
from api.v1 import models
from api.v1.asker import Asking
from api.v1.documents import answered, ok, problems
from api.v1.token import token_required
from api.v1.uploads import form_of_files, uploaded
from registry import comparison as comparisons
from registry.comparison.dump import MOST_FILES, SUFFIXES
from registry.looks.keeping import listed

router = APIRouter(prefix="/v1/comparisons", tags=["comparisons"])
ComparisonPath = Annotated[
    str,
    Path(description=f"{FIELDS['comparison'].zh} / {FIELDS['comparison'].en}", examples=[FIELDS["comparison"].example]),
]
Form = Annotated[
    Literal["json", "csv"], Query(description="json, 或全部差异的表 csv / json, or every difference as csv", examples=["json"])
]


@router.get("", summary="核对过哪些次 / the comparisons that were made", responses={**ok(models.Comparisons), **problems(422, 503)})
def every(request: Request) -> Response:
    """Newest first: id, instant, book. What each found is asked by its id."""
    with request.app.state.store.reading() as connection:
        return answered({"comparisons": comparisons.past(connection)})


@router.post(
    "",
    summary="与权威登记簿核对 / compare with an authoritative book",
    status_code=201,
    dependencies=[Depends(token_required)],
    openapi_extra=form_of_files("导出的表 (csv xlsx dbf) 或一个 zip / the export's tables, or a zip of them"),
    responses={
        201: {"model": models.ComparisonAnswer, "description": "核对了 / compared"},
        **problems(401, 413, 422, 503),
    },
)
async def record(request: Request, by: Asking) -> Response:
    """Every difference, names masked. No version and no entry of the log is written; a faulty export is refused whole."""
    store = request.app.state.store
    async with uploaded(request, MOST_FILES, (*SUFFIXES, ".cpg", ".zip")) as paths:
        answer = await run_in_threadpool(comparisons.compare, store, paths)
    await run_in_threadpool(listed, store, by.officer, "", "list-check", by.purpose)
    return answered(answer, 201)


@router.get(
    "/{comparison}",
    summary="一次核对的结果 / a comparison as it was found",
    responses={**ok(models.ComparisonAnswer), **problems(404, 422, 503)},
)
def comparison(request: Request, by: Asking, comparison: ComparisonPath, form: Form = "json") -> Response:
    """What was found then; it never changes."""
    store = request.app.state.store
    wanted = asked.text("comparison", comparison)
    with store.reading() as connection:
        found = comparisons.read_comparison(store, connection, wanted)
    listed(store, by.officer, "", "list-check", by.purpose)
    if form == "csv":
        headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="differences-{wanted}.csv"'}
        return Response(comparisons.sheet(found["differences"]), 200, headers, media.CSV)
    return answered(found, 200)

