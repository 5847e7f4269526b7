"""Under which of the seven categories of plan II.1.2 does somebody from outside the banner fall?

Each is judged, and all that hold are kept, not the first. A paper that is missing leaves a category open; one that the
plan does not define goes to a person.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from registry.decisions.facts import (
    APPROVAL,
    BIRTH,
    INSURANCE,
    KINSHIP,
    LICENCE,
    OWNERSHIP,
    UNSHOWN_DWELLING,
    WORK,
    Dwelling,
    Known,
    insured,
    is_of_age,
    shown_by,
)
from registry.decisions.in_banner import lawful_dwelling
from registry.decisions.parts import Part, all_of, lacks, no, unclear, yes
from registry.law.book import book
from registry.law.deciding import decides

CATEGORIES = tuple(f"WS-2016/II.1.2({n})" for n in range(1, 8))
_HOUSE, _INSURED, _JOINING, _LICENCE, _APPOINTED, _SCHOOLED, _TALENT = CATEGORIES
SCHOOLING = "毕业证书、留学回国证明或者企业的聘用合同"
ASSESSMENT = "市场主体的评价材料"
_QUALIFIED = {
    "college": ("大学专科以上毕业。", "Graduated from junior college or above."),
    "vocational": ("职业院校毕业。", "Graduated from a vocational school."),
    "technical-worker": ("企业聘用的技术工人。", "A technical worker hired by an enterprise."),
    "industrial-worker": ("企业聘用的产业工人。", "An industrial worker hired by an enterprise."),
    "returned-student": ("留学回国。", "A student returned from abroad."),
}
House = Literal["commodity", "commercial", "second-hand", "self-built", "none"]
Qualified = Literal[
    "college", "vocational", "technical-worker", "industrial-worker", "returned-student", "enterprise-employee", "other", "none"
]


@dataclass(frozen=True, slots=True)
class Licence:
    """A business licence: the holder's role, since when, and the day on which it was cancelled, if it was."""

    role: Literal["sole-proprietor", "legal-person", "in-charge"]
    granted: date
    cancelled: date | None = None
    shown: Known = field(default=None, metadata=shown_by(LICENCE))


@dataclass(frozen=True, slots=True)
class Joining:
    """Whom somebody joins: `relation` is what the applicant is to them; dwelling and work of the person joined."""

    relation: Literal["spouse", "minor-child", "parent"]
    kinship_shown: Known = field(default=None, metadata=shown_by(KINSHIP))
    born: date | None = None
    sponsor_dwelling: Dwelling = UNSHOWN_DWELLING
    sponsor_employed: Known = field(default=None, metadata=shown_by(WORK))


@dataclass(frozen=True, slots=True)
class Grounds:
    """What the seven categories ask. `house`: what was bought or built; `insured_months`: paid months as "YYYY-MM".

    None is "nobody has shown it"; a category that nobody claims is told as "none", () or False.
    """

    house: House | None = field(default="none", metadata=shown_by(OWNERSHIP))
    insured_months: tuple[str, ...] | None = field(default=(), metadata=shown_by(INSURANCE))
    joining: Joining | None = None
    licence: Licence | None = None
    approved: Known = field(default=False, metadata=shown_by(APPROVAL))
    qualified: Qualified | None = field(default="none", metadata=shown_by(SCHOOLING))
    talent: Known = field(default=False, metadata=shown_by(ASSESSMENT))


NO_GROUNDS = Grounds()


@decides(*CATEGORIES)
def judge_categories(grounds: Grounds, dwelling: Dwelling, day: date) -> dict[str, Part]:
    """What each of the seven categories answers, by its rule."""
    return {
        _HOUSE: _house(grounds.house),
        _INSURED: _insured(grounds.insured_months, dwelling, day),
        _JOINING: _joining(grounds.joining, day),
        _LICENCE: _licence(grounds.licence, day),
        _APPOINTED: _approved(grounds.approved),
        _SCHOOLED: _qualified(grounds.qualified),
        _TALENT: _talent(grounds.talent),
    }


def two_years(rule: str, months: tuple[str, ...] | None, day: date, fact: str) -> Part:
    """Urban social insurance for two full years: paid months in all, the longest run told beside (Q3)."""
    asked = book().whole(rule, "insured_months", day)
    if months is None:
        zh = "城镇社会保险交了多久，还差一张缴费记录。"
        return lacks(rule, zh, "How long insurance was paid was not shown.", fact, needs=(INSURANCE,))
    paid = insured(months, day)
    zh = f"城镇社会保险一共交了 {paid.total} 个月，最长连着 {paid.longest_run} 个月；要满 {asked} 个月，先按一共算。"
    en = f"Insurance: {paid.total} months paid in all, {paid.longest_run} without a break; {asked} are asked, in all."
    if paid.total >= asked:
        return yes(rule, zh, en, fact, question="Q3")
    return no(rule, zh, en, fact, question="Q3")


def _house(house: House | None) -> Part:
    if house is None:
        zh = "买房、建房还差一张证明。"
        return lacks(_HOUSE, zh, "Buying or building is not shown.", "grounds.house", needs=(OWNERSHIP,))
    if house == "none":
        return no(_HOUSE, "没有在镇上买房或者建房。", "No house was bought or built.", "grounds.house")
    if house == "commercial":
        zh = "买了商业用房，这一类算；商业用房能不能当住处，另外看。"
        return yes(_HOUSE, zh, "Commercial premises were bought: enough here, as a dwelling shown apart.", "grounds.house")
    return yes(_HOUSE, "在镇上买了房或者建了房。", "A home was bought or built.", "grounds.house")


def _insured(months: tuple[str, ...] | None, dwelling: Dwelling, day: date) -> Part:
    return all_of(lawful_dwelling(dwelling), two_years(_INSURED, months, day, "grounds.insured_months"))


def _joining(joining: Joining | None, day: date) -> Part:
    if joining is None:
        return no(_JOINING, "不是投靠配偶、父母或者子女。", "Nobody is joined.", "grounds.joining")
    return all_of(_kin(joining.kinship_shown), _joins(joining, day))


def _kin(shown: Known) -> Part:
    at = "grounds.joining.kinship_shown"
    if shown is None:
        return lacks(_JOINING, "投靠亲属，还差一张关系证明。", "Kinship is not shown.", at, needs=(KINSHIP,))
    if shown:
        return yes(_JOINING, "亲属关系有证明。", "Kinship is shown.", at)
    return no(_JOINING, "材料上不是夫妻、父母子女关系。", "The papers show no such kinship.", at)


def _joins(joining: Joining, day: date) -> Part:
    at = "grounds.joining"
    if joining.relation != "minor-child":
        zh = "夫妻投靠，或者父母投靠子女。"
        return yes(_JOINING, zh, "Spouses join each other, or a parent a child.", f"{at}.relation")
    if joining.born is None:
        return lacks(_JOINING, "孩子的出生日期还没有看到。", "The birthday is not shown.", f"{at}.born", needs=(BIRTH,))
    if is_of_age(joining.born, day, book().whole(_JOINING, "adult_age", day)):
        return no(_JOINING, "已经成年，不算未成年子女投靠父母。", "Of age: no minor joining a parent.", f"{at}.born")
    return yes(_JOINING, "未成年子女投靠父母。", "A minor joins a parent.", f"{at}.relation", f"{at}.born")


def _licence(licence: Licence | None, day: date) -> Part:
    at = "grounds.licence"
    if licence is None:
        return no(_LICENCE, "没有营业执照。", "There is no business licence.", at)
    if licence.shown is None:
        return lacks(_LICENCE, "还差营业执照。", "The business licence is not shown.", f"{at}.shown", needs=(LICENCE,))
    if licence.granted > day:
        return lacks(_LICENCE, "营业执照那天还没有发。", "The licence was not granted yet.", f"{at}.granted", needs=(LICENCE,))
    if licence.cancelled is not None and licence.cancelled <= day:
        return no(_LICENCE, "营业执照那天以前已经注销。", "The licence was cancelled before that day.", f"{at}.cancelled")
    return yes(_LICENCE, "有营业执照，当天有效。", "A business licence in force.", at)


def _approved(approved: Known) -> Part:
    at = "grounds.approved"
    if approved is None:
        return lacks(_APPOINTED, "调动、考录或者聘用，还差批准文件。", "The approval is not shown.", at, needs=(APPROVAL,))
    if approved:
        zh = "组织、人事部门批准调来、考来或者聘来的；工作也一起算有了。"
        return yes(_APPOINTED, zh, "Transferred, examined in or hired with approval, which shows the work too.", at)
    return no(_APPOINTED, "不是经批准调入、考录、聘用的。", "Not transferred or hired with approval.", at)


def _qualified(qualified: Qualified | None) -> Part:
    at = "grounds.qualified"
    if qualified is None:
        return lacks(_SCHOOLED, "学历或者聘用还差一张证明。", "Schooling or hire is not shown.", at, needs=(SCHOOLING,))
    if qualified in _QUALIFIED:
        return yes(_SCHOOLED, *_QUALIFIED[qualified], at)
    if qualified == "enterprise-employee":
        zh = "企业的一般员工：宽的读法（企业聘用的……及其他人员）算，窄的读法不算，由工作人员看。"
        en = "An ordinary employee: the wide reading (hired by enterprises … and others) takes them in, the narrow not."
        return unclear(_SCHOOLED, zh, en, at, question="Q14")
    if qualified == "other":
        zh = "说是“其他人员”，方案没有说是哪些人，由工作人员看。"
        return unclear(_SCHOOLED, zh, "“Others”: the plan does not say who they are; a person decides.", at, question="Q14")
    return no(_SCHOOLED, "没有这些学历，也不是企业聘用的工人。", "Neither such schooling nor such hire.", at)


def _talent(talent: Known) -> Part:
    at = "grounds.talent"
    if talent is None:
        return lacks(_TALENT, "人才评价还差一份材料。", "The assessment is not shown.", at, needs=(ASSESSMENT,))
    if talent:
        zh = "有市场主体的评价；方案没有说“一定条件”是什么，由工作人员看。"
        en = "Assessed by market bodies; the plan does not say which conditions: a person decides."
        return unclear(_TALENT, zh, en, at, question=None)
    return no(_TALENT, "没有市场主体的人才评价。", "No such assessment.", at)
