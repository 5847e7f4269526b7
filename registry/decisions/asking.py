"""Which questions are there, of which facts, and which claims need a paper before anything is recorded on them?"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from registry.decisions import (
    categories,
    facts,
    family,
    from_outside,
    guardian,
    identity,
    in_banner,
    permits,
    rural,
    unregistered,
)
from registry.decisions.facts import insured
from registry.law.book import book

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date

    from registry.law.deciding import Decision

_NOTHING_CLAIMED: tuple[object, ...] = (None, False, "none", "not filed", ())


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its word in doors, the class of its facts, who decides it, and what more is told beside the result."""

    word: str
    zh: str
    en: str
    facts: type[Any]
    decide: Callable[[Any, date], Decision]
    told: Callable[[Any, date], Mapping[str, Any]] = lambda _facts, _day: {}


def _of_outsider(facts: from_outside.FromOutside, day: date) -> dict[str, Any]:
    paid = insured(facts.grounds.insured_months or (), day)
    return {
        "categories": list(from_outside.categories_held(facts, day)),
        "insured_months": {"total": paid.total, "longest_run": paid.longest_run},
    }


def _of_permit(facts: permits.PermitHeld, day: date) -> dict[str, Any]:
    now = permits.standing(facts, day)
    days = {name: getattr(now, name) for name in ("years_from", "endorse_from", "endorse_by")}
    return {"state": now.state, **{name: None if day is None else day.isoformat() for name, day in days.items()}}


def _of_asked_permit(_facts: permits.PermitAsked, day: date) -> dict[str, Any]:
    """What stands on a permit, what it opens, how soon it is issued and what it costs: nothing the first time."""
    law = book()
    return {
        "fields": list(law.words("RP-663/4", "permit_fields", day)),
        "issued_within_days": law.whole("RP-663/9", "issue_days", day),
        "issued_within_days_at_most": law.whole("RP-663/9", "issue_days_at_most", day),
        "services": list(law.words("RP-663/12", "permit_services", day)),
        "conveniences": list(law.words("RP-663/13", "permit_conveniences", day)),
        "free_of_charge": list(law.words("RP-663/21", "free_of_charge", day)),
    }


QUESTIONS: dict[str, Question] = {
    question.word: question
    for question in (
        Question(
            "settle-in-banner", "本旗户籍的人在镇上落户", "banner residents settle in a town",
            in_banner.InBanner, in_banner.settle_in_banner,
        ),
        Question(
            "settle-from-outside", "外地户籍的人在镇上落户", "people from outside settle in a town",
            from_outside.FromOutside, from_outside.settle_from_outside, _of_outsider,
        ),
        Question("settle-along", "随迁家人", "accompanying family", family.Companion, family.settle_along),
        Question(
            "collective-household", "集体户口", "collective household",
            family.CollectivePlace, family.place_in_collective,
            lambda facts, day: {"registered_at": family.household_for(facts, day)},
        ),
        Question(
            "register-unregistered", "没有户口的人登记户口", "people without registration",
            unregistered.Unregistered, unregistered.register_unregistered,
            lambda facts, _day: {"placement": unregistered.placement(facts)},
        ),
        Question(
            "rural-placement", "农牧区落户", "registration in the rural area",
            rural.RuralPlacement, rural.place_rural, lambda facts, _day: {"places": list(rural.places(facts))},
        ),
        Question("residence-permit", "申请居住证", "residence permit", permits.PermitAsked, permits.issue_permit, _of_asked_permit),
        Question(
            "permit-endorsement", "居住证签注", "endorsement of a permit",
            permits.PermitHeld, permits.endorse_permit, _of_permit,
        ),
        Question(
            "guardian-signs", "监护人替成年人签字", "a guardian signs for an adult",
            guardian.Guardianship, guardian.sign_as_guardian,
        ),
        Question("identity-number", "身份号码", "identity number", identity.NumberAsked, identity.judge_identity),
    )
}  # fmt: skip

FACTS: tuple[type[Any], ...] = (
    *(question.facts for question in QUESTIONS.values()),
    *(facts.Dwelling, facts.Work, categories.Grounds, categories.Joining, categories.Licence),
)
"""Every class of facts, the nested ones too."""


def papers_asked(of: type[Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Each fact that a paper shows, by its path ("dwelling.owned"), and the paper in Chinese."""
    hints = get_type_hints(of)
    for field in fields(of):
        if "paper" in field.metadata:
            yield f"{prefix}{field.name}", field.metadata["paper"]
        for nested in (hints[field.name], *get_args(hints[field.name])):
            if isinstance(nested, type) and is_dataclass(nested):
                yield from papers_asked(nested, f"{prefix}{field.name}.")


def as_shown(claimed: Any, papers: Mapping[str, object], prefix: str = "") -> Any:  # noqa: ANN401  (any class of facts)
    """The same facts, each claim for which there is no paper as unknown. `papers` maps a fact's path to what shows it."""
    changed: dict[str, Any] = {}
    for field in fields(claimed):
        value, path = getattr(claimed, field.name), f"{prefix}{field.name}"
        if is_dataclass(value):
            changed[field.name] = as_shown(value, papers, f"{path}.")
        elif "paper" in field.metadata and value not in _NOTHING_CLAIMED and not papers.get(path):
            changed[field.name] = None
    return replace(claimed, **changed) if changed else claimed
