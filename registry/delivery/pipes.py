"""How do bytes go from a process that reads files to this one, so that nothing of them is run or believed unseen?

A stream of frames: one byte that says what it is, eight for its length, the body. Facts are JSON, columns Arrow's stream
format: data in every case, and whoever takes it in checks what it is made of. What does not fit raises `Garbled`.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any, BinaryIO

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

AT, READ, FACTS, COLUMNS, FAILED, END = b"t", b"r", b"d", b"c", b"f", b"e"
_LENGTH_BYTES = 8


class Garbled(ValueError):
    """Raised when what comes from a child is not what a reader writes."""


def send(pipe: BinaryIO, what: bytes, body: bytes = b"") -> None:
    """Write one frame."""
    pipe.write(what + len(body).to_bytes(_LENGTH_BYTES, "big"))
    pipe.write(body)
    pipe.flush()


def frames_in(pipe: IO[bytes], most_bytes: int) -> Iterator[tuple[bytes, bytes]]:
    """The frames up to the last. `Garbled` where the stream breaks off, or is longer than such files can make it."""
    while True:
        head = pipe.read(1 + _LENGTH_BYTES)
        size = int.from_bytes(head[1:], "big")
        most_bytes -= size
        if len(head) != 1 + _LENGTH_BYTES or most_bytes < 0:
            raise Garbled
        body = pipe.read(size)
        if len(body) != size:
            raise Garbled
        if head[:1] == END:
            return
        yield head[:1], body


def body_of(frames: Iterator[tuple[bytes, bytes]], wanted: bytes) -> bytes:
    """The body of the next frame, which must be of this kind. `Garbled`; StopIteration after the last."""
    what, body = next(frames)
    if what != wanted:
        raise Garbled
    return body


def stream(columns: dict[str, Any]) -> bytes:
    """Columns (Arrow arrays by name) as bytes."""
    table = pa.table(columns)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as out:
        out.write_table(table)
    return bytes(sink.getvalue().to_pybytes())


def columns_in(body: bytes) -> dict[str, Any]:
    """The columns again, their buffers checked. Raises whatever Arrow does."""
    table = pa.ipc.open_stream(body).read_all()
    table.validate(full=True)
    return {name: table.column(name).combine_chunks() for name in table.column_names}


def checked(values: Any, is_one: Callable[[Any], bool]) -> list[Any]:  # noqa: ANN401  (whatever the JSON holds)
    """A list of which each value is one of those. `Garbled`."""
    if not isinstance(values, list) or not all(is_one(value) for value in values):
        raise Garbled
    return values


def rows_in(values: Any, count: int) -> list[int]:  # noqa: ANN401  (as above)
    """Numbers of rows, of so many. `Garbled`."""
    return checked(values, lambda value: type(value) is int and 0 <= value < count)  # True is no row


def texts_in(values: Any) -> list[str]:  # noqa: ANN401  (as above)
    """A list of texts. `Garbled`."""
    return checked(values, lambda value: isinstance(value, str))


def text_in(value: object) -> str:
    """A text. `Garbled`."""
    return texts_in([value])[0]


def number_in(value: object) -> float:
    """A number. `Garbled`."""
    return float(checked([value], lambda one: isinstance(one, float | int))[0])
