"""Who is let in before any route is looked at, and what goes out with every answer?

Loopback is no sign-in: a page of any site can make the browser call 127.0.0.1, and a name can be pointed there (DNS
rebinding). So a request must name a loopback host, and one that a browser sends for another site is refused.
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import structlog

from api.settings import LOOPBACK_NAMES
from registry.errors import SanquanError

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 1 << 20
# Tables of a whole banner: only where files are what a route takes.
LARGEST_UPLOAD = 64 << 20
UPLOADS = frozenset(
    {
        "/desk/deliveries",
        "/desk/extensions",
        "/desk/leases",
        "/desk/papers/certificates/receipts",
        "/desk/tables/comparisons",
        "/desk/tables/subsidies",
        "/v1/comparisons",
        "/v1/deliveries",
        "/v1/household-events/imports",
        "/v1/inspections",
        "/v1/receipts",
        "/v1/sheets/scans",
        "/v1/sources",
        "/v1/subsidy-checks",
        "/v1/village-sheets",
    }
)
_WITH_FILES = re.compile(
    r"/v1/notices/[0-9a-f]{32}/photos|/desk/cases(?:/[0-9a-f]{32}/steps/[a-z-]{1,40})?|/desk/extensions/[0-9a-f]{32}/roster|"
    r"/desk/papers/villages/[0-9]{12}/(?:scans|notices/[0-9a-f]{32}/photos)"
)
_HOST = re.compile(rb"(\[[0-9a-fA-F:.]+\]|[^:\[\]]+)(?::\d{1,5})?")
_ORIGIN = re.compile(rb"https?://(\[[0-9a-fA-F:.]+\]|[^:/\[\]]+)(?::\d{1,5})?")
HEADERS = (
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)


class ForeignHostError(SanquanError):
    """Raised when a request names another host than a loopback one."""

    def __init__(self) -> None:
        """Show a valid one."""
        super().__init__(
            "请用 http://127.0.0.1:端口 访问; 别的主机名一律拒绝",
            "use http://127.0.0.1:PORT; every other host name is refused",
        )


class ForeignOriginError(SanquanError):
    """Raised when a browser sends a request on behalf of another site."""

    def __init__(self) -> None:
        """Say whose fault it is."""
        super().__init__(
            "别的网站不能经由浏览器查询登记库", "another site may not ask the register through a browser"
        )


class BodyTooLargeError(SanquanError):
    """Raised when more is sent than the route needs."""

    def __init__(self, most: int) -> None:
        """Say how much is taken."""
        super().__init__(f"一次最多发 {most} 字节", f"at most {most} bytes are taken at once")


class Doors:
    """The outermost layer: refuses foreign hosts, origins and long bodies, adds headers, logs one line a request.

    The line has the route's template, never the path or the query: those can hold what identifies a person. Whatever
    fails further in is answered without detail and logged by class and place only, for messages of drivers hold values.
    """

    def __init__(self, app: ASGIApp, problem_of: Callable[[Exception], Response]) -> None:
        self.app = app
        self.problem_of = problem_of
        self.log = structlog.get_logger("sanquan.api")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                present = {name.lower() for name, _ in message.get("headers", ())}
                message["headers"] = [*message.get("headers", ()), *(h for h in HEADERS if h[0] not in present)]
            await send(message)

        most = LARGEST_UPLOAD if scope["path"] in UPLOADS or _WITH_FILES.fullmatch(scope["path"]) else LARGEST_BODY
        try:
            _refuse_foreign(dict(scope["headers"]), most)
            await self.app(scope, _limited(receive, most), sending)
        except SanquanError as refusal:
            await self.problem_of(refusal)(scope, receive, sending)
        except Exception as failure:  # noqa: BLE001  (the last door: nothing of a failure may leave but that it was one)
            # Class and place only: the message of a driver holds values.
            self.log.error("failure", error=type(failure).__name__, at=_where(failure))  # noqa: TRY400
            if not status:
                await self.problem_of(failure)(scope, receive, sending)
        self.log.info(
            "request",
            method=scope["method"],
            route=getattr(scope.get("route"), "path", "-"),
            status=status,
            ms=round((time.perf_counter() - began) * 1e3, 1),
        )


def _refuse_foreign(headers: dict[bytes, bytes], most: int) -> None:
    host = _HOST.fullmatch(headers.get(b"host", b""))
    if host is None or not _is_ours(host[1]):
        raise ForeignHostError
    origin = headers.get(b"origin")
    if origin is not None:
        named = _ORIGIN.fullmatch(origin)
        if named is None or not _is_ours(named[1]):
            raise ForeignOriginError
    if headers.get(b"sec-fetch-site") == b"cross-site" and headers.get(b"sec-fetch-mode") != b"navigate":
        raise ForeignOriginError
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or int(length[:20]) > most:
        raise BodyTooLargeError(most)


def _is_ours(name: bytes) -> bool:
    return name.strip(b"[]").decode("latin-1").lower() in LOOPBACK_NAMES


def _limited(receive: Receive, most: int) -> Receive:
    """A body sent in pieces has no length in its head: it is counted."""
    taken = 0

    async def receiving() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most:
            raise BodyTooLargeError(most)
        return message

    return receiving


def _where(failure: BaseException) -> str:
    trace = failure.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "-" if trace is None else f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
