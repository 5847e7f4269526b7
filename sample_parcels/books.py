"""What would the two authoritative books export about the sample's villages, and where do they disagree with it?

`python -m sample_parcels.books FOLDER` writes both exports, made from the sample delivery's own files (never from a
register), with every difference of `PLANTED` in its place: one slip, one difference. Codes and people are made up.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from gis.formats.dbf import DbfField, read_dbf
from gis.formats.dbf_writing import dbf_bytes
from sample_parcels.land import HERE
from sample_parcels.write import xlsx_bytes

Row = dict[str, str]
DELIVERY = HERE / "delivery" / "150626乌审旗"
CONTRACT_BOOK, REALTY = "承包合同簿", "不动产平台"
MOVED = {
    "150626101206004015J": "150626101206JF00015W00000000",
    "150626101206004017J": "150626101206JF00017W00000000",
}
"""Grassland contracts that the realty platform keeps by now, and their unit codes there."""
FORMER, NEW = "differs", "not-in-register"
GONE = "not-in-book"
_PLOT_FIELDS = [
    DbfField("BDCDYH", "C", 28), DbfField("ZDDM", "C", 19), DbfField("ZDMJ", "N", 16, 2), DbfField("MJDW", "C", 2),
    DbfField("ZL", "C", 100), *(DbfField(name, "C", 50) for name in ("ZDSZD", "ZDSZN", "ZDSZX", "ZDSZB")),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Planted:
    """One difference as a comparison must name it: book (folder), table, code, field, kind."""

    book: str
    table: str
    code: str
    field: str
    kind: str


def write_books(out: Path) -> list[Planted]:
    """Write both exports below `out`: csv in GBK and UTF-8, xlsx, dbf. What was planted, in order."""
    planted = [*_contract_book(out / CONTRACT_BOOK), *_realty(out / REALTY)]
    assert len({(one.table, one.code, one.field) for one in planted}) == len(planted)  # noqa: S101  (one slip, one place)
    return planted


def _contract_book(folder: Path) -> Iterator[Planted]:
    folder.mkdir(parents=True)
    tables = {name: _rows(name) for name in ("CBHT", "CBDKXX", "CBF", "CBF_JTCY")}
    tables["CBHT"] = [row for row in tables["CBHT"] if row["CBHTBM"] not in MOVED]
    tables["CBDKXX"] = [row for row in tables["CBDKXX"] if row["CBHTBM"] not in MOVED]
    yield from _contracts(tables["CBHT"], tables["CBDKXX"])
    yield from _parcels(tables["CBHT"], tables["CBDKXX"])
    yield from _households(tables["CBF"], tables["CBF_JTCY"])
    (folder / "CBHT.csv").write_bytes(_csv(tables["CBHT"]).encode("gbk"))
    (folder / "CBDKXX.xlsx").write_bytes(xlsx_bytes(tables["CBDKXX"]))
    (folder / "CBF.csv").write_bytes(_csv(tables["CBF"]).encode("utf-8-sig"))
    (folder / "CBF_JTCY.csv").write_bytes(_csv(tables["CBF_JTCY"]).encode("gbk"))


def _contracts(contracts: list[Row], lines: list[Row]) -> Iterator[Planted]:
    changes = {
        "CBQXZ": "20291231", "CBQXQ": "19990101", "QDSJ": "2016-12-01", "CBFS": "120", "HTZMJ": "1.00", "CBDKZS": "99",
        "FBFBM": contracts[-1]["FBFBM"], "CBFBM": contracts[-1]["CBFBM"],
    }  # fmt: skip
    for place, (field, value) in enumerate(changes.items()):
        contracts[place][field] = value
        yield Planted(CONTRACT_BOOK, "CBHT", contracts[place]["CBHTBM"], field, FORMER)
    gone = contracts.pop(20)["CBHTBM"]
    lines[:] = [line for line in lines if line["CBHTBM"] != gone]
    yield Planted(CONTRACT_BOOK, "CBHT", gone, "CBHTBM", GONE)
    code = contracts[21]["CBFBM"][:14] + "3999J"
    contracts.append(contracts[21] | {"CBHTBM": code})
    yield Planted(CONTRACT_BOOK, "CBHT", code, "CBHTBM", NEW)


def _parcels(contracts: list[Row], lines: list[Row]) -> Iterator[Planted]:
    of = {row["CBHTBM"]: [line for line in lines if line["CBHTBM"] == row["CBHTBM"]] for row in contracts}
    one, other, third, fourth = (of[contracts[place]["CBHTBM"]] for place in (30, 31, 32, 33))
    one[0]["HTMJ"] = "777.77"
    yield Planted(CONTRACT_BOOK, "CBDKXX", one[0]["DKBM"], "HTMJ", FORMER)
    other[0]["HTMJM"] = "7.77"
    yield Planted(CONTRACT_BOOK, "CBDKXX", other[0]["DKBM"], "HTMJM", FORMER)
    lines.remove(third[0])
    yield Planted(CONTRACT_BOOK, "CBDKXX", third[0]["CBHTBM"], "DKBM", GONE)
    lines.append(fourth[0] | {"DKBM": fourth[0]["FBFBM"] + "99999"})
    yield Planted(CONTRACT_BOOK, "CBDKXX", fourth[0]["CBHTBM"], "DKBM", NEW)


def _households(households: list[Row], members: list[Row]) -> Iterator[Planted]:
    households[40]["CBFMC"] = "另一人"
    yield Planted(CONTRACT_BOOK, "CBF", households[40]["CBFBM"], "CBFMC", FORMER)
    households[41]["CBFZJHM"] = "150699196001010010"
    yield Planted(CONTRACT_BOOK, "CBF", households[41]["CBFBM"], "CBFZJHM", FORMER)
    of = [[line for line in members if line["CBFBM"] == row["CBFBM"]] for row in households[42:60]]
    large = [lines for lines in of if len(lines) > 2]  # noqa: PLR2004  (somebody beside the representative and the spouse)
    for lines, (field, value) in zip(large, {"CYXM": "改过名", "YHZGX": "99", "SFGYR": "2"}.items(), strict=False):
        lines[-1][field] = value
        yield Planted(CONTRACT_BOOK, "CBF_JTCY", lines[-1]["CBFBM"], field, FORMER)
    members.remove(large[3][-1])
    yield Planted(CONTRACT_BOOK, "CBF_JTCY", large[3][-1]["CBFBM"], "CYXM", GONE)
    newcomer = large[4][-1] | {"CYXM": "多一人", "CYZJHM": "150699200001010028"}
    members.append(newcomer)
    yield Planted(CONTRACT_BOOK, "CBF_JTCY", newcomer["CBFBM"], "CYXM", NEW)


def _realty(folder: Path) -> Iterator[Planted]:
    folder.mkdir(parents=True)
    held = [row for row in _plots() if row["QLRCBFBM"]]
    plots = [
        {"BDCDYH": row["BDCDYH"], "ZDDM": row["ZDDM"], "ZDMJ": row["ZDMJ"], "MJDW": "1", "ZL": row["ZL"]}
        | {name: row[name] for name in ("ZDSZD", "ZDSZN", "ZDSZX", "ZDSZB")}
        for row in held
    ]
    homesteads = [
        {"BDCDYH": row["BDCDYH"], "ZDDM": row["ZDDM"], "QLLX": "5", "SYQMJ": row["ZDMJ"]}
        | {"SYQQSSJ": f"{row['DJRQ'][:4]}-{row['DJRQ'][4:6]}-{row['DJRQ'][6:]} 00:00:00", "SYQJSSJ": ""}
        | {"BDCQZH": row["QZH"], "QSZT": "1"}
        for row in held
    ]
    yield from _homesteads(homesteads, plots)
    farmland = list(_farmland())
    yield from _moved(farmland)
    (folder / "QLF_QL_JSYDSYQ.csv").write_bytes(_csv(homesteads).encode("gbk"))
    (folder / "QLF_QL_NYDSYQ.xlsx").write_bytes(xlsx_bytes(farmland))
    frame = pd.DataFrame(plots).astype({"ZDMJ": float})
    (folder / "KTT_ZDJBXX.dbf").write_bytes(dbf_bytes(frame, "gbk", _PLOT_FIELDS))


def _homesteads(homesteads: list[Row], plots: list[Row]) -> Iterator[Planted]:
    changes = {"SYQMJ": "1.23", "BDCQZH": "蒙（2016）乌审旗不动产权第9999999号", "SYQJSSJ": "2066/11/30 0:00:00", "QSZT": "3"}
    for place, (field, value) in enumerate(changes.items()):
        homesteads[place][field] = value
        yield Planted(REALTY, "QLF_QL_JSYDSYQ", homesteads[place]["BDCDYH"], field, FORMER)
    yield Planted(REALTY, "QLF_QL_JSYDSYQ", homesteads[4]["BDCDYH"], "BDCDYH", FORMER)
    homesteads[4]["BDCDYH"] = homesteads[4]["ZDDM"] + "W00000000"
    gone = homesteads.pop(5)
    yield Planted(REALTY, "QLF_QL_JSYDSYQ", gone["BDCDYH"], "BDCDYH", GONE)
    unit = gone["ZDDM"][:12] + "JC09999F00010001"
    homesteads.append(gone | {"BDCDYH": unit, "ZDDM": unit[:19], "BDCQZH": "无此证"})
    yield Planted(REALTY, "QLF_QL_JSYDSYQ", unit, "BDCDYH", NEW)
    homesteads.append(homesteads[6] | {"QSZT": "2", "SYQMJ": "9.99"})  # history: says nothing of today
    for place, (field, value) in enumerate({"ZDMJ": "8.88", "ZL": "另一处", "ZDSZD": "另一家"}.items(), start=10):
        plots[place][field] = value
        yield Planted(REALTY, "KTT_ZDJBXX", plots[place]["BDCDYH"], field, FORMER)


def _farmland() -> Iterator[Row]:
    for row in _rows("CBHT"):
        if row["CBHTBM"] in MOVED:
            yield {
                "BDCDYH": MOVED[row["CBHTBM"]], "QLLX": "13", "FBFDM": row["FBFBM"],
                "CBMJ": row["HTZMJM"], "CBQSSJ": row["CBQXQ"], "CBJSSJ": row["CBQXZ"], "BDCQZH": "", "QSZT": "1",
            }  # fmt: skip


def _moved(farmland: list[Row]) -> Iterator[Planted]:
    codes = list(MOVED)
    farmland[0]["CBMJ"] = "1.11"
    yield Planted(REALTY, "QLF_QL_NYDSYQ", codes[0], "CBMJ", FORMER)
    farmland[1]["CBJSSJ"] = "2046-12-31"
    yield Planted(REALTY, "QLF_QL_NYDSYQ", codes[1], "CBJSSJ", FORMER)
    unit = "150626101206JF00999W00000000"
    farmland.append(farmland[0] | {"BDCDYH": unit})
    yield Planted(REALTY, "QLF_QL_NYDSYQ", unit, "BDCDYH", NEW)


def _rows(table: str) -> list[Row]:
    raw = (DELIVERY / "权属数据" / f"{table}.csv").read_bytes()
    return list(csv.DictReader(io.StringIO(raw.decode("gbk"))))


def _plots() -> list[Row]:
    table = read_dbf(DELIVERY / "矢量数据" / "ZD1506262016.dbf")
    frame = pd.DataFrame(table.columns).astype(object)
    return [
        {str(name): "" if pd.isna(value) else str(value) for name, value in row.items()} for row in frame.to_dict("records")
    ]


def _csv(rows: list[Row]) -> str:
    text = io.StringIO()
    lines = csv.DictWriter(text, list(rows[0]), lineterminator="\r\n")
    lines.writeheader()
    lines.writerows(rows)
    return text.getvalue()


if __name__ == "__main__":
    for each in write_books(Path(sys.argv[1])):
        print(each.book, each.table, each.code, each.field, each.kind)
