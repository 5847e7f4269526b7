"""How does one look at the faults of a delivery: a page beside its map, where every row zooms?

One file that opens from a stick in any browser, without a server and without the Internet. It shows codes, never a name.
Without script the table says the same; only parcels near a fault are drawn.
"""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Any

import jinja2
import numpy as np
import shapely

from registry.delivery.geometry import compared
from registry.delivery.parts import KEY_OF
from registry.delivery.report_files import located

if TYPE_CHECKING:
    from pathlib import Path

    from registry.delivery.inspection import Inspection

MOST_ROWS = 2_000
"""Faults on the page; a workbook has all of them."""
_AROUND_M = 150.0
_STEP_M = 0.01
_SEVERITY_ZH = {"refuse": "退回", "hold": "待核", "note": "提示", "excepted": "已说明"}


def write_page(inspection: Inspection, path: Path) -> None:
    """Write the page (UTF-8, one file)."""
    path.write_text(page_of(inspection), "utf-8")


def page_of(inspection: Inspection) -> str:
    """The page as text."""
    places = {id(fault): place for fault, place in located(inspection)}
    shown = inspection.report.listed()[0][:MOST_ROWS]
    points = [places[id(fault)] for fault in shown if id(fault) in places]
    origin = np.floor(np.min(points, axis=0)) if points else np.zeros(2)
    rows = [_row(number, fault, places.get(id(fault)), origin) for number, fault in enumerate(shown)]
    template = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(
        resources.files("api.pages").joinpath("inspection.html").read_text("utf-8")
    )
    report = inspection.report
    version, digest = report.as_json()["rules"].values()
    return template.render(
        report=report,
        rules=f"{version} · sha256 {digest[:16]}",
        rows=rows,
        in_all=len(report.faults),
        paths=_paths(inspection, points, origin),
        repairs=_repairs(inspection, origin),
        origin=f"{origin[0]:.0f}, {origin[1]:.0f}",
    )


def _row(number: int, fault: Any, place: tuple[float, float] | None, origin: np.ndarray) -> dict[str, Any]:  # noqa: ANN401
    return {
        "number": number,
        "fault": fault,
        "severity_zh": _SEVERITY_ZH[fault.severity],
        "place": None if place is None else f"{place[0]:.3f}, {place[1]:.3f}",
        "at": None if place is None else (round(place[0] - origin[0], 2), round(origin[1] - place[1], 2)),
    }


def _paths(inspection: Inspection, points: list[tuple[float, float]], origin: np.ndarray) -> list[dict[str, str]]:
    """Outlines of the parcels near a fault, as SVG paths in metres from the origin, y downwards."""
    if inspection.overlaps is None or not points:
        return []
    frames = compared(inspection.delivery)
    shapes = np.concatenate([frame.drawn() for frame in frames])
    codes = [code for frame in frames for code in frame.values(KEY_OF[frame.part.name])]
    kinds = [frame.part.name for frame in frames for _ in range(len(frame))]
    near = np.unique(shapely.STRtree(shapes).query(shapely.points(points), predicate="dwithin", distance=_AROUND_M)[1])
    return [{"code": codes[row], "kind": kinds[row], "d": _path(shapes[row], origin)} for row in near.tolist()]


def _repairs(inspection: Inspection, origin: np.ndarray) -> list[str]:
    return [_path(one.repaired, origin) for one in inspection.overlaps or () if one.repaired is not None][:MOST_ROWS]


def _path(shape: shapely.Geometry, origin: np.ndarray) -> str:
    rings = shapely.get_rings(shapely.get_parts(shape))
    lines = []
    for ring in rings:
        xy = np.round((shapely.get_coordinates(ring) - origin) * (1, -1) / _STEP_M) * _STEP_M
        lines.append("M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in xy[:-1].tolist()) + "Z")
    return "".join(lines)
