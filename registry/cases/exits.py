"""Which state is a paid exit in, and what still stops it (policy-map 9.1 to 9.3)? A pure function of the case and of facts.

*Clocks* are the public notice, the cooling-off and, for contracted land handed back, the half year: they run at the same
time, and the last to end decides. *Signers* are those who hold the right. A *sign* (红旗) stops nothing: the review says of
each why the exit is free all the same. Whether anybody settled in town is never asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from registry.decisions.deadlines import deadline
from registry.decisions.exits import SignedExit, register_exit, two_hands
from registry.decisions.facts import months_after
from registry.law.book import book as rules_of_law

if TYPE_CHECKING:
    from collections.abc import Mapping

    from registry.case_files import Case, Step
    from registry.cases.actors import Actor
    from registry.cases.kinds import Gives
    from registry.cases.touched import Touched

Why = tuple[str, str]
State = Literal[
    "draft", "signed", "notice", "cooling", "ready", "paid", "registered", "revoked", "objected", "lapsed", "void", "closed"
]
STATES: Mapping[State, Why] = MappingProxyType(
    {
        "draft": ("还没有签齐", "not signed by all yet"),
        "signed": ("签齐了, 还没有公示", "signed by all, not posted yet"),
        "notice": ("公示中", "on public notice"),
        "cooling": ("公示完了, 反悔期或提前通知期还没有满", "past the notice; a cooling-off or the half year still runs"),
        "ready": ("期限都满了, 等付清", "every clock has run out; payment is awaited"),
        "paid": ("付清了, 等登记", "paid in full; registration is awaited"),
        "registered": ("登记了", "registered"),
        "revoked": ("反悔了, 权利不动", "revoked: the right stands"),
        "objected": ("有异议, 停办", "objected to: it stands still"),
        "lapsed": ("一年没有进展, 作废, 权利不动", "lapsed: the right stands"),
        "void": ("无效, 权利还在", "void: the right stands"),
        "closed": ("撤回或不予登记, 权利不动", "withdrawn or refused: the right stands"),
    }
)
SIGNS: Mapping[str, Why] = MappingProxyType(
    {
        "near-settling": ("离落户不到规定的天数", "close to a settlement"),
        "many-of-a-village": ("一个村短时间里好几家退", "several exits of one village in a short time"),
        "below-reference": ("价钱比参考价低很多", "a price far below the reference"),
        "by-proxy": ("由别人凭公证书代签", "signed by a notarised proxy"),
    }
)
GROUNDS = ("pressed", "forged", "not-informed", "guardian-harmed", "not-paid")
"""Why an exit is void, before its registration and after it."""
_ENDS: Mapping[str, State] = MappingProxyType(
    {"registered": "registered", "delivered": "registered", "revoked": "revoked", "lapsed": "lapsed", "voided": "void"}
)
_DONE: frozenset[State] = frozenset({"registered", "revoked", "lapsed", "void", "closed"})


@dataclass(frozen=True, slots=True)
class Agreement:
    """What an exit gives up and for how much, as the case says now. `handed_back`: the collective gets contracted land."""

    gives: Gives
    handed_back: bool
    total: Decimal


@dataclass(frozen=True, slots=True)
class Exit:
    """Where an exit stands. `waits`: what stops a decision on it; `unpaid`: what stops its registration besides.

    `signs`: signs of pressure that the review must answer. `revocable`: until the later of cooling-off and payment in full.
    """

    state: State
    waits: tuple[Why, ...] = ()
    unpaid: tuple[Why, ...] = ()
    signs: frozenset[str] = field(default=frozenset())
    revocable: bool = True


def exit_of(
    case: Case, now: str, agreement: Agreement, signed: Mapping[str, Step], touched: Touched, *, objected: bool, today: str
) -> Exit:
    """Where the exit stands today. `now` is its phase, `signed` the wills that hold, `objected` whether one is open."""
    day = date.fromisoformat(today)
    last_will = _last_will(signed, touched)
    notice = case.last("noticed")
    # The first written notice counts: one that is given again takes no time away from the household.
    told = min((step.said["day"] for step in case.steps if step.step == "issuer-told" and step.said), default=None)
    posted = next(iter(case.since(notice.n, "posted")[-1:]), None) if notice else None
    facts = SignedExit(
        "contract-land" if agreement.handed_back else "homestead",
        posted=_day_of(posted),
        objections_answered=True,
        signed=last_will,
        issuer_told=None if told is None else date.fromisoformat(told),
        paid_in_full=True,
        other_officer=True,
    )
    waits = _why(facts, day)
    paid = sum((Decimal(step.said["amount"]) for step in case.steps if step.step == "paid" and step.said), Decimal(0))
    unpaid = () if paid >= agreement.total else _why(_unpaid(facts), day, only_of="EXIT/E12")
    cooling = last_will is None or day <= deadline("cooling-off", last_will).last_day
    state: State
    if now in _ENDS:
        state = _ENDS[now]
    elif now in {"withdrawn", "refused"}:
        state = "closed"
    elif _lapsed(case, now, day):
        state = "lapsed"
    elif objected:
        state = "objected"
    elif last_will is None:
        state = "draft"
    elif posted is None:
        state = "signed"
    elif day <= deadline("exit-notice", date.fromisoformat(posted.day)).last_day:
        state = "notice"
    elif waits:
        state = "cooling"
    else:
        state = "ready" if unpaid else "paid"
    return Exit(state, waits, unpaid, revocable=state not in _DONE and (cooling or bool(unpaid)))


def steps_of(exit_: Exit, words: list[str], gives: Gives, *, noticed: bool) -> list[str]:
    """The steps that stand at this place of an exit: who signed may change their mind, what lapsed goes no further."""
    if exit_.state == "lapsed":
        return ["lapsed"]
    kept = [word for word in words if word != "consent-withdrawn"]
    own = ["issuer-told", "voided"] if gives == "contract-land" else ["voided"]
    return [*kept, *own, *(("paid", "revoked") if noticed else ())]


def missing(exit_: Exit, word: str, case: Case, touched: Touched) -> list[Why]:
    """What a step of an exit still waits for, beside what every case does."""
    why: list[Why] = []
    if word == "submitted" and touched.people and case.steps[0].said.get("applicant") not in touched.signers:
        why.append(("申请人要是权利人本人", "the applicant must hold the right themselves"))
    if word == "paid" and exit_.state == "draft":
        why.append(("还没有签齐: 签了才付", "it is not signed by all yet: payment follows"))
    if word == "revoked" and not exit_.revocable:
        why.append(("反悔期已满, 钱也付清了", "the cooling-off is over, and it is paid in full"))
    if word in {"reviewed", "approved", "registered"}:
        why += exit_.waits
    if word == "registered":
        why += exit_.unpaid
    if word in {"approved", "registered"}:
        reviewed = case.last("reviewed")
        open_ = exit_.signs - set((reviewed.said if reviewed else {}).get("signs", {}))
        said = [SIGNS[sign] for sign in sorted(open_)]
        why += [(f"{zh}: 审核要写明为什么是自愿的", f"{en}: the review says why it is free") for zh, en in said]
    return why


def not_you(word: str, case: Case, actor: Actor, touched: Touched) -> list[Why]:
    """E13: who took the application does not register it. And a person revokes their own will only."""
    taken = {step.desk[0] for step in case.steps if step.step in {"drafted", "submitted", "accepted"} and step.desk}
    if word == "registered" and actor.id in taken:
        return [(reason.zh.rstrip("。"), reason.en.rstrip(".")) for reason in two_hands(other=False).reasons]
    if word == "revoked" and actor.role == "person" and actor.person not in touched.signers:
        return [("只有签字的人自己能反悔", "only who signs may change their mind")]
    return []


def _last_will(signed: Mapping[str, Step], touched: Touched) -> date | None:
    """The day on which the last of all signers signed; None where one is missing."""
    if not touched.signers or touched.signers - signed.keys():
        return None
    return date.fromisoformat(max(signed[person].day for person in touched.signers))


def _lapsed(case: Case, now: str, day: date) -> bool:
    """9.2: no step for a year; a draft waits as long as its author likes."""
    since = date.fromisoformat(case.steps[-1].day)
    months = rules_of_law().whole("EXIT/lapse", "lapse_months", day)
    return now != "drafted" and day > months_after(since, months)


def _unpaid(facts: SignedExit) -> SignedExit:
    return SignedExit(
        facts.thing, facts.posted, facts.objections_answered, facts.signed, facts.issuer_told,
        paid_in_full=False, other_officer=True,
    )  # fmt: skip


def _why(facts: SignedExit, day: date, only_of: str = "") -> tuple[Why, ...]:
    found = register_exit(facts, day)
    if found.result == "eligible":
        return ()
    return tuple((reason.zh.rstrip("。"), reason.en.rstrip(".")) for reason in found.reasons if only_of in {"", reason.rule})


def _day_of(step: Step | None) -> date | None:
    return None if step is None else date.fromisoformat(step.day)
