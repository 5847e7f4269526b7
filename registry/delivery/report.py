"""What is said about a delivery to the clerk who brought it: which villages passed, which come back, and every fault?

No name and no ID number stands in a report: values of fields that can name people are masked where a fault is made.
The CSV opens in a spreadsheet; a cell that one could take for a formula is disarmed (hazards.md 1.10).
"""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from registry.delivery.beside import COUNTED_BELOW, counted_below
from registry.delivery.faults import catalogue, refuse_all, rule_pack
from registry.delivery.parts import EVIDENCE_FOLDER, EXCEPTIONS, TABLES_FOLDER
from registry.ledger.entry.canonical import canonical

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.delivery.difference import Difference
    from registry.delivery.exceptions import Excepted
    from registry.delivery.faults import Fault, Faults, Weight
    from registry.delivery.read import Delivery
    from registry.ledger.commit import Committed

PASSED, NOTED, RETURNED = ("合格", "passed"), ("提示", "passed with notes"), ("退回", "returned")
HEADER = (
    "严重程度 severity", "村 village", "文件 file", "图层 layer", "行 row", "字段 field", "错误 fault", "什么", "怎么办",
    "what", "what to do", "东坐标 easting", "北坐标 northing", "另一点东 easting", "另一点北 northing", "容差 tolerance",
    "依据 clause", "处数 count", "面积 area m²", "代码 code",
)  # fmt: skip
MOST_OF_A_RULE = 1_000
"""So many faults of one rule are listed of one village; all are counted."""
SEVERITIES: dict[Weight, str] = {"refuse": "退回 refuse", "hold": "待核 hold", "note": "提示 note", "excepted": "已说明 excepted"}
BELOW = "容差以下 below"
# ASVS 1.2.10 and the full-width forms that an East Asian spreadsheet may take for the same.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Below:
    """How many pieces of a village's land lie below the tolerance of a rule, and their area (m², four decimals)."""

    rule: str
    count: int
    area_m2: str
    tolerance: str

    def in_words(self) -> tuple[str, str]:
        """Chinese and English."""
        return (
            f"{self.rule} {self.count} 处共 {self.area_m2} m²（容差 {self.tolerance}）",
            f"{self.rule}: {self.count} of {self.area_m2} m² in all (tolerance {self.tolerance})",
        )


@dataclass(frozen=True, slots=True)
class VillageReport:
    """One village: its outcome (zh, en), its faults by severity, and what became of it.

    `below` is what was seen and is no fault, rule by rule; nothing where shapes were not compared. `state` is registered,
    unchanged (it was registered by the same content), checked (only looked at: it waits) or returned.
    """

    code: str
    name: str
    outcome: tuple[str, str]
    state: str
    refuse: int
    hold: int
    note: int
    excepted: int
    below: tuple[Below, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self) | {"outcome": _both(self.outcome), "below": [asdict(one) for one in self.below]}

    def below_in_words(self) -> tuple[str, str]:
        """One line (zh, en): each rule below whose tolerance something lies."""
        if not self.below:
            return "没有比对图形", "shapes were not compared"
        some = [one.in_words() for one in self.below if one.count]
        return ("；".join(zh for zh, _ in some) or "没有", "; ".join(en for _, en in some) or "none")


@dataclass(frozen=True, slots=True)
class More:
    """How many faults of a rule in a village are counted and not listed."""

    id: str
    village: str
    count: int

    def in_words(self) -> tuple[str, str]:
        """Chinese and English."""
        where = self.village or "全部 all"
        return f"{where} {self.id} 另有 {self.count} 处未列出", f"and {self.count} more of {self.id} in {where}, not listed"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a report that is a table: a fault, how many more of its rule there are, or what lies below a tolerance.

    `fault` is None for the latter two; `count`: how many the line stands for; `area_m2`: of what is below a tolerance.
    """

    severity: str
    village: str
    rule: str
    zh: str
    en: str
    tolerance: str = ""
    count: int = 1
    area_m2: str = ""
    fault: Fault | None = None

    def cells(self) -> list[str | float]:
        """As `HEADER` has them; places are metres to the millimetre."""
        one = self.fault
        if one is None:
            nowhere = [""] * 4
            words = [self.rule, self.zh, "", self.en, "", *nowhere, self.tolerance, ""]
            return [self.severity, self.village, *nowhere, *words, self.count, self.area_m2, ""]
        at: list[str | float] = [one.file, one.layer, "" if one.row is None else one.row, one.field]
        places: list[str | float] = []
        for place in (one.place, one.nearest):
            places += ["", ""] if place is None else [round(place[0], 3), round(place[1], 3)]
        said = [self.rule, self.zh, one.hint_zh, self.en, one.hint_en, *places, self.tolerance, one.clause]
        return [self.severity, self.village, *at, *said, self.count, self.area_m2, one.code]


@dataclass(slots=True)
class ImportReport:
    """What an import found and did. `committed` is None where nothing was written to guarded things.

    `faults` are all that were found; what leaves lists at most `MOST_OF_A_RULE` of a rule and village, and counts the rest.
    `remarks` (zh, en) are no faults: the zone prefix that was taken off, what was left alone.
    `difference` is None where nothing of the delivered villages is registered, or nothing could be compared.
    """

    folder: str
    content_hash: str
    check_only: bool
    faults: list[Fault]
    villages: list[VillageReport]
    committed: Committed | None = None
    difference: Difference | None = None
    exceptions: list[Excepted] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    remarks: list[tuple[str, str]] = field(default_factory=list)

    @property
    def returned(self) -> bool:
        """Whether anything came back."""
        return any(fault.severity == "refuse" for fault in self.faults)

    def listed(self) -> tuple[list[Fault], list[More]]:
        """The faults that a report lists, and how many more there are."""
        return bounded(self.faults)

    def to_explain(self, village: str | None = None) -> tuple[str, str] | None:
        """How a fault that is true on the ground is explained (zh, en); None where no such fault turns a village back."""
        rules = {
            fault.id
            for fault in self.faults
            if fault.severity == "refuse" and catalogue()[fault.id].may_be_excepted and village in (None, fault.village)
        }
        if not rules:
            return None
        columns, named = ",".join(column.name for column in EXCEPTIONS.columns), ", ".join(sorted(rules))
        table, folder = f"{TABLES_FOLDER}/{EXCEPTIONS.name}.csv", EVIDENCE_FOLDER
        return (
            f"现场就是这样的({named})可作例外说明: {table} 每处一行({columns}), 照片和签字件放 {folder}, 县里批准后不再问",
            f"what is so on the ground may be explained: a row each in {table} ({columns}), photo and signed paper in {folder}; "
            "approved by the bureau, it is not asked again",
        )

    def lines(self) -> Iterator[Line]:
        """A line for each fault that is listed, then for those that are only counted: every form of a report has these."""
        listed, more = self.listed()
        for one in listed:
            yield Line(SEVERITIES[one.severity], one.village, one.id, one.zh, one.en, one.tolerance, fault=one)
        for rest in more:
            yield Line("", rest.village, rest.id, *rest.in_words(), count=rest.count)

    def lines_below(self) -> Iterator[Line]:
        """A line for each village and rule below whose tolerance something lies."""
        for village in self.villages:
            for one in village.below:
                if one.count:
                    yield Line(BELOW, village.code, one.rule, *one.in_words(), one.tolerance, one.count, one.area_m2)

    def as_json(self) -> dict[str, Any]:
        """The report as plain values for JSON."""
        listed, more = self.listed()
        return {
            "folder": self.folder,
            "content_hash": self.content_hash,
            "check_only": self.check_only,
            "rules": _rules(),
            "verdict_digest": self.verdict_digest(),
            "outcome": _both(RETURNED if self.returned else PASSED),
            "villages": [village.as_json() for village in self.villages],
            "difference": None if self.difference is None else self.difference.as_json(),
            "faults_by_severity": dict(Counter(fault.severity for fault in self.faults)),
            "faults": [_plain(fault) for fault in listed],
            "faults_more": [asdict(one) for one in more],
            "exceptions": [one.as_json() for one in self.exceptions],
            "committed": None if self.committed is None else asdict(self.committed),
            "counts": self.counts,
            "remarks": [dict(zip(("zh", "en"), remark, strict=True)) for remark in self.remarks],
            "seconds": {step: round(spent, 3) for step, spent in self.seconds.items()},
        }

    def verdict(self) -> bytes:
        """What the rules say of these files and nothing else: the same bytes on every machine (canonical JSON).

        A surveyor who checked at home and the county that checks again compare them, or their digests. What only the
        register can find, and what became of a village there, is not in it.
        """
        faults = [fault for fault in self.faults if not catalogue()[fault.id].of_register]
        returned = refuse_all(faults)
        villages = []
        for village in self.villages:
            mine = [fault for fault in faults if fault.village == village.code]
            state = "returned" if returned else "checked"
            again = village_report(village.code, village.name, mine, state, village.below).as_json()
            del again["state"]
            villages.append(again)
        back = any(fault.severity == "refuse" for fault in faults)
        listed, more = bounded(faults)
        return canonical({
            "content_hash": self.content_hash,
            "rules": _rules(),
            "outcome": _both(RETURNED if back else PASSED),
            "villages": villages,
            "faults": [_plain(fault) for fault in listed],
            "faults_more": [asdict(one) for one in more],
            "exceptions": [one.as_verdict() for one in self.exceptions if one.told or one.state == "approved"],
        })

    def verdict_digest(self) -> str:
        """SHA-256 of the verdict: what a receipt names."""
        return sha256(self.verdict()).hexdigest()

    def write_csv(self, path: Path) -> None:
        """Every fault, one a line, then what lies below a tolerance; UTF-8 with BOM so that a spreadsheet shows Chinese."""
        with path.open("w", encoding="utf-8-sig", newline="") as out:
            lines = csv.writer(out)
            lines.writerow(HEADER)
            for line in (*self.lines(), *self.lines_below()):
                lines.writerow([disarmed(str(cell)) for cell in line.cells()])


def bounded(faults: list[Fault]) -> tuple[list[Fault], list[More]]:
    """At most `MOST_OF_A_RULE` faults of a rule and village, in their order, and how many more there are."""
    seen: Counter[tuple[str, str]] = Counter()
    listed = []
    for fault in faults:
        seen[fault.id, fault.village] += 1
        if seen[fault.id, fault.village] <= MOST_OF_A_RULE:
            listed.append(fault)
    return listed, [More(*key, count - MOST_OF_A_RULE) for key, count in seen.items() if count > MOST_OF_A_RULE]


def _rules() -> dict[str, str]:
    return dict(zip(("version", "digest"), rule_pack(), strict=True))


def _both(words: tuple[str, str]) -> dict[str, str]:
    return dict(zip(("zh", "en"), words, strict=True))


def _plain(fault: Fault) -> dict[str, Any]:
    """A fault as JSON has it: a place is a list of two texts, easting and northing to the millimetre."""
    places = {"place": fault.place, "nearest": fault.nearest}
    return asdict(fault) | {
        name: None if place is None else [f"{metres:.3f}" for metres in place] for name, place in places.items()
    }


def disarmed(cell: str) -> str:
    """A cell that no spreadsheet runs: an apostrophe before what could begin a formula, line breaks as spaces.

    >>> disarmed("=1+1"), disarmed("＝HYPERLINK"), disarmed(" =1"), disarmed("15062610021000")
    ("'=1+1", "'＝HYPERLINK", "' =1", '15062610021000')
    """
    text = "'" + cell if cell.lstrip().startswith(_FORMULA_STARTS) or cell.startswith(_FORMULA_STARTS) else cell
    return text.replace("\r", " ").replace("\n", " ").replace("\0", " ")


def report_of(
    delivery: Delivery, faults: Faults, villages: list[str], unchanged: set[str], waiting: set[str], *, check_only: bool
) -> ImportReport:
    """Sum up what was found, village by village; `waiting` are those that were not to be registered now."""
    returned, all_of_it = faults.returned(), faults.refusing()
    issuers = delivery.part("FBF")
    # Where reading alone turned the delivery back, no row was given its village.
    names = {} if issuers is None or not issuers.village else dict(zip(issuers.village, issuers.values("FBFMC"), strict=True))
    reports = []
    for code in villages:
        mine = [fault for fault in faults.found if fault.village == code]
        if all_of_it or code in returned:
            state = "returned"
        elif code in unchanged:
            state = "unchanged"
        else:
            state = "checked" if code in waiting else "registered"
        reports.append(village_report(code, names.get(code, ""), mine, state, _below(faults, code)))
    return ImportReport(
        delivery.folder.name, delivery.content_hash, check_only, faults.found, reports, remarks=delivery.remarks
    )


def _below(faults: Faults, village: str) -> tuple[Below, ...]:
    found = ((rule, faults.below.get((rule, village))) for rule in COUNTED_BELOW)
    return tuple(Below(rule, one[0], f"{one[1]:.4f}", counted_below(rule)) for rule, one in found if one is not None)


def village_report(code: str, name: str, faults: list[Fault], state: str, below: tuple[Below, ...]) -> VillageReport:
    """Sum up a village's own faults."""
    counted = Counter(fault.severity for fault in faults)
    noted = counted.total() > counted["excepted"]
    outcome = RETURNED if counted["refuse"] or state == "returned" else NOTED if noted else PASSED
    refuse, hold, note, excepted = (counted[severity] for severity in SEVERITIES)
    return VillageReport(code, name, outcome, state, refuse, hold, note, excepted, below)
