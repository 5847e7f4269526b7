"""How does a log reach the witness over a line? c2sp.org/tlog-witness over HTTP, on loopback unless told otherwise.

    POST /add-checkpoint                          the standard's request
    POST /<hex SHA-256 of the origin>/entries     new entries and private pairs before it (`material`)
    GET  /<hex SHA-256 of the origin>/checkpoint  the last cosigned note
    GET  /                                        who this is, what its cosignature states, how far it has signed

No TLS of its own: beyond one machine put a reverse proxy with certificates on both sides before it, for the pairs are private.
"""

from __future__ import annotations

import re
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from registry.ledger.verify.strict import MalformedError, number
from registry.witness.material import handed, parse_body
from registry.witness.protocol import MAX_REQUEST_BYTES, Answer, Witness
from registry.witness.refusals import MaterialError
from registry.witness.words import STATEMENT_EN, STATEMENT_ZH

HOST: Final = "127.0.0.1"
PORT: Final = 8770
MAX_DEPOSIT_BYTES: Final = 16 << 20
_SILENCE_SECONDS: Final = 30
_PATH: Final = re.compile(r"/([0-9a-f]{64})/(entries|checkpoint)", re.ASCII)
_NOT_FOUND: Final = Answer(404, "没有这个地址 / no such address\n".encode())
_TOO_LONG: Final = Answer(413, "太长, 请分几次 / too long, send it in parts\n".encode())
_NO_LENGTH: Final = Answer(411, "缺 Content-Length / Content-Length is missing\n".encode())


class Server(ThreadingHTTPServer):
    """One witness behind HTTP; requests wait for one another at the store."""

    daemon_threads = True

    def __init__(self, witness: Witness, host: str = HOST, port: int = PORT) -> None:
        """Bind; port 0 takes a free one."""
        super().__init__((host, port), _Handler)
        self.witness = witness

    @property
    def url(self) -> str:
        """Where it answers."""
        host, port = self.server_address[:2]
        return f"http://{host if isinstance(host, str) else host.decode()}:{port}"


class _Handler(BaseHTTPRequestHandler):
    """One connection. Bodies are never logged: they may hold pairs."""

    protocol_version = "HTTP/1.1"
    server_version = "sanquan-witness"
    sys_version = ""
    timeout = _SILENCE_SECONDS
    server: Server

    def do_GET(self) -> None:
        """The last cosigned note, or who we are."""
        found = _PATH.fullmatch(self.path)
        if self.path == "/":
            self._answer(_about(self.server.witness))
        elif found is not None and found[2] == "checkpoint":
            self._answer(self.server.witness.checkpoint(self.server.witness.origin_of(found[1])))
        else:
            self._answer(_NOT_FOUND)

    def do_POST(self) -> None:
        """A head to cosign, or what is needed to judge one."""
        found = _PATH.fullmatch(self.path)
        if self.path == "/add-checkpoint":
            limit = MAX_REQUEST_BYTES
        elif found is not None and found[2] == "entries":
            limit = MAX_DEPOSIT_BYTES
        else:
            self.close_connection = True
            self._answer(_NOT_FOUND)
            return
        raw = self._body(limit)
        if isinstance(raw, Answer):
            self.close_connection = True
            self._answer(raw)
        elif found is None:
            self._answer(self.server.witness.add_checkpoint(raw))
        else:
            self._answer(_deposit(self.server.witness, found[1], raw))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the library's own name)
        """One line on stderr: the request line and the status, nothing of a body."""
        sys.stderr.write(f"{self.log_date_time_string()} {format % args}\n")

    def _body(self, limit: int) -> bytes | Answer:
        try:
            length = number(self.headers.get("Content-Length", ""))
        except MalformedError:
            return _NO_LENGTH
        return _TOO_LONG if length > limit else self.rfile.read(length)

    def _answer(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(answer.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(answer.body)


def _deposit(witness: Witness, address: str, raw: bytes) -> Answer:
    try:
        start, entries, pairs = parse_body(raw)
    except MaterialError as broken:
        return Answer(400, f"{broken}\n".encode())
    return witness.deposit(witness.origin_of(address), start, handed(start, entries, pairs))


def _about(witness: Witness) -> Answer:
    lines = [str(witness.signer.key), STATEMENT_ZH, STATEMENT_EN, ""]
    with witness.store.reading() as change:
        for log in witness.settings.logs.values():
            head = change.head(log.origin)
            lines.append(f"{log.origin} {0 if head is None else head.size} /{log.address}/checkpoint")
    return Answer(200, "".join(f"{line}\n" for line in lines).encode())
