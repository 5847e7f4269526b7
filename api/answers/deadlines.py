"""How is the last day of a deadline told: the day, what it was counted from, what is not sure? Nothing is recorded."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import Field

from api.answers.events import Day, Strict
from registry.decisions.deadlines import Sort, deadline
from registry.law.book import book


class DeadlineIn(Strict):
    """Which deadline, and the day from which it runs."""

    kind: Sort = Field(examples=["objection"])
    day: Day


def last_day(sent: DeadlineIn) -> dict[str, Any]:
    """The last day with its reasons. RuleNotInForceError for a day on which the rule did not hold."""
    found = deadline(sent.kind, dt.date.fromisoformat(sent.day))
    return {
        "kind": found.sort,
        "day": found.day.isoformat(),
        "last_day": found.last_day.isoformat(),
        "counted_to": found.counted_to.isoformat(),
        "length": found.length,
        "unit": found.unit,
        "reasons": [
            {"rule": r.rule, "cite": book().rule(r.rule, found.day).cites[0].zh, "zh": r.zh, "en": r.en} for r in found.reasons
        ],
        "rules": list(found.rules),
        "doubts": [{"zh": zh, "en": en} for zh, en in found.doubts],
    }
