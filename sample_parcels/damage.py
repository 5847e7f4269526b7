"""Which twenty mistakes does the second delivery contain, and where does each one stand?

Each slip below is one that clerks and surveyors make, and each is one fault of registry/delivery/faults.toml:
no slip brings a second one with it ("one slip, one fault", docs/delivery.md 5). 布日都嘎查 has nine, 巴图湾村
eleven, 呼和陶勒盖嘎查 none: it can be registered while the two others come back whole.
"""

from __future__ import annotations

import copy
import csv
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from sample_parcels.land import in_mu
from sample_parcels.mesh import Point
from sample_parcels.tables import Delivery, Row

GACHA, FARMERS = "150626101206", "150626104213"  # 布日都嘎查, 巴图湾村
GEOMETRY = "geometry"  # what a fault of a shape says instead of a field
_FIRST_ROW = {True: 1, False: 2}  # features are counted from 1; in a table the header is row 1
_COLUMNS = ("file", "layer", "row", "field", "fault", "severity", "village")


@dataclass(frozen=True, slots=True)
class Slip:
    """One fault as the report must name it: part, the row itself, field, fault, severity, village."""

    part: str
    row: Row
    field: str
    fault: str
    severity: str
    village: str


def damage(delivery: Delivery) -> tuple[Delivery, list[Slip]]:
    """A damaged copy of the delivery, and what was done to it."""
    damaged = copy.deepcopy(delivery)
    slips = [*_codes(damaged), *_sums(damaged), *_references(damaged), *_people(damaged), *_shapes(damaged)]
    return damaged, slips


def write_list(damaged: Delivery, slips: list[Slip], path: Path, *, county: str, year: str) -> None:
    """Write FAULTS.csv (UTF-8): file, layer, row as a report counts it, field, fault, severity, village."""
    lines = []
    for slip in slips:
        is_layer = slip.part in damaged.layers
        rows = damaged.layers[slip.part].rows if is_layer else damaged.tables[slip.part]
        number = _FIRST_ROW[is_layer] + next(n for n, row in enumerate(rows) if row is slip.row)
        file = f"矢量数据/{slip.part}{county}{year}.shp" if is_layer else f"权属数据/{slip.part}.csv"
        lines.append((file, slip.part, number, slip.field, slip.fault, slip.severity, slip.village))
    with path.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(_COLUMNS)
        table.writerows(sorted(lines))


def _codes(damaged: Delivery) -> list[Slip]:
    reserve = _first(damaged.layers["DK"].rows, lambda row: _in(row["DKBM"], GACHA) and row["DKLB"] == "22")
    reserve["DKBM"] = reserve["DKBM"][:-1]
    contracted = _first(damaged.tables["CBDKXX"], lambda row: row["CBFBM"] == f"{GACHA}000003")
    contracted["CBJYQZBM"] = contracted["CBJYQZBM"][:-1] + "Q"
    household = _household(damaged, f"{FARMERS}000016")
    household["CBFLX"] = "2"
    return [
        Slip("DK", reserve, "DKBM", "dk-code-structure", "refuse", GACHA),
        Slip("CBDKXX", contracted, "CBJYQZBM", "certificate-code-differs", "refuse", GACHA),
        Slip("CBF", household, "CBFLX", "serial-range", "refuse", FARMERS),
    ]


def _sums(damaged: Delivery) -> list[Slip]:
    household = _household(damaged, f"{GACHA}000007")
    household["CBFCYSL"] = str(int(household["CBFCYSL"]) + 1)
    contract = _first(damaged.tables["CBHT"], lambda row: row["CBFBM"] == f"{GACHA}000009")
    total = Decimal(contract["HTZMJ"]) + 1000
    contract |= {"HTZMJ": str(total), "HTZMJM": str(in_mu(total))}
    twin = _first(damaged.layers["DK"].rows, lambda row: _in(row["DKBM"], GACHA) and row["TDLYLX"] == "013")
    twin["SCMJM"] = str(Decimal(twin["SCMJM"]) + 10)
    shares = [row for row in damaged.tables["股权台账"] if _in(row["发包方编码"], GACHA)]
    shares[5]["份数"] = str(int(shares[5]["份数"]) + 3)
    term = _first(damaged.tables["CBHT"], lambda row: row["CBFBM"] == f"{FARMERS}000003")
    term["CBQXZ"] = "19271231"
    return [
        Slip("CBF", household, "CBFCYSL", "member-count", "refuse", GACHA),
        Slip("CBHT", contract, "HTZMJ", "contract-area-sum", "refuse", GACHA),
        Slip("DK", twin, "SCMJM", "mu-twin", "note", GACHA),
        Slip("股权台账", shares[0], "总股数", "shares-sum", "refuse", GACHA),
        Slip("CBHT", term, "CBQXZ", "term-reversed", "refuse", FARMERS),
    ]


def _references(damaged: Delivery) -> list[Slip]:
    layer = damaged.layers["DK"]
    reserve = _first(layer.rows, lambda row: _in(row["DKBM"], FARMERS) and row["DKLB"] == "22")
    reserve["DKLB"] = "10"
    lost = _first(damaged.tables["CBDKXX"], lambda row: row["CBFBM"] == f"{FARMERS}000005")
    where = next(n for n, row in enumerate(layer.rows) if row["DKBM"] == lost["DKBM"])
    del layer.rows[where], layer.shapes[where]
    home = _first(damaged.layers["ZD"].rows, lambda row: row["QLRCBFBM"] == f"{FARMERS}000008")
    home["QLRCBFBM"] = f"{FARMERS}000097"
    limit = _first(
        damaged.tables["限制与义务"], lambda row: _in(row["标的代码"], FARMERS) and row["类别"] == "草畜平衡"
    )
    limit["标的代码"] = f"{FARMERS}004099J"
    return [
        Slip("DK", reserve, "DKBM", "parcel-uncontracted", "refuse", FARMERS),
        Slip("CBDKXX", lost, "DKBM", "parcel-unknown", "refuse", FARMERS),
        Slip("ZD", home, "QLRCBFBM", "household-unknown", "refuse", FARMERS),
        Slip("限制与义务", limit, "标的代码", "object-unknown", "refuse", FARMERS),
    ]


def _people(damaged: Delivery) -> list[Slip]:
    """Slips in ID numbers: in one row of one list; that person's other rows keep the right number."""
    members = damaged.tables["CBF_JTCY"]
    headless = _first(members, lambda row: row["CBFBM"] == f"{FARMERS}000013" and row["YHZGX"] == "02")
    headless["YHZGX"] = "99"
    wrong = _second(members, f"{FARMERS}000014")
    last = "10X98765432"
    wrong["CYZJHM"] = wrong["CYZJHM"][:-1] + last[(last.index(wrong["CYZJHM"][-1]) + 1) % len(last)]
    old = _second(members, f"{FARMERS}000015")
    old["CYZJHM"] = old["CYZJHM"][:6] + old["CYZJHM"][8:17]
    double = _second(members, f"{FARMERS}000017")
    others = [row for row in members if _in(row["CBFBM"], FARMERS) and row["CYXB"] == double["CYXB"]]
    other = _first(others, lambda row: row["CYXM"] != double["CYXM"])
    double["CYZJHM"] = other["CYZJHM"]
    undated = _first(damaged.tables["成员名册"], lambda row: row["承包方编码"] == f"{GACHA}000011")
    undated["确认日期"] = ""
    return [
        Slip("CBF_JTCY", headless, "YHZGX", "no-representative", "hold", FARMERS),
        Slip("CBF_JTCY", wrong, "CYZJHM", "id-check-digit", "hold", FARMERS),
        Slip("CBF_JTCY", old, "CYZJHM", "id-fifteen-digits", "hold", FARMERS),
        Slip("CBF_JTCY", double, "CYZJHM", "id-on-two-people", "hold", FARMERS),
        Slip("成员名册", undated, "确认日期", "value-missing", "refuse", GACHA),
    ]


def _shapes(damaged: Delivery) -> list[Slip]:
    layer = damaged.layers["DK"]
    outline = set(damaged.layers["CJQY"].shapes[1][0])
    pastures = {
        n: layer.shapes[n][0] for n, row in enumerate(layer.rows) if _in(row["DKBM"], GACHA) and row["TDLYLX"] == "041"
    }
    numbers = list(pastures)
    beyond, over = numbers[2], numbers[8]
    _push(pastures[beyond], outline, 15.0)
    # The pasture that is overlapped stands earlier in the layer: of two, the later row is reported.
    earlier = (set(pastures[n]) for n in numbers if n < over and n != beyond)
    _push(pastures[over], next(line for line in earlier if _middle(pastures[over], line) >= 0), 12.0)
    crossed = next(n for n, row in enumerate(layer.rows) if _in(row["DKBM"], FARMERS) and row["TDLYLX"] == "041")
    ring = layer.shapes[crossed][0]
    half = len(ring) // 2
    ring[0], ring[half] = ring[half], ring[0]
    return [
        Slip("DK", layer.rows[beyond], GEOMETRY, "outside-village", "refuse", GACHA),
        Slip("DK", layer.rows[over], GEOMETRY, "parcels-overlap", "refuse", GACHA),
        Slip("DK", layer.rows[crossed], GEOMETRY, "shape-crosses-itself", "refuse", FARMERS),
    ]


def _in(code: str, village: str) -> bool:
    return code.startswith(village)


def _first(rows: list[Row], wanted: Callable[[Row], bool]) -> Row:
    return next(row for row in rows if wanted(row))


def _second(members: list[Row], household: str) -> Row:
    return [row for row in members if row["CBFBM"] == household][1]


def _household(damaged: Delivery, code: str) -> Row:
    return _first(damaged.tables["CBF"], lambda row: row["CBFBM"] == code)


def _middle(ring: list[Point], line: set[Point]) -> int:
    """Where in the ring a vertex and both beside it stand on `line` (so it is no corner); -1: nowhere."""
    size = len(ring)
    return next((n for n in range(size) if all(ring[(n + step) % size] in line for step in (-1, 0, 1))), -1)


def _push(ring: list[Point], line: set[Point], by: float) -> None:
    """Move the ring's vertex in the middle of `line` away from the ring's own middle, by so many metres."""
    index = _middle(ring, line)
    east = sum(x for x, _ in ring) / len(ring)
    north = sum(y for _, y in ring) / len(ring)
    x, y = ring[index]
    length = ((x - east) ** 2 + (y - north) ** 2) ** 0.5
    ring[index] = round(x + by * (x - east) / length, 3), round(y + by * (y - north) / length, 3)
