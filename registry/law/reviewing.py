"""Who must review the legality of the banner's supporting rules, who must make them, and was it done (plan III.2.13, III.2.15)?

A *supporting rule* (配套政策) is one of the banner's own beside the plan. What the book holds of that sort today are proposals
of this system: a bureau that makes its rule replaces one by a new version, and says who reviewed it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry.law.book import BANNER, book

if TYPE_CHECKING:
    from datetime import date

    from registry.law.book import Rule

_PLAN = "WS-2016/"


@dataclass(frozen=True, slots=True)
class Supporting:
    """Names as in the plan: `makers` must make supporting rules, `office` must review them; `rules` are those in force."""

    makers: tuple[str, ...]
    office: tuple[str, ...]
    rules: tuple[Rule, ...]

    @property
    def unreviewed(self) -> tuple[str, ...]:
        """The ids of those that nobody has reviewed."""
        return tuple(rule.id for rule in self.rules if rule.reviewed is None)


def reviewing_office(day: date) -> tuple[str, ...]:
    """Who reviews the legality of the banner's rules. RuleNotInForceError before the plan."""
    return book().words("WS-2016/III.2.13", "bureaus", day)


def supporting(day: date) -> Supporting:
    """The banner's own rules beside the plan on a day. RuleNotInForceError before the plan."""
    makers = book().words("WS-2016/III.2.15", "bureaus", day)
    own = tuple(r for r in book().in_force(day) if r.place == BANNER and not r.id.startswith(_PLAN))
    return Supporting(makers, reviewing_office(day), own)
