"""What stands on the result sheet: the answer, the papers, the rule in one plain sentence, what stays, where to go?

Each situation is decided by one function; a decision about a move is the very one that the police desk's form asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from registry.decisions.may_i import family, land, settling
from registry.decisions.may_i.model import Answers, Situation, UnknownAnswerError, situations
from registry.law.book import Rule, book
from registry.law.deciding import Decision, decides

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

DECIDERS: Mapping[str, Callable[[Answers, date], Decision]] = MappingProxyType({
    "left-out": family.left_out,
    "settle": settling.settle,
    "from-outside": settling.from_outside,
    "unregistered": settling.unregistered,
    "married": family.married,
    "divorced": family.divorced,
    "born": family.born,
    "study-or-army": family.study_or_army,
    "death": family.death,
    "let": land.let,
    "give-up": land.give_up,
    "taken": land.taken,
})  # fmt: skip
OFFICES = tuple(f"WS-2016/III.2.{n}" for n in (1, 4, 5, 6, 7, 8, 10, 11, 14))
"""The rules that name a bureau to which a sheet sends somebody."""
_SHORT = ("还差一张纸", "One paper short")
_LOOK = ("工作人员要看一看", "A person has to look at it")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The result: `says` in both languages, why, what to bring and what is missing, the rules behind it, where to go.

    `stays` is never empty and is shown at the same size as the answer.
    """

    situation: Situation
    says: tuple[str, str]
    decision: Decision
    rules: tuple[Rule, ...]
    bring: tuple[str, ...]
    missing: tuple[str, ...]
    stays: tuple[str, str]
    offices: tuple[str, ...]


@decides(*OFFICES)
def answer(situation: str, answers: Answers, day: date) -> Sheet:
    """The sheet for answers given on a day. UnknownAnswerError for words that are not ours or a question left out."""
    if situation not in situations():
        raise UnknownAnswerError
    asked = situations()[situation]
    given = asked.checked(answers)
    if asked.next_after(given) is not None:
        raise UnknownAnswerError
    decision = DECIDERS[situation](given, day)
    says = {"eligible": asked.can, "not eligible": asked.cannot, "needs evidence": _SHORT, "review": _LOOK}
    cited = dict.fromkeys(reason.rule for reason in decision.reasons)
    missing = dict.fromkeys(need for reason in decision.reasons for need in reason.needs)
    offices = dict.fromkeys(name for rule in asked.offices for name in book().words(rule, "bureaus", day))
    return Sheet(
        situation=asked,
        says=says[decision.result],
        decision=decision,
        rules=tuple(book().rule(rule, day) for rule in cited),
        bring=asked.bring,
        missing=tuple(missing),
        stays=(asked.stays_zh, asked.stays_en),
        offices=tuple(offices),
    )
