"""How does anybody read the rule book in a browser: `/law`, its rules, what changed, what is open?

What is unconfirmed, and that nobody has reviewed a rule, stands beside the rule itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Request

from api import plain
from api.answers import law
from registry.law.book import PLACES, book

if TYPE_CHECKING:
    from fastapi.responses import HTMLResponse

router = APIRouter()
_Day = Annotated[str, Query(max_length=10)]
_Place = Annotated[str, Query(max_length=6)]
_Class = Annotated[str, Query(alias="class", max_length=12)]


@router.get("/law", include_in_schema=False)
def listing(request: Request, on: _Day = "", place: _Place = "", cls: _Class = "") -> HTMLResponse:
    """The rules in force on a day, by instrument. Refusals are answered by the one table of refusals."""
    answer = law.rules(on or None, place or None, cls or None)
    groups = [
        (instrument, [rule for rule in answer["rules"] if rule["id"].partition("/")[0] == instrument.name])
        for instrument in book().instruments.values()
    ]
    return plain.page(
        request,
        "law.html",
        answer=answer,
        groups=[(instrument, rules) for instrument, rules in groups if rules],
        unconfirmed=sum(rule["unconfirmed"] is not None for rule in answer["rules"]),
        places=PLACES.values(),
        classes=law.CLASSES,
        place=place,
        cls=cls,
    )


@router.get("/law/changes", include_in_schema=False)
def changes(request: Request, since: _Day = "2018-12-31", on: _Day = "") -> HTMLResponse:
    """What differs between two days."""
    return plain.page(request, "law_changes.html", answer=law.diff(since, on or None))


@router.get("/law/questions", include_in_schema=False)
def questions(request: Request) -> HTMLResponse:
    """What the texts leave open."""
    return plain.page(request, "law_questions.html", answer=law.questions())


@router.get("/law/{instrument}/{clause}", include_in_schema=False)
def rule(request: Request, instrument: str, clause: str, on: _Day = "") -> HTMLResponse:
    """One rule with its versions."""
    name = f"{instrument}/{clause}"
    versions, now = book().versions(name), law.today()
    if not on and not any(version.holds_on(now) for version in versions):
        on = versions[-1].in_force_from.isoformat()  # what no longer holds is shown as it last was
    return plain.page(request, "law_rule.html", answer=law.rule(name, on or None))
