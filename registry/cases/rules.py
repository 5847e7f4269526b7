"""Which steps of a case are open, to whom, and why not the others: a pure function of the case, the actor and facts.

A case stands in a *phase*: the last step of its route. A return leads back to the draft, a new notice back to the notice, a
supplement that changes what is asked for back to before it. What decides (review, approval, registration, answer) is open
only when everyone touched was told since the last notice, each will is there, the notice has stood its days, the papers are
there, no objection is open, and nothing that the case touches has changed since. Where a case goes row by row, all of that
holds one row alone (`rows`); the whole waits for the notice's days, the vote and an objection to the plan.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from registry.cases import boundaries, disputes, exits
from registry.cases.kinds import AUTHOR, DESK, book
from registry.cases.rows import Objection, standings, told_by
from registry.decisions.deadlines import deadline
from registry.law.working_days import not_on_a_day_off, working_days_after

if TYPE_CHECKING:
    from collections.abc import Mapping

    from registry.case_files import Case, Step
    from registry.cases.actors import Actor
    from registry.cases.disputes import Dispute
    from registry.cases.exits import Exit
    from registry.cases.kinds import Kind, Wait
    from registry.cases.rows import Standing
    from registry.cases.touched import Touched

DRAFTED = "drafted"
DECIDING = ("voted", "reviewed", "approved", "registered")
OUTCOMES = ("upheld", "not-upheld")
Why = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the register says now.

    `desks`: the roles that keep the book of what the case is about. `stake`: people with one. `changed`: what was registered
    since the case last looked at the things it touches, None where nothing. `objections`: those that were submitted and not
    taken back. `notice_until`: the last day of the notice, None where nothing is posted. `exit`: where a paid exit stands, None
    for every other case. `leaving`: whether what the case would let or mortgage is about to be given up (policy-map 9.4).
    `dispute`: where a dispute stands whose lock was registered, None for every other case.
    """

    today: str
    desks: frozenset[str]
    touched: Touched
    stake: frozenset[str] = frozenset()
    changed: Why | None = None
    objections: tuple[Objection, ...] = ()
    notice_until: str | None = None
    exit: Exit | None = None
    leaving: bool = False
    dispute: Dispute | None = None


@dataclass(frozen=True, slots=True)
class Next:
    """A step that comes next. `missing` says what is not there yet, `not_you` why this actor can't take it."""

    step: str
    missing: tuple[Why, ...] = field(default=())
    not_you: tuple[Why, ...] = field(default=())

    @property
    def open(self) -> bool:
        """Whether this actor may take it now."""
        return not self.missing and not self.not_you


def phase(case: Case, kind: Kind) -> str:
    """The step of the route that holds, or "drafted"; the step that ended the case where one did."""
    steps, now = book().steps, DRAFTED
    before_notice = kind.route[kind.route.index("noticed") - 1] if kind.notifies else "submitted"
    for step in case.steps:
        if steps[step.step].ends or step.step in kind.route:
            now = step.step
        elif step.step == "returned":
            now = DRAFTED
        elif step.step == "supplemented" and step.said.get("request"):
            now = min(now, before_notice, key=kind.route.index)
    return now


def ended(case: Case, kind: Kind) -> bool:
    """Whether nothing follows any more."""
    now = phase(case, kind)
    return book().steps[now].ends or (now == kind.route[-1])


def notice_until(case: Case, kind: Kind) -> str | None:
    """The last day of the notice; None where none was given or none is posted."""
    noticed = case.last(notice_step(kind))
    return None if noticed is None else last_day(kind, dt.date.fromisoformat(noticed.day))


def last_day(kind: Kind, first: dt.date) -> str | None:
    """The last day of a notice of a kind that begins on a day; None where nothing has to stand. As 民法典 201 to 203 count."""
    if kind.kind in book().exits:
        return deadline("exit-notice", first).last_day.isoformat()
    return _last_of(book().wait(kind.kind, first), first)


def answer_until(case: Case, kind: Kind) -> str | None:
    """The last day for the answer to a case that was handed in; None where nothing says so, or it has ended."""
    submitted = case.last("submitted")
    if submitted is None or ended(case, kind):
        return None
    first = dt.date.fromisoformat(submitted.day)
    return _last_of(book().due(kind.kind, first), first)


def _last_of(wait: Wait | None, first: dt.date) -> str | None:
    if wait is None:
        return None
    if wait.unit == "working days":
        return working_days_after(first, wait.value).day.isoformat()
    return not_on_a_day_off(first + dt.timedelta(days=wait.value)).day.isoformat()


def notice_step(kind: Kind) -> str:
    """The step with which the notice of a kind begins."""
    return "posted" if "posted" in kind.route else "noticed"


def next_steps(case: Case, kind: Kind, actor: Actor, facts: Facts) -> tuple[Next, ...]:
    """Every step that comes next, open or not. An ended case has none; a draft is its author's."""
    return tuple(Next(word, missing, not_you(word, case, actor, facts)) for word, missing in to_come(case, kind, facts).items())


def to_come(case: Case, kind: Kind, facts: Facts) -> dict[str, tuple[Why, ...]]:
    """What stands at this place of the route, the next step of the route first, each with what is not there yet: for anybody."""
    if ended(case, kind):
        return {}
    return {word: _missing(word, case, kind, facts) for word in _words(case, kind, phase(case, kind), facts)}


def _words(case: Case, kind: Kind, now: str, facts: Facts) -> list[str]:
    """The steps that stand at this place of the route."""
    if now == DRAFTED:
        return [kind.route[0], DRAFTED, "withdrawn"]
    place = kind.route.index(now)
    at_notice = kind.notifies and place >= kind.route.index("noticed")
    words = [kind.route[place + 1]]
    if kind.by_rows and place >= kind.route.index("voted"):
        words.append("voted")
    if facts.dispute is not None:
        return words + disputes.steps_of(facts.dispute)
    if now in {"registered", "delivered"}:
        return words + (["registered", "explained", "told", "evidence-added"] if outstanding(case, facts) else [])
    words += ["evidence-added", "returned", "refused", "withdrawn"]
    words.append("supplemented" if _asked(case) else "supplement-asked")
    if at_notice:
        words += ["told", "consented", "consent-withdrawn", *((boundaries.ABSENT,) if kind.kind == boundaries.BOUNDARY else ())]
        if facts.changed is not None or place == kind.route.index("noticed"):
            words.append("noticed")
    if kind.by_rows:
        words.append("explained")
    if facts.exit is None:
        return words
    return exits.steps_of(facts.exit, words, book().exits[kind.kind], noticed=at_notice)


def outstanding(case: Case, facts: Facts) -> list[Standing]:
    """The rows that are still to be written, ready or not; a household of which nobody is left is none of them."""
    return [each for each in standings(case, facts.touched.rows or (), facts.objections) if not each.row.never]


def wills(case: Case) -> Mapping[str, Step]:
    """The wills that hold: the newest of each person since the last notice, those taken back left out."""
    notice = case.last("noticed")
    found: dict[str, Step] = {}
    for step in case.since(notice.n, "consented", "consent-withdrawn") if notice else ():
        if step.step == "consented":
            found[step.said["person"]] = step
        else:
            found.pop(step.said["person"], None)
    return found


def told(case: Case) -> frozenset[str]:
    """Who was told since the last notice: in person, or by being asked for their will."""
    notice = case.last("noticed")
    steps = case.since(notice.n, "told", "consented") if notice else ()
    return frozenset[str]().union(*map(told_by, steps))


def gaining_guardians(case: Case, touched: Touched) -> frozenset[str]:
    """The minors whose will was given by a guardian who gains by the case: a person decides about each of them."""
    return frozenset(
        person for person, will in wills(case).items() if will.said.get("guardian") in touched.gains
    )


def _asked(case: Case) -> bool:
    last = case.last("supplement-asked", "supplemented", "returned")
    return last is not None and last.step == "supplement-asked"


def not_you(word: str, case: Case, actor: Actor, facts: Facts) -> tuple[Why, ...]:
    """Why this actor can't take a step: another's role, one's own earlier step, one's own stake."""
    step = book().steps[word]
    author = case.steps[0].desk[:1] == (actor.id,)
    allowed = {role for word in step.by for role in _roles(word, facts)}
    if not (author and AUTHOR in step.by) and actor.role not in allowed:
        names = [book().roles[role].zh for role in book().roles if role in allowed] or ["填写人本人"]
        en = [book().roles[role].en for role in book().roles if role in allowed] or ["whoever drafted it"]
        return ((f"由{'、'.join(names)}办", f"it is for {', '.join(en)}"),)
    why = []
    back = case.last("returned")
    earlier = {each.desk[0] for each in case.since(back.n if back else 0, *step.not_by) if each.desk}
    earlier |= {case.steps[0].desk[0]} if DRAFTED in step.not_by and case.steps[0].desk else set()
    if actor.id in earlier:
        why.append(("前一步是您办的, 要换一个人", "you took an earlier step: another person takes this one"))
    if step.apart and actor.person and actor.person in facts.stake:
        why.append(("您或您的家人与本案有利害关系", "you, or your family, have a stake in the case"))
    if facts.exit is not None:
        why += exits.not_you(step.word, case, actor, facts.touched)
    return tuple(why)


def _roles(word: str, facts: Facts) -> frozenset[str]:
    if word == DESK:
        return facts.desks
    return frozenset() if word == AUTHOR else frozenset({word})


def _missing(word: str, case: Case, kind: Kind, facts: Facts) -> tuple[Why, ...]:
    """What is not there yet."""
    why: list[Why] = []
    if kind.by_rows:
        why += _left_behind(word, case, facts)
    if word in kind.route and word not in {"submitted", "delivered"} and _asked(case):
        why.append(("已通知补正, 还没有补来", "a supplement was asked for and has not come"))
    if word in DECIDING and word in kind.route:
        # The resolution is made by the vote, and the other papers go with it.
        why += [*_objected(case, facts), *(_papers(case, kind) if word != "voted" else ()), *_people(word, case, kind, facts)]
        if facts.changed is not None:
            why.append(facts.changed)
        if facts.leaving:
            why.append(("正在办退出, 期限已满: 先了结退出", "an exit from it has run its clocks: end that first"))
        if word not in {"voted", "reviewed"} and "reviewed" in kind.route:
            why += _findings(case, facts)
    if facts.exit is not None:
        why += _people(word, case, kind, facts) if word == "posted" else exits.missing(facts.exit, word, case, facts.touched)
    return (*why, *_missing_of_kind(word, case, kind, facts))


def _missing_of_kind(word: str, case: Case, kind: Kind, facts: Facts) -> list[Why]:
    """What only some kinds wait for: the outcome of a dispute, a holder who applies, a slip's own day."""
    why: list[Why] = []
    if facts.dispute is not None:
        why += disputes.missing(facts.dispute, word)
    if word == "submitted" and kind.by_holder:
        why += _no_holder(case, facts)
    submitted = case.last("submitted")
    if word in DECIDING and kind.same_day and submitted is not None and submitted.day != facts.today:
        why.append(("笔误更正要当天办完: 请改走更正登记", "a slip is mended within the day: correct the record instead"))
    return why


def _objected(case: Case, facts: Facts) -> list[Why]:
    back = case.last("returned")
    why: list[Why] = []
    for each in facts.objections:
        if each.row:
            continue
        if each.answer is None:
            why.append((f"有异议({each.opened.at[:10]})还没有答复", f"an objection of {each.opened.at[:10]} is not answered"))
        elif each.upheld and (back is None or back.entry_idx < each.opened.entry_idx):
            why.append(("异议成立: 只能退件、不予登记或撤回", "an objection was upheld: return, refuse or withdraw the case"))
    return why


def _no_holder(case: Case, facts: Facts) -> list[Why]:
    if facts.touched.people and case.steps[0].said.get("applicant") not in facts.touched.people:
        return [("申请人要是权利人本人", "the applicant must hold the right themselves")]
    return []


def _papers(case: Case, kind: Kind) -> list[Why]:
    there = {step.said.get("paper") for step in case.steps if step.step in {"evidence-added", "surveyed"}}
    papers = book().papers
    return [
        (f"缺材料: {'或'.join(papers[p].zh for p in any_of)}", f"a paper is missing: {' or '.join(papers[p].en for p in any_of)}")
        for any_of in kind.evidence
        if not there & set(any_of)
    ]


def _people(word: str, case: Case, kind: Kind, facts: Facts) -> list[Why]:
    if not kind.notifies:
        return []
    why: list[Why] = []
    untold = set(facts.touched.people) - told(case)
    unwilled, waits = boundaries.unsigned(case, facts.touched.consents - set(wills(case)), facts.today)
    if kind.by_rows:
        why += _no_row(word, case, facts)
    elif untold:
        why.append((f"还有 {len(untold)} 人没有告知到", f"{len(untold)} people were not told"))
    if unwilled:
        why.append((f"还缺 {len(unwilled)} 人的同意", f"the will of {len(unwilled)} people is missing"))
    why += waits
    # A paid exit has more clocks than this one, and says which of them still runs.
    if facts.exit is None and facts.notice_until is not None and facts.today <= facts.notice_until:
        why.append((f"公示到 {facts.notice_until} 满", f"the notice stands until {facts.notice_until}"))
    return why


def _no_row(word: str, case: Case, facts: Facts) -> list[Why]:
    """A vote that was not carried decides nothing, and there is something to decide only where a row is ready."""
    why: list[Why] = []
    vote, voting = case.last("voted"), word == "voted"
    if not voting and vote is not None and vote.said["carried"] != "yes":
        came, attend, agreed, agree = (vote.said[name] for name in ("attended", "attend", "agreed", "agree"))
        zh = f"表决没有通过: 到会 {came}, 要 {attend}; 同意 {agreed}, 要 {agree}。没通过不等于不延"
        en = f"the vote was not carried: {came} of {attend} came, {agreed} of {agree} agreed; that ends no right"
        why.append((zh, en))
    if not any(each.ready for each in standings(case, facts.touched.rows or (), facts.objections, voting=voting)):
        why.append(("没有一户可以办: 看每一户缺什么", "no row is ready: see what each one waits for"))
    return why


def _left_behind(word: str, case: Case, facts: Facts) -> list[Why]:
    """Once a row was written the case ends when every row was: none is dropped by ending it."""
    if case.last("registered") is None or word not in {"delivered", "refused", "withdrawn"}:
        return []
    left = len(outstanding(case, facts))
    why = (f"还有 {left} 户没有办完: 一户也不能丢下", f"{left} households are not done yet: none is left behind")
    return [why] if left else []


def _findings(case: Case, facts: Facts) -> list[Why]:
    reviewed = case.last("reviewed")
    found = reviewed.said.get("findings", {}) if reviewed else {}
    open_ = gaining_guardians(case, facts.touched) - set(found)
    if not open_:
        return []
    return [
        (
            f"{len(open_)} 名未成年人的监护人自己得利: 审核要写明为什么不损害孩子",
            f"the guardians of {len(open_)} minors gain themselves: the review says why it does not harm them",
        )
    ]
