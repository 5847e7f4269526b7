"""Whom does the bureau's own sign-in (OIDC) vouch for? Code flow with PKCE, `state`, `nonce`; the answer is a subject, no more.

`oidc.toml` in the data folder names the provider:

```toml
issuer = "https://sso.example.cn"
client_id = "sanquan"
client_secret_file = "/etc/sanquan/oidc-secret"     # mode 600, outside the data folder
redirect_uri = "https://registry.example.cn/sign-in/oidc/back"
```

A subject opens the account to which two people bound it. Nothing else of the provider is believed: no name, no role, no mail.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from api.settings import LOOPBACK_NAMES
from registry.accounts.refusals import SignInRefusedError
from registry.errors import SanquanError
from registry.law.strict import LawFileError, read_law_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from joserfc.jwk import KeySetSerialization

FILE = "oidc.toml"
_ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
_WAIT_S = 10
_PENDING_S = 600
_MOST_PENDING = 1_000


class OidcFileError(LawFileError):
    """Raised when the file that names the provider is malformed."""


class NoProviderError(SanquanError):
    """Raised when no provider is named."""

    def __init__(self) -> None:
        """Where one is named."""
        super().__init__(f"没有设统一登录: 数据文件夹里写 {FILE}", f"no provider is named: write {FILE} into the data folder")


class ProviderError(SanquanError):
    """Raised when the provider can't be reached, or answers what it should not."""

    def __init__(self) -> None:
        """What to do meanwhile."""
        super().__init__(
            "统一登录现在用不了: 稍后再试, 或用本系统的口令和动态码",
            "the provider can't be used now: try later, or sign in with password and authenticator",
        )


@dataclass(frozen=True, slots=True)
class Provider:
    """The provider, as the county named it."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str


@dataclass(frozen=True, slots=True)
class _Begun:
    nonce: str
    verifier: str
    at_s: float


class Pending:
    """Who went to the provider and has not come back: ten minutes, in the memory of this process."""

    def __init__(self, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._clock_s = clock_s
        self._begun: dict[str, _Begun] = {}

    def keep(self, state: str, nonce: str, verifier: str) -> None:
        """Remember one; the oldest goes where there are too many."""
        now = self._clock_s()
        fresh = {name: each for name, each in self._begun.items() if now - each.at_s < _PENDING_S}
        self._begun = dict(list(fresh.items())[-_MOST_PENDING + 1 :])
        self._begun[state] = _Begun(nonce, verifier, now)

    def take(self, state: str) -> _Begun | None:
        """The one of a state, once."""
        found = self._begun.pop(state, None)
        return found if found is not None and self._clock_s() - found.at_s < _PENDING_S else None


def provider(folder: Path) -> Provider:
    """The provider of a registry. NoProviderError, OidcFileError."""
    path = folder / FILE
    if not path.exists():
        raise NoProviderError
    file = read_law_file(path, OidcFileError)
    secret = Path(file.text("client_secret_file")).read_text(encoding="utf-8").strip()
    found = Provider(file.text("issuer"), file.text("client_id"), secret, file.text("redirect_uri"))
    file.done()
    return found


def begin(one: Provider, pending: Pending) -> tuple[str, str]:
    """Where the browser goes, and the state that it brings back. ProviderError."""
    described = _described(one)
    nonce, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
    with _client(one) as client:
        url, state = client.create_authorization_url(
            described["authorization_endpoint"], code_verifier=verifier, nonce=nonce
        )
    pending.keep(state, nonce, verifier)
    return str(url), str(state)


def finish(one: Provider, pending: Pending, state: str, code: str) -> tuple[str, str]:
    """(issuer, subject) of whoever came back. SignInRefusedError for what was not begun here; ProviderError.

    1. the state was begun here, once, and lately; 2. the code is exchanged with the verifier that only we know; 3. the
    ID token is signed by a key of the provider, 4. for us, 5. now, 6. with the nonce of this very attempt.
    """
    begun = pending.take(state)  # 1
    if begun is None or not code:
        raise SignInRefusedError
    described = _described(one)
    try:
        with _client(one) as client:
            told = client.fetch_token(described["token_endpoint"], code=code, code_verifier=begun.verifier)  # 2
        keys = KeySet.import_key_set(cast("KeySetSerialization", _got(described["jwks_uri"])))
        token = jwt.decode(str(told["id_token"]), keys, algorithms=_ALGORITHMS)  # 3
        wanted = {"iss": one.issuer, "aud": one.client_id, "nonce": begun.nonce}  # 4, 6
        claims = {name: {"essential": True, "value": value} for name, value in wanted.items()}
        jwt.JWTClaimsRegistry(leeway=60, sub={"essential": True}, exp={"essential": True}, **claims).validate(token.claims)  # type: ignore[arg-type]  # 5; options are a TypedDict
    except (JoseError, AuthlibBaseError, httpx2.HTTPError, KeyError, ValueError) as wrong:
        raise ProviderError from wrong
    return one.issuer, str(token.claims["sub"])


def _client(one: Provider) -> OAuth2Client:
    return OAuth2Client(
        one.client_id, one.client_secret, redirect_uri=one.redirect_uri, scope="openid", code_challenge_method="S256",
        timeout=_WAIT_S, trust_env=False,
    )  # fmt: skip


def _described(one: Provider) -> dict[str, Any]:
    """What the provider says of itself, where it is the one that was named. ProviderError."""
    told = _got(f"{one.issuer.rstrip('/')}/.well-known/openid-configuration")
    ends = [str(told.get(name, "")) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    if told.get("issuer") != one.issuer or not all(_is_safe(each) for each in ends):
        raise ProviderError
    return told


def _got(url: str) -> dict[str, Any]:
    if not _is_safe(url):
        raise ProviderError
    try:
        answer = httpx2.get(url, timeout=_WAIT_S, trust_env=False).raise_for_status().json()
    except (httpx2.HTTPError, ValueError) as wrong:
        raise ProviderError from wrong
    if not isinstance(answer, dict):
        raise ProviderError
    return answer


def _is_safe(url: str) -> bool:
    """Over TLS, or on this very machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK_NAMES)
