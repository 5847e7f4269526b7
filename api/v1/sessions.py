"""How does one sign in and out over HTTP, and who am I: `/v1/session`? What is typed travels in the body and is kept nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response

from api.access import Access
from api.answers import accounts as answers
from api.signed_in import by, caller, forget, keep, sign_in, signed_in
from api.v1 import access_models as models
from api.v1.documents import answered, ok, problems
from registry.accounts import grants, holders, proofs, sessions, signing_in
from registry.accounts.refusals import SignInRefusedError

if TYPE_CHECKING:
    from registry.accounts.signing_in import SignedIn
    from registry.store.engines import Store

router = APIRouter(prefix="/v1/session", tags=["session"])
_ENDS = {**ok(models.Done), **problems(401, 403, 422, 503)}
_SIGN_IN = {**ok(models.Who), **problems(401, 413, 422, 429, 503)}


@router.get("", summary="我是谁 / who am I", responses={**ok(models.Who), **problems(422)})
def who(request: Request) -> Response:
    """Whoever asks, with the roles that stand today and the word that goes with each write by cookie."""
    found = caller(request)
    csrf = proofs.csrf(found.token) if found.session else None
    return answered(answers.who(found.actor, found.session, csrf))


@router.post("", summary="工作人员登录 / staff sign in", responses=_SIGN_IN)
def staff(request: Request, sent: models.SignIn) -> Response:
    """Two factors, always. Whether a login exists is not told; five failures lock it for where they came from, for minutes."""
    store = _store(request)
    done = sign_in(request, "password", lambda source: signing_in.staff(store, sent.login, sent.password, sent.code, source))
    return _begun(request, done)


@router.post("/card", summary="纸卡登录 / sign in with a paper card", responses=_SIGN_IN)
def card(request: Request, sent: models.CardSignIn) -> Response:
    """Each code works once. An unknown ID number is answered as a wrong code: same words, same work."""
    store = _store(request)
    done = sign_in(request, "card", lambda source: signing_in.person(store, sent.id_number, sent.code, sent.pin, source))
    return _begun(request, done)


@router.post("/sealed-code", summary="应急封存码登录 / sign in with a sealed code", responses=_SIGN_IN)
def sealed(request: Request, sent: models.SealedCode) -> Response:
    """Two people made it; it works once, for an hour, and stands in the log in capitals."""
    store = _store(request)
    done = sign_in(request, "break-glass", lambda source: signing_in.sealed_code(store, sent.login, sent.code, source))
    return _begun(request, done)


@router.post("/end", summary="退出 / sign out", responses=_ENDS)
def end(request: Request) -> Response:
    """This session ends."""
    sessions.end(_store(request), signed_in(request).token)
    return forget(answered({"id": None}))


@router.post("/end-everywhere", summary="处处退出 / sign out everywhere", responses=_ENDS)
def end_everywhere(request: Request) -> Response:
    """Every session of this account ends, on every device."""
    store, found = _store(request), signed_in(request)
    with store.writing("desk") as connection:
        holders.end_sessions(store, connection, found.actor.account_id, "everywhere")
        connection.commit()
    return forget(answered({"id": None}))


@router.post("/password", summary="改口令 / change the password", responses=_ENDS)
def password(request: Request, sent: models.NewPassword) -> Response:
    """With the present one; every session ends, this one too."""
    store, found = _store(request), signed_in(request)
    account = found.actor.account_id
    with store.reading() as connection:
        kept = holders.secrets_of(store, connection, account).get("password")
    if not proofs.matches(sent.old, None if kept is None else str(kept.told["hash"])):
        raise SignInRefusedError
    made = holders.renew(store, by(request), account, sent.new)
    with store.writing("desk") as connection:
        holders.end_sessions(store, connection, account, "everywhere")
        connection.commit()
    return forget(answered({"id": made}))


def _begun(request: Request, done: SignedIn) -> Response:
    store = _store(request)
    with store.reading() as connection:
        actor = grants.actor(store, connection, holders.account(store, connection, done.account_id))
    return keep(request, answered(answers.who(actor, done.begun.session, done.begun.csrf)), done)


def _store(request: Request) -> Store:
    access: Access = request.app.state.access
    return access.store

