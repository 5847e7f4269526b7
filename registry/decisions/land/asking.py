"""Which questions are there about the rights themselves, of which facts, and who decides each?

Asked, and never recorded: cases and the exchange will enforce them. No settlement reads one of these (invariant I19).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry.decisions.asking import Question
from registry.decisions.land import commons, conditions, content, contracts, grazing, homestead, leases, passing_on

if TYPE_CHECKING:
    from datetime import date


def _holder(facts: content.RightAsked, _day: date) -> dict[str, Any]:
    """Whose the right is and all that the plan gives it."""
    return {"holder": "member" if facts.thing == "share" else "household", "powers": list(content.POWERS[facts.thing])}


def _last_day(facts: commons.Dispute, day: date) -> dict[str, Any]:
    if facts.award_received is None:
        return {}
    return {"sue_by": commons.last_day_to_sue(facts.award_received, day).isoformat()}


LAND_QUESTIONS: dict[str, Question] = {
    question.word: question
    for question in (
        Question(
            "power-of-right", "一项权利是谁的、能做什么", "whose a right is, and what it allows",
            content.RightAsked, content.power_of_right, _holder,
        ),
        Question(
            "trade-in-the-open", "上交易所办的流转", "a trade through the exchange",
            content.MarketTrade, content.trade_in_the_open,
        ),
        Question(
            "forest-right", "林地上的树和经营权", "trees and use of forest land",
            content.ForestAsked, content.forest_right,
        ),
        Question(
            "contract-right", "承包权从哪天起有", "from when a contract right is there",
            contracts.ContractAsked, contracts.contract_right,
        ),
        Question(
            "representative", "谁代表一户", "who stands for the household",
            contracts.Representative, contracts.representative,
        ),
        Question(
            "extension", "承包期到了接着延", "extension of a term that ends",
            contracts.Extension, contracts.extend, contracts.extended_term,
        ),
        Question(
            "soil-compensation", "对地的投入补不补", "compensation for the soil",
            contracts.SoilImproved, contracts.soil_compensation,
        ),
        Question("exchange-land", "两户换地", "exchange of land", passing_on.Exchange, passing_on.exchange),
        Question("assign-land", "承包地转让", "assignment of contract land", passing_on.Assignment, passing_on.assign),
        Question(
            "unregistered-transfer", "换了、转了没登记，对谁算数", "a transfer that is not registered",
            passing_on.Unregistered, passing_on.holds_unregistered,
        ),
        Question(
            "mortgage-land", "拿经营权抵押", "mortgage of the operating right",
            passing_on.Mortgage, passing_on.mortgage,
        ),
        Question("lease-rent", "租金谁定、给谁", "who sets and who gets the rent", leases.LeasePrice, leases.rent),
        Question("end-lease", "单方收回租出去的地", "ending a lease alone", leases.LeaseEnd, leases.end_lease),
        Question(
            "contract-pasture", "草场承包和调整", "contracting and adjusting pasture",
            grazing.PastureContract, grazing.pasture_contract,
        ),
        Question("stocking", "草畜平衡", "stocking within the limit", grazing.Stocking, grazing.stocking),
        Question("contract-waste-land", "四荒地承包", "contracting waste land", commons.OtherWay, commons.other_way),
        Question("reserve-land", "集体留机动地", "land that a collective keeps back", commons.Reserve, commons.reserve_land),
        Question(
            "members-first", "本集体的人优先", "members come first",
            commons.Priority, commons.priority,
        ),
        Question("land-dispute", "土地纠纷怎么走", "steps of a land dispute", commons.Dispute, commons.dispute, _last_day),
        Question(
            "one-homestead", "一户一处院子", "one household, one homestead",
            homestead.OneHousehold, homestead.one_homestead,
        ),
        Question(
            "homestead-application", "申请新院子", "asking for a homestead",
            homestead.HomesteadAsked, homestead.homestead_application,
        ),
        Question(
            "homestead-lost", "院子被灾害毁了", "a homestead lost to nature",
            homestead.HomesteadLost, homestead.homestead_lost,
        ),
        Question(
            "homestead-receiver", "院子转给谁", "who may receive a homestead",
            homestead.HomesteadReceiver, homestead.homestead_receiver,
        ),
    )
}  # fmt: skip

LAND_FACTS: tuple[type[Any], ...] = (
    *(question.facts for question in LAND_QUESTIONS.values()),
    *(conditions.Will, conditions.Vote),
)
"""Every class of these facts, the nested ones too."""
