"""Which exceptions wait for the bureau, and how is one approved or refused over HTTP: `/v1/exceptions`?"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from api import asked
from api.answers import exceptions
from api.v1 import delivery_models as models
from api.v1.answering import Village
from api.v1.documents import answered, ok, problems
from api.v1.token import token_required

router = APIRouter(prefix="/v1/exceptions", tags=["exceptions"])
StateQuery = Annotated[
    exceptions.State | None,
    Query(description="等待、批准、不批准 / waiting, approved or refused", examples=["waiting"]),
]


@router.get(
    "",
    summary="例外说明 / explanations of faults that are true on the ground",
    dependencies=[Depends(token_required)],
    responses={**ok(models.Exceptions), **problems(401, 422, 503)},
)
def every(request: Request, village: Village = None, state: StateQuery = None) -> Response:
    """In the order in which they came, with what the bureau decided; who signed and why they hold it true stay sealed."""
    code = None if village is None else asked.text("village", village)
    store = request.app.state.store
    with store.reading() as connection:
        found = exceptions.exceptions(store, connection, code, state)
    return answered(found, 200)


@router.post(
    "/decisions",
    summary="批准或不批准一条例外说明 / approve or refuse an exception",
    status_code=201,
    dependencies=[Depends(token_required)],
    responses={
        201: {"model": models.Exception_, "description": "记下了 / decided"},
        **problems(401, 404, 409, 413, 422, 503),
    },
)
def decide(request: Request, sent: exceptions.DecisionIn) -> Response:
    """Once each, with who, when and why. Approved, its fault is not asked again; refused, the return sheet says why."""
    return answered(exceptions.decide(request.app.state.store, sent), 201)

