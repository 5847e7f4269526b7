"""May this caller write? Whoever holds the token printed at start, until the registry has accounts; then `api.access` judges."""

from __future__ import annotations

import hmac
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from registry.errors import SanquanError

_BEARER = HTTPBearer(auto_error=False, description="the token that `sanquan serve` prints when it starts")


class TokenError(SanquanError):
    """Raised when the token is missing or wrong; which of the two is not told."""

    def __init__(self) -> None:
        """Say where the token is."""
        super().__init__(
            "记户籍事件要带令牌: Authorization: Bearer …, 令牌在 sanquan serve 启动时打印",
            "recording a household event needs the token: Authorization: Bearer …, printed when sanquan serve starts",
        )


def token_required(request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]) -> None:
    """Let nobody past without the token. Who was judged by the table of access needs none. TokenError."""
    if request.app.state.access.enforced():
        return
    wanted: str = request.app.state.settings.token
    sent = given.credentials if given is not None else ""
    if not hmac.compare_digest(sent.encode(), wanted.encode()):
        raise TokenError
