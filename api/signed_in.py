"""What does a browser keep of a session, and where does an attempt come from? For `/v1/session` and the page alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from api.access import COOKIE, DEVICE_COOKIE, Access, Caller
from registry.accounts.authorise import CONSOLE
from registry.accounts.holders import By
from registry.accounts.refusals import NotSignedInError, SignInLockedError, SignInRefusedError
from registry.accounts.signing_in import Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import Request, Response

    from registry.accounts.signing_in import SignedIn

_A_YEAR_S = 365 * 86_400


def source_of(request: Request) -> Source:
    """The address, the device's own cookie, and the session that would be replaced."""
    address = request.client.host if request.client else ""
    return Source(address, request.cookies.get(DEVICE_COOKIE, "")[:200], request.cookies.get(COOKIE) or None)


def sign_in(request: Request, how: str, attempt: Callable[[Source], SignedIn]) -> SignedIn:
    """One attempt, counted and logged without a word of what was typed. TooOftenError and what the attempt raises."""
    access: Access = request.app.state.access
    source = source_of(request)
    log = structlog.get_logger("sanquan.access")
    if not source.device:  # who has been here before is not counted with whoever else comes from this address
        access.limits.count(access.store, "sign-in", source.address)
    try:
        done = attempt(source)
    except (SignInRefusedError, SignInLockedError) as refusal:
        log.warning("sign-in refused", how=how, locked=isinstance(refusal, SignInLockedError))
        raise
    access.look_now()
    if how == "break-glass":
        log.critical("SEALED CODE USED", account=done.account_id)
    else:
        log.info("signed in", how=how, account=done.account_id)
    return done


def keep(request: Request, answer: Response, done: SignedIn) -> Response:
    """Set the cookies: no script reads them, no other site sends them, and over https only where it is https."""
    secure = request.url.scheme == "https"
    answer.set_cookie(COOKIE, done.begun.token, httponly=True, samesite="strict", secure=secure, path="/")
    answer.set_cookie(
        DEVICE_COOKIE, done.device, max_age=_A_YEAR_S, httponly=True, samesite="strict", secure=secure, path="/"
    )
    return answer


def forget(answer: Response) -> Response:
    """Take the session's cookie back. The device stays known."""
    answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return answer


def caller(request: Request) -> Caller:
    """Who asks, as the one dependency found it."""
    found: Caller = request.state.caller
    return found


def by(request: Request) -> By:
    """Who does something that is written down with a name."""
    actor = caller(request).actor
    return By(actor.account_id or CONSOLE, actor.name)


def signed_in(request: Request) -> Caller:
    """Who asks, where it is an account with a session. NotSignedInError."""
    found = caller(request)
    if found.session is None:
        raise NotSignedInError
    return found
