"""What does a route answer: as the OpenAPI document says it, with its form and each problem, and as it is handed out?"""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

PROBLEM_JSON = "application/problem+json"
_WORDS = {
    304: "没有变化 / not modified",
    401: "要带令牌 / the token is missing or wrong",
    403: "不能由您办 / not yours to do",
    404: "没有 / there is none",
    409: "与已登记的冲突 / it contradicts what is recorded",
    413: "内容太大 / too long",
    422: "填写有误 / a field is malformed; named with a valid example",
    429: "太多了, 等一等 / too many, wait",
    503: "登记库被占用 / held by another program",
}

Responses = dict[int | str, dict[str, Any]]


class FieldError(BaseModel):
    """One field that is not as it must be."""

    field: str
    zh: str
    en: str
    example: str | None = None


class Problem(BaseModel):
    """RFC 9457. `detail` is Chinese / English; `zh` and `en` have them apart."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"type": "urn:sanquan:problem:person-not-found"}]})

    type: str
    title: str
    status: int
    detail: str
    zh: str
    en: str
    errors: list[FieldError] = Field(default_factory=list)


def ok(model: type[BaseModel], media_type: str = "application/json") -> Responses:
    """The answer of status 200. Its bytes are made ready by orjson; tests hold them to the model."""
    good: dict[str, Any] = {"model": model, "description": "答复 / the answer"}
    if media_type != "application/json":
        good["content"] = {media_type: {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}}
    return {200: good}


def answered(document: object, status: int = 200) -> Response:
    """The answer as JSON that nobody keeps."""
    return Response(orjson.dumps(document), status, {"Cache-Control": "no-store"}, "application/json")


def problems(*statuses: int) -> Responses:
    """The problems that a route can answer."""
    out: Responses = {}
    for status in statuses:
        out[status] = {"description": _WORDS[status]}
        if status >= 400:  # noqa: PLR2004  (the first status of a problem)
            out[status]["content"] = {PROBLEM_JSON: {"schema": Problem.model_json_schema()}}
    return out
