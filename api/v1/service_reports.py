"""How does a bureau report whom it serves over HTTP, and which school districts are there?"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api import asked
from api.answers import service_reports as answers
from api.asked import FIELDS
from api.officers import at_the_desk
from api.v1 import models_of_figures as models
from api.v1.documents import answered, ok, problems
from api.v1.token import token_required
from api.v1.uploads import form_of_files, uploaded
from registry import china
from registry.service_reports import handing_in, reading

router = APIRouter(tags=["bureaus"])
_REPORTS = "/v1/bureaus/{bureau}/service-reports"
BureauPath = Annotated[str, Path(description=f"{FIELDS['bureau'].zh} / {FIELDS['bureau'].en}", examples=[FIELDS["bureau"].example])]
DryRun = Annotated[bool, Query(description="只试不收 / try, and keep nothing", examples=[True])]
By = Annotated[str, Query(max_length=60, description="经办人 / who does it", examples=["经办人甲"])]
ValidAt = Annotated[
    str | None, Query(description=f"{FIELDS['valid_at'].zh} / {FIELDS['valid_at'].en}", examples=[FIELDS["valid_at"].example])
]


@router.post(
    _REPORTS,
    summary="部门报服务了谁 / a bureau reports whom it serves",
    dependencies=[Depends(token_required)],
    responses={**ok(models.ServiceReport), **problems(401, 404, 413, 422, 503)},
)
def hand_in(request: Request, bureau: BureauPath, sent: answers.ServiceReportIn, dry_run: DryRun = True) -> Response:  # noqa: FBT002
    """Taken whole or, with one fault, not at all; each row once. Who fits nobody waits. A dry run, unless `dry_run=false`.
    Nothing about land can stand in a row, and an unknown field is refused.
    """
    store, by = request.app.state.store, at_the_desk(sent.officer, bureau)
    return answered(answers.hand_in(store, asked.text("bureau", bureau), sent, by.name, dry_run=dry_run))


@router.post(
    f"{_REPORTS}/tables",
    summary="部门报服务了谁, 一个表 / the same as a table",
    dependencies=[Depends(token_required)],
    openapi_extra=form_of_files("报表, 一个 xlsx 或 csv / the report, one xlsx or csv"),
    responses={**ok(models.ServiceReport), **problems(401, 404, 413, 422, 503)},
)
async def hand_in_table(request: Request, bureau: BureauPath, officer: By, dry_run: DryRun = True) -> Response:  # noqa: FBT002
    """The columns of docs/statistics.md; a column too many is refused with the whole table."""
    store, by, name = request.app.state.store, at_the_desk(officer, bureau), asked.text("bureau", bureau)
    async with uploaded(request, 1, reading.SUFFIXES) as paths:
        found = await run_in_threadpool(handing_in.hand_in_table, store, name, paths[0], by.name, dry_run=dry_run)
    return answered(found.as_json())


@router.get(
    f"{_REPORTS}/unmatched",
    summary="报来而找不到人的行 / reported rows that fit nobody yet",
    dependencies=[Depends(token_required)],
    responses={**ok(models.UnmatchedServiceRows), **problems(401, 404, 422)},
)
def unmatched(request: Request, bureau: BureauPath) -> Response:
    """Rows of this bureau that wait until they fit a person of the register; masked."""
    store = request.app.state.store
    with store.reading() as connection:
        return answered(answers.unmatched(store, connection, asked.text("bureau", bureau)))


@router.get("/v1/school-districts", summary="学区 / school districts", responses={**ok(models.SchoolDistricts), **problems(422)})
def school_districts(request: Request, valid_at: ValidAt = None) -> Response:
    """Which community belongs to which district on a day, and where that is from; none where none is known."""
    store = request.app.state.store
    return answered(answers.school_districts(store, china.today(store) if valid_at is None else asked.day(valid_at)))

