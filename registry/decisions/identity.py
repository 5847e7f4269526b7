"""What is done about an identity number: taken, held, linked to an older one, corrected (plan II.2.3)?

A number is never repaired and never reason enough to take two people for one. Whatever is decided here, nobody's rights
rest on it meanwhile, and the old number stays findable.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from registry.decisions.facts import Known, shown_by
from registry.decisions.parts import Part, all_of, decided, lacks, yes
from registry.law.deciding import decides
from registry.law.id_number import candidate_number, form_of

if TYPE_CHECKING:
    from datetime import date

    from registry.law.deciding import Decision

IDENTITY, CHECK = "WS-2016/II.2.3", "GB-11643/check"
_CARD = "居民身份证或者户口簿（公安局）"
_POLICE = "公安局的认定书"
_WRONG = {
    "bad-check-digit": ("最后一位对不上", "the check digit does not fit"),
    "bad-structure": ("位数或者写法不对", "it is not built as a number is"),
    "bad-birth-date": ("里面的出生日期日历上没有", "its birthday is in no calendar"),
}


@dataclass(frozen=True, slots=True)
class NumberAsked:
    """What is asked about a number: `accept` it, `upgrade` a 15-digit one to `new_number`, `correct` it to `new_number`,
    or link two rows as the `same-person`.

    `others_with_it`: how many other living people of the register have it. `police_decision`: whether the police have
    decided and there is a paper.
    """

    asks: Literal["accept", "upgrade", "correct", "same-person"]
    number: str = field(default="", repr=False)
    new_number: str = field(default="", repr=False)
    others_with_it: int = 0
    same_name: Known = None
    same_sex: Known = None
    police_decision: Known = field(default=None, metadata=shown_by(_POLICE))


@decides(IDENTITY, CHECK)
def judge_identity(facts: NumberAsked, day: date) -> Decision:
    """By the identity table: form, doubles, 15 and 18 digits, corrections, one person under two numbers."""
    judge = {"accept": _accept, "upgrade": _upgrade, "correct": _correct, "same-person": _same_person}[facts.asks]
    return decided(judge(facts), day, IDENTITY, CHECK)


def _accept(facts: NumberAsked) -> Part:
    return all_of(_form("number", facts.number), _double(facts.others_with_it))


def _form(name: str, number: str) -> Part:
    form = form_of(number.strip())
    if form == "well-formed":
        zh = "号码写得像样（不等于就是真的）；前六位是哪里都不要紧。"
        return yes(CHECK, zh, "Well formed, which is not true; its place digits decide nothing.", name)
    if form == "fifteen-digits":
        zh = "十五位的老号码，照样留着用，可以和十八位的连上。"
        return yes(IDENTITY, zh, "An old 15-digit number: kept, and linked to the 18-digit one.", name)
    zh, en = _WRONG[form]
    told = f"号码{zh}：原样留着，等公安局改，谁也不替他补；权利照旧。"
    told_en = f"The number is held: {en}. It is kept as it came until the police correct it; no right waits for it."
    return lacks(CHECK, told, told_en, name, needs=(_CARD,))


def _double(others: int) -> Part:
    if not others:
        return yes(IDENTITY, "没有别人用这个号码。", "Nobody else has it.", "others_with_it")
    zh = "两个人是同一个号码：两个人都留着，谁的权利都不停，等公安局改；不能只凭号码当成一个人。"
    en = "Two people have this number: both stay and both keep their rights until the police correct it; never merged by number."
    return lacks(IDENTITY, zh, en, "others_with_it", needs=(_POLICE,))


def _upgrade(facts: NumberAsked) -> Part:
    parts = [_form("new_number", facts.new_number)]
    fits = candidate_number(facts.number.strip()) == facts.new_number.strip().upper()
    if fits and facts.same_name and facts.same_sex:
        zh = "老号码推算的十八位对得上，姓名、出生日期、性别也一样：连上，老号码还查得到。"
        en = "The 18 digits follow from the old number, and name, birthday and sex agree: linked; the old one stays findable."
        parts.append(yes(IDENTITY, zh, en, "number", "new_number", "same_name", "same_sex"))
    else:
        zh = "老号码和新号码对不全（号码、姓名、出生日期、性别）：先不连，等公安局认定。两个人可能推算出同一个号码。"
        en = "Number, name, birthday, sex do not all agree: not linked until the police decide. Two people may share a candidate."
        parts.append(_by_police(facts.police_decision, zh, en, "number", "new_number", "same_name", "same_sex"))
    return all_of(*parts)


def _correct(facts: NumberAsked) -> Part:
    zh, en = "改号码要有公安局的认定。", "A number is corrected by decision of the police."
    found = _by_police(facts.police_decision, zh, en, "police_decision")
    return all_of(_form("new_number", facts.new_number), _double(facts.others_with_it), found)


def _same_person(facts: NumberAsked) -> Part:
    zh = "是不是同一个人，由公安局认定，不能只凭号码；认定以前两边都留着。"
    en = "Whether two are one is decided by the police, never by number alone; until then both stay."
    return _by_police(facts.police_decision, zh, en, "police_decision")


def _by_police(decision: Known, zh: str, en: str, *facts: str) -> Part:
    if decision:
        told = "公安局已经认定，有认定书；以前的号码都还查得到。"
        return yes(IDENTITY, told, "The police have decided; every earlier number stays findable.", "police_decision")
    return lacks(IDENTITY, zh, en, *facts, needs=(_POLICE,))
