"""Which of the family may settle along with somebody from outside (plan II.1.2), and where is one registered who has no
address of their own (集体户口)?

本人及其共同居住生活的配偶、未成年子女和参加城镇社会保险满两年的父母: the two years bind the parents only. Whoever may settle
along does so on their own signed application, or does not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from registry.decisions.categories import two_years
from registry.decisions.facts import BIRTH, INSURANCE, LIVING, MARRIAGE, Known, is_of_age, shown_by
from registry.decisions.from_outside import REGION, UNSHOWN_OUTSIDER, FromOutside, settle_from_outside
from registry.decisions.parts import Part, all_of, decided, lacks, no, unclear, yes
from registry.law.book import book
from registry.law.deciding import Decision, Reason, decides

FAMILY, COLLECTIVE = "WS-2016/II.1.2-F", "WS-2016/II.1.2-C"
AT_ADDRESS = "实际住址能不能登记的答复（派出所）"
ACCEPTED = "集体户同意接收的证明"
Relation = Literal["spouse", "child", "parent", "parent-in-law", "sibling", "grandparent", "grandchild"]
_HOUSEHOLDS = {"employer": "单位集体户", "community": "社区集体户", "talent-market": "人才市场集体户"}


@dataclass(frozen=True, slots=True)
class Companion:
    """Who comes along with `principal`; `same_address`: whether both really live at one address, as far as recorded."""

    relation: Relation
    principal: FromOutside = UNSHOWN_OUTSIDER
    lives_together: Known = field(default=None, metadata=shown_by(LIVING))
    same_address: Known = None
    marriage_valid: Known = field(default=None, metadata=shown_by(MARRIAGE))
    born: date | None = None
    insured_months: tuple[str, ...] | None = field(default=None, metadata=shown_by(INSURANCE))


@dataclass(frozen=True, slots=True)
class CollectivePlace:
    """Whether somebody can be registered at their real address, and which collective households would take them."""

    principal: FromOutside = UNSHOWN_OUTSIDER
    can_register_at_address: Known = field(default=None, metadata=shown_by(AT_ADDRESS))
    accepted_by: tuple[Literal["employer", "community", "talent-market"], ...] | None = field(
        default=(), metadata=shown_by(ACCEPTED)
    )


@decides(FAMILY)
def settle_along(facts: Companion, day: date) -> Decision:
    """Only along with somebody who is eligible; each relation has its own conditions."""
    leads = settle_from_outside(facts.principal, day)
    return decided(all_of(_leads(leads, FAMILY), _companion(facts, day)), day, FAMILY, *leads.rules, REGION)


@decides(COLLECTIVE)
def place_in_collective(facts: CollectivePlace, day: date) -> Decision:
    """A place to register for whoever is eligible already, never a way round the conditions."""
    leads = settle_from_outside(facts.principal, day)
    return decided(all_of(_leads(leads, COLLECTIVE), _placed(facts, day)), day, COLLECTIVE, *leads.rules)


def household_for(facts: CollectivePlace, day: date) -> str:
    """Where: "address", or the first collective household that accepts, or "" where none has yet."""
    if facts.can_register_at_address:
        return "address"
    order = book().words(COLLECTIVE, "collective_households", day)
    return next((kind for kind in order if kind in (facts.accepted_by or ())), "")


def _leads(leads: Decision, rule: str) -> Part:
    """What was decided of the person with whom one comes, or who is to be placed."""
    if leads.result == "eligible":
        return yes(rule, "申请的本人符合落户条件。", "The person who leads is eligible.", "principal")
    if leads.result == "not eligible":
        zh = "本人不符合落户条件，不能靠这一条落户。"
        return no(rule, zh, "The person who leads is not eligible: this clause is no way round.", "principal")
    reasons = [Reason(r.rule, r.zh, r.en, tuple(f"principal.{f}" for f in r.facts), r.needs, r.question) for r in leads.reasons]
    return Part(leads.result, tuple(reasons))


def _companion(facts: Companion, day: date) -> Part:
    if facts.relation not in {"spouse", "child", "parent"}:
        zh = "方案里的随迁家人没有写这种亲属，自治区的规定更宽：由工作人员看。"
        en = "The plan does not name this relative among the family, the region's text is wider: a person decides."
        return unclear(FAMILY, zh, en, "relation", question="Q1")
    own = {"spouse": _spouse, "child": _child, "parent": _parent}[facts.relation]
    return all_of(_together(facts), own(facts, day))


def _together(facts: Companion) -> Part:
    if facts.lives_together is False:
        zh = "没有住在一起，不算随迁；可以自己申请，或者按投靠（第3类）办。"
        return no(FAMILY, zh, "Not living together: an own case, or category (3).", "lives_together")
    if facts.lives_together and facts.same_address is False:
        zh = "说住在一起，登记的实际住址却不是一处：由工作人员看。"
        en = "Said to live together, but recorded at two addresses: a person decides."
        return unclear(FAMILY, zh, en, "lives_together", "same_address", question=None)
    if facts.lives_together and facts.same_address:
        return yes(FAMILY, "住在一起。", "They live together.", "lives_together", "same_address")
    zh = "是不是住在一起，还差实际居住登记。"
    return lacks(FAMILY, zh, "Living together is not shown.", "lives_together", "same_address", needs=(LIVING,))


def _spouse(facts: Companion, _day: date) -> Part:
    at = "marriage_valid"
    if facts.marriage_valid is None:
        return lacks(FAMILY, "还差结婚证。", "The marriage is not shown.", at, needs=(MARRIAGE,))
    if facts.marriage_valid:
        return yes(FAMILY, "是配偶。", "The spouse.", at)
    return no(FAMILY, "那天不是夫妻关系；可以自己申请。", "No valid marriage on that day: an own case.", at)


def _child(facts: Companion, day: date) -> Part:
    if facts.born is None:
        return lacks(FAMILY, "孩子的出生日期还没有看到。", "The birthday is not shown.", "born", needs=(BIRTH,))
    if is_of_age(facts.born, day, book().whole(FAMILY, "adult_age", day)):
        return no(FAMILY, "子女已经成年，要自己申请。", "The child is of age: an own case.", "born")
    return yes(FAMILY, "未成年子女。", "A minor child.", "born")


def _parent(facts: Companion, day: date) -> Part:
    found = two_years(FAMILY, facts.insured_months, day, "insured_months")
    if found.result != "not eligible":
        return found
    zh = "父母的社会保险没有满两年，不按随迁办；可以按父母投靠子女（第3类）试试。"
    more = no(FAMILY, zh, "Under two years: not along; try category (3), parents joining children.", "insured_months")
    return Part(found.result, (*found.reasons, *more.reasons))


def _placed(facts: CollectivePlace, day: date) -> Part:
    if facts.can_register_at_address:
        return yes(COLLECTIVE, "实际住址可以登记，就登记在那里。", "Registered at the real address.", "can_register_at_address")
    if facts.can_register_at_address is None:
        zh = "实际住址能不能登记，还没有问清。"
        en = "Whether the address can be registered was not shown."
        return lacks(COLLECTIVE, zh, en, "can_register_at_address", needs=(AT_ADDRESS,))
    household = household_for(facts, day)
    if not household:
        zh = "实际住址登记不了，还没有集体户接收：先问单位，再问社区，再问人才市场。"
        en = "The address cannot be registered and no collective household has accepted: employer, community, talent market."
        return lacks(COLLECTIVE, zh, en, "accepted_by", needs=(ACCEPTED,))
    zh = f"实际住址登记不了，落在{_HOUSEHOLDS[household]}。"
    return yes(COLLECTIVE, zh, f"Registered in the collective household: {household}.", "can_register_at_address", "accepted_by")
