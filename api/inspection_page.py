"""How does one look at the faults of a delivery: a page beside its map, where every row zooms?

One file that opens from a stick in any browser, without a server and without the Internet. It shows codes, never a name.
Without script the table says the same; only parcels near a fault are drawn.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import jinja2
import numpy as np
import shapely

from registry.delivery.geometry import compared
from registry.delivery.parts import KEY_OF
from registry.delivery.report_files import located

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from registry.delivery.faults import Fault, Place
    from registry.delivery.inspection import Inspection

MOST_ROWS = 2_000
"""Faults on the page; a workbook has all of them."""
_AROUND_M = 150.0
_STEP_M = 0.01
_SEVERITY_ZH = {"refuse": "退回", "hold": "待核", "note": "提示", "excepted": "已说明"}


def write_page(inspection: Inspection, path: Path) -> None:
    """Write the page (UTF-8, one file)."""
    path.write_text(page_of(inspection), "utf-8")


@dataclass(frozen=True, slots=True)
class Drawing:
    """Faults as rows, and what is drawn of them: metres from an origin that is told, y downwards.

    `paths`: outlines of the parcels near a fault; `repairs`: what would mend an overlap among them.
    """

    rows: list[dict[str, Any]]
    paths: list[dict[str, str]]
    repairs: list[str]
    origin: str


def page_of(inspection: Inspection) -> str:
    """The page as text."""
    report = inspection.report
    ((_, drawn),) = drawings(inspection, {"": report.listed()[0]}).items()
    pages = jinja2.PackageLoader("api", "pages")
    template = jinja2.Environment(loader=pages, autoescape=True, undefined=jinja2.StrictUndefined).get_template("inspection.html")
    version, digest = report.as_json()["rules"].values()
    return template.render(
        report=report,
        rules=f"{version} · sha256 {digest[:16]}",
        rows=drawn.rows,
        in_all=len(report.faults),
        paths=drawn.paths,
        repairs=drawn.repairs,
        origin=drawn.origin,
    )


def drawings(inspection: Inspection, groups: Mapping[str, Sequence[Fault]]) -> dict[str, Drawing]:
    """A drawing of each group of faults that `inspection` lists, by the group's name."""
    places = {id(fault): place for fault, place in located(inspection)}
    land = _Land(inspection)
    return {name: _drawing(faults[:MOST_ROWS], places, land) for name, faults in groups.items()}


class _Land:
    """The parcels of a delivery, to be looked up by a place; none where shapes were not compared."""

    def __init__(self, inspection: Inspection) -> None:
        frames = compared(inspection.delivery) if inspection.overlaps is not None else []
        self.shapes = np.concatenate([frame.drawn() for frame in frames]) if frames else np.array([], dtype=object)
        self.codes = [code for frame in frames for code in frame.values(KEY_OF[frame.part.name])]
        self.kinds = [frame.part.name for frame in frames for _ in range(len(frame))]
        self.repairs = [(one.row, one.repaired) for one in inspection.overlaps or () if one.repaired is not None]
        self._tree = shapely.STRtree(self.shapes)

    def near(self, points: list[Place]) -> list[int]:
        """Which lie near one of these places."""
        if not points:
            return []
        found = self._tree.query(shapely.points(points), predicate="dwithin", distance=_AROUND_M)[1]
        return [int(row) for row in np.unique(found)]


def _drawing(faults: Sequence[Fault], places: Mapping[int, Place], land: _Land) -> Drawing:
    points = [places[id(fault)] for fault in faults if id(fault) in places]
    origin = np.floor(np.min(points, axis=0)) if points else np.zeros(2)
    near = land.near(points)
    drawn = set(near)
    paths = [{"code": land.codes[row], "kind": land.kinds[row], "d": _path(land.shapes[row], origin)} for row in near]
    repairs = [_path(repaired, origin) for row, repaired in land.repairs if row in drawn][:MOST_ROWS]
    rows = [_row(number, fault, places.get(id(fault)), origin) for number, fault in enumerate(faults)]
    return Drawing(rows, paths, repairs, f"{origin[0]:.0f}, {origin[1]:.0f}")


def _row(number: int, fault: Fault, place: Place | None, origin: np.ndarray) -> dict[str, Any]:
    return {
        "number": number,
        "fault": fault,
        "severity_zh": _SEVERITY_ZH[fault.severity],
        "place": _said(place),
        "at": _drawn(place, origin),
        "nearest": _said(fault.nearest),
        "beside": _drawn(fault.nearest, origin),
        "apart": None if place is None or fault.nearest is None else f"{math.dist(place, fault.nearest):.3f}",
    }


def _said(place: Place | None) -> str | None:
    return None if place is None else f"{place[0]:.3f}, {place[1]:.3f}"


def _drawn(place: Place | None, origin: np.ndarray) -> tuple[float, float] | None:
    return None if place is None else (round(place[0] - origin[0], 2), round(origin[1] - place[1], 2))


def _path(shape: shapely.Geometry, origin: np.ndarray) -> str:
    rings = shapely.get_rings(shapely.get_parts(shape))
    lines = []
    for ring in rings:
        xy = np.round((shapely.get_coordinates(ring) - origin) * (1, -1) / _STEP_M) * _STEP_M
        lines.append("M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in xy[:-1].tolist()) + "Z")
    return "".join(lines)
