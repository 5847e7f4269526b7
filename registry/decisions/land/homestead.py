"""Who is granted a homestead, who may receive one, and what becomes of one that nature took (土地管理法 art. 62)?

One household, one homestead. Who keeps the one they have needs no question here: a move to town takes no homestead, and
where somebody is registered is no fact.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from registry.decisions.facts import Known, shown_by
from registry.decisions.land.conditions import LOOKED_UP, TOWNSHIP, UNSHOWN_WILL, Will, freely
from registry.decisions.parts import Condition, Part, all_of, decided, lacks, no, yes
from registry.law.deciding import decides, keeps

if TYPE_CHECKING:
    from datetime import date

    from registry.law.deciding import Decision

ONE, APPROVAL, AFTER_SALE, LOST, CITY = (
    *("HOME/one-household-one", "HOME/approval", "HOME/none-after-sale"),
    *("HOME/lost-to-nature", "HOME/no-city-buyers"),
)
INSIDE = "EXIT/E7"
_ROLL = "成员名册，或者集体的证明"
_APPLIED = "户里签字的书面申请"
_DISCUSSED = "集体讨论的记录"
_POSTED = "公示的照片、记录"
_DESTROYED = "灾毁的证明（苏木镇、自然资源部门）"
_AGREED = "集体同意的书面材料"
House = Literal["kept or never had", "sold", "let", "given away"]


@dataclass(frozen=True, slots=True)
class HomesteadAsked:
    """A household asks for a homestead. `has_one`: it holds one that was allotted to it (an inherited house is none)."""

    member: Known = field(default=None, metadata=shown_by(_ROLL))
    has_one: Known = field(default=None, metadata=shown_by(LOOKED_UP))
    house: House | None = field(default=None, metadata=shown_by(LOOKED_UP))
    applied: Known = field(default=None, metadata=shown_by(_APPLIED))
    discussed: Known = field(default=None, metadata=shown_by(_DISCUSSED))
    posted: Known = field(default=None, metadata=shown_by(_POSTED))
    township: Known = field(default=None, metadata=shown_by(TOWNSHIP))


@dataclass(frozen=True, slots=True)
class OneHousehold:
    """How many homesteads were allotted to one household (an inherited house counts as none)."""

    allotted: int | None = field(default=None, metadata=shown_by(LOOKED_UP))


@dataclass(frozen=True, slots=True)
class HomesteadLost:
    """A homestead that a natural disaster may have destroyed."""

    destroyed: Known = field(default=None, metadata=shown_by(_DESTROYED))


@dataclass(frozen=True, slots=True)
class HomesteadReceiver:
    """Who is to receive a homestead from a household that assigns it."""

    receiver: Literal["household of the collective", "another collective's household", "city resident"]
    will: Will = UNSHOWN_WILL
    receiver_has_one: Known = field(default=None, metadata=shown_by(LOOKED_UP))
    collective_agrees: Known = field(default=None, metadata=shown_by(_AGREED))


@decides(ONE)
def one_homestead(facts: OneHousehold, day: date) -> Decision:
    """Is the household within one homestead? More than one is flagged, and taken from nobody by this."""
    at = "allotted"
    if facts.allotted is None:
        zh = "先查这一户名下分了几处院子。"
        return decided(lacks(ONE, zh, "Have the register looked up first.", at, needs=(LOOKED_UP,)), day)
    if facts.allotted <= 1:
        zh = "一户一处，没有超；面积以自治区的标准为准。"
        return decided(yes(ONE, zh, "Within one homestead; its area goes by the region's standard.", at), day)
    zh = "一户只能分一处院子，多出的不再分；继承来的房子不算，已经有的谁也不能因此就收。"
    en = "One household, one homestead: no more is allotted. An inherited house does not count; nothing is taken for this alone."
    return decided(no(ONE, zh, en, at), day)


@decides(APPROVAL, AFTER_SALE)
def homestead_application(facts: HomesteadAsked, day: date) -> Decision:
    """One household one, none after the house was parted with, and four steps: application, talk, notice, approval."""
    steps = [Condition(APPROVAL, fact, paper, *said).of(getattr(facts, fact)) for fact, paper, *said in _STEPS]
    return decided(all_of(_has_none(facts.has_one), _not_parted_with(facts.house), *steps), day, APPROVAL)


@decides(LOST)
def homestead_lost(facts: HomesteadLost, day: date) -> Decision:
    """What nature destroyed ends, and is allotted anew; the old one does not count against the household."""
    lost = Condition(
        LOST,
        "destroyed",
        _DESTROYED,
        holds=(
            "院子被自然灾害毁了，依法重新分一处；毁了的不算已经有一处。",
            "Destroyed by nature: another is allotted by law, and the lost one does not count.",
        ),
        fails=("院子没有毁，还是您家的，不用重新分。", "Not destroyed: it stays yours, and none is allotted anew."),
        unshown=("院子是不是自然灾害毁的，还差证明。", "That nature destroyed it is not shown."),
    )
    return decided(lost.of(facts.destroyed), day)


@keeps(CITY)
def homestead_receiver(facts: HomesteadReceiver, day: date) -> Decision:
    """A household of the same collective that has none; a city resident may not buy one."""
    if facts.receiver == "city resident":
        zh = "城里人不能买农村的院子，签了也不能登记；继承老家的房子是另外一回事。"
        en = "City residents may not buy a homestead, and nothing is registered; inheriting the family's house is another matter."
        return decided(no(CITY, zh, en, "receiver"), day)
    if facts.receiver == "another collective's household":
        zh = "院子只能转给本集体的人家。"
        return decided(
            no(INSIDE, zh, "A homestead goes to a household of its own collective only.", "receiver"), day, CITY
        )
    agrees = Condition(
        CITY,
        "collective_agrees",
        _AGREED,
        holds=("集体同意。", "The collective agrees."),
        fails=("集体不同意，转不了。", "The collective does not agree."),
        unshown=("还差集体的同意。", "The collective's consent is not shown."),
    ).of(facts.collective_agrees)
    return decided(all_of(freely(facts.will), _receiver_has_none(facts.receiver_has_one), agrees), day)


_STEPS = (
    ("member", _ROLL, ("是本集体的成员。", "A member of the collective."),
     ("院子分给本集体成员的家庭。", "Homesteads are for households of members."),
     ("是不是成员，还差证明。", "Membership is not shown.")),
    ("applied", _APPLIED, ("户里写了申请。", "The household applied."),
     ("先由户里写申请。", "The household applies first."), ("还差户里签字的申请。", "The application is not shown.")),
    ("discussed", _DISCUSSED, ("集体讨论过。", "The collective discussed it."),
     ("集体没有通过。", "The collective did not agree."), ("还差集体讨论的记录。", "The discussion is not shown.")),
    ("posted", _POSTED, ("公示过。", "It was posted."),
     ("没有公示，先公示。", "Not posted: post it first."), ("还差公示的记录。", "The notice is not shown.")),
    ("township", TOWNSHIP, ("苏木镇批准了。", "The township approved."),
     ("苏木镇没有批准。", "The township did not approve."), ("还差苏木镇的批准。", "The township's approval is not shown.")),
)  # fmt: skip


def _has_none(has_one: Known) -> Part:
    return Condition(
        ONE,
        "has_one",
        LOOKED_UP,
        holds=("这一户名下还没有分过院子。", "No homestead was allotted to the household yet."),
        fails=("这一户已经有一处院子，一户只能一处。", "The household has one: one household, one homestead."),
        unshown=("先查这一户有没有院子。", "See whether the household has one."),
    ).of(None if has_one is None else not has_one)


def _not_parted_with(house: House | None) -> Part:
    at = "house"
    if house is None:
        zh = "先看以前的房子卖没卖、租没租、送没送人。"
        return lacks(
            AFTER_SALE, zh, "See whether an earlier house was sold, let or given away.", at, needs=(LOOKED_UP,)
        )
    if house == "kept or never had":
        zh = "没有卖过、租过、送过房子。"
        return yes(AFTER_SALE, zh, "No house was sold, let or given away.", at)
    zh = {"sold": "卖了房子", "let": "租了房子", "given away": "把房子送了人"}[house]
    return no(AFTER_SALE, f"{zh}，再申请院子不给批。", f"The house was {house}: no new homestead is granted.", at)


def _receiver_has_none(has_one: Known) -> Part:
    return Condition(
        ONE,
        "receiver_has_one",
        LOOKED_UP,
        holds=("接手的人家没有院子。", "The receiving household has none."),
        fails=("接手的人家已经有一处，一户只能一处。", "The receiving household has one already."),
        unshown=("先查接手的人家有没有院子。", "See whether the receiving household has one."),
    ).of(None if has_one is None else not has_one)
