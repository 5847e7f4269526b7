"""How does somebody who is registered nowhere come to be registered (plan II.1.3)?

Everybody is; no condition outside the registration rules may be set, so there is no field for a fine, a birth-planning
paper, land or membership. What is missing names the agency that must act. A first registration is no migration: it follows
the parent or carer (Q5), so a herder's child is registered in the 嘎查.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from registry.decisions.facts import Known, shown_by
from registry.decisions.in_banner import UNREGISTERED
from registry.decisions.parts import Part, all_of, decided, lacks, no, one_of, yes
from registry.law.deciding import decides

if TYPE_CHECKING:
    from datetime import date

    from registry.law.deciding import Decision

CATEGORIES_96, RURAL_ELSE = "SC-2015-96/categories", "WS-2016/II.1.4-f"
Case = Literal["born-outside-plan", "no-birth-certificate", "de-facto-adoption", "declared-missing-or-dead", "other"]
CLASSES = {
    "born-outside-plan": ("政策外出生、非婚生育", "born outside the plan or out of wedlock"),
    "no-birth-certificate": ("没有出生医学证明", "no birth certificate"),
    "de-facto-adoption": ("没办收养手续的事实收养", "de-facto adoption"),
    "declared-missing-or-dead": ("被宣告失踪或死亡后注销", "cancelled after being declared missing or dead"),
    "marriage-abroad": ("因婚嫁被注销原籍户口", "cancelled at home on marrying away"),
    "lost-in-transfer": ("户口迁移证件遗失或过期", "papers of a move lost or out of date"),
    "child-of-a-foreigner": ("与外国人、无国籍人非婚生育", "child of a foreigner, out of wedlock"),
    "other": ("其他", "other"),
}
"""What the classes of 国办发〔2015〕96号 are called, in its order; which are in force on a day the rule says. Partly recalled."""
_CERTIFICATE = "出生医学证明（卫计局，接生的医院出）"
_KINSHIP_TEST = "亲子鉴定（有资质的鉴定机构）"
_PARENT_BOOK = "父亲或者母亲一方的户口簿（公安局）"
_STATEMENT = "结婚证，或者非婚生育说明"
_ADOPTION = "收养登记证（民政局）"
_COURT = "撤销宣告失踪或者死亡的判决（法院）"
_INQUIRY = "派出所的调查核实（公安局）"


@dataclass(frozen=True, slots=True)
class Unregistered:
    """What is known of somebody without registration, by the class of 国办发〔2015〕96号 that they fall under.

    `joins`: the parent with whom they register, father or mother by choice; `father_unmarried`: that it is an unmarried
    father, who shows kinship by a test. `already_registered`: that a registration was found after all.
    """

    case: Case
    already_registered: Known = False
    birth_certificate: Known = field(default=None, metadata=shown_by(_CERTIFICATE))
    parent_book: Known = field(default=None, metadata=shown_by(_PARENT_BOOK))
    marriage_or_statement: Known = field(default=None, metadata=shown_by(_STATEMENT))
    joins: Literal["mother", "father"] = "mother"
    father_unmarried: bool = False
    kinship_test: Known = field(default=None, metadata=shown_by(_KINSHIP_TEST))
    born_in_institution: Known = None
    adoption_registered: Known = field(default=None, metadata=shown_by(_ADOPTION))
    court_revoked: Known = field(default=None, metadata=shown_by(_COURT))
    inquiry_done: Known = field(default=None, metadata=shown_by(_INQUIRY))


@decides(UNREGISTERED, CATEGORIES_96)
def register_unregistered(facts: Unregistered, day: date) -> Decision:
    """Registered with the papers of the class; never refused but to whoever has a registration already."""
    if facts.already_registered:
        zh = "已经有户口，一个人只登记一个；要改、要恢复，到派出所办。"
        part = no(UNREGISTERED, zh, "Registered already: one person, one registration.", "already_registered")
        return decided(part, day, CATEGORIES_96)
    routes = {
        "born-outside-plan": _born,
        "no-birth-certificate": _without_certificate,
        "de-facto-adoption": _adopted,
        "declared-missing-or-dead": _returned,
        "other": _inquired,
    }
    return decided(routes[facts.case](facts), day, UNREGISTERED, CATEGORIES_96, RURAL_ELSE)


def placement(facts: Unregistered) -> Literal["with-parent-or-carer", "as-before"]:
    """Where: with the parent or carer; somebody declared dead, where they were registered before."""
    return "as-before" if facts.case == "declared-missing-or-dead" else "with-parent-or-carer"


def _born(facts: Unregistered) -> Part:
    """Outside the birth plan or out of wedlock."""
    zh = "有出生医学证明。"
    certificate = _shown(facts.birth_certificate, "birth_certificate", zh, "The birth certificate is shown.", _CERTIFICATE)
    zh = "有结婚证，没结婚的有一份说明。"
    en = "The marriage paper, or a statement, is shown."
    married = _shown(facts.marriage_or_statement, "marriage_or_statement", zh, en, _STATEMENT)
    return all_of(certificate, *_with_parent(facts), married)


def _without_certificate(facts: Unregistered) -> Part:
    zh = "出生医学证明补来了。"
    certificate = _shown(facts.birth_certificate, "birth_certificate", zh, "The certificate was issued.", _CERTIFICATE)
    if certificate.holds:
        return all_of(certificate, *_with_parent(facts))
    if facts.born_in_institution:
        zh = "在医院生的，由那家医院补出生医学证明；派出所不能因为它没出就不给登记。"
        en = "Born in an institution: it issues the certificate. Nobody stays unregistered because it has not yet."
        return lacks(CATEGORIES_96, zh, en, "born_in_institution", needs=(_CERTIFICATE,))
    tested = _shown(facts.kinship_test, "kinship_test", "有亲子鉴定。", "The kinship test is shown.", _KINSHIP_TEST)
    if tested.holds:
        zh = "凭亲子鉴定到卫计局领出生医学证明，再来登记。"
        en = "With the test the health bureau issues the certificate."
        return lacks(CATEGORIES_96, zh, en, "kinship_test", "birth_certificate", needs=(_CERTIFICATE,))
    return one_of(certificate, tested)


def _adopted(facts: Unregistered) -> Part:
    zh = "民政局办了收养登记。"
    return _follows(_shown(facts.adoption_registered, "adoption_registered", zh, "The adoption is registered.", _ADOPTION))


def _returned(facts: Unregistered) -> Part:
    zh = "法院撤销了宣告，户口恢复；成员身份和原来的权利一起恢复。"
    en = "The court revoked the declaration: the registration is restored, membership and rights with it."
    return _shown(facts.court_revoked, "court_revoked", zh, en, _COURT)


def _inquired(facts: Unregistered) -> Part:
    zh = "派出所查清楚了。"
    return _follows(_shown(facts.inquiry_done, "inquiry_done", zh, "The police have inquired.", _INQUIRY))


def _with_parent(facts: Unregistered) -> tuple[Part, ...]:
    zh = "有一方父母的户口簿。"
    book = _shown(facts.parent_book, "parent_book", zh, "One parent's household book is shown.", _PARENT_BOOK)
    parts = [_follows(book)]
    if facts.joins == "father" and facts.father_unmarried:
        zh = "随没有结婚的父亲登记，有亲子鉴定。"
        en = "Joining an unmarried father: the kinship test is shown."
        parts.append(_shown(facts.kinship_test, "kinship_test", zh, en, _KINSHIP_TEST))
    return tuple(parts)


def _follows(part: Part) -> Part:
    """A first registration is no migration: the sentence that sends others to town does not bind it (Q5)."""
    if not part.holds:
        return part
    zh = "第一次登记不是迁户口，跟着父母或者抚养人登记，在嘎查的就登记在嘎查。"
    en = "A first registration is no move: it follows the parent or carer, in the 嘎查 too."
    return all_of(part, yes(UNREGISTERED, zh, en, "joins", question="Q5"))


def _shown(fact: Known, name: str, zh: str, en: str, paper: str) -> Part:
    """A paper that is not there is missing, whatever was said of it: here nothing is refused."""
    if fact:
        return yes(CATEGORIES_96, zh, en, name)
    missing = f"还差：{paper}。少了它也不是不给登记，该出证明的部门出了就办。"
    missing_en = f"Still to come: {paper}. It is no refusal: the agency named must act, then you are registered."
    return lacks(CATEGORIES_96, missing, missing_en, name, needs=(paper,))
