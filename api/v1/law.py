"""How is the rule book asked over HTTP: `/v1/law`? No registry is read: the book is the program's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Path, Query, Response

from api.answers import law
from api.asked import FIELDS
from api.v1 import models
from api.v1.documents import ok, problems

if TYPE_CHECKING:
    from collections.abc import Mapping

router = APIRouter(prefix="/v1/law", tags=["law"])


def _about(name: str) -> dict[str, Any]:
    field = FIELDS[name]
    return {"description": f"{field.zh} / {field.en}", "examples": [field.example]}


On = Annotated[str | None, Query(json_schema_extra={"format": "date"}, **_about("on"))]
Since = Annotated[str, Query(json_schema_extra={"format": "date"}, **_about("since"))]
PlaceCode = Annotated[str | None, Query(**_about("place"))]
Class = Annotated[Literal["decision", "prohibition", "parameter"] | None, Query(alias="class", **_about("class"))]
Instrument = Annotated[str, Path(**_about("instrument"))]
Clause = Annotated[str, Path(**_about("clause"))]


@router.get("", summary="哪天有哪些规则 / the rules in force on a day", responses={**ok(models.Rules), **problems(422)})
def rules(on: On = None, place: PlaceCode = None, cls: Class = None) -> Response:
    """Each with its citation, its days, its figures, and what is unconfirmed about it; at a place, those of all levels."""
    return _answer(law.rules(on, place, cls))


@router.get(
    "/changes",
    summary="两天之间变了什么 / what differs between two days",
    responses={**ok(models.RuleChanges), **problems(422)},
)
def changes(since: Since, on: On = None, place: PlaceCode = None) -> Response:
    """Every rule that began, ended or says something else on `on` than on `since`."""
    return _answer(law.diff(since, on, place))


@router.get(
    "/reviews",
    summary="配套规定有没有审查过 / who reviewed the supporting rules",
    responses={**ok(models.RuleReviews), **problems(404, 422)},
)
def reviews(on: On = None) -> Response:
    """The banner's own rules beside the plan, who must make and who must review such rules, and which nobody has reviewed."""
    return _answer(law.reviews(on))


@router.get(
    "/questions",
    summary="条文没有说清的 / what the texts leave open",
    responses={**ok(models.RuleQuestions), **problems(422)},
)
def questions() -> Response:
    """Fourteen questions, where each arises, and what happens until a person answers."""
    return _answer(law.questions())


@router.get(
    "/rules/{instrument}/{clause}",
    summary="一条规则 / one rule",
    responses={**ok(models.RuleAnswer), **problems(404, 422)},
)
def rule(instrument: Instrument, clause: Clause, on: On = None) -> Response:
    """What it says on the day, with all its versions and the questions that it leaves open."""
    return _answer(law.rule(f"{instrument}/{clause}", on))


def _answer(document: Mapping[str, Any]) -> Response:
    return Response(orjson.dumps(document), 200, {"Cache-Control": "no-cache"}, "application/json")
