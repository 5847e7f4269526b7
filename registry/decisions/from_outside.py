"""May somebody from outside the banner settle in one of its towns (plan II.1.2)?

The plan asks for a dwelling, work and one of seven categories. The region's rule and Order 663 ask for less (Q1): their
results stand beside the plan's. Where one of them admits whom the plan does not, a person decides, and nobody is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from registry.decisions.categories import CATEGORIES, NO_GROUNDS, Grounds, judge_categories
from registry.decisions.facts import (
    BOOK,
    LIVING,
    UNSHOWN_DWELLING,
    UNSHOWN_WORK,
    WORK,
    Dwelling,
    Hukou,
    Known,
    Work,
    shown_by,
)
from registry.decisions.in_banner import FROM_OUTSIDE, IN_BANNER, UNREGISTERED, lawful_dwelling
from registry.decisions.parts import Part, all_of, decided, lacks, no, one_of, unclear, yes
from registry.law.deciding import Decision, Reason, decides

if TYPE_CHECKING:
    from datetime import date

REGION, ORDER_663 = "NM-2016-36/dwelling-or-work", "RP-663/16"
_JOINING, _LICENCE, _APPOINTED = CATEGORIES[2], CATEGORIES[3], CATEGORIES[4]
_PERMIT = "居住证（公安局）"
_FOUND = {
    "eligible": ("有", "shown"),
    "not eligible": ("没有", "no"),
    "needs evidence": ("还差证明", "not shown yet"),
    "review": ("要看", "to be looked at"),
}


@dataclass(frozen=True, slots=True)
class FromOutside:
    """What is known of somebody from outside; `permit`: whether they hold a residence permit in force on the day."""

    hukou: Hukou | None = None
    lives_in_town: Known = field(default=None, metadata=shown_by(LIVING))
    dwelling: Dwelling = UNSHOWN_DWELLING
    work: Work = UNSHOWN_WORK
    grounds: Grounds = NO_GROUNDS
    permit: Known = False


UNSHOWN_OUTSIDER = FromOutside()


@dataclass(frozen=True, slots=True)
class _Conditions:
    """The parts of which the three rules are made."""

    town: Part
    dwelling: Part
    work: Part
    categories: dict[str, Part]


@decides(FROM_OUTSIDE, REGION, ORDER_663)
def settle_from_outside(facts: FromOutside, day: date) -> Decision:
    """By the plan, with the two higher rules beside it (Q1)."""
    hukou = _hukou(facts.hukou)
    if hukou.result == "not eligible":
        return decided(hukou, day, FROM_OUTSIDE)
    conditions = _conditions(facts, day)
    plan = _plan(facts, hukou, conditions)
    beside = (
        decided(plan, day, FROM_OUTSIDE, *CATEGORIES),
        decided(_region(conditions), day, REGION),
        decided(_order(facts.permit, conditions), day, ORDER_663),
    )
    return decided(_overall(plan, beside), day, FROM_OUTSIDE, *CATEGORIES, REGION, ORDER_663, beside=beside)


def categories_held(facts: FromOutside, day: date) -> tuple[str, ...]:
    """All the categories that hold, by their rules: what is stored with the event."""
    return tuple(rule for rule, part in judge_categories(facts.grounds, facts.dwelling, day).items() if part.holds)


def _conditions(facts: FromOutside, day: date) -> _Conditions:
    categories = judge_categories(facts.grounds, facts.dwelling, day)
    work = _work(facts.work)
    if not work.holds:
        # The approval shows the work, and a licence in force is one of the papers that do; that it is still missing is no "no".
        papers = [categories[rule] for rule in (_APPOINTED, _LICENCE)]
        lacking = [each for each in papers if each.result == "needs evidence" and work.result == "not eligible"]
        work = next((each for each in papers if each.holds), *lacking[:1] or [work])
    return _Conditions(_in_town(facts.lives_in_town), lawful_dwelling(facts.dwelling), work, categories)


def _plan(facts: FromOutside, hukou: Part, conditions: _Conditions) -> Part:
    dwelling, work = conditions.dwelling, conditions.work
    if conditions.categories[_JOINING].result != "not eligible":
        dwelling = dwelling if dwelling.holds else _sponsors_dwelling(facts, dwelling)
        work = work if work.holds else _sponsors_work(facts, work)
    return all_of(hukou, conditions.town, dwelling, work, _any_category(conditions.categories))


def _any_category(categories: dict[str, Part]) -> Part:
    found = one_of(*categories.values())
    if found.result != "not eligible":
        return found
    zh = "七类里一类也不符合；可以先办居住证（方案二（二）2）。"
    en = "None of the seven categories holds; a residence permit may be asked for (plan II.2.2)."
    return no(FROM_OUTSIDE, zh, en, "grounds")


def _sponsors_dwelling(facts: FromOutside, own: Part) -> Part:
    joining = facts.grounds.joining
    shown = own if joining is None else lawful_dwelling(joining.sponsor_dwelling)
    if shown.result == "needs evidence":
        zh = "自己没有住处；投靠的人有没有，还差证明。"
        needs = tuple(need for reason in shown.reasons for need in reason.needs)
        en = "No dwelling of their own; that of the person joined was not shown."
        return lacks(_JOINING, zh, en, "grounds.joining.sponsor_dwelling", needs=needs)
    if not shown.holds:
        return own
    zh = "自己没有住处，投靠的人有：算不算数，由工作人员看。"
    en = "The dwelling is that of the person joined (satisfied_by: sponsor): a person decides."
    return unclear(_JOINING, zh, en, "grounds.joining.sponsor_dwelling", question="Q2")


def _sponsors_work(facts: FromOutside, own: Part) -> Part:
    joining = facts.grounds.joining
    if joining is None or joining.sponsor_employed is False:
        return own
    if joining.sponsor_employed is None:
        zh, en = "自己没有工作；投靠的人有没有，还差证明。", "No work of their own; that of the person joined was not shown."
        return lacks(_JOINING, zh, en, "grounds.joining.sponsor_employed", needs=(WORK,))
    zh = "自己没有工作，投靠的人有：算不算数，由工作人员看。"
    en = "The work is that of the person joined (satisfied_by: sponsor): a person decides."
    return unclear(_JOINING, zh, en, "grounds.joining.sponsor_employed", question="Q2")


def _region(conditions: _Conditions) -> Part:
    found = all_of(conditions.town, one_of(conditions.dwelling, conditions.work))
    told = {"住处": conditions.dwelling, "工作": conditions.work, "住在镇上": conditions.town}
    zh = "自治区的规定，住处、工作有一样就行：" + "，".join(f"{name}{_FOUND[part.result][0]}" for name, part in told.items())
    en = "The region asks for dwelling or work: " + ", ".join(
        f"{name} {_FOUND[part.result][1]}"
        for name, part in zip(("dwelling", "work", "lives in town"), told.values(), strict=True)
    )
    return _retold(REGION, found, f"{zh}。", f"{en}.", "lives_in_town", "dwelling", "work")


def _order(permit: Known, conditions: _Conditions) -> Part:
    if permit is None:
        zh = "国务院令第663号第16条只管拿居住证的人：有没有居住证还没看到。"
        en = "Order 663 art. 16 is for permit holders: whether one is held was not shown."
        return lacks(ORDER_663, zh, en, "permit", needs=(_PERMIT,))
    if not permit:
        zh = "国务院令第663号第16条只管拿居住证的人，没有居住证不适用。"
        return no(ORDER_663, zh, "Order 663 art. 16 is for permit holders.", "permit")
    zh, en = _FOUND[conditions.dwelling.result]
    told = f"国务院令第663号第16条：拿居住证的人在县城和小城镇只看住处，住处{zh}。"
    told_en = f"Order 663 art. 16: of a permit holder a county seat or small town asks for a dwelling alone; dwelling {en}."
    return _retold(ORDER_663, conditions.dwelling, told, told_en, "permit", "dwelling")


def _retold(rule: str, part: Part, zh: str, en: str, *facts: str) -> Part:
    """The same result by another rule: the papers that are missing stay those that are missing."""
    needs = tuple(dict.fromkeys(need for reason in part.reasons for need in reason.needs))
    return Part(part.result, (Reason(rule, zh, en, facts, needs if part.result == "needs evidence" else (), "Q1"),))


def _overall(plan: Part, beside: tuple[Decision, ...]) -> Part:
    """The plan decides, but nobody is refused whom a higher rule admits, or may admit (Q1)."""
    if plan.result != "not eligible":
        return plan
    others = {other.result for other in beside[1:]}
    if "needs evidence" in others and not others & {"eligible", "review"}:
        lacking = [reason for other in beside[1:] if other.result == "needs evidence" for reason in other.reasons]
        return Part("needs evidence", (*plan.reasons, *lacking))
    if not others & {"eligible", "review"}:
        return plan
    zh = "按方案还不够条件，但上面的规定够（见旁边）：由工作人员看，不直接说不行。"
    en = "The plan's conditions are not met, those of a higher rule are (see beside): a person decides, it is no refusal."
    return Part("review", (*plan.reasons, *unclear(FROM_OUTSIDE, zh, en, "grounds", question="Q1").reasons))


def _hukou(hukou: Hukou | None) -> Part:
    if hukou == "elsewhere":
        return yes(FROM_OUTSIDE, "户口在外地。", "Registered outside the banner.", "hukou")
    if hukou == "banner":
        zh = "户口就在本旗，按方案二（一）1办，条件更少。"
        return no(FROM_OUTSIDE, zh, f"Registered in the banner: go by {IN_BANNER}, which asks for less.", "hukou")
    if hukou == "none":
        zh = "还没有户口，按没有户口的人（方案二（一）3）办。"
        return no(FROM_OUTSIDE, zh, f"Registered nowhere: go by {UNREGISTERED}.", "hukou")
    return lacks(FROM_OUTSIDE, "还看不出户口在哪里。", "Where the registration is was not shown.", "hukou", needs=(BOOK,))


def _in_town(lives: Known) -> Part:
    at = "lives_in_town"
    if lives is None:
        return lacks(FROM_OUTSIDE, "住不住在本旗镇上，还差证明。", "Living in town is not shown.", at, needs=(LIVING,))
    if lives:
        return yes(FROM_OUTSIDE, "住在本旗镇上。", "Lives in a town of the banner.", at)
    return no(FROM_OUTSIDE, "没有住在本旗镇上。", "Does not live in a town of the banner.", at)


def _work(work: Work) -> Part:
    if work.employed is None or (work.employed and work.paper is None):
        return lacks(FROM_OUTSIDE, "工作还差一张证明。", "Work is not shown.", "work.employed", needs=(WORK,))
    if not work.employed:
        return no(FROM_OUTSIDE, "没有合法稳定工作。", "No lawful stable work.", "work.employed")
    if work.paper == "other":
        zh = "方案没有说什么是合法稳定就业，拿来的又不是常见的四种证明：由工作人员看。"
        en = "Lawful stable work is not defined and the paper is none of the usual four: a person decides."
        return unclear(FROM_OUTSIDE, zh, en, "work.paper", question=None)
    return yes(FROM_OUTSIDE, "有合法稳定工作。", "Has lawful stable work.", "work.employed", "work.paper")
