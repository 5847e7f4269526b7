"""How is a decision asked for without recording anything: `POST /v1/decisions/…`, one route a question?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from fastapi import APIRouter, Response

from api.answers import decisions
from api.v1 import settlement_models as models
from api.v1.documents import ok, problems
from registry.decisions.asking import QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Callable

router = APIRouter(prefix="/v1/decisions", tags=["decisions"])


def _route(word: str) -> Callable[..., Any]:
    form: Any = decisions.asking(word)

    async def decide(sent: form) -> Response:
        return Response(orjson.dumps(decisions.decide(word, sent)), 200, {"Cache-Control": "no-store"}, "application/json")

    decide.__annotations__["sent"] = form
    return decide


_OF_A_MOVE = "No fact about land is asked."
_OF_WHAT_IS_HELD = "Where a holder lives or is registered is not asked."
for _word, _question in decisions.ASKED.items():
    router.add_api_route(
        f"/{_word}",
        _route(_word),
        methods=["POST"],
        name=_word,
        summary=f"{_question.zh} / {_question.en}",
        description="Facts in the body, never in an address; answered by the rules of the day, nothing is stored. A missing paper "
        f"is `needs evidence`, what the law leaves open is `review`. {_OF_A_MOVE if _word in QUESTIONS else _OF_WHAT_IS_HELD}",
        responses={**ok(models.Decision), **problems(404, 422)},
    )
