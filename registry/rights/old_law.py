"""Does the law before 2019 bear the end of a right that an old handing or taking back is to give it (policy-map 9.6)?

An act of one of the two kinds says where the household moved, with the papers that show it; `decisions.taking_back` decides
by the law of the act's own day. Only what it says was ended is ended: what it leaves to a person is a court's to order.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from registry.decisions.taking_back import OldMove, Proof, fate_of_land
from registry.errors import SanquanError

if TYPE_CHECKING:
    from registry.decisions.taking_back import Destination, Land, LandFate
    from registry.ledger.act import Act

ACTS: dict[str, Literal["handed back", "taken back"]] = {
    "handed-back-before-2019": "handed back",
    "taken-back-before-2019": "taken back",
}
LANDS: dict[str, Land] = {"contract-arable": "arable", "contract-grass": "grass"}
"""What the two kinds may end (`law/causes.toml`)."""


class OldMoveNotShownError(SanquanError):
    """Raised when an old handing or taking back is to end a right and nothing shows where the household moved."""

    def __init__(self) -> None:
        """What is to be shown."""
        super().__init__(
            "2019 年以前的交回、收回要写明全家何时迁到哪里(moved), 并附注明日期的凭据(sources); "
            "没有凭据, 地还是这一户的, 什么都没有记",
            "an old handing or taking back says when and whereto the household moved (moved), with dated papers (sources); "
            "without them the right lives on, and nothing was recorded",
        )


class OldLawError(SanquanError):
    """Raised when the law of the day did not let the move end the right, or leaves it to a person."""

    def __init__(self, fate: LandFate) -> None:
        """Why, with the rules."""
        rules = ", ".join(fate.rules)
        super().__init__(
            f"{''.join(reason.zh for reason in fate.reasons)}({rules}, {fate.day}) 权利没有动; "
            "要改, 凭法院判决或仲裁裁决(court-ordered, arbitrated)",
            f"{' '.join(reason.en for reason in fate.reasons)} ({rules}, {fate.day}) The right was not touched; a judgment or "
            "an award may change it (court-ordered, arbitrated)",
        )
        self.fate = fate


@dataclass(frozen=True, slots=True)
class OldHouseholdMove:
    """When the household moved and whereto, whole or in part, and whether it became non-agricultural."""

    moved: dt.date
    whole_household: bool
    to: Destination
    became_non_agricultural: bool


def require_old_law(act: Act, thing: str, moved: OldHouseholdMove | None) -> None:
    """Ask the old law whether an act of its two kinds ends a right; other kinds are none of its business.

    Raises OldMoveNotShownError without facts or papers, OldLawError unless the right was ended by the law of the act's day.
    """
    if act.kind not in ACTS:
        return
    if moved is None or not act.fields.sources:
        raise OldMoveNotShownError
    day = dt.date.fromisoformat(act.day)
    facts = OldMove(
        moved.moved, moved.whole_household, moved.to, moved.became_non_agricultural, LANDS[thing], Proof(ACTS[act.kind], day)
    )
    fate = fate_of_land(facts, day)
    if fate.fate != "ended":
        raise OldLawError(fate)
