"""Whose is a right, what does it let its holder do, and where is it traded (plan II.3.1-a, b, c, e; 森林法 art. 17)?

Contracted land and the homestead are the household's, the share is the member's own. What may be mortgaged is the
operating right, never the contract right or the homestead. No door asks where the holder is registered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from registry.decisions.facts import Known, shown_by
from registry.decisions.land.conditions import CONTRACT, UNSHOWN_WILL, Will, freely
from registry.decisions.parts import Condition, Part, all_of, decided, lacks, no, unclear, yes
from registry.decisions.taking_back import LAW_OF_2018
from registry.law.deciding import decides

if TYPE_CHECKING:
    from registry.law.deciding import Decision

GIVEN, FIELDS, HOME, SHARE, MARKET = (f"WS-2016/II.3.1-{letter}" for letter in "abcde")
FOREST = "FL/17"
Thing = Literal["arable", "grass", "forest", "other", "homestead", "share"]
Power = Literal[
    "possess", "use", "benefit", "transfer", "mortgage_of_operating_right", "guarantee_of_operating_right", "mortgage",
]  # fmt: skip
Claimant = Literal["household", "member", "head", "collective"]
_OF_LAND = (
    "benefit", "guarantee_of_operating_right", "mortgage_of_operating_right", "possess", "transfer", "use",
)  # fmt: skip
POWERS: Mapping[Thing, tuple[str, ...]] = MappingProxyType({
    "arable": _OF_LAND,
    "grass": _OF_LAND,
    "forest": _OF_LAND,
    "other": _OF_LAND,
    "homestead": ("possess", "use"),
    "share": ("benefit", "inherit", "paid_exit", "possess"),
})  # fmt: skip
"""What the plan gives each right; the register writes the same words beside it."""
PLEDGE = date(2025, 5, 1)
"""农村集体经济组织法 art. 52: pledge loans on shares."""
_PILOT = ("mortgage_of_operating_right", "guarantee_of_operating_right")
_CHARTER = "集体的章程"
_NAMES: Mapping[Power, tuple[str, str]] = MappingProxyType({
    "possess": ("占有", "possess it"),
    "use": ("使用", "use it"),
    "benefit": ("得收益", "have its income"),
    "transfer": ("流转", "let or transfer it"),
    "mortgage_of_operating_right": ("拿经营权抵押", "mortgage the operating right"),
    "guarantee_of_operating_right": ("拿经营权担保", "give the operating right as security"),
    "mortgage": ("拿权利本身抵押", "mortgage the right itself"),
})  # fmt: skip
_AGREED_APART = "写着树归谁的承包合同"
_MARKET = (
    ("results_public", "交易公告、成交公示", ("挂牌和成交都公开。", "Listing and result are public."),
     ("挂牌、成交没有公开，先公开。", "Listing and result are not public: publish them first.")),
    ("same_rules_for_all", "交易规则（交易所、中心的）", ("规矩对谁都一样。", "The same rules for all."),
     ("规矩不是对谁都一样，这样的交易不公正。", "Not the same rules for all: that is no just trade.")),
    ("standard_contract", "编了号、写了日期的统一合同", ("用统一合同，编号、写日期。", "A standard contract, numbered, dated."),
     ("没有用统一的合同，先换成统一合同。", "Not the standard contract: use it.")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RightAsked:
    """One right and one power of it; `claimant`: who says that the right is theirs."""

    thing: Thing
    power: Power
    claimant: Claimant = "household"


@dataclass(frozen=True, slots=True)
class MarketTrade:
    """A trade that is to go through the exchange (交易所、中心), and whether it is open, just and orderly."""

    thing: Thing
    results_public: Known = field(default=None, metadata=shown_by(_MARKET[0][1]))
    same_rules_for_all: Known = field(default=None, metadata=shown_by(_MARKET[1][1]))
    standard_contract: Known = field(default=None, metadata=shown_by(_MARKET[2][1]))


@dataclass(frozen=True, slots=True)
class ForestAsked:
    """Contracted forest land: whose the trees are, or whether the operating right may be transferred."""

    asked: Literal["trees", "transfer"]
    contract_says_otherwise: Known = field(default=None, metadata=shown_by(_AGREED_APART))
    will: Will = UNSHOWN_WILL


@decides(GIVEN, FIELDS, HOME)
def power_of_right(facts: RightAsked, day: date) -> Decision:
    """The plan's list of powers, and whose the right is."""
    return decided(all_of(_whose(facts), _power(facts, day)), day, GIVEN)


@decides(MARKET)
def trade_in_the_open(facts: MarketTrade, day: date) -> Decision:
    """公开、公正、规范: operating rights are traded there; a homestead is no trade kind, a share goes by its charter."""
    if facts.thing == "homestead":
        zh = "院子不上交易所；转给本集体没有院子的人家，到登记的地方办。"
        en = "The homestead is no trade kind of the exchange; inside the collective it goes through the register."
        return decided(no("EXCHANGE/homestead-not-listed", zh, en, "thing"), day, MARKET)
    if facts.thing == "share":
        zh = "股怎么转看集体的章程，先把章程拿来看。"
        return decided(lacks(SHARE, zh, "A share goes by its charter.", "thing", needs=(_CHARTER,)), day, MARKET)
    parts = [
        Condition(MARKET, fact, paper, holds, fails, (f"还差{paper}。", f"Not shown: {fact}.")).of(getattr(facts, fact))
        for fact, paper, holds, fails in _MARKET
    ]
    return decided(all_of(*parts), day)


@decides(FOREST)
def forest_right(facts: ForestAsked, day: date) -> Decision:
    """The trees are the contractor's unless the contract says otherwise; the operating right may be transferred freely."""
    if facts.asked == "transfer":
        zh = "林地的经营权可以租、可以转；承包的还是您家。"
        en = "The operating right of forest land may be transferred; you stay the contractor."
        return decided(all_of(freely(facts.will), yes(FOREST, zh, en, "asked")), day)
    trees = Condition(
        FOREST,
        "contract_says_otherwise",
        CONTRACT,
        holds=("林地上的树是承包户的。", "The trees are the contractor's."),
        fails=("合同另有约定，树归谁按合同。", "The contract says otherwise: the trees go by it."),
        unshown=(
            "先看合同里写没写树归谁；没写，树就是您的。",
            "See the contract first: unless it says otherwise they are yours.",
        ),
    )
    otherwise = facts.contract_says_otherwise
    return decided(trees.of(None if otherwise is None else not otherwise), day)


def _whose(facts: RightAsked) -> Part:
    at = ("thing", "claimant")
    if facts.claimant == "collective":
        zh = "地是集体所有，这项权利是法律给农牧户、给成员的，不是集体的。"
        return no(GIVEN, zh, "The collective owns the land; this right is the household's or the member's.", *at)
    if facts.thing == "share":
        zh = "集体的股是每个成员本人的，记在一户的本子上也一样；户主不能替别人作主。"
        en = "The share is each member's own, on whichever book it stands; the head decides for nobody else."
        return no(GIVEN, zh, en, *at) if facts.claimant == "head" else yes(GIVEN, zh, en, *at)
    if facts.claimant == "head":
        zh = "承包地和院子是一户人的，户主一个人说了不算。"
        return no(GIVEN, zh, "Land and homestead are the household's: the head alone decides nothing.", *at)
    zh = "承包地和院子是法律给一户人家的，家里每个成员都有份。"
    return yes(GIVEN, zh, "Land and homestead are the household's by law, and each member has a part.", *at)


def _power(facts: RightAsked, day: date) -> Part:
    rule: str = {"homestead": HOME, "share": SHARE}.get(facts.thing, FIELDS)
    zh, en = _NAMES[facts.power]
    if facts.power in _PILOT and rule == FIELDS and day < LAW_OF_2018:
        told = "方案给了这个权，那几年法律只准试点的地方办，工作人员要看；您的承包权哪样都不受影响。"
        told_en = (
            "The plan gives it, the law of those years in pilot areas only: a person decides; your right is untouched."
        )
        return unclear(rule, told, told_en, "power", question="Q12")
    if facts.power in POWERS[facts.thing]:
        return yes(rule, f"可以{zh}，方案写明了的。", f"You may {en}: the plan says so.", "power")
    if facts.thing == "share" and facts.power == "transfer":
        told = "股能不能转让看集体的章程，先把章程拿来看。"
        return lacks(
            rule, told, "Whether a share may be transferred stands in the charter.", "power", needs=(_CHARTER,)
        )
    if facts.thing == "share" and facts.power == "mortgage" and day >= PLEDGE:
        told = "2025年5月1日起可以拿集体的股质押贷款，看章程怎么写。"
        return lacks(
            "COL/52", told, "Since 2025-05-01 a share may be pledged, as its charter says.", "power", needs=(_CHARTER,)
        )
    if facts.thing not in {"homestead", "share"}:
        told = "承包权本身不能抵押，能抵押的是经营权。"
        return no(rule, told, "The contract right itself is not mortgaged; the operating right may be.", "power")
    return no(rule, f"方案没有写可以{zh}。", f"The plan does not say that you may {en}.", "power")
