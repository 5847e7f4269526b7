"""Which papers go back and forth with a delivery: its receipt, and for each village an acceptance or a return sheet?

A *receipt* says for both sides what was handed over: content hash, counts, rules, digest of the verdict. An *acceptance sheet*
(验收单) says of a village that passed what was found, mended since the last time, and excepted. A *return sheet* (退件单) lists
each fault of one that comes back, with what to do. Sheets show of people what reports show, nothing more; the same input
gives the same bytes.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gis.cartography import set_in_type
from registry.delivery.faults import catalogue, rule_pack, shown
from registry.delivery.part_names import NAMES
from registry.delivery.parts import PARTS
from registry.delivery.report import SEVERITIES, bounded
from registry.errors import SanquanError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from registry.delivery.exceptions import Excepted
    from registry.delivery.faults import Fault
    from registry.delivery.inspection import Inspection
    from registry.delivery.read import Delivery
    from registry.delivery.report import ImportReport, VillageReport

_TEMPLATE = Path(__file__).with_name("sheet.typ")
_PLACEHOLDER = re.compile(r"\{[^}]*\}")
_LARGEST_VERDICT = 512 << 20  # bytes
_SURVEYOR, _COUNTY = ("测绘单位", "surveyor"), ("县级主管部门", "county")

Words = tuple[str, str]
Row = tuple[str, str, str, str]
"""By what a fault is known again in another delivery: its id, layer, field and the code of its row."""


class NothingToReceiveError(SanquanError):
    """Raised when a folder is no delivery: nothing was read that a receipt could name."""

    def __init__(self, folder: str, faults: Sequence[Fault]) -> None:
        """The folder and why nothing was read."""
        zh, en = "; ".join(each.zh for each in faults[:3]), "; ".join(each.en for each in faults[:3])
        super().__init__(
            f"{folder} 读不出成果, 不能开回执: {zh}", f"nothing of a delivery was read in {folder}, so no receipt: {en}"
        )


class LastVerdictUnreadableError(SanquanError):
    """Raised when the file that is to say what was found the last time is no verdict."""

    def __init__(self, name: str) -> None:
        """The file, and how one is made."""
        super().__init__(
            f"{name} 不是上次的判定: 用 sanquan inspect --report 判定.json 写出的文件",
            f"{name} is no verdict of an earlier time: give a file written by sanquan inspect --report verdict.json",
        )


@dataclass(frozen=True, slots=True)
class LastTime:
    """What was found the last time: the content hash of that delivery, and each village's faults, row by row."""

    content_hash: str
    found: dict[str, Counter[Row]]


def read_last(path: Path) -> LastTime:
    """Read the verdict of an earlier delivery. Raises `LastVerdictUnreadableError`."""
    if path.stat().st_size > _LARGEST_VERDICT:
        raise LastVerdictUnreadableError(path.name)
    try:
        told = json.loads(path.read_bytes())
        found: dict[str, Counter[Row]] = {village["code"]: Counter() for village in told["villages"]}
        for fault in told["faults"]:
            # A verdict of an earlier version has no codes: its rows are counted as one and the same.
            row = (fault["id"], fault["layer"], fault["field"], str(fault.get("code", "")))
            found.setdefault(fault["village"], Counter())[row] += 1
        for more in told.get("faults_more", ()):
            found[more["village"]][more["id"], "", "", ""] += int(more["count"])
        return LastTime(str(told["content_hash"]), found)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as malformed:
        raise LastVerdictUnreadableError(path.name) from malformed


def receipt(inspection: Inspection, by: str, at: dt.datetime, job_digest: str = "") -> bytes:
    """The receipt of a delivery that `by` handed over at `at`, as PDF. Raises `NothingToReceiveError`."""
    return receipt_of(inspection.report, rows_of(inspection.delivery), by, at, job_digest)


def rows_of(delivery: Delivery) -> dict[str, int]:
    """How many rows came of each part that came at all."""
    return {part.name: len(frame) for part in PARTS if (frame := delivery.part(part.name)) is not None}


def receipt_of(report: ImportReport, rows: Mapping[str, int], by: str, at: dt.datetime, job_digest: str = "") -> bytes:
    """The same of a report and of how many rows came, where the delivery itself is no longer at hand."""
    if not report.content_hash:
        raise NothingToReceiveError(report.folder, report.faults)
    facts = [
        _fact("成果", "delivery", report.folder),
        _fact("内容摘要", "content hash, SHA-256", report.content_hash),
        _fact("交件人", "brought by", by),
        _fact("收件时间", "received at", f"{at:%Y-%m-%d %H:%M} (UTC{at:%z})"),
        _fact("规则包", "rules", _rules()),
        _fact("判定摘要", "verdict, SHA-256", report.verdict_digest()),
    ]
    if job_digest:
        facts.append(_fact("任务包摘要", "job package, SHA-256", job_digest))
    counts = [[name if name not in NAMES else f"{NAMES[name][0]} {name}", str(count)] for name, count in rows.items()]
    villages = [
        [f"{one.name} {one.code}", str(one.refuse), str(one.hold), str(one.note), str(one.excepted)]
        for one in report.villages
    ]
    columns = (
        ("村", "village", 4), ("退回", "refuse", 1), ("待核", "hold", 1), ("提示", "note", 1), ("已说明", "excepted", 1.2),
    )  # fmt: skip
    tables = [
        _table("收到的内容", "what was received", (("部分", "part", 3), ("行数", "rows", 1)), counts),
        _table("检查结果", "what the rules say", columns, villages),
    ]
    return _sheet(("成果接收回执", "Receipt of a delivery"), facts, tables, report)


def village_sheet(report: ImportReport, village: VillageReport, at: dt.datetime, last: LastTime | None = None) -> bytes:
    """The acceptance sheet of a village that passed, or the return sheet of one that comes back, as PDF."""
    mine = [fault for fault in report.faults if fault.village == village.code]
    facts = [
        _fact("村", "village", f"{village.name} {village.code}"),
        _fact("结论", "outcome", " ".join(village.outcome)),
        _fact("日期", "day", f"{at:%Y-%m-%d}"),
        _fact("容差以下", "below the tolerance, no fault", "\n".join(village.below_in_words())),
        _fact("成果内容摘要", "content hash, SHA-256", report.content_hash),
        _fact("规则包", "rules", _rules()),
        _fact("判定摘要", "verdict, SHA-256", report.verdict_digest()),
    ]
    explaining = report.to_explain(village.code)
    if explaining is not None:
        facts.append(_fact("例外说明", "exceptions", "\n".join(explaining)))
    if last is not None:
        facts.append(_fact("上次成果", "last delivery, SHA-256", last.content_hash))
    tables = [_by_rule(mine, None if last is None else last.found.get(village.code, Counter()))]
    explained = [one for one in report.exceptions if one.village == village.code and one.state != "approved"]
    if explained:
        tables.append(_not_approved(explained))
    if is_returned(village):
        whole = [fault for fault in report.faults if fault.severity == "refuse" and not fault.village]
        return _sheet(("退件单", "Return sheet"), facts, [*tables, _each_fault([*whole, *mine])], report)
    return _sheet(("验收单", "Acceptance sheet"), facts, tables, report)


def is_returned(village: VillageReport) -> bool:
    """Whether a village comes back."""
    return village.state == "returned" or village.refuse > 0


def write_sheets(report: ImportReport, folder: Path, at: dt.datetime, last: LastTime | None = None) -> list[Path]:
    """Write one sheet a village into a folder: 验收单-<code>.pdf or 退件单-<code>.pdf. An older one of the village goes."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for village in report.villages:
        sheet = village_sheet(report, village, at, last)
        for kind in ("验收单", "退件单"):
            (folder / f"{kind}-{village.code}.pdf").unlink(missing_ok=True)
        path = folder / f"{'退件单' if is_returned(village) else '验收单'}-{village.code}.pdf"
        path.write_bytes(sheet)
        written.append(path)
    return written


@dataclass(frozen=True, slots=True)
class Matched:
    """Of one rule: faults of the last time, and of these how many are mended and still there; how many are new."""

    before: int
    mended: int
    still: int
    new: int


def matched(faults: Sequence[Fault], last: Counter[Row]) -> dict[str, Matched]:
    """Match the faults of a village with those of the last time, row by row: by rule, layer, field and the row's code."""
    now = Counter((fault.id, fault.layer, fault.field, fault.code) for fault in faults)
    by_rule = [_of_rules(rows) for rows in (last, last - now, now & last, now - last)]
    return {rule: Matched(*(counts[rule] for counts in by_rule)) for rule in _of_rules(now | last)}


def _of_rules(rows: Counter[Row]) -> Counter[str]:
    found = Counter[str]()
    for (rule, *_), count in rows.items():
        found[rule] += count
    return found


def _by_rule(faults: Sequence[Fault], last: Counter[Row] | None) -> dict[str, Any]:
    """One line a rule. What is mended, still there and new is counted row by row."""
    found = Counter(fault.id for fault in faults)
    excepted = Counter(fault.id for fault in faults if fault.severity == "excepted")
    compared = matched(faults, Counter() if last is None else last)
    rows = []
    for kind in catalogue().values():
        if kind.id in compared:
            one = compared[kind.id]
            then = (one.before, one.mended, one.still, one.new)
            rows.append([
                f"{_said(kind.zh)}\n{kind.id}", SEVERITIES[kind.severity],
                *("–" if last is None else str(count) for count in then),
                str(found[kind.id] - excepted[kind.id]), str(excepted[kind.id]),
            ])  # fmt: skip
    columns = (
        ("规则", "rule", 4.4), ("分量", "severity", 1.6), ("上次", "last time", 1), ("已改", "mended", 1),
        ("还在", "still there", 1), ("新出现", "new", 1), ("现有", "now", 1), ("已说明", "excepted", 1.3),
    )  # fmt: skip
    return _table("检查发现" if rows else "没有发现错误", "what was found" if rows else "no fault was found", columns, rows)


def _each_fault(faults: Sequence[Fault]) -> dict[str, Any]:
    listed, more = bounded(list(faults))
    rows = [
        [
            str(number),
            SEVERITIES[fault.severity],
            "\n".join(str(part) for part in (fault.file, fault.layer, _row(fault), fault.field) if part),
            f"{fault.zh}\n{fault.en}",
            f"{fault.hint_zh}\n{fault.hint_en}",
        ]
        for number, fault in enumerate(listed, start=1)
    ]
    rows += [["", "", one.id, "\n".join(one.in_words()), ""] for one in more]
    columns = (
        ("号", "no.", 0.6), ("分量", "severity", 1.1), ("在哪里", "where", 2.4), ("什么", "what", 4),
        ("怎么办", "what to do", 3),
    )  # fmt: skip
    return _table("逐条错误", "each fault", columns, rows)


def _not_approved(explained: Sequence[Excepted]) -> dict[str, Any]:
    """Explanations that don't count: why the bureau refused them, or that it has not decided yet."""
    rows = [
        [one.fault, f"{one.layer} {shown(one.code, sealed=False)}", one.refusal or "等待审批 waiting for the bureau"]
        for one in explained
    ]
    columns = (("规则", "rule", 2), ("在哪里", "where", 3), ("不批准的理由", "why it was refused", 4))
    return _table("未批准的例外说明", "exceptions that were not approved", columns, rows)


def _row(fault: Fault) -> str:
    return "" if fault.row is None else f"第 {fault.row} 行 row"


def _said(sentence: str) -> str:
    return _PLACEHOLDER.sub("…", sentence)


def _rules() -> str:
    version, digest = rule_pack()
    return f"{version}\nsha256 {digest}"


def _fact(zh: str, en: str, value: str) -> dict[str, Any]:
    return {"name": (zh, en), "value": value}


def _table(
    zh: str, en: str, columns: Sequence[tuple[str, str, float]], rows: Sequence[Sequence[str]]
) -> dict[str, Any]:
    named = [{"name": (name_zh, name_en), "width": width} for name_zh, name_en, width in columns]
    return {"name": (zh, en), "columns": named, "rows": rows}


def _sheet(title: Words, facts: Sequence[Any], tables: Sequence[Any], report: ImportReport) -> bytes:
    return set_in_type(
        _TEMPLATE,
        {
            "title_zh": title[0], "title_en": title[1], "facts": facts, "tables": tables,
            "signatures": (_SURVEYOR, _COUNTY), "foot": f"{title[0]} · {report.content_hash[:16]}…",
        },
    )  # fmt: skip
