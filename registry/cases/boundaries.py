"""Who of those who must show a boundary did not come, and until when may they still object? A pure function of the case.

An *invitation* tells somebody for which day they are asked onto the land. 缺席指界: whoever was invited twice and did not come is
sent the result; their days to object run from its delivery (REG/absent-neighbour). The second invitation counts once the day of
the first has passed: nobody has stayed away before. After the days to object the boundary stands for this survey, and the case
says for ever who was absent. Whoever signs late is absent no more; an objection stops the case as any other.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from registry.cases.refusals import SaidMalformedError
from registry.cases.rows import told_by
from registry.law.book import book
from registry.law.working_days import not_on_a_day_off

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from registry.case_files import Case
    from registry.law.book import Rule

BOUNDARY, ABSENT = "boundary-signed", "absent"
_TOLD = "told"
_INVITED = 2
_RULE, _DAYS = "REG/absent-neighbour", "absent_days"


def rule(today: str) -> Rule:
    """What holds of a neighbour who does not come."""
    return book().rule(_RULE, date.fromisoformat(today))


def invitations(case: Case) -> dict[str, list[str]]:
    """For which days everybody was invited since the notice, each day after the one before it had passed."""
    found: dict[str, list[str]] = {}
    for step in _since_notice(case, _TOLD):
        day = step.said.get("day", "")
        for person in told_by(step) if day >= step.day else ():
            days = found.setdefault(person, [])
            if not days or days[-1] < step.day:
                days.append(day)
    return found


def absent_until(case: Case) -> dict[str, str]:
    """Everybody who did not come and has not signed since, with the last day on which they may object."""
    return {person: until for person, (until, _) in _absences(case).items()}


def unsigned(case: Case, people: Collection[str], today: str) -> tuple[set[str], list[tuple[str, str]]]:
    """Who of these people, who have not signed, is not recorded as absent; and what is waited for of those who are."""
    gone = {person: each for person, each in _absences(case).items() if person in people}
    waits = [
        (
            f"等到 {until} 满: 缺席的人 {days} 天内可以申请重新指界",
            f"until {until}: whoever was absent may ask for another showing within {days} days",
        )
        for until, days in sorted(set(gone.values()))
        if until >= today
    ]
    return set(people) - gone.keys(), waits


def check(case: Case, step: str, stated: Mapping[str, Any], today: str) -> None:
    """What is told or recorded of somebody fits the two invitations. SaidMalformedError."""
    if step == ABSENT:
        _refuse_uninvited(case, stated)
    elif step == _TOLD and "day" in stated:
        _refuse_unfit_day(case, stated, today)


def _refuse_uninvited(case: Case, stated: Mapping[str, Any]) -> None:
    """Nobody is absent who was not invited for two days, both over when they were told: until that evening they may come."""
    past = [day for day in invitations(case).get(stated["person"], ()) if day < stated["day"]]
    if len(past) < _INVITED:
        zh = f"要先请过两次, 第二次请的日子也过了还没来; 到 {stated['day']} 算 {len(past)} 次"
        en = f"two invitations come first, and the day of the second: by {stated['day']} there were {len(past)}"
        raise SaidMalformedError("person", zh, en)


def _refuse_unfit_day(case: Case, stated: Mapping[str, Any], today: str) -> None:
    """Nobody is invited for a day that is over, nor again before the day of the last invitation is."""
    if stated["day"] < today:
        raise SaidMalformedError(
            "day", "请他来的日子已经过了: 写今天或以后的日子", "the day of the invitation is past: name today or a later one"
        )
    days = invitations(case)
    ahead = {days[person][-1] for person in stated.get("people", [stated.get("person")]) if person in days}
    waiting = max((day for day in ahead if day >= today and day != stated["day"]), default="")
    if waiting:
        zh = f"已经请他 {waiting} 来: 过了那天没来, 再请第二次; 日子要改, 重新告知(noticed)以后再请"
        en = f"the day of the last invitation is {waiting}: invite again after it; to move it, give notice anew (noticed) first"
        raise SaidMalformedError("day", zh, en)


def _absences(case: Case) -> dict[str, tuple[str, int]]:
    """Who did not come and has not signed since: the last day to object, and how many days the rule gives."""
    found: dict[str, tuple[str, int]] = {}
    for step in _since_notice(case, ABSENT, "consented"):
        if step.step == ABSENT:
            day = date.fromisoformat(step.said["day"])
            days = book().whole(_RULE, _DAYS, day)
            found[step.said["person"]] = not_on_a_day_off(day + timedelta(days=days)).day.isoformat(), days
        else:
            found.pop(step.said["person"], None)
    return found


def _since_notice(case: Case, *words: str) -> tuple[Any, ...]:
    notice = case.last("noticed")
    return case.since(notice.n, *words) if notice else ()
