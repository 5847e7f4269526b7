"""Do the files of a Shapefile agree with each other, before GDAL may open them?

TRAP: GDAL answers a Shapefile that is cut in half, or a record that claims 2^31 points, with null geometries
and no error (hazards.md 1.4, tried). So every record is measured here against the index and the length of the
file. Source: ESRI Shapefile Technical Description, July 1998.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gis.errors import FeatureError, SourceError
from gis.formats.drivers import FEATURE_LIMIT_BYTES

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_HEADER_BYTES = 100
_FILE_CODE = 9994
_NULL = 0
_POINTS = {1: 20, 21: 28, 11: 36}
"""Point, PointM, PointZ: the whole content, M being optional in PointZ."""
_LINES_AND_POLYGONS = frozenset({3, 5, 13, 15, 23, 25})
_MULTIPOINTS = frozenset({8, 18, 28})


@dataclass(frozen=True, slots=True)
class ShapefileParts:
    """The files that belong together; `prj` is None where it is missing, which is for `crs.recognise` to
    refuse.
    """

    shp: Path
    shx: Path
    dbf: Path
    prj: Path | None


class ShapefileIncomplete(SourceError):
    """Raised when .shx or .dbf is missing."""

    def __init__(self, file: str, missing: str) -> None:
        """Name both."""
        super().__init__(
            f"{file} 缺少同名的 {missing} 文件；请把 .shp .shx .dbf .prj 一并交付",
            f"{file} has no {missing} beside it: deliver .shp, .shx, .dbf and .prj together",
        )


class ShapefileDamaged(SourceError):
    """Raised when a file is none of a Shapefile, was cut off, or its parts count differently."""

    def __init__(self, file: str, zh: str, en: str) -> None:
        """Name the file and say what is wrong."""
        super().__init__(f"{file} 已损坏: {zh}；请重新导出", f"{file} is damaged: {en}; export it again")


class RecordImpossible(FeatureError):
    """Raised when a record claims what its length cannot hold; `row` is counted from 0."""

    def __init__(self, file: str, row: int, zh: str, en: str) -> None:
        """Name file and record."""
        self.row = row
        super().__init__(
            f"{file} 第 {row} 条记录{zh}；请重新导出",
            f"{file}: record {row} {en}; export it again",
        )


def parts_of(shp: Path) -> ShapefileParts:
    """Find the files beside a .shp, in whatever case their endings are. Raises `ShapefileIncomplete`."""
    beside = {each.suffix.lower(): each for each in shp.parent.iterdir() if each.stem == shp.stem}
    for suffix in (".shx", ".dbf"):
        if suffix not in beside:
            raise ShapefileIncomplete(shp.name, suffix)
    return ShapefileParts(shp, beside[".shx"], beside[".dbf"], beside.get(".prj"))


def check_records(parts: ShapefileParts) -> int:
    """Measure every record and give their number. Raises `ShapefileDamaged` or `RecordImpossible`."""
    shp, shx = np.fromfile(parts.shp, dtype=np.uint8), np.fromfile(parts.shx, dtype=np.uint8)
    kind = _check_header(parts.shp.name, shp)
    _check_header(parts.shx.name, shx)
    if (shx.size - _HEADER_BYTES) % 8:
        raise ShapefileDamaged(parts.shx.name, "索引长度不是整数条", "its length is no whole number of entries")
    index = shx[_HEADER_BYTES:].view(">i4").astype(np.int64).reshape(-1, 2) * 2
    offsets, lengths = index[:, 0], index[:, 1]
    _refuse_where(
        parts.shp.name,
        (offsets < _HEADER_BYTES) | (lengths < 4) | (offsets + 8 + lengths > shp.size),  # noqa: PLR2004 - the shape type
        "超出文件末尾 (文件被截断)",
        "ends after the end of the file (it was cut off)",
    )
    _refuse_where(
        parts.shp.name,
        lengths > FEATURE_LIMIT_BYTES,
        f"超过 {FEATURE_LIMIT_BYTES // 1_000_000} MB",
        f"is over {FEATURE_LIMIT_BYTES // 1_000_000} MB",
    )
    said = _words(shp, offsets + 4, ">i4").astype(np.int64) * 2
    _refuse_where(parts.shp.name, said != lengths, "的长度与索引不符", "has another length than the index says")
    kinds = _words(shp, offsets + 8, "<i4")
    _refuse_where(
        parts.shp.name,
        (kinds != _NULL) & (kinds != kind),
        "的几何类型与文件头不符",
        "has another shape type than the file",
    )
    _check_counts(parts.shp.name, shp, offsets, lengths, kinds, kind)
    return len(index)


def _check_header(file: str, raw: NDArray[np.uint8]) -> int:
    if raw.size < _HEADER_BYTES or struct.unpack_from(">i", raw.data)[0] != _FILE_CODE:
        raise ShapefileDamaged(file, "不是 Shapefile 文件", "it is no Shapefile")
    (words,) = struct.unpack_from(">I", raw.data, 24)
    if words * 2 > raw.size:
        raise ShapefileDamaged(
            file,
            f"文件头声明 {words * 2} 字节，实际 {raw.size} 字节 (被截断)",
            f"its header says {words * 2} bytes, it has {raw.size} (it was cut off)",
        )
    kind: int = struct.unpack_from("<i", raw.data, 32)[0]
    if kind != _NULL and kind not in _POINTS and kind not in _LINES_AND_POLYGONS and kind not in _MULTIPOINTS:
        raise ShapefileDamaged(file, f"几何类型 {kind} 不受理", f"its shape type {kind} is not accepted")
    return kind


def _check_counts(
    file: str,
    raw: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    lengths: NDArray[np.int64],
    kinds: NDArray[np.int32],
    kind: int,
) -> None:
    """Hold the claimed numbers of parts and points against the length of the record."""
    rows = np.flatnonzero(kinds != _NULL)
    at, length = offsets[rows] + 8, lengths[rows]
    if kind in _POINTS:
        least = np.full(len(rows), _POINTS[kind] - (8 if kind == 11 else 0))  # noqa: PLR2004 - PointZ without its M
    else:
        fixed = 44 if kind in _LINES_AND_POLYGONS else 40
        _refuse_where(file, length < fixed, "不完整", "is too short for its shape type", rows)
        if kind in _LINES_AND_POLYGONS:
            counts = (
                _words(raw, at + 36, "<i4").astype(np.int64),
                _words(raw, at + 40, "<i4").astype(np.int64),
            )
        else:
            counts = np.zeros(len(rows), dtype=np.int64), _words(raw, at + 36, "<i4").astype(np.int64)
        n_parts, n_points = counts
        _refuse_where(file, (n_parts < 0) | (n_points < 0), "的点数为负", "claims a negative number of points", rows)
        per_point = 24 if kind in (13, 15, 18) else 16
        least = fixed + 4 * n_parts + per_point * n_points
    _refuse_where(
        file,
        least > length,
        "声明的点数超过记录长度",
        "claims more points than its length can hold",
        rows,
    )


def _refuse_where(
    file: str,
    wrong: NDArray[np.bool_],
    zh: str,
    en: str,
    rows: NDArray[np.int64] | None = None,
) -> None:
    if wrong.any():
        at = int(np.flatnonzero(wrong)[0])
        raise RecordImpossible(file, at if rows is None else int(rows[at]), zh, en)


def _words(raw: NDArray[np.uint8], at: NDArray[np.int64], dtype: str) -> NDArray[np.int32]:
    """Read one 4-byte word at each place; records need not be aligned."""
    return np.asarray(raw[at[:, None] + np.arange(4)].view(dtype).ravel(), dtype=np.int32)
