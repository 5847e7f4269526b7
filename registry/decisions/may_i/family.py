"""本子上没有我、结婚、离婚、生孩子、考学当兵、家里有人去世: what happens to a registration, to a part, to an estate.

Where a registration goes is one thing, what somebody holds is another: each answer says both, and the second never
depends on the first.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from registry.decisions.estates import Estate, estate_without_heir
from registry.decisions.facts import BIRTH, BOOK
from registry.decisions.land.contracts import ARISES
from registry.decisions.parts import Part, all_of, decided, lacks, no, unclear, yes
from registry.decisions.rural import RuralPlacement, place_rural
from registry.law.book import book
from registry.law.deciding import decides

if TYPE_CHECKING:
    from datetime import date

    from registry.decisions.may_i.model import Answers
    from registry.law.deciding import Decision

HOUSEHOLD, LISTED, WOMEN = "RLCL/household-holds", "RLCL/all-members-listed", "RLCL/women-keep"
MEMBER, CHILD, CONFIRMED, NOT_LOST = "COL/11", "COL/12", "COL/66", "COL/18"
OLD_PAPER = "写着您名字的老合同、名册、分地单子（村里、农牧局、档案馆都可以查）"
_OTHER_LAND = "新的地方给您分地的合同或者证明（没有分到，就不用）"
_WILL, _LISTING = "WS-2016/I.2.2", "WS-2016/II.3.1-d"
_REGISTER, _DEATH_DAYS = "HR-1958/19", "HR-1958/7"
_DIVISION = "全家人签字的分户协议，或者法院的判决、调解书"
_CLAIMS = {
    "land": (
        HOUSEHOLD,
        "承包地是一户人的，家里每个人都有份；没写上的，可以申请补登。",
        "The land is the household's: each member has a part, and whoever was left out may ask to be entered.",
    ),
    "member": (
        MEMBER,
        "户口现在或者以前在集体、靠集体的地过日子的，就是成员；没写上的，可以申请确认。",
        "Whoever is or was registered there and lives by its land is a member, and may ask to be confirmed.",
    ),
    "share": (
        _LISTING,
        "集体的股跟着成员身份走；没有算上的，可以申请补上。",
        "The share follows membership: whoever was left out may ask.",
    ),
}


@decides(HOUSEHOLD, MEMBER, CONFIRMED, _LISTING)
def left_out(answers: Answers, day: date) -> Decision:
    """本子上没有我: a claim with an old paper is taken in; without one it says where to look, and is never a no."""
    rule, zh, en = _CLAIMS.get(answers["book"], _CLAIMS["land"])
    at = ("book", "paper")
    if answers["paper"] == "yes":
        part = yes(rule, zh, en, *at)
    else:
        zh, en = f"{zh}先找一张写着您名字的老纸。", f"{en} Find an old paper with your name first."
        part = lacks(rule, zh, en, *at, needs=(OLD_PAPER,))
    more = []
    if answers["book"] == "member" and part.holds:
        zh = "以前改革里确认过的，不用再确认，拿老名册来改上就行。"
        more.append(yes(CONFIRMED, zh, "Who was confirmed in the earlier reform needs no new confirmation.", "book"))
    if answers["book"] == "land" and part.holds:
        zh = "权利从承包合同生效那天起就有，没登记、没发证不等于没有。"
        more.append(yes(ARISES, zh, "The right is there since the contract, listed and certified or not.", "book"))
    if answers["why"] == "born":
        zh = "成员的孩子生下来，集体应当确认为成员。"
        more.append(yes(CHILD, zh, "A member's born child shall be confirmed by the collective.", "why"))
    if "land_elsewhere" in answers:
        more.append(_elsewhere(answers["land_elsewhere"]))
    return _with(all_of(part, *more), more, day, LISTED)


@decides(WOMEN, _WILL)
def married(answers: Answers, day: date) -> Decision:
    """结婚: where the registration may go, and that no land is lost by it."""
    placing = {
        "stay": yes(_WILL, "户口不迁也行，结婚不是非迁不可。", "The registration may stay: marriage moves nobody.", "to"),
        "town": yes(_REGISTER, "结婚以后户口可以落在镇上，按镇上落户的条件办。", "After marriage one may register in town.", "to"),
    }
    part = placing.get(answers["to"]) or _placed(answers, day)
    return _with(part, [_elsewhere(answers["land_elsewhere"]), _not_lost("marriage")], day)


@decides(NOT_LOST, _REGISTER)
def divorced(answers: Answers, day: date) -> Decision:
    """离婚: the part stays; dividing takes a family agreement; the registration goes by the plan."""
    if answers["want"] == "divide":
        zh = "要把您的那一份分出来，先要有全家签字的协议，或者法院的判决。"
        en = "To divide your part off takes an agreement signed by all, or a judgment."
        part = lacks(HOUSEHOLD, zh, en, "want", needs=(_DIVISION,))
    elif answers["want"] == "back":
        part = _part(place_rural(RuralPlacement(event="other"), day))
    elif answers["listed"] == "yes":
        zh = "证上、登记簿上写着您：您的那一份不因为离婚变。"
        part = yes(HOUSEHOLD, zh, "You are listed: your part does not change by the divorce.", "listed")
    else:
        zh = "没写上名字不等于没有份，可以申请补登（漏登）。"
        en = "Not listed is not without a part: ask to be entered."
        part = lacks(HOUSEHOLD, zh, en, "listed", needs=(OLD_PAPER,))
    return _with(part, [_elsewhere(answers["land_elsewhere"]), _not_lost("divorce")], day)


@decides(CHILD, _DEATH_DAYS)
def born(answers: Answers, day: date) -> Decision:
    """生孩子: the child is registered, and the collective is asked."""
    months = book().whole(_DEATH_DAYS, "birth_registration_months", day)
    if answers["certificate"] == "yes":
        zh = f"生下来{months}个月之内登记户口；晚了也给登记。跟着父亲或者母亲，镇上、嘎查都可以。"
        part = yes(_DEATH_DAYS, zh, f"Registered within {months} month(s), or later, with either parent.", "certificate")
    else:
        zh = "先到接生的医院或者卫计局领出生医学证明；没有它也不是不给登记。"
        en = "Get the birth certificate first; without it the registration is not refused."
        part = lacks(_DEATH_DAYS, zh, en, "certificate", needs=(BIRTH,))
    if answers["member"] == "no":
        zh = "父母都不是成员的，孩子是不是成员由集体按法律和章程定。"
        member = yes(CHILD, zh, "Where no parent is a member, the collective decides by law and charter.", "member")
    else:
        zh = "父母是集体成员的，集体应当确认孩子是成员；登记户口的时候一起问。"
        member = yes(CHILD, zh, "A member's child shall be confirmed; the question goes to the collective.", "member")
    return _with(part, [member], day)


def study_or_army(answers: Answers, day: date) -> Decision:
    """考学、当兵: where the registration may go; land, share and membership stay."""
    if answers["which"] == "admitted":
        in_region = {"yes": True, "no": False}.get(answers["in_region"])
        facts = RuralPlacement(event="admission", own_will=True, school_in_region=in_region)
    elif answers["which"] == "graduated":
        from_here = {"yes": True, "no": False}.get(answers["from_here"])
        facts = RuralPlacement(event="graduation", own_will=True, graduated=True, came_from_banner_rural=from_here)
    else:
        facts = RuralPlacement(event="other")
    return _with(_part(place_rural(facts, day)), [_not_lost("study or service")], day)


@decides(
    "RLCL/inherit-income", "RLCL/inherit-forest", "RLCL/inherit-last-member", "RLCL/inherit-other-ways", "HOME/inherit",
    "HOME/urban-heir", "COL/inherit-share", "CC/order", "CC/spouse-first",
)  # fmt: skip
def death(answers: Answers, day: date) -> Decision:
    """家里有人去世: the household goes on; what is inherited, by whom, with which papers."""
    left = answers.get("left")
    thing = answers["thing"]
    if left == "unknown":
        zh = "先看承包户里还有没有人：有，地和院子就还是这一户的。"
        en = "First see whether anybody of the household is left: then everything stays the household's."
        return decided(lacks("RLCL/inherit-income", zh, en, "left", needs=(BOOK,)), day)
    if left == "yes":
        return decided(_goes_on(thing), day)
    part = _inherited(thing, answers)
    if "agreed" not in answers or part.result in {"not eligible", "review"}:
        return decided(part, day)
    if answers["agreed"] == "nobody":
        return estate_without_heir(Estate(heir=False), day)
    return _with(all_of(part, _agreed(answers["agreed"], day)), [_order(day)], day, "CC/spouse-first", "CC/renounce")


def _goes_on(thing: str) -> Part:
    if thing == "home":
        zh = "院子还由家里剩下的人用，房子由继承人继承。"
        return yes("HOME/inherit", zh, "The homestead stays with those who are left; the house is inherited.", "left")
    zh = "承包的地还是这一户的，剩下的人接着种；去世的人该得的收益由继承人继承。"
    en = "The land stays the household's; the income that was due is inherited."
    return yes("RLCL/inherit-income", zh, en, "left")


def _inherited(thing: str, answers: Answers) -> Part:
    if thing == "forest":
        zh = "林地：继承人在承包期里可以接着包。"
        return yes("RLCL/inherit-forest", zh, "Forest land: heirs may continue in the term.", "thing", "left")
    if thing == "waste":
        zh = "四荒地：继承人可以接着包。"
        return yes("RLCL/inherit-other-ways", zh, "Land contracted in other ways: heirs may continue.", "thing")
    if thing == "share":
        zh = "股怎么继承看集体的章程，先把章程拿来看。"
        en = "How the share is inherited stands in the charter."
        return lacks("COL/inherit-share", zh, en, "thing", needs=("集体的章程",))
    if thing == "home":
        return _house(answers["house"])
    zh = "承包户里一个人都没有了：耕地、草场由发包方收回，收益归继承人。是不是真的没有人了，工作人员要看。"
    en = "Nobody of the household is left: fields go back to the issuer, the income to the heirs. A person verifies it."
    return unclear("RLCL/inherit-last-member", zh, en, "thing", "left", question=None)


def _house(house: str) -> Part:
    if house == "no":
        zh = "院子上没有房子，最后一个人去世以后院子回集体；院子不能单独继承。"
        return no("HOME/inherit", zh, "Without a house the homestead goes back to the collective.", "house")
    if house == "unknown":
        zh = "先看院子上有没有房子：房子能继承，院子跟着房子用。"
        en = "See first whether a house stands there: it is inherited, and the homestead follows it."
        return lacks("HOME/inherit", zh, en, "house", needs=("房屋的照片或者权属证明",))
    zh = "房子由继承人继承，院子跟着房子用；户口在城里的也一样，登记簿上写明就行。"
    en = "Heirs inherit the house and the use of the homestead follows; town registration is no hindrance."
    return all_of(
        yes("HOME/inherit", zh, en, "house"),
        yes("HOME/urban-heir", "户口在城里，不影响继承老家的房子。", "An urban registration does not hinder it.", "house"),
    )


def _agreed(agreed: str, day: date) -> Part:
    papers = book().words("REG/heir-papers", "heir_papers", day)
    if agreed == "yes":
        zh = f"带上：{'、'.join(papers)}；不用公证。"
        return yes("REG/heir-papers", zh, "Bring the papers of an heir; no notary is needed.", "agreed")
    zh = "先要有遗嘱，或者全体继承人签字的协议；谈不成，请法院判。"
    en = "First a will, an agreement signed by all heirs, or a judgment."
    return lacks("REG/heir-papers", zh, en, "agreed", needs=(papers[1], "谈不成的，法院的判决"))


def _order(day: date) -> Part:
    days = book().whole("CC/renounce", "legatee_days", day)
    zh = (
        "没有遗嘱的，配偶、子女、父母先继承；先拿出配偶和家里别人的那份再分。"
        f"不要遗产的要书面说；遗嘱给外人的，{days}天之内要说要。"
    )
    en = f"Without a will: spouse, children, parents first; the spouse's part comes out before. A legatee accepts in {days} days."
    return yes("CC/order", zh, en, "agreed")


def _placed(answers: Answers, day: date) -> Part:
    kinds: dict[str, Literal["agricultural", "non-agricultural", "none"]] = {
        "agricultural": "agricultural",
        "non-agricultural": "non-agricultural",
        "none": "none",
    }
    wish: Literal["rural"] | None = "rural" if answers["to"] == "rural" else None
    facts = RuralPlacement(event="marriage", wish=wish, receiving_type=kinds.get(answers["receiving"]))
    return _part(place_rural(facts, day))


def _elsewhere(answered: str) -> Part:
    if answered == "yes":
        zh = "在新的地方分到了地：原来的那一份怎么办，要先看那边的凭据，不能因为结婚、离婚就直接收。"
        en = "Land was given at the new place: its papers are looked at first; nothing is taken for the marriage itself."
        return lacks(WOMEN, zh, en, "land_elsewhere", needs=(_OTHER_LAND,))
    zh = "在新的地方没分到地，原来的那一份谁也不能收。"
    return yes(WOMEN, zh, "Without land at the new place nobody may take the old part.", "land_elsewhere")


def _not_lost(why: str) -> Part:
    zh = "成员身份不因为这个失去。"
    return yes(NOT_LOST, zh, f"Membership is not lost by {why}.", "situation")


def _part(decision: Decision) -> Part:
    return Part(decision.result, decision.reasons)


def _with(part: Part, more: list[Part], day: date, *read: str) -> Decision:
    """The decision of a part, with what is told beside it; only the part decides."""
    # A paper is asked for only where it decides something.
    beside = [replace(reason, needs=()) for each in more for reason in each.reasons if reason not in part.reasons]
    told = tuple(dict.fromkeys([*part.reasons, *beside]))
    return decided(Part(part.result, told), day, *read)
