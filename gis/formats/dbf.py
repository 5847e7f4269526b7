"""What stands in a dBASE table, and in which encoding?

GDAL is not used for attributes, for it replaces bytes that do not decode. Here whole columns are decoded at
once and strictly; text that does not decode is refused by row and field. `dbf_writing` is the way back.

Words. *LDID* is byte 29 of the header, the language driver: 0x4D says cp936 (GBK). Widths count bytes:
Char(50) holds 25 Chinese characters in GBK. Rows are counted from 0 over the records that are not deleted.
Source: standards.md 5.4.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gis.errors import FieldError, LayerError, SourceError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

LDID_GBK = 0x4D
_LDIDS_OF_GBK = frozenset({LDID_GBK, 0x7A})
_LDIDS_OF_NOTHING = frozenset(
    {0x00, 0x57}
)  # 0x57 is "the ANSI code page of the computer that wrote this": unknown here
_NOT_ASCII, _THREE_BYTES = 0x80, 0xE0  # the first byte of a character of more than one, of three in UTF-8
_CODECS_OF_CPG = {
    **dict.fromkeys(("GBK", "936", "CP936", "GB2312", "ANSI 936", "MS936", "WINDOWS-936", "EUC-CN"), "gbk"),
    **dict.fromkeys(("UTF-8", "UTF8", "65001", "CP65001"), "utf-8"),
    **dict.fromkeys(("GB18030", "54936", "CP54936"), "gb18030"),
}
HEADER = struct.Struct("<B3sIHH17xB2x")
FIELD = struct.Struct("<11sc4xBB14x")
_EXACT_INTEGER = 2**53


@dataclass(frozen=True, slots=True)
class DbfField:
    """One column: `kind` C text, N or F number, D date, L yes/no; `width` in bytes, `decimals` after the
    point.

    NY/T 2539-2016 writes Char(19) and Float(15,2): `DbfField("DKBM", "C", 19)`, `DbfField("SCMJ", "N", 16,
    2)`.
    """

    name: str
    kind: Literal["C", "N", "F", "D", "L"]
    width: int
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class DbfTable:
    """A table that was read: columns in file order, and in which `encoding` and by what (`encoding_source`)
    it was found.

    `columns`: field name -> pandas array of one value a row; text is `str` with NaN for blank, whole numbers
    int64 (Int64 where some are blank), others float64, dates datetime64[s], yes/no boolean. `record_count` is
    the header's, deleted records included; `deleted_count` of them were left out.
    """

    columns: dict[str, Any]
    encoding: str
    encoding_source: str
    record_count: int
    deleted_count: int


class DbfUnreadable(SourceError):
    """Raised when the file is no dBASE table or ends before its last record."""

    def __init__(self, file: str, zh: str, en: str) -> None:
        """Name the file and say what is wrong."""
        super().__init__(f"{file} 无法读取: {zh}；请重新导出", f"{file} cannot be read: {en}; export it again")


class FieldKindUnknown(FieldError):
    """Raised for a column type that no delivery needs (memo, binary, …)."""

    def __init__(self, file: str, name: str, kind: str) -> None:
        """Name file, field and type."""
        super().__init__(
            f"{file} 字段 {name} 的类型 {kind!r} 不受理；请改为字符、数字、日期或逻辑型",
            f"{file}: field {name} has type {kind!r}: use text, number, date or logical",
        )


class EncodingUnknown(LayerError):
    """Raised when .cpg or LDID name an encoding that is not read."""

    def __init__(self, file: str, said: str) -> None:
        """Name the file and what it says."""
        super().__init__(
            f"{file} 声明的编码 {said} 不受理；请附 .cpg 文件并写 GBK 或 UTF-8",
            f"{file} says its encoding is {said}: add a .cpg file that says GBK or UTF-8",
        )


class TextUndecodable(FieldError):
    """Raised when bytes of a text are not of the encoding; nothing is ever replaced."""

    def __init__(self, file: str, row: int, name: str, encoding: str, source: str) -> None:
        """Name row and field, and whence the encoding was taken."""
        self.row = row
        self.field = name
        super().__init__(
            f"{file} 第 {row} 行字段 {name} 不是 {encoding} 编码 (依据: {source})；请更正 .cpg 或重新导出",
            f"{file}: row {row}, field {name} is not {encoding} (taken from: {source}):"
            " correct the .cpg or export again",
        )


class ValueMalformed(FieldError):
    """Raised when a number, date or yes/no is none, or a number has more digits than can be kept."""

    def __init__(self, file: str, row: int, name: str, value: str) -> None:
        """Name row, field and value."""
        self.row = row
        self.field = name
        super().__init__(
            f"{file} 第 {row} 行字段 {name} 的值 {value!r} 无法读取；请更正",
            f"{file}: row {row}, field {name}: {value!r} cannot be read: correct it",
        )


def read_dbf(path: Path, encoding: str | None = None) -> DbfTable:
    """Read a dBASE III/IV table; `encoding` overrides what .cpg and LDID say.

    Order: the caller, .cpg, LDID 0x4D -> GBK, LDID 0x00 -> strict UTF-8, then GB18030; without any three-byte character
    GB18030 comes first (TRAP: 砖木 in GBK, D7 A9 C4 BE, is good UTF-8 for two other letters). Where GBK is said and
    a name needs more (GB18030 contains GBK), GB18030 is tried and reported. Raises `DbfUnreadable`,
    `EncodingUnknown`, `TextUndecodable`, `ValueMalformed`, `FieldKindUnknown`.
    """
    raw = path.read_bytes()
    record_count, records, described, ldid = _layout(path.name, raw)
    deleted = records[:, 0] == ord("*")
    if deleted.any():
        records = records[~deleted]
    codecs, source = _codecs(path, ldid, encoding)
    cells, at = [], 1
    for name, kind, width, decimals in described:
        cells.append((name, kind, decimals, records[:, at : at + width]))
        at += width
    if codecs[0] == "utf-8" and len(codecs) > 1 and not _is_chinese_utf8([cell for _, kind, _, cell in cells if kind == "C"]):
        codecs = codecs[::-1]
    for codec in codecs:
        try:
            columns = {
                _name(path.name, name, codec, source): _column(path.name, name, kind, decimals, cell, codec, source)
                for name, kind, decimals, cell in cells
            }
        except TextUndecodable:
            if codec == codecs[-1]:
                raise
        else:
            return DbfTable(columns, codec.upper(), source, record_count, int(deleted.sum()))
    raise AssertionError  # pragma: no cover - codecs is never empty


def _layout(file: str, raw: bytes) -> tuple[int, NDArray[np.uint8], list[tuple[bytes, str, int, int]], int]:
    if len(raw) < HEADER.size:
        raise DbfUnreadable(file, "文件不完整", "it is shorter than its header")
    _, _, record_count, header_bytes, record_bytes, ldid = HEADER.unpack_from(raw)
    described = []
    at = HEADER.size
    while at + FIELD.size <= min(header_bytes, len(raw)) and raw[at] != ord("\r"):
        name, kind, width, decimals = FIELD.unpack_from(raw, at)
        described.append((name.split(b"\0")[0], kind.decode("latin-1"), width, decimals))
        at += FIELD.size
    if 1 + sum(width for _, _, width, _ in described) != record_bytes or any(not width for _, _, width, _ in described):
        raise DbfUnreadable(file, "字段定义与记录长度不符", "its field widths do not add up to the record length")
    if header_bytes + record_count * record_bytes > len(raw):
        raise DbfUnreadable(
            file,
            f"文件头声明 {record_count} 条记录，文件在此之前结束",
            f"its header says {record_count} records, but the file ends before",
        )
    records = np.frombuffer(raw, dtype=np.uint8, count=record_count * record_bytes, offset=header_bytes)
    return record_count, records.reshape(record_count, record_bytes), described, ldid


def _codecs(path: Path, ldid: int, encoding: str | None) -> tuple[tuple[str, ...], str]:
    """Give the codecs to try in turn, and the words for where they were found."""
    if encoding is not None:
        return _codecs_said(path.name, encoding), f"encoding={encoding}"
    cpg = next((each for each in path.parent.glob(f"{_glob_literal(path.stem)}.[cC][pP][gG]")), None)
    if cpg is not None:
        said = cpg.read_bytes()[:40].decode("latin-1").strip("\ufeff\xef\xbb\xbf \r\n\t\0")
        if said.upper() != "OEM" and said:
            return _codecs_said(cpg.name, said), f".cpg {said}"
    if ldid in _LDIDS_OF_GBK:
        return ("gbk", "gb18030"), f"LDID 0x{ldid:02X}"
    if ldid in _LDIDS_OF_NOTHING:
        return ("utf-8", "gb18030"), f"LDID 0x{ldid:02X}, UTF-8 -> GB18030"
    raise EncodingUnknown(path.name, f"LDID 0x{ldid:02X}")


def _is_chinese_utf8(texts: list[NDArray[np.uint8]]) -> bool:
    """Whether a byte begins a character of three bytes, as Chinese has them in UTF-8, or there is nothing to tell."""
    highest = max((int(cells.max(initial=0)) for cells in texts), default=0)
    return highest >= _THREE_BYTES or highest < _NOT_ASCII


def _codecs_said(file: str, said: str) -> tuple[str, ...]:
    codec = _CODECS_OF_CPG.get(said.upper())
    if codec is None:
        raise EncodingUnknown(file, repr(said[:20]))
    return ("gbk", "gb18030") if codec == "gbk" else (codec,)


def _glob_literal(stem: str) -> str:
    return "".join(f"[{character}]" if character in "*?[" else character for character in stem)


def _name(file: str, name: bytes, codec: str, source: str) -> str:
    try:
        return name.decode(codec)
    except UnicodeDecodeError:
        raise TextUndecodable(file, -1, repr(name), codec.upper(), source) from None


def _column(
    file: str,
    name: bytes,
    kind: str,
    decimals: int,
    cells: NDArray[np.uint8],
    codec: str,
    source: str,
) -> Any:  # noqa: ANN401 - one of several pandas arrays
    label = name.decode(codec, errors="backslashreplace")
    if kind == "C":
        return _texts(file, label, cells, codec, source)
    values = _ascii(file, label, cells)
    match kind:
        case "N" | "F":
            return _numbers(file, label, values, decimals)
        case "D":
            return _dates(file, label, values)
        case "L":
            return _booleans(file, label, values)
        case _:
            raise FieldKindUnknown(file, label, kind)


def _texts(file: str, label: str, cells: NDArray[np.uint8], codec: str, source: str) -> Any:  # noqa: ANN401 - pandas' str array
    """Decode a column in one call: cells are joined by line feeds, a byte that no GBK or UTF-8 character
    contains.
    """
    import pandas as pd

    cells = _without_what_follows_nul(cells)
    used = np.flatnonzero((cells != ord(" ")).any(axis=0))
    cells = cells[:, : used[-1] + 1 if used.size else 0]
    joined = np.full((cells.shape[0], cells.shape[1] + 1), ord("\n"), dtype=np.uint8)
    joined[:, :-1] = cells
    try:
        texts = joined.tobytes().decode(codec).split("\n")
    except UnicodeDecodeError:
        texts = []
    if len(texts) != len(cells) + 1:  # undecodable, or a line feed inside a text
        texts = [_text(file, row, label, bytes(cell), codec, source) for row, cell in enumerate(cells)]
        texts.append("")
    trimmed = [text.rstrip(" ") or None for text in texts[:-1]]
    return pd.array(trimmed, dtype=pd.StringDtype("pyarrow", na_value=np.nan))


def _text(file: str, row: int, label: str, cell: bytes, codec: str, source: str) -> str:
    try:
        return cell.decode(codec)
    except UnicodeDecodeError:
        raise TextUndecodable(file, row, label, codec.upper(), source) from None


def _without_what_follows_nul(cells: NDArray[np.uint8]) -> NDArray[np.uint8]:
    is_nul = cells == 0
    if not is_nul.any():
        return cells
    return np.where(np.logical_or.accumulate(is_nul, axis=1), np.uint8(ord(" ")), cells)


def _ascii(file: str, label: str, cells: NDArray[np.uint8]) -> pa.StringArray:
    """Give trimmed texts, null for blank and for the asterisks of a number that was too long for dBASE."""
    cells = np.ascontiguousarray(_without_what_follows_nul(cells))
    foreign = np.flatnonzero((cells > 0x7E).any(axis=1))  # noqa: PLR2004 - the last printable ASCII
    if foreign.size:
        row = int(foreign[0])
        raise ValueMalformed(file, row, label, bytes(cells[row]).decode("latin-1"))
    values = pc.ascii_trim_whitespace(pa.array(cells.view(f"S{cells.shape[1]}").ravel()).cast(pa.string()))
    blank = pc.or_(pc.equal(values, ""), pc.match_substring_regex(values, r"^\*+$"))
    return pc.if_else(blank, None, values)


def _numbers(file: str, label: str, values: pa.StringArray, decimals: int) -> Any:  # noqa: ANN401 - an int64, Int64 or float64 array
    import pandas as pd

    if decimals == 0:
        try:
            whole = values.cast(pa.int64())
        except pa.ArrowInvalid:
            pass
        else:
            has_blank = bool(whole.null_count)
            filled = whole.fill_null(0).to_numpy()
            return (
                pd.arrays.IntegerArray(filled.copy(), whole.is_null().to_numpy(zero_copy_only=False))
                if has_blank
                else filled
            )
    try:
        numbers = values.cast(pa.float64())
    except pa.ArrowInvalid:
        row = next(row for row, text in enumerate(values.to_pylist()) if text is not None and not _is_number(text))
        raise ValueMalformed(file, row, label, str(values[row])) from None
    floats = numbers.to_numpy(zero_copy_only=False)
    lossy = np.isinf(floats) | (~pc.is_null(values).to_numpy(zero_copy_only=False) & np.isnan(floats))
    if decimals == 0:
        lossy |= np.abs(floats) >= _EXACT_INTEGER  # an ID number as a float would be rounded
    if lossy.any():
        row = int(np.flatnonzero(lossy)[0])
        raise ValueMalformed(file, row, label, str(values[row]))
    return floats


def _is_number(text: str) -> bool:
    try:
        pa.array([text]).cast(pa.float64())
    except pa.ArrowInvalid:
        return False
    return True


def _dates(file: str, label: str, values: pa.StringArray) -> NDArray[np.datetime64]:
    texts = [
        "NaT" if text in (None, "00000000") else f"{text[:4]}-{text[4:6]}-{text[6:]}" for text in values.to_pylist()
    ]
    try:
        return np.array(texts, dtype="datetime64[D]").astype("datetime64[s]")
    except ValueError:
        row = next(row for row, text in enumerate(texts) if not _is_day(text))
        raise ValueMalformed(file, row, label, str(values[row])) from None


def _is_day(text: str) -> bool:
    try:
        np.datetime64(text, "D")
    except ValueError:
        return False
    return True


def _booleans(file: str, label: str, values: pa.StringArray) -> Any:  # noqa: ANN401 - pandas' boolean array
    import pandas as pd

    meaning = dict.fromkeys("TtYy", True) | dict.fromkeys("FfNn", False) | {"?": None, None: None}
    answers = []
    for row, text in enumerate(values.to_pylist()):
        if text not in meaning:
            raise ValueMalformed(file, row, label, text)
        answers.append(meaning[text])
    return pd.array(answers, dtype="boolean")
