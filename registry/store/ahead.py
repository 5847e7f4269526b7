"""How does one process make what another writes, so that a long import uses two processors?

A *maker* gives batches of plain values (tuples and lists of text, bytes, whole numbers, None). It runs in a forked
child, which sees everything that was made before and touches no connection: the parent's transaction is the only one.
Where a process can't be forked safely the maker runs in place; what is written is the same.
"""

from __future__ import annotations

import contextlib
import marshal
import os
import signal
import threading
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

from registry.errors import SanquanError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

Batch = TypeVar("Batch")
_MADE, _FAILED, _END = b"m", b"f", b"e"
_LENGTH_BYTES = 8


class MakerLostError(RuntimeError):
    """Raised when the child ended without a word: killed, or out of memory. The caller's transaction is undone."""


def can_fork() -> bool:
    """A process with threads of Python's own is not copied: a lock held by one of them would stay closed for ever."""
    return hasattr(os, "fork") and threading.active_count() == 1


def made_ahead(make: Callable[[], Iterable[Batch]]) -> Generator[Batch]:
    """The batches of `make()`, made by a child of this process while the caller works on those before.

    What the maker raises is raised here, as far as words tell it; `MakerLostError` where it ended otherwise.
    """
    with copy_of_this_process(lambda pipe: hand_over(make, pipe)) as pipe:
        yield from handed_over(pipe)


@contextlib.contextmanager
def made_aside(make: Callable[[], Batch]) -> Iterator[Callable[[], Batch]]:
    """What `make` gives, made by a child of this process from now on; what is yielded waits for it. Raises as `made_ahead`."""
    with copy_of_this_process(lambda pipe: hand_over(lambda: [make()], pipe)) as pipe:
        yield lambda: next(handed_over(pipe))


@contextlib.contextmanager
def copy_of_this_process(work: Callable[[BinaryIO], None]) -> Iterator[BinaryIO]:
    """What a forked child writes while it does its work; it ends with this context at the latest."""
    receiving, sending = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover  (measured in `hand_over`; this process has no coverage of its own)
        os.close(receiving)  # held open here it would never be told that a parent that was killed reads no more
        _be_the_child(work, sending)
    os.close(sending)
    try:
        with os.fdopen(receiving, "rb") as pipe:
            yield pipe
    finally:
        os.kill(child, signal.SIGKILL)  # it has ended, or nobody reads what it makes
        os.waitpid(child, 0)


def _be_the_child(work: Callable[[BinaryIO], None], sending: int) -> None:  # pragma: no cover  (as above)
    _let_go(sending)
    status = 1
    try:
        with os.fdopen(sending, "wb") as pipe:
            work(pipe)
        status = 0
    finally:
        os._exit(status)  # no destructor of the parent's connections may run here


def _let_go(kept: int) -> None:  # pragma: no cover  (as above)
    """Let go of what can be written to: an inherited socket would keep the server waiting for a parent that was killed.

    TRAP: PROJ reads its database through a file that it opened when it was loaded; that one stays. TRAP: where a copy is
    copied, Arrow closes a pipe of its own, and ends the process if it is closed already: what is let go stays a number.
    """
    import fcntl  # noqa: PLC0415  (Windows has none, and copies no process)

    nowhere = os.open(os.devnull, os.O_WRONLY)
    for name in os.listdir("/dev/fd"):  # noqa: PTH208  (numbers, not paths)
        number = int(name)
        with contextlib.suppress(OSError):  # the folder's own number is closed by now
            is_read_only = fcntl.fcntl(number, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY
            if number > 2 and number != kept and not is_read_only:  # noqa: PLR2004 - the three standard ones
                os.dup2(nowhere, number, inheritable=False)


def hand_over(make: Callable[[], Iterable[Any]], pipe: BinaryIO) -> None:
    """Write each batch, or what was raised, then the end."""
    try:
        for batch in make():
            _send(pipe, _MADE, marshal.dumps(batch))
    except Exception as error:  # noqa: BLE001  (raised again where the caller is)
        _send(pipe, _FAILED, marshal.dumps(_in_words(error)))
    _send(pipe, _END, b"")


def handed_over(pipe: BinaryIO) -> Iterator[Any]:
    """Read what `hand_over` wrote, by this very program: nothing that comes from outside is ever unpacked here."""
    while True:
        head = pipe.read(1 + _LENGTH_BYTES)
        if len(head) != 1 + _LENGTH_BYTES:
            raise MakerLostError("the process that prepares the rows has ended; nothing was written, try again")
        body = pipe.read(int.from_bytes(head[1:], "big"))
        if head[:1] == _END:
            return
        if head[:1] == _FAILED:
            raise _raised(*marshal.loads(body))  # noqa: S302
        yield marshal.loads(body)  # noqa: S302


def _in_words(error: Exception) -> tuple[str, str, tuple[str, ...]]:
    """Where its class stands, and its words: nothing that would be run where it is read."""
    words = error.args if isinstance(error, SanquanError) else (str(error),)
    return type(error).__module__, type(error).__qualname__, tuple(str(word) for word in words)


def _raised(module: str, name: str, words: tuple[str, ...]) -> Exception:
    """The error of that class with these words, built by no code of its own; a class that is not known is a RuntimeError."""
    kind = next((one for one in _below(Exception) if (one.__module__, one.__qualname__) == (module, name)), RuntimeError)
    error = kind.__new__(kind, *words)
    if isinstance(error, SanquanError):
        error.zh, error.en = words
    return error


def _below(kind: type[Exception]) -> Iterator[type[Exception]]:
    yield kind
    for one in kind.__subclasses__():
        yield from _below(one)


def _send(pipe: BinaryIO, what: bytes, body: bytes) -> None:
    pipe.write(what + len(body).to_bytes(_LENGTH_BYTES, "big"))
    pipe.write(body)
    pipe.flush()
