"""Which parcels does a sample village have, where do they lie, and which household contracts each?

A village is a mesh of pastures; some cells hold a block of small parcels, a mesh of its own. `Plot` is one
parcel with its finished ring. Serials, areas and holders are settled here; rows are made in tables.py.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from random import Random
from typing import Any

from sample_parcels.mesh import Cell, Frame, Mesh, Point, ring_area

HERE = Path(__file__).parent
CENT = Decimal("0.01")
MU_PER_M2 = Decimal(3) / Decimal(2000)  # 1 亩 = 2000/3 m²; never 666.7 (standards.md 5.2)

GRASSLAND_BOOK = (
    "pasture",
    "planted",
)  # the banner keeps grassland and arable land in two books (docs/delivery.md 3)


@dataclass(frozen=True, slots=True)
class Use:
    """What a kind of parcel is called and coded: TDLYLX, TDYT, first serial, local names."""

    land_use: str
    purpose: str
    serial: int
    names: tuple[str, ...]


USES = {
    "irrigated": Use("012", "1", 1, ("井边", "渠北", "园子地", "东水地", "柳树湾", "大块地", "河头")),
    "dry": Use("013", "1", 201, ("沙畔", "北旱地", "坡地", "高圪台", "路南")),
    "other": Use("122", "3", 401, ("棚圈", "青贮窖", "饲草库")),
    "forest": Use("032", "2", 501, ("柠条林", "沙柳", "旱柳坡", "防护林")),
    "pasture": Use("041", "3", 4001, ("北滩", "南梁", "西沙", "东滩", "海子畔", "芨芨滩", "敖包梁", "大梁")),
    "planted": Use("042", "3", 4501, ("苜蓿地", "人工草场", "饲草基地")),
    "home": Use("072", "", 1, ("院子",)),
}
UNCONTRACTED = {
    "irrigated": "22",
    "dry": "23",
    "forest": "99",
    "pasture": "99",
}  # DKLB of what nobody contracts


@dataclass(slots=True)
class Plot:
    """One parcel. Rings are clockwise, unclosed, easting without zone prefix and northing in metres.

    `holder` is the household's place in its village, None where nobody contracts; areas are m², two decimals.
    """

    use: str
    serial: int
    name: str
    ring: list[Point]
    surveyed: Decimal
    contracted: Decimal
    holder: int | None
    holes: list[list[Point]] = field(default_factory=list)
    neighbours: dict[str, Plot | None] = field(default_factory=dict)


@dataclass(slots=True)
class Village:
    """One village: its settings from villages.toml, its outline, its plots in the order of their serials."""

    settings: dict[str, Any]
    outline: list[Point]
    plots: list[Plot]

    @property
    def code(self) -> str:
        """The village's 12-digit code."""
        return str(self.settings["code"])

    @property
    def issuer(self) -> str:
        """FBFBM: the village itself issues contracts, so the group is 00."""
        return self.code + "00"


def settings() -> dict[str, Any]:
    """The file villages.toml."""
    return tomllib.loads((HERE / "villages.toml").read_text("utf-8"))


def lay_out(spec: dict[str, Any], rng: Random, households: int) -> Village:
    """Make the village that `spec` of villages.toml describes, its land shared among `households`."""
    frame = Frame(tuple(spec["corner"]), tuple(spec["turn"]))
    demo = {(one["use"], tuple(one["cell"])): one for one in spec.get("demo", [])}
    taken = {tuple(cell) for cell in spec["taken"]}
    mesh = Mesh(rng, spec["heights"], spec["widths"], 110.0, 280.0, _areas(demo, "pasture"))
    pastures = [cell for cell in mesh.cells() if cell not in taken]
    plots = _plots("pasture", mesh, pastures, frame, demo)
    _share_out(plots, rng, spec["pasture_spare"], spec["grass_households"], first=1 if demo else 0)
    by_cell = dict(zip(pastures, plots, strict=True))
    homes: list[Plot] = []
    for block in spec["block"]:
        block_plots = _block(block, mesh, frame, rng, demo)
        if block["use"] == "home":
            _settle_homes(block_plots, block["spare"])
            if "inside_pasture" in block:
                _move_into(by_cell[tuple(block["inside_pasture"])], block_plots, mesh, frame, block)
            homes += block_plots
            continue
        sharing = spec["grass_households"] if block["use"] in GRASSLAND_BOOK else households - spec["landless"]
        _share_out(block_plots, rng, block["spare"], sharing, first=1 if demo else 0)
        plots += block_plots
    plots += homes
    plots.sort(key=lambda plot: (plot.use == "home", plot.serial))
    return Village(spec, [frame.place(point) for point in mesh.outline()], plots)


def in_mu(area_m2: Decimal) -> Decimal:
    """亩 of an area in m², half up to two decimals."""
    return (area_m2 * MU_PER_M2).quantize(CENT, ROUND_HALF_UP)


def plane_area(ring: list[Point], holes: list[list[Point]]) -> Decimal:
    """Plane area (m²) of finished rings, to two decimals."""
    area = abs(ring_area(ring)) - sum(abs(ring_area(hole)) for hole in holes)
    return Decimal(area).quantize(CENT, ROUND_HALF_UP)


def _areas(demo: dict[tuple[str, Cell], Any], use: str) -> dict[Cell, float]:
    return {cell: float(one["area_m2"]) for (kind, cell), one in demo.items() if kind == use}


def _block(
    block: dict[str, Any], mesh: Mesh, frame: Frame, rng: Random, demo: dict[tuple[str, Cell], Any]
) -> list[Plot]:
    """The plots of a block of small parcels, around the centre of the cell that it lies in."""
    rows, columns, height, width = (block[key] for key in ("rows", "columns", "height", "width"))
    widths = [[width * (0.7 + 0.6 * rng.random()) for _ in range(columns)] for _ in range(rows)]
    total = sum(widths[0])
    widths[0] = [one * columns * width / total for one in widths[0]]
    bend = min(height, width) * 0.07
    inner = Mesh(rng, [float(height)] * rows, widths, bend, min(height, width) * 0.55, _areas(demo, block["use"]))
    u, v = mesh.centre(tuple(block["cell"]))
    corner = frame.place((u + block["shift"][0] - columns * width / 2, v + block["shift"][1] - rows * height / 2))
    return _plots(block["use"], inner, inner.cells(), Frame(corner, frame.turn), demo)


def _plots(use: str, mesh: Mesh, cells: list[Cell], frame: Frame, demo: dict[tuple[str, Cell], Any]) -> list[Plot]:
    """A plot for each cell; one of the story has its own name and areas and belongs to household 0."""
    made: dict[Cell, Plot] = {}
    for index, cell in enumerate(cells):
        ring = [frame.place(point) for point in mesh.ring(cell)]
        serial = USES[use].serial + index
        if one := demo.get((use, cell)):
            surveyed, contracted = Decimal(one["area_m2"]), Decimal(one["contract_m2"])
            made[cell] = Plot(use, serial, one["name"], ring, surveyed, contracted, 0)
        else:
            name = USES[use].names[index % len(USES[use].names)]
            made[cell] = Plot(use, serial, name, ring, plane_area(ring, []), Decimal(0), None)
    for cell, plot in made.items():
        beside = mesh.beside(cell)
        plot.neighbours = {side: made.get(other) if other else None for side, other in beside.items()}
    return list(made.values())


def _share_out(plots: list[Plot], rng: Random, spare: int, households: int, first: int) -> None:
    """Give each plot but the last `spare` to a household from `first` on: one each, then the rest by lot."""
    free = [plot for plot in plots if plot.holder is None]
    contracted = free[: len(free) - spare]
    turns: list[int] = []
    while len(turns) < len(contracted):
        turn = list(range(first, households))
        rng.shuffle(turn)
        turns += turn
    for plot, holder in zip(contracted, turns, strict=False):
        plot.holder = holder
        # The old contract's figure: whole tenths of a 亩, within two per cent of the survey.
        mu = (in_mu(plot.surveyed) * Decimal(str(round(0.98 + 0.04 * rng.random(), 4)))).quantize(Decimal("0.1"))
        plot.contracted = (mu / MU_PER_M2).quantize(CENT, ROUND_HALF_UP)


def _settle_homes(homes: list[Plot], spare: int) -> None:
    """One homestead a household in order; the story's family, household 0, may have its own already."""
    free = [plot for plot in homes if plot.holder is None]
    for holder, plot in enumerate(free[: len(free) - spare], start=len(homes) - len(free)):
        plot.holder = holder


def _move_into(pasture: Plot, homes: list[Plot], mesh: Mesh, frame: Frame, block: dict[str, Any]) -> None:
    """Put the last homestead into its holder's pasture, which gets a hole of the very same vertices."""
    home = homes[-1]
    other = next(plot for plot in homes if plot.holder == pasture.holder)
    other.holder, home.holder = home.holder, pasture.holder
    u, v = mesh.centre(tuple(block["inside_pasture"]))
    width, height = block["width"], block["height"]
    corners = ((u, v), (u - 0.4, v + height), (u + width, v + height + 0.7), (u + width + 0.3, v - 0.5))
    home.ring = [frame.place(corner) for corner in corners]
    home.surveyed = plane_area(home.ring, [])
    for plot in homes:
        plot.neighbours = {side: None if one is home else one for side, one in plot.neighbours.items()}
    home.neighbours = dict.fromkeys("ESWN", pasture)
    pasture.holes = [home.ring[::-1]]
    pasture.surveyed = plane_area(pasture.ring, pasture.holes)
