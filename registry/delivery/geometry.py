"""Is each shape one proper polygon in its place, does it overlap another, and is it of the recorded area?

Whatever is wrong with a shape itself is said once; it is then not tested for area, overlap or place. Places are
(easting, northing) in the register's CRS, metres. Nothing is repaired.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from gis.areas import plane_area_m2
from gis.topology import coverage_faults, geometry_faults, outside
from registry.delivery.beside import SHAPE, Beside, check_neighbours, look_beside, say_beside, say_narrow, where
from registry.delivery.boundary_points import check_boundary_points
from registry.delivery.faults import Faults, tolerance
from registry.delivery.frames import Frame, found_in
from registry.delivery.read_layers import BROKEN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from registry.delivery.beside import Search
    from registry.delivery.read import Delivery

_NEAR_M = 50_000.0
# 乌审旗 in EPSG:4545 (standards.md 5.1): least easting and northing, greatest easting and northing.
_BANNERS = {"150626": (525_000.0, 4_168_000.0, 646_000.0, 4_364_000.0)}
_OF_SHAPES = {
    "null": "shape-missing",
    "empty": "shape-empty",
    "not_polygon": "shape-empty",
    "not_finite": "shape-not-finite",
    "zero_area": "shape-empty",
    "invalid": "shape-crosses-itself",
    "duplicate_vertex": "vertex-repeated",
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the shapes say without the tables: faults, which rows of each layer can be tested further, how they lie."""

    faults: Faults
    sound: dict[str, NDArray[np.bool_]]
    beside: Beside


def look_at_shapes(delivery: Delivery, search: Search = coverage_faults) -> Drawn:
    """Look at DK, ZD and CJQY by themselves. It marks nothing, so that a thread may do it beside the tables' checks."""
    faults = Faults()
    sound = {}
    for name in ("DK", "ZD", "CJQY"):
        frame = delivery.part(name)
        if frame is not None:
            sound[name] = _check_shapes(frame, delivery.county, faults)
    for name in ("DK", "ZD"):
        frame = delivery.part(name)
        if frame is not None:
            say_narrow(frame, sound[name], faults)
    return Drawn(faults, sound, look_beside(compared(delivery), sound, search))


def check_geometry(delivery: Delivery, drawn: Drawn, faults: Faults) -> None:
    """Check shapes against recorded areas, against one another and against their village, after the tables' own checks."""
    faults.found += drawn.faults.found
    for kept in delivery.frames.values():
        if kept.part.kept and kept.shapes is not None and kept.part.name != "CJQY":
            _check_kept(kept, delivery.county, faults)
    _check_areas(delivery, drawn.sound, faults)
    say_beside(delivery, compared(delivery), drawn.beside, faults)
    limits = delivery.part("CJQY")
    if limits is not None:
        for name in ("DK", "ZD"):
            frame = delivery.part(name)
            if frame is not None:
                _check_inside(frame, drawn.sound[name], limits, drawn.sound["CJQY"], faults)
    check_boundary_points(delivery, drawn.sound["DK"], faults)
    check_neighbours(delivery, drawn.sound["DK"], faults)


def _check_shapes(frame: Frame, county: str, faults: Faults) -> NDArray[np.bool_]:
    """Say what is wrong with each shape on its own; True where it can be tested further."""
    shapes = frame.drawn()
    sound = np.ones(len(frame), dtype=np.bool_)
    broken = frame.values(BROKEN)
    for fault in geometry_faults(shapes):
        index = fault.row
        if fault.code != "duplicate_vertex" and not sound[index]:
            continue
        if fault.code == "duplicate_vertex":
            if sound[index]:
                faults.at("vertex-repeated", frame, index, SHAPE, {"where": where(fault.place)}, places=(fault.place, None))
            continue
        name = "shape-not-closed" if fault.code == "null" and broken[index] == "open" else _OF_SHAPES[fault.code]
        faults.at(name, frame, index, SHAPE, {"where": where(fault.place)}, places=(fault.place, None))
        sound[index] = False
    vertices = shapely.get_num_coordinates(shapes)
    too_many = sound & (vertices > tolerance("shape-too-detailed"))
    faults.rows("shape-too-detailed", frame, too_many, SHAPE, count=vertices.tolist())
    sound &= ~too_many
    if frame.part.name != "CJQY":  # a village may lie in several pieces
        several = sound & (shapely.get_type_id(shapes) == int(shapely.GeometryType.MULTIPOLYGON))
        faults.rows(
            "shape-several-parts", frame, several, SHAPE, count=shapely.get_num_geometries(shapes).tolist()
        )
        sound &= ~several
    if county in _BANNERS:
        sound &= ~_say_far(frame, shapes, sound, _BANNERS[county], faults)
    return sound


def _check_kept(frame: Frame, county: str, faults: Faults) -> None:
    """Of a layer that is only kept: each row has its shape, in numbers, in the banner. An annotation may have none."""
    shapes = frame.drawn()
    drawn = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    if frame.part.name != "ZJ":
        faults.rows("shape-missing", frame, ~drawn, SHAPE)
    finite = drawn & np.isfinite(np.nan_to_num(shapely.bounds(shapes), nan=np.inf)).all(axis=1)
    faults.rows("shape-not-finite", frame, drawn & ~finite, SHAPE)
    if county in _BANNERS:
        _say_far(frame, shapes, finite, _BANNERS[county], faults)


def _say_far(
    frame: Frame, shapes: NDArray[Any], sound: NDArray[np.bool_], banner: tuple[float, ...], faults: Faults
) -> NDArray[np.bool_]:
    bounds = shapely.bounds(shapes)
    with np.errstate(invalid="ignore"):
        low = (bounds[:, :2] < np.asarray(banner[:2]) - _NEAR_M).any(axis=1)
        high = (bounds[:, 2:] > np.asarray(banner[2:]) + _NEAR_M).any(axis=1)
    far = np.asarray(sound & (low | high), dtype=np.bool_)
    places = [where((x, y)) for x, y in bounds[:, :2].tolist()]
    faults.rows("outside-banner", frame, far, SHAPE, where=places)
    return far


def _check_areas(delivery: Delivery, sound: dict[str, NDArray[np.bool_]], faults: Faults) -> None:
    for name, field in (("DK", "SCMJ"), ("ZD", "ZDMJ")):
        frame = delivery.part(name)
        if frame is None:
            continue
        recorded, measured = frame.numbers(field), plane_area_m2(frame.drawn())
        asked = sound[name] & frame.good(field)
        with np.errstate(invalid="ignore", divide="ignore"):
            by = np.abs(recorded - measured) / measured
        found = [f"{area:.2f}" for area in measured.tolist()]
        other = asked & (by > tolerance("area-not-of-shape"))
        faults.rows("area-not-of-shape", frame, other, field, value=frame.values(field), found=found)
        note = asked & ~other & (by > tolerance("area-differs")) & (np.abs(recorded - measured) > 1.0)
        faults.rows("area-differs", frame, note, field, value=frame.values(field), found=found)
    rows, parcels = delivery.frames["CBDKXX"], delivery.frames["DK"]
    place = found_in(rows.text("DKBM"), parcels.text("DKBM"))
    known = (place >= 0) & rows.good("DKBM") & rows.good("HTMJ") & (np.asarray(rows.values("SFQQQG"), dtype=object) != "1")
    surveyed = np.where(known, parcels.numbers("SCMJ")[place], np.nan) if len(parcels) else np.full(len(rows), np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        differs = known & (np.abs(rows.numbers("HTMJ") - surveyed) / surveyed > tolerance("contract-area-differs"))
    faults.rows(
        "contract-area-differs", rows, differs, "HTMJ",
        value=rows.values("HTMJ"), found=[f"{area:.2f}" for area in surveyed.tolist()],
    )  # fmt: skip


def compared(delivery: Delivery) -> list[Frame]:
    """The layers whose shapes are compared with one another; `Beside` counts rows through them in this order."""
    homes = delivery.part("ZD")
    return [delivery.frames["DK"], *([] if homes is None else [homes])]


def _check_inside(
    frame: Frame, sound: NDArray[np.bool_], limits: Frame, limits_sound: NDArray[np.bool_], faults: Faults
) -> None:
    """A row whose code is at fault is not asked: it may belong to another village."""
    villages, shapes = limits.values("CJQYDM"), frame.drawn()
    rows: dict[str, list[int]] = defaultdict(list)
    asked = sound & frame.sound(frame.part.belongs[0])
    for index, village in enumerate(frame.village):
        if asked[index]:
            rows[village].append(index)
    for place in np.flatnonzero(limits_sound).tolist():
        mine = rows.get(villages[place], [])
        if not mine:
            continue
        for each in outside(shapes[mine], limits.drawn()[place]):
            if each.area_m2 < tolerance("outside-village"):
                faults.count_below("outside-village", villages[place], each.area_m2)
            else:
                values = {"area_m2": f"{each.area_m2:.2f}"}
                faults.at("outside-village", frame, mine[each.row], SHAPE, values, places=(each.point, None))
