"""What do the delivered layers hold, and do they lie in the register's CRS?

A layer may come in several files. Attributes become text columns like those of tables; shapes come out in the
register's coordinates (EPSG:4545, easting and northing in metres), bit for bit as surveyed but for the zone prefix.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import shapely

from gis.crs import (
    CrsContradicted,
    CrsMissing,
    CrsNotTheRegisters,
    CrsRefused,
    FoundCrs,
    RegisterCrs,
    recognise,
    to_register,
)
from gis.errors import GisError
from gis.formats.dbf import TextUndecodable, ValueMalformed
from gis.formats.reading import FeatureCountDiffers, Layer, read_layer
from registry.delivery.fields import Part
from registry.delivery.frames import Frame
from registry.delivery.parts import PART_OF_NAME
from registry.delivery.read_tables import as_text, check_header, plain
from registry.store.settings import REGISTER_CRS

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from registry.delivery.faults import Faults
    from registry.delivery.fields import ShapeKind

BROKEN = "_broken"
"""A column of a layer's frame: "open" where a ring did not close, so that no shape could be built."""

_SHAPES: dict[ShapeKind, tuple[int, ...]] = {
    "point": (-1, int(shapely.GeometryType.POINT)),
    "line": (-1, int(shapely.GeometryType.LINESTRING), int(shapely.GeometryType.MULTILINESTRING)),
    "polygon": (-1, int(shapely.GeometryType.POLYGON), int(shapely.GeometryType.MULTIPOLYGON)),
}
_SHAPE_WORDS = {"point": ("点", "points"), "line": ("线", "lines"), "polygon": ("面", "polygons")}


@dataclass(frozen=True, slots=True)
class LayerFile:
    """One .shp of a layer and its name relative to the delivery's folder."""

    path: Path
    file: str


def read_layers(
    layers: dict[str, list[LayerFile]], faults: Faults, tell: Callable[[str], None]
) -> tuple[dict[str, Frame], FoundCrs | None]:
    """Read every file of every layer. The first recognised CRS is the delivery's; another one is a fault."""
    delivery_crs: FoundCrs | None = None
    frames = {}
    for name, files in layers.items():
        parts = []
        for one in files:
            tell(one.file)
            frame, delivery_crs = _read_file(PART_OF_NAME[name], one, delivery_crs, faults)
            if frame is not None:
                parts.append(frame)
        if parts and len(parts) == len(files):
            frames[name] = _joined(parts)
    return frames, delivery_crs


def crs_remarks(found: FoundCrs) -> list[tuple[str, str]]:
    """What a report says of the coordinates: that a zone prefix was taken off."""
    remarks = list(found.notes)
    if found.zone_prefix is not None:
        remarks.append(
            (
                f"横坐标带有带号 {found.zone_prefix}（{found.label}），入库时已去掉",
                f"eastings carry the zone prefix {found.zone_prefix} ({found.label}); it was taken off",
            )
        )
    return remarks


def _read_file(
    part: Part, one: LayerFile, delivery_crs: FoundCrs | None, faults: Faults
) -> tuple[Frame | None, FoundCrs | None]:
    """One file of a layer, and the CRS of the delivery as far as it is known then."""
    layer = _read(part, one, faults)
    found = None if layer is None else _crs_of(layer, part.name, one.file, faults)
    if layer is None or found is None:
        return None, delivery_crs
    delivery_crs = delivery_crs or found
    if found.label != delivery_crs.label:
        faults.whole("crs-mixed", one.file, part.name, file=one.file, found=found.label, expected=delivery_crs.label)
        return None, delivery_crs
    try:
        given = np.asarray(layer.frame.geometry.array, dtype=object)
        shapes = to_register(given, found, RegisterCrs.of(REGISTER_CRS))
    except CrsNotTheRegisters:
        faults.whole("crs-unknown", one.file, part.name, found=found.label)
        return None, delivery_crs
    return _frame(part, layer, one.file, shapes, faults), delivery_crs


def _read(part: Part, one: LayerFile, faults: Faults) -> Layer | None:
    try:
        layer = read_layer(one.path)
    except TextUndecodable as bad:
        _say_encoding(part, one, bad.row, faults)
    except FeatureCountDiffers:
        expected, found = _record_counts(one.path)
        faults.whole("record-count", one.file, part.name, expected=expected, found=found)
    except ValueMalformed as bad:  # the value stays out of the report: nobody knows whose it is
        reason = f"第 {bad.row + 1} 行 {bad.field} 的值不可读", f"row {bad.row + 1}: the value of {bad.field} is unreadable"
        faults.whole("file-unreadable", one.file, part.name, reason=reason)
    except GisError as bad:
        faults.whole("file-unreadable", one.file, part.name, reason=(bad.zh, bad.en))
    else:
        types = shapely.get_type_id(np.asarray(layer.frame.geometry.array, dtype=object)).tolist()
        kinds = set(types) - set(_SHAPES[part.shape])
        if not kinds:
            return layer
        found_kind = shapely.GeometryType(kinds.pop()).name.lower()
        if part.shape == "polygon":
            faults.whole("layer-not-polygon", one.file, part.name, found=found_kind)
        else:
            wanted = _SHAPE_WORDS[part.shape]
            faults.whole("layer-of-other-shapes", one.file, part.name, found=found_kind, expected=wanted)
    return None


def _say_encoding(part: Part, one: LayerFile, row: int, faults: Faults) -> None:
    code_page = next((p for p in one.path.parent.glob(f"{one.path.stem}.*") if p.suffix.lower() == ".cpg"), None)
    if code_page is not None:
        said = code_page.read_bytes()[:40].decode("latin-1").strip()
        faults.whole("encoding-not-as-said", one.file, part.name, said=said)
        return
    table = next(p for p in one.path.parent.glob(f"{one.path.stem}.*") if p.suffix.lower() == ".dbf")
    header, record = struct.unpack_from("<HH", table.read_bytes()[:32], 8)
    faults.whole("encoding-unknown", one.file, part.name, offset=header + max(row, 0) * record + 1)


def _record_counts(shp: Path) -> tuple[int, int]:
    """How many records the attribute table's header says, and how many the index of shapes has."""
    beside = {each.suffix.lower(): each for each in shp.parent.glob(f"{shp.stem}.*")}
    (expected,) = struct.unpack_from("<I", beside[".dbf"].read_bytes()[:32], 4)
    return expected, (beside[".shx"].stat().st_size - 100) // 8


def _crs_of(layer: Layer, name: str, file: str, faults: Faults) -> FoundCrs | None:
    eastings = shapely.get_coordinates(np.asarray(layer.frame.geometry.array, dtype=object))[:, 0]
    try:
        return recognise(layer.prj_wkt, eastings)
    except CrsMissing:
        faults.whole("crs-missing", file, name)
    except CrsRefused as bad:
        faults.whole("crs-unknown", file, name, found=bad.name)
    except CrsContradicted:
        said = recognise(layer.prj_wkt, [])
        found = f"x = {eastings[np.isfinite(eastings)][0]:.3f}"
        faults.whole("crs-not-as-said", file, name, said=said.label, found=found)
    return None


def _frame(part: Part, layer: Layer, file: str, shapes: NDArray[Any], faults: Faults) -> Frame | None:
    given = [column for column in layer.frame.columns if column != "geometry"]
    places = check_header(part, given, file, faults)
    if places is None:
        return None
    columns = {name: plain(as_text(layer.frame[given[place]])) for name, place in places.items()}
    broken = [""] * len(shapes)
    for fault in layer.faults:
        if fault.code == "broken_geometry":
            broken[fault.row] = "open"
    columns[BROKEN] = pa.array(broken, pa.string())
    rows = np.arange(1, len(shapes) + 1, dtype=np.int64)
    return Frame(part, (file,), np.zeros(len(rows), dtype=np.int32), rows, columns, frozenset(places), _single(shapes))


def _single(shapes: NDArray[Any]) -> NDArray[Any]:
    """A multipolygon (or line) of one part is that part: the same land, and one way to write it."""
    several = [int(shapely.GeometryType.MULTIPOLYGON), int(shapely.GeometryType.MULTILINESTRING)]
    lone = np.isin(shapely.get_type_id(shapes), several) & (shapely.get_num_geometries(shapes) == 1)
    if not lone.any():
        return shapes
    shapes = shapes.copy()
    shapes[lone] = shapely.get_geometry(shapes[lone], 0)
    return shapes


def _joined(parts: list[Frame]) -> Frame:
    if len(parts) == 1:
        return parts[0]
    names = {name for part in parts for name in part.columns}
    return Frame(
        parts[0].part,
        tuple(part.files[0] for part in parts),
        np.concatenate([np.full(len(part), n, dtype=np.int32) for n, part in enumerate(parts)]),
        np.concatenate([part.row for part in parts]),
        {name: pa.concat_arrays([part.text(name) for part in parts]) for name in names},
        frozenset(name for part in parts for name in part.present),
        np.concatenate([part.shapes for part in parts if part.shapes is not None]),
    )
