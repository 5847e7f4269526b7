"""Pasture: who contracts it, who may adjust it, and how much stock may be kept on it (草原法 arts 13 and 33)?

The duty not to overgraze goes with the pasture: a move to town lifts it from nobody and lays none on anybody.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from registry.decisions.facts import Known, shown_by
from registry.decisions.land.conditions import NO_VOTE, TOWNSHIP, Vote, carried
from registry.decisions.parts import Condition, Part, all_of, decided, lacks, no, yes
from registry.law.book import book
from registry.law.deciding import decides

if TYPE_CHECKING:
    from datetime import date

    from registry.law.deciding import Decision

PASTURE, BALANCE = "GL/13", "GL/33"
_COUNTY = "旗草原主管部门的批准文件"
_APPROVED = "核定载畜量的文件，或者草畜平衡责任书"
_COUNTED = "牲畜清点的记录"


@dataclass(frozen=True, slots=True)
class PastureContract:
    """A pasture is contracted, or one household's is to be adjusted in the term: by whom, with which vote and approvals."""

    act: Literal["contract", "adjust"]
    by: Literal["household", "joint households", "outsider"]
    vote: Vote = NO_VOTE
    township: Known = field(default=None, metadata=shown_by(TOWNSHIP))
    county: Known = field(default=None, metadata=shown_by(_COUNTY))


@dataclass(frozen=True, slots=True)
class Stocking:
    """How much stock is approved for the pasture and how much is kept there, in sheep units (羊单位)."""

    approved_sheep_units: int | None = field(default=None, metadata=shown_by(_APPROVED))
    kept_sheep_units: int | None = field(default=None, metadata=shown_by(_COUNTED))


def pasture_contract(facts: PastureContract, day: date) -> Decision:
    """Households and joint households of the collective contract; outsiders and any adjustment take two thirds and approvals."""
    if facts.act == "contract" and facts.by != "outsider":
        zh = "草场由本集体的牧户或者几户联着承包；户口在不在嘎查都一样。"
        en = "Pasture is contracted by a household or joint households of the collective, wherever they are registered."
        return decided(yes(PASTURE, zh, en, "act", "by"), day)
    parts = [carried(facts.vote, PASTURE, book().fraction(PASTURE, "assembly_share", day)), _township(facts.township)]
    if facts.act == "adjust":
        parts.append(_county(facts.county))
    return decided(all_of(*parts), day)


@decides(BALANCE)
def stocking(facts: Stocking, day: date) -> Decision:
    """草畜平衡: not more than approved, whoever keeps the animals and wherever the contractor is registered."""
    at = ("approved_sheep_units", "kept_sheep_units")
    approved, kept = facts.approved_sheep_units, facts.kept_sheep_units
    if approved is None or kept is None:
        needs = tuple(p for p, known in ((_APPROVED, approved), (_COUNTED, kept)) if known is None)
        zh = "核定能养多少、现在养了多少，还差材料。"
        return decided(lacks(BALANCE, zh, "How much is approved or kept is not shown.", *at, needs=needs), day)
    if kept <= approved:
        zh = f"核定{approved}个羊单位，养了{kept}个，没有超。户口迁了、租出去了，这个数都一样管。"
        en = f"{approved} sheep units approved, {kept} kept: within it. A move or a lease changes nothing of the duty."
        return decided(yes(BALANCE, zh, en, *at), day)
    zh = f"核定{approved}个羊单位，养了{kept}个，超了{kept - approved}个，要减下来；草场还是您家的。"
    en = f"{approved} sheep units approved, {kept} kept: {kept - approved} too many. The pasture stays yours."
    return decided(no(BALANCE, zh, en, *at), day)


def _township(known: Known) -> Part:
    return Condition(
        PASTURE,
        "township",
        TOWNSHIP,
        holds=("苏木镇批准了。", "The township approved."),
        fails=("苏木镇没有批准，办不了。", "The township did not approve."),
        unshown=("还差苏木镇的批准。", "The township's approval is not shown."),
    ).of(known)


def _county(known: Known) -> Part:
    return Condition(
        PASTURE,
        "county",
        _COUNTY,
        holds=("旗里批准了。", "The banner approved."),
        fails=("旗里没有批准，承包期里不能调整。", "The banner did not approve: nothing is adjusted in the term."),
        unshown=("承包期里要调整，还差旗里的批准。", "An adjustment in the term takes the banner's approval."),
    ).of(known)
