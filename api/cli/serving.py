"""How is the service started at a terminal, on this machine only?"""

from __future__ import annotations

import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.options import HERE, Registry, opened
from api.cli.publishing import PassphraseFile, passphrase
from registry.errors import SanquanError

if TYPE_CHECKING:
    from api.demo.stops import Demo
    from api.publishing import Schedule


class PortTakenError(SanquanError):
    """Raised when another program listens on the port."""

    def __init__(self, port: int) -> None:
        """Which port."""
        super().__init__(
            f"端口 {port} 已被别的程序占用: 用 --port 换一个",
            f"port {port} is taken by another program: choose another with --port",
        )


def serve(
    registry: Registry = HERE,
    port: Annotated[int, typer.Option(min=1, max=65_535, help="端口 the port")] = 8765,
    host: Annotated[
        str, typer.Option(help="只能是 127.0.0.1 或 ::1: loopback only")
    ] = "127.0.0.1",
    publish_every: Annotated[
        int, typer.Option(min=0, max=1_440, metavar="MINUTES", help="多久公布一次账本, 0 为不公布 0 never publishes the log")
    ] = 5,
    passphrase_file: PassphraseFile = None,
    witness: Annotated[
        str | None,
        typer.Option("--witness", envvar="SANQUAN_WITNESS", metavar="URL", help="公布后请它签 asked after each publication"),
    ] = None,
) -> None:
    """在本机提供查询接口和地图。Serve the query API and the map, on this machine only."""
    from api.publishing import Schedule
    from api.settings import ApiSettings
    from registry.ledger.publishing import refuse_behind

    schedule = Schedule(publish_every * 60, passphrase(passphrase_file), witness) if publish_every else None
    settings = ApiSettings(registry, host, port)
    with opened(registry) as store:  # what is wrong with the registry is said before anything listens
        refuse_behind(store)
    listen(settings.registry, settings.host, settings.port, settings.token, schedule)


def listen(
    registry: Path, host: str, port: int, token: str, publishing: Schedule | None = None, demo: Demo | None = None
) -> None:
    """Serve until interrupted. PortTakenError, NotLoopbackError."""
    import uvicorn

    from api import logs
    from api.main import create_app, keep_loaded
    from api.settings import ApiSettings

    settings = ApiSettings(registry, host, port, token, publishing, demo)
    listening = _bound(settings.host, settings.port)
    logs.configure()
    shown_host = f"[{host}]" if ":" in host else host
    sys.stdout.write(
        f"打开 open   http://{shown_host}:{port}/\n"
        f"接口 API    http://{shown_host}:{port}/v1/openapi.json\n"
        f"令牌 token  {token}   (POST /v1/household-events)\n"
    )
    sys.stdout.flush()
    config = uvicorn.Config(create_app(settings), log_config=None, access_log=False, server_header=False)
    keep_loaded()
    uvicorn.Server(config).run(sockets=[listening])


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    # Without it a port stays taken for a minute after each stop; on Windows it would share the port instead.
    if sys.platform != "win32":
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as taken:
        listening.close()
        raise PortTakenError(port) from taken
    return listening
