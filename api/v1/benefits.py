"""Farm policies, payment lists and rosters over HTTP: `/v1/benefits`, `/v1/rosters`. Whoever is named is masked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api import asked
from api.answers import benefits
from api.asked import FIELDS
from api.v1 import models_of_figures as models
from api.v1.answering import Asked, AskedOfLog, ValidAt
from api.v1.asker import Asking
from api.v1.documents import ok, problems
from api.v1.token import token_required
from api.v1.uploads import form_of_files, uploaded

if TYPE_CHECKING:
    from registry.store.engines import Store

router = APIRouter(prefix="/v1", tags=["benefits"])
Year = Annotated[str, Query(description=f"{FIELDS['year'].zh} / {FIELDS['year'].en}", examples=[FIELDS["year"].example])]
Collective = Annotated[
    str, Query(description=f"{FIELDS['collective'].zh} / {FIELDS['collective'].en}", examples=[FIELDS["collective"].example])
]


@router.get("/benefits/policies", summary="惠农牧政策 / farm policies", responses={**ok(models.Policies), **problems(422)})
def policies() -> Response:
    """Each policy as dated data: basis, what it is reckoned from, rate where one is known. None reads the registration."""
    return Response(orjson.dumps(benefits.all_policies()), 200, {"Cache-Control": "no-cache"}, "application/json")


@router.get(
    "/benefits/payments",
    summary="发放名单 / the payment list of a year",
    responses={**ok(models.Payments), **problems(304, 422, 503)},
)
def payments(question: AskedOfLog, year: Year, by: Asking) -> Response:
    """Made from entitlements alone: the same before and after anybody settled. Names and numbers are masked."""
    answered = question.answer(lambda c, at: benefits.payment_list(question.store, c, year, at))
    return question.listed(answered, "", "payment-list", by)


@router.get(
    "/rosters",
    summary="成员大会名册 / the roster of an assembly",
    responses={**ok(models.Roster), **problems(304, 404, 422, 503)},
)
def roster(question: Asked, collective: Collective, by: Asking) -> Response:
    """Every member with or without a vote, how many must attend and agree by the rule of the day; settled members are on it."""
    code = asked.text("collective", collective)
    answered = question.answer(lambda c, at: benefits.assembly(question.store, c, code, at))
    return question.listed(answered, code, "roster", by)


@router.post(
    "/rosters/attendance",
    summary="到会人数够不够 / did enough come",
    dependencies=[Depends(token_required)],
    openapi_extra=form_of_files("到会名单, 一个 csv: 成员编号, 方式, 受托人 / the list of attendance, one csv"),
    responses={**ok(models.Attendance), **problems(401, 404, 413, 422)},
)
async def attendance(request: Request, collective: Collective, valid_at: ValidAt = None) -> Response:
    """On line and by a proxy of the same household is attendance. A list with a faulty line is refused, and each line named."""
    code = asked.text("collective", collective)
    async with uploaded(request, 1, (".csv",)) as (path,):
        raw = path.read_bytes()
    told = await run_in_threadpool(_attendance, request.app.state.store, code, raw, valid_at)
    return Response(orjson.dumps(told), 200, {"Cache-Control": "no-store"}, "application/json")


def _attendance(store: Store, code: str, raw: bytes, valid_at: str | None) -> dict[str, Any]:
    with store.reading() as connection:
        return benefits.attendance(store, connection, code, raw, asked.moment(store, connection, valid_at, None))
