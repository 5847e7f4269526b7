"""How do the columns of an Arrow batch become dBASE records, without an object for each value?

A column is first turned into the bytes of its cells, not yet padded, from which the narrowest field is known; records are
made when it is known how wide the field must be for all batches. What does not fit is refused by row and field, as in
`dbf_writing`. Rows are counted from `first_row`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gis.formats.dbf import DbfField
from gis.formats.dbf_writing import EVERY_DIGIT, MAX_CHAR_BYTES, encoded_text, record_width, too_long

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gis.formats.dbf_writing import Codec

_PLAIN_NUMBER = r"^(-?(0|[1-9][0-9]*)(\.[0-9]+)?)?$"


def cells_of(batch: pa.RecordBatch, codec: Codec, numbers: frozenset[str], first_row: int) -> pa.RecordBatch:
    """Give the bytes of each cell under the same names: texts encoded, yes-no as T, F or ?, digits of recorded figures.

    The columns in `numbers` are texts of figures. Raises `ValueDoesNotFit`.
    """
    cells = []
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        if pa.types.is_boolean(column.type):
            letters = pc.if_else(column, "T", "F").fill_null("?")
            cells.append(letters.cast(pa.binary()))
        elif name in numbers:
            cells.append(_digits(column.fill_null("")).cast(pa.binary()))
        else:
            cells.append(_encoded(name, column.fill_null(""), codec, first_row))
    return pa.RecordBatch.from_arrays(cells, batch.schema.names)


def fields_for(cells: pa.RecordBatch, schema: pa.Schema, numbers: frozenset[str]) -> list[DbfField]:
    """Give for each column of `cells_of` the narrowest field; `schema` is that of the batch."""
    return [
        _number_field(name, column)
        if name in numbers
        else DbfField(name, "L" if pa.types.is_boolean(kind) else "C", max(_longest(column), 1))
        for name, column, kind in zip(cells.schema.names, cells.columns, schema.types, strict=True)
    ]


def records_of(cells: pa.RecordBatch, fields: Sequence[DbfField]) -> bytes:
    """Give the records, one after the other; `fields` are wide enough for each cell (`dbf_writing.wide_enough`)."""
    records = np.full((cells.num_rows, record_width(fields)), ord(" "), dtype=np.uint8)
    at = 1
    for field, column in zip(fields, cells.columns, strict=True):
        records[:, at : at + field.width] = _padded(column, field)
        at += field.width
    return records.tobytes()


def _encoded(name: str, column: pa.StringArray, codec: Codec, first_row: int) -> pa.BinaryArray:
    if codec == "utf-8":
        cells = column.cast(pa.binary())
    else:
        found = column.dictionary_encode()
        texts = found.dictionary.to_pylist()
        try:
            said = [text.encode(codec) for text in texts]
        except UnicodeEncodeError:
            for row, text in enumerate(column.to_pylist()):
                encoded_text(first_row + row, name, text, codec)
            raise
        cells = pa.array(said, pa.binary()).take(found.indices)
    if np.any(_bytes_of(cells) == 0):
        for row, text in enumerate(column.to_pylist()):
            encoded_text(first_row + row, name, text, codec)
    if _longest(cells) > MAX_CHAR_BYTES:
        row = int(np.argmax(pc.binary_length(cells).to_numpy() > MAX_CHAR_BYTES))
        raise too_long(first_row + row, name, column[row].as_py())
    return cells


def _digits(column: pa.StringArray) -> pa.StringArray:
    """The figures without exponents and leading zeros, as they nearly always are; no figure stays the empty text."""
    if pc.all(pc.match_substring_regex(column, _PLAIN_NUMBER), min_count=0).as_py():
        return column
    return pa.array([format(Decimal(text), "f") if text else "" for text in column.to_pylist()], pa.string())


def _number_field(name: str, column: pa.BinaryArray) -> DbfField:
    whole, decimals = _parts(column.cast(pa.string()))
    if not whole.max(initial=0):
        return DbfField(name, "N", *EVERY_DIGIT)
    most = int(decimals.max())
    return DbfField(name, "N", int(whole.max()) + most + bool(most), most)


def _parts(figures: pa.StringArray) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """How many characters stand before the point of each figure, and how many digits behind it."""
    length = pc.binary_length(figures).to_numpy().astype(np.int64)
    point = pc.find_substring(figures, ".").to_numpy()
    return np.where(point < 0, length, point), np.where(point < 0, 0, length - point - 1)


def _padded(column: pa.BinaryArray, field: DbfField) -> NDArray[np.uint8]:
    """The cells as wide as the field: figures to the right, with all of its decimals, texts to the left."""
    count = len(column)
    if field.kind == "N":
        column = column.cast(pa.string())
        _, decimals = _parts(column)
        missing = pa.array(np.where(decimals == 0, 0, field.decimals - decimals + 1))
        zeros = ["." + "0" * field.decimals if field.decimals else "", *("0" * more for more in range(field.decimals + 1))]
        filled = pc.binary_join_element_wise(column, pa.array(zeros).take(missing), "")
        column = pc.ascii_lpad(pc.if_else(pc.equal(column, ""), "", filled), field.width)
    else:
        # GBK is not UTF-8: the cells pass as texts, of which only the bytes are counted.
        column = pa.StringArray.from_buffers(count, column.buffers()[1], column.buffers()[2], offset=column.offset)
        column = pc.ascii_rpad(column, field.width)
    return _bytes_of(column).reshape(count, field.width)


def _longest(cells: pa.BinaryArray) -> int:
    longest: int | None = pc.max(pc.binary_length(cells)).as_py()
    return longest or 0


def _bytes_of(cells: pa.Array) -> NDArray[np.uint8]:
    """All bytes of a column without a missing value, one cell behind the other."""
    if not len(cells):
        return np.empty(0, np.uint8)
    _, ends, values = cells.buffers()
    bounds = np.frombuffer(ends, np.int32)[cells.offset : cells.offset + len(cells) + 1]
    return np.frombuffer(values or b"", np.uint8)[bounds[0] : bounds[-1]]
