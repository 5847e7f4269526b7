"""How is a case opened, looked at and moved on over HTTP: `/v1/cases`?

Who asks is stated in the body until the registry has accounts. Then it is who signed in, and the body says in which of their
roles. A role that is held to a town, a village or a job sees what lies there; a relative and counsel act for one person.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from api import asked
from api.acting import acting
from api.answers import cases
from api.media import PDF
from api.v1 import case_models as models
from api.v1.asker import Asker, Asking
from api.v1.documents import answered, ok, problems
from api.v1.token import token_required
from api.v1.uploads import form_of_files, uploaded, uploaded_with
from registry import papers
from registry.accounts.authorise import CONSOLE
from registry.accounts.roles import COUNSEL
from registry.cases import Actor, dossier_of
from registry.looks.keeping import looked
from registry.masks import Reader

router = APIRouter(prefix="/v1/cases", tags=["cases"], dependencies=[Depends(token_required)])


def _query(name: str) -> Any:  # noqa: ANN401  (FastAPI's own)
    field = asked.FIELDS[name]
    return Query(description=f"{field.zh} / {field.en}", examples=[field.example])


Collective = Annotated[str, _query("collective")]
Land = Annotated[str, _query("land")]
Until = Annotated[str, _query("until")]
Years = Annotated[str | None, _query("for_years")]
CheckOnly = Annotated[bool, Query(description="只对一遍, 什么也不写 / judge, and write nothing", examples=[True])]
OnlyGood = Annotated[bool, Query(description="只建没有错的行 / draft the rows without a fault alone", examples=[False])]
_ACTING = ("account", "name", "bureau", "role")
CaseId = Annotated[
    str, Path(description="案件的编号 / the id of a case", examples=["01a214972b270a22b2143099b7c322c2"])
]


@router.get(
    "/kinds",
    summary="有哪些案件、步骤、材料 / kinds of cases, their steps and papers",
    responses={**ok(models.CaseKinds), **problems(401, 422, 503)},
)
def every_kind() -> Response:
    """Which steps each kind goes through, who takes them, which papers are wanted, how long its notice stands."""
    return answered(cases.all_kinds(), 200)


@router.post(
    "/lookup",
    summary="我能看的案件 / the cases that the asker may see",
    responses={**ok(models.Cases), **problems(401, 413, 422, 503)},
)
def every(request: Request, sent: cases.CaseQuestion, asks: Asking) -> Response:
    """A draft is its author's; after it was submitted it is the desks', its author's and everyone's whom it touches."""
    actor = _reader(request, sent.actor, asks)
    return answered(cases.every(request.app.state.store, actor, sent.thing), 200)


@router.post(
    "",
    summary="新建草稿 / a new draft",
    status_code=201,
    responses={
        201: {"model": models.CaseAnswer, "description": "建好了 / opened"},
        **problems(401, 403, 404, 413, 422, 503),
    },
)
def open_(request: Request, sent: cases.CaseOrder) -> Response:
    """Nobody else sees it until it is submitted."""
    return answered(cases.open_(request.app.state.store, sent.case, _actor(request, sent.actor)), 201)


@router.post(
    "/rosters",
    summary="读延包名册 / the case that a village's roster asks for",
    openapi_extra=form_of_files("延包名册, 一个 csv 或 xlsx / the roster, one csv or xlsx"),
    responses={**ok(models.RosterCase), **problems(401, 413, 422, 503)},
)
async def roster(
    request: Request, collective: Collective, land: Land, until: Until, for_years: Years = None
) -> Response:
    """Nothing is written; the answer goes into `POST /v1/cases` and names nobody. A roster with a column about the household
    registration is refused, one with faults with all of them.
    """
    code, thing, day = asked.text("collective", collective), asked.text("land", land), asked.day(until, "until")
    years = None if for_years is None else int(asked.text("for_years", for_years))
    async with uploaded(request, 1, (".csv", ".xlsx")) as (path,):
        found = await run_in_threadpool(
            cases.of_roster, request.app.state.store, path, collective=code, land=thing, until=day, years=years
        )
    return answered(found, 200)


@router.post(
    "/leases",
    summary="录流转台账 / a village's ledger of leases",
    openapi_extra=form_of_files("流转台账, 一个 csv 或 xlsx / the ledger, one csv or xlsx", _ACTING),
    responses={**ok(models.LeaseList), **problems(401, 403, 413, 422, 503)},
)
async def leases(
    request: Request, check_only: CheckOnly = True, only_good: OnlyGood = False  # noqa: FBT002  (words of the address)
) -> Response:  # fmt: skip
    """Each row judged by the register. Only that, unless `check_only=false`: then each row becomes a draft, all of them or, where
    one is at fault, none; with `only_good=true` those without a fault. `account`, `name`, `bureau` and `role` say who drafts, as in
    `POST /v1/cases`.
    """
    async with uploaded_with(request, 1, (".csv", ".xlsx"), _ACTING) as ((path,), said):
        actor = _actor(request, _stated(said))
        found = await run_in_threadpool(
            cases.of_leases, request.app.state.store, path, actor, check_only=check_only, only_good=only_good
        )
    return answered(found, 200)


@router.post(
    "/{case}/lookup",
    summary="一个案件 / one case",
    responses={**ok(models.CaseAnswer), **problems(401, 404, 413, 422, 503)},
)
def one(request: Request, case: CaseId, sent: cases.CaseQuestion, asks: Asking) -> Response:
    """Its steps, whom it touches now, and which steps come next for the asker, each with what is missing."""
    actor = _reader(request, sent.actor, asks)
    return answered(cases.read(request.app.state.store, asked.text("case", case), actor), 200)


@router.post(
    "/{case}/steps",
    summary="办一步 / take a step",
    status_code=201,
    responses={
        201: {"model": models.CaseAnswer, "description": "办了 / taken"},
        **problems(401, 403, 404, 409, 413, 422, 503),
    },
)
def step(request: Request, case: CaseId, sent: cases.StepOrder) -> Response:
    """One step, one entry of the log; a registration writes its acts with it. Who comes second: 409, with what happened."""
    case_id = asked.text("case", case)
    return answered(cases.step(request.app.state.store, case_id, sent.step, _actor(request, sent.actor)), 201)


@router.post(
    "/{case}/dossier",
    summary="卷宗 / the dossier of a case",
    responses={**ok(models.DossierPdf, PDF), **problems(401, 403, 404, 413, 422, 503)},
)
def dossier(request: Request, case: CaseId, sent: cases.DossierQuestion) -> Response:
    """A PDF for the desk that keeps the book: a page for a judge, every step with its entry, every paper with its digest. Names
    stand in it where people sign in, and are masked before.
    """
    reader: Reader = "paper" if request.app.state.access.enforced() else "desk"
    actor = _actor(request, sent.actor)
    pdf = dossier_of(request.app.state.store, asked.text("case", case), actor, sent.purpose, reader=reader)
    return Response(pdf, 200, {"Cache-Control": "no-store"}, PDF)


def _stated(said: dict[str, str]) -> cases.ActorIn:
    """Who acts, from a form. RequestValidationError."""
    try:
        return cases.ActorIn.model_validate(said)
    except ValidationError as malformed:
        raise RequestValidationError([each | {"loc": ("body", *each["loc"])} for each in malformed.errors()]) from None


def _actor(request: Request, stated: cases.ActorIn) -> Actor:
    """Who signed in, in the role that is stated; NotSignedInError, and NotAllowedError where they don't hold it."""
    asks = request.state.caller.actor
    if not request.app.state.access.enforced() or asks.kind == CONSOLE:
        return stated.actor()
    return acting(asks, stated.role, stated.person)


def _reader(request: Request, stated: cases.ActorIn, asks: Asker) -> Actor:
    """`_actor` for who only looks: counsel states a purpose, which the person reads. PurposeMissingError."""
    actor = _actor(request, stated)
    if actor.role == COUNSEL and actor.for_person:
        looked(request.app.state.store, actor.officer, actor.for_person, "case", papers.stated(asks.purpose))
    return actor

