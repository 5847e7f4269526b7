"""Exchange, assignment, mortgage: how does contracted land, or the use of it, pass to somebody else, on the day of the act?

*Exchange* 互换 and *assignment* 转让 pass the contract right itself, a *mortgage* the operating right only. The rules
are dated: an act is judged by those of its own day. Nothing here asks where a household is registered.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from registry.decisions.facts import Known, shown_by
from registry.decisions.land.conditions import LOOKED_UP, UNSHOWN_WILL, Will, freely
from registry.decisions.parts import Condition, Part, all_of, decided, lacks, no, unclear, yes
from registry.decisions.taking_back import LAW_OF_2018
from registry.law.deciding import decides

if TYPE_CHECKING:
    from datetime import date

    from registry.law.deciding import Decision

EXCHANGE, ASSIGN, OPTIONAL, MORTGAGE = (
    *("RLCL/exchange", "RLCL/assign"),
    *("RLCL/registration-optional", "RLCL/mortgage"),
)
PASTURE, STOPPED, NO_HOMESTEAD = "GL/15", "EXCHANGE/transferable", "HOME/no-mortgage"
_BOTH_CONTRACTS = "两家的承包合同（看发包方是不是同一个集体）"
_OTHER_SIGNED = "对方一家每个成年人的签字"
_ISSUER = "发包方（集体）的书面答复"
_INCOME = "别的稳定工作或者收入的证明"
_LIVESTOCK = "接手的人能养畜的证明（棚圈、牲畜、人手）"
_RECEIVER = "接手的人家的户口簿、承包合同（看是不是本集体的农牧户）"
_LANDLORD = "承包户同意抵押的书面材料"
Receiver = Literal["household of the collective", "other farming household", "somebody else"]
Answered = Literal["consents", "refuses on a lawful ground", "refuses without a lawful ground", "delays"]


@dataclass(frozen=True, slots=True)
class Exchange:
    """Two households change parcels: both by their own will, both contractors of one collective."""

    will: Will = UNSHOWN_WILL
    other_side_signed: Known = field(default=None, metadata=shown_by(_OTHER_SIGNED))
    one_collective: Known = field(default=None, metadata=shown_by(_BOTH_CONTRACTS))


@dataclass(frozen=True, slots=True)
class Assignment:
    """A household gives its contract up to another. `stable_income`: asked by the law of 2002 alone."""

    land: Literal["arable", "grass", "forest", "other"]
    will: Will = UNSHOWN_WILL
    receiver: Receiver | None = field(default=None, metadata=shown_by(_RECEIVER))
    issuer: Answered | None = field(default=None, metadata=shown_by(_ISSUER))
    stable_income: Known = field(default=None, metadata=shown_by(_INCOME))
    keeps_livestock: Known = field(default=None, metadata=shown_by(_LIVESTOCK))


@dataclass(frozen=True, slots=True)
class Unregistered:
    """An exchange or assignment, and against whom it is to hold: a stranger in good faith knows nothing of it."""

    against: Literal["the other party", "who knew of it", "a stranger in good faith"]
    registered: Known = field(default=None, metadata=shown_by(LOOKED_UP))


@dataclass(frozen=True, slots=True)
class Mortgage:
    """What is to be mortgaged; for rented land `contractor_consents` in writing. `stopped`: sealed or in dispute."""

    what: Literal["operating right", "operating right of rented land", "contract right", "homestead"]
    will: Will = UNSHOWN_WILL
    contractor_consents: Known = field(default=None, metadata=shown_by(_LANDLORD))
    stopped: Known = field(default=None, metadata=shown_by(LOOKED_UP))


@decides(EXCHANGE)
def exchange(facts: Exchange, day: date) -> Decision:
    """In one collective, by the will of both; filed with the issuer, registered if they want."""
    other = Condition(
        EXCHANGE,
        "other_side_signed",
        _OTHER_SIGNED,
        holds=("对方一家也都签了字。", "The other household signed, too."),
        fails=("对方家里有人不同意，换不了。", "Somebody of the other household does not agree."),
        unshown=("还差对方一家的签字。", "The other household's signatures are not shown."),
    ).of(facts.other_side_signed)
    one = Condition(
        EXCHANGE,
        "one_collective",
        _BOTH_CONTRACTS,
        holds=(
            "两块地是一个集体的，可以换，报发包方备案。",
            "One collective: they may exchange, filed with the issuer.",
        ),
        fails=(
            "两块地不是一个集体的，不能互换；可以互相租。",
            "Not of one collective: no exchange; they may let to each other.",
        ),
        unshown=("先看两家的发包方是不是一个集体。", "See whether both have one issuer."),
    ).of(facts.one_collective)
    return decided(all_of(freely(facts.will), other, one, _to_register()), day)


@decides(ASSIGN)
def assign(facts: Assignment, day: date) -> Decision:
    """Before 2019 to any farming household by who had another living; since then to a household of the collective."""
    parts = [freely(facts.will), _receiver(facts.receiver, day), _issuer(facts.issuer)]
    if day < LAW_OF_2018:
        parts.append(_income(facts.stable_income))
    if facts.land == "grass":
        parts.append(_livestock(facts.keeps_livestock))
    return decided(all_of(*parts, _to_register()), day)


@decides(OPTIONAL)
def holds_unregistered(facts: Unregistered, day: date) -> Decision:
    """Valid unregistered, but not against a third party in good faith."""
    if facts.against != "a stranger in good faith":
        zh = "对签合同的另一方、对知情的人，登不登记都算数。"
        return decided(yes(OPTIONAL, zh, "Against the other party and who knew it holds unregistered.", "against"), day)
    registered = Condition(
        OPTIONAL,
        "registered",
        LOOKED_UP,
        holds=("登记过了，对谁都算数。", "Registered: it holds against everybody."),
        fails=(
            "没登记，对不知情的第三方不算数；现在就可以去登记。",
            "Unregistered: not against a stranger in good faith; register it now.",
        ),
        unshown=("先查登记过没有。", "Have the register looked up."),
    )
    return decided(registered.of(facts.registered), day)


@decides(MORTGAGE)
def mortgage(facts: Mortgage, day: date) -> Decision:
    """The operating right, never the contract right nor the homestead; before 2019 in pilot areas only (Q12)."""
    if facts.what == "homestead":
        zh = "院子不能抵押。"
        return decided(no(NO_HOMESTEAD, zh, "A homestead may not be mortgaged.", "what"), day)
    if facts.what == "contract right":
        zh = "承包权不能抵押；能抵押的是经营权，承包权一直是您家的。"
        return decided(
            no(MORTGAGE, zh, "The contract right is never mortgaged; the operating right may be.", "what"), day
        )
    if day < LAW_OF_2018:
        zh = "2019年以前只有试点的地方可以抵押经营权，方案又给了这个权，工作人员要看；您的承包权哪样都不受影响。"
        en = "Before 2019 pilot areas only, while the plan gives the power: a person decides; your contract right is untouched."
        return decided(all_of(_consent(facts), unclear(MORTGAGE, zh, en, "what", question="Q12")), day)
    zh = "合同一签抵押就成立，登记了对外才管用；承包权不动，还不上钱也不丢承包权。"
    en = "It arises with the contract and holds against others once registered; the contract right stays whatever happens."
    return decided(
        all_of(_consent(facts), _stopped(facts.stopped), yes(MORTGAGE, zh, en, "what")), day, "WS-2016/II.3.1-b"
    )


def _receiver(receiver: Receiver | None, day: date) -> Part:
    at = "receiver"
    if receiver is None:
        return lacks(ASSIGN, "先看接手的是谁家。", "Who receives it is not shown.", at, needs=(_RECEIVER,))
    if receiver == "household of the collective":
        return yes(ASSIGN, "接手的是本集体的人家。", "The receiver is a household of the collective.", at)
    if receiver == "other farming household" and day < LAW_OF_2018:
        return yes(
            ASSIGN,
            "接手的是别处的农牧户，2019年以前可以。",
            "A farming household from elsewhere: allowed before 2019.",
            at,
        )
    zh = "承包地不能转给本集体以外的人；可以租给他，承包的还是您家。"
    en = "Contract land is not assigned outside the collective; it may be let, and you stay the contractor."
    if day < LAW_OF_2018:
        zh, en = (
            "承包地只能转给种地、养畜的人家；可以租给他。",
            "Contract land is assigned to farming households only; it may be let.",
        )
    return no(ASSIGN, zh, en, at)


def _issuer(answered: Answered | None) -> Part:
    at = "issuer"
    if answered is None:
        zh = "转让要发包方同意，先问集体要书面答复。"
        return lacks(ASSIGN, zh, "The issuer's consent is needed: ask for a written answer.", at, needs=(_ISSUER,))
    if answered == "consents":
        zh = "发包方同意；转让以后这块地就不是您家承包的了，想清楚再签。"
        return yes(ASSIGN, zh, "The issuer consents; afterwards the land is no longer contracted to you.", at)
    if answered == "refuses on a lawful ground":
        return no(ASSIGN, "发包方有法律上的理由不同意，转不了。", "The issuer refuses on a lawful ground.", at)
    zh = "发包方没有法律上的理由不同意，或者一直拖着，转让照样有效；留好申请和答复。"
    return yes(ASSIGN, zh, "A refusal without a lawful ground, or delay, does not make it void; keep the papers.", at)


def _income(known: Known) -> Part:
    return Condition(
        ASSIGN,
        "stable_income",
        _INCOME,
        holds=("有别的稳定工作或者收入，旧法要的这一条有了。", "Other stable work or income, as the old law asked."),
        fails=(
            "旧法要求有别的稳定工作或者收入，没有就不能转让。",
            "The old law asked for other stable work or income.",
        ),
        unshown=("旧法要看有没有别的稳定工作或者收入。", "Other work or income, asked by the old law, is not shown."),
    ).of(known)


def _livestock(known: Known) -> Part:
    return Condition(
        PASTURE,
        "keeps_livestock",
        _LIVESTOCK,
        holds=("接手的人能养畜。", "The receiver can keep livestock."),
        fails=("草场要转给能养畜的人。", "Pasture goes to whoever can keep livestock."),
        unshown=("接手的人能不能养畜，还差证明。", "That the receiver can keep livestock is not shown."),
    ).of(known)


def _to_register() -> Part:
    zh = "登不登记由您；不登记，对不知情的第三方不管用，最好登记。"
    return yes(OPTIONAL, zh, "Registration is your choice; without it strangers in good faith are not bound.")


def _consent(facts: Mortgage) -> Part:
    if facts.what == "operating right":
        return freely(facts.will)
    return Condition(
        MORTGAGE,
        "contractor_consents",
        _LANDLORD,
        holds=("承包户书面同意。", "The contractor consents in writing."),
        fails=("租来的地，承包户不同意就不能抵押。", "Rented land is not mortgaged without the contractor's consent."),
        unshown=("租来的地，要承包户书面同意。", "Rented land takes the contractor's written consent."),
    ).of(facts.contractor_consents)


def _stopped(stopped: Known) -> Part:
    return Condition(
        STOPPED,
        "stopped",
        LOOKED_UP,
        holds=("没有查封，没有争议。", "Neither sealed nor in dispute."),
        fails=(
            "被查封、有争议的地，解封、解决以前不能抵押。",
            "Sealed or in dispute: nothing is mortgaged until it is over.",
        ),
        unshown=("先查有没有查封、争议。", "Have the register looked up: sealed, in dispute?"),
    ).of(None if stopped is None else not stopped)
