"""How is a dBASE table written with the widths that a standard demands, and without losing a character?

GDAL cannot set widths from pyogrio and truncates what is too long; here a value that does not fit is refused
by row and field. Widths count bytes in the encoding: Char(50) holds 25 Chinese characters in GBK. Source:
standards.md 5.4.
"""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from gis.errors import FieldError
from gis.formats.dbf import FIELD, HEADER, LDID_GBK, DbfField

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

Codec = Literal["utf-8", "gbk"]
DBF_END = b"\x1a"
MAX_CHAR_BYTES = 254
_MAX_NAME_BYTES = 10
EVERY_DIGIT = (24, 15)
"""Width and decimals that GDAL too gives to a float of which nothing is known."""


class FieldNameUnfit(FieldError):
    """Raised when a name is empty, longer than 10 bytes, or there twice."""

    def __init__(self, name: str) -> None:
        """Name the field."""
        super().__init__(
            f"字段名 {name!r} 不能写入 dBASE: 须为 1 至 10 个字节且不重复；请改名",
            f"the field name {name!r} does not fit dBASE: 1 to 10 bytes, each once; rename it",
        )


class ValueDoesNotFit(FieldError):
    """Raised when a value cannot be written without loss: outside the encoding, or longer than the field."""

    def __init__(self, row: int, name: str, value: object, zh: str, en: str) -> None:
        """Name row, field and value."""
        self.row = row
        self.field = name
        super().__init__(
            f"第 {row} 行字段 {name} 的值 {str(value)[:60]!r} {zh}",
            f"row {row}, field {name}: {str(value)[:60]!r} {en}",
        )


def dbf_bytes(frame: pd.DataFrame, codec: Codec, fields: Sequence[DbfField] | None) -> bytes:
    """Give the columns of a frame as a dBASE file; `fields` gives their widths, else each is as wide as its
    longest value.

    Floats are written with every digit unless a field says how many. Raises `FieldNameUnfit`,
    `ValueDoesNotFit`.
    """
    chosen = [_field_for(name, frame[name], codec) for name in frame.columns] if fields is None else fields
    return b"".join((dbf_header(len(frame), codec, chosen), _records(frame, codec, chosen), DBF_END))


def wide_enough(field: DbfField, other: DbfField) -> DbfField:
    """Give the narrowest field that holds what two of one column hold; a float column of which nothing is known yields."""
    if (other.width, other.decimals) == EVERY_DIGIT:
        return field
    if (field.width, field.decimals) == EVERY_DIGIT:
        return other
    decimals = max(field.decimals, other.decimals)
    before_point = max(one.width - one.decimals - bool(one.decimals) for one in (field, other))
    return DbfField(field.name, field.kind, before_point + decimals + bool(decimals), decimals)


def dbf_header(count: int, codec: Codec, fields: Sequence[DbfField]) -> bytes:
    """Give what stands before `count` records. Raises `FieldNameUnfit`."""
    names = [_written_name(field.name, codec) for field in fields]
    for at, field in enumerate(fields):
        if names[at].upper() in {name.upper() for name in names[:at]}:
            raise FieldNameUnfit(field.name)
    today = dt.datetime.now(tz=dt.UTC).date()
    header = HEADER.pack(
        3,
        bytes((today.year - 1900, today.month, today.day)),
        count,
        33 + 32 * len(fields),
        record_width(fields),
        LDID_GBK if codec == "gbk" else 0,
    )
    described = b"".join(
        FIELD.pack(name, field.kind.encode("ascii"), field.width, field.decimals)
        for name, field in zip(names, fields, strict=True)
    )
    return b"".join((header, described, b"\r"))


def _records(frame: pd.DataFrame, codec: Codec, fields: Sequence[DbfField]) -> bytes:
    records = np.full((len(frame), record_width(fields)), ord(" "), dtype=np.uint8)
    at = 1
    for field in fields:
        records[:, at : at + field.width] = _cells(field, frame[field.name], codec)
        at += field.width
    return records.tobytes()


def record_width(fields: Sequence[DbfField]) -> int:
    """Give the bytes of a record, its mark of deletion included."""
    return 1 + sum(field.width for field in fields)


def _written_name(name: str, codec: str) -> bytes:
    try:
        written = name.encode(codec)
    except UnicodeEncodeError:
        raise FieldNameUnfit(name) from None
    if not 1 <= len(written) <= _MAX_NAME_BYTES or b"\0" in written:
        raise FieldNameUnfit(name)
    return written


def _field_for(name: str, column: pd.Series, codec: str) -> DbfField:
    """Give the narrowest field that holds every value of a column."""
    import pandas as pd

    if pd.api.types.is_bool_dtype(column.dtype):
        return DbfField(name, "L", 1)
    if pd.api.types.is_integer_dtype(column.dtype):
        return DbfField(name, "N", max((len(str(value)) for value in column.dropna()), default=1))
    if pd.api.types.is_float_dtype(column.dtype):
        return DbfField(name, "N", *EVERY_DIGIT)
    values = _values(column)
    kinds = {type(value) for value in values if value is not None}
    if kinds and kinds <= {dt.date, dt.datetime, pd.Timestamp}:
        return DbfField(name, "D", 8)
    if kinds == {Decimal}:
        decimals = max(-min(int(value.as_tuple().exponent), 0) for value in values if value is not None)
        return DbfField(name, "N", max(len(f"{value:.{decimals}f}") for value in values if value is not None), decimals)
    written = _texts(name, values, codec)
    widest = max(map(len, written), default=0)
    if widest > MAX_CHAR_BYTES:
        row = next(row for row, text in enumerate(written) if len(text) > MAX_CHAR_BYTES)
        raise too_long(row, name, values[row])
    return DbfField(name, "C", max(widest, 1))


def _cells(field: DbfField, column: pd.Series, codec: str) -> NDArray[np.uint8]:
    values = _values(column)
    written = _written(field, values, codec)
    longest = max(map(len, written), default=0)
    if longest > field.width:
        row = next(row for row, cell in enumerate(written) if len(cell) > field.width)
        raise ValueDoesNotFit(
            row,
            field.name,
            values[row],
            f"需 {len(written[row])} 字节，字段宽 {field.width} 字节；请缩短",
            f"takes {len(written[row])} bytes, the field has {field.width}: shorten it",
        )
    cells = np.array(written, dtype=f"S{field.width}").view(np.uint8).reshape(len(values), field.width)
    return np.where(cells == 0, np.uint8(ord(" ")), cells)


def _written(field: DbfField, values: list[Any], codec: str) -> list[bytes]:
    """Give the bytes of each cell, not yet padded on the right."""
    match field.kind:
        case "C":
            return _texts(field.name, values, codec)
        case "N" | "F":
            return [
                b"" if value is None else _digits(row, field, value).rjust(field.width)
                for row, value in enumerate(values)
            ]
        case "D":
            return [b"" if day is None else _day(row, field.name, day) for row, day in enumerate(values)]
        case "L":
            return [b"?" if yes is None else (b"T" if yes else b"F") for yes in values]


def _values(column: pd.Series) -> list[Any]:
    return [None if missing else value for value, missing in zip(column.tolist(), column.isna().tolist(), strict=True)]


def _texts(name: str, values: list[Any], codec: str) -> list[bytes]:
    """Encode a column in one call; where that fails, one by one, to name the row."""
    try:
        written = "\n".join("" if text is None else text for text in values).encode(codec)
    except (UnicodeEncodeError, TypeError):
        written = b"\0"
    cells = written.split(b"\n")
    if len(cells) == len(values) and b"\0" not in written:
        return cells
    return [b"" if text is None else encoded_text(row, name, text, codec) for row, text in enumerate(values)]


def too_long(row: int, name: str, text: object) -> ValueDoesNotFit:
    """Give the refusal of a text that no field can hold."""
    said = f"超过 {MAX_CHAR_BYTES} 字节；请缩短", f"is over {MAX_CHAR_BYTES} bytes: shorten it"
    return ValueDoesNotFit(row, name, text, *said)


def encoded_text(row: int, name: str, text: object, codec: str) -> bytes:
    """Give the bytes of one text; `ValueDoesNotFit` for what is none, is outside the encoding or has a NUL."""
    if not isinstance(text, str):
        raise ValueDoesNotFit(row, name, text, "不是文本；请先转换", "is not text: convert it first")
    try:
        written = text.encode(codec)
    except UnicodeEncodeError:
        raise ValueDoesNotFit(
            row,
            name,
            text,
            f"含 {codec.upper()} 以外的字符；请改用 UTF-8 导出",
            f"has characters outside {codec.upper()}: export as UTF-8",
        ) from None
    if b"\0" in written:
        raise ValueDoesNotFit(row, name, text, "含空字符；请删除", "has a NUL character: remove it")
    return written


def _digits(row: int, field: DbfField, value: float | Decimal) -> bytes:
    if not math.isfinite(value):
        raise ValueDoesNotFit(row, field.name, value, "不是有限数；请更正", "is not finite: correct it")
    if (field.width, field.decimals) == EVERY_DIGIT and isinstance(value, float):
        return repr(value).encode("ascii")
    return f"{value:.{field.decimals}f}".encode("ascii")


def _day(row: int, name: str, day: object) -> bytes:
    if isinstance(day, dt.datetime):
        if day.time() != dt.time(0):
            raise ValueDoesNotFit(row, name, day, "含时刻，dBASE 只存日期", "has a time of day, dBASE keeps dates only")
        day = day.date()
    if not isinstance(day, dt.date):
        raise ValueDoesNotFit(row, name, day, "不是日期；请更正", "is not a date: correct it")
    return day.strftime("%Y%m%d").rjust(8, "0").encode("ascii")
