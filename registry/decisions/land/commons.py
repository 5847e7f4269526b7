"""What may the collective do with land that no household contracts, who comes first, and where does a dispute go?

*Waste land* 四荒 is contracted in other ways; *reserve land* 机动地 is what was kept back; members come first on equal
terms, for as long as they say so in time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from registry.decisions.facts import Known, months_after, shown_by
from registry.decisions.land.conditions import NO_VOTE, TOWNSHIP, Vote, carried, share_zh
from registry.decisions.parts import Condition, Part, all_of, decided, lacks, no, yes
from registry.law.book import book

if TYPE_CHECKING:
    from fractions import Fraction

    from registry.law.deciding import Decision

WAYS, RESERVE, FIRST, DISPUTES = (
    *("RLCL/other-ways", "RLCL/reserve-land"),
    *("RLCL/members-first-period", "RLCL/disputes"),
)
_TENDER = "招标、拍卖、公开协商的公告和记录"
_SURVEY = "集体耕地和机动地的面积表"
_KEPT_BACK = "2003年3月1日以前留机动地的凭据"
_MEMBER = "成员名册"
_OFFER = "对方出的条件（价钱、年限）和您愿意出的条件"
_NOTICE = "流转公示的通知（看哪天截止）"
_SAID = "书面要求优先、写了日期的凭据"
_BEGAN = "外人哪天开始用地的证明"
_AWARD = "仲裁裁决书（看哪天收到）"


@dataclass(frozen=True, slots=True)
class OtherWay:
    """Waste land contracted by tender, auction or open talks, by a member's household or an outsider."""

    by: Literal["household of the collective", "outsider"]
    openly: Known = field(default=None, metadata=shown_by(_TENDER))
    vote: Vote = NO_VOTE
    township: Known = field(default=None, metadata=shown_by(TOWNSHIP))


@dataclass(frozen=True, slots=True)
class Reserve:
    """What a collective keeps back of its arable land, in whole m²; `before_2003`: since before the law of 2002."""

    arable_m2: int | None = field(default=None, metadata=shown_by(_SURVEY))
    reserve_m2: int | None = field(default=None, metadata=shown_by(_SURVEY))
    before_2003: Known = field(default=None, metadata=shown_by(_KEPT_BACK))


@dataclass(frozen=True, slots=True)
class Priority:
    """A member wants land that goes to an outsider. `notice_until`: last day of the public notice, None without one."""

    member: Known = field(default=None, metadata=shown_by(_MEMBER))
    equal_terms: Known = field(default=None, metadata=shown_by(_OFFER))
    notice_until: date | None = field(default=None, metadata=shown_by(_NOTICE))
    outsider_since: date | None = field(default=None, metadata=shown_by(_BEGAN))
    said_on: date | None = field(default=None, metadata=shown_by(_SAID))


@dataclass(frozen=True, slots=True)
class Dispute:
    """The next step of a dispute; `award_received`: the day on which the award of an arbitration came."""

    step: Literal["mediate", "arbitrate", "sue"]
    arbitrated: Known = False
    award_received: date | None = field(default=None, metadata=shown_by(_AWARD))


def other_way(facts: OtherWay, day: date) -> Decision:
    """By tender, auction or open talks; to an outsider with two thirds and the township's approval."""
    openly = Condition(
        WAYS,
        "openly",
        _TENDER,
        holds=(
            "招标、拍卖或者公开协商过。登记以后可以租、入股、抵押，家人可以接着包。",
            "By tender, auction or open talks. Registered, it may be let or mortgaged; heirs continue.",
        ),
        fails=("没有招标、拍卖、公开协商，不能这样包。", "Neither tender nor auction nor open talks: not this way."),
        unshown=("还差招标、拍卖、公开协商的记录。", "The record of tender, auction or talks is not shown."),
    ).of(facts.openly)
    if facts.by == "household of the collective":
        return decided(openly, day)
    township = Condition(
        WAYS,
        "township",
        TOWNSHIP,
        holds=("包给外人，苏木镇批准了。", "To an outsider: the township approved."),
        fails=("包给外人，苏木镇没有批准，办不了。", "To an outsider without the township's approval: not."),
        unshown=("包给外人，还差苏木镇的批准。", "To an outsider: the township's approval is not shown."),
    ).of(facts.township)
    vote = carried(facts.vote, WAYS, book().fraction(WAYS, "assembly_share", day))
    return decided(all_of(openly, vote, township), day)


def reserve_land(facts: Reserve, day: date) -> Decision:
    """At most a twentieth of the arable land, and none that was not kept back before the law."""
    share = book().fraction(RESERVE, "reserve_share", day)
    return decided(all_of(_kept_back(facts.before_2003), _within(facts, share)), day)


def priority(facts: Priority, day: date) -> Decision:
    """A member, on equal terms, who said so within the notice or, without one, two months after an outsider began."""
    member = Condition(
        FIRST,
        "member",
        _MEMBER,
        holds=("您是本集体的成员；户口在哪里都一样。", "You are a member, wherever you are registered."),
        fails=("优先是给本集体成员的。", "Members alone come first."),
        unshown=("先看成员名册上有没有您。", "See whether you are on the roll of members."),
    ).of(facts.member)
    equal = Condition(
        FIRST,
        "equal_terms",
        _OFFER,
        holds=("条件一样，您优先。", "On equal terms you come first."),
        fails=("条件不一样，就不是优先的事。", "Not on equal terms: no priority."),
        unshown=("双方出的条件一样不一样，还差材料。", "Whether the terms are equal is not shown."),
    ).of(facts.equal_terms)
    return decided(all_of(member, equal, _in_time(facts, day)), day)


def dispute(facts: Dispute, day: date) -> Decision:
    """Talk, mediation, arbitration, court; who does not accept an award sues within thirty days."""
    if facts.step != "sue" or facts.arbitrated is False:
        zh = "可以先协商，找嘎查、苏木镇调解，也可以申请仲裁，或者直接起诉；谁也不能拦着。"
        en = "Talk, ask village or township to mediate, go to arbitration, or sue at once: nobody may stand in the way."
        return decided(yes(DISPUTES, zh, en, "step"), day)
    at = "award_received"
    if facts.award_received is None:
        zh = "仲裁过的，要看裁决书哪天收到。"
        return decided(lacks(DISPUTES, zh, "The day on which the award came is not shown.", at, needs=(_AWARD,)), day)
    last = last_day_to_sue(facts.award_received, day)
    if day <= last:
        zh = f"不服裁决，{_zh(last)}以前（含当天）去法院起诉。"
        return decided(yes(DISPUTES, zh, f"Who does not accept the award sues by {last}.", at), day)
    zh = f"起诉的日子到{_zh(last)}就满了，裁决书已经生效。"
    return decided(no(DISPUTES, zh, f"The time to sue ended on {last}: the award stands.", at), day)


def last_day_to_sue(received: date, day: date) -> date:
    """The thirtieth day after the award came; its own day is not counted."""
    return received + timedelta(days=book().whole(DISPUTES, "days_to_sue", day))


def _kept_back(before: Known) -> Part:
    return Condition(
        RESERVE,
        "before_2003",
        _KEPT_BACK,
        holds=("2003年3月1日以前就留下的。", "Kept back since before 2003-03-01."),
        fails=(
            "2003年3月1日以后不许再新留机动地，要分到户。",
            "No new reserve since 2003-03-01: it is to be contracted to households.",
        ),
        unshown=("什么时候留的，还差凭据。", "Since when it is kept back is not shown."),
    ).of(before)


def _within(facts: Reserve, share: Fraction) -> Part:
    at = ("arable_m2", "reserve_m2")
    if facts.arable_m2 is None or facts.reserve_m2 is None:
        return lacks(RESERVE, "耕地、机动地各有多少，还差面积表。", "The areas are not shown.", *at, needs=(_SURVEY,))
    if facts.reserve_m2 <= share * facts.arable_m2:
        zh = f"机动地没有超过耕地的{share_zh(share)}。"
        return yes(RESERVE, zh, f"The reserve is at most {share} of the arable land.", *at)
    zh = f"机动地超过了耕地的{share_zh(share)}，超出的要分到户。"
    return no(RESERVE, zh, f"More than {share} of the arable land: the excess goes to households.", *at)


def _in_time(facts: Priority, day: date) -> Part:
    at = ("notice_until", "outsider_since", "said_on")
    months = book().whole(FIRST, "priority_months", day)
    if facts.notice_until is None and facts.outsider_since is None:
        zh = f"要优先，就在公示的时候说；没有公示的，外人开始用地{months}个月之内说。哪天起算，还差材料。"
        en = f"Say so within the notice or, without one, within {months} months; from which day is not shown."
        return lacks(FIRST, zh, en, *at, needs=(_NOTICE, _BEGAN))
    last = facts.notice_until or months_after(facts.outsider_since or day, months)
    said = facts.said_on or day
    if said <= last:
        zh = f"{_zh(last)}以前（含当天）书面说要优先，就算数。"
        return yes(FIRST, zh, f"Said in writing by {last}, it counts.", *at)
    if facts.said_on is None:
        zh = f"优先要在{_zh(last)}以前说；那时候说过的，把写了日期的凭据拿来。"
        return lacks(FIRST, zh, f"It had to be said by {last}: bring what you said then.", *at, needs=(_SAID,))
    zh = f"优先要在{_zh(last)}以前说，说晚了；条件好可以另谈。"
    return no(FIRST, zh, f"It had to be said by {last}: too late, but you may still offer.", *at)


def _zh(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
