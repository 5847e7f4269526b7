"""Who asks, and may they: which route needs which word on which column of the table of roles?

One table, one dependency of every route: a route that is not in the table is refused, and a test names it. It acts as soon
as the registry has an account; until then loopback and the token printed at start are all there is, as before. Whether
something is allowed is decided in `registry.accounts.authorise`, here it is only asked.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from api.limiting import Limits
from api.officers import SIGNED_IN
from api.oidc import Pending
from api.routes_of_access import OPEN, ROUTES
from api.scopes import IN_BODY, scope_of, sent_in
from registry import papers
from registry.accounts import holders, keys, proofs, tokens
from registry.accounts.authorise import ANYBODY, CONSOLE, Actor, Decision, Scope, may_any
from registry.accounts.refusals import NotAllowedError, NotSignedInError, NotThereError
from registry.accounts.sessions import LastUse
from registry.errors import SanquanError
from registry.ledger.commit import Officer

if TYPE_CHECKING:
    from api.routes_of_access import Rule
    from registry.accounts.sessions import Session
    from registry.store.engines import Store

COOKIE, DEVICE_COOKIE = "sanquan_session", "sanquan_device"
CSRF_HEADER, PURPOSE_HEADER = "sanquan-csrf", "sanquan-purpose"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
MOST_FIELDS = 12
MOST_FILES, MOST_FIELDS_BESIDE = 10, 2_000
"""Of a form with files: what a kind of case asks for, a line for each parcel or person."""
MOST_OF_A_FOLDER = 1_000
"""Of a form with a folder; what has more files comes as a zip."""
_LOOK_AGAIN_S = 1.0
_CONSOLE = Actor("", CONSOLE, CONSOLE, "")


class CsrfError(SanquanError):
    """Raised when a browser's cookie writes without the word that only our own page knows."""

    def __init__(self) -> None:
        """Where it is."""
        super().__init__(
            f"用 cookie 登录的写操作要带 {CSRF_HEADER}: GET /v1/session 里的 csrf",
            f"what writes under a cookie needs the header {CSRF_HEADER}: the csrf of GET /v1/session",
        )


@dataclass(slots=True)
class Access:
    """What the service remembers of who asks: whether there are accounts, when each session was used, how often they ask."""

    store: Store
    last_use: LastUse = field(default_factory=LastUse)
    limits: Limits = field(default_factory=Limits)
    pending: Pending = field(default_factory=Pending)
    _enforced: bool = False
    _looked_s: float = -1e9

    def enforced(self) -> bool:
        """Whether the registry has accounts: once it has, for ever; until then looked up once a second."""
        if not self._enforced and time.monotonic() - self._looked_s >= _LOOK_AGAIN_S:
            with self.store.reading() as connection:
                self._enforced = holders.any_account(connection)
            self._looked_s = time.monotonic()
        return self._enforced

    def look_now(self) -> None:
        """An account was made by this very process."""
        self._looked_s = -1e9


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and by what: `session` and `csrf` where they signed in, `by_cookie` where a browser sent it by itself."""

    actor: Actor
    session: Session | None = None
    token: str = field(repr=False, default="")
    by_cookie: bool = False


async def judged(request: Request) -> None:
    """Let a request past, or refuse it. Every route depends on it; `request.state.caller` says who asks."""
    access: Access = request.app.state.access
    request.state.caller = Caller(_CONSOLE)
    SIGNED_IN.set(None)
    route = request.scope["route"].path
    rule = ROUTES.get(f"{'GET' if request.method == 'HEAD' else request.method} {route}")
    at_once = rule is not None and request.method in SAFE and rule.scope not in IN_BODY
    caller = await run_in_threadpool(_let_in, request, access, rule if at_once else None)
    if caller is None:
        return
    if caller.actor.account_id:
        SIGNED_IN.set(Officer(caller.actor.name, caller.actor.bureau))
    if rule is OPEN or at_once:
        return
    if rule is None:
        raise NotAllowedError
    if caller.by_cookie and request.method not in SAFE:
        refuse_forged(caller, await _word(request, rule) if rule.by_form else request.headers.get(CSRF_HEADER, ""))
    sent = await sent_in(request) if rule.scope in IN_BODY else {}
    await run_in_threadpool(_judge, request, access, caller.actor, rule, sent)


def _let_in(request: Request, access: Access, rule: Rule | None) -> Caller | None:
    """Who asks; where nothing of the body is needed for it, by which rule they may, in the same turn of a thread."""
    caller = _caller_of(request, access)
    if caller is not None:
        request.state.caller = caller
        if rule is not None and rule is not OPEN:
            _judge(request, access, caller.actor, rule, {})
    return caller


def _caller_of(request: Request, access: Access) -> Caller | None:
    """Who sent this: the token of the start, a key, a session's token or cookie; anybody where none of them holds.

    None while there are no accounts.
    """
    if not access.enforced():
        return None
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    cookie = request.cookies.get(COOKIE, "")
    token = given.strip() if scheme.lower() == "bearer" else cookie
    if not token:
        return Caller(ANYBODY)
    if hmac.compare_digest(token.encode(), request.app.state.settings.token.encode()):
        return Caller(_CONSOLE)
    with access.store.reading() as connection:
        if token.startswith(proofs.KEY_PREFIX):
            return Caller(keys.actor_of_key(access.store, connection, token) or ANYBODY)
        found = tokens.of_token(access.store, connection, token)
    if found is None or not access.last_use.use(access.store, found[0]):
        return Caller(ANYBODY)
    session, actor = found
    return Caller(actor, session, token, by_cookie=not given)


async def _word(request: Request, rule: Rule) -> str:
    """The word in the form that a page of ours sent; the route reads the same form again."""
    most = (MOST_FILES, MOST_FIELDS_BESIDE) if rule.with_files else (MOST_OF_A_FOLDER if rule.with_folder else 0, MOST_FIELDS)
    word = (await request.form(max_files=most[0], max_fields=most[1])).get("csrf", "")
    return word if isinstance(word, str) else ""


def refuse_forged(caller: Caller, sent: str) -> None:
    """CsrfError where the word is missing or of another session."""
    if not hmac.compare_digest(proofs.csrf(caller.token).encode(), sent.encode()):
        raise CsrfError


def _judge(request: Request, access: Access, actor: Actor, rule: Rule, sent: dict[str, Any]) -> None:
    if actor.account_id and rule.limit:
        access.limits.count(access.store, rule.limit, actor.account_id)
    broad = Scope(everything=True, bureau=request.path_params.get("bureau", ""))
    decision = may_any(actor, rule.asked, broad)
    if not decision.allowed and rule.scope:
        with access.store.reading() as connection:
            scope = scope_of(request, access.store, connection, rule.scope, sent)
        decision = may_any(actor, rule.asked, scope)
    if not decision.allowed and rule.else_public and not request.url.query:
        request.state.for_everybody = True
        return
    if not decision.allowed:
        if actor is ANYBODY:
            raise NotSignedInError
        raise NotThereError if decision.somewhere else NotAllowedError
    if decision.needs_purpose and not rule.logs:
        _log(request, access.store, actor, decision)


def _log(request: Request, store: Store, actor: Actor, decision: Decision) -> None:
    """One person at a time, the purpose stated, written down before the answer. PurposeMissingError."""
    purpose = papers.stated(unquote(request.headers.get(PURPOSE_HEADER, "")))
    route = request.scope["route"].path
    about = request.path_params.get("person") or request.path_params.get("parcel") or route
    digest = hashlib.sha256(f"{request.method} {request.url.path}?{request.url.query}".encode()).digest()
    detail = {"account": actor.account_id, "role": decision.role, "route": route}
    papers.enter(store, Officer(actor.name, actor.bureau), papers.ANSWER, about, digest, purpose, detail)
