"""Which facts do several decisions look at, and which paper shows each?

A fact is True, False or, where nobody has shown it, None. Its paper stands at the field (`shown_by`): when something is
recorded, a claim without it is as good as unknown. Ages and months are reckoned from days; a birthday counts from
the day itself. There is no fact about land: a form that asks for one would be a defect (policy-map section 3).
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

Known: TypeAlias = bool | None
Hukou = Literal["banner", "elsewhere", "none"]
Lease = Literal["filed", "not filed", "none"]
WorkPaper = Literal["labour-contract", "insurance-record", "business-licence", "appointment-letter", "other"]

BOOK = "户口簿（公安局）"
OWNERSHIP = "房屋所有权证明，或者已备案的购房合同"
FILED_LEASE = "房屋租赁登记备案证明（住建局）"
ADDRESS = "住址在镇上的证明（公安局）"
LIVING = "实际居住证明（居住地派出所）"
WORK = "劳动合同、社保缴费记录、营业执照、聘用文件，有一样就行"
INSURANCE = "城镇社会保险缴费记录（人社局）"
LICENCE = "营业执照"
APPROVAL = "组织、人事部门的批准文件"
KINSHIP = "结婚证、出生医学证明或者亲属关系证明"
MARRIAGE = "结婚证（民政局）"
BIRTH = "出生医学证明或者户口簿（看出生日期）"


def shown_by(paper: str) -> dict[str, str]:
    """What `field(metadata=…)` takes: the paper that shows the fact."""
    return {"paper": paper}


@dataclass(frozen=True, slots=True)
class Dwelling:
    """Where somebody lives: `in_town` (inside the town area), `lives_there` (actually lived in), owned, or let how."""

    in_town: Known = field(default=None, metadata=shown_by(ADDRESS))
    lives_there: Known = field(default=None, metadata=shown_by(LIVING))
    owned: Known = field(default=None, metadata=shown_by(OWNERSHIP))
    lease: Lease | None = field(default=None, metadata=shown_by(FILED_LEASE))


@dataclass(frozen=True, slots=True)
class Work:
    """Lawful stable employment as it is claimed, and the paper that shows it."""

    employed: Known = field(default=None, metadata=shown_by(WORK))
    paper: WorkPaper | None = None


UNSHOWN_DWELLING, UNSHOWN_WORK = Dwelling(), Work()


@dataclass(frozen=True, slots=True)
class Insured:
    """Months of urban social insurance that were paid: in all, and the longest run without a break."""

    total: int
    longest_run: int


def insured(months: tuple[str, ...], day: date) -> Insured:
    """Count paid months ("YYYY-MM"), each once, up to the month of the day.

    >>> insured(("2020-01", "2020-02", "2020-04", "2020-04", "2099-01"), date(2021, 1, 1))
    Insured(total=3, longest_run=2)
    """
    paid = sorted({int(year) * 12 + int(month) - 1 for year, _, month in (m.partition("-") for m in months)})
    paid = [month for month in paid if month <= day.year * 12 + day.month - 1]
    longest = run = 0
    before = None
    for month in paid:
        run = run + 1 if before is not None and month == before + 1 else 1
        longest, before = max(longest, run), month
    return Insured(len(paid), longest)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month.

    >>> months_after(date(2020, 8, 31), 6), months_after(date(2020, 8, 1), -1)
    (datetime.date(2021, 2, 28), datetime.date(2020, 7, 1))
    """
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def is_of_age(born: date, day: date, years: int) -> bool:
    """Whether somebody has reached an age on a day; who is born on 29 February is a year older on 1 March.

    >>> is_of_age(date(2000, 2, 29), date(2018, 2, 28), 18), is_of_age(date(2000, 2, 29), date(2018, 3, 1), 18)
    (False, True)
    """
    return (day.year - born.year, day.month, day.day) >= (years, born.month, born.day)
