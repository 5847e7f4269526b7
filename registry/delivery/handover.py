"""How does what was read of a delivery leave the child that read it, so that nothing of it is run or believed unseen?

Frames of `pipes`, shapes as WKB. What does not fit raises `Garbled`, so that a child that a hostile file has taken over can say
what a hostile delivery could have said, and no more.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, get_args

import numpy as np
import pyarrow as pa
import shapely

from gis.topology import Explained, Overlap
from registry.delivery.faults import Fault, Scope, Weight, catalogue
from registry.delivery.frames import Frame
from registry.delivery.parts import PART_OF_NAME
from registry.delivery.pipes import (
    COLUMNS,
    FACTS,
    Garbled,
    body_of,
    columns_in,
    number_in,
    rows_in,
    send,
    stream,
    text_in,
    texts_in,
)
from registry.delivery.read import Delivery

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from registry.delivery.faults import Faults

_ROW, _FILE, _SHAPE = "\0row", "\0file", "\0shape"
_FAULT = tuple(Fault.__dataclass_fields__)
_SIMPLE = (1, 2, 3)
_CAUSES = ("duplicate", "shifted", "sliver", "drawn-over")


def hand_over_rows(pipe: BinaryIO, delivery: Delivery) -> None:
    """Write columns and shapes as they were read, so that they are taken in while they are checked here."""
    for frame in delivery.frames.values():
        columns = {**frame.columns, _ROW: pa.array(frame.row), _FILE: pa.array(frame.file_of)}
        if frame.shapes is not None:
            columns[_SHAPE] = _wkb(frame.shapes)
        send(pipe, COLUMNS, stream(columns))


def hand_over(pipe: BinaryIO, delivery: Delivery, faults: Faults, overlaps: Sequence[Explained] | None) -> None:
    """Write what a delivery is beside its rows, which went before, and what was found in it."""
    facts = {
        "folder": str(delivery.folder), "county": delivery.county, "year": delivery.year,
        "content_hash": delivery.content_hash, "zone_prefix": delivery.zone_prefix,
        "attachments": None if delivery.attachments is None else sorted(delivery.attachments),
        "remarks": delivery.remarks,
        "faults": [[getattr(fault, name) for name in _FAULT] for fault in faults.found],
        "below": [[*key, *found] for key, found in faults.below.items()],
        "overlaps": None if overlaps is None else [_plain_overlap(one) for one in overlaps],
        "frames": [_plain_frame(frame) for frame in delivery.frames.values()],
    }  # fmt: skip
    send(pipe, FACTS, json.dumps(facts).encode())
    send(pipe, COLUMNS, stream({_SHAPE: _wkb(np.array([one.repaired for one in overlaps or ()], dtype=object))}))


def delivered(body: bytes) -> dict[str, Any]:
    """The columns of one part, its shapes among them. `Garbled`."""
    try:
        columns = columns_in(body)
        return columns if _SHAPE not in columns else columns | {_SHAPE: _shapes(columns[_SHAPE])}
    except Exception as bad:  # whatever it is that a library raises on bytes that mean it
        raise Garbled from bad


def taken_over(
    rows: Sequence[dict[str, Any]], frames: Iterator[tuple[bytes, bytes]]
) -> tuple[Delivery, list[Fault], Any, list[Explained] | None]:
    """The delivery of these rows, its faults, what lies below tolerances, and the overlaps explained. `Garbled`."""
    try:
        return _taken_over(rows, frames)
    except Exception as bad:  # as above
        raise Garbled from bad


def _taken_over(
    rows: Sequence[dict[str, Any]], frames: Iterator[tuple[bytes, bytes]]
) -> tuple[Delivery, list[Fault], Any, list[Explained] | None]:
    facts = json.loads(body_of(frames, FACTS))
    delivery = Delivery(
        Path(text_in(facts["folder"])), text_in(facts["county"]), text_in(facts["year"]), {}, text_in(facts["content_hash"]),
        None if facts["zone_prefix"] is None else int(facts["zone_prefix"]),
        None if facts["attachments"] is None else frozenset(texts_in(facts["attachments"])),
        [(text_in(zh), text_in(en)) for zh, en in facts["remarks"]],
    )  # fmt: skip
    for told, columns in zip(facts["frames"], rows, strict=True):
        frame = _frame(told, columns)
        delivery.frames[frame.part.name] = frame
    found = [_fault(told) for told in facts["faults"]]
    below = {(text_in(rule), text_in(village)): (int(count), float(area)) for rule, village, count, area in facts["below"]}
    shapes = _shapes(columns_in(body_of(frames, COLUMNS))[_SHAPE])
    overlaps = None if facts["overlaps"] is None else _overlaps(facts["overlaps"], shapes, delivery)
    if next(frames, None) is not None:
        raise Garbled
    return delivery, found, below, overlaps


def _wkb(shapes: NDArray[Any]) -> pa.Array:
    return pa.array(shapely.to_wkb(shapes), pa.binary())


def _shapes(column: pa.Array) -> NDArray[Any]:
    raw = column.cast(pa.binary()).to_numpy(zero_copy_only=False)
    if not all(one is None or is_flat(one) for one in raw):
        raise Garbled
    with np.errstate(invalid="ignore"):  # a coordinate that is not finite is a fault of its row, said there
        return np.asarray(shapely.from_wkb(raw), dtype=object)


def is_flat(wkb: bytes) -> bool:
    """Whether this is a point, a line, a polygon or several of one of these, as shapely writes them.

    TRAP: GEOS reads a collection in a collection by calling itself, without end: 200,000 of them in one another stop the
    process (tried). What is not flat is not given to it.
    """
    kind = _kind(wkb, 0)
    if kind in _SIMPLE:
        return True
    if kind - len(_SIMPLE) not in _SIMPLE:
        return False
    at = 9
    for _ in range(_count(wkb, 5)):
        if _kind(wkb, at) != kind - len(_SIMPLE):
            return False
        at = _end(wkb, at)
    return at == len(wkb)


def _kind(wkb: bytes, at: int) -> int:
    """1 point, 2 line, 3 polygon, 4 to 6 several; 0 for what is not little-endian."""
    return wkb[at + 1] if len(wkb) >= at + 5 and wkb[at] == 1 else 0


def _count(wkb: bytes, at: int) -> int:
    return int.from_bytes(wkb[at : at + 4], "little")


def _end(wkb: bytes, at: int) -> int:
    """Where a simple shape ends that begins there: past the end of the bytes if it says so, never before its own header."""
    kind, wide = wkb[at + 1], 24 if wkb[at + 4] & 0x80 else 16
    if kind == _SIMPLE[0]:
        return at + 5 + wide
    if kind == _SIMPLE[1]:
        return at + 9 + wide * _count(wkb, at + 5)
    rings, at = _count(wkb, at + 5), at + 9
    for _ in range(rings):
        if at >= len(wkb):
            break
        at += 4 + wide * _count(wkb, at)
    return at


def _plain_frame(frame: Frame) -> dict[str, Any]:
    return {
        "part": frame.part.name, "files": frame.files, "present": sorted(frame.present), "village": frame.village,
        "marked": {name: np.flatnonzero(where).tolist() for name, where in frame.marked.items()}, "days": frame.days,
        "twice": sorted(frame.twice), "at_fault": sorted(frame.at_fault),
    }  # fmt: skip


def _frame(told: dict[str, Any], columns: dict[str, Any]) -> Frame:
    part, files = PART_OF_NAME[told["part"]], tuple(texts_in(told["files"]))
    row, file_of = (columns.pop(name).cast(pa.int64()).to_numpy(zero_copy_only=False) for name in (_ROW, _FILE))
    shapes = columns.pop(_SHAPE, None)
    village = texts_in(told["village"])
    days = {text_in(name): texts_in(values) for name, values in told["days"].items()}
    counted = [*map(len, columns.values()), len(file_of), *map(len, days.values()), len(row)]
    if village:  # only a frame that was checked has them
        counted.append(len(village))
    if shapes is not None:
        counted.append(len(shapes))
    wrong = any(column.type != pa.string() or column.null_count for column in columns.values())
    of_files = bool(((file_of >= 0) & (file_of < len(files))).all())
    if wrong or set(counted) - {len(row)} or not of_files or part.is_layer != (shapes is not None):
        raise Garbled
    marked = {}
    for name, places in told["marked"].items():
        marked[text_in(name)] = where = np.zeros(len(row), dtype=np.bool_)
        where[rows_in(places, len(row))] = True
    return Frame(
        part, files, file_of.astype(np.int32), row, columns, frozenset(texts_in(told["present"])), shapes, village, marked, days,
        set(rows_in(told["twice"], len(row))), set(rows_in(told["at_fault"], len(row))),
    )  # fmt: skip


def _fault(told: list[Any]) -> Fault:
    values = dict(zip(_FAULT, told, strict=True))
    for name in ("place", "nearest"):
        values[name] = None if values[name] is None else tuple(number_in(metres) for metres in values[name])
    fault = Fault(**values)
    texts = (fault.village, fault.file, fault.layer, fault.field, fault.zh, fault.en, fault.hint_zh, fault.hint_en, fault.clause)
    said: list[Any] = [*texts, fault.tolerance]
    known = fault.id in catalogue() and fault.severity in get_args(Weight) and fault.scope in get_args(Scope)
    placed = all(place is None or len(place) == 2 for place in (fault.place, fault.nearest))  # noqa: PLR2004  (east, north)
    counted = fault.row is None or type(fault.row) is int
    if not (known and placed and counted and all(isinstance(text, str) for text in said)):
        raise Garbled
    return fault


def _plain_overlap(one: Explained) -> list[Any]:
    return [*one.overlap, one.cause, one.width_m, one.moved, one.row, one.left_m2]


def _overlaps(told: list[Any], shapes: NDArray[Any], delivery: Delivery) -> list[Explained]:
    count = sum(len(delivery.frames[name]) for name in ("DK", "ZD") if name in delivery.frames)
    found = []
    for (i, j, area, point, cause, width, moved, row, left), shape in zip(told, shapes, strict=True):
        if cause not in _CAUSES or row not in {i, j}:
            raise Garbled
        first, later = rows_in([i, j], count)
        overlap = Overlap(first, later, number_in(area), (number_in(point[0]), number_in(point[1])))
        by = None if moved is None else (number_in(moved[0]), number_in(moved[1]))
        found.append(Explained(overlap, cause, number_in(width), by, row, shape, number_in(left)))
    return found
