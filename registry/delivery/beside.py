"""How do the parcels of a delivery lie beside each other: overlaps, gaps, vertices that only one has, neighbours by name?

An overlap says who holds the two parcels, why it is there most likely and what would mend it; gaps and vertices are notes.
What is smaller than a rule's tolerance is no fault: it is counted, village by village, with its area. What already overlaps
is not judged again for its vertices ("one slip, one fault"). Places are (easting, northing) in the register's CRS, metres.
Nothing is repaired.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow.compute as pc
import shapely

from gis.areas import mu_from_m2
from gis.topology import (
    TOLERANCE_M2,
    XY_TOLERANCE_M,
    boundaries_of,
    coverage_faults,
    explained,
    spikes,
    unshared_vertices,
)
from registry.delivery.faults import shown, tolerance
from registry.delivery.holders import Holders
from registry.delivery.parts import KEY_OF

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from gis.topology import Explained, Gap, Small, Spike, Unshared
    from gis.topology import Faults as CoverageFaults
    from registry.delivery.faults import Faults
    from registry.delivery.frames import Frame
    from registry.delivery.read import Delivery

    Search = Callable[[NDArray[Any], Sequence[str]], CoverageFaults]

SHAPE = "geometry"
"""What a fault of a shape says instead of a field."""

_SIDES = ("DKDZ", "DKXZ", "DKNZ", "DKBZ")
_CAUSES = {
    "duplicate": ("可能重复交了同一块地", "most likely the same land delivered twice"),
    "shifted": ("可能测量整体偏移 {vector}", "most likely a survey that lies off by {vector}"),
    "sliver": ("可能是画线没有捕捉，宽约 {width} m", "most likely lines that were not snapped, about {width} m wide"),
    "drawn-over": ("界线画进了邻地，宽约 {width} m", "the boundary was drawn into the neighbour, about {width} m wide"),
}
_MENDS = {
    "duplicate": ("删去后交的一块，或改正代码", "remove the later one, or correct its code"),
    "shifted": (
        "核对测站后整体移回；移回后还重叠 {left} m²",
        "check the station and move it back; {left} m² would still be shared",
    ),
    "sliver": ("沿邻地的界线裁去，共用节点", "cut it along the neighbour's line and share the vertices"),
    "drawn-over": ("两户到现场指界后改正", "let both households show the boundary on the spot"),
}
COUNTED_BELOW = ("parcels-sliver", "homestead-in-parcel", "gap-narrow", "outside-village")
"""The rules that name land from a tolerance on: what is smaller is counted."""
_NAME_BEFORE = r"^(?P<name>[^\[【（(,，、\s]+)"


@dataclass(frozen=True, slots=True)
class Beside:
    """What the shapes of DK and ZD say about each other; rows count through both."""

    overlaps: list[Explained]
    gaps: list[Gap]
    unshared: list[Unshared]
    spikes: list[Spike]
    below: list[Small]


def look_beside(
    frames: Sequence[Frame], sound: dict[str, NDArray[np.bool_]], search: Search = coverage_faults
) -> Beside:
    """Compare parcels and homesteads (where a yard was not cut out of the pasture they overlap, too).

    `search` finds overlaps and gaps: on this machine, or on a cluster.
    """
    shapes = np.concatenate([frame.drawn() for frame in frames])
    unsound = ~np.concatenate([sound[frame.part.name] for frame in frames])
    undrawn = shapely.bounds(shapes[unsound])
    shapes[unsound] = None
    found = search(shapes, [village for frame in frames for village in frame.village])
    boundaries = boundaries_of(shapes)
    return Beside(
        explained(shapes, found.overlaps),
        _judged(found.gaps, undrawn[np.isfinite(undrawn).all(axis=1)]),
        unshared_vertices(boundaries, tolerance("vertex-unshared")),
        spikes(boundaries, tolerance("boundary-spike")),
        found.below,
    )


def _judged(gaps: list[Gap], undrawn: NDArray[np.float64]) -> list[Gap]:
    """The gaps that touch no box of a shape at fault: what that one covers nobody can say before it is drawn again."""
    boxes = shapely.STRtree(shapely.box(*undrawn.T))
    outlines = np.array([gap.outline for gap in gaps], dtype=object)
    touched = set(boxes.query(outlines, predicate="intersects")[0].tolist())
    return [gap for number, gap in enumerate(gaps) if number not in touched]


def say_beside(delivery: Delivery, frames: Sequence[Frame], beside: Beside, faults: Faults) -> None:
    """Put into words what was found, after the tables' own checks."""
    for frame in frames:
        faults.expect_below(COUNTED_BELOW, frame.village)
    said = _Said(delivery, frames, faults)
    for piece in beside.below:
        said.below(piece)
    for one in beside.overlaps:
        said.overlap(one)
    for gap in beside.gaps:
        said.gap(gap)
    said.vertices(beside.unshared)
    for spike in beside.spikes:
        said.at("boundary-spike", spike.row, {"degrees": f"{spike.degrees:.1f}"}, spike.point)


def counted_below(rule: str) -> str:
    """Below which area or width land is only counted, as a report says it."""
    least_m2 = TOLERANCE_M2 if rule == "gap-narrow" else tolerance(rule)
    return f"{least_m2:g} m² / {XY_TOLERANCE_M:g} m 宽 wide"


def say_narrow(frame: Frame, sound: NDArray[np.bool_], faults: Faults) -> None:
    """Parcels whose mean width (twice the area over the perimeter) is that of a leftover of drawing."""
    shapes = frame.drawn()
    with np.errstate(invalid="ignore", divide="ignore"):
        width = 2 * shapely.area(shapes) / shapely.length(shapes)
    for index in np.flatnonzero(sound & (width < tolerance("parcel-narrow"))).tolist():
        x, y = shapely.get_coordinates(shapely.point_on_surface(shapes[index]))[0].tolist()
        values = {"width_m": f"{width[index]:.2f}", "where": where((x, y))}
        faults.at("parcel-narrow", frame, index, SHAPE, values, places=((x, y), None))


def check_neighbours(delivery: Delivery, sound: NDArray[np.bool_], faults: Faults) -> None:
    """A household of the village that is named on one of the four sides must have a parcel near by; a road lies between.

    Compared only in villages without any other fault: whatever else is wrong there may be why the two differ.
    """
    frame, holder = delivery.frames["DK"], Holders(delivery)
    at_fault = {fault.village for fault in faults.found}
    if not any(name in frame.present for name in _SIDES):
        return
    village = pd.factorize(np.asarray(frame.village, dtype=object))[0].astype(np.int64)
    heads = pd.Index([holder.head(code) for code in frame.values("DKBM")], dtype=object)
    names = heads.unique().drop("", errors="ignore")
    keys = village * len(names) + names.get_indexer(heads)
    known = pd.Index(keys[heads != ""]).unique()  # a head of a village; two villages may have heads of one name
    near = _near(frame.drawn(), sound, np.where(heads != "", known.get_indexer(keys), -1), len(known))
    asked = np.array([one not in at_fault for one in frame.village], dtype=np.bool_) & sound
    for side in _SIDES:
        texts = frame.text(side).dictionary_encode()
        first = pc.struct_field(pc.extract_regex(texts.dictionary, _NAME_BEFORE), "name").to_pylist()
        named = names.get_indexer(pd.Index(first, dtype=object))[texts.indices.to_numpy()]
        told = known.get_indexer(village * len(names) + named)
        wanted = np.flatnonzero(asked & (named >= 0) & (told >= 0))
        far = wanted[near.get_indexer(wanted * len(known) + told[wanted]) < 0]
        for index in far.tolist():
            faults.at("neighbour-differs", frame, index, side, {"value": shown(frame.values(side)[index], sealed=True)})


def _near(
    shapes: NDArray[Any], sound: NDArray[np.bool_], head_of: NDArray[np.int64], heads: int
) -> pd.Index[int]:
    """Which heads hold a parcel whose box lies near which parcel: row × number of heads + head."""
    rows = np.flatnonzero(sound)
    away = tolerance("neighbour-differs") * np.array([-1, -1, 1, 1])
    one, other = shapely.STRtree(shapes[rows]).query(shapely.box(*(shapely.bounds(shapes[rows]) + away).T))
    return pd.Index(pd.unique(rows[one] * heads + head_of[rows[other]]))


def where(place: tuple[float, float] | None) -> str:
    """A place as a sentence names it: easting, northing in metres."""
    return "?" if place is None else f"{place[0]:.3f}, {place[1]:.3f}"


def _mu(area_m2: float) -> str:
    return str(mu_from_m2(f"{area_m2:.2f}"))


class _Said:
    """Rows through all frames, and the sentences about them."""

    def __init__(self, delivery: Delivery, frames: Sequence[Frame], faults: Faults) -> None:
        self._rows = [(frame, index) for frame in frames for index in range(len(frame))]
        self._keys = [key for frame in frames for key in frame.values(KEY_OF[frame.part.name])]
        self._holders = Holders(delivery)
        self._faults = faults
        self._overlapping: set[int] = set()

    def at(
        self,
        fault: str,
        row: int,
        values: dict[str, Any],
        point: tuple[float, float],
        nearest: tuple[float, float] | None = None,
    ) -> None:
        frame, index = self._rows[row]
        self._faults.at(fault, frame, index, SHAPE, values | {"where": where(point)}, places=(point, nearest))

    def code(self, row: int) -> str:
        return shown(self._keys[row], sealed=False)

    def overlap(self, one: Explained) -> None:
        i, j, area_m2, point = one.overlap
        self._overlapping |= {i, j}
        values = {"other": self.code(i), "area_m2": f"{area_m2:.2f}"}
        rule = self._rule_of_shared(i, j)
        if area_m2 < tolerance(rule):
            self._count(rule, j, area_m2)
        elif rule == "homestead-in-parcel" or area_m2 < tolerance("parcels-overlap"):
            self.at(rule, j, values, point)
        else:
            self.at("parcels-overlap", j, values | self._explained(one), point)

    def below(self, piece: Small) -> None:
        """Land that two share or that nobody has, so little that the search does not call it any."""
        self._count("gap-narrow" if piece.what == "gap" else self._rule_of_shared(*piece.rows), piece.rows[-1], piece.area_m2)

    def _rule_of_shared(self, i: int, j: int) -> str:
        """The rule that would name shared land if it were larger."""
        return "parcels-sliver" if self._rows[i][0] is self._rows[j][0] else "homestead-in-parcel"

    def _count(self, rule: str, row: int, area_m2: float) -> None:
        frame, index = self._rows[row]
        self._faults.count_below(rule, frame.village[index], area_m2)

    def _holder(self, code: str) -> tuple[str, str]:
        household = self._holders.household(code)
        return ("未发包", "not contracted") if not household else (self._holders.shown(household),) * 2

    def _explained(self, one: Explained) -> dict[str, object]:
        first, later = (self._holder(self._keys[row]) for row in (one.overlap.i, one.overlap.j))
        vector = "" if one.moved is None else f"({one.moved[0]:+.2f}, {one.moved[1]:+.2f}) m"
        facts = {"vector": vector, "width": f"{one.width_m:.2f}", "left": f"{one.left_m2:.2f}"}
        return {
            "households": (f"{later[0]} 与 {first[0]}", f"{later[1]} and {first[1]}"),
            "area_mu": _mu(one.overlap.area_m2),
            "cause": tuple(text.format_map(facts) for text in _CAUSES[one.cause]),
            "mend": tuple(text.format_map(facts) for text in _MENDS[one.cause]),
        }

    def gap(self, gap: Gap) -> None:
        if self._overlapping & set(gap.beside):
            return
        first, *others = gap.beside
        width = 2 * gap.area_m2 / gap.outline.length
        if width < tolerance("gap-narrow"):
            named = ", ".join(self.code(row) for row in others)
            values = {"others": named, "area_m2": f"{gap.area_m2:.2f}", "width_m": f"{width:.3f}"}
            self.at("gap-narrow", first, values, gap.point)
        elif gap.area_m2 <= tolerance("land-left-out"):
            values = {"count": str(len(gap.beside)), "area_mu": _mu(gap.area_m2)}
            self.at("land-left-out", first, values, gap.point)

    def vertices(self, unshared: Sequence[Unshared]) -> None:
        """One fault for two parcels: the first of a pair that was found from both sides."""
        of_pair: dict[tuple[str, int, int], list[Unshared]] = defaultdict(list)
        for one in unshared:
            if not {one.row, one.other} & self._overlapping and (
                one.kind == "t-junction" or ("unshared", one.other, one.row) not in of_pair
            ):
                of_pair[(one.kind, one.row, one.other)].append(one)
        for (kind, row, other), found in of_pair.items():
            worst = max(found, key=lambda one: one.distance_m)
            values = {"other": self.code(other), "count": str(len(found))}
            if kind == "t-junction":
                self.at("vertex-on-line", row, values, worst.point, worst.nearest)
            else:
                far = {"distance_m": f"{worst.distance_m:.3f}"}
                self.at("vertex-unshared", row, values | far, worst.point, worst.nearest)
