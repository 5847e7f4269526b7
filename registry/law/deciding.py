"""How does a decision say what it decides, and on which rules and facts? The form of every answer, and no answer itself.

A *decision* is a pure function of facts (frozen dataclasses) and a day: it reads the rule book and nothing else. A missing
paper is `needs evidence`, an ambiguity of the texts is `review` with its Q number, and neither is ever a "no". Where rules of
other levels give another result, that result stands `beside` and a person decides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeVar

from registry.errors import SanquanError
from registry.law.book import BANNER, book, holds_at

if TYPE_CHECKING:
    from datetime import date

Result = Literal["eligible", "not eligible", "needs evidence", "review"]
RESULTS: tuple[Result, ...] = ("eligible", "not eligible", "needs evidence", "review")
_Deciding = TypeVar("_Deciding", bound=Callable[..., object])


class UngroundedDecisionError(SanquanError):
    """Raised when a decision rests on nothing that holds on its day at its place. A fault of ours, never of the asker."""

    def __init__(self, what: str, day: date, place: str) -> None:
        """Name what does not hold."""
        super().__init__(
            f"决定的理由站不住：{what}（{day}，{place}）。没有作出决定，请报告这个错误",
            f"the decision is not grounded: {what} ({day}, {place}). Nothing was decided; report this fault",
        )


@dataclass(frozen=True, slots=True)
class Reason:
    """One ground: the rule's id, why in words that a herder understands, and the facts that were looked at.

    `needs`: the papers still to bring, in Chinese. `question`: the Q number where the texts leave it open.
    """

    rule: str
    zh: str
    en: str
    facts: tuple[str, ...]
    needs: tuple[str, ...] = ()
    question: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """A result with the chain of rules and facts behind it. `rules` are all that were read, the reasons' own among them.

    Raises UngroundedDecisionError for a decision without a reason, or one that names a rule which does not hold on its
    day at its place, or a question that is not in the book.
    """

    result: Result
    reasons: tuple[Reason, ...]
    rules: tuple[str, ...]
    day: date
    place: str = BANNER
    beside: tuple[Decision, ...] = field(default=())

    def __post_init__(self) -> None:
        """Hold the decision to the book."""
        grounded(self.reasons, self.rules, self.day, self.place)


def grounded(reasons: tuple[Reason, ...], rules: tuple[str, ...], day: date, place: str = BANNER) -> None:
    """Hold reasons to the book: each names a rule that was read and holds on the day at the place, and a known question.

    Raises UngroundedDecisionError, UnknownRuleError, RuleNotInForceError.
    """
    if not reasons:
        raise UngroundedDecisionError("—", day, place)
    for reason in reasons:
        if reason.rule not in rules:
            raise UngroundedDecisionError(reason.rule, day, place)
        if reason.question is not None and reason.question not in book().questions:
            raise UngroundedDecisionError(reason.question, day, place)
    for rule in rules:
        if not holds_at(book().rule(rule, day), place):
            raise UngroundedDecisionError(rule, day, place)


def decides(*rules: str) -> Callable[[_Deciding], _Deciding]:
    """Say of a function which rules it decides; `house/law_table.py` leads from each rule to it."""
    return _marked("decides", rules)


def keeps(*rules: str) -> Callable[[_Deciding], _Deciding]:
    """Say of a function which prohibitions it keeps by refusing, where no constraint can; read as `decides` is."""
    return _marked("keeps", rules)


def _marked(mark: str, rules: tuple[str, ...]) -> Callable[[_Deciding], _Deciding]:
    def marking(function: _Deciding) -> _Deciding:
        setattr(function, f"__{mark}__", rules)
        return function

    return marking
