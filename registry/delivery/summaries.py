"""What do the six summary tables (汇总表) of a delivery or a hand-in say, by name?

One row for the county, each town, village and issuer, in the order of codes. Every figure is a sum of values as they were
recorded and rounded for each parcel or contract, so that a printed column adds up. The standard names the tables; their
columns here are ours, for its own forms were not at hand.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from gis.areas import mu_from_m2

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Row = dict[str, str]
_LEVELS = (6, 9, 12, 14)
_CONTRACTED = "10"
_PURPOSES = {"1": "种植业", "2": "林业", "3": "畜牧业", "4": "渔业", "5": "非农业用途"}
_KINDS = {"21": "自留地", "22": "机动地", "23": "开荒地", "99": "其他集体土地"}
_UNSTATED = "未填"
_FARMLAND = {"1": "基本农田", "2": "非基本农田", "": _UNSTATED}
_HOLDERS = {"1": "农户", "2": "个人", "3": "单位"}
_FAMILY = frozenset({"100", "110"})
NAMES = (
    "按地块汇总表", "按承包地土地用途汇总表", "按非承包地地块类别汇总表", "按承包地是否基本农田汇总表", "按权证信息汇总表",
    "按承包方汇总表",
)  # fmt: skip


class Summary(NamedTuple):
    """One table: its name, its header, its lines."""

    name: str
    header: list[str]
    lines: list[list[str]]


class _Item(NamedTuple):
    """One thing that is counted: where, under which head, and how large (m² and 亩, two decimals)."""

    code: str
    head: str
    m2: Decimal = Decimal(0)
    mu: Decimal = Decimal(0)


def summaries(rows: Mapping[str, list[Row]], names: Mapping[str, str]) -> list[Summary]:
    """The six tables of the rows of a delivery; `names` by the code of a county, town, village or issuer."""
    parcels = [
        (row, Decimal(row["SCMJ"]), Decimal(row.get("SCMJM") or str(mu_from_m2(row["SCMJ"])))) for row in rows["DK"]
    ]
    contracted = [one for one in parcels if one[0]["DKLB"] == _CONTRACTED]
    others = [one for one in parcels if one[0]["DKLB"] != _CONTRACTED]

    def by(some: Iterable[tuple[Row, Decimal, Decimal]], head: Callable[[Row], str]) -> list[_Item]:
        return [_Item(row["DKBM"], head(row), m2, mu) for row, m2, mu in some]

    all_of_it = by(contracted, lambda _: "承包地块") + by(others, lambda _: "非承包地块")
    farmland = by(contracted, lambda row: _FARMLAND.get(row.get("SFJBNT", ""), _UNSTATED))
    purposes = by(contracted, lambda row: _PURPOSES.get(row.get("TDYT", ""), _UNSTATED))
    kinds = by(others, lambda row: _KINDS.get(row["DKLB"], _UNSTATED))
    return [
        _areas(NAMES[0], all_of_it, ("承包地块", "非承包地块"), names),
        _areas(NAMES[1], purposes, _heads(_PURPOSES, purposes), names),
        _areas(NAMES[2], kinds, _heads(_KINDS, kinds), names),
        _areas(NAMES[3], farmland, _FARMLAND.values(), names),
        _areas(NAMES[4], _certificates(rows), ("家庭承包权证", "其他方式承包权证"), names),
        _counts(NAMES[5], _holders(rows), (*_HOLDERS.values(), "家庭成员"), names),
    ]


def _heads(named: Mapping[str, str], items: Iterable[_Item]) -> list[str]:
    """The standard's, and one more where a parcel that came by no delivery does not say."""
    return [*named.values(), *([_UNSTATED] if any(item.head == _UNSTATED for item in items) else [])]


def _certificates(rows: Mapping[str, list[Row]]) -> list[_Item]:
    """A certificate and its contract have one code; what was cancelled is not counted."""
    cancelled = {row["CBJYQZBM"] for row in rows.get("CBJYQZ_QZZX", [])}
    return [
        _Item(
            row["CBHTBM"],
            "家庭承包权证" if row.get("CBFS", "") in _FAMILY else "其他方式承包权证",
            Decimal(row["HTZMJ"]),
            Decimal(row.get("HTZMJM") or str(mu_from_m2(row["HTZMJ"]))),
        )
        for row in rows["CBHT"]
        if row["CBHTBM"] not in cancelled
    ]


def _holders(rows: Mapping[str, list[Row]]) -> list[_Item]:
    return [
        *(_Item(row["CBFBM"], _HOLDERS[row["CBFLX"]]) for row in rows["CBF"]),
        *(_Item(row["CBFBM"], "家庭成员") for row in rows["CBF_JTCY"]),
    ]


def _areas(name: str, items: list[_Item], heads: Iterable[str], names: Mapping[str, str]) -> Summary:
    count, m2, mu = _summed(items)
    columns = list(heads)
    header = ["代码", "名称"]
    for head in (*columns, "合计"):
        header += [f"{head}数", f"{head}面积(平方米)", f"{head}面积(亩)"]
    lines = [
        [code, names.get(code, ""), *(
            cell
            for head in (*columns, "")
            for cell in (str(count[code, head]), f"{m2[code, head]:.2f}", f"{mu[code, head]:.2f}")
        )]
        for code in _codes(items)
    ]  # fmt: skip
    return Summary(name, header, lines)


def _counts(name: str, items: list[_Item], heads: Iterable[str], names: Mapping[str, str]) -> Summary:
    count, _, _ = _summed(items)
    columns = list(heads)
    lines = [[code, names.get(code, ""), *(str(count[code, head]) for head in columns)] for code in _codes(items)]
    return Summary(name, ["代码", "名称", *(f"{head}数" for head in columns)], lines)


def _summed(
    items: list[_Item],
) -> tuple[Counter[tuple[str, str]], defaultdict[tuple[str, str], Decimal], defaultdict[tuple[str, str], Decimal]]:
    """By code of each level and head; head "" is all of them."""
    count: Counter[tuple[str, str]] = Counter()
    m2: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    mu: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for item in items:
        for level in _LEVELS:
            for head in (item.head, ""):
                key = item.code[:level], head
                count[key] += 1
                m2[key] += item.m2
                mu[key] += item.mu
    return count, m2, mu


def _codes(items: list[_Item]) -> list[str]:
    return sorted({item.code[:level] for item in items for level in _LEVELS})
