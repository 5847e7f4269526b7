"""Which questions are there beyond the move to town: shares, quarrels, estates, books, exits, the exchange?

They are asked as those of `asking` are and stand apart from them: what decides a settlement can load none of these (I19),
and none is handed in at the police desk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry.decisions import books, dividends, estates, exchange, exits, registering, shares
from registry.decisions.asking import Question
from registry.law.book import book

if TYPE_CHECKING:
    from datetime import date


def _of_quarrel(facts: dividends.Quarrel, _day: date) -> dict[str, Any]:
    if facts.about != "decision" or facts.decided is None:
        return {}
    last = dividends.last_day_to_set_aside(facts.decided, max(facts.learnt or facts.decided, facts.decided))
    return {"last_day": last.isoformat()}


FURTHER: dict[str, Question] = {
    question.word: question
    for question in (
        Question(
            "one-registration", "一个人只在一个地方登记户口", "one place of registration",
            registering.OnePlace, registering.register_in_one_place,
        ),
        Question(
            "whose-rules", "在哪里落户，按哪里的规定", "whose rules on settling apply",
            registering.Destination, registering.whose_rules,
            lambda facts, day: {"texts": list(registering.texts_there(facts, day))},
        ),
        Question("take-part", "集体收益谁能分", "who takes part in the collective's income", shares.TakesPart, shares.take_part),
        Question("share-use", "集体的股能做什么", "what may be done with a share", shares.ShareUse, shares.use_share),
        Question("distribution", "分红方案", "a plan of distribution", dividends.Plan, dividends.pay_out),
        Question(
            "quarrel", "和集体的纠纷，找谁、到哪天", "a quarrel with the collective: where, and until when",
            dividends.Quarrel, dividends.quarrel, _of_quarrel,
        ),
        Question(
            "register-or-certificate", "证和登记簿不一样，以哪个为准", "certificate or register",
            books.TwoPapers, books.register_counts,
            lambda _facts, day: {"objection_days": book().whole("REG/objection", "objection_days", day)},
        ),
        Question(
            "estate-without-heir", "没有继承人的遗产归谁", "an estate without heirs",
            estates.Estate, estates.estate_without_heir,
        ),
        Question(
            "exit-registration", "签了字的退出，现在能不能登记", "may a signed exit be registered now",
            exits.SignedExit, exits.register_exit,
        ),
        Question("exchange-listing", "上交易所挂牌", "listing at the exchange", exchange.Listing, exchange.list_at_exchange),
        Question("exchange-signing", "交易所签约", "signing at the exchange", exchange.Signing, exchange.sign_at_exchange),
    )
}  # fmt: skip

FURTHER_FACTS: tuple[type[Any], ...] = tuple(question.facts for question in FURTHER.values())
"""Every class of these facts."""
