"""Where are the files of a delivery opened and judged? In a copy of this process that can do no harm when they mean it.

The child may use memory and time in proportion to what was delivered, writes no file and has no network of its own (Linux,
where the kernel allows it). What it hands back is plain: Arrow columns, shapes as WKB, texts and numbers; nothing that it
says is run. Where it ends without a word, the delivery is returned and the file that it was reading is named.
"""

from __future__ import annotations

import contextlib
import ctypes
import mmap
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from registry.delivery.check import check_delivery
from registry.delivery.faults import Fault
from registry.delivery.frames import Frame
from registry.delivery.parts import LAYERS_FOLDER, PART_OF_NAME, TABLES_FOLDER
from registry.delivery.read import Delivery, read_delivery
from registry.store.ahead import can_fork, made_ahead

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from registry.delivery.faults import Faults

_BASE_BYTES, _BYTES_A_BYTE = 768 << 20, 32
_BASE_SECONDS, _BYTES_A_SECOND = 20, 1 << 19
_LONGEST_PLACE = 1024
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_ROW, _FILE, _SHAPE = "\0row", "\0file", "\0shape"
_FAULT = tuple(Fault.__dataclass_fields__)


def looked_through(
    folder: Path, faults: Faults, now: dt.datetime, step: Callable[[str], AbstractContextManager[None]]
) -> Delivery:
    """Read and check a delivery's folder; `step` is entered as "read", then as "check".

    In place where the system can't copy a process, or where this one has threads.
    """
    if not can_fork():
        with step("read"):
            delivery = read_delivery(folder, faults)
        with step("check"):
            check_delivery(delivery, faults, now)
        return delivery
    place = mmap.mmap(-1, _LONGEST_PLACE)  # shared with the child: it says there what it is at
    answers = made_ahead(lambda: _apart(folder, faults, now, place))
    try:
        with step("read"):
            next(answers)
        with step("check"):
            delivery, faults.found, faults.below = _delivery(next(answers))
    except (RuntimeError, MemoryError, shapely.GEOSException):  # the child was lost, or its memory or threads ended
        at = bytes(place).rstrip(b"\0").decode("utf-8", "replace")
        faults.whole("reader-lost", at, part=at or folder.name)
        return Delivery(folder, "")
    finally:
        answers.close()
    return delivery


def _apart(folder: Path, faults: Faults, now: dt.datetime, place: mmap.mmap) -> Iterator[Any]:  # pragma: no cover
    """What the child does: two answers, an empty one when all was read, then the delivery."""

    def tell(at: str) -> None:
        raw = at.encode("utf-8", "replace")[:_LONGEST_PLACE]
        place[:] = raw.ljust(_LONGEST_PLACE, b"\0")

    shut_in(folder)
    delivery = read_delivery(folder, faults, tell)
    yield b""
    tell(TABLES_FOLDER)
    folder_of = {"references": TABLES_FOLDER, "identity": TABLES_FOLDER, "geometry": LAYERS_FOLDER}
    check_delivery(delivery, faults, now, lambda at: tell(folder_of.get(at, at)))
    yield _plain(delivery, faults)


def shut_in(folder: Path) -> None:  # pragma: no cover  (in the child, which has no coverage of its own)
    """Give up, for good, what reading needs not: memory and time past measure, writing, the network."""
    import resource  # noqa: PLC0415  (Windows has none, and copies no process)

    size = sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file())
    _limit(resource.RLIMIT_CPU, _BASE_SECONDS + size // _BYTES_A_SECOND)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    if sys.platform == "linux":
        pc.utf8_upper(pa.array(["x"]))  # Arrow's allocator puts a gigabyte by at once: not to be counted below
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[5])
        _limit(resource.RLIMIT_DATA, pages * mmap.PAGESIZE + _BASE_BYTES + _BYTES_A_BYTE * size)
        unshare = ctypes.CDLL(None).unshare
        if unshare(_NEW_NETWORK) != 0:
            unshare(_NEW_USER | _NEW_NETWORK)


def _limit(what: int, most: int) -> None:  # pragma: no cover  (as above)
    import resource  # noqa: PLC0415  (as above)

    _, hard = resource.getrlimit(what)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    with contextlib.suppress(ValueError):
        resource.setrlimit(what, (most, most))


def _plain(delivery: Delivery, faults: Faults) -> tuple[Any, ...]:
    """A delivery as values that `marshal` takes."""
    more = (
        str(delivery.folder), delivery.county, delivery.year, delivery.content_hash, delivery.zone_prefix,
        delivery.attachments, delivery.remarks,
    )  # fmt: skip
    found = [tuple(getattr(fault, name) for name in _FAULT) for fault in faults.found]
    return more, [_plain_frame(frame) for frame in delivery.frames.values()], found, faults.below


def _plain_frame(frame: Frame) -> tuple[Any, ...]:
    columns = {**frame.columns, _ROW: pa.array(frame.row), _FILE: pa.array(frame.file_of)}
    if frame.shapes is not None:
        columns[_SHAPE] = pa.array(shapely.to_wkb(frame.shapes), pa.binary())
    table = pa.table(columns)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as out:
        out.write_table(table)
    marked = {name: where.tobytes() for name, where in frame.marked.items()}
    return (
        frame.part.name, frame.files, frame.present, sink.getvalue().to_pybytes(), frame.village, marked, frame.days,
        frame.twice, frame.at_fault,
    )  # fmt: skip


def _delivery(plain: tuple[Any, ...]) -> tuple[Delivery, list[Fault], dict[tuple[str, str], tuple[int, float]]]:
    (folder, county, year, content_hash, prefix, attachments, remarks), frames, found, below = plain
    read = (_frame(*one) for one in frames)
    delivery = Delivery(
        Path(folder), county, year, {frame.part.name: frame for frame in read}, content_hash, prefix, attachments, remarks
    )  # fmt: skip
    return delivery, [Fault(*one) for one in found], below


def _frame(  # noqa: PLR0913, PLR0917  (as `_plain_frame` made it)
    name: str, files: tuple[str, ...], present: frozenset[str], table: bytes, village: list[str],
    marked: dict[str, bytes], days: dict[str, list[str]], twice: set[int], at_fault: set[int],
) -> Frame:  # fmt: skip
    given = pa.ipc.open_stream(table).read_all()
    columns = {column: given.column(column).combine_chunks() for column in given.column_names}
    row, file_of = (columns.pop(key).to_numpy(zero_copy_only=False) for key in (_ROW, _FILE))
    wkb = columns.pop(_SHAPE, None)
    shapes = None if wkb is None else shapely.from_wkb(wkb.to_numpy(zero_copy_only=False))
    where = {column: np.frombuffer(raw, dtype=np.bool_).copy() for column, raw in marked.items()}
    part = PART_OF_NAME[name]
    return Frame(part, files, file_of, row, columns, present, shapes, village, where, days, twice, at_fault)
