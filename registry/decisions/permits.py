"""Who gets a residence permit, until when does it serve, and what does a late endorsement cost (plan II.2.2, Order 663)?

A permit is for whoever is registered elsewhere; it moves no registration and touches no right at home. It is endorsed every
year; without that its use rests, and the years lived here count from the late endorsement. It ends on the day on which the
registration moves in: one person, one basis. Its year ends with the anniversary, which is its last day (`PERIODS/counting`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, cast

from registry.decisions.facts import (
    BOOK,
    LIVING,
    UNSHOWN_DWELLING,
    UNSHOWN_WORK,
    WORK,
    Dwelling,
    Hukou,
    Known,
    Work,
    months_after,
    shown_by,
)
from registry.decisions.in_banner import lawful_dwelling
from registry.decisions.parts import Part, all_of, decided, lacks, no, one_of, yes
from registry.law.book import RuleNotInForceError, book
from registry.law.deciding import Decision, Reason, decides

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PERMIT, ASKED, ENDORSED = "WS-2016/II.2.2", "RP-663/2", "RP-663/10"
LAST_DAY = "PERIODS/counting"
_STUDIES = "连续就读的证明（学校）"
State = Literal["none", "in force", "suspended", "lapsed"]
Step = Literal["issued", "endorsed", "suspended", "lapsed"]


@dataclass(frozen=True, slots=True)
class PermitAsked:
    """Who asks for a permit: registered where, living here since when, with which of the three grounds."""

    hukou: Hukou | None = None
    lives_here_since: date | None = field(default=None, metadata=shown_by(LIVING))
    dwelling: Dwelling = UNSHOWN_DWELLING
    work: Work = UNSHOWN_WORK
    studies: Known = field(default=False, metadata=shown_by(_STUDIES))


@dataclass(frozen=True, slots=True)
class PermitHeld:
    """What was recorded of a permit, oldest first: (day, step)."""

    steps: tuple[tuple[date, Step], ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """How a permit stands on a day. `years_from`: since when the years here count; the window in which to endorse."""

    state: State
    years_from: date | None = None
    endorse_from: date | None = None
    endorse_by: date | None = None


@decides(PERMIT, ASKED)
def issue_permit(facts: PermitAsked, day: date) -> Decision:
    """Registered elsewhere, half a year here, and one of work, dwelling and study."""
    part = all_of(_elsewhere(facts.hukou), _half_a_year(facts.lives_here_since, day), _ground(facts))
    return decided(part, day, PERMIT, ASKED)


@decides(ENDORSED)
def endorse_permit(facts: PermitHeld, day: date) -> Decision:
    """Every year, in the month before the year ends; late is allowed and starts the years anew."""
    now = standing(facts, day)
    at = "steps"
    if now.state in {"none", "lapsed"} or now.endorse_from is None or now.endorse_by is None:
        zh = "没有可以签注的居住证；要用，重新申请。"
        return decided(no(ENDORSED, zh, "There is no permit to endorse: ask for a new one.", at), day, PERMIT)
    if day < now.endorse_from:
        zh = f"还早：{_zh(now.endorse_from)}到{_zh(now.endorse_by)}之间来签注。"
        en = f"Too early: endorse it between {now.endorse_from} and {now.endorse_by}."
        return decided(no(ENDORSED, zh, en, at), day, PERMIT)
    if now.state == "suspended":
        zh = "签注晚了，补签以后接着用；在这里住的年限从补签这天重新算。"
        en = "Late: its use comes back with the endorsement, and the years here count from today."
        return decided(yes(ENDORSED, zh, en, at), day, PERMIT)
    return decided(yes(ENDORSED, "到了签注的时候，签上就接着用一年。", "In time: good for another year.", at), day, PERMIT)


@decides(LAST_DAY)
def standing(held: PermitHeld, day: date) -> Standing:
    """How a permit stands on a day, by what was recorded up to it. It lapses by a record, its use rests by itself.

    Every year is reckoned from the first day of them; of one day the later step stands. A second endorsement within one
    year adds none. Before Order 663 no permit ends. `statistics.people.permitted` says the same of everybody at once.

    >>> held = PermitHeld(((date(2016, 2, 29), "issued"), (date(2017, 2, 28), "endorsed")))
    >>> standing(held, date(2018, 2, 28)).state, standing(held, date(2018, 3, 1)).state
    ('in force', 'suspended')
    """
    steps = sorted((each for each in held.steps if each[0] <= day), key=lambda each: each[0])
    year, window = _endorsement(day)
    state: State = "none"
    began, years = day, 0
    for when, step in steps:
        if step == "lapsed":
            state = "lapsed"
        elif step == "suspended":
            state = "suspended" if state == "in force" else state
        elif step == "issued" or state in {"in force", "suspended"}:
            if step == "issued" or state == "suspended" or (year and when > months_after(began, years * year)):
                began, years = when, 1
            elif year and when > months_after(began, (years - 1) * year):
                years += 1
            state = "in force"
    if state in {"none", "lapsed"}:
        return Standing(state)
    if year is None:
        return Standing(state, began)
    ends = months_after(began, years * year)
    return Standing("suspended" if day > ends else state, began, months_after(ends, -window), ends)


def held_here(recorded: Iterable[Mapping[str, Any]], day: date, banner: str) -> PermitHeld:
    """What was recorded of a person's permit (rows of `residence.permits`, oldest first), as the decision takes it.

    A permit is for the place that issued it: one of another place ends what was held in this banner.
    """
    steps: list[tuple[date, Step]] = []
    for row in sorted(recorded, key=lambda each: each["valid_from"]):
        when = date.fromisoformat(row["valid_from"])
        if when <= day and row["status"] != "lapsed" and not row["division_code"].startswith(banner):
            steps.clear()
        else:
            steps.append((when, cast("Step", row["status"])))
    return PermitHeld(tuple(steps))


def _endorsement(day: date) -> tuple[int | None, int]:
    """Months after which a permit is endorsed and the window before, by the rule of the day; None where there is none."""
    try:
        return book().whole(ENDORSED, "endorsement_months", day), book().whole(ENDORSED, "endorsement_window_months", day)
    except RuleNotInForceError:
        return None, 0


def _elsewhere(hukou: Hukou | None) -> Part:
    if hukou == "elsewhere":
        return yes(PERMIT, "户口在外地。", "Registered elsewhere.", "hukou")
    if hukou == "banner":
        zh = "户口已经在本旗，不用居住证。"
        return no(PERMIT, zh, "Registered in the banner already: no permit is issued.", "hukou")
    if hukou == "none":
        zh = "还没有户口，先登记户口（方案二（一）3），不办居住证。"
        return no(PERMIT, zh, "Registered nowhere: be registered first (plan II.1.3).", "hukou")
    return lacks(PERMIT, "还看不出户口在哪里。", "Where the registration is was not shown.", "hukou", needs=(BOOK,))


def _half_a_year(since: date | None, day: date) -> Part:
    at = "lives_here_since"
    if since is None:
        return lacks(ASKED, "从哪天起住在这里，还差证明。", "Since when one lives here was not shown.", at, needs=(LIVING,))
    full = months_after(since, book().whole(ASKED, "residence_months", day))
    if full <= day:
        return yes(ASKED, "在这里住满了半年。", "Half a year here.", at)
    zh = f"在这里还没有住满半年，{_zh(full)}起可以来办。"
    return no(ASKED, zh, f"Not half a year yet: come from {full} on.", at)


def _ground(facts: PermitAsked) -> Part:
    return one_of(_works(facts.work), _dwells(facts.dwelling), _studies(facts.studies))


def _works(work: Work) -> Part:
    if work.employed is None or (work.employed and work.paper is None):
        return lacks(ASKED, "工作还差一张证明。", "Work is not shown.", "work.employed", needs=(WORK,))
    if work.employed:
        return yes(ASKED, "有合法稳定工作。", "Lawful stable work.", "work.employed")
    return no(ASKED, "没有合法稳定工作。", "No lawful stable work.", "work.employed")


def _dwells(dwelling: Dwelling) -> Part:
    found = lawful_dwelling(dwelling)
    return Part(found.result, tuple(Reason(ASKED, r.zh, r.en, r.facts, r.needs) for r in found.reasons))


def _studies(studies: Known) -> Part:
    if studies is None:
        return lacks(ASKED, "连续就读还差学校的证明。", "Study is not shown.", "studies", needs=(_STUDIES,))
    if studies:
        return yes(ASKED, "在这里连续上学。", "Continuous study here.", "studies")
    return no(ASKED, "没有在这里连续上学。", "No continuous study here.", "studies")


def _zh(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"

