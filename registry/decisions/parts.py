"""How are the parts of a decision put together: conditions that must all hold, and conditions of which one is enough?

A *part* is one condition with what was found about it. Of conditions that must all hold a "no" decides, then a missing
paper, then an ambiguity; of conditions of which one is enough a "yes" decides, then an ambiguity, then a missing paper.
A *condition* on one fact has three sentences: it holds, it does not, nobody has shown it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from registry.law.deciding import Decision, Reason

if TYPE_CHECKING:
    from datetime import date

    from registry.decisions.facts import Known
    from registry.law.deciding import Result

Said: TypeAlias = tuple[str, str]
"""A sentence in Chinese and in English."""


@dataclass(frozen=True, slots=True)
class Part:
    """One condition: what was found, and why."""

    result: Result
    reasons: tuple[Reason, ...]

    @property
    def holds(self) -> bool:
        """Whether it was found to hold."""
        return self.result == "eligible"


def yes(rule: str, zh: str, en: str, *facts: str, question: str | None = None) -> Part:
    """It holds. `question`: how an open question was read for it."""
    return Part("eligible", (Reason(rule, zh, en, facts, question=question),))


def no(rule: str, zh: str, en: str, *facts: str, question: str | None = None) -> Part:
    """It does not hold."""
    return Part("not eligible", (Reason(rule, zh, en, facts, question=question),))


def lacks(rule: str, zh: str, en: str, *facts: str, needs: tuple[str, ...]) -> Part:
    """Nobody can say yet: `needs` are the papers that would."""
    return Part("needs evidence", (Reason(rule, zh, en, facts, needs=needs),))


def unclear(rule: str, zh: str, en: str, *facts: str, question: str | None) -> Part:
    """The texts leave it open: a person decides. `question` is None where policy-map has a [?] without a number."""
    return Part("review", (Reason(rule, zh, en, facts, question=question),))


@dataclass(frozen=True, slots=True)
class Condition:
    """One fact that a rule looks at, the paper that shows it, and what is said of it."""

    rule: str
    fact: str
    paper: str
    holds: Said
    fails: Said
    unshown: Said

    def of(self, known: Known) -> Part:
        """Yes, no, or the paper that is missing."""
        if known is None:
            return lacks(self.rule, *self.unshown, self.fact, needs=(self.paper,))
        return yes(self.rule, *self.holds, self.fact) if known else no(self.rule, *self.fails, self.fact)


def all_of(*parts: Part) -> Part:
    """Every condition must hold. The reasons are those of the conditions that decide, of all where all hold."""
    for result in ("not eligible", "needs evidence", "review"):
        if any(part.result == result for part in parts):
            weight = ("not eligible", "needs evidence", "review").index(result)
            deciding = [p for p in parts if not p.holds and (weight > 0 or p.result == result)]
            return Part(result, _reasons(deciding))
    return Part("eligible", _reasons(parts))


def one_of(*parts: Part) -> Part:
    """One condition is enough. The reasons are those of all that hold, or of all that could."""
    for result in ("eligible", "review", "needs evidence"):
        deciding = [part for part in parts if part.result == result]
        if deciding:
            missing = [part for part in parts if part.result == "needs evidence"] if result == "review" else []
            return Part(result, _reasons([*deciding, *missing]))
    return Part("not eligible", _reasons(parts))


def decided(part: Part, day: date, *rules: str, beside: tuple[Decision, ...] = ()) -> Decision:
    """The decision that a part makes on a day; `rules` are those that were read without giving a reason."""
    read = dict.fromkeys([reason.rule for reason in part.reasons])
    return Decision(part.result, part.reasons, tuple(dict.fromkeys([*read, *rules])), day, beside=beside)


def _reasons(parts: list[Part] | tuple[Part, ...]) -> tuple[Reason, ...]:
    return tuple(dict.fromkeys(reason for part in parts for reason in part.reasons))
