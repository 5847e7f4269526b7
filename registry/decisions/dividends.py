"""May a collective pay out by this plan (农村集体经济组织法 42, 46), and until when can a decision of it be set aside (57)?

Profit first fills the reserve that the charter asks for; the rest goes by shares, to members in town as to all others. The
plan lies open before the assembly, and two thirds of all members must agree.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal

from registry.decisions.deadlines import deadline, zh
from registry.decisions.facts import Known, months_after, shown_by
from registry.decisions.parts import Condition, Part, all_of, decided, lacks, no, yes
from registry.decisions.shares import CHARTER, agreed_by
from registry.law.book import book
from registry.law.deciding import decides

if TYPE_CHECKING:
    from registry.law.deciding import Decision

BY_SHARES, OPEN, VOTE, SET_ASIDE, UNCHANGED = "COL/42", "COL/46", "COL/27", "COL/57", "WS-2016/II.3.1-g"
PLAN = "收益分配方案"
RESOLUTION = "成员大会或者成员代表大会的决议（写明日期、全体多少人、多少人同意）"
POSTED = "年度报告、分配方案从哪天起给成员看的证明"
DECIDED = "集体的决定（写明日期）"
LEARNT = "哪天知道这个决定的证明（通知、公示）"
_YEAR = 12
_RESERVE = Condition(
    BY_SHARES, "reserve_first", CHARTER,
    holds=("先按章程提了公积公益金。", "The charter's reserve was filled first."),
    fails=("要先按章程提公积公益金，剩下的才分。", "The reserve comes first; only the rest is shared."),
    unshown=("章程要提多少公积公益金，还没有看。", "The charter's reserve was not looked at."),
)  # fmt: skip
_SHARED = Condition(
    BY_SHARES, "by_shares", PLAN,
    holds=("剩下的按股分。", "The rest goes by shares."),
    fails=("剩下的要按股分，不能按别的分。", "The rest goes by shares and by nothing else."),
    unshown=("还看不出怎么分。", "How it is shared was not shown."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan of distribution. `cuts_movers`: it gives less to who settled in town, married out or lives away.

    `all_members`, `agreed`: of the assembly, or of the representative assembly where the charter leaves the plan to it (28).
    """

    reserve_first: Known = field(default=None, metadata=shown_by(CHARTER))
    by_shares: Known = field(default=None, metadata=shown_by(PLAN))
    cuts_movers: Known = field(default=None, metadata=shown_by(PLAN))
    open_since: date | None = field(default=None, metadata=shown_by(POSTED))
    assembly: date | None = field(default=None, metadata=shown_by(RESOLUTION))
    all_members: int | None = field(default=None, metadata=shown_by(RESOLUTION))
    agreed: int | None = field(default=None, metadata=shown_by(RESOLUTION))


@dataclass(frozen=True, slots=True)
class Quarrel:
    """About what; for a decision of the collective, the day on which it was made and that on which one learnt of it."""

    about: Literal["decision", "membership", "distribution"]
    decided: date | None = field(default=None, metadata=shown_by(DECIDED))
    learnt: date | None = field(default=None, metadata=shown_by(LEARNT))


@decides(BY_SHARES)
def pay_out(facts: Plan, day: date) -> Decision:
    """Reserve first, the rest by shares, open to members in time, agreed by two thirds of all."""
    money = (_RESERVE.of(facts.reserve_first), _SHARED.of(facts.by_shares), _cuts(facts.cuts_movers))
    return decided(all_of(*money, _open(facts), _vote(facts, day)), day, BY_SHARES, OPEN, VOTE)


@decides(SET_ASIDE)
def quarrel(facts: Quarrel, day: date) -> Decision:
    """Mediation, arbitration and the court are open; a decision is set aside within a year of knowing it, five at most."""
    if facts.about != "decision":
        years = book().whole("COL/57", "years_to_set_aside", day)
        at_most = book().whole("COL/57", "years_to_set_aside_at_most", day)
        said = (
            "可以请乡镇或者旗农牧局调解；不愿调解、调解不成的，可以申请承包仲裁，也可以直接向法院起诉。"
            f"集体的决定侵害了您的，知道以后{years}年之内可以请法院撤销，从决定那天起最长{at_most}年。"
        )
        en = (
            "Ask the town or the bureau to mediate; or go to land arbitration, or straight to court. A harmful decision is set "
            f"aside within {years} year of knowing it, {at_most} at most."
        )
        return decided(yes(SET_ASIDE, said, en, "about"), day)
    return decided(_in_time(facts, day), day)


def last_day_to_set_aside(decision: date, learnt: date) -> date:
    """The earlier of a year from knowing and five from the decision, by the law of its day. RuleNotInForceError."""
    years = book().whole("COL/57", "years_to_set_aside", decision)
    at_most = book().whole("COL/57", "years_to_set_aside_at_most", decision)
    return min(months_after(learnt, years * _YEAR), months_after(decision, at_most * _YEAR))


def _in_time(facts: Quarrel, day: date) -> Part:
    at = ("decided", "learnt")
    if facts.decided is None or facts.decided > day:
        return lacks(SET_ASIDE, "还看不出是哪天决定的。", "When it was decided was not shown.", *at, needs=(DECIDED,))
    # Nobody learns of a decision before it is made: whoever can't show the day is in time for the first year.
    last = last_day_to_set_aside(facts.decided, max(facts.learnt or facts.decided, facts.decided))
    if day <= last:
        said = f"侵害了您的决定，到{zh(last)}为止都可以请法院撤销；也可以先调解、仲裁。"
        return yes(SET_ASIDE, said, f"A harmful decision may be set aside in court until {last}; mediation is open too.", *at)
    if facts.learnt is None and day <= last_day_to_set_aside(facts.decided, day):
        said = "从您知道的那天起一年之内可以请法院撤销：还差哪天知道的证明。"
        return lacks(SET_ASIDE, said, "Within a year of knowing it: show when you learnt of it.", *at, needs=(LEARNT,))
    said = f"请法院撤销的日子到{zh(last)}为止，已经过了；分配、身份的纠纷还可以调解、仲裁、起诉。"
    en = f"The time to set it aside ended on {last}; a quarrel over income or membership may still be taken up."
    return no(SET_ASIDE, said, en, *at)


def _cuts(cuts: Known) -> Part:
    at = "cuts_movers"
    if cuts is None:
        return lacks(UNCHANGED, "进城的人分不分，方案里还没有看。", "Whether movers get theirs was not shown.", at, needs=(PLAN,))
    if cuts:
        return no(UNCHANGED, "进城落户、出嫁、外出的成员，一分也不能少分。", "Members who moved get not a cent less.", at)
    return yes(UNCHANGED, "进城落户的成员一样分。", "Members who settled in town get the same.", at)


def _open(facts: Plan) -> Part:
    at = ("open_since", "assembly")
    if facts.assembly is None or facts.open_since is None:
        said = "从哪天起给成员看、哪天开会，还差证明。"
        return lacks(OPEN, said, "When it lay open was not shown.", *at, needs=(POSTED, RESOLUTION))
    latest = deadline("report-open", facts.assembly)
    if facts.open_since <= latest.last_day:
        return yes(OPEN, f"开会前{latest.length}天就能看到。", f"It lay open {latest.length} days before the assembly.", *at)
    said = f"报告和方案最晚{zh(latest.last_day)}就要能看到；晚了，重新定日子开会。"
    return no(OPEN, said, f"It had to lie open by {latest.last_day}: call the assembly for another day.", *at)


def _vote(facts: Plan, day: date) -> Part:
    least = book().fraction("COL/27", "all_members_share", day)
    return agreed_by(VOTE, least, facts.all_members, facts.agreed, RESOLUTION)
