"""What one process makes for another arrives whole and in order; what went wrong there is raised here."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from registry.ledger.act import ConsentMissingError
from registry.store.ahead import MakerLostError, can_fork, hand_over, handed_over, made_ahead, made_aside

BATCHES = [([("parcel", ("id", "code"), [("1", b"\x00"), ("2", None)])], []), ([], [("3", 2, "汉")])]


def failing() -> Iterator[Any]:
    """One batch, then a refusal with two sentences."""
    yield BATCHES[0]
    raise ConsentMissingError("assigned", "7")


def passed_on(make: Any) -> list[Any]:  # noqa: ANN401  (any maker)
    """What comes out of a pipe that lies in memory."""
    pipe = io.BytesIO()
    hand_over(make, pipe)
    pipe.seek(0)
    return list(handed_over(pipe))


def test_batches_arrive_whole_and_in_order() -> None:
    """The pipe alone, then a process of its own."""
    assert passed_on(lambda: iter(BATCHES)) == BATCHES
    assert list(made_ahead(lambda: iter(BATCHES))) == BATCHES


def test_what_is_made_aside_is_begun_at_once_and_waited_for(tmp_path: Path) -> None:
    """The other process works before it is asked; what is raised there is raised where it is asked for."""
    begun = tmp_path / "begun"

    def make() -> int:
        begun.touch()
        return os.getpid()

    with made_aside(make) as made:
        until = time.monotonic() + 20
        while not begun.exists() and time.monotonic() < until:
            time.sleep(0.05)
        assert begun.exists()
        assert made() != os.getpid()
    with made_aside(lambda: list(failing())) as refused, pytest.raises(ConsentMissingError, match="7"):
        refused()


def test_a_refusal_there_is_the_same_refusal_here() -> None:
    """With its own class and its words in both languages."""
    with pytest.raises(ConsentMissingError) as here:
        passed_on(failing)
    expected = ConsentMissingError("assigned", "7")
    assert (here.value.zh, here.value.en) == (expected.zh, expected.en)
    with pytest.raises(ConsentMissingError, match="7"):
        list(made_ahead(failing))


def test_a_maker_that_ends_without_a_word_is_told() -> None:
    """Killed, or out of memory: the caller's transaction must not end as if all had come."""
    with pytest.raises(MakerLostError):
        list(handed_over(io.BytesIO(b"m" + bytes(3))))

    def lost() -> Iterator[Any]:
        yield BATCHES[0]
        os._exit(9)

    with pytest.raises(MakerLostError):
        list(made_ahead(lost))


def test_whoever_stops_reading_leaves_no_process_behind() -> None:
    """A writer that fails must not keep a maker waiting at a full pipe."""
    made = made_ahead(lambda: iter([[b"x" * 1_000_000]] * 50))
    assert next(made) == [b"x" * 1_000_000]
    made.close()
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_a_process_with_threads_is_not_copied() -> None:
    """A lock that another thread holds would stay closed in the copy."""
    stop = threading.Event()
    waiting = threading.Thread(target=stop.wait)
    waiting.start()
    try:
        assert not can_fork()
    finally:
        stop.set()
        waiting.join()


def test_copy_ends_when_its_parent_is_killed() -> None:
    """Kill -9 leaves nobody behind: whoever makes rows that nobody reads any more ends by itself."""
    script = (
        "import os, sys\n"
        "from registry.store.ahead import made_ahead\n"
        "def make():\n"
        "    yield os.getpid()\n"
        "    while True:\n"
        "        yield bytes(1 << 20)\n"
        "batches = made_ahead(make)\n"
        "print(next(batches), flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()
    until = time.monotonic() + 20
    while Path(f"/proc/{child}").exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not Path(f"/proc/{child}").exists()
