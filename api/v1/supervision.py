"""What does the supervision bureau look at, over HTTP: `/v1/supervision`, the same lists as on its page?"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Depends, Path, Request, Response

from api import asked, media
from api.answers import supervision, written
from api.v1 import models_of_supervision as models
from api.v1.answering import Asked
from api.v1.documents import ok, problems
from api.v1.statistics import Form
from api.v1.token import token_required
from registry.supervision import sampling

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from api.asked import Moment
    from api.v1.answering import Question

router = APIRouter(prefix="/v1/supervision", tags=["supervision"], dependencies=[Depends(token_required)])
_NO_STORE = {"Cache-Control": "no-store"}
Name = Annotated[
    Literal["refused", "soon-after", "odd-looks", "conditions", "sample"],
    Path(description="哪一项 / which list", examples=["refused"]),
]


@router.get("", summary="监督台 / the supervision bureau's lists", responses={**ok(models.Overview), **problems(401, 404, 422)})
def every(question: Asked) -> Response:
    """Each list with its number of rows and one sentence on how it was counted. No name of a herder is in any."""
    return _answer(question, lambda c, at: written(supervision.overview(question.store, c, at)))


@router.get("/{which}", summary="监督台的一项 / one list", responses={**ok(models.Listed), **problems(401, 404, 422)})
def one(question: Asked, which: Name, form: Form = "json") -> Response:
    """Refused attempts, changes soon after a settlement, odd look-ups, reports of unlawful conditions: rows to ask about."""
    if form == "json":
        return _answer(question, lambda c, at: written(supervision.told(question.store, c, at, which)))
    answer = _answer(question, lambda c, at: supervision.as_sheet(question.store, c, at, which, form), media.TABLES[form])
    answer.headers["Content-Disposition"] = f'attachment; filename="{which}.{form}"'
    return answer


@router.post(
    "/samples",
    summary="封存下月抽签的数 / seal the number of next month's sample",
    status_code=201,
    responses={201: {"model": models.Sealed, "description": "封存了 / sealed"}, **problems(401, 413, 422, 503)},
)
def seal(request: Request, sent: supervision.SealIn) -> Response:
    """Its hash and the list of families, as one entry of the log; one a month, in the month before."""
    made = sampling.seal(request.app.state.store, sent.month, sent.number_hash)
    return Response(written(supervision.sealed(made)), 201, _NO_STORE, "application/json")


@router.post(
    "/samples/draws",
    summary="抽签 / draw the month's sample",
    status_code=201,
    responses={201: {"model": models.Drawn, "description": "抽了 / drawn"}, **problems(401, 413, 422, 503)},
)
def draw(request: Request, sent: supervision.DrawIn) -> Response:
    """Reveal the number in its month and draw by the month's first cosigned checkpoint; once."""
    made = sampling.draw(request.app.state.store, sent.month, sent.number)
    return Response(written(supervision.drawn(made)), 201, _NO_STORE, "application/json")


def _answer(
    question: Question, build: Callable[[Connection, Moment], bytes], media_type: str = "application/json"
) -> Response:
    """No ETag: who looked and what was refused are no entries of the log."""
    store = question.store
    with store.reading() as connection:
        at = asked.moment(store, connection, question.valid_at, question.known_at)
        return Response(build(connection, at), 200, _NO_STORE, media_type)
