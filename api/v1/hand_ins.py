"""How is the register handed in (汇交) and added up in its six tables (汇总表) over HTTP: `/v1/hand-ins`, `/v1/summaries`?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import orjson
from fastapi import APIRouter, Depends, Path, Query, Request, Response

from api import asked, media
from api.asked import FIELDS
from api.jobs import HandIn
from api.v1 import delivery_models as models
from api.v1.asker import Asking
from api.v1.documents import ok, problems
from api.v1.token import token_required
from registry import papers
from registry.handin import SummaryForm, summary_file, summary_tables

if TYPE_CHECKING:
    from api.jobs import Jobs

router = APIRouter(prefix="/v1", tags=["hand-ins"], dependencies=[Depends(token_required)])
_ID, _VILLAGE = FIELDS["hand_in"], FIELDS["village"]
HandInPath = Annotated[str, Path(description=f"{_ID.zh} / {_ID.en}", examples=[_ID.example])]
Place = Annotated[str | None, Query(description=f"{_VILLAGE.zh} / {_VILLAGE.en}", examples=[_VILLAGE.example])]
Form = Annotated[
    SummaryForm,
    Query(description="一个工作簿 xlsx, 或每张表一个 csv 的 zip / one workbook, or a zip with a csv each", examples=["xlsx"]),
]


@router.post(
    "/hand-ins",
    summary="开始一次汇交 / start a hand-in",
    status_code=202,
    responses={202: {"model": models.HandIn, "description": "排上了 / it waits or runs"}, **problems(401, 422, 429, 503)},
)
def start(request: Request, by: Asking) -> Response:
    """The whole register as the folder of NY/T 2539, names and ID numbers included: with a `Sanquan-Purpose`, which is logged."""
    store, jobs = request.app.state.store, _jobs(request)
    papers.stated(by.purpose)
    job = jobs.start(HandIn(account=_account(request), store=store, officer=by.officer, purpose=by.purpose))
    headers = {"Location": f"/v1/hand-ins/{job.id}", "Cache-Control": "no-store"}
    return Response(orjson.dumps(job.answer()), 202, headers, "application/json")


@router.get(
    "/hand-ins/{hand_in}",
    summary="汇交做到哪里了 / how far it is",
    responses={**ok(models.HandIn), **problems(401, 404, 422)},
)
def one(request: Request, hand_in: HandInPath) -> Response:
    """The step under way, and at the end the zip's address, or the problem (RFC 9457) that stopped it. Its account's alone."""
    return Response(orjson.dumps(_mine(request, hand_in).answer()), 200, {"Cache-Control": "no-store"}, "application/json")


@router.get(
    "/hand-ins/{hand_in}/file",
    summary="取汇交包 / the hand-in as a zip",
    responses={**ok(models.Archive, media.ZIP), **problems(401, 404, 409, 422)},
)
def file(request: Request, hand_in: HandInPath) -> Response:
    """Folder, workbooks and the script for the .mdb. Its account's alone; after an hour it is gone."""
    job = _mine(request, hand_in)
    return _attached(job.file(), media.ZIP, job.name)


@router.get(
    "/summaries",
    summary="六张汇总表 / the six summary tables",
    responses={**ok(models.Workbook, media.XLSX), **problems(401, 404, 422, 503)},
)
def summaries(request: Request, village: Place = None, form: Form = "xlsx") -> Response:
    """Of today, by name, whole or of one village: counts, areas and places; nobody stands in them."""
    store = request.app.state.store
    place = asked.text("village", village) if village else ""
    raw = summary_file(summary_tables(store, place), form)
    name = f"summaries-{place or store.settings.banner_code}.{'zip' if form == 'csv' else form}"
    return _attached(raw, media.ZIP if form == "csv" else media.XLSX, name)


def _attached(raw: bytes, media_type: str, name: str) -> Response:
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(raw, 200, headers, media_type)


def _mine(request: Request, hand_in: str) -> HandIn:
    return _jobs(request).mine(HandIn, _account(request), asked.text("hand_in", hand_in))


def _account(request: Request) -> str:
    account: str = request.state.caller.actor.account_id
    return account


def _jobs(request: Request) -> Jobs:
    jobs: Jobs = request.app.state.jobs
    return jobs
