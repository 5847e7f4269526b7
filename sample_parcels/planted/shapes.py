"""Which faults are drawn: shapes that are none, overlaps, gaps, vertices that are not shared, points beside their line?

Drawn on the ground (`ground.py`) in whole millimetres, so that what is shared, empty or outside is known from the drawing.
"""

from __future__ import annotations

import math
import struct
from pathlib import Path

from sample_parcels.mesh import Point
from sample_parcels.planted.case import GEOMETRY, Plant, file_of, plants
from sample_parcels.planted.ground import (
    CELL,
    GACHA,
    GROUND,
    SIDE,
    SOUTH,
    WEST,
    box_ring,
    code_of,
    number_of,
    parcel_row,
    ring_of,
    square,
)
from sample_parcels.tables import Row

EAST_MIDDLE, NORTH_MIDDLE, WEST_MIDDLE = 5, 3, 1
_LARGE_M2, _SLIVER_M2, _NAMED_M = 1.0, 0.01, 0.001
_FAR_WEST = WEST - 300
_FAR_M = 100.0


def add(plant: Plant, ring: list[Point], area_m2: float = 3600.0) -> Row:
    """A parcel more, by its ring; the next free code of the ground."""
    layer = plant.delivery.layers["DK"]
    number = sum(row["DKBM"].startswith(GROUND) for row in layer.rows) + 500
    row = parcel_row(code_of(number), f"{area_m2:.2f}", f"{area_m2 * 0.0015:.2f}", number)
    layer.rows.append(row)
    layer.shapes.append([ring] if ring else [])
    return row


def _move(plant: Plant, place: tuple[int, int], vertex: int, by: Point) -> Row:
    """Move a vertex of a square and write the area that it has then."""
    row, ring = square(plant.delivery, *place)
    x, y = ring[vertex]
    ring[vertex] = x + by[0], y + by[1]
    near = [(x - WEST, y - SOUTH) for x, y in ring]
    area = abs(math.fsum(a[0] * b[1] - b[0] * a[1] for a, b in zip(near, [*near[1:], near[0]], strict=True))) / 2
    row |= {"SCMJ": f"{area:.2f}", "SCMJM": f"{area * 0.0015:.2f}"}
    return row


def _said(plant: Plant, rule: str, place: tuple[int, int]) -> None:
    plant.said(rule, "DK", square(plant.delivery, *place)[0], GEOMETRY)


# --- a shape by itself


@plants("shape-missing")
def _no_shape(plant: Plant) -> None:
    for _ in range(2):
        plant.said("shape-missing", "DK", add(plant, []), GEOMETRY)


@plants("shape-empty")
def _no_area(plant: Plant) -> None:
    for far in (0, 100):
        x, y = _FAR_WEST, SOUTH + far
        plant.said("shape-empty", "DK", add(plant, [(x, y), (x, y + 60), (x, y + 30)]), GEOMETRY)


@plants("shape-not-finite")
def _not_a_number(plant: Plant) -> None:
    for bad in (math.nan, math.inf):
        ring = [*box_ring(_FAR_WEST, SOUTH, _FAR_WEST + 60, SOUTH + 60)[:3], (_FAR_WEST + 60, bad)]
        plant.said("shape-not-finite", "DK", add(plant, ring), GEOMETRY)


@plants("shape-not-closed")
def _open_ring(plant: Plant) -> None:
    row = add(plant, box_ring(_FAR_WEST, SOUTH, _FAR_WEST + 60, SOUTH + 60))
    plant.said("shape-not-closed", "DK", row, GEOMETRY)
    plant.after.append(_open_the_last)


def _open_the_last(root: Path) -> None:
    """The last point of the layer is moved: its ring does not come back to where it began."""
    path = root / file_of("DK")
    raw = bytearray(path.read_bytes())
    x, y = struct.unpack_from("<2d", raw, len(raw) - 16)
    struct.pack_into("<2d", raw, len(raw) - 16, x + 30, y)
    path.write_bytes(bytes(raw))


@plants("shape-crosses-itself")
def _bow_ties(plant: Plant) -> None:
    """A square among others, whose land is then left out of every other question, and one that touches itself."""
    _, ring = square(plant.delivery, 5, 5)
    ring[2], ring[4] = ring[4], ring[2]
    _said(plant, "shape-crosses-itself", (5, 5))
    x, y = _FAR_WEST, SOUTH
    eight = [(x, y), (x + 30, y + 30), (x, y + 60), (x + 60, y + 60), (x + 30, y + 30), (x + 60, y)]
    plant.said("shape-crosses-itself", "DK", add(plant, eight, 1800.0), GEOMETRY)


@plants("shape-several-parts")
def _two_pieces(plant: Plant) -> None:
    for far in (0, 200):
        row = add(plant, box_ring(_FAR_WEST, SOUTH + far, _FAR_WEST + 30, SOUTH + far + 60))
        piece = box_ring(_FAR_WEST + 60, SOUTH + far, _FAR_WEST + 90, SOUTH + far + 60)
        plant.delivery.layers["DK"].shapes[-1].append(piece)
        plant.said("shape-several-parts", "DK", row, GEOMETRY)


@plants("shape-too-detailed")
def _a_drawing_of_dust(plant: Plant) -> None:
    count, radius = 200_001, 100.0
    turns = [2 * math.pi * step / count for step in range(count)]
    ring = [(_FAR_WEST + radius * math.sin(turn), SOUTH + 200 + radius * math.cos(turn)) for turn in turns]
    plant.said("shape-too-detailed", "DK", add(plant, ring, math.pi * radius**2), GEOMETRY)


@plants("vertex-repeated")
def _half_a_millimetre(plant: Plant) -> None:
    """Twice the same to the bit, and half a millimetre apart; where there is no neighbour."""
    for row, by in ((5, 0.0), (8, 0.0005)):
        _, ring = square(plant.delivery, 0, row)
        x, y = ring[WEST_MIDDLE]
        ring.insert(WEST_MIDDLE + 1, (x, y + by))
        _said(plant, "vertex-repeated", (0, row))


@plants("boundary-spike")
def _thorns(plant: Plant) -> None:
    """Into the parcel from the outer rim: 15 m long, 20 cm and 40 cm wide."""
    for row, wide in ((5, 0.2), (8, 0.4)):
        _, ring = square(plant.delivery, 0, row)
        x, y = ring[WEST_MIDDLE]
        ring[WEST_MIDDLE + 1 : WEST_MIDDLE + 1] = [(x + 15, y + wide / 2), (x, y + wide)]
        _said(plant, "boundary-spike", (0, row))


@plants("parcel-narrow")
def _leftovers(plant: Plant) -> None:
    for far, wide in ((0, 0.4), (20, 0.2)):
        ring = box_ring(_FAR_WEST + far, SOUTH, _FAR_WEST + far + wide, SOUTH + 60)
        plant.said("parcel-narrow", "DK", add(plant, ring, wide * 60), GEOMETRY)


@plants("outside-banner")
def _far_away(plant: Plant) -> None:
    for x, y in ((720_000.0, SOUTH), (WEST, 4_450_000.0)):
        plant.said("outside-banner", "DK", add(plant, box_ring(x, y, x + 60, y + 60)), GEOMETRY)


@plants("outside-village")
def _over_the_limit(plant: Plant) -> None:
    """Half of one, all of another, and a strip of a square decimetre of a third."""
    west = WEST - 400
    for far, over in ((0, 30.0), (100, 60.0), (200, 0.002)):
        ring = box_ring(west - over, SOUTH + far, west - over + 60, SOUTH + far + 60)
        plant.said("outside-village", "DK", add(plant, ring), GEOMETRY)


# --- beside others


@plants("parcels-overlap")
def _boundaries_pushed(plant: Plant) -> None:
    """With the vertex that both had, 4 m into the east and 1 m into the north; over the corner of four."""
    for place, vertex, by, over in (
        ((3, 3), EAST_MIDDLE, (4.0, 0.0), (4, 3)), ((8, 3), NORTH_MIDDLE, (0.0, 1.0), (8, 4)),
    ):  # fmt: skip
        _move(plant, place, vertex, by)
        _said(plant, "parcels-overlap", over)
    _move(plant, (3, 9), 4, (5.0, 5.0))  # 150 m² of the two beside, 25 of the one across
    for over in ((4, 9), (3, 10), (4, 10)):
        _said(plant, "parcels-overlap", over)


@plants("parcels-overlap")
def _drawn_without_shared_vertices(plant: Plant) -> None:
    """Four corners alone, 2 m too far to the east: no vertex of the neighbours is met on any side but the west."""
    row, ring = square(plant.delivery, 6, 6)
    x, y = WEST + 6 * CELL, SOUTH + 6 * CELL
    ring[:] = box_ring(x, y, x + CELL + 2, y + CELL)
    row |= {"SCMJ": "3720.00", "SCMJM": "5.58"}
    _said(plant, "parcels-overlap", (7, 6))


@plants("parcels-overlap")
def _parcels_delivered_twice(plant: Plant) -> None:
    for column in (2, 5):
        plant.said("parcels-overlap", "DK", add(plant, ring_of(column, 5)), GEOMETRY)


def _layer_over_layer(plant: Plant, east_mm: int, north_mm: int) -> None:
    """All squares a second time, moved: each lies on its own twin, and along its sides on the neighbours of that."""
    east, north = east_mm / 1000, north_mm / 1000
    for row in range(SIDE):
        for column in range(SIDE):
            again = add(plant, [(x + east, y + north) for x, y in ring_of(column, row)])
            for over_east in (0, 1):
                for over_north in (0, 1):
                    if column + over_east < SIDE and row + over_north < SIDE:
                        wide, high = (CELL - east, east)[over_east], (CELL - north, north)[over_north]
                        _say_shared(plant, again, wide, high)


def _say_shared(plant: Plant, later: Row, wide: float, high: float) -> None:
    """What the report must say of a rectangle of shared land: from 1 m², from 0.01 m², or nothing but a count."""
    area = wide * high
    if area >= _SLIVER_M2 and min(wide, high) > _NAMED_M:
        plant.said("parcels-overlap" if area >= _LARGE_M2 else "parcels-sliver", "DK", later, GEOMETRY)


@plants("parcels-overlap")
def _one_layer_twice(plant: Plant) -> None:
    _layer_over_layer(plant, 0, 0)


@plants("parcels-overlap")
def _a_layer_over_another_a_centimetre_off(plant: Plant) -> None:
    _layer_over_layer(plant, 10, 10)


@plants("parcels-sliver")
def _a_layer_over_another_by_millimetres(plant: Plant) -> None:
    _layer_over_layer(plant, 7, 4)


@plants("parcels-sliver")
def _by_a_hair(plant: Plant) -> None:
    """Two centimetres with the shared vertex; three without one."""
    _move(plant, (3, 3), EAST_MIDDLE, (0.02, 0.0))
    _said(plant, "parcels-sliver", (4, 3))
    _, ring = square(plant.delivery, 8, 8)
    x, y = WEST + 8 * CELL, SOUTH + 8 * CELL
    ring[:] = box_ring(x, y, x + CELL + 0.015, y + CELL)
    _said(plant, "parcels-sliver", (9, 8))


@plants("parcels-sliver")
def _squares_moved_by_up_to_a_centimetre(plant: Plant) -> None:
    """Every third square of every third row, each by another vector: what it leaves is open beside an overlap, so not said."""
    steps = (-10, -6, -3, 4, 7, 10)
    for n, (column, row) in enumerate((c, r) for r in range(1, SIDE - 1, 3) for c in range(1, SIDE - 1, 3)):
        east, north = steps[n % 6] / 1000, steps[(n // 2) % 6] / 1000
        mine, ring = square(plant.delivery, column, row)
        ring[:] = [(round(x + east, 3), round(y + north, 3)) for x, y in ring]
        side = 1 if east > 0 else -1
        up = 1 if north > 0 else -1
        for over, wide, high in (
            ((column + side, row), abs(east), CELL - abs(north)),
            ((column, row + up), CELL - abs(east), abs(north)),
            ((column + side, row + up), abs(east), abs(north)),
        ):
            later = max((column, row), over, key=lambda place: number_of(*place))
            _say_shared(plant, square(plant.delivery, *later)[0] if later != (column, row) else mine, wide, high)


@plants("homestead-in-parcel")
def _yards_not_cut_out(plant: Plant) -> None:
    """The hole of a pasture filled in again; a yard drawn into a square."""
    layer, homes = plant.delivery.layers["DK"], plant.delivery.layers["ZD"]
    for shape in layer.shapes:
        if len(shape) > 1 and layer.rows[layer.shapes.index(shape)]["DKBM"].startswith(GACHA):
            at = next(n for n, rings in enumerate(homes.shapes) if set(rings[0]) == set(shape[1]))
            del shape[1:]
            plant.said("homestead-in-parcel", "ZD", homes.rows[at], GEOMETRY)
            break
    x, y = WEST + 5 * CELL, SOUTH + 5 * CELL
    code = f"{GROUND}JC00001W00000000"
    row = dict(homes.rows[0], BSM="99", BDCDYH=code, ZDDM=code[:19], FBFBM=f"{GROUND}00", QLRCBFBM="", DJRQ="", QZH="",
               ZDMJ="200.00", PZMJ="200.00", CQMJ="", ZDSZD="", ZDSZN="", ZDSZX="", ZDSZB="")  # fmt: skip
    homes.rows.append(row)
    homes.shapes.append([box_ring(x + 10, y + 10, x + 30, y + 20)])
    plant.said("homestead-in-parcel", "ZD", row, GEOMETRY)


@plants("gap-narrow")
def _boundaries_drawn_back(plant: Plant) -> None:
    """30 cm back from the east, 80 from the north: said of the first parcel that meets the gap, if by a corner."""
    for place, vertex, by in (((3, 3), EAST_MIDDLE, (-0.3, 0.0)), ((8, 3), NORTH_MIDDLE, (0.0, -0.8))):
        _move(plant, place, vertex, by)
    _said(plant, "gap-narrow", (3, 2))
    _said(plant, "gap-narrow", (7, 3))


@plants("gap-narrow")
def _drawn_back_by_centimetres(plant: Plant) -> None:
    """So little that the two vertices should be one: both are said."""
    _move(plant, (3, 3), EAST_MIDDLE, (-0.03, 0.0))
    _said(plant, "gap-narrow", (3, 2))
    _said(plant, "vertex-unshared", (3, 3))


@plants("land-left-out")
def _squares_lost(plant: Plant) -> None:
    """A whole square, and the eastern half of another."""
    layer = plant.delivery.layers["DK"]
    at = next(n for n, row in enumerate(layer.rows) if row["DKBM"] == code_of(number_of(4, 4)))
    del layer.rows[at], layer.shapes[at]
    _said(plant, "land-left-out", (3, 3))
    row, ring = square(plant.delivery, 9, 9)
    ring[:] = [*ring[:4], ring[7]]
    row |= {"SCMJ": "1800.00", "SCMJM": "2.70"}
    _said(plant, "land-left-out", (9, 8))


@plants("vertex-unshared")
def _vertices_moved_along_the_line(plant: Plant) -> None:
    for place, by in (((3, 3), 0.03), ((8, 3), 0.005)):
        _move(plant, place, EAST_MIDDLE, (0.0, by))
        _said(plant, "vertex-unshared", place)


@plants("vertex-on-line")
def _vertices_that_one_lacks(plant: Plant) -> None:
    """One left out by the western of two, one put in by it."""
    del square(plant.delivery, 3, 3)[1][EAST_MIDDLE]
    _said(plant, "vertex-on-line", (4, 3))
    x, y = WEST + 9 * CELL, SOUTH + 3 * CELL + 15
    square(plant.delivery, 8, 3)[1].insert(EAST_MIDDLE + 1, (x, y))
    _said(plant, "vertex-on-line", (8, 3))


@plants("vertex-on-line")
def _a_layer_of_t_junctions(plant: Plant) -> None:
    """No square has the middle of its eastern side."""
    for row in range(1, SIDE):
        for column in range(SIDE):
            del square(plant.delivery, column, row)[1][EAST_MIDDLE]
            if column:
                _said(plant, "vertex-on-line", (column, row))


# --- boundary points


@plants("boundary-point-off")
def _points_beside_the_line(plant: Plant) -> None:
    """Two centimetres off, and written so: the vertex has no point then."""
    layer = plant.delivery.layers["JZD"]
    at = next(n for n, row in enumerate(layer.rows) if row["DKBM"] == code_of(0))
    row, (x, y) = layer.rows[at], layer.shapes[at][0][0]
    layer.shapes[at] = [[(x + 0.02, y)]]
    row["YZBZ"] = f"{36_000_000 + x + 0.02:.3f}"
    plant.said("boundary-point-off", "JZD", row, GEOMETRY, GROUND)
    _said(plant, "boundary-point-missing", (0, 0))


@plants("boundary-point-missing")
def _points_left_out(plant: Plant) -> None:
    layer = plant.delivery.layers["JZD"]
    for column in (0, 1):
        at = next(n for n, row in enumerate(layer.rows) if row["DKBM"] == code_of(number_of(column, 0)))
        del layer.rows[at], layer.shapes[at]
        _said(plant, "boundary-point-missing", (column, 0))


@plants("boundary-point-differs")
def _coordinates_of_elsewhere(plant: Plant) -> None:
    """Northing and easting exchanged, and a millimetre too many."""
    swapped, wrong = plant.rows("JZD")[:2]
    swapped["XZBZ"], swapped["YZBZ"] = swapped["YZBZ"], swapped["XZBZ"]
    wrong["XZBZ"] = f"{float(wrong['XZBZ']) + 0.002:.3f}"
    for row in (swapped, wrong):
        plant.said("boundary-point-differs", "JZD", row, "XZBZ", GROUND)


@plants("neighbour-differs")
def _a_head_who_lies_far_away(plant: Plant) -> None:
    heads = {row["CBFBM"]: row["CBFMC"] for row in plant.rows("CBF")}
    layer = plant.delivery.layers["DK"]
    box_of = {row["DKBM"]: _box(rings[0]) for row, rings in zip(layer.rows, layer.shapes, strict=True)}
    held: dict[str, list[str]] = {}
    for row in plant.rows("CBDKXX", GACHA):
        held.setdefault(heads[row["CBFBM"]], []).append(row["DKBM"])
    mine = [row for row in plant.rows("DK", GACHA) if row["DKLB"] == "10"]
    for row, side in ((mine[2], "DKDZ"), (mine[11], "DKBZ")):
        far = next(
            head for head, codes in held.items() if all(_apart(box_of[row["DKBM"]], box_of[code]) > _FAR_M for code in codes)
        )
        plant.put("neighbour-differs", "DK", row, side, f"{far}[东滩]")


def _box(ring: list[Point]) -> tuple[float, float, float, float]:
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return min(xs), min(ys), max(xs), max(ys)


def _apart(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    return max(one[0] - other[2], other[0] - one[2], one[1] - other[3], other[1] - one[3])
