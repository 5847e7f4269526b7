"""What is the last day of a notice, an objection or a term, by the rule that was in force when it began?

Counted as 民法典 201 to 203 count: the first day is not counted, months end on the matching day, and a last day off moves to
the next working day. Whether a weekend is a 法定休假日 was not confirmed: the day that was counted to stands beside. Who acts
by it is in time either way, and who waits for the end waits for the later one. A deadline that passed decides nothing
here: what follows is said in words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, get_args

from registry.decisions.facts import months_after
from registry.law.book import book
from registry.law.deciding import Reason, decides, grounded
from registry.law.working_days import not_on_a_day_off, working_days_after

if TYPE_CHECKING:
    from datetime import date

Sort = Literal[
    "registration", "first-notice", "contract-notice", "objection", "advance-notice", "lease-review", "report-open",
    "hand-back", "exit-notice", "cooling-off", "legatee", "arrival-city", "arrival-rural", "birth", "death",
]  # fmt: skip
Unit = Literal["days", "working days", "months", "days before"]
SORTS: tuple[Sort, ...] = get_args(Sort)
COUNTING = "PERIODS/counting"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of deadline. `since`: from which day it runs; `then`: what follows when the day has passed."""

    rule: str
    unit: Unit
    zh: str
    en: str
    since: tuple[str, str]
    then: tuple[str, str]


KINDS: dict[Sort, Kind] = {
    "registration": Kind(
        "REG/20", "working days", "登记机构办完登记", "the registration is done",
        ("受理那天", "the day on which it was accepted"),
        ("过了还没有办完的，可以去催、去投诉；您的权利不因为它慢就少。", "A late office may be pressed; no right is less for it."),
    ),
    "first-notice": Kind(
        "REG/first-notice", "working days", "首次登记公示", "public notice of a first registration",
        ("公示第一天", "the day on which it was posted"),
        ("公示满了才登记；这以前都可以提异议。", "Registered only after it; until then anybody may object."),
    ),
    "contract-notice": Kind(
        "REG/contract-notice", "days", "承包方案公示", "posting of a contract plan",
        ("公示第一天", "the day on which it was posted"),
        ("至少公示到这一天；还要三分之二以上的人同意。", "Posted at least until then; two thirds must agree as well."),
    ),
    "objection": Kind(
        "REG/objection", "days", "异议登记以后起诉", "suing after an objection was registered",
        ("异议登记那天", "the day on which the objection was registered"),
        ("过了这一天没有起诉，异议登记就失效；还可以起诉。", "Without a suit the objection lapses; a suit stays open."),
    ),
    "advance-notice": Kind(
        "REG/advance-notice", "days", "预告登记以后申请正式登记", "registering after an advance registration",
        ("能办正式登记那天", "the day on which registration became possible"),
        ("过了这一天没有申请，预告登记就失效。", "Without an application the advance registration lapses."),
    ),
    "lease-review": Kind(
        "REG/lease-review", "working days", "公司租地的审查", "review of a lease by a company",
        ("乡镇、旗里收到申请那天", "the day on which it was handed in"),
        ("过了还没有答复的，可以去催；没有审查完，先不要签。", "A late office may be pressed; do not sign before the review."),
    ),
    "report-open": Kind(
        "COL/46", "days before", "年度报告、分红方案给成员看", "opening the report and the plan of distribution",
        ("开会那天", "the day of the assembly"),
        ("最晚这一天要能看到；晚了的，可以要求改日子开会。", "Open on this day at the latest; if not, ask for another day."),
    ),
    "hand-back": Kind(
        "RLCL/hand-back", "months", "自愿交回承包地的提前通知", "notice before handing contracted land back",
        ("书面告诉发包方那天", "the day of the written notice"),
        ("过了这一天才能办交回；这以前反悔，地还是您家的。", "Nothing is handed back before; who changes his mind keeps it."),
    ),
    "exit-notice": Kind(
        "EXIT/E9", "days", "退出公示", "public notice of an exit",
        ("公示第一天", "the day on which it was posted"),
        ("公示满了、异议都答复了，才往下办。", "The case goes on after it, with every objection answered."),
    ),
    "cooling-off": Kind(
        "EXIT/E11", "days", "退出反悔", "changing one's mind about an exit",
        ("签字那天", "the day of signing"),
        (
            "到这一天为止都可以反悔，不用说理由；钱没有付清的，过了也还可以反悔。",
            "Until then without a reason, and later too, until it is paid.",
        ),
    ),
    "legatee": Kind(
        "CC/renounce", "days", "受遗赠人表示要不要", "a legatee says yes or no",
        ("知道受遗赠那天", "the day on which one learnt of it"),
        ("过了这一天没有表示的，算不要。", "Who has not said so by then is taken to have renounced."),
    ),
    "arrival-city": Kind(
        "HR-1958/13", "days", "迁到城市以后登记户口", "registering after a move to a city",
        ("到达那天", "the day of arrival"),
        ("迟了也给登记，不影响任何权利。", "Late ones are registered too, and no right is touched."),
    ),
    "arrival-rural": Kind(
        "HR-1958/13", "days", "迁到农村牧区以后登记户口", "registering after a move to the country",
        ("到达那天", "the day of arrival"),
        ("迟了也给登记，不影响任何权利。", "Late ones are registered too, and no right is touched."),
    ),
    "birth": Kind(
        "HR-1958/7", "months", "出生登记", "registering a birth",
        ("出生那天", "the day of birth"),
        ("迟了也给登记。", "Late ones are registered too."),
    ),
    "death": Kind(
        "HR-1958/7", "months", "死亡登记", "registering a death",
        ("去世那天", "the day of death"),
        ("迟了也给登记。", "Late ones are registered too."),
    ),
}  # fmt: skip
_DOUBT_WEEKEND = (
    "星期六、星期天算不算“法定休假日”没有核对过",
    "whether a weekend counts as a legal holiday was not confirmed",
)
_DOUBT_YEAR = (
    "那一年的放假安排还没有查到，只按星期六、星期天算，真正的最后一天可能更晚",
    "the holiday notice of that year is not known: only weekends were left out, the last day may be later",
)
_DOUBT_BACKWARDS = ("往前数的日子怎么数，没有查到条文", "no text was found on counting backwards")
_DOUBT_RULE = ("这一条规定没有核对过原文", "the text of the rule was not checked")
_DOUBT_COUNTING = ("那时候怎么数日子没有核对过原文", "how days were counted then was not checked")


@dataclass(frozen=True, slots=True)
class Deadline:
    """`last_day`: the last day; `counted_to`: the day before a day off moved it. `length` is in `unit`; `doubts`: what is not sure.

    `day` is the day from which it runs, whose law counts.
    """

    sort: Sort
    last_day: date
    counted_to: date
    length: int
    unit: Unit
    reasons: tuple[Reason, ...]
    rules: tuple[str, ...]
    doubts: tuple[tuple[str, str], ...]
    day: date

    def __post_init__(self) -> None:
        """Hold it to the book."""
        grounded(self.reasons, self.rules, self.day)


@decides(COUNTING)
def deadline(sort: Sort, since: date) -> Deadline:
    """The last day of a deadline that runs from a day. RuleNotInForceError where its rule did not hold then."""
    kind = KINDS[sort]
    length = _length(sort, since)
    counted_to, sure = _counted(kind.unit, since, length)
    moved = counted_to if kind.unit in {"working days", "days before"} else not_on_a_day_off(counted_to).day
    doubts = _doubts(kind, since, counted_to, moved, sure)
    at = ("since",)
    reasons = [Reason(kind.rule, *_says(kind, since, length, moved), at)]
    rules = [kind.rule]
    if book().holds(COUNTING, since):
        rules.append(COUNTING)
        if moved != counted_to:
            reasons.append(Reason(COUNTING, *_moved(counted_to, moved), at))
    return Deadline(sort, moved, counted_to, length, kind.unit, tuple(reasons), tuple(rules), doubts, since)


def zh(day: date) -> str:
    """A day as people say it."""
    return f"{day.year}年{day.month}月{day.day}日"


def _length(sort: Sort, day: date) -> int:  # noqa: C901, PLR0911, PLR0912  (one line a kind: each reads its own parameter)
    law = book()
    match sort:
        case "registration":
            return law.whole("REG/20", "registration_working_days", day)
        case "first-notice":
            return law.whole("REG/first-notice", "first_registration_notice_working_days", day)
        case "contract-notice":
            return law.whole("REG/contract-notice", "contract_plan_notice_days", day)
        case "objection":
            return law.whole("REG/objection", "objection_days", day)
        case "advance-notice":
            return law.whole("REG/advance-notice", "advance_notice_days", day)
        case "lease-review":
            return law.whole("REG/lease-review", "lease_review_working_days", day)
        case "report-open":
            return law.whole("COL/46", "assembly_notice_days", day)
        case "hand-back":
            return law.whole("RLCL/hand-back", "notice_months", day)
        case "exit-notice":
            return law.whole("EXIT/E9", "exit_notice_days", day)
        case "cooling-off":
            return law.whole("EXIT/E11", "cooling_off_days", day)
        case "legatee":
            return law.whole("CC/renounce", "legatee_days", day)
        case "arrival-city":
            return law.whole("HR-1958/13", "arrival_days_city", day)
        case "arrival-rural":
            return law.whole("HR-1958/13", "arrival_days_rural", day)
        case "birth":
            return law.whole("HR-1958/7", "birth_registration_months", day)
        case "death":
            return law.whole("HR-1958/7", "death_registration_months", day)


def _counted(unit: Unit, since: date, length: int) -> tuple[date, bool]:
    if unit == "working days":
        reached = working_days_after(since, length)
        return reached.day, reached.sure
    if unit == "months":
        return months_after(since, length), True
    return since + timedelta(days=-length if unit == "days before" else length), True


def _doubts(kind: Kind, since: date, counted_to: date, moved: date, sure: bool) -> tuple[tuple[str, str], ...]:  # noqa: FBT001  (one of what was found)
    law = book()
    found = [] if law.rule(kind.rule, since).confirmed else [_DOUBT_RULE]
    if kind.unit == "days before":
        return (*found, _DOUBT_BACKWARDS)
    if not book().holds(COUNTING, since) or not law.rule(COUNTING, since).confirmed:
        found.append(_DOUBT_COUNTING)
    if not sure or (kind.unit != "working days" and not not_on_a_day_off(counted_to).sure):
        found.append(_DOUBT_YEAR)
    if moved != counted_to:
        found.append(_DOUBT_WEEKEND)
    return tuple(found)


def _says(kind: Kind, since: date, length: int, last: date) -> tuple[str, str]:
    units = {"days": "天", "working days": "个工作日", "months": "个月", "days before": "天"}
    then, then_en = kind.then
    if kind.unit == "days before":
        return (
            f"{kind.zh}：{zh(since)}开会，提前{length}天，最晚{zh(last)}。{then}",
            f"{kind.en.capitalize()}: {length} days before the assembly of {since}, {last} at the latest. {then_en}",
        )
    return (
        f"{kind.zh}：从{zh(since)}（{kind.since[0]}，当天不算）起{length}{units[kind.unit]}，最后一天是{zh(last)}。{then}",
        f"{kind.en.capitalize()}: {length} {kind.unit} from {since} ({kind.since[1]}, not counted), "
        f"the last day is {last}. {then_en}",
    )


def _moved(counted_to: date, moved: date) -> tuple[str, str]:
    return (
        f"数到{zh(counted_to)}是休息日，顺延到{zh(moved)}。"
        f"要办的，稳妥些最晚{zh(counted_to)}就办；要等期满的，等到{zh(moved)}。",
        f"{counted_to} is a day off, so it moves to {moved}. To be safe act by {counted_to}, or wait until {moved} is over.",
    )
