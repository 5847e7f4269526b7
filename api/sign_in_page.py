"""`/sign-in`: how does one sign in with a browser, staff and people alike? Two forms, no script, nothing from outside.

What is typed travels in the body of one POST; a refusal says the same whatever was wrong. Somebody who is signed in sees
who they are, which roles they have, and a button that ends it.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from api import oidc, plain
from api.access import refuse_forged
from api.answers import accounts as answers
from api.limiting import TooOftenError
from api.pages.navigation import entries
from api.signed_in import caller, forget, keep, sign_in
from registry.accounts import proofs, sessions, signing_in
from registry.accounts.refusals import SignInLockedError, SignInRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from registry.accounts.signing_in import SignedIn, Source
    from registry.errors import SanquanError
    from registry.store.engines import Store

router = APIRouter()
_REFUSED, _TOO_OFTEN = 401, 429
_STATE = "sanquan_oidc"


@router.get("/sign-in", include_in_schema=False)
def page(request: Request) -> Response:
    """The two forms, or who is signed in."""
    return _page(request)


@router.post("/sign-in", include_in_schema=False)
async def staff(request: Request) -> Response:
    """A staff member."""
    sent, store = await _form(request), _store(request)
    login, password, code = (sent.get(name, "") for name in ("login", "password", "code"))
    return await _attempt(request, "password", lambda source: signing_in.staff(store, login, password, code, source))


@router.post("/sign-in/card", include_in_schema=False)
async def card(request: Request) -> Response:
    """A person with a paper card."""
    sent, store = await _form(request), _store(request)
    number, code, pin = (sent.get(name, "") for name in ("id_number", "code", "pin"))
    return await _attempt(request, "card", lambda source: signing_in.person(store, number, code, pin, source))


@router.post("/sign-out", include_in_schema=False)
async def sign_out(request: Request) -> Response:
    """This session ends."""
    found, sent = caller(request), await _form(request)
    if found.session is not None:
        refuse_forged(found, sent.get("csrf", ""))
        sessions.end(_store(request), found.token)
    return forget(RedirectResponse("/sign-in", 303, plain.HEADERS))


@router.get("/sign-in/oidc", include_in_schema=False)
def to_provider(request: Request) -> Response:
    """Over to the bureau's own sign-in. A cookie keeps the state: only this browser can come back with it."""
    access = request.app.state.access
    url, state = oidc.begin(oidc.provider(access.store.settings.folder), access.pending)
    answer = RedirectResponse(url, 303, plain.HEADERS)
    # Lax: the provider sends the browser back from another site, where a strict cookie would stay behind.
    secure = request.url.scheme == "https"
    answer.set_cookie(_STATE, state, max_age=600, httponly=True, samesite="lax", secure=secure, path="/sign-in/oidc")
    return answer


@router.get("/sign-in/oidc/back", include_in_schema=False)
def from_provider(
    request: Request, state: Annotated[str, Query(max_length=200)] = "", code: Annotated[str, Query(max_length=2_000)] = ""
) -> Response:
    """Back again: the subject opens the account to which two people bound it, or nothing; none is ever made."""
    store, access = _store(request), request.app.state.access
    try:
        if not state or not hmac.compare_digest(request.cookies.get(_STATE, "").encode(), state.encode()):
            raise SignInRefusedError
        vouched = oidc.finish(oidc.provider(store.settings.folder), access.pending, state, code)
        done = sign_in(request, "oidc", lambda source: signing_in.subject(store, *vouched, source))
    except SignInRefusedError as refusal:
        return _page(request, _REFUSED, refusal)
    # A page and not a redirect: a strict cookie is not sent on a way that began at another site.
    return keep(request, plain.page(request, "signed_in.html"), done)


async def _attempt(request: Request, how: str, attempt: Callable[[Source], SignedIn]) -> Response:
    try:
        done = await run_in_threadpool(sign_in, request, how, attempt)
    except SignInRefusedError as refusal:
        return _page(request, _REFUSED, refusal)
    except (SignInLockedError, TooOftenError) as refusal:
        answer = _page(request, _TOO_OFTEN, refusal)
        answer.headers["Retry-After"] = str(refusal.wait_s)
        return answer
    # A person sees their land at once; a desk what it may do.
    return keep(request, RedirectResponse("/my" if how == "card" else "/sign-in", 303, plain.HEADERS), done)


def _page(request: Request, status: int = 200, refusal: SanquanError | None = None) -> Response:
    found = caller(request)
    me = answers.who(found.actor, found.session, proofs.csrf(found.token)) if found.session else None
    has_provider = (_store(request).settings.folder / oidc.FILE).exists()
    opens = entries(found.actor)
    return plain.page(
        request,
        "sign_in.html",
        status,
        me=me,
        refusal=refusal,
        has_provider=has_provider,
        mine=any(entry.own for entry in opens),
        work=[entry for entry in opens if entry.counsel or entry.staff],
    )


async def _form(request: Request) -> dict[str, str]:
    async with request.form(max_files=0, max_fields=4) as form:
        return {name: value[:400] for name, value in form.items() if isinstance(value, str)}


def _store(request: Request) -> Store:
    store: Store = request.app.state.access.store
    return store
