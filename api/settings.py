"""What must be known before the service starts: which registry, on which loopback address, with which token?"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from api.publishing import Schedule
from registry.errors import SanquanError

if TYPE_CHECKING:
    from api.demo.stops import Demo

LOOPBACK_NAMES = frozenset({"127.0.0.1", "::1", "localhost"})
PORT = 8765


class NotLoopbackError(SanquanError):
    """Raised when the service would listen where other machines could reach it."""

    def __init__(self) -> None:
        """Say why, and what to do."""
        super().__init__(
            "只能在本机(127.0.0.1 或 ::1)提供服务: 登录的口令和纸卡不走没有加密的网络。"
            "要在别的机器上看, 用 ssh -L 转发端口",
            "the service listens on this machine only (127.0.0.1 or ::1): what is typed to sign-in goes over no open "
            "network. To look from another machine forward the port, with ssh -L",
        )


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """`registry` is the data folder. `token` lets a caller record household events; a new one at each start.

    `publishing`: when this service publishes the log, None for never. `demo`: of `sanquan demo` alone; it needs no password.

    NotLoopbackError unless `host` is a loopback address.
    """

    registry: Path
    host: str = "127.0.0.1"
    port: int = PORT
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    publishing: Schedule | None = None
    demo: Demo | None = None

    def __post_init__(self) -> None:
        if not is_loopback(self.host):
            raise NotLoopbackError


def is_loopback(host: str) -> bool:
    """Whether this is 127.0.0.1 or ::1, written as an address. A name could be pointed elsewhere tomorrow."""
    try:
        return str(ip_address(host)) in LOOPBACK_NAMES
    except ValueError:
        return False
