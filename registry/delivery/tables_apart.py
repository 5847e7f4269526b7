"""What do tables hold that come by themselves: an export of a book, a payment list, events of the police?

They are opened where the files of a delivery are, in a process that can do no harm (`child`), which hands back their cells
as text and nothing else. What it is told of is data that is checked; where it ends without a word, or says what no reader
says, the file that it was reading is named, and those after it are not read.
"""

from __future__ import annotations

import gc
import json
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO

import pyarrow as pa

from registry.delivery.child import most_bytes, shut_in, written_by_a_child
from registry.delivery.containers import TableFile, Unreadable
from registry.delivery.faults import catalogue
from registry.delivery.pipes import (
    COLUMNS,
    END,
    FACTS,
    FAILED,
    Garbled,
    body_of,
    columns_in,
    frames_in,
    rows_in,
    send,
    stream,
    text_in,
    texts_in,
)
from registry.delivery.read_tables import Cells, cells_of, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path
    from typing import IO

_ROW = "\0row"
_PAIR = 2


def cells_apart(paths: Sequence[Path]) -> list[tuple[Path, Cells | Unreadable]]:
    """Each table in turn, or why it can't be read; a reader that is lost leaves out those after the one that it was reading."""
    found: list[tuple[Path, Cells | Unreadable]] = []
    with _reader(paths) as pipe:
        frames = frames_in(pipe, most_bytes(*paths))
        for path in paths:
            try:
                found.append((path, _taken_over(frames)))
            except (Garbled, MemoryError):
                found.append((path, Unreadable("reader-lost", part=path.name)))
                break
    return found


def read_tables_into(paths: Sequence[Path], pipe: BinaryIO) -> None:  # pragma: no cover  (in a process of its own)
    """What the reader does: each table's header with what is no value in it, then its columns, or why there are none."""
    shut_in(*paths)
    gc.disable()  # as in `apart`
    try:
        for path in paths:
            try:
                cells = cells_of(TableFile(path, path.name))
            except Unreadable as bad:
                send(pipe, FACTS, json.dumps({"fault": bad.fault, "values": bad.values}).encode())
            else:
                facts = {"header": cells.header, "rounded": cells.rounded, "formulas": cells.formulas}
                columns = {str(place): plain(column) for place, column in enumerate(cells.columns)}
                send(pipe, FACTS, json.dumps(facts).encode())
                send(pipe, COLUMNS, stream({**columns, _ROW: pa.array(cells.rows)}))
    except (MemoryError, RuntimeError, pa.ArrowException):  # out of memory, or of threads
        send(pipe, FAILED)
    send(pipe, END)


def _reader(paths: Sequence[Path]) -> AbstractContextManager[IO[bytes]]:
    files = [str(path.absolute()) for path in paths]
    return written_by_a_child(partial(read_tables_into, paths), "registry.delivery.table_reader", *files)


def _taken_over(frames: Iterator[tuple[bytes, bytes]]) -> Cells | Unreadable:
    """The next table. `Garbled`."""
    try:
        facts = json.loads(body_of(frames, FACTS))
        if "fault" in facts:
            return _unreadable(facts["fault"], facts["values"])
        return _cells(facts, columns_in(body_of(frames, COLUMNS)))
    except Exception as bad:  # whatever it is that a library raises on bytes that mean it
        raise Garbled from bad


def _unreadable(fault: str, values: dict[str, Any]) -> Unreadable:
    if set(catalogue()[fault].needs) != values.keys():
        raise Garbled
    return Unreadable(fault, **{name: _value(value) for name, value in values.items()})


def _value(value: Any) -> int | str | tuple[str, str]:  # noqa: ANN401  (whatever the JSON holds)
    """What a sentence of the catalogue needs: a number, a text, or one in Chinese and in English."""
    if isinstance(value, list) and len(value) == _PAIR:
        zh, en = texts_in(value)
        return zh, en
    return value if type(value) is int else text_in(value)


def _cells(facts: dict[str, Any], columns: dict[str, Any]) -> Cells:
    header = texts_in(facts["header"])
    rows = columns.pop(_ROW).cast(pa.int64()).to_numpy(zero_copy_only=False)
    told = [columns.pop(str(place)) for place in range(len(header))]
    wrong = any(column.type != pa.string() or column.null_count or len(column) != len(rows) for column in told)
    if wrong or columns:
        raise Garbled
    rounded, formulas = [], []
    for index, place, text in facts["rounded"]:
        rounded.append((*_place(index, place, rows, header), text_in(text)))
    for index, place in facts["formulas"]:
        formulas.append(_place(index, place, rows, header))
    return Cells(header, told, rows, rounded, formulas)


def _place(index: object, place: object, rows: Any, header: list[str]) -> tuple[int, int]:  # noqa: ANN401  (a column)
    return rows_in([index], len(rows))[0], rows_in([place], len(header))[0]
