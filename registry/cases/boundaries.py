"""Who of those who must show a boundary did not come, and until when may they still object? A pure function of the case.

缺席指界: whoever was invited twice and did not come is sent the result; their days to object run from its delivery
(REG/absent-neighbour). After them the boundary stands for this survey, and the case says for ever who was absent. Whoever signs
late is absent no more; an objection stops the case as any other.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from registry.cases.refusals import SaidMalformedError
from registry.cases.rows import told_by
from registry.law.book import book
from registry.law.working_days import not_on_a_day_off

if TYPE_CHECKING:
    from collections.abc import Mapping

    from registry.case_files import Case

BOUNDARY, ABSENT = "boundary-signed", "absent"
_INVITED = 2
_RULE = "REG/absent-neighbour"


def absent_until(case: Case) -> dict[str, str]:
    """Everybody who did not come and has not signed since, with the last day on which they may object."""
    found: dict[str, str] = {}
    for step in _since_notice(case, ABSENT, "consented"):
        if step.step == ABSENT:
            day = date.fromisoformat(step.said["day"])
            last = day + timedelta(days=book().whole(_RULE, "absent_days", day))
            found[step.said["person"]] = not_on_a_day_off(last).day.isoformat()
        else:
            found.pop(step.said["person"], None)
    return found


def absent(case: Case, today: str) -> frozenset[str]:
    """Whose days to object have passed without their signature."""
    return frozenset(person for person, until in absent_until(case).items() if until < today)


def check(case: Case, stated: Mapping[str, Any]) -> None:
    """Nobody is absent who was not invited for two days, the second one past. SaidMalformedError."""
    invited = {
        step.said.get("day", step.day) for step in _since_notice(case, "told") if stated["person"] in told_by(step)
    }
    if len({day for day in invited if day <= stated["day"]}) < _INVITED:
        zh, en = "要先通知两次, 写明不同的日子", "two invitations for different days come first"
        raise SaidMalformedError("person", zh, en)


def _since_notice(case: Case, *words: str) -> tuple[Any, ...]:
    notice = case.last("noticed")
    return case.since(notice.n, *words) if notice else ()
