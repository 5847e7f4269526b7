"""Does the protocol come over HTTP as it is, within its limits, and from a process of its own?"""

from __future__ import annotations

import http.client
import threading
from typing import TYPE_CHECKING

import pytest

from registry.witness.server import Server
from registry.witness.words import STATEMENT_EN, STATEMENT_ZH
from tests.registry.witness import made_up_log
from tests.registry.witness.made_up_log import ORIGIN, WITNESS, sound

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from registry.witness.protocol import Witness

ADDRESS = "ad9fc2cf23d6dfd0c7e6a6bcfb4bc96f4f2bc0e3d4cd1d02d7b1df0ef0b0a5e0"


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    """One that has signed nothing yet."""
    return made_up_log.made(tmp_path / "witness")


@pytest.fixture
def server(witness: Witness) -> Iterator[Server]:
    """Answers in a thread as long as the test runs."""
    with Server(witness, port=0) as made:
        thread = threading.Thread(target=made.serve_forever, args=(0.01,))
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def ask(
    server: Server, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
) -> tuple[int, str, bytes]:
    """Status, type and body of one request."""
    connection = http.client.HTTPConnection(*server.server_address[:2], timeout=20)  # type: ignore[arg-type]  # an IPv4 pair
    connection.request(method, path, body, headers or {})
    answer = connection.getresponse()
    found = answer.status, answer.getheader("Content-Type", ""), answer.read()
    connection.close()
    return found


def body_of(start: int) -> bytes:
    """The deposit of a sound log from an index on."""
    entries, pairs = sound().material(start)
    return f"start {start}\n".encode() + entries + b"\n" + pairs


def test_standard_s_answers_come_over_http(server: Server, witness: Witness) -> None:
    """428, the deposit, 200 with the line, 409 with the size and its type, GET of the cosigned note."""
    log = sound()
    address = witness.settings.logs[ORIGIN].address
    assert ask(server, "POST", "/add-checkpoint", log.request(0))[0] == 428
    assert ask(server, "GET", f"/{address}/checkpoint")[0] == 404
    assert ask(server, "POST", f"/{address}/entries", body_of(0)) == (200, "text/x.tlog.size", b"9\n")
    status, kind, line = ask(server, "POST", "/add-checkpoint", log.request(0))
    assert (status, kind) == (200, "text/plain; charset=utf-8")
    assert ask(server, "POST", "/add-checkpoint", log.request(4)) == (409, "text/x.tlog.size", b"9\n")
    assert ask(server, "GET", f"/{address}/checkpoint")[2].endswith(line)


def test_front_page_says_what_a_cosignature_states(server: Server) -> None:
    """The key, the statement in both languages, how far each log was signed."""
    status, _, told = ask(server, "GET", "/")
    lines = told.decode().split("\n")
    assert (status, lines[:3]) == (200, [str(WITNESS.key), STATEMENT_ZH, STATEMENT_EN])
    assert lines[4].startswith(f"{ORIGIN} 0 /")


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status"),
    [
        ("GET", "/nowhere", None, {}, 404),
        ("GET", f"/{ADDRESS}/entries", None, {}, 404),
        ("GET", f"/{ADDRESS}/checkpoint", None, {}, 404),
        ("POST", "/nowhere", b"", {}, 404),
        ("POST", f"/{ADDRESS}/checkpoint", b"", {}, 404),
        ("POST", f"/{ADDRESS}/entries", b"start 0\n{}\n\n", {}, 404),
        ("POST", "/add-checkpoint", b"no request", {}, 400),
        ("POST", "/add-checkpoint", b"", {"Content-Length": "99999999"}, 413),
        ("POST", "/add-checkpoint", b"", {"Content-Length": "-1"}, 411),
        ("PUT", "/add-checkpoint", b"", {}, 501),
    ],
)
def test_what_is_not_of_the_protocol_is_refused(
    server: Server, method: str, path: str, body: bytes | None, headers: dict[str, str], status: int
) -> None:
    """Other paths, other methods, no length, too much: an answer, and the next one is served."""
    assert ask(server, method, path, body, headers)[0] == status
    assert ask(server, "GET", "/")[0] == 200


@pytest.mark.parametrize(
    "body", [b"", b"start x\n{}\n\n", b"start 0\n{}\n", b"start 0\n\n\n", b"start 0\n{}\n\n0 x y\n", b"start 0\n{}\n\n0 x y"]
)
def test_material_that_is_none_is_400(server: Server, witness: Witness, body: bytes) -> None:
    """No start, no empty line, an empty entry, a pair that is none or without its newline."""
    assert ask(server, "POST", f"/{witness.settings.logs[ORIGIN].address}/entries", body)[0] == 400


def test_nothing_of_a_body_is_logged(server: Server, witness: Witness, capfd: pytest.CaptureFixture[str]) -> None:
    """One line a request, without entries and pairs."""
    pairs = sound().material()[1].decode().split("\n")
    ask(server, "POST", f"/{witness.settings.logs[ORIGIN].address}/entries", body_of(0))
    told = capfd.readouterr().err
    assert told.count("\n") == 1
    assert not any(part in told for pair in pairs for part in pair.split(" ")[1:])
    assert server.url.startswith("http://127.0.0.1:")
