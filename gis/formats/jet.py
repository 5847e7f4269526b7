"""What stands in the tables of an Access database (.mdb), read without Access and without losing a row?

The `access-parser` package passes over rows and bytes that it does not understand; here whatever cannot be read refuses
the file, and as many rows must come out as the table says it has. Jet 4 (Access 2000 to 2003, which the standard asks
for) and its successors that share the layout. Only plain tables: links, queries and forms are not looked at, nothing is
run. Layout: the notes of mdbtools (HACKING) and Jackcess; both judge this file in tests.

Words. A *page* has 4096 bytes. A *definition* describes a table and may go on over several pages. A *usage map* says which
pages hold its rows. A *pointer* is row number (1 byte) and page (3 bytes).
"""

from __future__ import annotations

import datetime as dt
import struct
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from gis.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PAGE = 4096
_CATALOGUE = 2
_SYSTEM = 0x80000002
_LARGEST = 2_000_000_000
_DATA_PAGE, _DEFINITION_PAGE = 1, 2
_DELETED, _MOVED, _PLACE = 0x8000, 0x4000, 0x1FFF
_BOOLEAN, _NUMERIC = 1, 16
_FIXED = {2: "<B", 3: "<h", 4: "<i", 5: "<q", 6: "<f", 7: "<d", 8: "<d"}
_MONEY, _SINGLE, _DOUBLE, _DAY = 5, 6, 7, 8
_INLINE, _ONE_PAGE, _LENGTH = 0x80000000, 0x40000000, 0x3FFFFFFF
_COLUMN = struct.Struct("<B4xHHHBBHBB4xHH")
_ZERO_DAY = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - Access knows no time zone
_MARK_OF_A_GEODATABASE = "GDB_"

_TOO_LARGE = ("超过 2 GB", "it is over 2 GB")
_NOT_ONE = ("不是 Access 数据库", "it is no Access database")
_OF_1997 = ("是 Access 97 格式", "it is of Access 97")
_CUT_OFF = ("文件被截断", "it was cut off")
_ENCRYPTED = ("已加密或损坏", "it is encrypted or damaged")
_DAMAGED = ("内容损坏", "its content is damaged")


class JetUnreadable(SourceError):
    """Raised when a file is no Access database of the expected layout, is encrypted, or holds what cannot be read."""

    def __init__(self, file: str, zh: str, en: str) -> None:
        """Name the file and say what is wrong."""
        super().__init__(
            f"{file} 无法读取: {zh}；请用 Access 压缩修复后另存为 2000-2003 格式，或改交 csv、xlsx",
            f"{file} cannot be read: {en}; compact it and save it as Access 2000-2003, or deliver csv or xlsx",
        )


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    kind: int
    number: int
    variable: int
    fixed: int
    width: int
    scale: int
    is_fixed: bool


@dataclass(frozen=True, slots=True)
class JetTable:
    """A table that was read: names of its columns, and each row as text, None where a cell is empty.

    Days are YYYYMMDD (with a time of day, ISO 8601), yes and no 1 and 0, numbers their shortest digits.
    """

    names: list[str]
    rows: list[list[str | None]]


class JetFile:
    """An Access database in memory. Every method raises `JetUnreadable`."""

    def __init__(self, path: Path) -> None:
        """Read the file and its catalogue."""
        self._file = path.name
        if path.stat().st_size > _LARGEST:
            raise self._refusal(*_TOO_LARGE)
        self._raw = path.read_bytes()
        if self._raw[4:19] not in (b"Standard Jet DB", b"Standard ACE DB") or len(self._raw) < 3 * _PAGE:
            raise self._refusal(*_NOT_ONE)
        if self._raw[0x14] == 0:
            raise self._refusal(*_OF_1997)
        if len(self._raw) % _PAGE:
            raise self._refusal(*_CUT_OFF)
        self._pages = self._catalogue()

    @property
    def names(self) -> list[str]:
        """The plain tables of the file, system tables left out."""
        return sorted(name for name in self._pages if not name.startswith(("MSys", "~")))

    @property
    def is_geodatabase(self) -> bool:
        """Whether it is a personal geodatabase of ArcGIS, whose layers only that program reads."""
        return any(name.startswith(_MARK_OF_A_GEODATABASE) for name in self._pages)

    def table(self, name: str) -> JetTable:
        """Every row of a table, in the order of its pages."""
        return self._table(self._pages[name])

    def _refusal(self, zh: str, en: str) -> JetUnreadable:
        return JetUnreadable(self._file, zh, en)

    def _damaged(self) -> JetUnreadable:
        return self._refusal(*_DAMAGED)

    def _catalogue(self) -> dict[str, int]:
        if self._raw[_CATALOGUE * _PAGE] != _DEFINITION_PAGE:
            raise self._refusal(*_ENCRYPTED)
        table = self._table(_CATALOGUE)
        try:
            place = [table.names.index(name) for name in ("Id", "Name", "Type", "Flags")]
        except ValueError:
            raise self._damaged() from None
        found = {}
        for row in table.rows:
            number, name, kind, flags = (row[at] for at in place)
            is_system = int(flags or 0) & _SYSTEM and not (name or "").startswith(_MARK_OF_A_GEODATABASE)
            if kind == "1" and name and not is_system:
                found[name] = int(number or 0) & 0xFFFFFF
        return found

    def _table(self, page: int) -> JetTable:
        try:
            definition = self._definition(page)
            (announced,) = struct.unpack_from("<I", definition, 0x10)
            columns = self._columns(definition)
            rows = [
                [self._value(row, column) for column in columns]
                for row in self._rows(page, *struct.unpack_from("<I", definition, 0x37))
            ]
        except (struct.error, IndexError, UnicodeDecodeError, OverflowError, ValueError):
            raise self._damaged() from None
        if len(rows) != announced:
            zh, en = f"一张表声明 {announced} 行，读到 {len(rows)} 行", f"a table announces {announced} rows, {len(rows)} were read"
            raise self._refusal(zh, en)
        return JetTable([column.name for column in columns], rows)

    def _page(self, number: int) -> bytes:
        page = self._raw[number * _PAGE : (number + 1) * _PAGE]
        if len(page) != _PAGE:
            raise self._damaged()
        return page

    def _definition(self, page: int) -> bytes:
        """The definition of a table, its pages joined."""
        data, seen = bytearray(self._page(page)), {page}
        if data[0] != _DEFINITION_PAGE:
            raise self._damaged()
        (following,) = struct.unpack_from("<I", data, 4)
        while following:
            if following in seen:
                raise self._damaged()
            seen.add(following)
            more = self._page(following)
            data += more[8:]
            (following,) = struct.unpack_from("<I", more, 4)
        return bytes(data)

    def _columns(self, definition: bytes) -> list[_Column]:
        count, _, real_indexes = struct.unpack_from("<HII", definition, 0x2D)
        at = 0x3F + 12 * real_indexes
        described = [_COLUMN.unpack_from(definition, at + _COLUMN.size * place) for place in range(count)]
        at += _COLUMN.size * count
        columns = []
        for kind, number, variable, _, _, scale, _, flags, _, fixed, width in described:
            (length,) = struct.unpack_from("<H", definition, at)
            name = definition[at + 2 : at + 2 + length].decode("utf-16-le")
            at += 2 + length
            columns.append(_Column(name, kind, number, variable, fixed, width, scale, bool(flags & 1)))
        return sorted(columns, key=lambda column: column.number)

    def _rows(self, owner: int, usage: int) -> Iterator[bytes]:
        for number in self._used(usage):
            page = self._page(number)
            if page[0] != _DATA_PAGE or struct.unpack_from("<I", page, 4) != (owner,):
                continue  # a page that the map reserves and that holds no row yet
            (count,) = struct.unpack_from("<H", page, 12)
            for place in range(count):
                (start,) = struct.unpack_from("<H", page, 14 + 2 * place)
                if start & _DELETED:
                    continue
                row = _slice(page, place)
                yield self._pointed_at(*struct.unpack("<I", row[:4])) if start & _MOVED else row

    def _used(self, pointer: int) -> Iterator[int]:
        """The pages of a usage map: a bitmap from a page on, or a list of pages that each are a bitmap."""
        usage = self._pointed_at(pointer)
        if usage[0] == 0:
            (first,) = struct.unpack_from("<I", usage, 1)
            yield from _bits(usage[5:], first)
            return
        for place, (page,) in enumerate(struct.iter_unpack("<I", usage[1 : 1 + (len(usage) - 1) // 4 * 4])):
            if page:
                bitmap = self._page(page)[4:]
                yield from _bits(bitmap, place * len(bitmap) * 8)

    def _pointed_at(self, pointer: int) -> bytes:
        return _slice(self._page(pointer >> 8), pointer & 0xFF)

    def _value(self, row: bytes, column: _Column) -> str | None:
        (present,) = struct.unpack_from("<H", row)
        mask = (present + 7) // 8
        is_set = column.number < present and bool(row[len(row) - mask + column.number // 8] >> column.number % 8 & 1)
        if column.kind == _BOOLEAN:
            return "1" if is_set else "0"
        if not is_set:
            return None
        if column.is_fixed:
            return _fixed(column, row[2 + column.fixed : 2 + column.fixed + column.width])
        end = len(row) - mask
        (variables,) = struct.unpack_from("<H", row, end - 2)
        if column.variable >= variables:
            return None
        start, stop = (struct.unpack_from("<H", row, end - 4 - 2 * at)[0] for at in (column.variable, column.variable + 1))
        if not 2 <= start <= stop <= end:  # noqa: PLR2004 - a row begins with two bytes of its own
            raise self._damaged()
        return self._variable(column, row[start:stop])

    def _variable(self, column: _Column, raw: bytes) -> str | None:
        match column.kind:
            case 10:
                return _text(raw)
            case 12:
                return _text(self._long(raw))
            case 9 | 11:
                return None  # pictures and other objects are no part of a delivery
            case _:
                return _fixed(column, raw)

    def _long(self, raw: bytes) -> bytes:
        """A memo: in the row itself, on one other page, or over a chain of them."""
        length, pointer = struct.unpack_from("<II", raw)
        size = length & _LENGTH
        if length & _INLINE:
            data = raw[12:]
        elif length & _ONE_PAGE:
            data = self._pointed_at(pointer)
        else:
            data, seen = b"", set()
            while pointer and len(data) < size:
                if pointer in seen:
                    raise self._damaged()
                seen.add(pointer)
                piece = self._pointed_at(pointer)
                (pointer,) = struct.unpack_from("<I", piece)
                data += piece[4:]
        if len(data) < size:
            raise self._damaged()
        return data[:size]


def _slice(page: bytes, place: int) -> bytes:
    """One row of a page: from its start to the start of the row before, which lies behind it."""
    (start,) = struct.unpack_from("<H", page, 14 + 2 * place)
    end = _PAGE if place == 0 else struct.unpack_from("<H", page, 12 + 2 * place)[0] & _PLACE
    start &= _PLACE
    if not 14 <= start <= end:  # noqa: PLR2004 - where the header of a page ends
        raise ValueError
    return page[start:end]


def _bits(bitmap: bytes, first: int) -> Iterator[int]:
    for at, byte in enumerate(bitmap):
        if byte:
            yield from (first + at * 8 + bit for bit in range(8) if byte >> bit & 1)


def _text(raw: bytes) -> str:
    """UTF-16, or FF FE and Latin-1 in which each zero byte turns to UTF-16 and back."""
    if raw[:2] != b"\xff\xfe":
        return raw.decode("utf-16-le")
    pieces, at, is_narrow = [], 2, True
    while at < len(raw):
        if is_narrow:
            end = raw.find(b"\0", at)
            end = len(raw) if end < 0 else end
            pieces.append(raw[at:end].decode("latin-1"))
        else:
            end = at
            while end < len(raw) and raw[end] != 0:
                end += 2
            pieces.append(raw[at:end].decode("utf-16-le"))
        at, is_narrow = end + 1, not is_narrow
    return "".join(pieces)


def _fixed(column: _Column, raw: bytes) -> str:
    if column.kind == _NUMERIC:
        sign, parts = raw[0], struct.unpack("<4I", raw[1:17])
        whole = 0
        for part in parts:
            whole = whole << 32 | part
        return _plain(Decimal(-whole if sign else whole).scaleb(-column.scale))
    if column.kind not in _FIXED:
        raise ValueError
    (value,) = struct.unpack_from(_FIXED[column.kind], raw)
    if column.kind == _DAY:
        day = int(value)  # the time of day counts forward, also before 1899-12-30
        moment = _ZERO_DAY + dt.timedelta(days=day, seconds=round(abs(value - day) * 86_400))
        return f"{moment:%Y%m%d}" if moment.time() == dt.time(0) else moment.isoformat()
    if column.kind == _MONEY:
        return _plain(Decimal(value).scaleb(-4))
    if column.kind == _SINGLE:
        return _plain(Decimal(f"{value:.7g}"))
    return _plain(Decimal(repr(value))) if column.kind == _DOUBLE else str(value)


def _plain(value: Decimal) -> str:
    """Digits without an exponent and without zeros that say nothing."""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"
