"""From when is a contract right there, who stands for its household, how is it extended, what is paid when it is handed back?

A right arises by its contract, registered or not, and a term that ran out ends nothing. Where the household lives is no
fact: one that settled in town, whole, is extended like any other (law EXT-1).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal

from registry.decisions.facts import BOOK, Known, shown_by
from registry.decisions.land.conditions import CONTRACT, NO_VOTE, Vote, carried
from registry.decisions.parts import Condition, Part, all_of, decided, lacks, no, unclear, yes
from registry.law.book import book
from registry.law.deciding import decides

if TYPE_CHECKING:
    from registry.law.deciding import Decision

ARISES, STANDS_FOR, EXTENSION, SOIL = (
    *("RLCL/arises-by-contract", "RLCL/representative"),
    *("RLCL/extension", "RLCL/soil-compensation"),
)
_CERTIFICATE = "经营权证（看上面写的谁）"
_CERTIFIED = "发没发过证：登记簿的查询结果"
_NAMED = "写着他名字的证、合同，或者全家推举的字据"
_UNABLE = "证上、合同上的人去世、办不了事的证明"
_INVESTED = "打井、平地、改土的票据、照片，或者证人的话"


@dataclass(frozen=True, slots=True)
class ContractAsked:
    """`takes_effect`: the day on which the contract takes effect. Registration is no fact of this."""

    takes_effect: date | None = field(default=None, metadata=shown_by(CONTRACT))


@dataclass(frozen=True, slots=True)
class Representative:
    """Who wants to stand for the household in a dispute, and as what: named on the certificate, signer, or elected.

    `first_unable`: whoever the certificate or the contract names has died or cannot act.
    """

    stands_as: Literal["on the certificate", "signer of the contract", "elected"]
    is_named: Known = field(default=None, metadata=shown_by(_NAMED))
    certified: Known = field(default=None, metadata=shown_by(_CERTIFIED))
    first_unable: Known = field(default=None, metadata=shown_by(_UNABLE))


@dataclass(frozen=True, slots=True)
class Extension:
    """A contract whose term ends; `anybody_left`: one of the household is alive, wherever. `vote`: of all members, on the plan."""

    land: Literal["arable", "grass", "forest"]
    term_end: date | None = field(default=None, metadata=shown_by(CONTRACT))
    anybody_left: Known = field(default=None, metadata=shown_by(BOOK))
    vote: Vote = NO_VOTE


@dataclass(frozen=True, slots=True)
class SoilImproved:
    """How the land left the household, and whether it was made more fertile at the household's cost."""

    left: Literal["handed back", "lawfully taken back", "let"]
    improved: Known = field(default=None, metadata=shown_by(_INVESTED))


@decides(ARISES)
def contract_right(facts: ContractAsked, day: date) -> Decision:
    """Is the right there on the day? From when the contract takes effect, registered or not."""
    at = "takes_effect"
    if facts.takes_effect is None:
        zh = "先找承包合同，看哪天生效。没有发证、没有登记，不等于没有权利。"
        en = "Find the contract and its day of effect. Not certified, not registered is not without a right."
        return decided(lacks(ARISES, zh, en, at, needs=(CONTRACT,)), day)
    if facts.takes_effect > day:
        zh = f"合同到{_zh(facts.takes_effect)}才生效，从那天起权利就有了。"
        return decided(
            no(ARISES, zh, f"The contract takes effect on {facts.takes_effect}; the right is there then.", at), day
        )
    zh = f"合同从{_zh(facts.takes_effect)}生效，那天起权利就是您家的，登记不登记都一样。"
    return decided(yes(ARISES, zh, f"Yours since {facts.takes_effect}, registered or not.", at), day)


@decides(STANDS_FOR)
def representative(facts: Representative, day: date) -> Decision:
    """The one on the certificate, without a certificate the signer, and where they cannot act the one whom the family elects."""
    named = Condition(
        STANDS_FOR,
        "is_named",
        _NAMED,
        holds=(
            "他可以代表一户去谈、去打官司；退地、转让，还是每个成年人自己签字。",
            "May stand for the household; exits and transfers each adult still signs.",
        ),
        fails=(
            "证上、合同上、推举书上写的不是他，他代表不了这一户。",
            "Somebody else is named: this one cannot stand for the household.",
        ),
        unshown=("还差写着他名字的纸。", "What names him is not shown."),
    ).of(facts.is_named)
    if facts.stands_as == "on the certificate":
        return decided(named, day)
    return decided(all_of(_turn_of(facts), named), day)


@decides("RLCL/inherit-last-member")
def extend(facts: Extension, day: date) -> Decision:
    """Extended, not ended: thirty years for arable land, correspondingly for the rest, by a plan of two thirds of all members."""
    return decided(all_of(_left(facts.anybody_left), _term(facts, day), _plan(facts.vote, day)), day, EXTENSION)


def extended_term(facts: Extension, day: date) -> dict[str, Any]:
    """First and last day of the new term of arable land; nothing where the old one is not known or the law has no figure."""
    if facts.land != "arable" or facts.term_end is None:
        return {}
    begins, ends = term_after(facts.term_end, book().whole(EXTENSION, "extension_years", day))
    return {"extended_from": begins.isoformat(), "extended_to": ends.isoformat()}


def term_after(term_end: date, years: int) -> tuple[date, date]:
    """The first and last day of so many years that follow a term without a gap (law EXT-1)."""
    begins = term_end + timedelta(days=1)
    return begins, _anniversary(begins, years) - timedelta(days=1)


@decides(SOIL)
def soil_compensation(facts: SoilImproved, day: date) -> Decision:
    """Who hands land back, or has it lawfully taken back, is paid for what was put into the soil."""
    if facts.left == "let":
        zh = "租出去不是交回，地还是您家的；对地的投入怎么算，写在租约里。"
        en = "Land that is let is not handed back: what is put into it goes by the lease."
        return decided(no(SOIL, zh, en, "left"), day)
    improved = Condition(
        SOIL,
        "improved",
        _INVESTED,
        holds=(
            "花钱花力把地养好了的，交回、收回的时候要补给您，和地价分开算。",
            "What you put into the soil is compensated, apart from any price.",
        ),
        fails=(
            "没有让地变好的投入，就没有这一项补偿；别的补偿照样算。",
            "Nothing was put into the soil: no compensation of this kind; others stay.",
        ),
        unshown=(
            "对地的投入，找票据、照片或者证人。",
            "What was put in is not shown: bills, photographs or witnesses.",
        ),
    )
    return decided(improved.of(facts.improved), day)


def _turn_of(facts: Representative) -> Part:
    if facts.stands_as == "elected":
        return Condition(
            STANDS_FOR,
            "first_unable",
            _UNABLE,
            holds=("证上、合同上的人办不了，由家里推举。", "Whoever is named cannot act: the family elects."),
            fails=("证上、合同上的人还能办，先由他代表。", "Whoever is named can act: they come first."),
            unshown=("证上、合同上的人为什么办不了，还差证明。", "Why the one who is named cannot act is not shown."),
        ).of(facts.first_unable)
    if facts.certified is None:
        zh = "先看发过证没有：发过证的，看证上写的谁。"
        return lacks(STANDS_FOR, zh, "See first whether there is a certificate.", "certified", needs=(_CERTIFIED,))
    if facts.certified:
        zh = "发过证的，由证上写的人代表，不看合同是谁签的。"
        return no(STANDS_FOR, zh, "There is a certificate: the one it names comes before the signer.", "certified")
    return yes(
        STANDS_FOR, "没有发过证，由签合同的人代表。", "Without a certificate the signer stands for them.", "certified"
    )


def _left(left: Known) -> Part:
    if left is False:
        zh = "承包户里一个人都没有了：耕地、草场不再延，林地由继承人包到期满；是不是真的没有人，工作人员要看。"
        en = "Nobody of the household is left: fields are not extended, forest goes to heirs in the term. A person verifies it."
        return unclear("RLCL/inherit-last-member", zh, en, "anybody_left", question=None)
    if left is None:
        zh = "先看承包户里还有谁；有一个人在就延，住在哪里都一样。"
        return lacks(
            EXTENSION,
            zh,
            "Who of the household is alive comes first; one, anywhere, is enough.",
            "anybody_left",
            needs=(BOOK,),
        )
    zh = "承包户里还有人，照样延；全家进了城也一样。"
    return yes(EXTENSION, zh, "Somebody of the household lives: extended, in town too.", "anybody_left")


def _term(facts: Extension, day: date) -> Part:
    at = ("land", "term_end")
    if facts.term_end is None:
        return lacks(EXTENSION, "先看承包合同哪天到期。", "See when the contract ends.", *at, needs=(CONTRACT,))
    if facts.land != "arable":
        zh = "草场、林地的承包期到了相应延长，到期的还是您家的。"
        return yes(EXTENSION, zh, "Pasture and forest are extended correspondingly; what ran out stays yours.", *at)
    years = book().whole(EXTENSION, "extension_years", day)
    zh = f"到{_zh(facts.term_end)}期满，接着再延{years}年，不打乱重分；到期的地还是您家的。"
    en = f"The term to {facts.term_end} is followed by {years} years more, without a reshuffle; what ran out stays yours."
    return yes(EXTENSION, zh, en, *at)


def _plan(vote: Vote, day: date) -> Part:
    part = carried(vote, EXTENSION, book().fraction(EXTENSION, "all_members_share", day))
    zh = "方案没通过不等于不延：到期的地还是您家的，方案改好了再表决。"
    en = "A plan that was not carried ends nothing: what ran out stays yours, and the plan is put to the vote again."
    told = no(EXTENSION, zh, en, "vote.agreed")
    return part if part.result != "not eligible" else Part(part.result, part.reasons + told.reasons)


def _anniversary(day: date, years: int) -> date:
    # A term that begins on 29 February runs from 1 March in a common year.
    leap = (day.month, day.day) == (2, 29)
    return date(day.year + years, 3, 1) if leap else day.replace(year=day.year + years)


def _zh(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
