"""How do people settle over HTTP: hand in, wait, be asked about, have a number put right? Recording needs the token."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, Request, Response

from api import asked
from api.answers import filings, waiting
from api.v1 import settlement_models as models
from api.v1.answering import Asked
from api.v1.asker import Asking
from api.v1.documents import answered, ok, problems
from api.v1.household_events import IdempotencyKey
from api.v1.token import token_required
from registry.looks.keeping import listed

router = APIRouter(tags=["settlement"])
_TOKEN = [Depends(token_required)]
_Filing: Any = filings.filing_form()



@router.post(
    "/v1/settlements",
    summary="落户申请 / hand in a settlement",
    dependencies=_TOKEN,
    responses={**ok(models.FilingAnswer), **problems(401, 409, 413, 422, 503)},
)
def settle(request: Request, sent: _Filing, key: IdempotencyKey = None) -> Response:
    """Each person is decided alone, by what the register knows and by claims for which there is a paper. With `record` one
    event is recorded of those who may and who applied themselves; nobody else is moved, and no right is written.
    """
    name = "" if key is None else asked.text("Idempotency-Key", key)
    return answered(filings.hand_in(request.app.state.store, sent, name))


@router.post(
    "/v1/identities",
    summary="身份号码升位、更正 / upgrade or correct a number",
    dependencies=_TOKEN,
    responses={**ok(models.Changed), **problems(401, 409, 413, 422, 503)},
)
def change_number(request: Request, sent: filings.NumberIn) -> Response:
    """15 digits to 18 where number, name, birthday and sex agree; a correction by decision of the police. Old numbers stay."""
    return answered(filings.change(request.app.state.store, sent))


@router.post(
    "/v1/identities/links",
    summary="两条记录是一个人 / two rows are one person",
    dependencies=_TOKEN,
    responses={**ok(models.Changed), **problems(401, 409, 413, 422, 503)},
)
def link_people(request: Request, sent: filings.LinkIn) -> Response:
    """By decision of the police, never by number alone; both rows and all their numbers stay."""
    return answered(filings.link(request.app.state.store, sent))


@router.get(
    "/v1/settlement-applications",
    summary="排队的申请 / who waits",
    dependencies=_TOKEN,
    responses={**ok(models.WaitingApplications), **problems(401, 422, 503)},
)
def applications(request: Request, by: Asking) -> Response:
    """In the order of the plan (I.2.1): stock before increment, long-resident first. It orders, and refuses nobody."""
    store = request.app.state.store
    with store.reading() as connection:
        told = waiting.applications(store, connection)
    listed(store, by.officer, "", "waiting-list", by.purpose)
    return answered(told)


@router.post(
    "/v1/settlement-applications",
    summary="收一份申请 / take in an application",
    status_code=201,
    dependencies=_TOKEN,
    responses={201: {"model": models.ApplicationId, "description": "收了 / taken in"}, **problems(401, 413, 422, 503)},
)
def apply(request: Request, sent: waiting.WaitingIn) -> Response:
    """What the applicant declares is kept as declared; who they are is sealed."""
    return answered(waiting.apply(request.app.state.store, sent), 201)


@router.post(
    "/v1/settlement-applications/done",
    summary="办完或撤回 / dealt with or withdrawn",
    dependencies=_TOKEN,
    responses={**ok(models.ApplicationId), **problems(401, 404, 413, 422, 503)},
)
def leave(request: Request, sent: waiting.WithdrawnIn) -> Response:
    """With the event's place in the log, or without one where the applicant takes it back."""
    return answered(waiting.leave(request.app.state.store, sent))


@router.post(
    "/v1/membership-queries/answers",
    summary="集体的书面答复 / what a collective wrote back",
    status_code=201,
    dependencies=_TOKEN,
    responses={201: {"model": models.AnswerKept, "description": "记下了 / kept"}, **problems(401, 413, 422, 503)},
)
def answer_of_collective(request: Request, sent: waiting.CollectiveAnswerIn) -> Response:
    """With its paper, day and reason, which are sealed. It writes no membership and no right; with a "no" comes how to object."""
    return answered(waiting.answer_of_collective(request.app.state.store, sent), 201)


@router.get(
    "/v1/membership-queries",
    summary="问集体的: 新生儿是不是成员 / questions to collectives",
    responses={**ok(models.MembershipQueries), **problems(304, 422)},
)
async def membership_queries(question: Asked) -> Response:
    """A birth makes no member and no share: the parents' collectives are asked, and answer by an act of their own."""
    return question.answer(lambda c, at: waiting.asked_of_collectives(question.store, c, at))
