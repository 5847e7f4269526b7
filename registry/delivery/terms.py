"""Do the days of a row follow one another, is a contract's term one that the law knows, may this be mortgaged at all?

A term that ran out ends nothing and is no fault. An unusual term is registered as the contract says.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from registry.delivery.faults import Faults
from registry.delivery.fields import FOREVER
from registry.delivery.frames import Frame, found_in
from registry.delivery.parts import MORTGAGE
from registry.law.parameters import terms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from registry.delivery.read import Delivery

# 农村土地承包法 as in force since this day knows the mortgage of operating rights (causes.md: mortgaged).
_MORTGAGES_SINCE = "2019-01-01"
_LAND_USES = {"01": "arable", "02": "arable", "03": "forest", "04": "grass"}
_PURPOSES = {"1": "arable", "2": "forest", "3": "grass"}
_WORDS = {"arable": ("耕地", "arable land"), "grass": ("草地", "grassland"), "forest": ("林地", "forest land")}


def land_use(land_type: str, purpose: str) -> str:
    """The land use of a parcel: by TDLYLX (GB/T 21010-2007), where that is blank by TDYT (docs/delivery.md 2.1).

    >>> land_use("042", "1"), land_use("", "3"), land_use("122", "3")
    ('grass', 'grass', 'other')
    """
    if land_type:
        return _LAND_USES.get(land_type[:2], "other")
    return _PURPOSES.get(purpose, "other")


def check_terms(delivery: Delivery, faults: Faults) -> None:
    """Check the order of days, the length of contracts, and what a mortgage may lie on."""
    contracts = delivery.frames["CBHT"]
    _check_order(contracts, "CBQXQ", "CBQXZ", faults)
    signed, ends = contracts.day("QDSJ"), contracts.day("CBQXZ")
    late = contracts.good("CBQXZ") & contracts.good("QDSJ") & _later(signed, ends)
    faults.rows("signed-after-term", contracts, late, "QDSJ", found=signed, expected=ends)
    _check_lengths(delivery, faults)
    benefits = delivery.part("惠农牧补贴")
    if benefits is not None:
        _check_order(benefits, "起始日期", "截止日期", faults)
    burdens = delivery.part("限制与义务")
    if burdens is not None:
        _check_order(burdens, "登记日期", "截止日期", faults)
        _check_mortgages(delivery, burdens, faults)


def _check_order(frame: Frame, begin: str, end: str, faults: Faults) -> None:
    begins, ends = frame.day(begin), frame.day(end)
    reversed_ = frame.good(begin) & frame.good(end) & _later(begins, ends)
    faults.rows("term-reversed", frame, reversed_, end, found=ends, expected=begins)
    frame.mark(end, reversed_)


def _later(one: list[str], other: list[str]) -> NDArray[np.bool_]:
    return np.asarray([a > b for a, b in zip(one, other, strict=True)], dtype=np.bool_)


def _check_lengths(delivery: Delivery, faults: Faults) -> None:
    """The term of each land use in a contract against the law on the day of signing (农村土地承包法 第21条)."""
    contracts = delivery.frames["CBHT"]
    uses = _uses_of_contracts(delivery)
    good = contracts.good("CBQXQ") & contracts.good("CBQXZ") & contracts.good("QDSJ")
    begins, ends, signed = contracts.day("CBQXQ"), contracts.day("CBQXZ"), contracts.day("QDSJ")
    for index in np.flatnonzero(good).tolist():
        if ends[index] == FOREVER:
            continue
        for use in sorted(uses.get(index, ())):
            expected = _lawful_years(use, signed[index])
            years = _years(begins[index], ends[index])
            if expected is None or expected[0] - 0.1 <= years <= expected[1] + 0.1:
                continue
            span = f"{expected[0]}" if expected[0] == expected[1] else f"{expected[0]}–{expected[1]}"
            values = {"use": _WORDS[use], "years": f"{years:.1f}".removesuffix(".0"), "expected": (f"{span} 年", span)}
            faults.at("term-unusual", contracts, index, "CBQXZ", values)


def _uses_of_contracts(delivery: Delivery) -> dict[int, set[str]]:
    contracts, rows, parcels = (delivery.frames[name] for name in ("CBHT", "CBDKXX", "DK"))
    contract = found_in(rows.text("CBHTBM"), contracts.text("CBHTBM"))
    parcel = found_in(rows.text("DKBM"), parcels.text("DKBM"))
    types, purposes = parcels.values("TDLYLX"), parcels.values("TDYT")
    uses: dict[int, set[str]] = defaultdict(set)
    for place, at in zip(contract.tolist(), parcel.tolist(), strict=True):
        if place >= 0 and at >= 0:
            uses[place].add(land_use(types[at], purposes[at]))
    return uses


def _lawful_years(use: str, signed: str) -> tuple[int, int] | None:
    day = dt.date.fromisoformat(signed)
    rule = next((term for term in terms() if term.thing == f"contract-{use}" and term.holds_on(day)), None)
    return None if rule is None else (rule.min_years, rule.max_years)


def _years(begin: str, end: str) -> float:
    """Whole years and a rest: from the first day to the last one, both counted."""
    first, after = dt.date.fromisoformat(begin), dt.date.fromisoformat(end) + dt.timedelta(days=1)
    return after.year - first.year + (after.timetuple().tm_yday - first.timetuple().tm_yday) / 365.25


def _check_mortgages(delivery: Delivery, burdens: Frame, faults: Faults) -> None:
    kinds, codes, days = burdens.values("类别"), burdens.values("标的代码"), burdens.day("登记日期")
    homesteads = delivery.part("ZD")
    units = set(homesteads.values("BDCDYH")) if homesteads is not None else set()
    good = burdens.good("类别") & burdens.good("标的代码")
    for index in np.flatnonzero(good).tolist():
        if kinds[index] != MORTGAGE:
            continue
        if codes[index] in units:
            faults.at("homestead-mortgaged", burdens, index, "标的代码", {"code": codes[index]})
        elif days[index] and days[index] < _MORTGAGES_SINCE:
            faults.at("mortgage-before-2019", burdens, index, "登记日期", {"value": days[index]})
