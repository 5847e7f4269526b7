"""What became of land that was handed or taken back under the law before 2019: to service and command alike?

Nothing is recorded, and nobody is named: the facts are days and kinds.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from pydantic import Field

from api.answers import law
from api.answers.events import Day, Strict
from registry.decisions.taking_back import Destination, Land, OldMove, Proof, fate_of_land
from registry.law.book import book

Answer = dict[str, Any]
FATES: dict[str, dict[str, str]] = {
    "ended": {"zh": "按当时的法律终止了", "en": "ended by the law of that day"},
    "lives on": {"zh": "还在", "en": "lives on"},
    "review": {"zh": "工作人员要看", "en": "a person decides"},
}


class ProofIn(Strict):
    """A dated paper of the act."""

    act: Literal["handed back", "taken back"]
    day: Day


class OldMoveIn(Strict):
    """Who moved when and whereto, and what was proved (policy-map 9.6)."""

    moved: Day
    whole_household: bool
    to: Destination
    became_non_agricultural: bool
    land: Land
    proof: ProofIn | None = Field(default=None)


def fate(sent: OldMoveIn) -> Answer:
    """The fate with its reasons and rules. RuleNotInForceError for a proof from before the law of 2002."""
    proof = None if sent.proof is None else Proof(sent.proof.act, _date(sent.proof.day))
    move = OldMove(
        _date(sent.moved), sent.whole_household, sent.to, sent.became_non_agricultural, sent.land, proof
    )
    found = fate_of_land(move, law.today())
    return {
        "fate": found.fate,
        "fate_name": FATES[found.fate],
        "judged_by_the_law_of": found.day.isoformat(),
        "reasons": [
            {"rule": r.rule, "zh": r.zh, "en": r.en, "facts": list(r.facts)} for r in found.reasons
        ],
        "rules": [law.described(book().rule(rule, found.day)) for rule in found.rules],
    }


def _date(day: str) -> dt.date:
    return dt.date.fromisoformat(day)
