"""Where are the files of a delivery opened and judged? In a process that can do no harm when they mean it (`child`).

What it hands back is data that is checked (`handover`); nothing that it says is run. Where it ends without a word, or says
what no reader says, the delivery is returned and the file that it was reading is named.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import pickle
import signal
import sys
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO

import pyarrow as pa
import shapely

from gis.formats import drivers
from registry.delivery.check import check_delivery, in_a_thread
from registry.delivery.child import most_bytes, shut_in, written_by_a_child
from registry.delivery.faults import Faults
from registry.delivery.handover import delivered, hand_over, hand_over_rows, taken_over
from registry.delivery.parts import LAYERS_FOLDER, TABLES_FOLDER
from registry.delivery.pipes import AT, COLUMNS, END, FAILED, READ, Garbled, frames_in, send
from registry.delivery.read import Delivery, read_delivery
from registry.law.parameters import terms
from registry.store.ahead import can_fork, made_aside

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from gis.topology import Explained
    from registry.delivery.beside import Search
    from registry.delivery.check import Look

_LONGEST_PLACE = 1024
_END_WITH_PARENT = 1


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
        frames = frames_in(pipe, most_bytes(folder))
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


def _reader(folder: Path, now: dt.datetime | None) -> AbstractContextManager[IO[bytes]]:
    """What a process writes that reads the folder, and checks it where a moment is given."""
    if can_fork():
        _load_first(folder)
    arguments = [str(folder.absolute()), *([now.isoformat()] if now else [])]
    return written_by_a_child(partial(read_into, folder, now), "registry.delivery.reader", *arguments)


def _load_first(folder: Path) -> None:
    """What a copy of this process needs to read a delivery: it would load it anew each time, a quarter of what it takes."""
    drivers.pyogrio  # noqa: B018  (asked for, it is loaded)
    terms()
    if any((folder / TABLES_FOLDER).glob("*.xlsx")):
        import openpyxl  # noqa: F401, PLC0415  (a delivery without workbooks does without)


def read_into(folder: Path, now: dt.datetime | None, pipe: BinaryIO) -> None:  # pragma: no cover  (in a process of its own)
    """What the reader does: the names of files as it opens them, a word when all was read, the rows, then what the delivery
    is otherwise, checked if it is told as of when.
    """

    def tell(at: str) -> None:
        send(pipe, AT, at.encode("utf-8", "replace")[:_LONGEST_PLACE])

    shut_in(folder)
    # What is read lives as long as this process: looking for dead objects among millions took a third of its time.
    gc.disable()
    # TRAP: Arrow waits for Ctrl-C at a pipe of its own, which it takes from the process that it was copied from and which is
    # let go here: it would ask that pipe again and again, as long as this process lives. Who reads us ends us anyway.
    pa.enable_signal_handlers(False)  # noqa: FBT003  (Arrow's)
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
