"""How far is a dispute about a right: mediation, arbitration, court? A pure function of its case and a day.

The parties may agree, or go to arbitration or to a court at once (农村土地承包法 55). An award holds when nobody sued in time
(RLCL/disputes); until then, and while a court has it, the dispute is open and its lock stays. What a document orders is
registered by a case of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from registry.law.book import book
from registry.law.working_days import not_on_a_day_off

if TYPE_CHECKING:
    from collections.abc import Mapping

    from registry.case_files import Case

CAUSE = "disputed"
Why = tuple[str, str]
State = Literal["open", "awarded", "suing", "agreed", "final", "judged", "dropped"]
STATES: Mapping[State, Why] = MappingProxyType(
    {
        "open": ("还没有结果", "no outcome yet"),
        "awarded": ("裁决了, 还可以起诉", "an award, against which a suit is still open"),
        "suing": ("法院在审", "before a court"),
        "agreed": ("调解成了", "settled by agreement"),
        "final": ("裁决生效了", "the award is final"),
        "judged": ("判了", "judged"),
        "dropped": ("不争了", "dropped"),
    }
)
OVER: frozenset[State] = frozenset({"agreed", "final", "judged", "dropped"})
MEDIATED = ("agreed", "failed")
_RULE = "RLCL/disputes"
_OPEN: Mapping[State, tuple[str, ...]] = MappingProxyType(
    {
        "open": ("mediated", "awarded", "sued", "judged", "dropped"),
        "awarded": ("mediated", "sued", "judged", "dropped"),
        "suing": ("mediated", "judged", "dropped"),
        # A court may still say that an award was none.
        "final": ("judged",),
    }
)


@dataclass(frozen=True, slots=True)
class Dispute:
    """Where it stands. `until`: the last day to sue after an award, "" without one; `locked`: whether its lock still lies."""

    state: State
    until: str = ""
    locked: bool = True


def dispute_of(case: Case, today: str, *, locked: bool) -> Dispute:
    """Where a dispute stands that was registered, by what was recorded since."""
    state: State = "open"
    until = ""
    for step in case.steps:
        if step.step == "mediated" and step.said["outcome"] == "agreed":
            state = "agreed"
        elif step.step == "awarded":
            state, until = "awarded", last_day_to_sue(step.said["day"])
        elif step.step == "sued":
            state = "suing"
        elif step.step == "judged":
            state = "judged"
        elif step.step == "dropped":
            state = "dropped"
    return Dispute("final" if state == "awarded" and today > until else state, until, locked)


def last_day_to_sue(served: str) -> str:
    """The last day to sue against an award that was served on a day; on a day off it is the next working day."""
    day = date.fromisoformat(served)
    return not_on_a_day_off(day + timedelta(days=book().whole(_RULE, "days_to_sue", day))).day.isoformat()


def steps_of(dispute: Dispute) -> list[str]:
    """The steps that stand beside the file's end: what is still possible, and whoever has to be told."""
    return [*_OPEN.get(dispute.state, ()), "told", "evidence-added"]


def missing(dispute: Dispute, word: str) -> list[Why]:
    """What the end of the file waits for."""
    if word != "delivered":
        return []
    if dispute.state not in OVER:
        zh, en = STATES[dispute.state]
        return [(f"争议{zh}", f"the dispute: {en}")]
    return [("锁还没有解: 先办争议解除", "the lock still lies: have the dispute closed first")] if dispute.locked else []
