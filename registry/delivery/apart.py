"""Where are the files of a delivery opened and judged? In a process that can do no harm when they mean it.

It may use memory and time in proportion to what was delivered, writes no file and has no network of its own (Linux, where the
kernel allows it). What it hands back is data that is checked (`handover`); nothing that it says is run. Where it ends without
a word, or says what no reader says, the delivery is returned and the file that it was reading is named.

A process without threads makes a copy of itself, which costs nothing; a service starts a new one, `python -m
registry.delivery.reader`, which knows neither its memory nor its environment.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import mmap
import os
import pickle
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import shapely

from registry.delivery.check import check_delivery, in_a_thread
from registry.delivery.faults import Faults
from registry.delivery.handover import (
    AT,
    COLUMNS,
    END,
    FAILED,
    READ,
    Garbled,
    delivered,
    frames_in,
    hand_over,
    hand_over_rows,
    send,
    taken_over,
)
from registry.delivery.parts import LAYERS_FOLDER, TABLES_FOLDER
from registry.delivery.read import Delivery, read_delivery
from registry.store.ahead import can_fork, copy_of_this_process, made_aside

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from gis.topology import Explained
    from registry.delivery.beside import Search
    from registry.delivery.check import Look

_BASE_BYTES, _BYTES_A_BYTE = 768 << 20, 32
_BASE_SECONDS, _BYTES_A_SECOND = 20, 1 << 19
_LONGEST_PLACE = 1024
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_END_WITH_PARENT = 1
# What a fresh Python needs to find itself, its libraries and its words; no password and no address of a server.
_ENVIRONMENT = ("PATH", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR")


def looked_through(
    folder: Path,
    faults: Faults,
    now: dt.datetime,
    step: Callable[[str], AbstractContextManager[None]],
    search: Search | None = None,
) -> tuple[Delivery, list[Explained] | None]:
    """Read and check a delivery's folder; `step` is entered as "read", then as "check".

    With the delivery comes each overlap explained (None where nothing could be compared); faults go into `faults`. A `search`
    on a cluster needs the network: the reader then reads alone, and what it read is checked in this process.
    """
    at, overlaps = "", None
    with _reader(folder, None if search else now) as pipe:
        frames = frames_in(pipe, _most_bytes(folder))
        try:
            with step("read"):
                for what, body in frames:
                    if what == READ:
                        break
                    at = _place(what, body)
            with step("check"):
                rows = []
                for what, body in frames:
                    if what == COLUMNS:
                        rows.append(delivered(body))
                    elif what == AT:
                        at = _place(what, body)
                    else:
                        break
                else:
                    raise Garbled
                delivery, faults.found, faults.below, overlaps = taken_over(rows, _with(what, body, frames))
                if search is not None:
                    drawn = check_delivery(delivery, faults, now, search=search)
                    overlaps = None if drawn is None else drawn.beside.overlaps
        except (Garbled, MemoryError):
            faults.whole("reader-lost", at, part=at or folder.name)
            return Delivery(folder, ""), None
    return delivery, overlaps


def _with(what: bytes, body: bytes, frames: Iterator[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, bytes]]:
    yield what, body
    yield from frames


def _place(what: bytes, body: bytes) -> str:
    """Which file the reader says that it opens."""
    if what != AT:
        raise Garbled
    return body[:_LONGEST_PLACE].decode("utf-8", "replace")


@contextlib.contextmanager
def _reader(folder: Path, now: dt.datetime | None) -> Iterator[IO[bytes]]:
    """What a process writes that reads the folder, and checks it where a moment is given; it is ended with this context."""
    if can_fork():
        with copy_of_this_process(partial(read_into, folder, now)) as pipe:
            yield pipe
        return
    command = [sys.executable, "-m", "registry.delivery.reader", str(folder.absolute()), *([now.isoformat()] if now else [])]
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    # Where nobody looks, so that a module beside the delivery, or in the folder that we stand in, is not taken for one of ours.
    with subprocess.Popen(  # noqa: S603  (this program, by its full path)
        [*command[:1], "-P", *command[1:]], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env=environment,
    ) as child:  # fmt: skip
        try:
            assert child.stdout is not None  # noqa: S101  (a pipe was asked for)
            yield child.stdout
        finally:
            child.kill()


def read_into(folder: Path, now: dt.datetime | None, pipe: BinaryIO) -> None:  # pragma: no cover  (in a process of its own)
    """What the reader does: the names of files as it opens them, a word when all was read, the rows, then what the delivery
    is otherwise, checked if it is told as of when.
    """

    def tell(at: str) -> None:
        send(pipe, AT, at.encode("utf-8", "replace")[:_LONGEST_PLACE])

    shut_in(folder)
    # What is read lives as long as this process: looking for dead objects among millions took a third of its time.
    gc.disable()
    faults = Faults()
    try:
        delivery = read_delivery(folder, faults, tell)
        send(pipe, READ)
        tell(TABLES_FOLDER)
        folder_of = {"references": TABLES_FOLDER, "identity": TABLES_FOLDER, "geometry": LAYERS_FOLDER}
        drawn = None
        if now is not None:
            rows = partial(hand_over_rows, pipe, delivery)
            drawn = check_delivery(
                delivery, faults, now, lambda at: tell(folder_of.get(at, at)), aside=partial(_in_a_copy, meanwhile=rows)
            )
        if drawn is None:
            hand_over_rows(pipe, delivery)
        hand_over(pipe, delivery, faults, None if drawn is None else drawn.beside.overlaps)
    except (MemoryError, RuntimeError, shapely.GEOSException, pa.ArrowException):  # out of memory, or of threads
        send(pipe, FAILED)
    send(pipe, END)


@contextlib.contextmanager
def _in_a_copy(look: Look, meanwhile: Callable[[], None]) -> Iterator[Look]:  # pragma: no cover  (as above)
    """Look at shapes in a copy of this process, shut in as it is: a thread would wait for Python's lock half of the time."""
    if not can_fork():
        with in_a_thread(look) as looked:
            meanwhile()
            yield looked
        return

    def make() -> bytes:
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(_END_WITH_PARENT, signal.SIGKILL)
        return pickle.dumps(look())

    with made_aside(make) as made:
        meanwhile()
        yield lambda: pickle.loads(made())  # noqa: S301  (its own copy has read no other files)


def shut_in(folder: Path) -> None:  # pragma: no cover  (as above)
    """Give up, for good, what reading needs not: memory and time past measure, writing, the network."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  (Windows has none)

    size = _size(folder)
    _limit(resource.RLIMIT_CPU, _BASE_SECONDS + size // _BYTES_A_SECOND)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    if sys.platform == "linux":
        pc.utf8_upper(pa.array(["x"]))  # Arrow's allocator puts a gigabyte by at once: not to be counted below
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[5])
        _limit(resource.RLIMIT_DATA, pages * mmap.PAGESIZE + _most_bytes(folder))
        unshare = ctypes.CDLL(None).unshare
        if unshare(_NEW_NETWORK) != 0:
            unshare(_NEW_USER | _NEW_NETWORK)


def _size(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file())


def _most_bytes(folder: Path) -> int:
    """So much memory a reader may take beyond what it starts with, and so much it may say."""
    return _BASE_BYTES + _BYTES_A_BYTE * _size(folder)


def _limit(what: int, most: int) -> None:  # pragma: no cover  (as above)
    import resource  # noqa: PLC0415  (as above)

    _, hard = resource.getrlimit(what)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    with contextlib.suppress(ValueError):
        resource.setrlimit(what, (most, most))
