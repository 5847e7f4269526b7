"""How is a case opened, looked at and moved on over HTTP: `/v1/cases`?

Who asks is stated in the body until the registry has accounts. Then it is who signed in, and the body says in which of their
roles; a role that is held to a town or a village opens no case yet.
"""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Path, Request, Response

from api import asked
from api.answers import cases
from api.v1 import case_models as models
from api.v1.answering import PDF
from api.v1.documents import ok, problems
from api.v1.token import token_required
from registry.accounts.authorise import CONSOLE
from registry.accounts.refusals import NotAllowedError, NotSignedInError
from registry.accounts.roles import PERSON
from registry.cases import Actor, dossier_of

router = APIRouter(prefix="/v1/cases", tags=["cases"], dependencies=[Depends(token_required)])
_ROLES = {"agriculture": "agriculture", "forestry": "forestry", "land": "realty", PERSON: "person"}
"""As the table of roles calls them, and as the book of cases does."""
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
    return _answer(cases.all_kinds(), 200)


@router.post(
    "/lookup",
    summary="我能看的案件 / the cases that the asker may see",
    responses={**ok(models.Cases), **problems(401, 413, 422, 503)},
)
def every(request: Request, sent: cases.CaseQuestion) -> Response:
    """A draft is its author's; after it was submitted it is the desks', its author's and everyone's whom it touches."""
    return _answer(cases.every(request.app.state.store, _actor(request, sent.actor), sent.thing), 200)


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
    return _answer(cases.open_(request.app.state.store, sent.case, _actor(request, sent.actor)), 201)


@router.post(
    "/{case}/lookup",
    summary="一个案件 / one case",
    responses={**ok(models.CaseAnswer), **problems(401, 404, 413, 422, 503)},
)
def one(request: Request, case: CaseId, sent: cases.CaseQuestion) -> Response:
    """Its steps, whom it touches now, and which steps come next for the asker, each with what is missing."""
    return _answer(cases.show(request.app.state.store, asked.text("case", case), _actor(request, sent.actor)), 200)


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
    return _answer(cases.step(request.app.state.store, case_id, sent.step, _actor(request, sent.actor)), 201)


@router.post(
    "/{case}/dossier",
    summary="卷宗 / the dossier of a case",
    responses={**ok(models.DossierPdf, PDF), **problems(401, 403, 404, 413, 422, 503)},
)
def dossier(request: Request, case: CaseId, sent: cases.DossierQuestion) -> Response:
    """A PDF for the desk that keeps the book: a page for a judge, every step with its entry, every paper with its digest. Names
    stand in it where people sign in, and are masked before.
    """
    masked = not request.app.state.access.enforced()
    actor = _actor(request, sent.actor)
    pdf = dossier_of(request.app.state.store, asked.text("case", case), actor, sent.purpose, masked=masked)
    return Response(pdf, 200, {"Cache-Control": "no-store"}, PDF)


def _actor(request: Request, stated: cases.ActorIn) -> Actor:
    """Who signed in, in the role that is stated; NotSignedInError, and NotAllowedError where they don't hold it."""
    asks = request.state.caller.actor
    if not request.app.state.access.enforced() or asks.kind == CONSOLE:
        return stated.actor()
    if not asks.account_id:
        raise NotSignedInError
    held = {_ROLES.get(grant.role.id) for grant in asks.held if not grant.town}
    if stated.role not in held:
        raise NotAllowedError
    return Actor(asks.account_id, asks.name, asks.bureau, stated.role, asks.person_id or "")


def _answer(document: object, status: int) -> Response:
    return Response(orjson.dumps(document), status, {"Cache-Control": "no-store"}, "application/json")
