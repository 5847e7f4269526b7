"""Which rights are there, and may they be let: `/v1/rights`."""

from __future__ import annotations

from fastapi import APIRouter, Response
from starlette.concurrency import run_in_threadpool

from api import asked
from api.answers import rights
from api.v1 import answering, models
from api.v1.answering import OK, After, AskedOfBooks, BoxText, Crs, Holder, Kind, Limit, Transferable, Village, Years
from api.v1.asker import Asking
from api.v1.documents import ok, problems
from registry.looks.keeping import looked

router = APIRouter(prefix="/v1/rights", tags=["rights"])


@router.get(
    "",
    summary="查权利 / rights by kind, village, box, holder; may they be let",
    responses={**ok(models.RightPage), **problems(304, 422, 503)},
)
async def page(  # noqa: PLR0913  (one parameter each)
    *,
    question: AskedOfBooks,
    by: Asking,
    kind: Kind = None,
    village: Village = None,
    bbox: BoxText = None,
    crs: Crs = "EPSG:4490",
    holder: Holder = None,
    transferable: Transferable = None,
    years: Years = 1,
    after: After = None,
    limit: Limit = 100,
) -> Response:
    """Rights that stand on the day, in the order of ids.

    With `transferable=lease` each carries allowed, refused or review for a lease of `years`, and why: where the holders
    live is never a reason.
    """
    holder = None if holder is None else asked.text("holder", holder)
    where = answering.village(village), answering.box(bbox, crs), answering.after(after)
    answered = question.answer(
        lambda c, at: rights.rights(
            c,
            at,
            kind=kind,
            village=where[0],
            box=where[1],
            holder=holder,
            transferable=transferable,
            years=years,
            after=where[2],
            limit=limit,
        )
    )
    if holder is None:
        return await run_in_threadpool(question.listed, answered, where[0] or "", "search", by)
    if answered.status_code == OK:
        # The person, or the list of the household: each who stands on it finds the row.
        await run_in_threadpool(looked, question.store, by.officer, holder, "rights", by.purpose)
    return answered
