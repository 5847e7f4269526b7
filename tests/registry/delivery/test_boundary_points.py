"""Boundary points stand where the lines bend, have the coordinates that they write, and none is missing."""

from __future__ import annotations

from pathlib import Path

import shapely

from registry.delivery.faults import Fault
from tests.registry.delivery.checking import faults_of
from tests.registry.handin.full import Full, full_delivery, write

KINDS = {"boundary-point-off", "boundary-point-missing", "boundary-point-differs"}


def _of(made: Full, folder: Path) -> list[Fault]:
    return [fault for fault in faults_of(write(made, folder, "csv")) if fault.id in KINDS]


def test_points_on_all_vertices_are_no_fault(tmp_path: Path) -> None:
    """The delivery that fills every field."""
    assert _of(full_delivery(), tmp_path) == []


def test_a_point_beside_the_line_is_said_with_both_places(tmp_path: Path) -> None:
    """Two centimetres off the vertex: how far, where, and the vertex that has none now; what it writes is elsewhere, too."""
    made = full_delivery()
    point = made.shapes["JZD"][1]
    made.shapes["JZD"][1] = shapely.Point(point.x + 0.02, point.y)
    found = {fault.id: fault for fault in _of(made, tmp_path)}
    assert set(found) == KINDS
    off = found["boundary-point-off"]
    assert (off.layer, off.row, off.severity) == ("JZD", 2, "note")
    assert made.rows["JZD"][1]["DKBM"] in off.zh
    assert "0.020 m" in off.zh
    assert off.nearest is not None
    assert abs(off.nearest[0] - point.x) < 1e-6
    assert found["boundary-point-missing"].layer == "DK"
    assert "1 个" in found["boundary-point-missing"].zh
    assert "0.020 m" in found["boundary-point-differs"].zh


def test_swapped_coordinates_are_said(tmp_path: Path) -> None:
    """XZBZ is the northing: the commonest slip of all."""
    made = full_delivery()
    row = made.rows["JZD"][0]
    row["XZBZ"], row["YZBZ"] = row["YZBZ"], row["XZBZ"]
    assert {(fault.id, fault.row) for fault in _of(made, tmp_path)} == {("boundary-point-differs", 1)}


def test_parcels_without_any_point_are_left_alone(tmp_path: Path) -> None:
    """The layer may come in parts; where a parcel has none at all, that is not a slip of drawing."""
    made = full_delivery()
    made.rows["JZD"], made.shapes["JZD"] = made.rows["JZD"][:4], made.shapes["JZD"][:4]
    assert _of(made, tmp_path) == []
