"""`/may-i`: what may I, which papers, on which rule, and what will not change? Twelve buttons, six questions at most.

Answers travel in the body of a POST, as words of our own; no address, no cookie and no log line has them, and nothing is
kept: the next page is made of the answers that the last one sent, and forgets them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request

from api import plain
from api.answers import law
from api.offices import offices
from registry.decisions.may_i import UNKNOWN, Asked, Situation, UnknownAnswerError, answer, situations

if TYPE_CHECKING:
    from fastapi.responses import HTMLResponse

router = APIRouter()
_SITUATION, _ASKED, _ANSWER = "situation", "asked", "answer"
MOST_QUESTIONS = 6


@router.get("/may-i", include_in_schema=False)
def first(request: Request) -> HTMLResponse:
    """出了什么事？ The twelve."""
    return plain.page(request, "may_i.html", situations=situations().values())


@router.post("/may-i", include_in_schema=False)
async def following(request: Request) -> HTMLResponse:
    """The next question, or the sheet. UnknownAnswerError is answered by the one table of refusals."""
    async with request.form(max_files=0, max_fields=MOST_QUESTIONS + 3) as form:
        sent = {name: value for name, value in form.items() if isinstance(value, str)}
    situation = situations().get(sent.pop(_SITUATION, ""))
    if situation is None:
        raise UnknownAnswerError
    asked, chosen = sent.pop(_ASKED, ""), sent.pop(_ANSWER, "")
    given = situation.checked(sent | ({asked: chosen} if asked else {}))
    question = situation.next_after(given)
    if question is not None:
        return _question(request, situation, question, given)
    sheet = answer(situation.word, given, law.today())
    return plain.page(
        request,
        "may_i_sheet.html",
        sheet=sheet,
        rules=[law.described(rule) for rule in sheet.rules],
        on=law.today().isoformat(),
        offices=offices(request.app.state.settings.registry, sheet.offices),
        back=_without_last(given),
    )


def _question(request: Request, situation: Situation, question: Asked, given: dict[str, str]) -> HTMLResponse:
    return plain.page(
        request,
        "may_i_question.html",
        situation=situation,
        question=question,
        given=given,
        number=len(given) + 1,
        most=MOST_QUESTIONS,
        unknown=UNKNOWN,
        back=_without_last(given) if given else None,
    )


def _without_last(given: dict[str, str]) -> dict[str, str]:
    return dict(list(given.items())[:-1])
