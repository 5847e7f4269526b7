"""The price of a lease, and when may the contractor end one alone (农村土地承包法 arts 39 and 42)?"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal

from registry.decisions.facts import Known, months_after, shown_by
from registry.decisions.parts import Condition, Part, all_of, decided, lacks, no, yes
from registry.law.book import book
from registry.law.deciding import keeps

if TYPE_CHECKING:
    from registry.law.deciding import Decision

PRICE, TERMINATE = "RLCL/price", "RLCL/terminate"
_LEASE = "租约（看租金谁定、给谁）"
_PAID = "收租金的账单、银行流水"
_BREACH = "照片、勘验笔录、催告通知，能看出是这样的材料"
Ground = Literal["use changed", "left idle", "badly damaged", "serious breach", "something else"]
_GROUNDS: dict[str, tuple[str, str]] = {
    "use changed": ("租地的人改了农业用途", "the use was changed"),
    "badly damaged": ("租地的人把地严重毁坏了", "the land was badly damaged"),
    "serious breach": ("租地的人严重违约", "the lease was seriously broken"),
}


@dataclass(frozen=True, slots=True)
class LeasePrice:
    """Who set the rent of a lease, to whom it goes, and whether anything was taken off it."""

    set_by: Literal["both sides", "somebody else"] | None = field(default=None, metadata=shown_by(_LEASE))
    paid_to: Literal["contractor", "by the contractor's written order", "somebody else"] | None = field(
        default=None, metadata=shown_by(_PAID)
    )
    deducted: Known = field(default=None, metadata=shown_by(_PAID))


@dataclass(frozen=True, slots=True)
class LeaseEnd:
    """Why the contractor would end a lease alone; `idle_since`: since when the land has lain idle."""

    ground: Ground
    shown: Known = field(default=None, metadata=shown_by(_BREACH))
    idle_since: date | None = field(default=None, metadata=shown_by(_BREACH))


@keeps(PRICE)
def rent(facts: LeasePrice, day: date) -> Decision:
    """The two sides agree the rent; it is the contractor's, whole."""
    return decided(all_of(_set_by(facts), _paid_to(facts), _whole(facts.deducted)), day)


def end_lease(facts: LeaseEnd, day: date) -> Decision:
    """Four grounds and no other; whatever else happens, the contractor keeps the contract right."""
    if facts.ground == "something else":
        zh = "这不是法律写明的理由，您不能单方收回；可以跟租地的人商量着解除。"
        en = "None of the grounds of the law: it is not ended alone, but both may agree to end it."
        return decided(no(TERMINATE, zh, en, "ground"), day)
    return decided(_idle(facts, day) if facts.ground == "left idle" else _ground(facts), day)


def _set_by(facts: LeasePrice) -> Part:
    at = "set_by"
    if facts.set_by is None:
        return lacks(PRICE, "先看租约里租金是谁定的。", "Who set the rent is not shown.", at, needs=(_LEASE,))
    if facts.set_by == "both sides":
        return yes(PRICE, "租金是两家商定的。", "The two sides agreed the rent.", at)
    zh = "租金只能由两家商定，别人定的、改的都不算。"
    return no(PRICE, zh, "The rent is agreed by the two sides: nobody else sets or changes it.", at)


def _paid_to(facts: LeasePrice) -> Part:
    at = "paid_to"
    if facts.paid_to is None:
        return lacks(PRICE, "先看租金给了谁。", "To whom the rent went is not shown.", at, needs=(_PAID,))
    if facts.paid_to == "somebody else":
        return no(PRICE, "租金是承包户的，要给承包户。", "The rent is the contractor's and goes to them.", at)
    return yes(
        PRICE,
        "租金给了承包户，或者照承包户写的条子给的。",
        "The rent goes to the contractor or by their written order.",
        at,
    )


def _whole(deducted: Known) -> Part:
    return Condition(
        PRICE,
        "deducted",
        _PAID,
        holds=("租金一分也没扣。", "Nothing was deducted."),
        fails=("扣了租金：谁扣的都要退给您。", "Something was deducted: whoever did gives it back."),
        unshown=("先看扣没扣租金。", "See whether anything was deducted."),
    ).of(None if deducted is None else not deducted)


def _ground(facts: LeaseEnd) -> Part:
    zh, en = _GROUNDS[facts.ground]
    return Condition(
        TERMINATE,
        "shown",
        _BREACH,
        holds=(
            f"{zh}，您可以单方收回经营权；承包的一直是您家。",
            f"Shown that {en}: you may end it alone; you stay the contractor.",
        ),
        fails=(f"查下来不是“{zh}”，不能单方收回。", f"Found not so that {en}: it is not ended alone."),
        unshown=(f"{zh}，要有材料。", f"That {en} is not shown."),
    ).of(facts.shown)


def _idle(facts: LeaseEnd, day: date) -> Part:
    at = "idle_since"
    if facts.idle_since is None:
        return lacks(
            TERMINATE, "从哪天起荒着，要有材料。", "Since when it lies idle is not shown.", at, needs=(_BREACH,)
        )
    years = book().whole(TERMINATE, "idle_years", day)
    full = months_after(facts.idle_since, 12 * years)
    if full <= day:
        zh = f"连着荒了{years}年，您可以单方收回经营权；承包的一直是您家。"
        return yes(TERMINATE, zh, f"Idle for {years} years: you may end it alone; you stay the contractor.", at)
    zh = f"还没有连着荒满{years}年，到{full.year}年{full.month}月{full.day}日才满。"
    return no(TERMINATE, zh, f"Not idle for {years} years yet: not before {full}.", at)
