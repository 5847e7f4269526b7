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
        if not self.reasons:
            raise UngroundedDecisionError("—", self.day, self.place)
        for reason in self.reasons:
            if reason.rule not in self.rules:
                raise UngroundedDecisionError(reason.rule, self.day, self.place)
            if reason.question is not None and reason.question not in book().questions:
                raise UngroundedDecisionError(reason.question, self.day, self.place)
        for rule in self.rules:
            # Raises when the rule is unknown or has no version on the day.
            if not holds_at(book().rule(rule, self.day), self.place):
                raise UngroundedDecisionError(rule, self.day, self.place)


def decides(*_rules: str) -> Callable[[_Deciding], _Deciding]:
    """Say of a function which rules it decides. `house/law_table.py` reads the mark from the code, so it does nothing."""
    return lambda function: function
