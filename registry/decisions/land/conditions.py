"""How is a condition of a right put that is no single fact: by the will of the household, by a vote?

*Will*: each adult signs apart, and what was forced is void. *Vote*: how many agreed, of how many who have a say.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from registry.decisions.facts import Known, shown_by
from registry.decisions.parts import Part, lacks, no, yes
from registry.law.deciding import keeps

if TYPE_CHECKING:
    from fractions import Fraction

CONTRACT = "承包合同（村里、农牧局都有存档）"
SIGNED = "家里每个成年人的签字（本人签）"
RESOLUTION = "会议的决议（写明应到多少人、多少人同意）"
TOWNSHIP = "苏木镇政府的批准文件"
LOOKED_UP = "登记簿的查询结果"
COERCION = "RLCL/coercion-is-void"
_DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Will:
    """`every_adult`: each adult of the household signed for this one act. `pressed`: somebody made them sign."""

    every_adult: Known = field(default=None, metadata=shown_by(SIGNED))
    pressed: bool = False


@dataclass(frozen=True, slots=True)
class Vote:
    """A vote of the assembly, or of representatives: how many agreed, of how many who have a say."""

    agreed: int | None = field(default=None, metadata=shown_by(RESOLUTION))
    entitled: int | None = field(default=None, metadata=shown_by(RESOLUTION))


UNSHOWN_WILL, NO_VOTE = Will(), Vote()


@keeps(COERCION)
def freely(will: Will) -> Part:
    """Every adult of the household by their own will; what somebody was made to sign is void (农村土地承包法 art. 60)."""
    at = "will.every_adult"
    if will.pressed:
        zh = "逼着签的不算数，地还是您家的；谁逼的，干部也好、别人也好，都可以告诉监察局。"
        en = "What was forced is void and the land stays yours, whoever pressed; tell 监察局."
        return no(COERCION, zh, en, "will.pressed")
    if will.every_adult is None:
        zh = "先问家里每个成年人，愿意的自己签字。"
        return lacks(COERCION, zh, "Ask every adult of the household; each signs apart.", at, needs=(SIGNED,))
    if will.every_adult:
        return yes(COERCION, "家里每个成年人自己签了字，没有人逼。", "Every adult signed, and nobody was pressed.", at)
    zh = "家里有人不同意，现在还不能办；谁也不许逼他签。"
    return no(COERCION, zh, "Somebody of the household does not agree: not yet, and nobody may press them.", at)


def share_zh(share: Fraction) -> str:
    """A share as people say it.

    >>> from fractions import Fraction
    >>> share_zh(Fraction(2, 3)), share_zh(Fraction(1, 20))
    ('三分之二', '二十分之一')
    """
    return f"{_number_zh(share.denominator)}分之{_number_zh(share.numerator)}"


def carried(vote: Vote, rule: str, share: Fraction) -> Part:
    """Whether at least the share agreed; figures that cannot both be right are as good as none."""
    at = ("vote.agreed", "vote.entitled")
    asked = share_zh(share)
    if vote.agreed is None or not vote.entitled or vote.agreed > vote.entitled:
        zh = f"要{asked}以上的人同意，还差写明人数的决议。"
        en = f"{share} must agree; the resolution with its figures is not shown."
        return lacks(rule, zh, en, *at, needs=(RESOLUTION,))
    told_zh, told_en = f"{vote.entitled}人里{vote.agreed}人同意", f"{vote.agreed} of {vote.entitled} agreed"
    if vote.agreed >= share * vote.entitled:
        return yes(rule, f"{told_zh}，够{asked}。", f"{told_en}, and {share} is needed.", *at)
    return no(rule, f"{told_zh}，不够{asked}，这个决议不算。", f"{told_en}; {share} is needed: not carried.", *at)


def _number_zh(number: int) -> str:
    tens, ones = divmod(number, 10)
    ten = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return ten + (_DIGITS[ones] if ones else "")
