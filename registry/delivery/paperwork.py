"""Do the summary tables and the metadata file that came with a delivery say what its tables and layers do?

They are made by hand or by another program: a difference turns nothing back, and both values stand side by side. Sums are
those of `registry.delivery.summaries`, so what we hand in ourselves agrees. Nothing of these files is registered.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING
from unicodedata import normalize

from registry.delivery.containers import TableFile, Unreadable
from registry.delivery.faults import shown, tolerance
from registry.delivery.metadata import read_metadata
from registry.delivery.paperwork_files import METADATA, SUMMARIES, files_of
from registry.delivery.read_tables import plain_cells
from registry.delivery.summaries import NAMES, summaries

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from registry.delivery.faults import Faults
    from registry.delivery.metadata import Metadata
    from registry.delivery.read import Delivery
    from registry.delivery.summaries import Row, Summary

_READABLE = (".xlsx", ".csv")
_NOT_READ = ("请存为 .xlsx 或 .csv", "save it as .xlsx or .csv")
_NO_ENCODING = ("编码不明", "it is of no known encoding")
_NEEDED = {
    "DK": ("DKBM", "DKLB", "SCMJ", "TDYT"),
    "CBHT": ("CBHTBM", "CBFS", "HTZMJ"),
    "CBF": ("CBFBM", "CBFLX"),
    "CBF_JTCY": ("CBFBM",),
    "CBJYQZ_QZZX": ("CBJYQZBM",),
}
_OPTIONAL = ("SCMJM", "SFJBNT", "HTZMJM")
_MU_IN_M2 = Decimal(2000) / 3
_VILLAGE, _COUNTY = 12, 6
_DAY = re.compile(r"\d{8}", re.ASCII)
_CGCS2000, _MERIDIAN, _FALSE_EASTING_KM = "001", Decimal(108), Decimal(500)


def check_paperwork(delivery: Delivery, today: str, faults: Faults) -> None:
    """Compare what was delivered of both; `today` is YYYY-MM-DD. Called when every value was checked."""
    for path in _files(delivery, SUMMARIES):
        stem = normalize("NFC", path.stem)
        name = next((each for each in NAMES if stem.endswith(each)), None)
        if name is None:
            faults.whole("part-unread", f"{SUMMARIES}/{path.name}", path.name, part=path.name)
        else:
            _check_summary(delivery, path, name, faults)
    for path in _files(delivery, METADATA):
        if path.suffix.lower() != ".xml":
            faults.whole("part-unread", f"{METADATA}/{path.name}", path.name, part=path.name)
        else:
            _check_metadata(delivery, path, today, faults)


def _files(delivery: Delivery, folder: str) -> list[Path]:
    return [path for path in files_of(delivery.folder) if normalize("NFC", path.parent.name) == folder]


def _check_summary(delivery: Delivery, path: Path, name: str, faults: Faults) -> None:
    file = f"{SUMMARIES}/{path.name}"
    if path.suffix.lower() not in _READABLE:
        faults.whole("summary-unreadable", file, name, part=name, reason=_NOT_READ)
        return
    try:
        header, lines = plain_cells(TableFile(path, file))
    except Unreadable as bad:
        faults.whole("summary-unreadable", file, name, part=name, reason=bad.values.get("reason", _NO_ENCODING))
        return
    rows = _rows(delivery)
    if rows is None:
        return  # what is at fault in the tables is said there; their sums would only repeat it
    expected = next(each for each in summaries(rows, {}) if each.name == name)
    unknown = [column for column in header if column and column not in expected.header]
    if "代码" not in header or unknown:
        named = shown("、".join(unknown) or "–", sealed=False)
        faults.whole("summary-form", file, name, part=name, value=named)
        return
    for code, column, found, sum_ in _differing(expected, header, lines):
        village = code[:_VILLAGE] if len(code) >= _VILLAGE else ""
        values = {"part": name, "code": code, "column": column, "found": found, "expected": sum_}
        faults.of_village("summary-differs", village, name, **values)


def _rows(delivery: Delivery) -> dict[str, list[Row]] | None:
    """The rows as summaries want them; None where a value that is added up is missing or at fault."""
    found: dict[str, list[Row]] = {}
    for part, needed in _NEEDED.items():
        frame = delivery.part(part)
        if frame is None:
            found[part] = []
            continue
        columns = [*needed, *(name for name in _OPTIONAL if name in frame.present)]
        if not all(frame.good(name).all() for name in needed) or not all(frame.sound(name).all() for name in columns):
            return None
        values = [frame.values(name) for name in columns]
        found[part] = [
            {name: value for name, value in zip(columns, row, strict=True) if value} for row in zip(*values, strict=True)
        ]
    return found


def _differing(expected: Summary, header: list[str], lines: list[list[str]]) -> Iterator[tuple[str, str, str, str]]:
    """Code, column, what the table says, what the rows make; a line that only one of both has differs as a whole."""
    at = header.index("代码")
    told = {line[at]: dict(zip(header, line, strict=True)) for line in lines if line[at]}
    made = {line[0]: dict(zip(expected.header, line, strict=True)) for line in expected.lines}
    for code in sorted({*told, *made}):
        if code not in made or code not in told:
            yield shown(code, sealed=False), "代码", *(("–", code) if code not in told else (shown(code, sealed=False), "–"))
            continue
        for column in expected.header[2:]:
            if column in told[code] and not _same(column, told[code][column], made[code][column]):
                yield code, column, shown(told[code][column] or "–", sealed=False), made[code][column]


def _same(column: str, found: str, expected: str) -> bool:
    """Areas agree within 0.05 亩, counts to the unit; a blank is zero."""
    try:
        difference = abs(Decimal(found or "0") - Decimal(expected))
    except InvalidOperation:
        return False
    most = Decimal(str(tolerance("summary-differs")))
    if column.endswith("(平方米)"):
        most *= _MU_IN_M2
    return difference <= (most if column.endswith(")") else 0)


def _check_metadata(delivery: Delivery, path: Path, today: str, faults: Faults) -> None:
    file = f"{METADATA}/{path.name}"
    try:
        told = read_metadata(path)
    except Unreadable as bad:
        faults.whole(bad.fault, file, METADATA, **bad.values)
        return
    for group, name in (("dataIdInfo", "title"), ("dataIdInfo", "rpOrgName"), ("dataIdInfo", "date"), ("dataIdInfo", "geoID")):
        if not told.texts.get((group, name)):
            faults.whole("metadata-missing", file, METADATA, name, value=name)
    for name, found, expected in _contradictions(delivery, told, today):
        value = shown(found or "–", sealed=False)
        faults.whole("metadata-differs", file, METADATA, name, value=name, found=value, expected=expected)


def _contradictions(delivery: Delivery, told: Metadata, today: str) -> Iterator[tuple[str, str, str | tuple[str, str]]]:
    """Element, what it says, what the data say."""
    geo, day = told.texts.get(("dataIdInfo", "geoID"), ""), told.texts.get(("dataIdInfo", "date"), "")
    if geo and geo != delivery.county:
        yield "geoID", geo, delivery.county
    if day and not (_DAY.fullmatch(day) and day <= today.replace("-", "")):
        yield "date", day, ("YYYYMMDD，不晚于今天", "YYYYMMDD, not after today")
    system = {name: text for (group, name), text in told.texts.items() if group == "refSysInfo" and text}
    if "coorRSID" in system and system["coorRSID"] != _CGCS2000:
        yield "coorRSID", system["coorRSID"], (f"{_CGCS2000} 2000国家大地坐标系", f"{_CGCS2000} CGCS2000")
    # False eastings are written with and without the zone's number, whether or not coordinates carry it.
    zone = _MERIDIAN / 3 * 1000
    for name, allowed in (("centralMer", [_MERIDIAN]), ("eastFAL", [_FALSE_EASTING_KM, zone + _FALSE_EASTING_KM])):
        if name in system and _number(system[name]) not in allowed:
            yield name, system[name], " / ".join(f"{value:f}" for value in allowed)
    for name, capacity in told.layers.items():
        frame = delivery.part(name)
        count = 0 if frame is None else len(frame)
        if _number(capacity) != count:
            yield f"{shown(name, sealed=False)} capacity", capacity, str(count)


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
