"""How is a Shapefile of polygons or points written so that the same rows give the same bytes, today and next year?

GDAL stamps today's date into a .dbf; a sample that is compared byte by byte cannot have that. ESRI Shapefile
Technical Description (1998) and dBASE III; text is GBK with language byte 0x4D, as these deliveries come.
"""

from __future__ import annotations

import struct
from pathlib import Path

from sample_parcels.mesh import Point

Field = tuple[str, str, int, int]  # name, C or N, width in bytes, decimals

POINT, POLYGON = 1, 5
GBK_LANGUAGE_BYTE = 0x4D
_FILE_CODE, _VERSION, _HEADER_BYTES, _RECORD_HEADER_BYTES = 9994, 1000, 100, 8


def write(
    stem: Path,
    fields: tuple[Field, ...],
    rows: list[dict[str, str]],
    shapes: list[list[list[Point]]],
    *,
    projection: str,
    day: tuple[int, int, int],
    code_page: str | None,
    kind: int = POLYGON,
) -> None:
    """Write stem.shp, .shx, .dbf, .prj and, with a code page, .cpg.

    `shapes` are unclosed rings, outer ones clockwise, in easting and northing (m), or [[point]] where `kind` is POINT; none
    at all: a record without a shape. `day` is the .dbf's date.
    """
    records = [_record(rings, kind) for rings in shapes]
    box = _box([ring for rings in shapes for ring in rings])
    index, offset = [], _HEADER_BYTES
    body = []
    for number, record in enumerate(records, start=1):
        body.append(struct.pack(">2i", number, len(record) // 2) + record)
        index.append(struct.pack(">2i", offset // 2, len(record) // 2))
        offset += _RECORD_HEADER_BYTES + len(record)
    stem.with_suffix(".shp").write_bytes(_header(offset, box, kind) + b"".join(body))
    stem.with_suffix(".shx").write_bytes(_header(_HEADER_BYTES + 8 * len(index), box, kind) + b"".join(index))
    stem.with_suffix(".dbf").write_bytes(_dbf(fields, rows, day))
    stem.with_suffix(".prj").write_bytes(projection.encode("ascii"))
    if code_page is not None:
        stem.with_suffix(".cpg").write_bytes(code_page.encode("ascii"))


def _record(rings: list[list[Point]], kind: int) -> bytes:
    if not rings:
        return struct.pack("<i", 0)
    if kind == POINT:
        return struct.pack("<i2d", POINT, *rings[0][0])
    closed = [[*ring, ring[0]] for ring in rings]
    starts = [0]
    for ring in closed:
        starts.append(starts[-1] + len(ring))
    return (
        struct.pack("<i4d2i", POLYGON, *_box(rings), len(rings), starts[-1])
        + struct.pack(f"<{len(rings)}i", *starts[:-1])
        + b"".join(struct.pack("<2d", *point) for ring in closed for point in ring)
    )


def _box(rings: list[list[Point]]) -> tuple[float, float, float, float]:
    xs = [x for ring in rings for x, _ in ring]
    ys = [y for ring in rings for _, y in ring]
    return min(xs), min(ys), max(xs), max(ys)


def _header(length: int, box: tuple[float, float, float, float], kind: int) -> bytes:
    return struct.pack(">7i", _FILE_CODE, 0, 0, 0, 0, 0, length // 2) + struct.pack(
        "<2i8d", _VERSION, kind, *box, 0.0, 0.0, 0.0, 0.0
    )


def _dbf(fields: tuple[Field, ...], rows: list[dict[str, str]], day: tuple[int, int, int]) -> bytes:
    width = 1 + sum(size for _, _, size, _ in fields)
    year, month, date = day
    header = struct.pack("<4BIHH", 3, year - 1900, month, date, len(rows), 33 + 32 * len(fields), width)
    header += bytes(17) + bytes([GBK_LANGUAGE_BYTE]) + bytes(2)
    for name, kind, size, decimals in fields:
        header += name.encode("ascii").ljust(11, b"\0") + kind.encode("ascii") + bytes(4)
        header += bytes([size, decimals]) + bytes(14)
    return header + b"\r" + b"".join(_dbf_row(fields, row) for row in rows) + b"\x1a"


def _dbf_row(fields: tuple[Field, ...], row: dict[str, str]) -> bytes:
    cells = [b" "]
    for name, kind, size, _ in fields:
        cell = row[name].encode("gbk")
        if len(cell) > size:
            message = f"{name} 超长 / {name} is {len(cell)} bytes long, the field holds {size}: {row[name]}"
            raise ValueError(message)
        cells.append(cell.rjust(size) if kind == "N" else cell.ljust(size))
    return b"".join(cells)
