"""How does a decision look that is told: result, reasons with their rules, papers still to bring, what stands beside?

The same for `POST /v1/decisions/…` and `sanquan decide`. Nothing that is asked is stored, and no fact is repeated.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import create_model

from api.answers.events import Day, Strict
from api.answers.facts import facts_of, form_of
from registry.decisions.asking import QUESTIONS
from registry.decisions.further import FURTHER
from registry.decisions.land.asking import LAND_QUESTIONS
from registry.law.book import book

if TYPE_CHECKING:
    from pydantic import BaseModel

    from registry.decisions.asking import Question
    from registry.law.deciding import Decision, Reason

UNCHANGED = {
    "zh": "不管怎么定，承包地、草场、院子、集体的股、成员身份、补贴都不变（方案二（三）1）。",
    "en": "However this is decided, land, homestead, share, membership and subsidies stay as they are (plan II.3.1).",
}
NOTHING_DONE = {
    "zh": "这里只是问一问，什么也没有登记、没有改；承包地、草场、院子、集体的股、成员身份、补贴，现在怎样还是怎样。",
    "en": "Only asked: nothing was registered or changed; land, homestead, share, membership and subsidies stand as they stood.",
}
ONLY_ASKED = {
    "zh": "这里只是问一问，什么也没有登记、没有改；您住在哪里、户口在哪里，都不影响这件事（方案二（三）1）。",
    "en": "Only asked: nothing was registered or changed, and where you live or are registered is of no matter (plan II.3.1).",
}
ASKED = {**QUESTIONS, **LAND_QUESTIONS, **FURTHER}
RESULTS = {
    "eligible": "符合",
    "not eligible": "不符合",
    "needs evidence": "还差材料",
    "review": "工作人员要看",
}


@cache
def asking(word: str) -> type[BaseModel]:
    """What is sent to ask one question: the day on which it would happen, and the facts."""
    question = ASKED[word]
    name = "".join(part.capitalize() for part in word.split("-"))
    facts = (form_of(question.facts), ...)
    about = f"{question.zh} / {question.en}."
    return create_model(f"Ask{name}", __base__=Strict, __doc__=about, day=(Day, ...), facts=facts)


def decide(word: str, sent: Any) -> dict[str, Any]:  # noqa: ANN401  (the form of `asking`)
    """The answer to a question; nothing is recorded. RuleNotInForceError for a day that the rules don't know."""
    question = ASKED[word]
    facts, day = facts_of(question.facts, sent.facts), dt.date.fromisoformat(sent.day)
    return decision_facts(question, question.decide(facts, day), dict(question.told(facts, day)))


def decision_facts(question: Question, decision: Decision, told: dict[str, Any]) -> dict[str, Any]:
    """A decision as plain values, with what will not change beside it, always."""
    return {
        "question": question.word,
        "name": {"zh": question.zh, "en": question.en},
        "day": decision.day.isoformat(),
        **_result(decision),
        "needs": list(dict.fromkeys(need for reason in decision.reasons for need in reason.needs)),
        "beside": [_result(each) for each in decision.beside],
        "told": told,
        "unchanged": _unchanged(question.word),
    }


def _unchanged(word: str) -> dict[str, str]:
    """What stays as it is, whatever the answer: a move takes nothing, a question does nothing."""
    if word in LAND_QUESTIONS:
        return ONLY_ASKED
    return NOTHING_DONE if word in FURTHER else UNCHANGED


def _result(decision: Decision) -> dict[str, Any]:
    return {
        "result": decision.result,
        "result_zh": RESULTS[decision.result],
        "reasons": [_reason(reason, decision.day) for reason in decision.reasons],
        "rules": list(decision.rules),
    }


def _reason(reason: Reason, day: dt.date) -> dict[str, Any]:
    rule = book().rule(reason.rule, day)
    return {
        "rule": rule.id,
        "cite": rule.cites[0].zh,
        "confirmed": rule.confirmed,
        "zh": reason.zh,
        "en": reason.en,
        "facts": list(reason.facts),
        "needs": list(reason.needs),
        "question": reason.question,
    }
