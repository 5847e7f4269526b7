"""How does a contracting household become its 承包地块分布图: all its parcels on one map, and a table that adds up?

All books in which the household stands are shown together (contract land, grassland, homestead). The totals are the
sums of the rows as they are printed, so that whoever adds them up finds the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely

from gis.cartography import MapFeature
from gis.sheets import Column, Sheet, SheetTable, extent, paper, placed
from gis.sheets.extract import extract_map
from registry.holding import read as holdings
from registry.holding.model import HOLDING
from registry.ledger.chain import read_chains, state_at
from registry.parcels import read as parcels
from registry.rights import read as rights
from registry.sheets import parts
from registry.sheets.land import AsOf, Land, land_of, states_in
from registry.sheets.refusals import NoSuchHousehold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.cartography.layout import Layout
    from registry.rights.read import RightLine
    from registry.sheets.land import Holder, Plot

MAP_MM = (178.0, 112.0)
Held = tuple["Plot", "RightLine", "Holder"]


def holder_ids(at: AsOf, code: str) -> list[str]:
    """Every holding of the contracting household that has this 承包方编码 on the day. Raises `NoSuchHousehold`."""
    holding = holdings.by_code(at.connection, code)
    if holding is None:
        raise NoSuchHousehold(code, at.day)
    state = state_at(read_chains(at.connection, HOLDING, [holding])[holding], at.day, at.head.size)
    if state is None:
        raise NoSuchHousehold(code, at.day)
    return holdings.of_household(at.connection, state.columns["household_id"])


def around(at: AsOf, code: str) -> tuple[Land, list[str]]:
    """The land that a household's map shows, and the ids of its holdings. Raises `NoSuchHousehold`."""
    ids = holder_ids(at, code)
    held = rights.parcels_held(at.connection, ids, **at.when)
    states = parcels.by_ids(at.connection, held, **at.when)
    if not states:
        raise NoSuchHousehold(code, at.day)
    layout = _layout([state.shape for state in states])
    return land_of(at, {state.parcel_id: state for state in (*states_in(at, extent(layout)), *states)}.values()), ids


def household_sheet(land: Land, holdings_of_it: Sequence[str], contract: str | None = None) -> Sheet:
    """The sheet of one household; `land` is what lies around its parcels, they themselves included.

    `contract`: the code of the one contract whose land is shown; all of it, if not given.
    """
    wanted = set(holdings_of_it)
    rows: list[Held] = [
        (plot, line, holder)
        for plot in land.plots
        for line, holder in plot.held
        if holder.holder_id in wanted and contract in {None, line.unit_code}
    ]
    own = list({plot.state.parcel_id: plot for plot, _, _ in rows}.values())
    layout = _layout([plot.state.shape for plot in own])
    features = [
        MapFeature(
            plot.state.shape,
            plot.state.land_use,
            f"{at}. {parts.short_code(plot)}\n{plot.state.surveyed_area_mu} 亩",
            highlighted=True,
        )
        for at, plot in enumerate(own, start=1)
    ]
    seen = shapely.box(*extent(layout))
    others = [plot for plot in land.near(seen, 0.0) if not any(plot is each for each in own)]
    features += [MapFeature(plot.state.shape, plot.state.land_use) for plot in others]
    holders = list({holder.holder_id: holder for _, _, holder in rows}.values())
    first = holders[0]
    lines = [line for _, line, _ in rows]
    return Sheet(
        title="承包地块分布图",
        facts=[
            ("承包方代表", "、".join(dict.fromkeys(holder.name for holder in holders))),
            ("承包方代码", "、".join(holder.code for holder in holders)),
            ("共有人", parts.people([first])),
            ("发包方", "、".join(dict.fromkeys(plot.state.issuer_name for plot in own))),
            ("地块数", f"{len(own)} 块"),
            ("实测面积合计", f"{parts.summed(plot.state.surveyed_area_mu for plot in own)} 亩"),
            (
                "权证号",
                "、".join(dict.fromkeys(line.certificate_number for line in lines if line.certificate_number))
                or parts.DASH,
            ),
            ("权威登记簿", parts.authority(lines)),
        ],
        map=extract_map(features, layout),
        tables=[_table(rows, own)],
        seals=parts.SEALS,
        signs=("制图：", "审核：", "承包方代表签字："),
        notes=(*parts.notes(land), f"合计为表中各行之和；坐标系 {parts.crs_label()}。"),
        foot=parts.foot(land),
    )


def _layout(shapes: Sequence[shapely.Geometry]) -> Layout:
    return placed(shapely.total_bounds(shapes), paper(landscape=False, width=MAP_MM[0], height=MAP_MM[1]))


def _table(rows: Sequence[Held], own: Sequence[Plot]) -> SheetTable:
    """One row for each parcel and right on it. A parcel under two rights has its surveyed area once."""
    number = {id(plot): at for at, plot in enumerate(own, start=1)}
    seen: set[int] = set()
    out: list[tuple[str, ...]] = []
    surveyed: list[tuple[str, str]] = []
    for plot, line, _ in rows:
        state = plot.state
        first = id(plot) not in seen
        seen.add(id(plot))
        area = (state.surveyed_area_m2, state.surveyed_area_mu) if first else ("", "")
        surveyed.append(area)
        around_it = " ".join(f"{zh[0]}:{words}" for zh, words in parts.bounds(plot) if words != parts.DASH)
        out.append(
            (
                str(number[id(plot)]),
                parts.broken_code(plot),
                plot.texts.get("local_name", ""),
                parts.land_use(plot),
                area[0] or parts.DASH,
                area[1] or parts.DASH,
                line.contract_area_m2 or parts.DASH,
                line.contract_area_mu or parts.DASH,
                around_it,
            )
        )
    lines = [line for _, line, _ in rows]
    out.append(
        (
            "",
            "合计",
            "",
            "",
            parts.summed(m2 for m2, _ in surveyed),
            parts.summed(mu for _, mu in surveyed),
            parts.summed(line.contract_area_m2 for line in lines),
            parts.summed(line.contract_area_mu for line in lines),
            "",
        )
    )
    columns = (
        Column("序", 7, "center"),
        Column("地块代码", 32),
        Column("名称", 16),
        Column("用途", 11, "center"),
        Column("实测 m²", 21, "right"),
        Column("实测 亩", 15, "right"),
        Column("合同 m²", 21, "right"),
        Column("合同 亩", 15, "right"),
        Column("四至"),
    )
    return SheetTable("地块清单", columns, out)
