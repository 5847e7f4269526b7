"""How many people, and what do those who settled still hold, over HTTP: `/v1/statistics`?

A figure reads the whole register: each is answered in a thread of its own, so that nobody waits for it.
"""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response

from api import media
from api.answers import statistics
from api.asked import FIELDS
from api.v1 import models_of_figures as models
from api.v1.answering import Asked
from api.v1.documents import ok, problems
from api.v1.token import token_required

router = APIRouter(prefix="/v1/statistics", tags=["statistics"])
Form = Annotated[
    Literal["json", "xlsx", "csv"],
    Query(description="答复的形式 / the form of the answer", examples=["json"]),
]
Names = Annotated[
    list[str] | None,
    Query(alias="figure", description=f"{FIELDS['figure'].zh} / {FIELDS['figure'].en}", examples=[[FIELDS["figure"].example]]),
]
QuarterText = Annotated[
    str, Query(description=f"{FIELDS['quarter'].zh} / {FIELDS['quarter'].en}", examples=[FIELDS["quarter"].example])
]


@router.get("", summary="统计 / figures of a day", responses={**ok(models.Statistics), **problems(304, 404, 422)})
def of_day(question: Asked, figure: Names = None, form: Form = "json") -> Response:
    """Figures 1 to 14 of the policy map, each with how it was counted; cells of few people hidden. No sum gives one away."""
    only = tuple(figure or ())
    if form == "json":
        return question.answer(lambda c, at: statistics.statistics(question.store, c, at, only))
    answer = question.answer_bytes(lambda c, at: statistics.as_sheet(question.store, c, at, form, only), media.TABLES[form])
    answer.headers["Content-Disposition"] = f'attachment; filename="statistics.{form}"'
    return answer


@router.get("/quarter", summary="季度一页 / one quarter's page", responses={**ok(models.QuarterFigures), **problems(304, 404, 422)})
def of_quarter(question: Asked, quarter: QuarterText) -> Response:
    """What the leading group sees (plan III.1): aggregates on the last day of the quarter, breaches open and closed."""
    return question.answer(lambda c, at: statistics.of_quarter(question.store, c, at, quarter))


@router.get(
    "/coincidences",
    summary="落户后不久的变动 / acts soon after a settlement",
    dependencies=[Depends(token_required)],
    responses={**ok(models.Coincidences), **problems(304, 401, 404, 422)},
)
def soon_after(question: Asked) -> Response:
    """Exits, leases and lost memberships within so many days after a settlement, for the inspectors; no name is in it."""
    return question.answer(statistics.soon_after)
