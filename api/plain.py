"""How is a page written: `/law`, `/may-i`, `/my`? One base, one style sheet of its own, nothing from outside.

Such a page says all it has to say as HTML and works without script; one that has more with it names its scripts, which are
files of ours. It keeps nothing of what is typed, and sets no cookie but the language, which the switch alone sets.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Annotated, Any

import jinja2
from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from markupsafe import Markup

from api.demo.stops import demo_of
from api.pages import language as languages
from api.pages import navigation

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.pages.language import Language

router = APIRouter()
_POLICY = "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: a browser would send each form of ours with `Origin: null`, which the doors refuse as another site's.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
SCRIPTED = HEADERS | {"Content-Security-Policy": f"{_POLICY}; script-src 'self'; connect-src 'self'"}
"""Of a page that names scripts: files of ours, never a line in the page."""
_MAPPED_POLICY = SCRIPTED["Content-Security-Policy"].replace("img-src data:", "img-src 'self' data: blob:; worker-src blob:")
MAPPED = SCRIPTED | {"Content-Security-Policy": f"{_MAPPED_POLICY}; font-src 'self'"}
"""Of a page with a map: MapLibre starts its worker from a blob and draws our patterns from data addresses; all that it asks for,
a Chinese font where the machine has none, is this server's.
"""
_A_YEAR_S = 365 * 86_400
_OURS = re.compile(r"/(?!/)[A-Za-z0-9_./?=&%~+,;:-]{0,400}")
SCRIPTS = {"htmx.js": "served/htmx.org-4.0.1.js"} | {
    name: name
    for name in (
        *("my.js", "desk.js", "desk-drop.js", "fault-view.js", "desk-faults.js", "desk-paste.js", "desk-map.js"),
        *("desk-ground.js", "desk-drawing.js", "desk-history.js", "map-parts.js", "map-print.js"),
    )
}
"""Address of a script below `/scripts/`, and its file in `pages/`."""


def page(
    request: Request, name: str, status: int = 200, *, scripts: tuple[str, ...] = (), mapped: bool = False, **said: Any  # noqa: ANN401  (what the template shows)
) -> HTMLResponse:  # fmt: skip
    """A template of `pages/` written with what is said, in the reader's language, with the head of their roles."""
    language, actor = languages.of_request(request), navigation.asker(request)
    query = f"?{request.url.query}" if request.url.query and request.method == "GET" else ""
    here = f"{request.url.path}{query}" if _OURS.fullmatch(f"{request.url.path}{query}") else "/"
    head = {
        "language": language,
        "languages": languages.LANGUAGES.values(),
        "entries": navigation.entries(actor),
        "status": status,
        "path": request.url.path,
        "here": here,
        "signed_in": bool(actor.account_id),
        "scripts": scripts,
        "in_demo": demo_of(request) is not None,
    }
    text = _environment(language).get_template(name).render(**head, **said)
    return HTMLResponse(text, status, headers=MAPPED if mapped else SCRIPTED if scripts else HEADERS)


@router.get("/plain.css", include_in_schema=False)
def style() -> Response:
    """The one style sheet."""
    return _file("plain.css", "text/css")


@router.get("/scripts/{name}", include_in_schema=False)
def script(name: Annotated[str, Path(pattern=r"^[a-z-]{1,30}\.js$")]) -> Response:
    """A script that a page names; nothing that a page needs."""
    return _file(SCRIPTS[name], "text/javascript") if name in SCRIPTS else Response(status_code=404, headers=HEADERS)


@router.get("/language/{tag}", include_in_schema=False)
def switch(request: Request, tag: str, back: Annotated[str, Query(max_length=400)] = "/") -> Response:
    """Set the language and go back to a page of ours."""
    answer = RedirectResponse(back if _OURS.fullmatch(back) else "/", 303, HEADERS)
    if tag in languages.LANGUAGES:
        secure = request.url.scheme == "https"
        answer.set_cookie(languages.COOKIE, tag, max_age=_A_YEAR_S, httponly=True, samesite="lax", secure=secure, path="/")
    return answer


def _file(name: str, media_type: str) -> Response:
    content = (resources.files("api") / "pages" / name).read_bytes()
    return Response(content, media_type=f"{media_type}; charset=utf-8", headers=HEADERS | {"Cache-Control": "no-cache"})


@cache
def _environment(language: Language) -> jinja2.Environment:
    pages = jinja2.Environment(
        loader=jinja2.PackageLoader("api", "pages"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # In place of the extension's own, which puts each text together anew. No text of ours counts things by plural forms.
    pages.newstyle_gettext = True  # type: ignore[attr-defined]  # of the i18n extension
    pages.globals |= dict.fromkeys(("_", "gettext"), _texts(language))
    pages.filters |= {
        each.__name__: each for each in (language.day, language.moment, language.number, language.mu, language.m2, language.said)
    }
    return pages


def _texts(language: Language) -> Callable[..., Markup]:
    """Texts of ours in a language, with what is said in them escaped."""
    plain = cache(lambda chinese: Markup(language.text(chinese)) % {})  # noqa: S704  (ours: from templates and catalogues)

    def text(chinese: str, **said: Any) -> Markup:  # noqa: ANN401  (what the template shows)
        return Markup(language.text(chinese)) % said if said else plain(chinese)  # noqa: S704  (as above)

    return text
