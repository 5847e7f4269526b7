"""Did an old handing back or taking back end the right of a household that moved, or does the right live on?

The law of 2002 (art. 26) let a collective take arable land and pasture back from a household that had moved, whole, to a
*city divided into districts* and become non-agricultural; a *small town*, such as every town of the banner and its seat,
was none. Nothing ended by itself: without a dated proof of the act the right lives on (policy-map 9.6). An act is judged
by the law of its own day; since 2019-01-01 (art. 27) no move lets anybody take anything back.
This decides nothing about an exit of today, and records nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from registry.law.deciding import Reason, decides, grounded

Fate = Literal["ended", "lives on", "review"]
Land = Literal["arable", "grass", "forest", "other", "homestead", "share"]
Destination = Literal["small town", "city with districts", "elsewhere"]

BLOCKED = date(2014, 7, 24)
"""国发〔2014〕25号: no exit as a condition of settling; its exact day is recalled (law section 6)."""
UNIFIED = date(2016, 9, 14)
"""The plan (II.2.1): nobody becomes non-agricultural any more."""
LAW_OF_2018 = date(2019, 1, 1)
_FIELDS = ("arable", "grass")
_CITY, _TOWN = "RLCL/moved-to-a-city", "RLCL/settled-in-town"
_PROOF, _NO_CONDITION, _ONE_TYPE = "RLCL/proved-acts-before-2019", "GUARANTEE/SC-2014-25", "WS-2016/II.2.1"


@dataclass(frozen=True, slots=True)
class Proof:
    """A dated paper: the household handed the land back of its own will, or the collective took it back."""

    act: Literal["handed back", "taken back"]
    day: date


@dataclass(frozen=True, slots=True)
class OldMove:
    """Who moved when and whereto, on what land; `proof` is None where no dated paper exists."""

    moved: date
    whole_household: bool
    to: Destination
    became_non_agricultural: bool
    land: Land
    proof: Proof | None


@dataclass(frozen=True, slots=True)
class LandFate:
    """What became of the right by the law of `day`, with the chain of rules and facts."""

    fate: Fate
    reasons: tuple[Reason, ...]
    rules: tuple[str, ...]
    day: date

    def __post_init__(self) -> None:
        """Hold it to the book."""
        grounded(self.reasons, self.rules, self.day)


@decides(_CITY, _PROOF)
def fate_of_land(move: OldMove, asked: date) -> LandFate:
    """What became of the right, asked on a day. The act is judged by the law of its own day.

    Raises RuleNotInForceError for a proof dated before 2003-03-01, of which the book holds no rule.
    """
    if move.proof is None:
        return _fate(
            "lives on",
            asked,
            _PROOF,
            "没有写明日期的交回、收回凭据：地还是您家的。",
            "There is no dated proof of a handing or taking back: the right lives on.",
            ("proof",),
        )
    day = move.proof.day
    if day >= LAW_OF_2018:
        return _fate(
            "lives on",
            day,
            _TOWN,
            "2019年1月1日起，迁到哪里都不许因此收地；要退只能自己愿意、有偿地退。",
            "Since 2019-01-01 no move lets anybody take land back; it ends only by the household's own paid exit.",
            ("proof",),
        )
    if move.land not in _FIELDS:
        return _fate(
            "lives on",
            day,
            _CITY,
            "旧法那一条只管耕地和草地，林地、院子、集体的股不在里头。",
            "The old article reaches arable land and pasture only; forest, homestead and share are untouched.",
            ("land",),
        )
    if not move.whole_household:
        return _fate(
            "lives on",
            day,
            _TOWN,
            "只是家里一部分人迁走，地还是这一户的。",
            "Only part of the household moved: the right is the household's as before.",
            ("whole_household",),
        )
    return _handed_back(move, day) if move.proof.act == "handed back" else _taken_back(move, day)


def _handed_back(move: OldMove, day: date) -> LandFate:
    rule = _CITY if move.to == "city with districts" else _TOWN
    return _fate(
        "ended",
        day,
        rule,
        "您家全家迁走，自己交回了地，有写明日期的凭据。",
        "The whole household moved and handed the land back of its own will; a dated proof exists.",
        ("whole_household", "to", "land", "proof"),
    )


def _taken_back(move: OldMove, day: date) -> LandFate:
    facts = ("moved", "whole_household", "to", "became_non_agricultural", "land", "proof")
    if UNIFIED <= move.moved <= day:
        return _fate(
            "review",
            day,
            _ONE_TYPE,
            "2016年9月14日起不再有“转非农业户口”，这以后收地多半违规，工作人员要看。",
            "Since 2016-09-14 nobody becomes non-agricultural: a taking back after it is likely a breach; a person decides.",
            facts,
            _CITY,
        )
    if move.to != "city with districts" or not move.became_non_agricultural or day < move.moved:
        return _fate(
            "lives on",
            day,
            _TOWN,
            "旧法只准在全家迁到设区的市、又转成非农业户口以后收耕地和草地；您家不是，收地不算数。",
            "The old law let land be taken back only after the whole household had moved to a city divided into districts and "
            "become non-agricultural; here it did not, and the right lives on.",
            facts,
            _CITY,
        )
    if day < BLOCKED:
        return _fate(
            "ended",
            day,
            _CITY,
            "全家迁到设区的市、转成非农业户口，集体按当时的法律收回，有写明日期的凭据。",
            "The whole household moved to a city divided into districts and became non-agricultural; the collective took the "
            "land back by the law of that day, and a dated proof exists.",
            facts,
        )
    if day < UNIFIED:
        return _fate(
            "review",
            day,
            _NO_CONDITION,
            "2014年7月24日起，国家不许拿退地当落户的条件；这段时间收的地，工作人员要看。",
            "Since 2014-07-24 giving up land may not be a condition of settling: a taking back in those years goes to a person.",
            facts,
            _CITY,
        )
    return _fate(
        "review",
        day,
        _ONE_TYPE,
        "2016年9月14日起不再分农业、非农业户口，这以后收地多半违规，工作人员要看。",
        "Since 2016-09-14 the two types are no more: a taking back after it is likely a breach; a person decides.",
        facts,
        _CITY,
    )


def _fate(fate: Fate, day: date, rule: str, zh: str, en: str, facts: tuple[str, ...], *read: str) -> LandFate:
    return LandFate(fate, (Reason(rule, zh, en, facts),), (rule, *read), day)
