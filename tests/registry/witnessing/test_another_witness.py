"""Does a witness that we did not write (`aics-witness`, Python 3.12, tests only) cosign our log, and ours answer as it does?

Where it is installed, `SANQUAN_AICS_WITNESS` names its program; otherwise these tests are skipped by name.
"""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import threading
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from registry import witnessing
from registry.ledger import publishing
from registry.ledger.verify.note import check
from registry.witness.protocol import request
from registry.witness.server import Server
from tests.registry import made_up
from tests.registry.witness import made_up_log
from tests.registry.witness.made_up_log import LOG, ORIGIN, Log, sound
from tests.registry.witnessing.test_both_ways import policy_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.registry.witnessing.conftest import Both

PROGRAM = os.environ.get("SANQUAN_AICS_WITNESS", "")
pytestmark = pytest.mark.skipif(not PROGRAM, reason="SANQUAN_AICS_WITNESS is not set: aics-witness is not here")


class Theirs:
    """Their witness as a process, watching one log."""

    def __init__(self, folder: Path, origin: str, vkey: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self.config = str(folder / "witness.json")
        self.vkey = self._run("init", "--name", "aics.example/w1", "--listen", f"127.0.0.1:{port}").split()[-1]
        self._run("add-log", "--origin", origin, "--vkey", vkey)
        self.process = subprocess.Popen([PROGRAM, "serve", "--config", self.config], stderr=subprocess.DEVNULL)
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
            except OSError:
                time.sleep(0.1)
            else:
                return

    def _run(self, word: str, *words: str) -> str:
        done = subprocess.run([PROGRAM, word, "--config", self.config, *words], capture_output=True, text=True, check=True)
        return done.stdout

    def close(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait(20)


def status(url: str, raw: bytes) -> int:
    """What a witness answers to a request."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    connection.request("POST", "/add-checkpoint", raw)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def test_their_witness_cosigns_our_log_as_it_grows(both: Both, tmp_path: Path) -> None:
    """The standard's request alone: no entry and no pair leaves for it; its line stands beside ours under the head."""
    store = both.store
    theirs = Theirs(tmp_path, "log.example/sanquan", str(policy_of(store).logs[0]))
    try:
        witnessing.trust(store, theirs.vkey, "aics", quorum=True)
        publishing.publish(store)
        assert [name for name, _ in witnessing.ask(store, theirs.url).witnesses] == ["aics.example/w1"]
        made_up.settle(store, both.village, "2019-06-01")
        publishing.publish(store)
        taken = witnessing.ask(store, theirs.url)
        assert check((store.settings.published / "checkpoint").read_bytes(), policy_of(store)).checkpoint.size == taken.size
    finally:
        theirs.close()


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """Our witness, to which every entry was handed before."""
    witness = made_up_log.made(tmp_path / "ours")
    witness.deposit(ORIGIN, 0, grown().handed())
    with Server(witness, port=0) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server.url
        server.shutdown()
        thread.join()


def grown() -> Log:
    """A sound log of ten entries."""
    return sound().event()


def test_both_witnesses_answer_the_same_to_the_same_requests(url: str, tmp_path: Path) -> None:
    """A first head, a fork of its size, a rollback, wrong sizes, a stranger's signature, another log: status for status."""
    log = grown()
    fork = log.forked(4, "fork").act("right-7").state().event().act("right-8").state().event()
    stranger = made_up_log.STRANGER
    requests = [
        request(0, [], log.note(signer=stranger)),
        request(0, [], log.note().replace(ORIGIN.encode(), b"another.example")),
        request(0, [bytes(32)], log.note()),
        request(11, [], log.note()),
        request(3, log.proof(3), log.note()),
        log.request(0),
        log.request(10),
        log.request(0),
        fork.request(10),
        log.request(4, 6),
        request(10, [], log.note(6)),
        request(10, [bytes(32)], log.note()),
        b"old 0\n",
    ]
    theirs = Theirs(tmp_path, ORIGIN, str(LOG.key))
    try:
        assert [status(url, raw) for raw in requests] == [status(theirs.url, raw) for raw in requests]
    finally:
        theirs.close()
