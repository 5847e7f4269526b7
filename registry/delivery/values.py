"""Is each value there, readable, in its code list, and each code built as it must be?

A cell that fails one question is not asked the next (one slip, one fault): blank, rounded by a spreadsheet, too long,
wrong in itself. What fails is marked in its frame, so that nothing later looks it up.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from registry.delivery.faults import Faults, shown
from registry.delivery.fields import FOREVER, Column
from registry.delivery.frames import Frame, first_of, found_in, joined, mapped, mask
from registry.delivery.parts import MORTGAGE, STOCKING_LIMIT

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ROUNDED = r"[0-9](?:\.[0-9]+)?[eE]\+[0-9]+"
_DECIMAL = r"-?[0-9]{1,15}(?:\.[0-9]+)?"
_WHOLE = r"[0-9]{1,9}(?:\.0+)?"
# What a spreadsheet would run, full-width forms included; +86 … and a hyphen for "nothing" are no formulas.
_FORMULA = r"^[=＝@＠]|^[-+－＋].*[(（|!！]"
# Units and bases that lists are written with beside those that are taken: nobody is called so, and a clerk must read them.
_NOBODY = frozenset({
    "公顷", "平方米", "公亩", "只", "匹", "峰", "羊", "牛", "公斤", "元",
    "户籍", "户口", "农民", "村民", "家庭", "人口", "面积", "牲畜",
})  # fmt: skip
_FOREVER_DELIVERED = {"99990101", "9999-01-01"}
_STRUCTURES = {
    "fbf": ("fbf-code-structure", r"{county}[0-9]{{8}}"),
    "cbf": ("cbf-code-structure", r"{county}[0-9]{{12}}"),
    "dk": ("dk-code-structure", r"{county}[0-9]{{13}}"),
    "dks": ("dk-code-structure", r"{county}[0-9]{{13}}(?:/{county}[0-9]{{13}})*"),
    "county": ("limit-code-structure", r"{county}"),
    "town": ("limit-code-structure", r"{county}[0-9]{{3}}"),
    "group": ("limit-code-structure", r"{county}[0-9]{{8}}"),
    "cbht": ("cbht-code-structure", r"{county}[0-9]{{12}}[JQ]"),
    "unit": ("unit-code-structure", r"{county}[0-9]{{6}}JC[0-9]{{5}}(?:F[0-9]{{8}}|W00000000)"),
    "village": ("village-code-structure", r"{county}[0-9]{{6}}"),
    "division": ("division-code-structure", r"[0-9]{{12}}"),
}
# What makes one row of a part (docs/delivery.md 5); the column at which a second one is reported stands first.
_KEYS = {
    "DK": ("DKBM",),
    "CJQY": ("CJQYDM",),
    "ZD": ("BDCDYH",),
    "FBF": ("FBFBM",),
    "CBF": ("CBFBM",),
    "CBF_JTCY": ("CYZJHM", "CBFBM"),
    "CBHT": ("CBHTBM",),
    "成员名册": ("证件号码", "发包方编码"),
    "股权台账": ("证件号码", "发包方编码"),
    "惠农牧补贴": ("政策", "年度", "承包方编码", "证件号码", "地块代码"),
    "户籍": ("证件号码", "登记日期"),
    "FW": ("BDCDYH", "ZH"),
    "LH": ("CBFBM", "CBHTBM"),
    "XJXZQ": ("XZQDM",),
    "XJQY": ("XJQYDM",),
    "ZJQY": ("ZJQYDM",),
    "LZHT": ("LZHTBM",),
    "QSLYZLFJ": ("ZLFJBH", "CBJYQZBM"),
    "CBJYQZDJB": ("CBJYQZBM",),
    "CBJYQZ": ("CBJYQZBM",),
    "限制与义务": ("标的代码", "类别", "文号"),
}


def check_values(frame: Frame, county: str, today: str, faults: Faults) -> None:
    """Check every cell of a part on its own, then that no key stands twice. `today` is YYYY-MM-DD."""
    for column in frame.part.columns:
        if column.name in frame.present:
            _check_column(frame, column, county, today, faults)
    _check_neighbours(frame, faults)
    _check_keys(frame, faults)


def _check_column(frame: Frame, column: Column, county: str, today: str, faults: Faults) -> None:
    _check_presence(frame, column, faults)
    if column.kind in {"text", "id", "number", "positive", "whole", "shares"}:
        _refuse(frame, column, frame.good(column.name) & frame.matches(column.name, _ROUNDED), "value-rounded", faults)
    if column.length:
        long = frame.good(column.name) & mask(pc.greater(pc.utf8_length(frame.text(column.name)), column.length))
        if long.any():
            lengths = pc.utf8_length(frame.text(column.name)).to_pylist()
            faults.rows("value-too-long", frame, long, column.name, found=lengths, expected=str(column.length))
            frame.mark(column.name, long)
    if column.kind in {"text", "id"}:
        formula = frame.good(column.name) & mask(pc.match_substring_regex(frame.text(column.name), _FORMULA))
        faults.rows("value-is-formula", frame, formula, column.name)
        frame.mark(column.name, formula)
    check = _CHECKS.get(column.kind)
    if check is not None:
        check(frame, column, today, faults)
    elif column.kind in _STRUCTURES:
        fault, pattern = _STRUCTURES[column.kind]
        wrong = frame.good(column.name) & ~frame.matches(column.name, pattern.format(county=county))
        _refuse(frame, column, wrong, fault, faults)


def _check_presence(frame: Frame, column: Column, faults: Faults) -> None:
    blank = ~frame.filled(column.name) & frame.sound(column.name)
    asked = _ASKED.get((frame.part.name, column.name))
    if asked is not None:
        faults.rows("value-missing", frame, blank & asked(frame), column.name)
        frame.mark(column.name, blank & asked(frame))
    elif column.need == "必":
        faults.rows("value-missing", frame, blank, column.name)
        frame.mark(column.name, blank)
    elif column.need == "宜" and (frame.part.name, column.name) not in _EXPECTED_ELSEWHERE:
        expected = _EXPECTED.get((frame.part.name, column.name))
        faults.rows("value-expected", frame, blank if expected is None else blank & expected(frame), column.name)


def _refuse(frame: Frame, column: Column, wrong: NDArray[np.bool_], fault: str, faults: Faults, **more: str) -> None:
    """One fault a row with the value as it may be shown, and the cells marked."""
    if not wrong.any():
        return
    values = frame.values(column.name)
    for index in np.flatnonzero(wrong).tolist():
        faults.at(fault, frame, index, column.name, {"value": shown(values[index], sealed=column.sealed), **more})
    frame.mark(column.name, wrong)


def _number(frame: Frame, column: Column, _today: str, faults: Faults) -> None:
    _refuse(frame, column, frame.good(column.name) & ~frame.matches(column.name, _DECIMAL), "value-not-number", faults)
    numbers = frame.numbers(column.name)
    with np.errstate(invalid="ignore"):
        low = numbers <= 0 if column.kind == "positive" else numbers < 0
    _refuse(frame, column, low, "value-not-positive", faults)


def _whole(frame: Frame, column: Column, _today: str, faults: Faults) -> None:
    decimal = frame.matches(column.name, _DECIMAL)
    _refuse(frame, column, frame.good(column.name) & ~decimal, "value-not-number", faults)
    fault = "shares-not-whole" if column.kind == "shares" else "value-not-number"
    with np.errstate(invalid="ignore"):
        low = frame.numbers(column.name) <= 0
    _refuse(frame, column, low, "value-not-positive", faults)
    _refuse(frame, column, frame.good(column.name) & ~frame.matches(column.name, _WHOLE), fault, faults)


def _day(frame: Frame, column: Column, today: str, faults: Faults) -> None:
    days = mapped(frame.text(column.name), iso_day)
    unread = frame.good(column.name) & np.asarray([not day for day in days], dtype=np.bool_)
    _refuse(frame, column, unread, "value-not-date", faults)
    if column.kind == "past-day":
        late = frame.good(column.name) & np.asarray([day > today for day in days], dtype=np.bool_)
        _refuse(frame, column, late, "day-in-future", faults)
    good = frame.good(column.name).tolist()
    frame.days[column.name] = [day if ok else "" for day, ok in zip(days, good, strict=True)]


def _year(frame: Frame, column: Column, _today: str, faults: Faults) -> None:
    wrong = frame.good(column.name) & ~frame.matches(column.name, r"(?:19|20)[0-9]{2}")
    _refuse(frame, column, wrong, "value-not-date", faults)


def _listed(frame: Frame, column: Column, _today: str, faults: Faults) -> None:
    unlisted = frame.good(column.name) & (found_in(frame.text(column.name), pa.array(column.allowed, pa.string())) < 0)
    allowed = " ".join(column.allowed) if len(column.allowed) <= 12 else column.standard  # noqa: PLR2004 - told in a line
    if not unlisted.any():
        return
    values = frame.values(column.name)
    for index in np.flatnonzero(unlisted).tolist():
        value = values[index] if values[index] in _NOBODY else shown(values[index], sealed=column.sealed)
        faults.at("value-not-in-list", frame, index, column.name, {"value": value, "allowed": allowed})
    frame.mark(column.name, unlisted)


def _plot(frame: Frame, column: Column, _today: str, faults: Faults) -> None:
    """ZDDM is the first 19 of the unit code of its row, where that one is well built."""
    expected = pc.utf8_slice_codeunits(frame.text("BDCDYH"), 0, 19)
    differs = frame.good(column.name) & frame.good("BDCDYH") & mask(pc.not_equal(frame.text(column.name), expected))
    for index in np.flatnonzero(differs).tolist():
        values = {
            "value": shown(frame.values(column.name)[index], sealed=False),
            "expected": frame.values("BDCDYH")[index][:19],
        }
        faults.at("plot-code-differs", frame, index, column.name, values)
    frame.mark(column.name, differs)


def _object(frame: Frame, column: Column, _today: str, faults: Faults) -> None:
    """A code of a parcel, contract or homestead: what it is like decides which structure it must have."""
    code = frame.text(column.name)
    length = pc.utf8_length(code).to_numpy(zero_copy_only=False)
    is_unit = mask(pc.match_substring(code, "JC")) | (length > 19)  # noqa: PLR2004 - the others have 19
    is_contract = ~is_unit & mask(pc.match_substring_regex(code, "[A-Za-z]$"))
    for kind, mine in (("unit", is_unit), ("cbht", is_contract), ("dk", ~is_unit & ~is_contract)):
        fault, pattern = _STRUCTURES[kind]
        wrong = frame.good(column.name) & mine & ~frame.matches(column.name, pattern.format(county="[0-9]{6}"))
        _refuse(frame, column, wrong, fault, faults)


@lru_cache(maxsize=65_536)
def iso_day(text: str) -> str:
    """YYYYMMDD or YYYY-MM-DD as YYYY-MM-DD; "" for what is no day. 99990101 is for ever.

    >>> iso_day("20161130"), iso_day("2016-11-30"), iso_day("20160230"), iso_day("99990101")
    ('2016-11-30', '2016-11-30', '', '9999-01-01')
    """
    if text in _FOREVER_DELIVERED:
        return FOREVER
    match = re.fullmatch(r"(\d{4})(-?)(\d\d)\2(\d\d)", text, re.ASCII)
    if match is None:
        return ""
    try:
        return dt.date(int(match[1]), int(match[3]), int(match[4])).isoformat()
    except ValueError:
        return ""


def _check_neighbours(frame: Frame, faults: Faults) -> None:
    """At least three of the four neighbours of a parcel; SFGYR read as yes where it is blank."""
    if frame.part.name == "DK":
        sides = ("DKDZ", "DKXZ", "DKNZ", "DKBZ")
        filled = np.sum([frame.filled(side) for side in sides], axis=0)
        for index in np.flatnonzero(filled < 3).tolist():  # noqa: PLR2004 - three of four
            side = next(side for side in sides if not frame.filled(side)[index])
            faults.at("value-expected", frame, index, side)
    if frame.part.name == "CBF_JTCY" and "SFGYR" in frame.present:
        faults.rows("co-holder-blank", frame, ~frame.filled("SFGYR") & frame.sound("SFGYR"), "SFGYR")


def _check_keys(frame: Frame, faults: Faults) -> None:
    names = _KEYS.get(frame.part.name)
    if names is None:
        return
    sound = np.logical_and.reduce([frame.sound(name) for name in names])
    first = first_of(joined([frame.text(name) for name in names]))
    twice = sound & sound[first] & (first != np.arange(len(frame)))
    codes = frame.values(names[0])
    for index in np.flatnonzero(twice).tolist():
        values = {"code": shown(codes[index], sealed=frame.part.column(names[0]).sealed), "first": int(frame.row[first[index]])}
        faults.at("key-twice", frame, index, names[0], values)
        frame.twice.add(index)


def _is(name: str, *values: str) -> Callable[[Frame], NDArray[np.bool_]]:
    return lambda frame: found_in(frame.text(name), pa.array(values, pa.string())) >= 0


_CHECKS: dict[str, Callable[[Frame, Column, str, Faults], Any]] = {
    "number": _number,
    "positive": _number,
    "whole": _whole,
    "shares": _whole,
    "day": _day,
    "past-day": _day,
    "year": _year,
    "list": _listed,
    "plot": _plot,
    "object": _object,
}
# Required only where another field says so.
_ASKED: dict[tuple[str, str], Callable[[Frame], NDArray[np.bool_]]] = {
    ("ZD", "DJRQ"): lambda frame: frame.filled("QLRCBFBM"),
    ("惠农牧补贴", "承包方编码"): _is("计发依据", "地块", "畜群", "农户"),
    ("惠农牧补贴", "姓名"): _is("计发依据", "个人"),
    ("惠农牧补贴", "证件号码"): _is("计发依据", "个人"),
    ("限制与义务", "金额"): _is("类别", MORTGAGE),
    ("限制与义务", "顺位"): _is("类别", MORTGAGE),
    ("限制与义务", "数量"): _is("类别", STOCKING_LIMIT),
    ("限制与义务", "单位"): _is("类别", STOCKING_LIMIT),
}
_EXPECTED: dict[tuple[str, str], Callable[[Frame], NDArray[np.bool_]]] = {
    ("DK", "ZJRXM"): _is("DKLB", "10"),
    ("ZD", "QZH"): lambda frame: frame.filled("QLRCBFBM"),
}
_EXPECTED_ELSEWHERE = {
    *(("DK", side) for side in ("DKDZ", "DKXZ", "DKNZ", "DKBZ")),
    ("CBF_JTCY", "SFGYR"),
}
