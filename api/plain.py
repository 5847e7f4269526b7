"""How is a page written that needs no script: `/law`, `/may-i`? One style sheet of its own, nothing from outside.

Such a page says all it has to say as HTML, keeps nothing of what is typed, and sets no cookie.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import jinja2
from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

router = APIRouter()
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def page(name: str, status: int = 200, **said: Any) -> HTMLResponse:  # noqa: ANN401  (whatever the template shows)
    """A template of `pages/` written with what is said."""
    return HTMLResponse(_environment().get_template(name).render(**said), status, headers=HEADERS)


@router.get("/plain.css", include_in_schema=False)
def style() -> Response:
    """The one style sheet."""
    text = (resources.files("api") / "pages" / "plain.css").read_bytes()
    return Response(text, media_type="text/css; charset=utf-8", headers=HEADERS | {"Cache-Control": "no-cache"})


@cache
def _environment() -> jinja2.Environment:
    pages = jinja2.Environment(
        loader=jinja2.PackageLoader("api", "pages"), autoescape=True, undefined=jinja2.StrictUndefined
    )
    pages.filters["day"] = _day
    return pages


def _day(iso: str) -> str:
    """A day as people read it."""
    year, month, day = iso.split("-")
    return f"{int(year)}年{int(month)}月{int(day)}日"
