"""May a signed exit be registered now (policy-map 9.1, E9 to E13)?

Only when notice, cooling-off and, for contracted land, the half year of notice are over, everything is paid, and another
officer registers it than the one who took the application. Until then the right stands and the holder may change his mind.
Who may exit at all, and that nobody was pressed, is asked before anything is signed (`may_i.land.give_up`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal

from registry.decisions.deadlines import Sort, deadline, zh
from registry.decisions.facts import Known, shown_by
from registry.decisions.parts import Condition, Part, all_of, decided, lacks, no, yes
from registry.law.deciding import decides

if TYPE_CHECKING:
    from registry.law.deciding import Decision

NOTICE, COOLING, PAID, OTHER_HAND, HANDED_BACK = "EXIT/E9", "EXIT/E11", "EXIT/E12", "EXIT/E13", "RLCL/hand-back"
POSTED = "公示的记录（从哪天起、在哪里）"
ANSWERED = "异议和答复的记录"
AGREEMENT = "签了字、写明日期的退出协议"
WRITTEN = "提前书面告诉发包方的通知（写明日期）"
RECEIPT = "钱付到权利人自己账上的银行凭证"
SIGNATURES = "收申请的人和登记的人两个签字"
_ANSWERED = Condition(
    NOTICE, "objections_answered", ANSWERED,
    holds=("没有异议，或者都答复了。", "No objection, or all were answered."),
    fails=("有异议还没有答复，不能登记。", "An objection waits for its answer: not yet."),
    unshown=("有没有异议、答复没有，还差记录。", "Whether objections were answered was not shown."),
)  # fmt: skip
_PAID = Condition(
    PAID, "paid_in_full", RECEIPT,
    holds=("钱全部付到自己账上了。", "It is paid in full to the holders' own account."),
    fails=("钱没有付清，权利不动。", "It is not paid in full: the right stands."),
    unshown=("钱付清了没有，还差银行凭证。", "Payment in full was not shown."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SignedExit:
    """Where a signed exit stands. `other_officer`: who took the application is not who registers it."""

    thing: Literal["contract-land", "homestead", "share"]
    posted: date | None = field(default=None, metadata=shown_by(POSTED))
    objections_answered: Known = field(default=None, metadata=shown_by(ANSWERED))
    signed: date | None = field(default=None, metadata=shown_by(AGREEMENT))
    issuer_told: date | None = field(default=None, metadata=shown_by(WRITTEN))
    paid_in_full: Known = field(default=None, metadata=shown_by(RECEIPT))
    other_officer: Known = field(default=None, metadata=shown_by(SIGNATURES))


@decides(OTHER_HAND)
def register_exit(facts: SignedExit, day: date) -> Decision:
    """Every clock has run out, every objection is answered, it is paid, and two hands did it."""
    parts = [
        _over(NOTICE, "exit-notice", facts.posted, day, "posted", ("公示", "the notice"), POSTED),
        _ANSWERED.of(facts.objections_answered),
        _over(COOLING, "cooling-off", facts.signed, day, "signed", ("反悔期", "the cooling-off"), AGREEMENT),
        _PAID.of(facts.paid_in_full),
        two_hands(facts.other_officer),
    ]
    if facts.thing == "contract-land":
        said = ("提前半年的通知", "the half year of notice")
        parts.append(_over(HANDED_BACK, "hand-back", facts.issuer_told, day, "issuer_told", said, WRITTEN))
    return decided(all_of(*parts), day, "EXIT/scope", "WS-2016/II.3.1-h")


def two_hands(other: Known) -> Part:
    """E13: who takes the application does not register it."""
    at = "other_officer"
    if other is None:
        said, en = "收申请的人和登记的人，还差两个签字。", "The two officers' signatures are not there yet."
        return lacks(OTHER_HAND, said, en, at, needs=(SIGNATURES,))
    if other:
        return yes(OTHER_HAND, "收申请的和登记的不是同一个人。", "Who took the application does not register it.", at)
    said = "收申请的人不能自己登记，换一个人办。"
    return no(OTHER_HAND, said, "Who took the application may not register it: another officer does.", at)


def _over(
    rule: str, sort: Sort, since: date | None, day: date, at: str, called: tuple[str, str], paper: str
) -> Part:
    name, en = called
    if since is None:
        return lacks(rule, f"{name}从哪天起，还差证明。", f"From which day {en} runs was not shown.", at, needs=(paper,))
    last = deadline(sort, since).last_day
    if day > last:
        return yes(rule, f"{name}到{zh(last)}，已经满了。", f"{en} ended on {last}.".capitalize(), at)
    said = f"{name}到{zh(last)}才满，还不能登记；权利还是您的，可以反悔。"
    return no(rule, said, f"{en} runs until {last}: not yet; the right stands, and you may change your mind.".capitalize(), at)


