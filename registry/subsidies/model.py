"""What does a subsidy check say: one line for each household or person and policy, with the reason of what differs?"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

State = Literal["same", "explained", "review", "contradicts", "left-out", "unexplained", "unknown"]
STATES: dict[State, tuple[str, str]] = {
    "same": ("与去年相同", "as last year"),
    "explained": ("有登记的原因", "the register has the reason"),
    "review": ("可能的原因, 请核对", "possible reasons: look at them"),
    "contradicts": ("与今年的登记不同", "differs from this year's registration"),
    "left-out": ("登记簿上有, 名单上没有, 也没有终止的登记: 不能不发", "registered, not on the list, and nothing ended it: pay"),
    "unexplained": ("没有登记的原因: 查清再发", "the register has no reason: find out before it is paid"),
    "unknown": ("登记簿里没有这个承包方或这个人", "the register knows no such household or person"),
}
SETTLED: frozenset[State] = frozenset({"same", "explained"})


@dataclass(frozen=True, slots=True)
class Reason:
    """An act of the register: its kind, its words, its day, its entry."""

    kind: str
    zh: str
    en: str
    day: str
    entry: int


@dataclass(slots=True)
class Line:
    """One beneficiary and policy. Quantities are text with their own decimals, None where there is nothing.

    `who` is the household's code, or a person masked; `rows` are those of the list, as a spreadsheet counts them.
    """

    issuer: str
    who: str
    policy: str
    basis: str
    unit: str
    last_year: str | None
    last: str | None
    registered: str | None
    listed: str | None
    rows: list[int]
    state: State
    reasons: list[Reason] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The line as plain values, its state in words."""
        zh, en = STATES[self.state]
        return asdict(self) | {"says": {"zh": zh, "en": en}}


@dataclass(slots=True)
class SubsidyCheck:
    """A whole check: the list's year and file, its lines, those to look at first."""

    year: str
    file: str
    known_at: int
    lines: list[Line]

    @property
    def open(self) -> list[Line]:
        """The lines that somebody must look at before anything is paid."""
        return [line for line in self.lines if line.state not in SETTLED]

    def as_json(self) -> dict[str, Any]:
        """The check as plain values."""
        counts = {state: sum(line.state == state for line in self.lines) for state in STATES}
        return {
            "year": self.year,
            "file": self.file,
            "known_at": self.known_at,
            "counts": counts,
            "lines": [line.as_json() for line in self.lines],
        }


def added(quantities: Sequence[str]) -> str | None:
    """The sum as text, exact, its decimals kept; None of nothing.

    >>> added(["46.50", "31.20"]), added(["3"]), added([])
    ('77.70', '3', None)
    """
    return f"{sum(map(Decimal, quantities), Decimal()):f}" if quantities else None
