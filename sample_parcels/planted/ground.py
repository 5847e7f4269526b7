"""Which delivery are the faults planted into: the sample, and with it a village of squares and the parts that it has not?

The *ground* is a village of its own in which nothing stands but squares of 60 m that share their corners and the middles of
their sides: what is drawn there can be reckoned without any library. 15 × 15 of them, in rows from the south-west.
"""

from __future__ import annotations

import copy
from functools import lru_cache
from pathlib import Path

from sample_parcels.land import settings
from sample_parcels.make import make_delivery
from sample_parcels.mesh import Point
from sample_parcels.tables import Delivery, Layer, Row

COUNTY, YEAR = str(settings()["county"]), str(settings()["year"])
FOLDER = COUNTY + str(settings()["county_name"])
GACHA, OTHER_GACHA, FARMERS = "150626100210", "150626101206", "150626104213"
VILLAGES = (GACHA, OTHER_GACHA, FARMERS)
GROUND = "150626105001"
SIDE, CELL = 15, 60.0
WEST, SOUTH = 610_000.0, 4_250_000.0
PHOTO, PAPER, TITLE = "照片.jpg", "签字件.pdf", "FJ000001.pdf"
_MARGIN = 400.0


def clean_delivery() -> Delivery:
    """The clean delivery: nothing is wrong with it, and nothing is noted."""
    return copy.deepcopy(_clean())


def number_of(column: int, row: int) -> int:
    """Which square of the ground lies there, counted from 0."""
    return row * SIDE + column


def code_of(number: int) -> str:
    """DKBM of a square."""
    return f"{GROUND}00{number + 1:05d}"


def square(delivery: Delivery, column: int, row: int) -> tuple[Row, list[Point]]:
    """The row of a square in DK, and its ring, which may be changed."""
    layer = delivery.layers["DK"]
    at = next(n for n, one in enumerate(layer.rows) if one["DKBM"] == code_of(number_of(column, row)))
    return layer.rows[at], layer.shapes[at][0]


def ring_of(column: int, row: int) -> list[Point]:
    """Corners and middles of a square's sides, clockwise from its south-west: SW, W, NW, N, NE, E, SE, S."""
    west, south, half = WEST + CELL * column, SOUTH + CELL * row, CELL / 2
    steps = ((0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0))
    return [(west + half * east, south + half * north) for east, north in steps]


def box_ring(west: float, south: float, east: float, north: float) -> list[Point]:
    """The corners of a rectangle, clockwise."""
    return [(west, south), (west, north), (east, north), (east, south)]


def parcel_row(code: str, ring_area_m2: str, area_mu: str, number: int) -> Row:
    """A parcel of the collective that nobody contracts."""
    return {
        "BSM": str(100_000 + number), "YSDM": "211011", "DKBM": code, "DKMC": f"试{number}", "SYQXZ": "30", "DKLB": "99",
        "TDLYLX": "043", "DLDJ": "08", "TDYT": "5", "SFJBNT": "2", "SCMJ": ring_area_m2, "DKDZ": "东沙", "DKXZ": "西沙",
        "DKNZ": "南沙", "DKBZ": "北沙", "DKBZXX": "", "ZJRXM": "指界人甲", "KJZB": "J1/J2/J3/J4", "SCMJM": area_mu,
    }  # fmt: skip


def write_evidence(root: Path) -> None:
    """The files that rows of the delivery point to."""
    folder = root / "其他资料"
    folder.mkdir(exist_ok=True)
    for name in (PHOTO, PAPER, TITLE):
        (folder / name).write_bytes(name.encode())


@lru_cache(maxsize=1)
def _clean() -> Delivery:
    delivery = make_delivery()
    _add_ground(delivery)
    _add_points(delivery)
    _add_limits(delivery)
    _add_tables(delivery)
    return delivery


def _add_ground(delivery: Delivery) -> None:
    issuer = dict(delivery.tables["FBF"][0], FBFBM=f"{GROUND}00", FBFMC="乌审旗试验村村民委员会", FBFFZRXM="指界人甲")
    delivery.tables["FBF"].append(issuer)
    end = CELL * SIDE + _MARGIN
    limits = delivery.layers["CJQY"]
    limits.rows.append({"BSM": "9", "YSDM": "162030", "CJQYDM": GROUND, "CJQYMC": "试验村"})
    limits.shapes.append([box_ring(WEST - _MARGIN, SOUTH - _MARGIN, WEST + end, SOUTH + end)])
    parcels = delivery.layers["DK"]
    for row in range(SIDE):
        for column in range(SIDE):
            number = number_of(column, row)
            parcels.rows.append(parcel_row(code_of(number), "3600.00", "5.40", number))
            parcels.shapes.append([ring_of(column, row)])


def _add_points(delivery: Delivery) -> None:
    """Boundary points of the first two squares; those that both have name both."""
    points = delivery.layers.setdefault("JZD", Layer())
    named: dict[Point, list[str]] = {}
    for column in (0, 1):
        for place in ring_of(column, 0):
            named.setdefault(place, []).append(code_of(number_of(column, 0)))
    for number, ((x, y), codes) in enumerate(named.items(), start=1):
        points.rows.append({
            "BSM": str(number), "YSDM": "211021", "JZDH": f"J{number}", "JZDLX": "1", "JBLX": "2", "DKBM": "/".join(codes),
            "XZBZ": f"{y:.3f}", "YZBZ": f"{36_000_000 + x:.3f}",
        })  # fmt: skip
        points.shapes.append([[(x, y)]])


def _add_limits(delivery: Delivery) -> None:
    whole = box_ring(WEST - _MARGIN, SOUTH - _MARGIN, WEST + 2_000, SOUTH + 2_000)
    for part, feature, column, name, codes in (
        ("XJXZQ", "162010", "XZQDM", "XZQMC", [COUNTY]),
        ("XJQY", "162020", "XJQYDM", "XJQYMC", [GACHA[:9], OTHER_GACHA[:9]]),
        ("ZJQY", "162040", "ZJQYDM", "ZJQYMC", [f"{village}00" for village in (GACHA, FARMERS)]),
    ):
        layer = delivery.layers.setdefault(part, Layer())
        for number, code in enumerate(codes, start=1):
            layer.rows.append({"BSM": str(number), "YSDM": feature, column: code, name: f"界{number}"})
            layer.shapes.append([list(whole)])


def _add_tables(delivery: Delivery) -> None:
    """Houses on two homesteads of each village, a contract that two households hold, a paper of title."""
    tables = delivery.tables
    for village in VILLAGES:
        for row in [one for one in delivery.layers["ZD"].rows if one["FBFBM"].startswith(village) and one["QLRCBFBM"]][:2]:
            tables.setdefault("FW", []).append({
                "BDCDYH": row["BDCDYH"], "ZH": "0001", "ZCS": "1", "JZMJ": "88.50", "JGNF": "1998", "FWJG": "砖木",
                "DCRQ": "20160610",
            })  # fmt: skip
    for village in (GACHA, OTHER_GACHA):
        for household, share in (("1", "1"), ("2", "3")):
            tables.setdefault("LH", []).append({
                "CBHTBM": f"{village}004001J", "CBFBM": f"{village}00400{household}", "FE": share, "ZFE": "4",
            })  # fmt: skip
    tables["QSLYZLFJ"] = [{
        "CBJYQZBM": f"{village}000001J", "ZLFJBH": f"FJ{number:06d}", "ZLFJMC": "承包合同扫描件", "ZLFJRQ": "20161130",
        "FJ": f"其他资料\\{TITLE}",
    } for number, village in enumerate(VILLAGES, start=1)]  # fmt: skip
