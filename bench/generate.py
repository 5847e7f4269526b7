"""What does a delivery of a hundred thousand parcels look like? `python -m bench.generate [N] OUT` makes one.

OUT gets the folder 150626乌审旗 of docs/delivery.md: a DK layer (GBK Shapefile in EPSG:4524, 12 vertices a
parcel, fences shared vertex for vertex) and the tables FBF, CBF, CBF_JTCY, CBDKXX and CBHT (GBK CSV): real
villages by code, about seven parcels and four people to a household, all made up. The same N gives the same
bytes. It writes the Shapefile itself: GDAL is the peer that the bench reads it with, and dBASE widths are
those of real deliveries.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import shutil
import tomllib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sample_parcels import write as sample_write

SAMPLE = Path(sample_write.__file__).parent
COUNTY, YEAR = "150626", "2016"
VILLAGES = 20
PARCELS_PER_HOUSEHOLD = 7
LARGEST_VILLAGE = 50_000  # a household serial has four digits up to 8000, a parcel serial five
CELL = (90.0, 110.0)  # metres: about fifteen 亩
ZONE_PREFIX = 36_000_000.0
SIGNED = "20161130"

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Texts = npt.NDArray[np.str_]

_BYTES_PER_RECORD_HEADER, _FILE_HEADER = 8, 100
_VERTICES = 13  # twelve and the first one again
_LAND = (("012", "1"), ("012", "1"), ("012", "1"), ("013", "1"), ("013", "1"), ("032", "2"), ("041", "3"))
_RELATIONS = (("02", "1"), ("12", "2"), ("20", "1"), ("30", "2"), ("52", "2"))
_WEIGHTS = np.array((7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2))
_CHECK = np.array(list("10X98765432"))
_BIRTHDAYS, _FIRST_BIRTHDAY = 27_000, dt.date(1940, 1, 1)


@dataclass(frozen=True, slots=True)
class Land:
    """All parcels: rings (n, 13, 2) with zone prefix, area in hundredths of m², household, neighbours."""

    rings: Floats
    area_cents: Ints
    household: Ints
    codes: Texts
    neighbours: Ints  # (n, 4): household on the east, west, south and north, -1 for none


@dataclass(frozen=True, slots=True)
class Households:
    """All households: 18-digit codes, their members' first row and number of rows, and the members."""

    codes: Texts
    sizes: Ints
    owner: Ints  # of each member: the household
    names: Texts
    numbers: Texts
    relations: Texts
    sexes: Texts

    @property
    def heads(self) -> Ints:
        """The first member's row of each household."""
        return np.cumsum(self.sizes) - self.sizes


def generate(parcels: int, out: Path) -> Path:
    """Write a delivery of so many parcels below `out` and return its folder; what stood there goes."""
    folder = out / f"{COUNTY}乌审旗"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "矢量数据").mkdir(parents=True)
    (folder / "权属数据").mkdir()
    villages = _villages(max(VILLAGES, -(-parcels // LARGEST_VILLAGE)))
    land, homes = _lay_out(parcels, [code for code, _ in villages])
    people = _settle(homes)
    _write_layer(folder / "矢量数据" / f"DK{COUNTY}{YEAR}", land, people)
    tables = folder / "权属数据"
    _write_csv(tables / "FBF.csv", _issuers(villages))
    _write_csv(tables / "CBF.csv", _households(people))
    _write_csv(tables / "CBF_JTCY.csv", _members(people))
    _write_csv(tables / "CBDKXX.csv", _contracted(land, people))
    _write_csv(tables / "CBHT.csv", _contracts(land, people))
    return folder


def _villages(count: int) -> list[tuple[str, str]]:
    """The banner's first 嘎查 and 村 by code: a village part from 200 on is no town community."""
    with (SAMPLE / "divisions.csv").open(encoding="utf-8", newline="") as lines:
        rows = [(row["village_code"], row["village"]) for row in csv.DictReader(lines)]
    rural = [(code, name) for code, name in rows if "200" <= code[9:] < "400"]
    if count > len(rural):
        message = f"太多 / too many parcels: {count} villages are needed, the banner has {len(rural)}"
        raise SystemExit(message)
    return rural[:count]


def _lay_out(parcels: int, villages: list[str]) -> tuple[Land, Texts]:
    """A jittered mesh for each village; neighbouring households get neighbouring parcels."""
    rng = np.random.default_rng(20161130)
    rings, owners, codes, sides, homes = [], [], [], [], []
    first = 0
    for number, village in enumerate(villages):
        count = parcels // len(villages) + (number < parcels % len(villages))
        if not count:
            continue
        columns = int(np.ceil(np.sqrt(count)))
        rows = -(-count // columns)
        corner = (ZONE_PREFIX + 530_000.0 + number % 5 * 22_000, 4_190_000.0 + number // 5 * 27_000)
        rings.append(_mesh(rng, rows, columns, corner)[:count])
        households = -(-count // PARCELS_PER_HOUSEHOLD)
        owner = first + np.arange(count) * households // count
        codes.append(_numbered(village + "00", 5, count))
        homes.append(_numbered(village + "00", 4, households))
        grid = np.full((rows + 2, columns + 2), -1)
        inside = np.full(rows * columns, -1)
        inside[:count] = owner
        grid[1:-1, 1:-1] = inside.reshape(rows, columns)
        around = (grid[1:-1, 2:], grid[1:-1, :-2], grid[:-2, 1:-1], grid[2:, 1:-1])
        sides.append(np.stack([side.ravel()[:count] for side in around], axis=1))
        owners.append(owner)
        first += households
    ring = np.concatenate(rings)
    land = Land(ring, _area_cents(ring), np.concatenate(owners), np.concatenate(codes), np.concatenate(sides))
    return land, np.concatenate(homes)


def _mesh(rng: np.random.Generator, rows: int, columns: int, corner: tuple[float, float]) -> Floats:
    """Closed clockwise rings of a mesh whose fences bend: each is made once and used from both sides."""
    width, height = CELL
    nodes = np.stack(np.meshgrid(np.arange(columns + 1) * width, np.arange(rows + 1) * height), axis=-1) + rng.uniform(
        -15, 15, (rows + 1, columns + 1, 2)
    )
    part = np.array([1 / 3, 2 / 3])[:, None]
    across = nodes[:, :-1, None] * (1 - part) + nodes[:, 1:, None] * part
    across[..., 1] += rng.uniform(-4, 4, across.shape[:-1])
    upward = nodes[:-1, :, None] * (1 - part) + nodes[1:, :, None] * part
    upward[..., 0] += rng.uniform(-4, 4, upward.shape[:-1])
    nodes, across, upward = (np.round(part + np.array(corner), 3) for part in (nodes, across, upward))
    start = nodes[:-1, :-1, None]
    ring = (
        *(start, upward[:, :-1], nodes[1:, :-1, None], across[1:], nodes[1:, 1:, None]),
        *(upward[:, 1:, ::-1], nodes[:-1, 1:, None], across[:-1, :, ::-1], start),
    )
    return np.concatenate(ring, axis=2).reshape(rows * columns, _VERTICES, 2)


def _area_cents(rings: Floats) -> Ints:
    local = rings - rings[:, :1]
    x, y = local[..., 0], local[..., 1]
    area = np.sum(x[:, 1:] * y[:, :-1] - x[:, :-1] * y[:, 1:], axis=1) / 2
    cents: Ints = np.round(area * 100).astype(np.int64)
    return cents


def _settle(homes: Texts) -> Households:
    """Three to five people a household, with numbers of region 150699 that nobody has."""
    sizes = 3 + np.arange(len(homes)) % 3
    owner = np.repeat(np.arange(len(homes)), sizes)
    people = len(owner)
    place = np.arange(people) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    relations, sexes = (np.array(column)[place] for column in zip(*_RELATIONS, strict=True))
    han = tomllib.loads((SAMPLE / "names.toml").read_text("utf-8"))["han"]
    surnames, men, women = (np.array(han[key].split()) for key in ("surname", "male", "female"))
    any_name = np.arange(people) * 7 + owner
    given = np.where(sexes == "1", men[any_name % len(men)], women[any_name % len(women)])
    names = np.char.add(surnames[(owner + (relations == "12")) % len(surnames)], given)
    return Households(homes, sizes, owner, names, _id_numbers(people, sexes), relations, sexes)


def _id_numbers(people: int, sexes: Texts) -> Texts:
    """Well-formed numbers (GB 11643-1999), all different: a birthday repeats only with another serial."""
    days = [f"{_FIRST_BIRTHDAY + dt.timedelta(days=day):%Y%m%d}" for day in range(_BIRTHDAYS)]
    index = np.arange(people)
    birth = np.array(days)[index * 7919 % _BIRTHDAYS]  # 7919 is prime to 27,000: every day comes once a round
    serial = np.char.zfill((2 * (index // _BIRTHDAYS) + np.where(sexes == "1", 1, 2)).astype(str), 3)
    stem = np.char.add(np.char.add("150699", birth), serial)
    digits = stem.view("U1").reshape(people, 17).astype(np.int64)
    return np.char.add(stem, _CHECK[digits @ _WEIGHTS % 11])


def _numbered(prefix: str, width: int, count: int) -> Texts:
    return np.char.add(prefix, np.char.zfill(np.arange(1, count + 1).astype(str), width))


def _in_mu(cents: Ints) -> Ints:
    """Cents of 亩 from cents of m², half up: 1 亩 = 2000/3 m²."""
    return (cents * 3 + 1000) // 2000


def _money(cents: Ints) -> list[str]:
    return [f"{whole}.{rest:02d}" for whole, rest in zip(*divmod(cents, 100), strict=True)]


def _write_layer(stem: Path, land: Land, people: Households) -> None:
    """Write .shp, .shx, .dbf and .prj: every record has the same length, so each file is one array."""
    count = len(land.rings)
    low, high = land.rings.min(axis=1), land.rings.max(axis=1)
    record = np.zeros(
        count,
        np.dtype(
            [
                *(("number", ">i4"), ("words", ">i4"), ("kind", "<i4"), ("box", "<f8", 4)),
                *(("parts", "<i4"), ("points", "<i4"), ("part", "<i4"), ("ring", "<f8", (_VERTICES, 2))),
            ]
        ),
    )
    body = record.dtype.itemsize - _BYTES_PER_RECORD_HEADER
    record["number"], record["words"], record["kind"] = np.arange(1, count + 1), body // 2, 5
    record["box"] = np.concatenate([low, high], axis=1)
    record["parts"], record["points"], record["ring"] = 1, _VERTICES, land.rings
    index = np.zeros((count, 2), ">i4")
    index[:, 0] = (_FILE_HEADER + np.arange(count) * record.dtype.itemsize) // 2
    index[:, 1] = body // 2
    box = (*low.min(axis=0), *high.max(axis=0))
    for suffix, array in ((".shp", record), (".shx", index)):
        stem.with_suffix(suffix).write_bytes(_file_header(array.nbytes, box) + array.tobytes())
    stem.with_suffix(".dbf").write_bytes(_dbf(land, people))
    stem.with_suffix(".prj").write_text(sample_write.PROJECTION, "ascii")


def _file_header(length: int, box: tuple[float, ...]) -> bytes:
    words = np.array([9994, 0, 0, 0, 0, 0, (_FILE_HEADER + length) // 2], ">i4")
    return words.tobytes() + np.array([1000, 5], "<i4").tobytes() + np.array([*box, 0, 0, 0, 0], "<f8").tobytes()


def _dbf(land: Land, people: Households) -> bytes:
    """The attribute table: a matrix of bytes, a parcel a row, blanks where a text is short."""
    count = len(land.rings)
    heads = people.names[people.heads]
    blank = np.full(count, b"", "S1")
    number = np.arange(1, count + 1)
    place = number % PARCELS_PER_HOUSEHOLD
    land_use, purpose = (np.array(column, "S3")[place] for column in zip(*_LAND, strict=True))
    bounds = [_gbk(np.where(side < 0, "村道", heads[side])) for side in land.neighbours.T]
    columns = {
        "BSM": number.astype("S10"),
        "YSDM": np.full(count, b"211011"),
        "DKBM": land.codes.astype("S19"),
        "DKMC": _gbk(np.array(["井边", "渠北", "坡地", "沙畔", "河头"]))[number % 5],
        "SYQXZ": np.full(count, b"30"),
        "DKLB": np.full(count, b"10"),
        "TDLYLX": land_use,
        "DLDJ": np.full(count, b"05"),
        "TDYT": purpose,
        "SFJBNT": np.full(count, b"2"),
        "SCMJ": np.array(_money(land.area_cents), "S16"),
        **dict(zip(("DKDZ", "DKXZ", "DKNZ", "DKBZ"), bounds, strict=True)),
        "DKBZXX": blank,
        "ZJRXM": _gbk(heads)[land.household],
        "KJZB": np.full(count, b"J1/J2/J3/J4"),
        "SCMJM": np.array(_money(_in_mu(land.area_cents)), "S16"),
    }
    fields = sample_write.FIELDS["DK"]
    header = np.array([3, 2016 - 1900, 12, 20], "u1").tobytes() + np.array([count], "<u4").tobytes()
    width = 1 + sum(size for _, _, size, _ in fields)
    header += np.array([33 + 32 * len(fields), width], "<u2").tobytes()
    header += bytes(17) + b"\x4d" + bytes(2)
    cells = [np.full((count, 1), 32, "u1")]
    for name, kind, size, decimals in fields:
        header += name.encode().ljust(11, b"\0") + kind.encode() + bytes((0, 0, 0, 0, size, decimals)) + bytes(14)
        texts = columns[name].astype(f"S{size}")
        texts = np.char.rjust(texts, size) if kind == "N" else texts
        cell = texts.view("u1").reshape(count, size).copy()
        cell[cell == 0] = 32
        cells.append(cell)
    return header + b"\r" + np.concatenate(cells, axis=1).tobytes() + b"\x1a"


def _gbk(texts: Texts) -> npt.NDArray[np.bytes_]:
    return np.char.encode(texts, "gbk")


def _write_csv(path: Path, columns: dict[str, list[str] | Texts | str]) -> None:
    """Write a table from its columns; a single text stands for every row. No value here needs quotes."""
    count = next(len(column) for column in columns.values() if not isinstance(column, str))
    filled = [[column] * count if isinstance(column, str) else column for column in columns.values()]
    lines = [",".join(columns), *map(",".join, zip(*filled, strict=True)), ""]
    path.write_bytes("\r\n".join(lines).encode("gbk"))


def _issuers(villages: list[tuple[str, str]]) -> dict[str, list[str] | Texts | str]:
    return {
        "FBFBM": [code + "00" for code, _ in villages],
        "FBFMC": [name for _, name in villages],
        "FBFFZRXM": "负责人甲",
        "FZRZJLX": "9",
        "FZRZJHM": "无",
        "LXDH": "",
        "FBFDZ": [name for _, name in villages],
        "YZBM": "017300",
        "FBFDCY": "测绘员甲",
        "FBFDCRQ": "20160601",
        "FBFDCJS": "",
    }


def _households(people: Households) -> dict[str, list[str] | Texts | str]:
    return {
        "CBFBM": people.codes,
        "CBFLX": "1",
        "CBFMC": people.names[people.heads],
        "CBFZJLX": "1",
        "CBFZJHM": people.numbers[people.heads],
        "CBFDZ": np.char.add("内蒙古鄂尔多斯市乌审旗", np.char.add(people.codes.astype("U18"), "号")),
        "YZBM": "017300",
        "LXDH": "",
        "CBFCYSL": people.sizes.astype(str),
        "CBFDCRQ": "20160615",
        "CBFDCY": "测绘员甲",
        "CBFDCJS": "",
        "GSJS": "",
        "GSJSR": "测绘员甲",
        "GSSHRQ": "20160820",
        "GSSHR": "审核员乙",
    }


def _members(people: Households) -> dict[str, list[str] | Texts | str]:
    return {
        "CBFBM": people.codes[people.owner],
        "CYXM": people.names,
        "CYXB": people.sexes,
        "CYZJLX": "1",
        "CYZJHM": people.numbers,
        "YHZGX": people.relations,
        "CYBZ": "",
        "SFGYR": "1",
        "CYBZSM": "",
    }


def _contracted(land: Land, people: Households) -> dict[str, list[str] | Texts | str]:
    holder = people.codes[land.household]
    contract = np.char.add(holder, "J")
    return {
        "DKBM": land.codes,
        "FBFBM": land.codes.astype("U14"),
        "CBFBM": holder,
        "CBJYQQDFS": "110",
        "HTMJ": _money(land.area_cents),
        "CBHTBM": contract,
        "LZHTBM": "",
        "CBJYQZBM": contract,
        "YHTMJ": "",
        "HTMJM": _money(_in_mu(land.area_cents)),
        "YHTMJM": "",
        "SFQQQG": "2",
    }


def _contracts(land: Land, people: Households) -> dict[str, list[str] | Texts | str]:
    total = np.zeros(len(people.codes), np.int64)
    np.add.at(total, land.household, land.area_cents)
    return {
        "CBHTBM": np.char.add(people.codes, "J"),
        "YCBHTBM": "",
        "FBFBM": people.codes.astype("U14"),
        "CBFBM": people.codes,
        "CBFS": "110",
        "CBQXQ": "19980101",
        "CBQXZ": "20271231",
        "HTZMJ": _money(total),
        "CBDKZS": np.bincount(land.household, minlength=len(people.codes)).astype(str),
        "QDSJ": SIGNED,
        "HTZMJM": _money(_in_mu(total)),
        "YHTZMJ": "",
        "YHTZMJM": "",
    }


def main() -> None:
    """Read N and OUT from the command line and say where the delivery lies."""
    parser = argparse.ArgumentParser(description="Make a delivery of N parcels below OUT.")
    parser.add_argument("parcels", nargs="?", type=int, default=100_000, help="how many parcels (100000)")
    parser.add_argument("out", type=Path, help="folder that gets 150626乌审旗")
    asked = parser.parse_args()
    print(generate(asked.parcels, asked.out))


if __name__ == "__main__":
    main()
