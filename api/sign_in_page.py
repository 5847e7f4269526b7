"""`/sign-in`: how does one sign in with a browser, staff and people alike? Two forms, no script, nothing from outside.

What is typed travels in the body of one POST; a refusal says the same whatever was wrong. Somebody who is signed in sees
who they are, which roles they have, and a button that ends it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from api import plain
from api.access import refuse_forged
from api.answers import accounts as answers
from api.limiting import TooOftenError
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


async def _attempt(request: Request, how: str, attempt: Callable[[Source], SignedIn]) -> Response:
    try:
        done = await run_in_threadpool(sign_in, request, how, attempt)
    except SignInRefusedError as refusal:
        return _page(request, _REFUSED, refusal)
    except (SignInLockedError, TooOftenError) as refusal:
        answer = _page(request, _TOO_OFTEN, refusal)
        answer.headers["Retry-After"] = str(refusal.wait_s)
        return answer
    return keep(request, RedirectResponse("/sign-in", 303, plain.HEADERS), done)


def _page(request: Request, status: int = 200, refusal: SanquanError | None = None) -> Response:
    found = caller(request)
    me = answers.who(found.actor, found.session, proofs.csrf(found.token)) if found.session else None
    return plain.page("sign_in.html", status, me=me, refusal=refusal)


async def _form(request: Request) -> dict[str, str]:
    async with request.form(max_files=0, max_fields=4) as form:
        return {name: value[:400] for name, value in form.items() if isinstance(value, str)}


def _store(request: Request) -> Store:
    store: Store = request.app.state.access.store
    return store
