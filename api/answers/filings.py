"""What is handed in to settle, and what is answered: each person's decision, and the event that was recorded?

The same documents for `/v1/settlements` and `sanquan apply`. Names, numbers and addresses are sent in and never answered.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, StringConstraints, create_model

from api.answers.decisions import decision_facts
from api.answers.events import (
    Day,
    Division,
    Hash,
    IdentityIn,
    OfficerIn,
    ParticularsIn,
    PersonId,
    PersonOrNew,
    SignedIn,
    Strict,
    Words,
)
from api.answers.facts import ANNOTATED, LIST, ONE_OF, WORD, facts_of, form_of
from registry.decisions.asking import QUESTIONS, papers_asked
from registry.errors import SanquanError
from registry.parties import Identity
from registry.residence import Registration
from registry.settlement.filing import Filed, Filing, LookedAt
from registry.settlement.filing import decide as decide_filing
from registry.settlement.filing import settle as settle_filing
from registry.settlement.life import Desk, change_number, link_people

if TYPE_CHECKING:
    from pydantic import BaseModel

    from registry.law.deciding import Decision
    from registry.settlement import Recorded
    from registry.settlement.filing import Answered
    from registry.store.engines import Store

_FILED = tuple(word for word in QUESTIONS if word not in {"identity-number", "guardian-signs"})
Path = Annotated[str, StringConstraints(pattern="^[a-z_]+(?:[.][a-z_]+){0,3}$"), Field(examples=["dwelling.owned"])]


class UnknownPaperError(SanquanError):
    """Raised when a paper is said to show a fact that no paper shows, or that the question does not ask."""

    def __init__(self, word: str) -> None:
        """The facts that papers show."""
        known = ", ".join(path for path, _ in papers_asked(QUESTIONS[word].facts))
        super().__init__(
            f"papers 里有这件事不看的材料。{QUESTIONS[word].zh}看的是: {known}",
            f"papers names a fact that is not asked. {QUESTIONS[word].en} asks for: {known}",
        )


class NobodyThereError(SanquanError):
    """Raised when a filing names a newcomer whom it does not bring, or one person twice."""

    def __init__(self) -> None:
        """How newcomers are counted."""
        super().__init__(
            "new:N 要对应 newcomers 的第 N 人(从 0 数起), 一个人只写一次",
            "new:N stands for the N-th of newcomers, counted from 0, and nobody is named twice",
        )


class PlaceIn(Strict):
    """Where they would be registered."""

    hukou_household: Words
    division_code: Division
    division_name: Words
    address: Words


class LookedAtIn(Strict):
    """Who decided where the law leaves it open, and why; kept sealed with the event."""

    by: Words = Field(min_length=1)
    reason: Words = Field(min_length=1)


class _FiledIn(Strict):
    person: PersonOrNew
    papers: dict[Path, list[Hash]] = Field(default_factory=dict, max_length=50)
    application: SignedIn | None = None
    relation: Words = ""
    along: PersonOrNew | Literal[""] = ""
    receiving: PersonId | Literal[""] = ""
    particulars: ParticularsIn | None = None


class _FilingIn(Strict):
    day: Day
    officer: OfficerIn
    place: PlaceIn
    newcomers: list[IdentityIn] = Field(default_factory=list, max_length=50)
    looked_at: LookedAtIn | None = None
    record: bool = False


class NumberIn(Strict):
    """A number upgraded from 15 digits, or corrected by decision of the police (the hash of its paper)."""

    person: PersonId
    identity: IdentityIn
    day: Day
    officer: OfficerIn
    police_decision: Hash | Literal[""] = ""


class LinkIn(Strict):
    """Two rows that are one person, by decision of the police."""

    people: list[PersonId] = Field(min_length=2, max_length=2)
    day: Day
    officer: OfficerIn
    police_decision: Hash


@cache
def filing_form() -> type[BaseModel]:
    """What is handed in together; each person says which question is theirs."""
    kinds = [
        create_model(
            "Filed" + "".join(part.capitalize() for part in word.split("-")),
            __base__=_FiledIn,
            __doc__=f"{QUESTIONS[word].zh} / {QUESTIONS[word].en}.",
            question=(WORD[word], ...),
            facts=(form_of(QUESTIONS[word].facts), ...),
        )
        for word in _FILED
    ]
    one = ANNOTATED[ONE_OF[tuple(kinds)], Field(discriminator="question")]
    people = (ANNOTATED[LIST[one], Field(min_length=1, max_length=50)], ...)
    return create_model(
        "FilingIn", __base__=_FilingIn, __doc__="What people hand in together: each is decided alone.", people=people
    )


def hand_in(store: Store, sent: Any, key: str = "") -> dict[str, Any]:  # noqa: ANN401  (the form of `filing_form`)
    """Decide, and record where the filing says so.

    UnknownPaperError, UnknownParticularError, NobodyThereError, MixedFilingError, AppliedForAnotherError, GuardianMissingError,
    UnknownPersonError.
    A guardian whose court decision is not shown is no refusal but an answer, `guardian-signs`.
    """
    filing = _filing(sent, key)
    done: Recorded | None = None
    if sent.record:
        who = sent.officer.officer()
        answers, done = settle_filing(store, filing, who.name, who.bureau)
    else:
        with store.reading() as connection:
            answers = decide_filing(store, connection, filing)
    return {
        "people": [_answered(each) for each in answers],
        "recorded": None if done is None else {"idx": done.idx, "repeated": done.repeated, "newcomers": list(done.newcomers)},
    }


def change(store: Store, sent: NumberIn) -> dict[str, Any]:
    """Change a number as was decided. NotDecidedError, UnknownPersonError."""
    who = Identity(sent.identity.name, sent.identity.id_number, sent.identity.id_type, sent.identity.sex)
    at = _desk(sent)
    return _changed(*change_number(store, sent.person, who, sent.day, at, police_decision=sent.police_decision))


def link(store: Store, sent: LinkIn) -> dict[str, Any]:
    """Link two rows of one person. NotDecidedError, UnknownPersonError."""
    at = _desk(sent)
    one, other = sent.people
    return _changed(*link_people(store, one, other, sent.day, at, police_decision=sent.police_decision))


def _desk(sent: NumberIn | LinkIn) -> Desk:
    who = sent.officer.officer()
    return Desk(who.name, who.bureau)


def _changed(decision: Decision, done: Recorded) -> dict[str, Any]:
    return {
        "decision": decision_facts(QUESTIONS["identity-number"], decision, {}),
        "recorded": {"idx": done.idx, "repeated": done.repeated, "newcomers": []},
    }


def _answered(each: Answered) -> dict[str, Any]:
    return {
        "person": each.person,
        "state": each.state,
        "decision": decision_facts(QUESTIONS[each.question], each.decision, dict(each.told)),
    }


def _filing(sent: Any, key: str) -> Filing:  # noqa: ANN401  (the form of `filing_form`)
    place = sent.place
    filing = Filing(
        day=sent.day,
        people=tuple(_filed(one) for one in sent.people),
        place=Registration("", sent.day, place.hukou_household, "", place.division_code, place.division_name, place.address),
        newcomers=tuple(Identity(who.name, who.id_number, who.id_type, who.sex) for who in sent.newcomers),
        looked_at=None if sent.looked_at is None else LookedAt(sent.looked_at.by, sent.looked_at.reason),
        key=key,
    )
    people = [one.person for one in filing.people]
    named = [*people, *(a.signed_by for one in filing.people if (a := one.application)), *(o.along for o in filing.people)]
    beyond = [p for p in named if p.startswith("new:") and int(p[4:]) >= len(filing.newcomers)]
    if beyond or len(set(people)) != len(people):
        raise NobodyThereError
    return filing


def _filed(one: Any) -> Filed:  # noqa: ANN401  (one of the forms of `filing_form`)
    known = {path for path, _ in papers_asked(QUESTIONS[one.question].facts)}
    if set(one.papers) - known:
        raise UnknownPaperError(one.question)
    signed = one.application
    return Filed(
        person=one.person,
        question=one.question,
        facts=facts_of(QUESTIONS[one.question].facts, one.facts),
        papers={path: tuple(hashes) for path, hashes in one.papers.items()},
        application=None if signed is None else signed.of(one.person),
        relation=one.relation,
        along=one.along,
        receiving=one.receiving,
        particulars=None if one.particulars is None else one.particulars.said(),
    )
