"""What is a bureau told about one person, over HTTP: `/v1/bureaus`? Yes or no and since when, with a purpose, logged."""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Path, Request, Response

from api import asked
from api.asked import FIELDS
from api.officers import at_the_desk
from api.v1 import models_of_figures as models
from api.v1.documents import ok, problems
from api.v1.token import token_required
from registry import bureaus

router = APIRouter(prefix="/v1/bureaus", tags=["bureaus"])
BureauPath = Annotated[str, Path(description=f"{FIELDS['bureau'].zh} / {FIELDS['bureau'].en}", examples=[FIELDS["bureau"].example])]


@router.post(
    "/{bureau}/answers",
    summary="部门查一个人 / what a bureau is told about one person",
    dependencies=[Depends(token_required)],
    responses={**ok(models.BureauAnswer), **problems(401, 404, 422, 503)},
)
def answer(request: Request, bureau: BureauPath, wanted: models.BureauQuestion) -> Response:
    """One person at a time, the purpose stated, each answer logged before it is given; never parcel data. A bureau that is
    owed aggregates only is refused and told where they are.
    """
    store = request.app.state.store
    asked.text("bureau", bureau)
    person = asked.text("person", wanted.person)
    with store.reading() as connection:
        at = asked.moment(store, connection, wanted.valid_at, None)
    who = at_the_desk(wanted.officer, bureau)
    told = bureaus.ask(
        store, bureau, person, officer=who, purpose=wanted.purpose, valid_at=at.valid_at, known_at=at.known_at
    )
    return Response(orjson.dumps(told), 200, {"Cache-Control": "no-store"}, "application/json")
