"""How does a parcel become its 地块示意图 (contract land) or 宗地图 (homestead)?

Boundary points are numbered clockwise from the north-west; every printed length is that between two printed points (see
`gis.sheets.boundary`). Each side says who adjoins it, from geometry; the 四至 above are those that were registered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from gis.sheets import (
    Column,
    Neighbour,
    Sheet,
    SheetTable,
    extent,
    numbered,
    paper,
    parcel_map,
    placed,
)
from registry.parcels import read as parcels
from registry.sheets import parts
from registry.sheets.land import ADJOINS_M, AsOf, Land, land_of, right_name, states_in
from registry.sheets.refusals import NoSuchParcel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.sheets import Pair, Side
    from registry.parcels.read import ParcelState
    from registry.sheets.land import Plot

MAP_MM = (178.0, 108.0)
_ON_FIRST_PAGE = 20
"""So many boundary points find room under the map; more stand on pages of their own."""
_ALONG_M = 2.0
"""Land along a side for so many metres, or along half of it, adjoins it; what only meets its end does not."""


def standing(at: AsOf, code: str) -> ParcelState:
    """The parcel that has this code on the day. Raises `NoSuchParcel`."""
    found = [state for state in parcels.by_code(at.connection, code, **at.when) if state.status != "ended"]
    if not found:
        raise NoSuchParcel(code, at.day)
    return found[0]


def around(at: AsOf, state: ParcelState) -> Land:
    """The land that the map of a parcel shows."""
    layout = placed(state.shape.bounds, paper(landscape=False, width=MAP_MM[0], height=MAP_MM[1]))
    return land_of(at, states_in(at, extent(layout)))


def parcel_sheet(land: Land, plot: Plot) -> Sheet:
    """The sheet of one plot; `land` is what lies around it, the plot itself included."""
    state = plot.state
    layout = placed(state.shape.bounds, paper(landscape=False, width=MAP_MM[0], height=MAP_MM[1]))
    rings = numbered(state.shape)
    others = [other for other in land.near(shapely.box(*extent(layout)), 0.0) if other is not plot]
    beside = [other for other in land.near(state.shape, ADJOINS_M) if other is not plot]
    neighbours = [
        Neighbour(other.state.shape, other.named() if any(other is each for each in beside) else "") for other in others
    ]
    short = parts.short_code(plot)
    label = f"{short}\n{state.surveyed_area_mu} 亩" if state.surveyed_area_mu else short
    sides = [side for ring in rings for side in ring]
    homestead = state.land_use == "homestead"
    return Sheet(
        title="宗地图" if homestead else "地块示意图",
        facts=_homestead_facts(plot) if homestead else _contract_facts(plot),
        map=parcel_map(state.shape, rings, neighbours, land_use=state.land_use, label=label, layout=layout),
        tables=[_points(rings, _adjoining(sides, beside))],
        seals=parts.PLOT_SEALS if homestead else parts.SEALS,
        signs=("制图：", "审核：", "测绘日期："),
        notes=(
            *parts.notes(land),
            f"界址点从西北角起顺时针编号；边长为该点至下一点，由表中坐标计算，取到厘米；坐标系 {parts.crs_label()}。"
            "图上放不下的点号和边长见表。",
        ),
        foot=parts.foot(land),
    )


def _contract_facts(plot: Plot) -> list[Pair]:
    state, held = plot.state, plot.held
    holders = [holder for _, holder in held]
    lines = [line for line, _ in held]
    return [
        ("地块代码", state.code),
        ("地块名称", plot.texts.get("local_name", "") or parts.DASH),
        ("发包方", f"{state.issuer_name}（{state.issuer_code}）"),
        ("土地用途", parts.land_use(plot)),
        ("承包方代表", "、".join(holder.name for holder in holders) or "未发包"),
        ("承包方代码", "、".join(holder.code for holder in holders if holder.code) or parts.DASH),
        ("共有人", parts.people(holders)),
        ("合同代码", "、".join(line.unit_code for line in lines) or parts.DASH),
        ("实测面积", parts.both(state.surveyed_area_m2, state.surveyed_area_mu)),
        (
            "合同面积",
            "、".join(parts.both(line.contract_area_m2, line.contract_area_mu) for line in lines) or parts.DASH,
        ),
        ("权利", "、".join(right_name(line) for line in lines) or parts.DASH),
        ("承包期限", "、".join(parts.term(line) for line in lines) or parts.DASH),
        *parts.bounds(plot),
        ("界线登记", f"{plot.bounded[0]} {plot.bounded[1]}"),
        ("权属调查日期", "、".join(holder.surveyed_on for holder in holders if holder.surveyed_on) or parts.DASH),
        ("权威登记簿", parts.authority(lines)),
        ("权证号", "、".join(line.certificate_number for line in lines if line.certificate_number) or parts.DASH),
    ]


def _homestead_facts(plot: Plot) -> list[Pair]:
    state, held = plot.state, plot.held
    holders = [holder for _, holder in held]
    lines = [line for line, _ in held]
    return [
        ("不动产单元号", state.code),
        ("坐落", plot.texts.get("location", "") or parts.DASH),
        ("土地所有权人", f"{state.issuer_name}（{state.issuer_code}）"),
        ("土地用途", "农村宅基地"),
        ("权利人", "、".join(holder.name for holder in holders) or "未登记"),
        ("承包方代码", "、".join(holder.code for holder in holders if holder.code) or parts.DASH),
        ("共有人", parts.people(holders)),
        ("房屋", f"{plot.buildings} 幢（已登记）" if plot.buildings else parts.DASH),
        ("宗地面积", parts.both(state.surveyed_area_m2, state.surveyed_area_mu)),
        ("批准面积", parts.both(state.approved_area_m2, "")),
        ("超占面积", parts.both(state.excess_area_m2, "")),
        ("附记", "；".join(plot.remarks) or parts.DASH),
        ("权利", "、".join(right_name(line) for line in lines) or parts.DASH),
        *parts.bounds(plot),
        ("界线登记", f"{plot.bounded[0]} {plot.bounded[1]}"),
        ("权属调查日期", "、".join(holder.surveyed_on for holder in holders if holder.surveyed_on) or parts.DASH),
        ("权威登记簿", parts.authority(lines)),
        ("权证号", "、".join(line.certificate_number for line in lines if line.certificate_number) or parts.DASH),
    ]


def _points(rings: Sequence[Sequence[Side]], beside: Sequence[str]) -> SheetTable:
    """The table of points. Where a hole or a second piece begins, each side says where it leads."""
    leads = len(rings) > 1
    columns = [
        Column("点号", 8, "center"),
        Column("X 纵坐标 (m)", 21, "right"),
        Column("Y 横坐标 (m)", 20, "right"),
        Column("边长 (m)", 14, "right"),
        *([Column("至", 8, "center")] if leads else []),
        Column("毗邻"),
    ]
    sides = [side for ring in rings for side in ring]
    rows = [
        (f"J{side.number}", side.x, side.y, side.length, *([f"J{side.to}"] if leads else []), who)
        for side, who in zip(sides, beside, strict=True)
    ]
    return SheetTable("界址点成果表", columns, rows, abreast=2, own_page=len(rows) > _ON_FIRST_PAGE)


def _adjoining(sides: Sequence[Side], beside: Sequence[Plot]) -> list[str]:
    """Who lies along each side."""
    by_number = {side.number: side for side in sides}
    lines = [
        shapely.LineString([(s.east_mm / 1000, s.north_mm / 1000) for s in (side, by_number[side.to])])
        for side in sides
    ]
    areas = shapely.buffer(np.array([plot.state.shape for plot in beside], dtype=object), ADJOINS_M)
    out = []
    for line in lines:
        along = shapely.length(shapely.intersection(areas, line)) if len(beside) else np.array([])
        enough = min(_ALONG_M, line.length / 2)
        out.append("、".join(plot.named() for plot, metres in zip(beside, along, strict=True) if metres >= enough))
    return out
